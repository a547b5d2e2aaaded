"""Conflicts: one thing changed on two copies of a project, by the same person, apart from each other.

Two events on one key that build on the same version, were written by different processes and say
different things are in conflict. The newest of all holds meanwhile and nothing is lost. A conflict is
settled by the next event on its key that is made where it is known: it names both in its `of`. (That
an event builds on the winner alone does not tell: the winner's side may just have gone on.)

The table `conflict` is a cache like the others: a function of the set of events, whatever their order.
It is asked by article and annotator, and empty but for what is open.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, Event, event_time
from annotator.store.engine import Connection, Row
from annotator.store.erasure import IS_ERASED, is_erased
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.part import Part
    from annotator.store.saving import Chain

VERB = "settle"
"""The verb of acts that settle; undo at the desk does not reach them."""
BASED = (Kind.SPAN, Kind.STANCE, Kind.LOOKED, Kind.STATUS, Kind.NOTE, Kind.REJECTION, Kind.RULE)
"""Kinds made on a screen that shows what stands: with these "no base" means there was nothing."""
NEVER = (Kind.TIME, Kind.SESSION, Kind.SUGGESTION, Kind.SHOWN, Kind.ASSISTANCE)
"""Kinds that nobody decides, or of which the newest holds without a word."""

_BASED_SQL = ",".join(f"'{kind}'" for kind in BASED)
_NEVER_SQL = ",".join(f"'{kind}'" for kind in NEVER)
_PLACE = "article = ? AND actor = ? AND key = ?"
_SAME_BASE = f"SELECT id, kind, body FROM event WHERE {_PLACE} AND base = ? AND writer <> ?"
_SETTLED = f"""SELECT 1 FROM event WHERE {_PLACE} AND length(of) > 36
               AND instr(of, ?) > 0 AND instr(of, ?) > 0 LIMIT 1"""
_ADD = """INSERT INTO conflict (article, actor, key, event, other) VALUES (?,?,?,?,?)
          ON CONFLICT DO NOTHING"""
OPEN = f"SELECT event, other FROM conflict WHERE {_PLACE}"
_DROP = f"DELETE FROM conflict WHERE {_PLACE} AND instr(?, event) > 0 AND instr(?, other) > 0"
# as `_said`
_SAYS = """CASE {0}.kind WHEN 'status' THEN json_extract({0}.body, '$.state') || ' ' ||
           json_extract({0}.body, '$.reason') ELSE {0}.body END"""
_OLD, _NEW = _SAYS.format("a"), _SAYS.format("b")
_OLD_GONE = IS_ERASED.replace("body", "coalesce(a.body, '')")
_NEW_GONE = IS_ERASED.replace("body", "coalesce(b.body, '')")
# only keys with several versions are looked into, which an index tells
_MADE = f"""SELECT b.article, b.actor, b.key, b.id, a.id FROM
        (SELECT article, actor, key FROM event WHERE {{where}} GROUP BY article, actor, key
         HAVING count(*) > 1) k
    CROSS JOIN event a ON a.article = k.article AND a.actor = k.actor AND a.key = k.key
    CROSS JOIN event b ON b.article = k.article AND b.actor = k.actor AND b.key = k.key
         AND b.id > a.id
    WHERE a.base = b.base AND a.writer <> b.writer
    AND a.kind NOT IN ({_NEVER_SQL}) AND b.kind NOT IN ({_NEVER_SQL})
    AND (a.base <> '' OR (a.kind IN ({_BASED_SQL}) AND b.kind IN ({_BASED_SQL})))
    AND (a.kind <> b.kind OR {_OLD} IS DISTINCT FROM {_NEW})
    AND NOT {_OLD_GONE} AND NOT {_NEW_GONE}
    AND NOT EXISTS (SELECT 1 FROM event e WHERE e.article = k.article AND e.actor = k.actor
        AND e.key = k.key AND length(e.of) > 36
        AND instr(e.of, a.id) > 0 AND instr(e.of, b.id) > 0)"""
_FILL = f"INSERT INTO conflict (article, actor, key, event, other) {_MADE}"
_ALL = _MADE.format(where="true")
_HELD = "SELECT article, actor, key, event, other FROM conflict"
# in one statement, so that nobody writes between
_WRONG = f"""WITH made (article, actor, key, event, other) AS MATERIALIZED ({_ALL})
             SELECT DISTINCT article, actor, key FROM
                 (SELECT * FROM (SELECT * FROM made EXCEPT {_HELD}) much
                  UNION ALL SELECT * FROM ({_HELD} EXCEPT SELECT * FROM made) little) either
             LIMIT 100"""
_LISTED = f"""{_HELD} WHERE (?1 = '' OR article = ?1) AND (?2 = '' OR actor = ?2)
             ORDER BY article, actor, key, event, other"""
_VERSIONS = f"""SELECT id, base, verb, kind, body, writer FROM event WHERE {_PLACE} ORDER BY id"""


class Version(NamedTuple):
    """What one side says."""

    event: str
    """Id of its newest event."""
    kind: Kind
    body: Mapping[str, Any] | None
    """None where it was removed."""
    verb: str
    """How it came about."""
    writer: str
    """The process that wrote it."""

    @property
    def time(self) -> float:
        """When, in seconds since the epoch."""
        return event_time(self.event)


class Conflict(NamedTuple):
    """One thing that was changed twice, apart."""

    article: str
    """"" where it is about no article."""
    actor: str
    """Whose thing it is."""
    key: str
    this: Version
    """What holds now."""
    others: tuple[Version, ...]
    """What the other sides say, newest first; at least one."""

    @property
    def name(self) -> str:
        """Eight digits it is called by, the same in every copy of the project."""
        import hashlib  # only who lists conflicts needs it

        line = "\0".join((self.article, self.actor, self.key))
        return hashlib.sha256(line.encode()).hexdigest()[:8]


# --- the cache


def meet(conn: Connection, event: Event, head: str) -> None:
    """Bring the cache up to date with an event on a key whose newest event so far is `head`.

    Either the event itself or all others are in the log already.
    """
    place = (event.article, event.actor, event.key)
    if len(event.of) > 36:
        conn.execute(_DROP, (*place, event.of, event.of))
    # what builds on the newest is alone in that: another one would be newer
    if event.base == head or not _concerned(event.kind, event.base) or is_erased(event.body):
        return
    for other, kind, body in conn.execute(
        _SAME_BASE, (*place, event.base, event.writer)
    ).fetchall():
        value = None if body is None else json.loads(body)
        pair = (max(event.id, other), min(event.id, other))
        if (
            _concerned(Kind(kind), event.base)
            and not is_erased(value)
            and _said(event.kind, event.body) != _said(Kind(kind), value)
            and not conn.execute(_SETTLED, (*place, *pair)).fetchone()
        ):
            conn.execute(_ADD, (*place, *pair))


def fill(conn: Connection) -> None:
    """Make the cache anew from the log, after the table was emptied."""
    conn.execute(_FILL.format(where="true"))


def wrong(reader: Reader) -> list[Row]:
    """Article, actor and key of rows that are not what the log says, or that lack; a hundred at most."""
    return reader.rows(_WRONG)


def refresh(conn: Connection, article: str) -> None:
    """Make the rows of one article anew, after events of it were erased."""
    conn.execute("DELETE FROM conflict WHERE article = ?", (article,))
    conn.execute(_FILL.format(where="article = ?"), (article,))


def marked(conn: Connection, act: Act, draft: Draft, actor: str) -> Act:
    """The act as an event of it is written: it names the conflict that it settles, if there is one."""
    rows = conn.execute(OPEN, (draft.article, actor, draft.key)).fetchall()
    if not rows or act.of:
        return act
    return replace(act, of=" ".join(sorted({name for row in rows for name in row})))


def _concerned(kind: Kind, base: str) -> bool:
    return kind not in NEVER and (bool(base) or kind in BASED)


def _said(kind: Kind, body: Mapping[str, Any] | None) -> tuple[Kind, Mapping[str, Any] | None]:
    """What two versions differ by; not by how long an article was on screen."""
    if kind is Kind.STATUS and body is not None:
        return kind, {name: body.get(name) for name in ("state", "reason")}
    return kind, body


# --- for people


def listed(reader: Reader, article: str = "", actor: str = "") -> list[Conflict]:
    """The open conflicts, of all or of one article or annotator."""
    rows = groupby(reader.rows(_LISTED, (article, actor)), key=lambda row: row[:3])
    return [
        _conflict(reader, place, {name for row in of for name in row[3:]}) for place, of in rows
    ]


def _conflict(reader: Reader, place: Row, names: set[str]) -> Conflict:
    """The conflict about a thing, of which these versions are against others."""
    article, actor, key = place
    events = reader.rows(_VERSIONS, place)
    tips = _tips(events, names)
    head = events[-1]
    others = {_text(each): each for each in events if each[0] in tips and each[0] != head[0]}
    others.pop(_text(head), None)
    rest = sorted(others.values(), reverse=True) or [e for e in events if e[0] in names][:1]
    return Conflict(article, actor, key, _version(head), tuple(map(_version, rest)))


def _text(event: Row) -> str:
    return json.dumps(_said(Kind(event[3]), None if event[4] is None else json.loads(event[4])))


def _tips(events: Iterable[Row], begun: set[str]) -> set[str]:
    """Of each line of versions that begins with one of `begun` the newest; events oldest first."""
    line: dict[str, str] = {}
    for name, base, *_ in events:
        if name in begun:
            line[name] = name
        elif base in line:
            line[name] = line[base]
    newest = {start: name for name, start in line.items()}
    return set(newest.values())


def _version(event: Row) -> Version:
    name, _, verb, kind, body, writer = event
    return Version(name, Kind(kind), None if body is None else json.loads(body), verb, writer)


def found(project: "Part", name: str) -> Conflict:
    """The conflict whose name begins so; AnnotatorError when none or several do."""
    matching = [each for each in listed(project._reader) if name and each.name.startswith(name)]
    if len(matching) != 1:
        many = "Several conflicts begin with" if matching else "There is no open conflict"
        raise AnnotatorError(f"{many} {name!r}; `annotator merge PROJECT --conflicts` lists them.")
    return matching[0]


def settle(project: "Part", name: str, other: bool) -> Conflict:
    """Settle a conflict, see `Project.keep`; the conflict as it was."""
    conflict = found(project, name)
    kept = conflict.others[0] if other else conflict.this
    draft = Draft(kept.kind, conflict.key, conflict.article, kept.body, conflict.this.event)

    def save(conn: Connection, chain: "Chain") -> None:
        chain.step(chain.save(conn, Act(VERB, (draft,)), conflict.actor, project.actor))

    project._writing.write(save)
    return conflict
