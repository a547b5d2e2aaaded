"""The guidelines' versions in a project: which holds, and which held when something was decided.

Every process tells in its session event which version it worked with, and tells again when it learns
of another; the events behind a session event, up to the writer's next one, were made under it.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, event_time
from annotator.model.guideline_version import (
    KEY,
    VERB,
    Change,
    GuidelineVersion,
    next_version,
)
from annotator.model.scheme import Scheme
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.engine import Connection
    from annotator.store.part import Part
    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

_PAGE = 500
_RELABELLED = "scheme"
"""The verb of what a change of the scheme wrote (`relabelling.VERB`)."""

# one step of the index for each annotator, however many events they have
_ACTORS = """WITH RECURSIVE known(actor) AS (
                 SELECT min(actor) FROM event WHERE article = '' UNION ALL
                 SELECT (SELECT min(actor) FROM event WHERE article = '' AND actor > known.actor)
                 FROM known WHERE known.actor IS NOT NULL)"""
_LOG = f"""{_ACTORS} SELECT e.id, e.actor, e.body FROM known CROSS JOIN event e
           ON e.article = '' AND e.actor = known.actor AND e.key = '{KEY}'
           WHERE e.body IS NOT NULL ORDER BY e.id"""
_SESSIONS = f"""{_ACTORS} SELECT e.writer, e.seq,
                coalesce(json_extract(e.body, '$.guidelines'),
                         json_extract(e.body, '$.scheme.version'))
                FROM known CROSS JOIN event e ON e.article = '' AND e.actor = known.actor
                AND e.key >= 'session:' AND e.key < 'session;'
                WHERE e.body IS NOT NULL ORDER BY e.writer, e.seq"""
NOW = f"""SELECT body, event FROM head WHERE article = '' AND kind = '{Kind.GUIDELINES}'
           AND key = '{KEY}' AND body IS NOT NULL ORDER BY event DESC LIMIT 1"""
"""Body and event of the version that holds; no row where none was set."""


class Kept(NamedTuple):
    """A version of the guidelines as a project keeps it."""

    guidelines: GuidelineVersion
    event: str = ""
    """Id of its event; "" for the scheme's own guidelines."""
    actor: str = ""

    @property
    def time(self) -> float:
        """Seconds since the epoch when it was set; 0 for the scheme's own."""
        return event_time(self.event) if self.event else 0.0


def log(reader: Reader) -> list[Kept]:
    """Every version that was set, oldest first; the scheme's own are not among them."""
    return [
        Kept(GuidelineVersion.of(json.loads(body)), event, actor)
        for event, actor, body in reader.rows(_LOG)
    ]


def current(reader: Reader, scheme: Scheme) -> Kept:
    """The version that holds: the newest that was set, else the scheme's own."""
    versions = log(reader)
    own = GuidelineVersion(str(scheme.version), scheme.guidelines)
    return versions[-1] if versions else Kept(own)


def put(writer: "Writer", scheme: Scheme, new: GuidelineVersion, actor: str) -> None:
    """Make a version the project's.

    Raises:
        AnnotatorError: its version is not above the one that holds in the file by now.
    """

    def save(conn: "Connection", chain: "Chain") -> None:
        row = conn.execute(NOW).fetchone()
        now = json.loads(row[0])["version"] if row else str(scheme.version)
        next_version(now, new.version, new.change)
        act = Act(VERB, (_draft(new, row[1] if row else ""),))
        chain.step(chain.save(conn, act, actor))

    writer.write(save)


def _draft(new: GuidelineVersion, base: str) -> Draft:
    """The draft of a version's event."""
    return Draft(Kind.GUIDELINES, KEY, "", new.body(), base)


def with_scheme(conn: "Connection", before: Scheme, after: Scheme, words: str) -> tuple[Draft, ...]:
    """The draft by which a change of the scheme takes the guidelines along.

    A label's new name stands in the guidelines too, and a loaded scheme may bring its own: where
    versions were set, such a text becomes the next one. () when it stays as it is, or none was set.
    """
    row = conn.execute(NOW).fetchone()
    if row is None or before.guidelines == after.guidelines:
        return ()
    from annotator.model.guidelines import about_changed

    now = json.loads(row[0])
    version = next_version(now["version"], "", Change.MINOR)
    about = about_changed(now["text"], after.guidelines, after)
    note = f"with the scheme: {words}"
    new = GuidelineVersion(version, after.guidelines, Change.MINOR, about, note)
    return (_draft(new, row[1]),)


class Versions:
    """Under which version of the guidelines every event was made.

    All session events are read at once, one for each start of a program; asking is a look-up.
    """

    def __init__(self, reader: Reader) -> None:
        """Read the sessions."""
        self._reader = reader
        self._known: dict[str, tuple[list[int], list[str]]] = {}
        for writer, seq, version in reader.rows(_SESSIONS):
            seqs, versions = self._known.setdefault(writer, ([], []))
            seqs.append(seq)
            versions.append("" if version is None else str(version))

    def of(self, writer: str, seq: int) -> str:
        """The version an event was made under; "" when its session is not known."""
        seqs, versions = self._known.get(writer, ([], []))
        place = bisect_right(seqs, seq)
        return versions[place - 1] if place else ""

    def of_events(self, events: Iterable[str]) -> dict[str, str]:
        """The versions of events by their ids, 500 in a query; unknown ids are left out.

        What a change of the scheme wrote anew nobody decided anew: it has the version of what it
        replaced.
        """
        found: dict[str, str] = {}
        rest = iter(events)
        while batch := list(islice(rest, _PAGE)):
            asked = {event: event for event in batch}
            while asked:
                asked = self._step(asked, found)
        return found

    def _step(self, asked: dict[str, str], found: dict[str, str]) -> dict[str, str]:
        """Find the versions of some events; those left, each by the event it stands for."""
        marks = ",".join("?" * len(asked))
        sql = f"SELECT id, writer, seq, verb, base FROM event WHERE id IN ({marks})"
        replaced = {}
        for event, writer, seq, verb, base in self._reader.rows(sql, list(asked)):
            if verb == _RELABELLED and base:
                replaced[base] = asked[event]
            else:
                found[asked[event]] = self.of(writer, seq)
        return replaced


def versions_of(project: "Part") -> Versions:
    """Under which version of the guidelines every event was made."""
    return Versions(project._reader)


def history(reader: Reader, scheme: Scheme) -> list[Kept]:
    """Every version, oldest first: the scheme's own that held before any was set, then those set."""
    sql = """SELECT body FROM event WHERE article = '' AND kind = 'scheme' AND id < ?
             AND body IS NOT NULL ORDER BY id DESC LIMIT 1"""
    versions = log(reader)
    own = (str(scheme.version), scheme.guidelines)
    if versions:
        row = reader.row(sql, (versions[0].event,))
        body = json.loads(row[0]) if row else None
        own = (str(body["version"]), body["guidelines"]) if body else ("0", "")
    return [Kept(GuidelineVersion(*own)), *versions]


def named(versions: Iterable[Kept], version: str) -> Kept:
    """A version by its name; of several with one name, as merged copies may have, the newest.

    Raises:
        AnnotatorError: there is none; the sentence lists those there are.
    """
    known = {each.guidelines.version: each for each in versions}
    if version not in known:
        raise AnnotatorError(
            f"There is no version {version!r} of the guidelines; there are: {', '.join(known)}."
        )
    return known[version]
