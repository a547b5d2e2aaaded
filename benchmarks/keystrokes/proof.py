"""The proof: what the project exports is the gold, nothing missing and nothing more."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.formats import registry
from annotator.formats.document import Document
from annotator.store.project import Project
from benchmarks.keystrokes.gold import GoldArticle


def exported(project: Project, folder: Path) -> dict[str, dict[str, Any]]:
    """The lines of a native JSONL export, by article."""
    path = folder / "export.jsonl"
    found = (Document(s.article, s.works, s.recorded, s.sha256) for s in project.documents())
    registry.export("jsonl", found, project.scheme, path)
    with path.open(encoding="utf-8") as lines:
        records = (json.loads(line) for line in lines)
        return {record["id"]: record for record in records}


def wrong_spans(article: GoldArticle, record: dict[str, Any], layer: str) -> Iterator[str]:
    """A line for each span that is missing or should not be there."""
    wanted = {tuple(piece) for piece in article.pieces}
    found = [(s["start"], s["end"], s["label"]) for s in record["layers"][layer]]
    cut = [s for s in record["layers"][layer] if article.text[s["start"] : s["end"]] != s["text"]]
    for span in cut:
        yield f"{article.id}: the export does not cut {span['start']}-{span['end']} out of the text"
    for span in sorted(wanted - set(found)):
        yield f"{article.id}: {span} is missing"
    for span in sorted(set(found) - wanted):
        yield f"{article.id}: {span} is too much"
    if len(found) != len(set(found)):
        yield f"{article.id}: a span is there twice"


def wrong_stances(article: GoldArticle, record: dict[str, Any]) -> Iterator[str]:
    """A line for each stance that is missing or should not be there."""
    wanted = {(p.target, p.holder, p.holder_name, p.value, p.evidence) for p in article.positions}
    found = {
        (
            s["target"]["name"],
            s["holder"]["kind"],
            s["holder"]["name"],
            s["label"],
            tuple((e["start"], e["end"]) for e in s["evidence"]),
        )
        for s in record["stances"]
    }
    for stance in sorted(wanted - found):
        yield f"{article.id}: the stance {stance} is missing"
    for stance in sorted(found - wanted):
        yield f"{article.id}: the stance {stance} is too much"
