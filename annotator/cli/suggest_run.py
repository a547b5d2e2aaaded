"""`annotator suggest PROJECT train|run|drop`: learn, prepare and forget."""

import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars, Phase
from annotator.cli.open import existing
from annotator.coach.learning import FINISHED, Coach
from annotator.coach.pupil import Pupil
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.store.suggesting import Offer

PORTION = 20
"""Articles that suggestions are prepared for between two updates of the bar."""
PAGE = 200
"""Rows of the queue read at once."""


class Notes:
    """Sentences about suggesters that are left out or could do better, each once."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self, sentence: str) -> None:
        """Note one."""
        if sentence and sentence not in self.told:
            self.told.append(sentence)

    def of(self, coach: Coach) -> None:
        """What suggesters say about themselves, such as a library that is missing."""
        for pupil in coach.pupils:
            self(str(getattr(pupil.suggester, "note", "") or ""))

    def complain(self) -> None:
        """Print them beside the output."""
        for sentence in self.told:
            out.complain(sentence)


# --- train


class Trained(NamedTuple):
    """A suggester that learnt everything anew."""

    layer: str
    source: str
    articles: int
    seconds: float
    size: int
    """Bytes of what is kept."""
    version: str


def train(args: Namespace) -> int:
    """Let all suggesters learn this annotator's finished articles anew."""
    settings = config.read()
    path, notes = existing(args.project), Notes()
    actor = config.who(args.actor, settings)
    with Project.open(path, actor) as project:
        coach = Coach(project, settings.suggesters, notes)
        notes.of(coach)
        with Bars() as bars:
            done = [found for pupil in list(coach.pupils) if (found := _refit(coach, pupil, bars))]
    if args.json:
        out.print_json({"annotator": actor, "suggesters": [each._asdict() for each in done],
                        "notes": notes.told})  # fmt: skip
        return 0
    notes.complain()
    if not any(each.articles for each in done):
        out.say(
            f"{actor} has finished nothing to learn from yet: an article that is done, or a layer "
            "in it that is looked at, outside of the test split."
        )
        return 0
    columns = ("suggester", "layer", "learnt>", "seconds>", "size>", "version")
    out.table(f"What {actor}'s suggesters know now", columns, map(_trained, done))
    return 0


def _refit(coach: Coach, pupil: Pupil, bars: Bars) -> Trained | None:
    """Learn anew; None where the suggester broke, which was told."""
    layer, source = pupil.bound.key
    title = out.safe(f"{source}, {layer}")
    began = time.monotonic()
    learnt = len(coach.project.finished_stamps(layer))
    with bars.phase(title, learnt, "articles") as phase:
        if not coach.refit(pupil, lambda done, of: _step(phase, done, of)):
            return None
    seconds = time.monotonic() - began
    lesson = coach.project.lesson(layer, source)
    size, version = (len(lesson.saved), lesson.version) if lesson else (0, "")
    return Trained(layer, source, len(pupil.learnt), round(seconds, 3), size, version)


def _step(phase: Phase, done: int, of: int) -> None:
    phase.total = of
    phase.advance(done - phase.steps)


def _trained(each: Trained) -> tuple[str, ...]:
    return (each.source, each.layer, out.number(each.articles), f"{each.seconds:.1f}",
            _size(each.size), each.version)  # fmt: skip


def _size(size: int) -> str:
    return f"{size / 1000:,.1f} kB"


# --- run


def prepare(args: Namespace) -> int:
    """Prepare suggestions for unfinished articles."""
    if args.limit < 0:
        raise AnnotatorError(f"--limit takes a number of articles, not {args.limit}.")
    settings = config.read()
    path, notes = existing(args.project), Notes()
    actor = config.who(args.actor, settings)
    with Project.open(path, actor) as project, Bars() as bars:
        coach = Coach(project, settings.suggesters, notes)
        notes.of(coach)
        with bars.phase("learning", 0, "articles") as phase:
            coach.train(lambda done, of: _step(phase, done, of))
        found = _open_articles(project, Filter(lang=args.lang, source=args.source))
        articles = list(islice(found, args.limit or None))
        told = _prepare(coach, articles, bars)
        told["uncertain"] = project.arrange_uncertain()
    if args.json:
        out.print_json({"annotator": actor, **told, "notes": notes.told})
        return 0
    notes.complain()
    _tell(told, actor, args)
    return 0


def _open_articles(project: Project, where: Filter) -> Iterator[str]:
    """The unfinished articles in which something may be suggested, in the order of the queue.

    Where the annotator has assignments those, then what is open to whoever comes first.
    """
    wanted = [where]
    if project.has_queue():
        wanted = [where._replace(assigned="me"), where._replace(assigned="open")]
    known = set[str]()
    for each in wanted:
        rows = project.page(each, limit=PAGE)
        while rows:
            for row in rows:
                if row.state not in FINISHED and row.id not in known:
                    known.add(row.id)
                    if not project.why_silent(row.id):
                        yield row.id
            rows = project.page(each, after=rows[-1], limit=PAGE)


def _prepare(coach: Coach, articles: list[str], bars: Bars) -> dict[str, Any]:
    """Prepare them, a few at a time; how many suggestions there are then."""
    counts, sure = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    new = 0
    with bars.phase("suggestions", len(articles), "articles") as phase:
        for start in range(0, len(articles), PORTION):
            some = articles[start : start + PORTION]
            new += len(coach.prepare(some))
            for article in some:
                for each in coach.project.suggestions(article):
                    counts[each.layer, each.source] += 1
                    sure[each.layer, each.source] += each.is_sure
            phase.advance(len(some))
    listed = [
        {"layer": layer, "source": source, "suggestions": counts[layer, source],
         "sure": sure[layer, source]}
        for layer, source in sorted(counts)
    ]  # fmt: skip
    return {"articles": len(articles), "changed": new, "sources": listed}


def _tell(told: dict[str, Any], actor: str, args: Namespace) -> None:
    if not told["articles"]:
        narrowed = " that --lang and --source let through" if args.lang or args.source else ""
        out.say(f"{actor} has no unfinished article{narrowed} in which anything is suggested.")
        return
    articles = out.counted(told["articles"], "unfinished article")
    out.say(f"Suggestions are ready in {articles}; {out.number(told['changed'])} of them changed.")
    if told["uncertain"]:
        out.say(
            f"The order by uncertainty has {out.counted(told['uncertain'], 'article')} now: "
            "F4 in the queue chooses it."
        )
    rows = (
        (each["source"], each["layer"], out.number(each["suggestions"]), out.number(each["sure"]))
        for each in told["sources"]
    )
    if told["sources"]:
        out.table("", ("source", "layer", "suggestions>", "sure>"), rows)


# --- drop


def drop(args: Namespace) -> int:
    """Forget what suggesters learnt; with --files also what files of a source suggest."""
    path = existing(args.project)
    if args.files and (not args.source or args.layer):
        raise AnnotatorError(
            "--files goes with --source NAME, and takes what it says in all layers."
        )
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor) as project, Bars() as bars:
        _check_layer(project, args.layer)
        if args.files:
            project.require(Role.LEAD, "take away what files suggest to everybody")
        lessons, guesses = project.drop_lessons(args.layer, args.source)
        gone = _drop_files(project, args.source, bars) if args.files else (0, 0)
    if args.json:
        out.print_json({"annotator": actor, "lessons": lessons, "articles": guesses,
                        "files": {"suggestions": gone[0], "articles": gone[1]}})  # fmt: skip
        return 0
    out.say(
        f"{out.counted(lessons, 'lesson')} of {actor} forgotten, and what was prepared for "
        f"{out.counted(guesses, 'article')}. Labels stay as they are."
    )
    if args.files:
        out.say(
            f"{out.counted(gone[0], 'suggestion')} of files of {args.source} taken away, in "
            f"{out.counted(gone[1], 'article')}."
        )
    return 0


def _check_layer(project: Project, name: str) -> None:
    layers = [layer.name for layer in project.scheme.span_layers]
    if name and name not in layers:
        raise AnnotatorError(
            f"There is no layer {name!r} with spans; there are {', '.join(layers)}."
        )


def _drop_files(project: Project, source: str, bars: Bars) -> tuple[int, int]:
    """Take a source's suggestions out of every article; how many of how many articles."""
    suggestions = articles = 0
    with bars.phase(out.safe(source), project.count(), "articles") as phase:
        every = project.articles()
        while some := list(islice(every, PAGE)):
            offers = [Offer(article.id, article.text, (), (source,)) for article in some]
            for each in project.suggest(offers):
                suggestions += each.gone
                articles += each.gone > 0
            phase.advance(len(some))
    return suggestions, articles
