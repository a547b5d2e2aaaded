"""Gold with where it comes from, and releases: snapshots of it that never change.

A release is one event for each article with its gold, and one for the project that tells what was
released; without this last one there is no release. All have one key, `release:` and the version.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from annotator.model.annotation import Party, Span, Stance, State, Status, Work, sort_spans
from annotator.model.event import event_time
from annotator.model.scheme import Scheme
from annotator.model.version import valid_version

VERB = "release"
"""The verb of the acts that make releases."""
PREFIX = "release:"
ACTOR = "gold"
"""The name gold goes out under."""
ADJUDICATED = "adjudicated"
"""The policy by which gold is what was decided; the others count votes."""
POLICIES = (ADJUDICATED, "majority", "agreed")


def valid_release(version: str) -> str:
    """A release's version, checked; raises AnnotatorError."""
    return valid_version(version, "a release")


class GoldItem(NamedTuple):
    """Where some gold comes from, and what annotators said instead: one item that was decided."""

    item: str
    """The item's key; of a thing that votes made gold its name among them."""
    layer: str
    method: str
    """A `model.decision.Method`."""
    spans: tuple[str, ...] = ()
    """Ids of the gold spans; () with no stance either: nothing is gold of it."""
    stance: tuple[Party, Party] | None = None
    """Target and holder of the gold stance."""
    evidence: bool = False
    """Whether it is about that stance's evidence rather than its value."""
    decider: str = ""
    """Who decided; "" where votes did."""
    adopted: tuple[str, ...] = ()
    """The annotators whose answer was taken, sorted."""
    category: tuple[str, ...] = ()
    """How they differed."""
    votes: Mapping[str, int] = {}
    """How many gave each answer: `ORG 10-21`, `nothing` ..."""
    taken: tuple[str, ...] = ()
    """The answers among them that are gold."""
    voters: int = 0
    """How many finished the layer."""
    reason: str = ""
    about: tuple[str, ...] = ()
    """Of an item of stances toward what and whose it is, gold or not: the parties' `ref`s."""
    posterior: float | None = None
    """What Dawid and Skene's model gave the outcome; None without it."""

    def body(self) -> dict[str, Any]:
        """Its JSON, as releases and exports hold it; what is empty is left out."""
        made: dict[str, Any] = {"item": self.item, "layer": self.layer, "method": self.method}
        for name in ("spans", "adopted", "category", "taken", "about"):
            if getattr(self, name):
                made[name] = list(getattr(self, name))
        if self.stance is not None:
            target, holder = self.stance
            made["stance"] = {"target": target._asdict(), "holder": holder._asdict()}
        for name in ("evidence", "decider", "reason"):
            if getattr(self, name):
                made[name] = getattr(self, name)
        if self.posterior is not None:
            made["posterior"] = self.posterior
        return {**made, "votes": dict(self.votes), "voters": self.voters}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """What such JSON describes."""
        stance = body.get("stance")
        return cls(
            body["item"],
            body["layer"],
            body["method"],
            tuple(body.get("spans", ())),
            None if stance is None else (Party(**stance["target"]), Party(**stance["holder"])),
            bool(body.get("evidence")),
            body.get("decider", ""),
            tuple(body.get("adopted", ())),
            tuple(body.get("category", ())),
            dict(body["votes"]),
            tuple(body.get("taken", ())),
            body["voters"],
            body.get("reason", ""),
            tuple(body.get("about", ())),
            body.get("posterior"),
        )


class Golden(NamedTuple):
    """The gold of one article."""

    work: Work | None
    """Under `ACTOR`, with the layers that are gold as those looked at; None when none is."""
    items: tuple[GoldItem, ...] = ()
    """Where it comes from; items of the layers in `work` only."""
    undecided: tuple[str, ...] = ()
    """Layers that somebody finished but whose items are not all decided: they are no gold."""
    states: Mapping[str, int] = {}
    """Its items by `gold.adjudication.items.State`, those of undecided layers too."""


class Frozen(NamedTuple):
    """One article's gold in a release."""

    article: str
    sha256: str
    """Of the text."""
    lang: str
    lang_source: str
    split: str
    work: Work
    items: tuple[GoldItem, ...]

    @property
    def newest(self) -> str:
        """Id of the newest event the gold was made of."""
        return max(self.work.versions.values(), default="")

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body of its event, but for the `run`; raises AnnotatorError on bad offsets."""
        work = self.work
        return {
            "sha256": self.sha256,
            "lang": self.lang,
            "lang_source": self.lang_source,
            "split": self.split,
            "state": str(work.status.state),
            "looked": sorted(work.looked),
            "spans": [{"id": span.id, **span.body(text)} for span in work.spans],
            "stances": [stance.body(text) for stance in work.stances],
            "items": [item.body() for item in self.items],
            "newest": self.newest,
        }

    @classmethod
    def of(cls, article: str, body: Mapping[str, Any]) -> Self:
        """What an event's body describes."""
        work = Work(
            article,
            ACTOR,
            sort_spans(Span.of(span["id"], span) for span in body["spans"]),
            tuple(Stance.of(stance) for stance in body["stances"]),
            frozenset(body["looked"]),
            status=Status(State(body["state"])),
            versions={ACTOR: body["newest"]} if body["newest"] else {},
        )
        items = tuple(GoldItem.of(item) for item in body["items"])
        fields = (body["sha256"], body["lang"], body["lang_source"], body["split"])
        return cls(article, *fields, work, items)


class Release(NamedTuple):
    """A release as the project keeps it."""

    version: str
    """Such as 1.0; of a second one made of that version in another copy, with `~` and its run."""
    event: str
    """Id of the event that made it one."""
    actor: str
    manifest: Mapping[str, Any]
    """Everything told of it; see docs/releases.md."""

    @property
    def key(self) -> str:
        """The key of its events."""
        return PREFIX + str(self.manifest["version"])

    @property
    def run(self) -> str:
        """What its articles' events are told by from those of a run that did not get to its end."""
        return str(self.manifest["run"])

    @property
    def digest(self) -> str:
        """SHA-256 over all gold in it."""
        return str(self.manifest["digest"])

    @property
    def time(self) -> float:
        """Seconds since the epoch when it was made."""
        return event_time(self.event)

    def scheme(self) -> Scheme:
        """The scheme it was made with, with the guidelines of then."""
        from dataclasses import replace

        from annotator.model.scheme_file import parse

        told = self.manifest["scheme"]
        made = parse(told["toml"], told["guidelines"], f"the scheme of release {self.version}")
        return replace(made, guidelines_version=self.manifest["guidelines"]["version"])
