"""Suggests what of an article is boilerplate, and learns from every article that is finished.

Three sources are brought together for each line: the tagger (shapes, places, words), how lines like
it were decided before, and in how many other articles of its source it recurs. What is proposed is
kept within a budget: the body's characters that are lost if the probabilities are right stay below
a share of it, so that an article does not lose its text for a doubtful paragraph.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from annotator.model.errors import AnnotatorError
from annotator.model.suggestion import Suggestion
from annotator.suggest.boilerplate.features import Shown, shown
from annotator.suggest.boilerplate.glued import glued
from annotator.suggest.boilerplate.kinds import Kind, Kinds
from annotator.suggest.boilerplate.lines import Line, lines_of
from annotator.suggest.boilerplate.memory import Memory, Past
from annotator.suggest.boilerplate.perceptron import Tagger
from annotator.suggest.boilerplate.prior import Prior, shipped
from annotator.suggest.boilerplate.recurrence import Recurrence, Seen, recurs
from annotator.suggest.protocol import Guess

SOURCE = "boilerplate"
"""The source of the suggestions made here."""
VERSION = 1
"""Of what `dump` gives."""
SHOWN = 0.5
"""From this probability on a line may be proposed."""
BUDGET = 0.04
"""The share of its body that an article may be expected to lose; twice as much was measured to lose
more bodies for no better F1."""
DOUBT = 0.04
"""The doubt in a line that was labelled in one article before and never left, divided by their number;
measured on three corpora it is below 0.01."""
CONTENT = 0.9
"""A line that was left as the article once, and never labelled, is half as likely at most."""
PASSES = 3
STEP = 0.1
PRIOR = 20
FIT = 0.1
"""How an article is learned: how often, by what step, what the prior counts for, and how fast the
probabilities follow; measured by benchmarks/suggestions_boilerplate.py."""
LONG = 2.0
"""The margin of a long line of the body, which is worse to lose."""


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
    """In a few words, what speaks for it: "seen in 7 of 9 articles"; "" for the line's looks."""


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
        """The lines of the project's sources; whoever owns this counts articles in it."""
        self.learned = 0
        """Articles learned."""

    def guesses(
        self, text: str, source: str = "", title: str = "", counted: bool = False
    ) -> list[LineGuess]:
        """What is supposed of each line, in order.

        Args:
            text: the article.
            source: its source; "" when not known.
            title: its title; "" when not known.
            counted: whether the article itself has been counted in `recurrence`.
        """
        lines = lines_of(text)
        seen = self._seen(lines, source, counted)
        page = shown(lines, title, seen)
        past = [self._memory.past(line.text) for line in lines]
        sure = self._probabilities(page, past, seen)
        kinds = self._labels(page, past, [chance >= SHOWN for chance in sure])
        sizes = [line.end - line.start for line in lines]
        proposed = within_budget(sure, sizes)
        return [
            LineGuess(line.start, line.end, chance, kind.label, kind.sure, takes, why)
            for line, chance, kind, takes, why in zip(
                lines,
                sure,
                kinds,
                proposed,
                map(_why, past, seen or [Seen(0, 0)] * len(lines), lines),
                strict=True,
            )
        ]

    def suggest(
        self, text: str, layer: str, source: str = "", title: str = "", counted: bool = False
    ) -> list[Suggestion]:
        """The suggestions for an article, by place; arguments as `guesses` has them.

        Neighbouring lines of one label are one; what is glued to lines of the body has its own.
        """
        pieces = self.pieces(text, source, title, counted)
        return [one for piece in pieces if (one := piece.suggestion(layer, SOURCE))]

    def pieces(
        self, text: str, source: str = "", title: str = "", counted: bool = False
    ) -> list[Guess]:
        """What `suggest` proposes, with what speaks for it."""
        guesses = self.guesses(text, source, title, counted)
        found = stretches(guesses)
        taken = {guess.start for guess in guesses if guess.proposed}
        for line in lines_of(text):
            if line.start not in taken:
                found += [
                    Guess(one.start, one.end, self._label(one.label), one.sure, why=one.why)
                    for one in glued(line)
                ]
        return sorted(found, key=lambda one: (one.start, one.end))

    def learn(
        self,
        text: str,
        tags: Sequence[str],
        source: str = "",
        title: str = "",
        counted: bool = False,
    ) -> None:
        """Learn from a finished article.

        Args:
            text: the article.
            tags: by line (`lines_of`), its label; "" for what is the article.
            source: its source.
            title: its title.
            counted: whether the article itself has been counted in `recurrence`.

        Raises:
            AnnotatorError: there are not as many tags as lines.
        """
        lines = lines_of(text)
        if len(tags) != len(lines):
            raise AnnotatorError(f"{len(tags)} tags are given for {len(lines)} lines.")
        page = shown(lines, title, self._seen(lines, source, counted))
        truth = [bool(tag) for tag in tags]
        self._tagger.fit(self._tagger.marginals(page.features), truth, FIT)
        margins = [
            1.0 if tag else min(max((line.end - line.start) / 100, 0.5), LONG)
            for line, tag in zip(lines, tags, strict=True)
        ]
        for _ in range(PASSES):
            self._tagger.learn(page.features, truth, margins)
        self._kinds.learn(
            [(page.features[start:stop], tags[start:stop]) for start, stop in _runs(truth)]
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

    def _seen(self, lines: Sequence[Line], source: str, counted: bool) -> list[Seen]:
        if not source:
            return []
        return [self.recurrence.seen(source, line.text, counted) for line in lines]

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
            found[start:stop] = self._kinds.of_run(page.features[start:stop])
        for at, before in enumerate(past):
            if not boilerplate[at]:
                found[at] = self._kinds.of_run(page.features[at : at + 1])[0]
            elif before.label in self._kinds.labels and before.agreed:
                found[at] = Kind(before.label, 1 - 2 * DOUBT / before.agreed)
        return found

    def _label(self, label: str) -> str:
        return label if label in self._kinds.labels else self._kinds.fallback


def within_budget(
    sure: Sequence[float], sizes: Sequence[int], budget: float = BUDGET
) -> list[bool]:
    """Which lines are proposed: those from `SHOWN` on whose expected loss fits in the budget.

    The loss of a line is its characters times the probability that it is the article; the cheapest
    lines come first.

    Args:
        sure: by line, the probability that it is boilerplate.
        sizes: by line, its characters.
        budget: the share of the body's expected characters that may be lost.
    """
    losses = [size * (1 - chance) for size, chance in zip(sizes, sure, strict=True)]
    left = budget * sum(losses)
    found = [False] * len(losses)
    for at in sorted(range(len(losses)), key=lambda at: losses[at]):
        if sure[at] < SHOWN:
            continue
        left -= losses[at]
        if left < 0:
            break
        found[at] = True
    return found


def stretches(guesses: Iterable[LineGuess]) -> list[Guess]:
    """Proposed lines: neighbours of one label are one stretch, as sure as its least sure line."""
    found: list[Guess] = []
    joins = False
    for guess in guesses:
        if guess.proposed:
            last = found[-1] if joins else None
            if last and last.label == guess.label:
                score = min(last.score, guess.boilerplate)
                found[-1] = last._replace(end=guess.end, score=score, why=last.why or guess.why)
            else:
                found.append(
                    Guess(guess.start, guess.end, guess.label, guess.boilerplate, why=guess.why)
                )
        joins = guess.proposed
    return found


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


def _why(past: Past, seen: Seen, line: Line) -> str:
    if past.agreed:
        return (
            f"labelled in {past.agreed} articles" if past.agreed > 1 else "labelled in an article"
        )
    return str(seen) if not past.content and recurs(seen, line.end - line.start) else ""
