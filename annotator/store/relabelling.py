"""A change of the scheme and what follows from it, in one transaction: all of it happens or none.

Old annotations whose label has a successor are written anew, each annotator's on an article as one
act under their own name; the log keeps what they were. Status and "looked at" stay. What only a
person can decide stays as it is and is listed (`undecided`).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, canonical
from annotator.model.scheme import Scheme, SpanLayer
from annotator.model.scheme_change import SchemeChange, successor
from annotator.model.scheme_diff import lost_layers
from annotator.store import guidelines
from annotator.store.engine import Connection, Row
from annotator.store.opening import SCHEME_KEY, scheme_body
from annotator.store.saving import Chain

VERB = "scheme"
"""The verb of these acts; `of` is the id of the act that changed the scheme."""

Labels = dict[tuple[str, str], str]
"""What labels become, by layer ("" for stances) and name; "" for what nothing takes the place of."""

SPANS = (Kind.SPAN,)
WITH_LABEL = (Kind.SPAN, Kind.REJECTION, Kind.RULE)
"""What has a layer and a label of spans."""

_NOW = """SELECT body, act FROM event WHERE id = (SELECT event FROM head WHERE article = ''
          AND kind = 'scheme' AND body IS NOT NULL ORDER BY event DESC LIMIT 1)"""
_OWN = """SELECT key, event, kind, body FROM head WHERE article = ? AND actor = ?
          AND kind IN ('span', 'stance', 'rejection', 'rule') AND body IS NOT NULL ORDER BY key"""


@dataclass(frozen=True, slots=True)
class Relabelled:
    """What a change of the scheme did to old annotations."""

    annotations: int = 0
    """How many got another label."""
    joined: int = 0
    """How many of them were taken away, for the same stretch had that label already."""
    works: int = 0
    """Annotators' works on an article they belong to."""


def change(conn: Connection, chain: Chain, wanted: SchemeChange, by: str) -> Relabelled:
    """Change the scheme and relabel; the caller holds lock and transaction, as in `taking.take`.

    Without a change of the scheme, what came in later with an old label is relabelled all the same.

    Raises:
        AnnotatorError: the project's scheme is no longer what the change began with, or a layer
            with decisions would go.
    """
    body, of = conn.execute(_NOW).fetchall()[0]
    stood = {**json.loads(body), **_guidelines_now(conn)}
    if {**stood, **scheme_body(wanted.before)} != stood:
        raise AnnotatorError("Somebody else has changed the scheme meanwhile; look at it again.")
    _refuse_loss(conn, wanted)
    labels = retired(wanted.after)
    pairs = _pairs(conn, labels)
    if wanted.changes:
        told = {"op": wanted.op, "words": wanted.words, "annotations": sum(n for *_, n in pairs)}
        draft = Draft(Kind.SCHEME, SCHEME_KEY, "", {**scheme_body(wanted.after), "change": told})
        along = guidelines.with_scheme(conn, wanted.before, wanted.after, wanted.words)
        act = Act(VERB, (draft, *along))
        chain.step(chain.save(conn, act, by))
        of = act.id
    changed = joined = 0
    for article, actor, _ in pairs:
        heads = conn.execute(_OWN, (article, actor)).fetchall()
        drafts = tuple(_drafts(article, heads, labels))
        act = Act(VERB, drafts, of, _act_id(of, actor, drafts))
        chain.step(chain.save(conn, act, actor, by))
        own = [draft for draft in drafts if draft.kind in (Kind.SPAN, Kind.STANCE)]
        changed += len(own)
        joined += sum(draft.body is None for draft in own)
    return Relabelled(changed, joined, sum(n > 0 for *_, n in pairs))


def _guidelines_now(conn: Connection) -> dict[str, str]:
    """The text of the guidelines where a version of its own was set, which holds before the scheme's."""
    row = conn.execute(guidelines.NOW).fetchone()
    return {"guidelines": json.loads(row[0])["text"]} if row else {}


def retired(scheme: Scheme) -> Labels:
    """The retired labels, and the one that takes each one's place ("" where none does)."""
    found: Labels = {}
    for layer in scheme.layers:
        place = layer.name if isinstance(layer, SpanLayer) else ""
        for label in layer.labels:
            new = successor(layer, label.name)
            if label.retired:
                found[place, label.name] = "" if new == label.name else new
    return found


def having(labels: Labels, kinds: tuple[Kind, ...] = SPANS) -> tuple[str, list[str]]:
    """The SQL condition that a head has one of these labels, and its parameters."""
    parts, values = [], []
    marks = ",".join("?" * len(kinds))
    for layer, name in labels:
        inside = f"kind IN ({marks}) AND json_extract(body, '$.layer') = ?" if layer else "kind = ?"
        parts.append(f"({inside} AND json_extract(body, '$.label') = ?)")
        values += [*kinds, layer, name] if layer else [Kind.STANCE, name]
    return f"body IS NOT NULL AND ({' OR '.join(parts) or 'FALSE'})", [str(x) for x in values]


def _pairs(conn: Connection, labels: Labels) -> list[Row]:
    """Article, annotator and how many of their annotations have a label that has a successor.

    The article "" stands for rules; those on a label without a successor go.
    """
    led_on = {place: new for place, new in labels.items() if new}
    where, values = having(led_on, WITH_LABEL)
    rules, more = having(labels, (Kind.RULE,))
    sql = f"""SELECT article, actor, count(*) FILTER (WHERE kind IN ('span', 'stance')) FROM head
              WHERE {where} OR (article = '' AND {rules})
              GROUP BY article, actor ORDER BY article, actor"""
    return conn.execute(sql, (*values, *more)).fetchall() if labels else []


def _drafts(article: str, heads: list[Row], labels: Labels) -> Iterator[Draft]:
    """The new versions of one annotator's annotations on an article."""
    bodies = {key: json.loads(body) for key, _, _, body in heads}
    stands = {
        _place(bodies[key]): key
        for key, _, kind, _ in heads
        if kind == Kind.SPAN and not _new(bodies[key], labels)
    }
    for key, event, kind, _ in heads:
        body = bodies[key]
        new = _new(body, labels)
        made: Mapping[str, Any] | None = {**body, "label": new}
        if new is None or (not new and kind != Kind.RULE):
            continue
        if not new or (kind == Kind.SPAN and stands.setdefault(_place(made), key) != key):
            made = None
        yield Draft(Kind(kind), key, article, made, event)


def _new(body: Mapping[str, Any], labels: Labels) -> str | None:
    """What a body's label becomes; None when it stays."""
    return labels.get((body.get("layer", ""), body["label"]))


def _place(body: Mapping[str, Any] | None) -> str:
    """Equal for spans that say the same: all of the body but where it came from."""
    return canonical({name: value for name, value in (body or {}).items() if name != "origin"})


def _act_id(of: str, actor: str, drafts: tuple[Draft, ...]) -> str:
    """The same change of the same versions is the same act, in whichever copy it is made."""
    lines = [[d.article, d.key, d.base, d.body] for d in drafts]
    line = canonical({"of": of, "actor": actor, "drafts": lines})
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refuse_loss(conn: Connection, wanted: SchemeChange) -> None:
    """Raises AnnotatorError when a layer goes in which something was decided."""
    for layer in lost_layers(wanted.before, wanted.after):
        if isinstance(layer, SpanLayer):
            where, values = "kind = 'span' AND json_extract(body, '$.layer') = ?", [layer.name]
        else:
            where, values = "kind = 'stance'", []
        looked = "kind = 'looked' AND json_extract(body, '$.layer') = ?"
        sql = f"""SELECT 1 FROM head WHERE body IS NOT NULL AND ({where} OR {looked}) LIMIT 1"""
        if conn.execute(sql, (*values, layer.name)).fetchall():
            raise AnnotatorError(
                f"The layer {layer.name!r} has decisions in this project and must stay; put it back "
                "into the scheme file (its labels can be retired)."
            )
