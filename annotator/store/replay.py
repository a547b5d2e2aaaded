"""The past of an article: everybody's decisions as they stood at some moment.

The log only grows, so the state at a moment is the fold of the events up to it. Moments are event ids,
which carry the time; what another copy of the project brought in later counts from when it was made.
"""

from datetime import datetime, timedelta

from annotator.model.annotation import Kind, Work
from annotator.model.decision import Decided, Decision
from annotator.model.errors import AnnotatorError
from annotator.model.opinions import held
from annotator.store.engine import Row
from annotator.store.reader import Reader
from annotator.store.rebuild import NEWEST
from annotator.store.works import FOREIGN, bodies, of_heads

_THEN = f"""SELECT actor, key, event, kind, body FROM
            ({NEWEST.format(where="AND article = ? AND id <= ?")}) h ORDER BY actor, key"""
_ID_LENGTH = 36


def moment(said: str) -> str:
    """The event id up to which things count, for an id or a time in words.

    Args:
        said: an event's id, or a date or time as ISO 8601 has it (`2026-03-01`, `2026-03-01T14:30`,
            with seconds or a zone when wanted; without one the machine's own). A date, a minute or a
            second counts whole.

    Raises:
        AnnotatorError: it is neither.
    """
    if len(said) == _ID_LENGTH and said.count("-") == 4:
        return said.lower()
    try:
        start = datetime.fromisoformat(said)
    except ValueError:
        raise AnnotatorError(
            f"{said!r} is no moment; give a time such as 2026-03-01 or 2026-03-01T14:30, or the id "
            "of an event."
        ) from None
    try:
        end = start + _width(said)
    except OverflowError:  # the last day there is
        end = start
    milliseconds = max(int(end.timestamp() * 1000) - 1, 0)
    digits = f"{milliseconds:012x}"
    return f"{digits[:8]}-{digits[8:]}-ffff-ffff-ffffffffffff"


def _width(said: str) -> timedelta:
    """How long what was said lasts: a day, a minute or a second."""
    if len(said) <= len("2026-03-01"):
        return timedelta(days=1)
    clock = said[len("2026-03-01T") :].split("+")[0].split("Z")[0].split("-")[0]
    if "." in clock:
        return timedelta(milliseconds=1)
    return timedelta(seconds=1) if clock.count(":") == 2 else timedelta(minutes=1)


def works_at(reader: Reader, article: str, until: str) -> tuple[Work, ...]:
    """Everybody's decisions on an article as they stood after the event `until`, sorted by name."""
    by_actor: dict[str, list[Row]] = {}
    for row in reader.rows(_THEN, (article, until)):
        if row[3] not in FOREIGN:
            by_actor.setdefault(row[0], []).append(row[1:])
    return tuple(of_heads(article, name, rows, bodies(rows)) for name, rows in by_actor.items())


def decisions_at(reader: Reader, article: str, until: str) -> tuple[Decided, ...]:
    """The adjudicated items of an article as they stood after the event `until`, sorted by key."""
    rows = [row for row in reader.rows(_THEN, (article, until)) if row[3] == Kind.DECISION]
    given: dict[str, list[Decided]] = {}
    values = bodies([row[1:] for row in rows])
    for (actor, key, event, _, _), body in zip(rows, values, strict=True):
        if body is not None:  # who took theirs back says nothing
            given.setdefault(key, []).append(Decided(Decision.of(key, body), event, actor))
    return tuple(held(given[key]) for key in sorted(given))
