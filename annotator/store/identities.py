"""Identities: which cross-lingual ids and lemmas an annotator has given so far, and how often.

A cache beside `head`: a row for each form, id, lemma and label that stand together on spans, with
their number. So asking for what can be completed costs the identities, not the spans.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Kind
from annotator.store.engine import Connection, Row
from annotator.store.long_names import is_filed
from annotator.store.reader import Reader

MOST = 2_000
"""So many rows, the most used ones, are offered; those of the form and the event group besides."""
GROUP = 100
"""An event group is looked through as far as so many of its articles."""
LONGEST = 200
"""Longer surfaces (in code points) are not names of anything."""

COLUMNS = "actor, layer, form, xid, lemma, label, uses"
_ADD = f"""INSERT INTO identity ({COLUMNS}) VALUES (?,?,?,?,?,?,?)
           ON CONFLICT (actor, layer, form, xid, lemma, label)
           DO UPDATE SET uses = identity.uses + excluded.uses"""
_KEY = "actor = ? AND layer = ? AND form = ? AND xid = ? AND lemma = ? AND label = ?"
_MOST = """SELECT form, xid, lemma, label, uses FROM identity WHERE actor = ? AND layer = ?
           ORDER BY uses DESC, form DESC, xid DESC, lemma DESC, label DESC LIMIT ?"""
_FORM = """SELECT form, xid, lemma, label, uses FROM identity
           WHERE actor = ? AND layer = ? AND form = ? ORDER BY xid, lemma, label"""
_GROUP = """SELECT h.body FROM (SELECT id FROM article WHERE grp = ? AND grp <> ''
             ORDER BY n LIMIT ?) a
            CROSS JOIN head h ON h.article = a.id AND h.actor = ?
            AND h.key >= 'span:' AND h.key < 'span;'
            WHERE instr(h.body, '"attrs":{') > 0"""


def _form(surface: str) -> str:
    from annotator.text.forms import form_key  # not needed to open a project

    return form_key(surface)


@dataclass(frozen=True, slots=True)
class Known:
    """An identity that was given before."""

    xid: str
    """The cross-lingual id; "" where a lemma alone names the entity."""
    lemma: str
    """The lemma given most often with it, "" when none was."""
    label: str
    """The label it has most often."""
    uses: int
    """On how many spans of the project it is."""
    in_group: int = 0
    """On how many spans of the articles about the same event."""
    forms: tuple[str, ...] = ()
    """The keys (`text.forms.form_key`) of the names it goes by, the most frequent first."""

    @property
    def name(self) -> str:
        """What names the entity: the id, else the lemma."""
        return self.xid or self.lemma


def row_of(actor: str, body: Mapping[str, Any] | None) -> Row | None:
    """The row that counts a span; None for one without an identity."""
    attrs = body.get("attrs") if isinstance(body, dict) else None
    if not body or not isinstance(attrs, dict):
        return None
    values = (body.get("layer"), body.get("label"), body.get("text"))
    layer, label, surface = (value if isinstance(value, str) else "" for value in values)
    xid, lemma = (attrs.get(name) for name in ("xid", "lemma"))
    xid, lemma = (value if isinstance(value, str) else "" for value in (xid, lemma))
    if not (layer and (xid or lemma) and 0 < len(surface) <= LONGEST):
        return None
    form = _form(surface)
    return (
        (actor, layer, form, xid, lemma, label)
        if is_filed(layer, form, xid, lemma, label)
        else None
    )


def add(conn: Connection, row: Row | None) -> None:
    """Count a span. Within a transaction."""
    if row is not None:
        conn.execute(_ADD, (*row, 1))


def remove(conn: Connection, row: Row | None) -> None:
    """Count a span out again. Within a transaction."""
    if row is not None:
        conn.later(f"DELETE FROM identity WHERE {_KEY} AND uses = 1", [row])
        conn.later(f"UPDATE identity SET uses = uses - 1 WHERE {_KEY}", [row])


def of_heads(heads: Iterable[Row]) -> Counter[Row]:
    """The rows for heads (article, actor, key, event, kind, body as JSON text), with their number."""
    return Counter(
        row
        for _, actor, _, _, kind, body in heads
        if kind == Kind.SPAN and body is not None and '"attrs"' in body
        if (row := row_of(actor, json.loads(body))) is not None
    )


def fill(conn: Connection, rows: Mapping[Row, int]) -> None:
    """Count many spans. Within a transaction."""
    conn.later(_ADD, ((*row, uses) for row, uses in rows.items()))


def identities(reader: Reader, actor: str, layer: str, group: str, surface: str) -> list[Known]:
    """What `actor` gave in a layer: of the form and the event group all, else what is used most.

    The most used come first.
    """
    near = Counter(
        row[2:]
        for body in (_bodies(reader, group, actor) if group else ())
        if (row := row_of(actor, body)) is not None and row[1] == layer
    )
    rows = {row[:4]: row[4] for row in reader.rows(_MOST, (actor, layer, MOST))}
    if surface.strip() and len(surface) <= LONGEST:
        sought = reader.rows(_FORM, (actor, layer, _form(surface)))
        rows |= {row[:4]: row[4] for row in sought}
    return _known(rows, near)


def _bodies(reader: Reader, group: str, actor: str) -> list[dict[str, Any]]:
    """The bodies of the group's spans with attributes; one parse for all is faster than one each."""
    rows = reader.rows(_GROUP, (group, GROUP, actor))
    found: list[dict[str, Any]] = json.loads("[" + ",".join(body for (body,) in rows) + "]")
    return found


def _known(rows: Mapping[Row, int], near: Mapping[Row, int]) -> list[Known]:
    """One for each id (or lemma without one); rows are of form, id, lemma and label."""
    parts: dict[str, list[tuple[int, Row]]] = {}
    groups: Counter[str] = Counter()
    # of equal counts the first is taken, so their order must be the same wherever they come from
    for row, uses in {**dict(sorted(near.items())), **rows}.items():
        parts.setdefault(row[1] or row[2], []).append((uses, row))
    for row, uses in near.items():
        groups[row[1] or row[2]] += uses
    found = [_one(pieces, groups[name]) for name, pieces in parts.items()]
    return sorted(found, key=lambda known: (-known.uses, known.name))


def _one(pieces: list[tuple[int, Row]], in_group: int) -> Known:
    if len(pieces) == 1:
        uses, (form, xid, lemma, label) = pieces[0]
        return Known(xid, lemma, label, uses, in_group, (form,))
    counts: tuple[Counter[str], ...] = (Counter(), Counter(), Counter(), Counter())
    for uses, row in pieces:
        for count, value in zip(counts, row, strict=True):
            count[value] += uses
    forms, xids, lemmas, labels = counts
    lemma = next((lemma for lemma, _ in lemmas.most_common() if lemma), "")
    names = tuple(form for form, _ in forms.most_common())
    uses = sum(uses for uses, _ in pieces)
    return Known(max(xids), lemma, labels.most_common(1)[0][0], uses, in_group, names)
