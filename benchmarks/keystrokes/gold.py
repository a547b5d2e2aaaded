"""The gold that is replayed: published corpora and two articles marked by hand, read from files.

The texts are not ours to pass on: they lie in `../shared/data` beside the checkout. Of the two
articles only offsets and labels are in `benchmarks/gold`, with the SHA-256 of the text they belong
to. A set whose files are absent is skipped with a reason.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from annotator.model.article import text_sha256
from annotator.text import units

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
GOLD = ROOT / "benchmarks" / "gold"

FACTRU = {
    "Person": "PER",
    "Org": "ORG",
    "LocOrg": "LOC",
    "Location": "LOC",
    "Facility": "LOC",
    "Project": "PRO",
}
"""factRuEval's objects as labels of the preset scheme."""
ONE = "boilerplate"
"""The label of a scheme with one category."""


class Piece(NamedTuple):
    """A labelled stretch of gold, in code points, half-open."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Position:
    """A gold stance: who holds which value toward whom, and the sentences that show it."""

    target: str
    value: str
    holder: str
    holder_name: str
    evidence: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """A text with what must be marked in one layer, in reading order (outer before inner)."""

    id: str
    text: str
    pieces: tuple[Piece, ...]
    dropped: int = 0
    """Gold spans left out: on the very edges of another, crossing one, or no part of the task."""
    entities: tuple[tuple[Piece, str], ...] = ()
    """For stance: the entities with their identities."""
    positions: tuple[Position, ...] = ()


class AbsentError(Exception):
    """The files of a set are not there; says which."""


def _records(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise AbsentError(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def arranged(found: Iterable[Piece]) -> tuple[tuple[Piece, ...], int]:
    """Pieces in reading order, and how many were dropped because they cannot stand together."""
    kept: list[Piece] = []
    dropped = 0
    for piece in sorted(found, key=lambda p: (p.start, -p.end)):
        over = [k for k in kept[-8:] if k.end > piece.start]
        same = any((k.start, k.end) == (piece.start, piece.end) for k in over)
        if same or any(k.end < piece.end for k in over):
            dropped += 1
        else:
            kept.append(piece)
    return tuple(kept), dropped


def slavicner(language: str) -> list[GoldArticle]:
    """Names of SlavicNER: PER ORG LOC EVT PRO."""
    articles = []
    for record in _records(SHARED / "ner" / f"slavicner_{language}.jsonl"):
        pieces, dropped = arranged(Piece(s["start"], s["end"], s["label"]) for s in record["spans"])
        articles.append(GoldArticle(record["id"], record["text"], pieces, dropped))
    return articles


def factrueval() -> list[GoldArticle]:
    """Outermost objects of factRuEval 2016 under the preset's labels."""
    articles = []
    for record in _records(SHARED / "ner" / "factrueval2016_ru.jsonl"):
        found = [
            Piece(s["start"], s["end"], FACTRU[s["label"]])
            for s in record["spans"]
            if s["layer"] == "ner"
        ]
        pieces, dropped = arranged(found)
        outer = tuple(p for p in pieces if not any(_inside(p, other) for other in pieces))
        dropped += len(pieces) - len(outer)
        articles.append(GoldArticle(record["id"], record["text"], outer, dropped))
    return articles


def _inside(piece: Piece, other: Piece) -> bool:
    return piece != other and other.start <= piece.start and piece.end <= other.end


def line_labels(name: str) -> list[GoldArticle]:
    """Boilerplate of news pages: neighbouring lines joined to one stretch; mixed lines are content."""
    articles = []
    for record in _records(SHARED / "boilerplate" / f"boiler_{name}_near.jsonl"):
        text = record["text"]
        marked = {
            units.block_at(text, s["start"])
            for s in record["spans"]
            if s["layer"] == "line" and s["label"] == "boilerplate"
        }
        pieces = runs(text, {block: ONE for block in marked if block is not None})
        articles.append(GoldArticle(record["id"], text, pieces))
    return articles


def blocks(text: str) -> list[tuple[int, int]]:
    """All blocks of a text."""
    found, here = [], units.next_block(text, 0)
    while here is not None:
        found.append(here)
        here = units.next_block(text, here[1]) if here[1] < len(text) else None
    return found


def runs(text: str, labels: dict[tuple[int, int], str]) -> tuple[Piece, ...]:
    """Labelled blocks as the layer keeps them: neighbours of one label are one stretch."""
    found: list[Piece] = []
    before = ""
    for block in blocks(text):
        label = labels.get(block, "")
        if label and label == before:
            found[-1] = found[-1]._replace(end=block[1])
        elif label:
            found.append(Piece(*block, label))
        before = label
    return tuple(found)


def _by_hand() -> Iterator[tuple[dict[str, Any], str]]:
    """The two articles' gold with their texts."""
    for path in sorted(GOLD.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = SHARED / "articles" / f"{gold['id']}.txt"
        if not source.is_file():
            raise AbsentError(f"{source} is not there")
        text = source.read_bytes().decode()
        if text_sha256(text) != gold["text_sha256"]:
            raise AbsentError(f"{source} is not the text that was marked")
        yield gold, text


def two_articles(layer: str) -> list[GoldArticle]:
    """The two articles on one event, marked by hand in one layer."""
    articles = []
    for gold, text in _by_hand():
        pieces, dropped = arranged(
            Piece(span["start"], span["end"], span["label"]) for span in gold[layer]
        )
        articles.append(GoldArticle(gold["id"], text, pieces, dropped))
    return articles


def stances() -> list[GoldArticle]:
    """The two articles' stances over their entities."""
    articles = []
    for gold, text in _by_hand():
        entities = tuple(
            (Piece(e["start"], e["end"], e["label"]), e["xid"]) for e in gold["entities"]
        )
        positions = tuple(
            Position(
                p["target"],
                p["value"],
                p["holder"],
                p["holder_name"],
                tuple((e["start"], e["end"]) for e in p["evidence"]),
            )
            for p in gold["stances"]
        )
        articles.append(GoldArticle(gold["id"], text, (), 0, entities, positions))
    return articles


Loader = Callable[[], list[GoldArticle]]
