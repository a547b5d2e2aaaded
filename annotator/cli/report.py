"""What an import says at its end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.cli import out
from annotator.cli.bars import Phase
from annotator.cli.cases import KEEP
from annotator.cli.intake import Intake
from annotator.cli.status import language_name
from annotator.cli.survey import seen_rows
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
    cut_short: bool = False
    """It was interrupted: what was read need not be in."""

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
        foreign = intake.foreign.seen if intake.foreign is not None else None
        return {
            "project": self.project,
            "articles": {
                **{str(result): intake.results[result] for result, _, _ in RESULTS},
                "refused": intake.refused.count,
                "same_text": intake.same_text.count,
            },
            "decisions": {str(fate): intake.fates[fate] for fate in Fate},
            "unknown_labels": dict(intake.unknown),
            "left_out": dict(intake.left_out + (foreign.left_out if foreign else Counter())),
            "labels": dict(foreign.labels if foreign else {}),
            "offsets_read_as": dict(foreign.counts if foreign else {}),
            "suggested": intake.suggested,
            "splits": dict(intake.split),
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
        intake.changed.print("Changed upstream", ("article", "kept as"))
        intake.same_text.print("Same text under another id", ("article", "same text as"))
        intake.differs.print("Decisions left alone", ("article", "annotator"))
        intake.refused.print("Refused", ("where", "why"))

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
        for name, count in sorted(intake.split.items()):
            yield out.number(count), f"in split {name}", "for good; those that had one keep it"
        if intake.suggested:
            yield out.number(intake.suggested), "suggestions", "new here, for everybody"
        if intake.foreign is not None and not self.cut_short:
            yield from seen_rows(intake.foreign.seen, suggested=bool(intake.suggested))
