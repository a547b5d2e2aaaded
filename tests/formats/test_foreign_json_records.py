"""Records of JSON in lines, arrays or over several lines, however the file is cut into pieces."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.readers import json_records
from annotator.formats.readers.table import kind_of_file
from annotator.formats.sources.incoming import Found, ReadOptions
from annotator.formats.strict_json import BadJsonError

OBJECTS = st.lists(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
        st.text('"\\[]{}a\n\u2028🇧🇬')
        | st.lists(st.dictionaries(st.text('ab:"', max_size=2), st.none())),
        max_size=3,
    ),
    min_size=1,
    max_size=5,
)


def values(data: bytes, folder: Path) -> list[object]:
    path = folder / "records.json"
    path.write_bytes(data)
    found = Found(path, path.name, "f", "")
    return [
        str(value) if isinstance(value, BadJsonError) else value
        for _, value in json_records.records(found, ReadOptions())
    ]


@settings(max_examples=100)
@given(OBJECTS, st.integers(1, 9), st.booleans())
def test_every_way_to_write_records_gives_the_same(tmp_path_factory, objects, chunk, ascii_):
    folder = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_records, "CHUNK", chunk)
        for indent in (None, 0, 2):
            array = json.dumps(objects, indent=indent, ensure_ascii=ascii_)
            assert values(array.encode(), folder) == objects
            assert values((" \n" + array + "\n ").encode("utf-16"), folder) == objects
    lines = "\n".join(json.dumps(each, ensure_ascii=ascii_) for each in objects)
    assert values(lines.encode(), folder) == objects
    pretty = "\n".join(json.dumps(each, indent=1) for each in objects)
    if objects[0]:
        assert values(pretty.encode(), folder) == objects


def test_a_bad_record_of_an_array_costs_one_record(tmp_path):
    found = values(b'[\n{"a": 1},\n{"a" 2},\n{"a": 3}\n]', tmp_path)
    assert found == [{"a": 1}, "broken JSON at column 6: Expecting ':' delimiter", {"a": 3}]


def test_what_stands_after_the_end_is_told(tmp_path):
    assert values(b'[\n{"a": 1}]\n{"b": 2}', tmp_path)[1] == "there is more after its last bracket"
    assert values(b'{\n"a": 1}\n]', tmp_path)[1] == "there is more after its last bracket"


def test_a_record_that_is_too_long_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(json_records, "LIMIT", 1 << 20)
    data = b'[\n{"a": "' + b"x" * (3 << 20) + b'"}]'
    assert values(data, tmp_path) == ["the record is longer than 1 MB"]


def test_names_of_an_object_that_is_cut_off():
    head = b'[{"id": 1, "inner": {"data": [{"x": "y"}]}, "annotations": [{"te\\"xt": "a, \\"b\\": '
    assert json_records.names(head) == {"id", "inner", "annotations"}
    assert json_records.names(b'{"a": "b", "c": 1}\n{"d": 2}') == {"a", "c"}
    assert json_records.names(b"") == frozenset()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ({"id": "a", "text": "b", "title": "c"}, ""),
        ({"id": "a", "text": "b", "label": "sport", "labels": ["x"], "answer": 1}, ""),
        ({"schema": "annotator/1", "text": "b", "layers": {}, "annotators": []}, ""),
        ({"id": "a", "text": "b", "entities": [{"start": 0, "end": 1, "label": "X"}]}, ""),
        ({"id": "a", "tokens": ["a"], "ner_tags": [0]}, ""),
        ({"text": "b", "label": [[0, 1, "X"]]}, "doccano"),
        ({"text": "b", "spans": [], "answer": "accept"}, "prodigy"),
        ({"data": {"text": "b"}, "annotations": []}, "label-studio"),
    ],
)
def test_each_kind_is_told_from_the_others(line, kind):
    for name in ("doccano", "label_studio", "prodigy"):
        module = __import__(f"annotator.formats.readers.{name}", fromlist=["sniff"])
        known = module.sniff(json.dumps(line).encode(), "x.json")
        assert known == (name.replace("_", "-") == kind)


def test_the_table_finds_the_reader():
    data = json.dumps({"text": "b", "label": [[0, 1, "X"]]}).encode()
    assert kind_of_file(data, "a/b.jsonl") == "doccano"
