"""What a project's labels are used for: counts, what must be decided again, the scheme's history."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.annotation import Kind
from annotator.model.event import event_time
from annotator.model.scheme import Scheme
from annotator.model.scheme_change import choices
from annotator.store.reader import Reader
from annotator.store.relabelling import having, retired


@dataclass(frozen=True, slots=True)
class Use:
    """How often a label is given."""

    annotations: int = 0
    articles: int = 0
    annotators: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """An annotation with a label that cannot be given any more."""

    article: str
    actor: str
    layer: str
    label: str
    key: str
    start: int | None
    end: int | None
    text: str
    """What it stands on, as far as it is short; of a stance its target."""
    into: tuple[str, ...]
    """What its annotator may choose from now; () for any label of the layer."""


@dataclass(frozen=True, slots=True)
class SchemeVersion:
    """One scheme the project had."""

    time: float
    """Seconds since the epoch when it was given."""
    actor: str
    name: str
    version: int
    op: str
    """add, rename, retire, split or load; "" where it came with a new project."""
    words: str
    annotations: int
    """Old annotations that were relabelled with it."""


class LabelBook:
    """A project's labels and what they are given to."""

    def __init__(self, reader: Reader, scheme: Scheme) -> None:
        self._reader = reader
        self._scheme = scheme

    def use(self) -> dict[tuple[str, str], Use]:
        """How often each label is given, by layer and name; labels the scheme does not know too."""
        sql = """SELECT {layer}, json_extract(body, '$.label'), count(*), count(DISTINCT article),
                 count(DISTINCT actor) FROM head WHERE kind = '{kind}' AND body IS NOT NULL
                 GROUP BY 1, 2 ORDER BY 1, 2"""
        layer = self._scheme.stance_layer
        stance = layer.name if layer else "stance"
        spans = self._reader.rows(sql.format(layer="json_extract(body, '$.layer')", kind=Kind.SPAN))
        stances = self._reader.rows(sql.format(layer="''", kind=Kind.STANCE))
        return {(row[0] or stance, row[1]): Use(*row[2:]) for row in (*spans, *stances)}

    def count_undecided(self) -> int:
        """How many annotations have a retired label. Costs nothing for a scheme that has none."""
        labels = retired(self._scheme)
        if not labels:
            return 0
        where, values = having(labels)
        return int(self._reader.value(f"SELECT count(*) FROM head WHERE {where}", values))

    def undecided(self) -> Iterator[Undecided]:
        """All annotations with a retired label, sorted by article and annotator, a few in memory."""
        labels = retired(self._scheme)
        where, values = having(labels)
        sql = f"""SELECT article, actor, key, kind, body FROM head WHERE {where}
                  AND (article, actor, key) > (?, ?, ?) ORDER BY article, actor, key LIMIT ?"""
        rows = self._reader.pages(sql, ("", "", ""), fixed=tuple(values)) if labels else ()
        stances = self._scheme.stance_layer
        for article, actor, key, _, body in rows:
            value = json.loads(body)
            layer = self._scheme.layer(value["layer"]) if "layer" in value else stances
            if layer is not None:
                text = value["text"] if "text" in value else value.get("target", {}).get("name", "")
                into = choices(layer, value["label"])
                place = (value.get("start"), value.get("end"))
                yield Undecided(article, actor, layer.name, value["label"], key, *place, text, into)

    def history(self) -> list[SchemeVersion]:
        """Every scheme the project had, the oldest first."""
        sql = "SELECT id, actor, body FROM event WHERE article = '' AND kind = 'scheme' ORDER BY id"
        found = []
        for event, actor, text in self._reader.rows(sql):
            body = json.loads(text)
            change = body.get("change", {})
            words = change.get("words", f"the scheme {body['name']}")
            done = (change.get("op", ""), words, change.get("annotations", 0))
            found.append(
                SchemeVersion(event_time(event), actor, body["name"], body["version"], *done)
            )
        return found
