"""Brings a project's suggesters up to date with what its annotator finished, and keeps what they find.

For one annotator: whoever opened the project learns from nobody else. The worker beside the desk and
the commands use the same coach; it reads and writes the project in short steps, each on its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from annotator.coach.pupil import Pupil
from annotator.coach.steps import Answer, Parts, Progress, Step, look_at, nobody, tell
from annotator.coach.suggesters import (
    Bound,
    Counting,
    doubt,
    finished,
    news,
    own,
    plugged,
)
from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import SuggesterSettings
from annotator.store.coaching import FinishedLayer, Lesson
from annotator.store.filters import Filter
from annotator.store.project import Project

COUNTED = 200
"""Articles of a source in which recurring lines are counted, at most: the first by number."""
PAGE = 100
"""Articles planned for at once."""
FINISHED = (State.DONE, State.SKIPPED)


class Coach:
    """The suggesters of a project, for the annotator who opened it.

    Every method may raise AnnotatorError when the project cannot be read or written. A suggester that
    breaks is left out, which is told; it never raises here.
    """

    def __init__(
        self,
        project: Project,
        settings: Mapping[str, SuggesterSettings] | None = None,
        told: Callable[[str], None] | None = None,
        only: tuple[str, str] | None = None,
    ) -> None:
        """Load what suggesters learnt before.

        Args:
            project: opened by the annotator.
            settings: the plug-ins that the person's configuration names.
            told: takes a sentence about a suggester that is left out.
            only: a layer and the one suggester in it that is wanted; None for all.
        """
        self.project = project
        self._told = told or (lambda _: None)
        self._only = only
        self.pupils: list[Pupil] = []
        """The suggesters in use, ours first; one that breaks is left out."""
        self._sources: set[str] = set()
        """Those whose articles were counted."""
        self._withdrawn = project.withdrawn()
        self._join(own(project.scheme))
        if settings:
            self.plug_in(settings)

    def plug_in(self, settings: Mapping[str, SuggesterSettings]) -> None:
        """Bring in plug-ins; their code is imported here, which may take seconds."""
        found, notes = plugged(self.project.scheme, settings)
        for note in notes:
            self._told(note)
        self._join(found)

    def _join(self, found: Iterable[Bound]) -> None:
        for pupil in [Pupil(each) for each in found if self._only in (None, each.key)]:
            self.pupils.append(pupil)
            self.take(pupil)

    def pupil(self, layer: str, source: str) -> Pupil | None:
        """The suggester of that name in a layer, None when there is none (any more)."""
        return next((p for p in self.pupils if p.bound.key == (layer, source)), None)

    def leave_out(self, pupil: Pupil, error: Exception) -> None:
        """A suggester broke: it is not asked again, and somebody is told."""
        if pupil in self.pupils:
            self.pupils.remove(pupil)
            what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            self._told(f"{pupil.bound.name} broke in {pupil.layer} and is left out: {what}.")

    # --- what was learnt -------------------------------------------------------------------------

    def take(self, pupil: Pupil) -> bool:
        """Load what the project has of a suggester's, in place of what it knows; whether there is any.

        What cannot be read counts as nothing: it is learnt anew.
        """
        lesson = self.project.lesson(*pupil.bound.key)
        if lesson is None:
            return False
        try:
            pupil.suggester.load(lesson.saved)
        except AnnotatorError:
            self._hear(pupil)
            return False
        except Exception as error:
            self.leave_out(pupil, error)
            return False
        pupil.knows(lesson.learnt)
        pupil.is_kept = True
        self._sources.clear()  # an index of lines came with it
        return True

    def keep(self, but: tuple[str, str] | None = None) -> None:
        """Keep what was learnt since the last time, but nothing of articles that are gone.

        `but` names a suggester to pass over, by layer and source.
        """
        for pupil in list(self.pupils):
            if not pupil.is_kept and pupil.bound.key != but:
                lesson = self.lesson(pupil)
                if lesson is not None:
                    self.project.keep_lesson(lesson)
                    pupil.is_kept = True

    def lesson(self, pupil: Pupil) -> Lesson | None:
        """What a suggester knows; None of what is gone, and of one that breaks, which is left out."""
        if pupil.gone:
            return None
        try:
            saved, version = pupil.suggester.save(), pupil.suggester.version
        except Exception as error:
            self.leave_out(pupil, error)
            return None
        return Lesson(*pupil.bound.key, version, dict(pupil.learnt), saved)

    def forget(self) -> bool:
        """Begin anew where an article was withdrawn since: no word of it stays; whether that was so."""
        before, self._withdrawn = self._withdrawn, self.project.withdrawn()
        if before == self._withdrawn:
            return False
        for pupil in self.pupils:
            pupil.begin_anew()
        self._sources.clear()
        return True

    # --- learning --------------------------------------------------------------------------------

    @property
    def layers(self) -> list[str]:
        """The layers that have a suggester, in the scheme's order."""
        return list(dict.fromkeys(pupil.layer for pupil in self.pupils))

    def look(self) -> int:
        """Look what was finished, changed or taken back since; how much there is to learn.

        A suggester whose lesson is gone from the project (somebody dropped it, or withdrew an article)
        starts anew.
        """
        self.forget()
        kept = {(lesson.layer, lesson.source) for lesson in self.project.lessons()}
        stamps = {layer: self.project.finished_stamps(layer) for layer in self.layers}
        for pupil in self.pupils:
            if pupil.is_kept and pupil.learnt and pupil.bound.key not in kept:
                pupil.begin_anew()
                self._sources.clear()
            self._compare(pupil, stamps[pupil.layer])
        return sum(len(pupil.new) for pupil in self.pupils)

    def _compare(self, pupil: Pupil, stamps: Mapping[int, str]) -> None:
        other = pupil.compare(stamps)
        for found in self.project.finished_layers(pupil.layer, other) if other else ():
            pupil.settle(found)

    def learn(self, progress: Progress = nobody, most: int | None = None, slow: bool = True) -> int:
        """Learn articles finished since, the oldest first; how many there still are to learn.

        What changed since it was learnt waits for the next refit.

        Args:
            progress: told after each.
            most: learn so many at most with each suggester.
            slow: whether plug-ins learn as well, which may take their time.
        """
        self.look()
        pupils = [pupil for pupil in self.pupils if slow or pupil.bound.quick]
        total, done = sum(len(pupil.new) for pupil in pupils), 0
        for pupil in pupils:
            now, later = pupil.new[:most], [] if most is None else pupil.new[most:]
            for found in self.unlearnt(pupil, most):
                self.teach(pupil, found)
                done += 1
                progress(done, total)
            pupil.pass_over(now)  # else what went away or cannot be read is tried for ever
            pupil.new = later
        return sum(len(pupil.new) for pupil in pupils if pupil in self.pupils)

    def unlearnt(self, pupil: Pupil, most: int | None = None) -> Iterator[FinishedLayer]:
        """The first of what a suggester has to learn, as far as was looked."""
        return self._finished(pupil, pupil.new[:most])

    def teach(
        self,
        pupil: Pupil,
        found: FinishedLayer,
        told: Callable[[], None] | None = None,
    ) -> None:
        """Let a suggester learn an article; `told` raises what it raised when it was told elsewhere."""
        if pupil not in self.pupils:
            return
        try:
            if told is None:
                tell(pupil, found)
            else:
                told()
        except Exception as error:
            self.leave_out(pupil, error)
        else:
            pupil.note(found)
        self._hear(pupil)

    def refit(self, pupil: Pupil, progress: Progress = nobody, keep: bool = True) -> bool:
        """Let a suggester learn all its articles anew, and `keep` that; whether it did.

        May take seconds: the worker has a process of its own for it.
        """
        stamps = self.project.finished_stamps(pupil.layer)
        if pupil.bound.quick and not pupil.learnt.keys() <= stamps.keys():
            pupil.begin_anew()  # its lines count no longer either
            self._sources.clear()
        seen: list[FinishedLayer] = []
        trouble: list[AnnotatorError] = []

        def read() -> Iterator[FinishedLayer]:
            try:
                for found in self._finished(pupil, stamps):
                    seen.append(found)
                    progress(len(seen), len(stamps))
                    yield found
            except AnnotatorError as error:
                trouble.append(error)
                raise

        try:
            pupil.suggester.refit(finished(found, pupil.layer) for found in read())
        except Exception as error:
            if trouble:
                raise trouble[0] from error
            self.leave_out(pupil, error)
            return False
        self._hear(pupil)
        pupil.knows({})
        for found in seen:
            pupil.note(found)
        pupil.fitted_to = len(seen)
        self._compare(pupil, self.project.finished_stamps(pupil.layer))  # it may have taken long
        if keep:
            self.keep()
        return True

    def train(self, progress: Progress = nobody, anew: bool = False) -> int:
        """Learn what is new, refit whatever wants it, and keep it all; how many were refitted.

        Args:
            progress: told how many articles were learnt.
            anew: whether everything is learnt from the start.
        """
        self.look()
        parts = Parts(progress)
        changed = [pupil for pupil in self.pupils if anew or pupil.is_old]
        done = sum(self.refit(pupil, parts.next()) for pupil in changed)
        self.learn(parts.next())
        grown = [p for p in self.pupils if p not in changed and p.wants_refit]
        done += sum(self.refit(pupil, parts.next()) for pupil in grown)
        self.keep()
        return done

    def _finished(self, pupil: Pupil, numbers: Iterable[int]) -> Iterator[FinishedLayer]:
        """Finished articles, the recurring lines of whose sources were counted."""
        for found in self.project.finished_layers(pupil.layer, numbers):
            self._count(found.article.source)
            yield found

    def _count(self, source: str) -> None:
        """Count recurring lines in the articles of a source, once."""
        if not source or source in self._sources:
            return
        self._sources.add(source)
        counting = [(p, p.suggester) for p in self.pupils if isinstance(p.suggester, Counting)]
        if not counting:
            return
        rows = self.project.page(Filter(source=source), limit=COUNTED)
        texts = [
            (source, self.project.article(row.id).text)
            for row in rows
            if not self.project.is_held_out(row.id)
        ]
        for pupil, suggester in counting:
            try:
                if suggester.count(texts):
                    pupil.is_kept = False
            except Exception as error:
                self.leave_out(pupil, error)

    # --- suggesting ------------------------------------------------------------------------------

    def prepare(self, articles: Iterable[str], progress: Progress = nobody) -> list[str]:
        """Keep guesses for articles where those kept are of another state; the ids of what is new.

        Plug-ins come in turn as well, however long they take.
        """
        ids = list(articles)
        changed: dict[str, None] = {}
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            steps = sorted(self.plan(part), key=lambda step: part.index(step.article))
            for step in steps:
                if self.suggest(step):
                    changed[step.article] = None
                progress(start + part.index(step.article), len(ids))
            progress(start + len(part), len(ids))
        return list(changed)

    def plan(self, articles: Iterable[str]) -> list[Step]:
        """What there is to do for articles: ours first, in the order given, then plug-ins.

        Nothing for articles in which nothing is suggested, that are finished, and for layers where
        suggestions are off.
        """
        off = self.project.assistance().off
        ids = [each for each in dict.fromkeys(articles) if self._is_open(each)]
        kept = {
            (name, each.layer, each.source): each.version
            for name, found in self.project.guessed(ids).items()
            for each in found
        }
        return [
            Step(name, pupil, version)
            for quick in (True, False)
            for name in ids
            for pupil in self.pupils
            if pupil.bound.quick is quick and pupil.layer not in off
            if (version := kept.get((name, *pupil.bound.key), "")) != pupil.suggester.version
            or not version
        ]

    def _is_open(self, article: str) -> bool:
        row = self.project.row(article)
        if row is None or row.state in FINISHED or self.project.gone_article(article) is not None:
            return False
        return not self.project.why_silent(article)

    def suggest(self, step: Step) -> bool:
        """Take a step; whether there is anything new to see in the article."""
        article = self.article(step)
        return self.file(step, lambda: look_at(step.pupil, article))

    def article(self, step: Step) -> Article:
        """The article of a step, the recurring lines of whose source were counted."""
        article = self.project.article(step.article)
        self._count(article.source)
        return article

    def file(self, step: Step, answer: Callable[[], Answer | None]) -> bool:
        """Keep a suggester's answer, unless it is kept already; whether there is anything new to see.

        Args:
            step: what was asked.
            answer: gives what `look_at` gave, or raises what that raised.
        """
        pupil = step.pupil
        if pupil not in self.pupils:
            return False
        try:
            found = answer()
        except Exception as error:
            self.leave_out(pupil, error)
            return False
        self._hear(pupil)
        if found is None or found.version == step.kept or not self._is_open(step.article):
            return False
        self.project.keep_guesses(
            step.article, *pupil.bound.key, found.version, doubt(found.items), found.items
        )
        return bool(found.items or step.kept)

    def _hear(self, pupil: Pupil) -> None:
        """Pass on what a plug-in has to say."""
        for sentence in news(pupil.suggester):
            self._told(sentence)
