"""Events: the append-only truth. A key press makes one act; an act is one or more events.

The design (writer chains, base versions, UUIDv7 as a hybrid clock) makes the union of two copies'
logs well defined: ids order events, `base` shows conflicts, each writer's chain proves completeness.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from annotator.model.annotation import Kind

FIRST_ID = "00000000-0000-7000-8000-000000000000"


def new_id() -> str:
    """A random id for an act, a span or a note: 16 hexadecimal digits."""
    return os.urandom(8).hex()


class Draft(NamedTuple):
    """A new version of one thing, not saved yet."""

    kind: Kind
    key: str
    article: str
    """The article's id; "" for what concerns the whole project."""
    body: Mapping[str, Any] | None
    """The new version; None removes the thing."""
    base: str = ""
    """Id of the version that was on screen; "" when there was none."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one key press did: saved whole or not at all, undone whole."""

    verb: str
    """What the annotator did, a word for people and reports: label, remove, done, undo ..."""
    drafts: tuple[Draft, ...]
    of: str = ""
    """For undo and redo: the id of the act taken back or repeated; for relabelling: of the act that
    changed the scheme."""
    id: str = field(default_factory=new_id)
    """Made at the desk, so that the next act can name it, and a retry can see it is saved already."""


class Event(NamedTuple):
    """One saved version of one thing; a row of the log."""

    id: str
    """UUIDv7, larger than any id its replica had seen."""
    writer: str
    """UUID of the process that wrote it; each writer has its own chain."""
    seq: int
    """Dense within the writer, from 1."""
    actor: str
    article: str
    key: str
    base: str
    act: str
    """Id of the act it belongs to."""
    verb: str
    of: str
    kind: Kind
    body: Mapping[str, Any] | None
    hash: str
    """SHA-256 over the writer's previous hash and this event."""


class Change(NamedTuple):
    """One event of a past act with what it replaced, as undo needs it."""

    kind: Kind
    key: str
    article: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class PastAct(NamedTuple):
    """An act read back from the log."""

    id: str
    verb: str
    of: str
    changes: tuple[Change, ...]


_BODY = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def canonical(body: Mapping[str, Any] | None) -> str:
    """A body's one JSON spelling: sorted keys, no spaces, characters as they are; None is `null`."""
    return _BODY.encode(body)


def chain_hash(previous: str, fields: tuple[str | int, ...]) -> str:
    """The hash of an event: SHA-256 hex over the writer's previous hash and the event's fields.

    `fields` are id, writer, seq, actor, article, key, base, act, verb, of, kind and the canonical
    body, in this order; the first event of a writer chains to the empty string.
    """
    import hashlib  # with what it loads, a hundredth of the time to the first article

    line = _LINE.encode([previous, *fields])
    return hashlib.sha256(line.encode("utf-8")).hexdigest()


class Clock:
    """Makes UUIDv7 ids (RFC 9562) that never fall behind an id already seen.

    The millisecond field is `max(now, newest seen)`, so that a replica whose clock jumped back still
    orders its own later work later (a hybrid logical clock).
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._last = FIRST_ID

    def seen(self, event_id: str) -> None:
        """Take note of an id from the log."""
        self._last = max(self._last, event_id)

    def next(self) -> str:
        """A new id, larger than every id made or seen before."""
        last = int(self._last.replace("-", ""), 16)
        milliseconds = max(int(self._now() * 1000), last >> 80)
        counter = _random_bits(74)
        if milliseconds == last >> 80:
            counter = _counter(last) + 1 + _random_bits(40)
            if counter >> 74:
                milliseconds, counter = milliseconds + 1, _random_bits(73)
        self._last = _uuid7(milliseconds, counter)
        return self._last


def event_time(event_id: str) -> float:
    """Seconds since the epoch when an event was made, from its id."""
    return (int(event_id.replace("-", "")[:12], 16)) / 1000


def _random_bits(count: int) -> int:
    """So many random bits from the system, as `secrets` gives them (which loads `hashlib`)."""
    return int.from_bytes(os.urandom((count + 7) // 8)) >> (-count % 8)


def _counter(value: int) -> int:
    """The 74 bits of a UUIDv7 that are neither time, version nor variant."""
    return ((value >> 64) & 0xFFF) << 62 | (value & ((1 << 62) - 1))


def _uuid7(milliseconds: int, counter: int) -> str:
    value = (
        milliseconds << 80 | 7 << 76 | (counter >> 62) << 64 | 2 << 62 | counter & ((1 << 62) - 1)
    )
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
