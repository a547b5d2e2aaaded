"""News pages whose lines are labelled content or boilerplate, for measuring and for the prior."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.suggest.boilerplate.lines import Line, lines_of

DATA = Path(__file__).parents[2] / "shared" / "data" / "boilerplate"
COPY = 0.5
"""Pages whose content shares so much of its shingles are near copies."""
_WORD = re.compile(r"\w+")


class Page(NamedTuple):
    """A page and the truth about its lines."""

    id: str
    text: str
    source: str
    lines: tuple[Line, ...]
    boilerplate: tuple[bool, ...]
    """By line; a line that is both counts as content."""
    group: int
    """Near copies have the same number."""


def pages(path: Path) -> list[Page]:
    """The pages of a file of JSON lines whose spans in layer `line` are labelled."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for raw in lines:
            item = json.loads(raw)
            tags = {s["start"]: s["label"] for s in item["spans"] if s["layer"] == "line"}
            cut = tuple(lines_of(item["text"]))
            truth = tuple(tags.get(line.start) == "boilerplate" for line in cut)
            found.append(
                Page(item["id"], item["text"], item["meta"].get("site", ""), cut, truth, 0)
            )
    groups = grouped([_shingles(page) for page in found])
    return [page._replace(group=group) for page, group in zip(found, groups, strict=True)]


def grouped(shingles: Sequence[frozenset[int]]) -> list[int]:
    """By page, the number of the first page it is a near copy of, through others too."""
    group = list(range(len(shingles)))
    where: dict[int, list[int]] = {}
    for at, several in enumerate(shingles):
        common: dict[int, int] = {}
        for one in several:
            for other in where.setdefault(one, []):
                common[other] = common.get(other, 0) + 1
            where[one].append(at)
        for other, shared in common.items():
            if shared >= COPY * min(len(several), len(shingles[other])):
                old, new = sorted((group[at], group[other]), reverse=True)
                group = [new if number == old else number for number in group]
    return group


def _shingles(page: Page) -> frozenset[int]:
    body = " ".join(
        line.text for line, tag in zip(page.lines, page.boilerplate, strict=True) if not tag
    )
    words = _WORD.findall(body.lower())
    return frozenset(hash(tuple(words[at : at + 5])) for at in range(len(words) - 4))
