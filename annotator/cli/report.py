"""What an import says at its end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.cli import out
from annotator.cli.bars import Phase
from annotator.cli.intake import KEEP, Cases, Intake
from annotator.cli.status import language_name
from annotator.store.articles import Result
from annotator.store.taking import Fate

RESULTS = (
    (Result.NEW, "new", ""),
    (Result.UNCHANGED, "unchanged", "here already with the same text"),
    (Result.CHANGED, "changed upstream", "kept apart; the text that was here stays"),
)
FATES = (
    (Fate.TAKEN, "decisions taken in", "an annotator's work on an article each"),
    (Fate.UNCHANGED, "decisions unchanged", "this version was here already"),
    (Fate.DIFFERS, "decisions left alone", "the annotator worked on here and came to others"),
)


@dataclass(slots=True)
class Report:
    """How an import went, as far as it got."""

    project: str
    intake: Intake
    articles: list[Phase] = field(default_factory=list)
    languages: Phase | None = None
    detected: Counter[str] = field(default_factory=Counter)
    words: Phase | None = None

    @property
    def phases(self) -> Iterator[tuple[str, int, float]]:
        """Name, number of articles and seconds of each part that was done."""
        if self.articles:
            seconds = sum(phase.seconds for phase in self.articles)
            yield "articles", sum(phase.things for phase in self.articles), seconds
        for name, phase in (("languages", self.languages), ("word index", self.words)):
            if phase is not None and phase.things:
                yield name, phase.things, phase.seconds

    def json(self) -> dict[str, Any]:
        """The report as JSON values."""
        intake = self.intake
        return {
            "project": self.project,
            "articles": {
                **{str(result): intake.results[result] for result, _, _ in RESULTS},
                "refused": intake.refused.count,
                "same_text": intake.same_text.count,
            },
            "decisions": {str(fate): intake.fates[fate] for fate in Fate},
            "unknown_labels": dict(intake.unknown),
            "left_out": dict(intake.left_out),
            "languages": dict(self.detected),
            "seconds": {name: round(seconds, 3) for name, _, seconds in self.phases},
            "refused": [{"where": w, "reason": r} for w, r in intake.refused.first],
        }

    def print(self) -> None:
        """The report for people."""
        intake = self.intake
        if self.articles:
            out.table("", ("count>", "what", ""), self._rows())
        elif not any(self.phases):
            out.say("Nothing was left to do.")
        for name, things, seconds in self.phases:
            rate = out.number(round(things / max(seconds, 1e-9)))
            out.say(f"{name}: {out.number(things)} in {out.duration(seconds)} ({rate}/s)")
        if self.detected:
            named = ((language_name(t), n) for t, n in self.detected.most_common())
            out.say("detected: " + ", ".join(f"{name} {out.number(n)}" for name, n in named))
        _print_cases("Changed upstream", ("article", "kept as"), intake.changed)
        _print_cases("Same text under another id", ("article", "same text as"), intake.same_text)
        _print_cases("Decisions left alone", ("article", "annotator"), intake.differs)
        _print_cases("Refused", ("where", "why"), intake.refused)

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        """Count, what, and what that means."""
        intake = self.intake
        for result, name, meaning in RESULTS:
            if intake.results[result] or result is Result.NEW:
                yield out.number(intake.results[result]), name, meaning
        if intake.same_text.count:
            yield out.number(intake.same_text.count), "same text under another id", "all are in"
        if intake.refused.count:
            yield out.number(intake.refused.count), "refused", "not in; listed below"
        for fate, name, meaning in FATES:
            if intake.fates[fate]:
                yield out.number(intake.fates[fate]), name, meaning
        for name, count in intake.unknown.most_common(KEEP):
            yield out.number(count), f"label {name}", "taken in, but not in the project's scheme"
        for name, count in intake.left_out.items():
            yield out.number(count), name, "left out"


def _print_cases(title: str, columns: tuple[str, str], cases: Cases) -> None:
    if not cases.count:
        return
    out.table(title, columns, cases.first)
    if cases.count > len(cases.first):
        out.say(f"... and {out.number(cases.count - len(cases.first))} more")
