"""Precedents: how a string, in any of its forms, was labelled before by the same annotator.

A cache beside `head`: one row for each span that stands and is short enough to be the name of
something, filed under the form of its surface (`text.forms.form_key`). It does not ask what unit a
layer has, as the scheme may change. Rows are found again by what they are made from, so another way
to make forms needs the caches rebuilt (a step in `migrations`).
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from annotator.model.annotation import Kind
from annotator.store.engine import Connection, Row
from annotator.store.long_names import is_filed
from annotator.store.reader import Reader

LONGEST = 100
"""Longer surfaces (in code points) are not filed."""
PLACES = 20
"""How many places of each label are given."""
_PORTION = 500
"""Forms in one query."""

COLUMNS = "actor, layer, form, label, event, n, key"
_KEY = "actor = ? AND layer = ? AND form = ? AND label = ? AND event = ?"
_FILE = f"""INSERT INTO precedent ({COLUMNS}) VALUES (?,?,?,?,?,?,?)
            ON CONFLICT (actor, layer, form, label, event)
            DO UPDATE SET n = excluded.n, key = excluded.key"""
_LABELS = """SELECT label, count(*) FROM precedent WHERE actor = ? AND layer = ? AND form = ?
             GROUP BY label"""
_NEWEST = """SELECT a.id, h.body FROM
                 (SELECT n, key, event FROM precedent WHERE actor = ?1 AND layer = ?2 AND form = ?3
                  AND label = ?4 ORDER BY event DESC LIMIT ?5) p
             CROSS JOIN article a ON a.n = p.n
             CROSS JOIN head h ON h.article = a.id AND h.actor = ?1 AND h.key = p.key
             ORDER BY p.event DESC"""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A place where the string was labelled."""

    article: str
    start: int
    end: int
    surface: str
    """The form it has there."""


@dataclass(frozen=True, slots=True)
class Precedents:
    """What an annotator did with a string and its forms so far, in one layer."""

    form: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """Spans by label, the most frequent first."""
    places: Mapping[str, tuple[Precedent, ...]] = field(default_factory=dict)
    """For each of these labels up to 20 places, newest first."""

    @property
    def is_ambiguous(self) -> bool:
        """Whether it was labelled in more than one way."""
        return len(self.counts) > 1


def form_of(surface: str) -> str:
    """The form a surface is filed under; "" when it is too long to be filed."""
    from annotator.text.forms import form_key  # not needed to open a project

    return form_key(surface) if len(surface) <= LONGEST else ""


def row_of(actor: str, n: int, key: str, event: str, body: Mapping[str, Any] | None) -> Row | None:
    """The row that files a span; None for what is not filed."""
    if not isinstance(body, dict):
        return None
    layer, label, surface = body.get("layer"), body.get("label"), body.get("text")
    if not (isinstance(layer, str) and isinstance(label, str) and isinstance(surface, str)):
        return None
    form = form_of(surface)
    if not form or not is_filed(layer, form, label):
        return None
    return (actor, layer, form, label, event, n, key)


def add(conn: Connection, row: Row | None) -> None:
    """File a span. Within a transaction."""
    if row is not None:
        conn.execute(_FILE, row)


def remove(conn: Connection, row: Row | None) -> None:
    """Take a span out again. Within a transaction."""
    if row is not None:
        conn.later(f"DELETE FROM precedent WHERE {_KEY}", [row[:5]])


def of_heads(n: int, heads: Iterable[Row]) -> list[Row]:
    """The rows for an article's heads (article, actor, key, event, kind, body as JSON text)."""
    found = (
        row_of(actor, n, key, event, json.loads(body))
        for _, actor, key, event, kind, body in heads
        if kind == Kind.SPAN and body is not None
    )
    return [row for row in found if row is not None]


def fill(conn: Connection, rows: Iterable[Row]) -> None:
    """File many spans. Within a transaction."""
    conn.later(_FILE, rows)


def precedents(reader: Reader, actor: str, surface: str, layer: str) -> Precedents:
    """How `actor` labelled a string and its forms in a layer."""
    form = form_of(surface)
    if not form:
        return Precedents("")
    rows = reader.rows(_LABELS, (actor, layer, form))
    counts: dict[str, int] = dict(sorted(rows, key=lambda row: (-row[1], row[0])))
    places = {
        label: tuple(
            _place(article, json.loads(body))
            for article, body in reader.rows(_NEWEST, (actor, layer, form, label, PLACES))
        )
        for label in counts
    }
    return Precedents(form, counts, places)


def _place(article: str, body: Mapping[str, Any]) -> Precedent:
    return Precedent(article, body["start"], body["end"], body["text"])


def known_forms(reader: Reader, actor: str, layer: str, forms: Collection[str]) -> set[str]:
    """Those of the forms that `actor` has labelled in a layer."""
    found: set[str] = set()
    for some in _portions(forms):
        marks = ",".join(["(?)"] * len(some))
        sql = f"""WITH sought (form) AS (VALUES {marks}) SELECT s.form FROM sought s WHERE EXISTS
                  (SELECT 1 FROM precedent p WHERE p.actor = ? AND p.layer = ? AND p.form = s.form)"""
        found.update(form for (form,) in reader.rows(sql, (*some, actor, layer)))
    return found


def labels_of(
    reader: Reader, actor: str, layer: str, forms: Collection[str]
) -> dict[str, Counter[str]]:
    """For each of the forms that `actor` has labelled in a layer, how often with which label."""
    found: dict[str, Counter[str]] = {}
    for some in _portions(forms):
        marks = ",".join("?" * len(some))
        sql = f"""SELECT form, label, count(*) FROM precedent WHERE actor = ? AND layer = ?
                  AND form IN ({marks}) GROUP BY form, label ORDER BY form, label"""
        for form, label, count in reader.rows(sql, (actor, layer, *some)):
            found.setdefault(form, Counter())[label] = count
    return found


def _portions(forms: Collection[str]) -> Iterator[list[str]]:
    """Each form once, as many together as are asked for at once."""
    rest = iter(dict.fromkeys(forms))
    while some := list(islice(rest, _PORTION)):
        yield some
