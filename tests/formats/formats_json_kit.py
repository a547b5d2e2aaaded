"""What the tests of doccano, Label Studio and Prodigy share: generated documents, bytes as files."""

import json
from pathlib import Path
from typing import Any

from formats_kit import read
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.sources.incoming import Refusal
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article

_PIECES = st.one_of(
    st.sampled_from(["🇧🇬", "и\u0306", "\r\n", "\n", "\u2028", "\t", " ", "  ", "Лом", "\\n", '"']),
    st.sampled_from(["👩‍🚒", "\u00ad", "<p>", "&", "\x85", "{", "]", "12:34Още", "Анти-Ломски"]),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)

TEXTS = st.lists(_PIECES, min_size=1, max_size=30).map("".join).filter(lambda t: not t.isspace())

_LABELS = {"entities": ("PER", "ORG", "LOC"), "boilerplate": ("nav", "footer")}

_ATTRS = st.fixed_dictionaries(
    {}, optional={"lemma": st.text("аб 1\\n", min_size=1), "uncertain": st.booleans()}
)


@st.composite
def generated(draw: st.DrawFn, actors: tuple[str, ...] = ("anna",)) -> Document:
    """An article with spans that may nest, cross and touch, in two layers, of each annotator."""
    text = draw(TEXTS)
    works = []
    for actor in actors:
        places = draw(st.lists(_place(len(text)), max_size=8, unique=True))
        spans = [
            Span(f"{actor}-{number}", layer, label, start, end, draw(_ATTRS))
            for number, (layer, label, start, end) in enumerate(places)
        ]
        status = Status(State.DONE)
        works.append(Work("generated", actor, sort_spans(spans), status=status))
    return Document(Article("generated", text, lang="bg", meta={"n": [1]}), tuple(works))


@st.composite
def _place(draw: st.DrawFn, length: int) -> tuple[str, str, int, int]:
    layer = draw(st.sampled_from(sorted(_LABELS)))
    label = draw(st.sampled_from(_LABELS[layer]))
    start = draw(st.integers(0, length - 1))
    return layer, label, start, draw(st.integers(start + 1, length))


def lines(*values: Any) -> bytes:
    """JSON lines."""
    return b"".join(json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values)


def read_bytes(
    kind: str, data: bytes, folder: Path, name: str = "file.jsonl"
) -> list[Record | Refusal]:
    """What a reader gives of a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return read(kind, path)


def reasons(items: list[Record | Refusal]) -> list[str]:
    """Why things were refused; nothing but refusals may be there."""
    assert all(isinstance(item, Refusal) for item in items), items
    return [item.reason for item in items]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def twisted(seed: Any, value: Any, path: tuple[int, ...]) -> Any:
    """A JSON value with one part of it, found by going down the path, replaced."""
    if not path or not isinstance(seed, dict | list) or not seed:
        return value
    keys = sorted(seed) if isinstance(seed, dict) else range(len(seed))
    key = list(keys)[path[0] % len(seed)]
    twin = dict(seed) if isinstance(seed, dict) else list(seed)
    twin[key] = twisted(seed[key], value, path[1:])
    return twin


PATHS = st.lists(st.integers(0, 9), min_size=1, max_size=7).map(tuple)
"""Ways down a JSON value for `twisted`."""
