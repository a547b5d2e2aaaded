"""Suggests what of an article is boilerplate, and learns from every article that is finished.

Three sources are brought together for each line: the tagger (shapes, places, words), how lines like
it were decided before, and in how many other articles of its source it recurs. What is proposed is
kept within a budget: the body's characters that are lost if the probabilities are right stay below
a share of it, so that an article does not lose its text for a doubtful paragraph.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from annotator.model.errors import AnnotatorError
from annotator.suggest.boilerplate.chain import Tagger
from annotator.suggest.boilerplate.features import Shown, shown
from annotator.suggest.boilerplate.glued import glued
from annotator.suggest.boilerplate.kinds import Kind, Kinds
from annotator.suggest.boilerplate.lines import Line, lines_of
from annotator.suggest.boilerplate.memory import Memory, Past
from annotator.suggest.boilerplate.prior import Prior, shipped
from annotator.suggest.boilerplate.reasons import AFTER, reasons, sort_of
from annotator.suggest.boilerplate.recurrence import Recurrence, Seen, recurs
from annotator.suggest.protocol import Guess

SOURCE = "boilerplate"
"""The source of the suggestions made here."""
VERSION = 3
"""Of what `dump` gives."""
SHOWN = 0.5
"""From this probability on a line may be proposed."""
BUDGET = 0.038
"""The share of its body that an article may be expected to lose: as much as lets 5 of 100 articles at
most lose more than a tenth. Without it 12 of 100 would, for an F1 better by half a point."""
SURE = 0.95
SURE_LABEL = 0.92
"""From these probabilities on, of the line and of its label among the labels, a line is sure. Of such
lines 98 of 100 were boilerplate."""
LIKELY = 0.35
"""Below this probability of its label a line is proposed without one: a letter, which is pressed in any
case, then costs no more than confirming."""
ALIKE = 0.35
"""By so much at most the labels of unsure neighbours may differ in how sure they are, to be one stretch."""
DOUBT = 0.04
"""The doubt in a line that was labelled in one article before and never left, divided by their number;
measured on three corpora it is below 0.01."""
CONTENT = 0.9
"""A line that was left as the article once, and never labelled, is half as likely at most."""
PASSES = 3
STEP = 0.01
PRIOR = 5
"""How an article is learned: how often, by what step, and what the prior counts for; measured by
`python -m benchmarks.suggestions boilerplate`."""


class LineGuess(NamedTuple):
    """What is supposed of a line."""

    start: int
    end: int
    """Code points, half-open, into the article."""
    boilerplate: float
    """The probability that it is not the article."""
    label: str
    """Its label if it is not."""
    label_sure: float
    """How sure the label is among the labels, 0 to 1."""
    proposed: bool
    """Whether it is to be shown as a suggestion."""
    why: str
    """In a few words, what speaks for it: "seen in 7 of 9 articles"; see `reasons`."""
    sure: bool = False
    """Whether it may be confirmed unread, label and all (`SURE`, `SURE_LABEL`)."""
    sort: str = ""
    """What is not sure and of different sorts is never one stretch; see `reasons.sort_of`."""

    @property
    def score(self) -> float:
        """The probability that line and label are right; without a label, that the line is."""
        return self.boilerplate * (self.label_sure if self.shown_label else 1.0)

    @property
    def shown_label(self) -> str:
        """The label it is proposed with; "" where none is likely (`LIKELY`)."""
        return self.label if self.label_sure >= LIKELY else ""


class Boilerplate:
    """Suggestions for the boilerplate layer of a project, and what was learned in it."""

    def __init__(self, labels: Sequence[str], prior: Prior | None = None) -> None:
        """Nothing learned yet.

        Args:
            labels: the labels of the layer in its order; one at least.
            prior: the weights to start from, the shipped ones if not given.
        """
        if not labels:
            raise AnnotatorError("A boilerplate layer without labels gets no suggestions.")
        start = prior or shipped()
        self._tagger = Tagger(start.weights, start.steep, STEP, PRIOR)
        self._kinds = Kinds(labels)
        self._memory = Memory()
        self.recurrence = Recurrence()
        """The lines of the project's sources; whoever owns this counts articles in it. An article it
        has is guessed and learned as if it were not counted."""
        self.learned = 0
        """Articles learned."""

    def guesses(self, text: str, source: str = "", title: str = "") -> list[LineGuess]:
        """What is supposed of each line, in order.

        Args:
            text: the article.
            source: its source; "" when not known.
            title: its title; "" when not known.
        """
        lines = lines_of(text)
        seen = self._seen(text, lines, source)
        page = shown(lines, title, seen)
        past = [self._memory.past(line.text) for line in lines]
        sure = self._probabilities(page, past, seen)
        kinds = self._labels(page, past, [chance >= SHOWN for chance in sure])
        sizes = [line.end - line.start for line in lines]
        proposed = within_budget(sure, sizes)
        why_each = reasons(page, past, seen, [kind.label for kind in kinds])
        sorts = [sort_of(*one) for one in zip(lines, page.features, strict=True)]
        return [
            LineGuess(
                line.start, line.end, chance, kind.label, kind.sure, takes, why,
                takes and chance >= SURE and kind.sure >= SURE_LABEL, sort,
            )
            for line, chance, kind, takes, why, sort in zip(
                lines, sure, kinds, proposed, why_each, sorts, strict=True
            )
        ]  # fmt: skip

    def pieces(self, text: str, source: str = "", title: str = "") -> list[Guess]:
        """What is proposed for an article, by place, without overlaps; arguments as in `guesses`.

        Neighbouring lines of one label are one; what is glued to lines of the body has its own.
        """
        guesses = self.guesses(text, source, title)
        found = stretches(guesses)
        taken = {guess.start for guess in guesses if guess.proposed}
        for line in lines_of(text):
            if line.start not in taken:
                found += [
                    Guess(one.start, one.end, self._label(one.label), one.sure, why=one.why)
                    for one in glued(line)
                ]
        return sorted(found, key=lambda one: (one.start, one.end))

    def learn(self, text: str, tags: Sequence[str], source: str = "", title: str = "") -> None:
        """Learn from a finished article.

        Args:
            text: the article.
            tags: by line (`lines_of`), its label; "" for what is the article.
            source: its source.
            title: its title.

        Raises:
            AnnotatorError: there are not as many tags as lines.
        """
        lines = lines_of(text)
        if len(tags) != len(lines):
            raise AnnotatorError(f"{len(tags)} tags are given for {len(lines)} lines.")
        page = shown(lines, title, self._seen(text, lines, source))
        truth = [bool(tag) for tag in tags]
        for _ in range(PASSES):
            self._tagger.learn(page.features, truth)
        past = [self._memory.past(line.text) for line in lines]
        runs = _runs(truth)
        self._kinds.learn(
            [(page.features[start:stop], tags[start:stop]) for start, stop in runs],
            [past[start:stop] for start, stop in runs],
        )
        self._memory.learn(lines, tags)
        self.learned += 1

    def dump(self) -> dict[str, Any]:
        """Everything that was learned and counted, as JSON values."""
        return {
            "version": VERSION,
            "learned": self.learned,
            "tagger": self._tagger.dump(),
            "kinds": self._kinds.dump(),
            "memory": self._memory.dump(),
            "recurrence": self.recurrence.dump(),
        }

    @classmethod
    def load(cls, dumped: Mapping[str, Any], labels: Sequence[str] = ()) -> Self:
        """What `dump` gave; `labels` are those the layer has now, if they changed.

        Raises:
            AnnotatorError: it is of another version.
        """
        if dumped.get("version") != VERSION:
            raise AnnotatorError("What was learned is of another version: let it be learned anew.")
        made = cls(tuple(labels) or dumped["kinds"]["labels"], Prior({}, 1.0))
        made._tagger = Tagger.load(dumped["tagger"], STEP)
        made._kinds = Kinds.load(dumped["kinds"], labels)
        made._memory = Memory.load(dumped["memory"])
        made.recurrence = Recurrence.load(dumped["recurrence"])
        made.learned = int(dumped["learned"])
        return made

    def _seen(self, text: str, lines: Sequence[Line], source: str) -> list[Seen]:
        """By line, in how many other articles of the source it is; empty when that is not known."""
        if not source:
            return []
        itself = self.recurrence.has(source, text)
        return [self.recurrence.seen(source, line.text, itself) for line in lines]

    def _probabilities(
        self, page: Shown, past: Sequence[Past], seen: Sequence[Seen]
    ) -> list[float]:
        found = self._tagger.marginals(page.features)
        for at, (line, before) in enumerate(zip(page.lines, past, strict=True)):
            times = before.agreed
            if seen and not before.content and recurs(seen[at], line.end - line.start):
                times += seen[at].times - 1
            if times:
                found[at] = max(found[at], 1 - DOUBT / times)
            elif before.content and not before.boilerplate:
                found[at] = min(found[at], CONTENT / (before.content + 1))
        return found

    def _labels(self, page: Shown, past: Sequence[Past], boilerplate: Sequence[bool]) -> list[Kind]:
        """The label of each line; of lines taken for the article, each by itself."""
        found = [Kind(self._kinds.fallback, 0.0)] * len(boilerplate)
        for start, stop in _runs(boilerplate):
            found[start:stop] = self._kinds.of_run(page.features[start:stop], past[start:stop])
        for at, is_boilerplate in enumerate(boilerplate):
            if not is_boilerplate:
                found[at] = self._kinds.of_run(page.features[at : at + 1], past[at : at + 1])[0]
        return found

    def _label(self, label: str) -> str:
        return label if label in self._kinds.labels else self._kinds.fallback


def within_budget(
    sure: Sequence[float], sizes: Sequence[int], budget: float = BUDGET
) -> list[bool]:
    """Which lines are proposed: those from `SHOWN` on whose expected loss fits in the budget.

    The loss of a line is its characters times the probability that it is the article; the likeliest
    lines come first, and one that does not fit leaves room for smaller ones.

    Args:
        sure: by line, the probability that it is boilerplate.
        sizes: by line, its characters.
        budget: the share of the body's expected characters that may be lost.
    """
    losses = [size * (1 - chance) for size, chance in zip(sizes, sure, strict=True)]
    left = budget * sum(losses)
    found = [False] * len(losses)
    for at in sorted(range(len(losses)), key=lambda at: -sure[at]):
        if sure[at] < SHOWN:
            break
        if losses[at] <= left:
            left -= losses[at]
            found[at] = True
    return found


def stretches(guesses: Iterable[LineGuess]) -> list[Guess]:
    """Proposed lines: neighbours of one label, alike sure and of one sort, are one stretch.

    A stretch is as sure as its least sure line, and says why that one is proposed.
    """
    runs: list[list[LineGuess]] = []
    joins = False
    for guess in guesses:
        if guess.proposed:
            if joins and _joined(runs[-1][-1], guess):
                runs[-1].append(guess)
            else:
                runs.append([guess])
        joins = guess.proposed
    return [_stretch(run) for run in runs]


def _joined(one: LineGuess, other: LineGuess) -> bool:
    """Whether neighbouring lines are proposed as one; lines that are not sure must look alike too."""
    if (one.label, one.shown_label, one.sure) != (other.label, other.shown_label, other.sure):
        return False
    near = abs(one.label_sure - other.label_sure) <= ALIKE
    trailing = (
        one.why == other.why == AFTER
    )  # lists of other articles, whose entries differ in length
    return one.sure or (near and (one.sort == other.sort or trailing))


def _stretch(run: Sequence[LineGuess]) -> Guess:
    least = min(run, key=lambda guess: guess.score)
    same = all(guess.why == least.why for guess in run)
    why = least.why if same else f"{least.why}: the least sure of {len(run)} lines"
    return Guess(
        run[0].start, run[-1].end, least.shown_label, least.score, why=why, sure=least.sure
    )


def tags_of(lines: Sequence[Line], spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """By line, the label that covers most of it, half of it at least; "" for what is the article.

    Args:
        lines: the lines of an article.
        spans: start, end and label of its boilerplate.
    """
    covered: list[dict[str, int]] = [{} for _ in lines]
    ordered = sorted(spans)
    first = 0
    for at, line in enumerate(lines):
        while first < len(ordered) and ordered[first][1] <= line.start:
            first += 1
        for start, end, label in ordered[first:]:
            if start >= line.end:
                break
            share = min(end, line.end) - max(start, line.start)
            if share > 0:
                covered[at][label] = covered[at].get(label, 0) + share
    return [
        max(sorted(labels), key=lambda label: labels[label])
        if 2 * sum(labels.values()) >= line.end - line.start and labels
        else ""
        for line, labels in zip(lines, covered, strict=True)
    ]


def _runs(tags: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of lines that are boilerplate: first line and the one after the last."""
    found: list[tuple[int, int]] = []
    for at, tag in enumerate(tags):
        if tag and found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        elif tag:
            found.append((at, at + 1))
    return found
