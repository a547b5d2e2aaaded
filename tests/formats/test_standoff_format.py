"""The export without texts: golden bytes, the published schema, no word of an article, and back."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from formats_kit import exported, read, reader, write
from formats_samples import BRIDGE, check_golden, documents, several
from generated import generated
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.guess import find
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.writers.standoff import json_schema
from annotator.model.annotation import State
from annotator.text.counting import Count

COUNTS = (Count.CODE_POINTS, Count.UTF16, Count.BYTES)


def lines(docs: list[Document] | None = None, **options: object) -> list[dict[str, Any]]:
    data = exported("standoff", docs, **options)[""]
    return [json.loads(line) for line in data.split(b"\n") if line]


def cut(text: str, start: int, end: int, count: Count) -> str:
    """What another program cuts out, by its own way of counting."""
    if count is Count.BYTES:
        return text.encode()[start:end].decode()
    if count is Count.UTF16:
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return text[start:end]


def test_bytes_are_kept():
    losses = Losses()
    check_golden("standoff.jsonl", exported("standoff", several(), losses)[""])
    check_golden("standoff.losses.txt", ("\n".join(losses.lines()) + "\n").encode())
    data = exported("standoff", several(), quotes=True, offsets=Count.UTF16)[""]
    check_golden("standoff.quotes.jsonl", data)


@pytest.mark.parametrize("quotes", [False, True])
def test_every_line_fits_the_published_schema(quotes):
    schema = json.loads(json_schema())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    found = lines(several(), quotes=quotes)
    assert len(found) == 3
    for line in found:
        validator.validate(line)
    for spoilt in (
        *({"schema": "annotator/1"}, {"text": "x"}, {"meta": {}}, {"offsets": "lf"}),
        *({"length": 0}, {"text_sha256": "x"}, {"layers": {"entities": [{"start": 1}]}}),
    ):
        assert not validator.is_valid(found[0] | spoilt)


def test_no_word_of_an_article_goes_out():
    """Every word of the text that the annotators did not enter themselves."""
    bare = [
        Document(
            replace(doc.article, source=""),
            tuple(replace(work, stances=(), notes=()) for work in doc.works),
        )
        for doc in documents()
    ]
    data = exported("standoff", bare)[""].decode()
    words = {word for doc in bare for word in doc.article.text.split() if len(word) > 3}
    assert len(words) > 40
    assert not [word for word in words if word in data]
    assert "Мостът" not in data
    quoted = exported("standoff", bare, quotes=True)[""].decode()
    assert len([word for word in words if word in quoted]) > 30


def test_what_annotators_entered_stays():
    first = lines()[0]
    assert {stance["target"]["name"] for stance in first["stances"]} == {
        *("Мостът край Лом", "Заплатите\tда се платят")
    }
    assert [note["note"] for note in first["notes"]] == ["", "залепено"]
    assert first["layers"]["entities"][0]["attrs"] == {"lemma": "Лом", "xid": "LOC-Lom"}
    assert "title" not in first
    assert lines(quotes=True)[0]["title"] == "Мостът край Лом"


@settings(max_examples=60)
@given(doc=generated(), count=st.sampled_from(COUNTS))
def test_offsets_cut_out_what_was_marked(doc, count):
    text = doc.article.text
    (line,) = lines([doc], offsets=count, quotes=True)
    assert line["offsets"] == count
    assert cut(text, 0, line["length"], count) == text
    got = [item for spans in line["layers"].values() for item in spans]
    for item in got:
        assert cut(text, item["start"], item["end"], count) == item["text"]
        before = item["prefix"] + item["text"] + item["suffix"]
        assert before in text
        assert max(len(item["prefix"]), len(item["suffix"])) <= 32
    wanted = sorted(text[s.start : s.end] for s in doc.works[0].spans)
    assert sorted(item["text"] for item in got) == wanted


def test_losses_are_counted():
    losses = Losses()
    exported("standoff", documents(), losses)
    assert losses["title"] == 1
    assert losses["field of metadata"] == 2
    assert losses.written["articles"] == 3


def back(docs: list[Document], folder: Path, **options: object) -> list[Record | Refusal]:
    path = write(exported("standoff", docs, **options), folder, "out.jsonl")
    return read("standoff", path)


@settings(max_examples=60)
@given(doc=generated(), count=st.sampled_from(COUNTS), quotes=st.booleans())
def test_what_goes_out_comes_back(doc, count, quotes):
    with TemporaryDirectory() as folder:
        (record,) = back([doc], Path(folder), offsets=count, quotes=quotes)
    assert isinstance(record, Record)
    assert (record.article.id, record.article.text) == ("x", "")
    assert record.sha256 == doc.article.sha256
    assert record.finished
    settled = settle(record, doc.article.text)
    assert isinstance(settled, Settled)
    assert settled.counts is count
    assert {c.id: (c.layer, c.label, c.start, c.end, c.attrs) for c in settled.claims} == {
        s.id: (s.layer, s.label, s.start, s.end, s.attrs) for s in doc.works[0].spans
    }


def test_there_is_a_record_for_each_annotator(tmp_path):
    found = back(several(), tmp_path)
    assert [(r.article.id, r.annotator, len(r.claims), r.finished) for r in found] == [
        ("bridge", "anna", 11, True),
        ("bridge", "boris", 1, False),
        ("harbour#1", "anna", 4, True),
        ("harbour#1", "boris", 0, False),
    ]
    assert [dict(r.left_out) for r in found] == [
        {"stance": 3, "note or flag": 2},
        *({}, {"stance": 1}, {}),
    ]
    assert found[0].article.url == "https://vesti.example/most?a=1&b=2"
    assert found[0].where.endswith("out.jsonl:1")


def test_an_export_is_known_by_its_first_bytes(tmp_path):
    data = exported("standoff")[""]
    sniff = reader("standoff").sniff
    assert sniff(data[:40], "a.jsonl")
    assert not sniff(data, "a.json")
    assert not sniff(exported("jsonl")[""], "a.jsonl")
    quoting = json.dumps({"text": '{"schema":"annotator-standoff/1"'}).encode()
    assert not sniff(quoting, "a.jsonl")
    (found,) = find(write({"": data}, tmp_path, "out.jsonl"), ReadOptions())
    assert isinstance(found, Found)


def changed(line: dict[str, Any], *path: Any, value: Any) -> bytes:
    """The line with one value another, or missing."""
    copy = json.loads(json.dumps(line))
    place = copy
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(copy).encode()


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("schema",), "annotator/1", "not a line of the schema annotator-standoff/1"),
        (("id",), "", "the id is not one of 1 to 1000 characters"),
        (("id",), 7, "the field 'id' is not a string"),
        (("text_sha256",), "ab", "text_sha256 is not a SHA-256"),
        (("offsets",), "lf", "offsets are none of code-points, utf-16, bytes"),
        (("offsets",), [], "offsets are none of code-points, utf-16, bytes"),
        (("annotators",), ..., "the field 'annotators' is missing"),
        (("annotators", 0), 1, "what should have a field 'name' is not an object"),
        (("annotators", 0, "name"), "a:b", "'a:b' cannot be an annotator's name: use 1 to 64"),
        (("annotators", 0, "state"), "x", "'x' is not a state"),
        (("layers",), [], "the field 'layers' is not an object"),
        (("layers", "entities"), {}, "layer 'entities' is not a list"),
        (("layers", "entities", 0), "x", "what should have a field 'start' is not an object"),
        (("layers", "entities", 0, "start"), True, "the field 'start' is not a whole number"),
        (("layers", "entities", 0, "annotator"), "eve", "'eve' is not among the annotators"),
        (("layers", "entities", 0, "attrs"), None, "the field 'attrs' is not an object"),
        (("stances", 0, "annotator"), "eve", "'eve' is not among the annotators"),
    ],
)
def test_lines_that_do_not_hold_together_are_refused(tmp_path, path, value, reason):
    line = lines()[0]
    file = tmp_path / "a.jsonl"
    good = json.dumps(lines()[1]).encode()
    file.write_bytes(changed(line, *path, value=value) + b"\n" + good + b"\n")
    first, second = read("standoff", file)
    assert isinstance(first, Refusal)
    assert first.where == f"{file}:1"
    assert first.reason.startswith(reason)
    assert isinstance(second, Record)


def test_an_annotator_twice_is_refused(tmp_path):
    line = lines()[0]
    line["annotators"] *= 2
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(line))
    (found,) = read("standoff", file)
    assert found.reason == "the annotator 'anna' comes twice"


@settings(max_examples=200)
@given(data=st.data())
def test_no_value_whatever_breaks_the_reader(data):
    line = lines()[0]
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=4,
    )
    place: Any = line
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and data.draw(st.booleans()):
            place = place[key]
            continue
        place[key] = data.draw(values)
        break
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.jsonl"
        file.write_text(json.dumps(line), "utf-8")
        for found in read("standoff", file):
            if isinstance(found, Record):
                settle(found, BRIDGE)


@settings(max_examples=60)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_whatever_break_the_reader(noise, place):
    whole = exported("standoff", documents()[:1])[""]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "a.jsonl"
        file.write_bytes(whole[:place] + noise + whole[place:])
        for found in read("standoff", file):
            assert isinstance(found, Record | Refusal)


def test_states_are_those_of_the_model():
    schema = json.loads(json_schema())
    assert schema["$defs"]["annotator"]["properties"]["state"]["enum"] == [str(s) for s in State]
