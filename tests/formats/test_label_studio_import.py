"""Label Studio in: every real file, both exports, attributes, users, and what must be refused."""

import json

import pytest
from formats_json_kit import JSON, PATHS, read_bytes, reasons, twisted
from formats_kit import SHARED, claims, read, reader
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal

FOREIGN = SHARED / "foreign" / "label_studio" / "sdk-converter-tests"

PICTURE = "its regions ({}) are over a picture, not over a text"
LABEL = {"document label": 1}

REAL = {
    # file: (is it recognised, (claims, annotator, left out) of each record, refusals)
    "test_export_csv/csv_test.json": (True, [], [PICTURE.format("rectanglelabels")] * 2),
    "test_export_csv/csv_test2.json": (
        True,
        [],
        [
            (
                "none of its data is known to be the text (it has: uri, iswcs, title, uri_1, "
                "_row_id, iswcs_1, title_1, writers, provider, writers_1, provider_1, "
                "alternative_titles, alternative_titles_1)"
            )
        ],
    ),
    "test_export_csv/csv_test_colliding_keys.json": (
        True,
        [(0, "annotator@example.com", LABEL)],
        [],
    ),
    "test_export_csv/csv_test_colliding_keys_mixed.json": (
        True,
        [(0, "annotator@example.com", LABEL), (0, "", {})],
        [],
    ),
    "test_export_csv/csv_test_history.json": (True, [(0, "sergei@heartex.test", LABEL)], []),
    "test_export_json_min/chat_data.json": (True, [], ["it is a chat, not a text"]),
    "test_export_json_min/data.json": (True, [], [PICTURE.format("polygonlabels")]),
    "test_export_json_min/data_repeater.json": (True, [], [PICTURE.format("rectanglelabels")]),
    "test_export_json_min/label_config_repeater.json": (
        False,
        [],
        ["it has no data, as every task of Label Studio has"],
    ),
}


def sniff(data: bytes, name: str = "x.json") -> bool:
    return bool(reader("label-studio").sniff(data, name))


def region(start: object, end: object, *labels: str, **more: object) -> dict[str, object]:
    value = {"start": start, "end": end, "labels": list(labels)}
    if "text" in more:
        value["text"] = more.pop("text")
    made = {"id": f"{start}-{end}", "from_name": "ner", "to_name": "text", "type": "labels"}
    return {**made, "value": value, **more}


def answer(ident: str, control: str, kind: str, given: object, **place: int) -> dict[str, object]:
    value = {"text" if kind == "textarea" else kind: given, **place}
    return {"id": ident, "from_name": control, "to_name": "text", "type": kind, "value": value}


def task(text: str, *results: list[dict[str, object]], **more: object) -> dict[str, object]:
    annotations = [{"id": n, "completed_by": n, "result": each} for n, each in enumerate(results)]
    return {"id": 5, "data": {"text": text}, "annotations": annotations, **more}


def tasks_in(tmp_path, *tasks: object) -> list[Record | Refusal]:
    return read_bytes("label-studio", json.dumps(tasks).encode(), tmp_path, "file.json")


def test_every_real_file_is_pinned():
    if not FOREIGN.is_dir():
        pytest.skip("the real files are not here")
    files = {path.relative_to(FOREIGN).as_posix(): path for path in FOREIGN.rglob("*.json")}
    assert sorted(files) == sorted(REAL)
    for name, (known, wanted, refused) in REAL.items():
        items = read("label-studio", files[name])
        assert sniff(files[name].read_bytes(), name) == known, name
        found = [item for item in items if isinstance(item, Record)]
        assert [(len(r.claims), r.annotator, r.left_out) for r in found] == wanted, name
        assert [item.reason for item in items if isinstance(item, Refusal)] == refused, name


def test_a_record_for_each_annotation_with_its_layers(tmp_path):
    first = [
        region(0, 3, "LOC", text="Лом"),
        region(6, 11, "LOC", "ORG", from_name="topics", type="hypertextlabels"),
        {"type": "relation", "from_id": "0-3", "to_id": "6-11", "direction": "right"},
    ]
    first[1]["value"] = {"start": 6, "end": 11, "hypertextlabels": ["LOC", "ORG"]}
    cancelled = {"completed_by": 3, "was_cancelled": True, "result": [region(0, 1, "PER")]}
    made = task("Лом и Видин", first, [region(0, 3, "ORG")], predictions=[{"result": []}, {}])
    made["annotations"].append(cancelled)
    made["data"] |= {"doc_id": "most", "lang": "bg", "rubric": "река"}
    one, two = tasks_in(tmp_path, made)
    assert claims(one) == [
        (0, 3, "LOC", "Лом"),
        (6, 11, "LOC", "Видин"),
        (6, 11, "ORG", "Видин"),
    ]
    assert [claim.layer for claim in one.claims] == ["ner", "topics", "topics"]
    assert claims(two) == [(0, 3, "ORG", "Лом")]
    assert (one.annotator, two.annotator) == ("0", "1")
    assert one.left_out == {"prediction": 2, "cancelled annotation": 1, "relation": 1}
    assert two.left_out == {}
    assert one.article == two.article
    assert (one.article.id, one.article.lang) == ("most", "bg")
    assert one.article.meta == {"rubric": "река"}
    assert one.where.endswith("record 1, annotation 1")
    assert one.origin == "label-studio"


def test_answers_about_a_region_are_its_attributes(tmp_path):
    made = [
        region(0, 3, "LOC"),
        answer("0-3", "lemma", "textarea", ["Лом"], start=0, end=3),
        answer("0-3", "sure", "choices", ["false"], start=0, end=3),
        answer("0-3", "kind", "choices", ["a", "b"], start=0, end=3),
        answer("0-3", "stars", "rating", 4, start=0, end=3),
        answer("free", "remark", "textarea", ["x"], start=0, end=3),
        answer("doc", "tone", "choices", ["calm"]),
        answer("sum", "summary", "textarea", ["едно", "две"]),
        region(1, 2),
        {**region(2, 3, "PER"), "meta": {"text": ["виж"]}},
    ]
    (record,) = tasks_in(tmp_path, task("Лом", made))
    wanted = {"lemma": "Лом", "sure": False, "kind": ["a", "b"], "stars": 4}
    assert record.claims[0].attrs == wanted
    assert record.claims[1].attrs == {}
    assert record.left_out == {
        "region without a label": 2,
        "document label": 1,
        "document text summary": 2,
        "note of a region": 1,
    }


def test_users_by_address_number_or_our_own_field(tmp_path):
    made = task("Лом", [], [], [], [], [answer("w", "annotator", "textarea", ["anna"])])
    users = ({"id": 3, "email": "a@b.example"}, {"id": 3}, "вера", {"email": "a:b"}, 7)
    for annotation, user in zip(made["annotations"], users, strict=True):
        annotation["completed_by"] = user
    found = tasks_in(tmp_path, made)
    assert [record.annotator for record in found] == ["a@b.example", "3", "вера", "", "anna"]
    assert all(record.finished for record in found)


def test_a_task_nobody_annotated(tmp_path):
    (record,) = tasks_in(tmp_path, task("Лом", drafts=[{}]))
    assert (record.claims, record.finished, record.annotator) == ((), False, "")
    assert record.left_out == {"draft": 1}
    assert record.article.id == "5", "the task's own number"
    (old,) = tasks_in(
        tmp_path, {"data": {"text": "Лом"}, "completions": [{"result": [region(0, 3, "LOC")]}]}
    )
    assert claims(old) == [(0, 3, "LOC", "Лом")]
    assert old.article.id.startswith("file-")


def test_the_text_is_found_by_the_tag_or_by_what_regions_quote(tmp_path):
    data = {"headline": "Мост", "para": "Лом и Видин", "other": "x"}
    named = region(0, 3, "LOC", text="Лом", to_name="para")
    quoted = region(6, 11, "LOC", text="Видин", to_name="t1")
    for each in (named, quoted):
        (record,) = tasks_in(tmp_path, {"data": data, "annotations": [{"result": [each]}]})
        assert record.article.text == "Лом и Видин"
        assert record.article.title == "Мост"
        assert record.article.meta == {"other": "x"}
    blind = {"data": data, "annotations": [{"result": [region(0, 1, "LOC", to_name="t1")]}]}
    said = "none of its data is known to be the text (it has: headline, para, other)"
    assert reasons(tasks_in(tmp_path, blind)) == [said]
    path = tmp_path / "file.json"
    options = ReadOptions(fields={"text": "para"})
    (record,) = reader("label-studio").read(Found(path, "f", "f", "label-studio"), options)
    assert record.article.text == "Лом и Видин"


def test_line_ends_as_the_editor_writes_them(tmp_path):
    r"""The editor quotes a line end as a backslash and `n`, one for each character of it."""
    for text, quote in (("а\nб в", "а\\nб"), ("а\r\nб в", "а\\n\\nб")):
        end = text.index(" ")
        (record,) = tasks_in(tmp_path, task(text, [region(0, end, "LOC", text=quote)]))
        assert [claim[:3] for claim in claims(record)] == [(0, end, "LOC")]
    (record,) = tasks_in(tmp_path, task(r"а\nб в", [region(0, 4, "LOC", text=r"а\nб")]))
    assert claims(record) == [(0, 4, "LOC", r"а\nб")]


def test_utf_16_units_are_found_out_by_the_quote(tmp_path):
    (record,) = tasks_in(tmp_path, task("🇧🇬 Лом", [region(5, 8, "LOC", text="Лом")]))
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled)
    assert [(claim.start, claim.end) for claim in settled.claims] == [(3, 6)]


def test_json_min(tmp_path):
    value = {
        "id": 3,
        "text": "Лом и Видин",
        "rubric": "река",
        "ner": [{"start": 0, "end": 3, "text": "Лом", "labels": ["LOC"]}],
        "tone": "calm",
        "annotator": 1,
        "annotation_id": 9,
        "created_at": "2024-01-01T00:00:00Z",
        "updated_at": "2024-01-01T00:00:00Z",
        "lead_time": 3.5,
    }
    assert sniff(json.dumps([value]).encode())
    (record,) = tasks_in(tmp_path, value)
    assert claims(record) == [(0, 3, "LOC", "Лом")]
    assert record.claims[0].layer == "ner"
    assert (record.annotator, record.article.id, record.article.date) == ("1", "3", "")
    assert record.article.meta == {"rubric": "река", "tone": "calm"}


def test_what_is_not_over_a_plain_text_is_refused(tmp_path):
    html = region("/div[1]/p[1]/text()[1]", "/div[1]/p[1]/text()[1]", "X", type="hypertextlabels")
    html["value"] |= {"startOffset": 0, "endOffset": 3}
    mixed = region(0, 1, "X", type="hypertextlabels")
    mixed["value"] |= {"globalOffsets": {"start": 0, "end": 1}}
    dialogue = region("0", "0", "X", type="paragraphlabels")
    turns = region("0", "0", "X")
    sound = region(0.5, 1.5, "X")
    sound["value"]["channel"] = 0
    other = region(0, 1, "X", to_name="text2")
    over_html = "its regions are over HTML (XPath), not over a plain text"
    over_turns = "its regions are over a dialogue (Paragraphs), not over a plain text"
    wrong = [
        ([html], over_html),
        ([mixed], over_html),
        ([dialogue], over_turns),
        ([turns], over_turns),
        ([sound], "its regions are over a sound, not over a text"),
        ([region(0, 1, "X"), other], "its regions are over several texts of a task"),
        ([region(0, 1, "X", type="timeserieslabels")], "a time series, not over a text"),
        ([region(0, 1, "X", type="videorectangle")], "over a video, not over a text"),
        ([region(0, 1, "X", type="ellipselabels")], "its regions (ellipselabels) are over a pict"),
        ([region(0, 1, "X", type="new")], "regions of the type 'new' are not known"),
        ([region(0, 1.5, "X")], "the start or end of a region is not a whole number"),
        ([region(True, 1, "X")], "the start or end of a region is not a whole number"),
        ([{**region(0, 1), "value": {"start": 0, "end": 1}}], "the labels of a region are not a"),
        ([{**region(0, 1), "value": None}], "a region has no value"),
        ([3], "a region is not an object with a type"),
        (None, "an annotation has no list of results"),
    ]
    for result, reason in wrong:
        (said,) = reasons(tasks_in(tmp_path, task("Лом", result)))
        assert reason in said, result


def test_one_bad_annotation_costs_one_annotation(tmp_path):
    made = task("Лом", [3], [region(0, 3, "LOC")])
    refused, record = tasks_in(tmp_path, made)
    assert isinstance(refused, Refusal)
    assert refused.where.endswith("record 1, annotation 1")
    assert claims(record) == [(0, 3, "LOC", "Лом")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no record in it"),
        (b"[]", "there is no record in it"),
        (b"[1, 2]", "there is no record in it"),
        (b'["a"]', "not a JSON object"),
        (b"[{}]", "it has no data, as every task of Label Studio has"),
        (b'[{"data": {}}]', "none of its data is known to be the text (it has: nothing)"),
        (b'[{"data": {"text": ""}}]', "the text is empty"),
        (b'[{"data": {"text": "s3://a/b.txt"}}]', "its text is a link, which is not followed"),
        (b'[{"data": {"text": "a"}, "annotations": {}}]', "its annotations are no list"),
        (b'[{"data": {"text": "a"}, "annotations": [1]}]', "an annotation is not an object"),
        (b'[{"data": {"text": "a"}', "the file ends within a record"),
        (b'[{"data": {"text": "a}]', "the file ends within a record"),
        (b'[{"data": {"text": "\xd0"}}]', "not utf-8; the rest of the file is not read"),
        (b'[{"data" {}}]', "broken JSON at column 9: Expecting ':' delimiter"),
        (b'[\n{"data": {"text": "a", "text": "b"}}]', "the key 'text' comes twice in one object"),
    ],
)
def test_broken_files_are_refused(data, reason, tmp_path):
    assert reasons(read_bytes("label-studio", data, tmp_path, "file.json")) == [reason]


@pytest.mark.parametrize(
    ("value", "known"),
    [
        (task("a"), True),
        ({"data": {"text": "a"}, "predictions": []}, True),
        ({"data": {"text": "a"}, "completions": []}, True),
        ({"data": {"text": "a"}}, False),
        ({"id": 1, "data": [1], "annotations": []}, False),
        ({"text": "a", "annotations": [{"label": 1, "start_offset": 0, "end_offset": 1}]}, False),
        ({"id": "a", "text": "b", "annotator": "anna"}, False),
        ({"text": "a", "_task_hash": 1, "answer": "accept"}, False),
        ({"schema": "annotator/1", "data": {"text": "a"}, "annotations": []}, False),
        ({"%TYPES": {}, "%FEATURE_STRUCTURES": []}, False),
    ],
)
def test_sniffing(value, known):
    assert sniff(json.dumps([value]).encode()) == known
    assert sniff(json.dumps([value], indent=3).encode()) == known


def test_sniffing_a_long_first_task():
    long = "дълъг " * 20000
    annotated = task(long, [region(0, 3, "LOC", text=long)] * 3)
    first = json.dumps([{"id": 1, "annotations": annotated["annotations"]}]).encode()
    assert sniff(first[:65536])
    assert sniff(json.dumps([{"annotations": [], "data": {"text": long}}]).encode()[:65536])
    assert not sniff(json.dumps([{"id": 1, "text": long}]).encode()[:65536])


SEED = [
    task(
        "Лом и Видин",
        [
            region(0, 3, "LOC", text="Лом"),
            answer("0-3", "lemma", "textarea", ["Лом"], start=0, end=3),
            answer("d", "tone", "choices", ["calm"]),
            {"type": "relation", "from_id": "0-3", "to_id": "0-3"},
        ],
        [],
        predictions=[],
        meta={"a": 1},
    ),
    {"id": 1, "text": "a", "annotator": 1, "annotation_id": 1, "lead_time": 1, "ner": [{}]},
]


@settings(max_examples=100)
@given(JSON, PATHS, st.binary(max_size=6), st.integers(0, 600))
def test_nothing_that_comes_in_breaks_it(tmp_path_factory, value, path, junk, place):
    data = json.dumps(twisted(SEED, value, path)).encode()
    folder = tmp_path_factory.getbasetemp()
    for each in (data, data[:place] + junk + data[place:], data[:place], junk):
        sniff(each)
        for item in read_bytes("label-studio", each, folder, "fuzz.json"):
            assert isinstance(item, Refusal) or settle(item, item.article.text)
