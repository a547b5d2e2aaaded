"""The native format: golden bytes, the published schema, round trips, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from formats_samples import BRIDGE, bridge, check_golden, documents, news, several
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.formats.document import Document
from annotator.formats.readers.native import read_path
from annotator.formats.registry import export
from annotator.formats.sources.incoming import Refusal
from annotator.formats.writers.native_jsonl import json_schema
from annotator.model.annotation import (
    Evidence,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError


def written(docs: list[Document], folder: Path) -> bytes:
    path = folder / "out.jsonl"
    export("jsonl", docs, news(), path)
    return path.read_bytes()


def objects(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def test_bytes_are_kept(tmp_path):
    check_golden("native.jsonl", written(several(), tmp_path))


def test_every_line_fits_the_published_schema(tmp_path):
    schema = json.loads(json_schema())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lines = objects(written(several(), tmp_path))
    assert len(lines) == 3
    for line in lines:
        validator.validate(line)
    for spoilt in ({"schema": "annotator/2"}, {"more": 1}, {"text": ""}, {"stances": [{}]}):
        assert not validator.is_valid(lines[0] | spoilt)


def test_every_surface_is_where_it_says(tmp_path):
    for line in objects(written(several(), tmp_path)):
        things = [span for spans in line["layers"].values() for span in spans]
        things += [e for stance in line["stances"] for e in stance["evidence"]]
        things += [note for note in line["notes"] if "start" in note]
        for thing in things:
            assert line["text"][thing["start"] : thing["end"]] == thing["text"]


def test_reading_gives_back_what_was_written(tmp_path):
    docs = several()
    (tmp_path / "a.jsonl").write_bytes(written(docs, tmp_path))
    back = list(read_path(tmp_path / "a.jsonl"))
    assert [d.article for d in back] == [d.article for d in docs]
    for one, other in zip(back, docs, strict=True):
        for mine, theirs in zip(one.works, other.works, strict=True):
            assert mine.spans == theirs.spans
            assert set(mine.stances) == set(theirs.stances)
            assert set(mine.notes) == set(theirs.notes)
            assert (mine.looked, mine.status) == (theirs.looked, theirs.status)
    assert written(back, tmp_path) == (tmp_path / "a.jsonl").read_bytes()


def test_a_long_surface_is_repeated_whole(tmp_path):
    text = "дълго " * 100
    span = Span("s", "boilerplate", "nav", 0, 500)
    docs = [Document(Article("a", text), (Work("a", "anna", (span,)),))]
    [line] = objects(written(docs, tmp_path))
    assert line["layers"]["boilerplate"][0]["text"] == text[:500]


STORABLE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60
)
PIECES = st.sampled_from(
    [
        "\r\n",
        "\u2028",
        "\x85",
        "\x1c",
        "👩‍🚒",
        "🇧🇬",
        "и\u0306",
        "\ufeff",
        "\t",
        '"\\',
        "\u202e",
        " ",
    ]
)
TEXTS = (
    st.lists(st.one_of(STORABLE, PIECES), min_size=1, max_size=8)
    .map("".join)
    .filter(lambda text: not text.isspace())
)
NAMES = STORABLE.filter(lambda name: len(name) < 40)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | STORABLE
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(STORABLE, inner, max_size=3),
    max_leaves=6,
)
MAPS = st.dictionaries(STORABLE, JSON, max_size=3)


@st.composite
def places(draw: st.DrawFn, text: str) -> tuple[int, int]:
    start = draw(st.integers(0, len(text) - 1))
    return start, draw(st.integers(start + 1, len(text)))


@st.composite
def works(draw: st.DrawFn, article: str, text: str, actor: str) -> Work:
    spans = [
        Span(f"{actor}{n}", draw(NAMES), draw(NAMES), *draw(places(text)), draw(MAPS), draw(NAMES))
        for n in range(draw(st.integers(0, 4)))
    ]
    stances: dict[str, Stance] = {}
    for _ in range(draw(st.integers(0, 3))):
        evidence = [
            Evidence(*draw(places(text)), draw(NAMES)) for _ in range(draw(st.integers(0, 2)))
        ]
        stance = Stance(
            Party(draw(st.sampled_from(["entity", "proposition"])), draw(NAMES)),
            draw(NAMES),
            Party(draw(st.sampled_from(["author", "quoted"])), draw(st.just("") | NAMES)),
            draw(NAMES),
            draw(st.integers(1, 3)),
            tuple(evidence),
            draw(st.just("") | NAMES),
        )
        stances[stance.key(actor, article)] = stance
    notes = []
    for n in range(draw(st.integers(0, 2))):
        place = draw(st.just((None, None)) | places(text))
        notes.append(Note(f"{actor}-{n}", draw(NAMES), draw(st.booleans()), *place))
    status = Status(draw(st.sampled_from(State)), draw(NAMES), draw(st.integers(0, 10**9)))
    looked = draw(st.frozensets(NAMES, max_size=2))
    return Work(
        article, actor, sort_spans(spans), tuple(stances.values()), looked, tuple(notes), status
    )


@st.composite
def any_document(draw: st.DrawFn) -> Document:
    ident, text = draw(NAMES), draw(TEXTS)
    rest = [draw(st.just("") | NAMES) for _ in range(7)]
    actors = sorted(draw(st.sets(st.sampled_from(["anna", "Борис", "c d"]), max_size=2)))
    article = Article(ident, text, *rest, draw(MAPS))
    return Document(article, tuple(draw(works(ident, text, actor)) for actor in actors))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=any_document())
def test_any_document_comes_back_byte_for_byte(tmp_path, document):
    data = written([document], tmp_path)
    [back] = read_path(tmp_path / "out.jsonl")
    assert isinstance(back, Document), back
    assert back.article == document.article
    assert [w.spans for w in back.works] == [w.spans for w in document.works]
    assert [set(w.stances) for w in back.works] == [set(w.stances) for w in document.works]
    assert [set(w.notes) for w in back.works] == [set(w.notes) for w in document.works]
    assert [(w.actor, w.looked, w.status) for w in back.works] == [
        (w.actor, w.looked, w.status) for w in document.works
    ]
    assert written([back], tmp_path) == data


def first_line(tmp_path: Path) -> dict[str, Any]:
    return objects(written(several(), tmp_path))[0]


def refusal(tmp_path: Path, line: str | bytes) -> Refusal:
    """The refusal of a line that stands second, after a good one."""
    good = written(documents()[2:], tmp_path)
    path = tmp_path / "in.jsonl"
    path.write_bytes(good + (line if isinstance(line, bytes) else line.encode()) + b"\n" + good)
    before, item, after = read_path(path)
    assert isinstance(before, Document)
    assert isinstance(after, Document), "the rest of the file goes in"
    assert isinstance(item, Refusal)
    assert item.where == f"{path}:2"
    return item


CHANGES = {
    "sha": (lambda o: o.update(text=o["text"] + "!"), "SHA-256"),
    "schema": (lambda o: o.update(schema="annotator/2"), "schema annotator/1"),
    "missing": (lambda o: o.pop("group"), "no 'group'"),
    "unknown": (lambda o: o.update(extra=1), "unknown field 'extra'"),
    "type": (lambda o: o.update(title=None), "'title' of the article is not a string"),
    "bool": (lambda o: o["annotators"][0].update(seconds=True), "not a whole number"),
    "negative": (lambda o: o["annotators"][0].update(seconds=-1), "negative"),
    "state": (lambda o: o["annotators"][0].update(state="lost"), "'lost' is not a state"),
    "name": (lambda o: o["annotators"][0].update(name="a:b"), "annotator's name"),
    "stranger": (lambda o: o["notes"][0].update(annotator="eve"), "'eve' is not among"),
    "offset": (lambda o: o["layers"]["entities"][0].update(start=1), "do not cut out"),
    "outside": (lambda o: o["layers"]["entities"][0].update(end=10**6), "do not cut out"),
    "quote": (lambda o: o["layers"]["entities"][0].update(text="Ром"), "do not cut out"),
    "evidence": (lambda o: o["stances"][1]["evidence"][0].update(end=99), "do not cut out"),
    "note": (lambda o: o["notes"][1].update(start=0), "note 'n2' do not cut out"),
    "confidence": (lambda o: o["stances"][0].update(confidence=4), "confidence"),
    "twice": (lambda o: o["layers"]["entities"].append(o["layers"]["entities"][0]), "twice"),
    "empty": (lambda o: o["layers"]["entities"][0].update(label=""), "empty"),
    "id": (lambda o: o.update(id=""), "no id"),
    "list": (lambda o: o.update(layers=[]), "not an object"),
}


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES)
def test_a_line_that_does_not_hold_together_is_refused(tmp_path, change, reason):
    line = first_line(tmp_path)
    change(line)
    assert reason in refusal(tmp_path, json.dumps(line)).reason


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda s: s[:-20], "broken JSON"),
        (lambda s: s.replace('"n":7', '"n":NaN'), "NaN"),
        (lambda s: s.replace('"n":7', '"n":1e999'), "too large"),
        (lambda s: s.replace('"n":7', '"n":7,"n":7'), "twice"),
        (lambda s: s.replace('"n":7', '"n":' + "9" * 5000), "too many digits"),
        (lambda s: s.replace('"n":7', '"n":' + "[" * 99 + "]" * 99), "nested"),
        (lambda s: s.replace('"n":7', '"n":' + "[" * 100_000), "nested"),
        (lambda s: s.replace('"n":7', '"n":"\\ud800"'), "lone surrogate U+D800"),
        (lambda s: s.replace('"n":7', '"n":"\\u0000"'), "NUL"),
        (lambda s: s.encode().replace("Вести".encode(), b"\xff\xfe"), "byte 0xff"),
        (lambda s: "[]", "not a line of the schema"),
        (lambda s: '"x"', "not a line of the schema"),
    ],
)
def test_a_line_that_is_not_clean_json_is_refused(tmp_path, spoil, reason):
    line = written(several(), tmp_path).split(b"\n")[0].decode()
    assert spoil(line) != line
    assert reason in refusal(tmp_path, spoil(line)).reason


def test_empty_lines_and_crlf_and_a_byte_order_mark_do_no_harm(tmp_path):
    data = written(several(), tmp_path)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + data.replace(b"\n", b"\r\n\r\n"))
    assert [d.article for d in read_path(path)] == [d.article for d in several()]


def test_what_json_cannot_hold_names_the_article(tmp_path):
    article = Article("odd", BRIDGE, meta={"n": float("nan")})
    with pytest.raises(AnnotatorError, match="'odd' holds something JSON cannot"):
        export("jsonl", [Document(article)], news(), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_article_fields_are_all_there(tmp_path):
    line = first_line(tmp_path)
    article = bridge()
    for name in ("id", "title", "source", "url", "date", "lang", "lang_source", "group", "text"):
        assert line[name] == getattr(article, name)
    assert line["text_sha256"] == article.sha256
    assert line["scheme"] == {"name": "news", "version": news().version}
