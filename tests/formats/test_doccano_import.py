"""doccano in: every real file, every variant, and what must be refused."""

import json
from collections import Counter

import pytest
from formats_json_kit import JSON, PATHS, lines, read_bytes, reasons, twisted
from formats_kit import SHARED, claims, read, reader, records
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.settling import Unsettled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.text.counting import Count

FOREIGN = SHARED / "foreign" / "doccano"

NO_TEXT = "it has no text"

REAL = {
    # file: is it recognised, claims of each record, what is left out, refusals
    "doccano-export-examples/intent_detection/example.jsonl": (True, [2, 1], {"document label": 2}),
    "doccano-export-examples/relation_extraction/example.jsonl": (True, [4], {"relation": 3}),
    "doccano-export-examples/sequence_labeling/example.jsonl": (True, [2, 1, 1], {}),
    "doccano-export-examples/sequence_to_sequence/example.json": (
        False,
        [0, 0, 0],
        {"document label": 3},
    ),
    "doccano-export-examples/sequence_to_sequence/example.jsonl": (
        False,
        [0, 0, 0],
        {"document label": 3},
    ),
    "doccano-export-examples/text_classification/example.json": (
        False,
        [0, 0, 0],
        {"document label": 3},
    ),
    "doccano-export-examples/text_classification/example.jsonl": (
        False,
        [0, 0, 0],
        {"document label": 3},
    ),
    "doccano-import-tests/intent/example.jsonl": (
        True,
        [1, 0, 1, 0],
        {"document label": 2},
        NO_TEXT,
    ),
    "doccano-import-tests/relation_extraction/example.jsonl": (True, [4], {"relation": 3}),
    "doccano-import-tests/seq2seq/example.json": (
        False,
        [0, 0],
        {"document label": 1},
        NO_TEXT,
        NO_TEXT,
    ),
    "doccano-import-tests/seq2seq/example.jsonl": (
        False,
        [0, 0],
        {"document label": 1},
        NO_TEXT,
        NO_TEXT,
    ),
    "doccano-import-tests/sequence_labeling/example.jsonl": (True, [1, 0], {}, NO_TEXT),
    "doccano-import-tests/sequence_labeling/example_overlapping.jsonl": (True, [2], {}),
    "doccano-import-tests/text_classification/example.json": (
        False,
        [0, 0, 0],
        {"document label": 3},
        NO_TEXT,
    ),
    "doccano-import-tests/text_classification/example.jsonl": (
        False,
        [0, 0, 0],
        {"document label": 3},
    ),
    "doccano-transformer-labeling/labeling.jsonl": (True, [5, 5, 6], {}),
    "doccano-transformer-labeling/labeling_text_label.jsonl": (True, [5, 6], {}),
}


def sniff(data: bytes, name: str = "x.jsonl") -> bool:
    return bool(reader("doccano").sniff(data, name))


def test_every_real_file_is_pinned():
    if not FOREIGN.is_dir():
        pytest.skip("the real files are not here")
    files = {
        path.relative_to(FOREIGN).as_posix(): path
        for path in FOREIGN.rglob("*")
        if path.suffix in (".json", ".jsonl")
    }
    assert sorted(files) == sorted(REAL)
    for name, (known, counts, left_out, *refused) in REAL.items():
        items = read("doccano", files[name])
        found = [item for item in items if isinstance(item, Record)]
        assert sniff(files[name].read_bytes(), name) == known, name
        assert [len(claims(record)) for record in found] == counts, name
        assert sum((Counter(r.left_out) for r in found), Counter()) == left_out, name
        assert [item.reason for item in items if isinstance(item, Refusal)] == refused, name


def test_version_1_gives_a_record_for_each_user(tmp_path):
    line = {
        "id": 7,
        "text": "Лом и Видин",
        "annotations": [
            {"label": 12, "start_offset": 0, "end_offset": 3, "user": 1},
            {"label": 13, "start_offset": 6, "end_offset": 11, "user": 2},
            {"label": "LOC", "start_offset": 6, "end_offset": 11, "user": 1},
            {"label": 3, "user": 2},
        ],
        "meta": {"rubric": "река"},
        "annotation_approver": None,
        "relations": [{}, {}],
    }
    first, second = read_bytes("doccano", lines(line), tmp_path)
    assert (first.annotator, second.annotator) == ("1", "2")
    assert claims(first) == [(0, 3, "12", "Лом"), (6, 11, "LOC", "Видин")]
    assert claims(second) == [(6, 11, "13", "Видин")]
    assert first.article == second.article
    assert first.article.id == "7"
    assert first.where.endswith("file.jsonl:1, user 1"), "which of them came first is told"
    assert first.article.meta == {"rubric": "река", "annotation_approver": None}
    assert first.left_out == {"document label": 1, "relation": 2}
    assert second.left_out == {}, "what is left out of a line is told once"


def test_today_s_variants(tmp_path):
    relation = {
        "id": 1,
        "text": "Лом",
        "entities": [{"id": 9, "label": "LOC", "start_offset": 0, "end_offset": 3}],
        "relations": [{"id": 1, "from_id": 9, "to_id": 9, "type": "x"}],
        "Comments": [{"id": 1, "comment": "тук"}],
    }
    intent = {"id": 2, "text": "Видин", "entities": [[0, 5, "LOC"]], "cats": ["a", "b"]}
    plain = {"id": 3, "text": "Русе", "label": [[0, 4, "LOC"]], "Comments": [], "lang": "bg"}
    found = read_bytes("doccano", lines(relation, intent, plain), tmp_path)
    assert [claims(record) for record in found] == [
        [(0, 3, "LOC", "Лом")],
        [(0, 5, "LOC", "Видин")],
        [(0, 4, "LOC", "Русе")],
    ]
    assert found[0].claims[0].id == "9"
    assert found[0].left_out == {"relation": 1, "comment": 1}
    assert found[1].left_out == {"document label": 2}
    assert found[2].left_out == {}
    assert found[2].article.lang == "bg"
    assert {record.origin for record in found} == {"doccano"}


def test_nothing_marked_is_not_nothing_there(tmp_path):
    empty, hole, full = read_bytes(
        "doccano",
        lines(
            {"text": "Лом", "label": []},
            {"text": "Видин", "label": None},
            {"text": "Русе", "label": [[0, 4, "LOC"]]},
        ),
        tmp_path,
    )
    assert (empty.finished, hole.finished, full.finished) == (False, False, True)


def test_ids_are_the_same_at_every_import(tmp_path):
    data = lines({"text": "Лом", "label": [[0, 3, "LOC"]]}, {"text": "Видин", "label": []})
    first = [record.article.id for record in read_bytes("doccano", data, tmp_path)]
    turned = b"".join(reversed(data.splitlines(keepends=True)))
    assert sorted(r.article.id for r in read_bytes("doccano", turned, tmp_path)) == sorted(first)
    assert all(ident.startswith("file-") for ident in first)
    path = tmp_path / "file.jsonl"
    options = ReadOptions(prefix="one/")
    found = list(reader("doccano").read(Found(path, path.name, "w", "doccano"), options))
    assert sorted(record.article.id for record in found) == sorted(f"one/{i}" for i in first)


def test_grapheme_offsets_are_found_out_where_there_are_quotes_only(tmp_path):
    """doccano quotes nothing, so its offsets are believed; they must lie in the text."""
    data = lines({"id": 1, "text": "🇧🇬 Лом", "label": [[2, 5, "LOC"]]})
    (record,) = read_bytes("doccano", data, tmp_path)
    assert record.counts is Count.CODE_POINTS
    beyond = lines({"id": 1, "text": "Лом", "label": [[0, 9, "LOC"]]})
    (record,) = read_bytes("doccano", beyond, tmp_path)
    assert isinstance(settle(record, record.article.text), Unsettled)


def test_what_is_no_line_of_text_is_refused(tmp_path):
    wrong = {
        "not a JSON object": [1, 2],
        "it has no text": {"label": [[0, 1, "X"]]},
        "it is about an image or a sound file, not a text": {"filename": "a.png", "label": ["x"]},
        "the text is empty": {"text": " ", "label": []},
        "a label is not [start, end, label]": {"text": "a", "label": [[0, 1]]},
        "the start or end of a label is not a whole number": {
            "text": "a",
            "label": [[0, 1.5, "X"]],
        },
        "a label has no name": {"text": "a", "label": [[0, 1, None]]},
        "a label is neither a list nor an object": {"text": "a", "label": [True]},
        "its 'entities' is no list": {"text": "a", "entities": 3},
    }
    assert reasons(read_bytes("doccano", lines(*wrong.values()), tmp_path)) == list(wrong)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no record in it"),
        (b"\xff\xfe\x00\x00\n", "not utf-32-le"),
        (b'{"text": "\xd0"}\n', "byte 0xd0 at offset 10 is not UTF-8"),
        (b'{"text": "a", "label": [[0, 1, "X"]', "broken JSON at column"),
        (b'{"text": "a", "text": "b"}', "the key 'text' comes twice"),
        (b'[{"text": "a"}, {"text"', "the file ends within a record"),
        (b'{"text": "a", "label": [[0, 1' + b"0" * 5000 + b', "X"]]}', "too many digits"),
    ],
)
def test_broken_files_are_refused(data, reason, tmp_path):
    items = read_bytes("doccano", data, tmp_path)
    assert reason in reasons(items[-1:])[0]


def test_one_bad_line_costs_one_line(tmp_path):
    data = lines({"text": "Лом", "label": [[0, 3, "LOC"]]}) + b"{no\n" + lines({"text": "Видин"})
    first, second, third = read_bytes("doccano", data, tmp_path)
    assert isinstance(second, Refusal)
    assert second.where.endswith("file.jsonl:2")
    assert (first.article.text, third.article.text) == ("Лом", "Видин")


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ({"id": 1, "text": "a", "label": [[0, 1, "X"]]}, True),
        ({"id": 1, "text": "a", "labels": [[0, 1, "X"]]}, True),
        ({"id": 1, "text": "a", "label": [], "Comments": []}, True),
        ({"id": 1, "text": "a", "label": ["x"], "Comments": []}, True),
        ({"text": "a", "entities": [[0, 1, "X"]], "cats": []}, True),
        ({"id": "1", "text": "a", "title": "b", "label": "sport"}, False),
        ({"id": "1", "text": "a", "labels": ["sport", "politics"]}, False),
        ({"id": "1", "text": "a", "labels": []}, False),
        ({"text": "a", "entities": [{"start": 0, "end": 1, "label": "X"}]}, False),
        ({"text": "a", "label": "X", "_task_hash": 1, "spans": []}, False),
        ({"schema": "annotator/1", "text": "a", "label": [[0, 1, "X"]]}, False),
        ({"schema": "annotator-standoff/1", "id": "a"}, False),
        ({"%TYPES": {}, "%FEATURE_STRUCTURES": [], "text": "a"}, False),
        ({"data": {"text": "a"}, "annotations": []}, False),
    ],
)
def test_sniffing(line, known):
    assert sniff(lines(line)) == known
    assert sniff(json.dumps([line], indent=2).encode()) == known


def test_sniffing_a_long_first_line():
    text = "дълъг " * 20000
    ours = json.dumps({"Comments": [], "id": "a", "label": [[0, 1, "X"]], "text": text}).encode()
    assert sniff(ours[:65536])
    assert not sniff(json.dumps({"id": "a", "text": text}).encode()[:65536])


SEED = {
    "id": 1,
    "text": "Лом и Видин",
    "label": [[0, 3, "LOC"], "x"],
    "entities": [{"id": 1, "label": "LOC", "start_offset": 0, "end_offset": 3, "user": 1}],
    "annotations": [{"label": 2, "user": "a"}],
    "cats": ["x"],
    "relations": [],
    "Comments": ["y"],
    "meta": {"a": 1},
}


@settings(max_examples=100)
@given(JSON, PATHS, st.binary(max_size=6), st.integers(0, 400))
def test_nothing_that_comes_in_breaks_it(tmp_path_factory, value, path, junk, place):
    data = lines(twisted(SEED, value, path))
    folder = tmp_path_factory.getbasetemp()
    for each in (data, data[:place] + junk + data[place:], data[:place], junk):
        sniff(each)
        for item in read_bytes("doccano", each, folder, "fuzz.jsonl"):
            assert isinstance(item, Refusal) or settle(item, item.article.text)


def test_utf_16_and_a_mark_are_read(tmp_path):
    data = lines({"text": "Лом", "label": [[0, 3, "LOC"]]}).decode()
    for codec in ("utf-16", "utf-8-sig"):
        path = tmp_path / f"{codec}.jsonl"
        path.write_bytes(data.encode(codec))
        (record,) = records("doccano", path)
        assert claims(record) == [(0, 3, "LOC", "Лом")]
