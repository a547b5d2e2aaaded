"""Prodigy in: the real dump, merging, answers, annotators, and what must be refused."""

import json
from collections import Counter

import pytest
from formats_json_kit import JSON, PATHS, lines, read_bytes, reasons, twisted
from formats_kit import SHARED, claims, read, reader
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal

FOREIGN = SHARED / "foreign" / "prodigy"


def sniff(data: bytes, name: str = "x.jsonl") -> bool:
    return bool(reader("prodigy").sniff(data, name))


def task(text: str, *spans: tuple[int, int, str], **more: object) -> dict[str, object]:
    made = [{"start": start, "end": end, "label": label} for start, end, label in spans]
    return {"text": text, "spans": made, "answer": "accept", "_task_hash": 1, **more}


def test_every_real_file_is_pinned():
    if not FOREIGN.is_dir():
        pytest.skip("the real files are not here")
    (path,) = FOREIGN.glob("*.jsonl")
    data = path.read_bytes()
    assert sniff(data[:65536], path.name)
    found = read("prodigy", path)
    assert all(isinstance(record, Record) for record in found)
    tasks = [json.loads(line) for line in data.split(b"\n") if line]
    assert len(tasks) == 1800
    assert len(found) == len({each["text"] for each in tasks}) == 1766
    assert len({record.article.id for record in found}) == 1766
    total = Counter()
    for record in found:
        total.update(record.left_out)
    answers = Counter(each["answer"] for each in tasks)
    assert total["rejected answer"] == answers["reject"] == 1276
    assert total["ignored answer"] == answers["ignore"] == 86
    wanted = {
        (each["text"], span["start"], span["end"], span["label"])
        for each in tasks
        for span in each["spans"]
        if each["answer"] == span["answer"] == "accept"
    }
    got = [(r.article.text, *claim[:3]) for r in found for claim in claims(r)]
    assert len(got) == len(wanted) == 435
    assert set(got) == wanted
    assert not any(record.finished for record in found), "each task asked about one span only"
    assert all(set(record.article.meta) == {"score", "section"} for record in found)


def test_all_accepted_spans_of_a_text_are_one_record(tmp_path):
    data = lines(
        task("Лом и Видин", (0, 3, "LOC"), meta={"rubric": "a"}),
        task("Русе", (0, 4, "LOC")),
        task("Лом и Видин", (6, 11, "LOC"), meta={"rubric": "b"}),
        task("Лом и Видин", (0, 3, "LOC"), (0, 3, "ORG")),
        task("Лом и Видин", (4, 5, "PER"), answer="reject"),
        task("Русе", (0, 1, "PER"), answer="ignore"),
    )
    lom, ruse = read_bytes("prodigy", data, tmp_path)
    assert [claim[:3] for claim in claims(lom)] == [(0, 3, "LOC"), (6, 11, "LOC"), (0, 3, "ORG")]
    assert lom.left_out == {"rejected answer": 1}
    assert lom.article.meta == {"rubric": "a"}
    assert [claim[:3] for claim in claims(ruse)] == [(0, 4, "LOC")]
    assert ruse.left_out == {"ignored answer": 1}
    assert lom.where.endswith(":1")
    assert ruse.where.endswith(":2")
    assert lom.origin == "prodigy"


def test_annotators_are_kept_apart(tmp_path):
    data = lines(
        task("Лом", (0, 3, "LOC"), _annotator_id="news-anna", _session_id="x"),
        task("Лом", (0, 3, "ORG"), _session_id="news-boris"),
        task("Лом", (0, 2, "PER"), _session_id="2024-03-01_10-22-33"),
        task("Лом", (0, 1, "PER"), _annotator_id="a:b"),
    )
    found = read_bytes("prodigy", data, tmp_path)
    assert [record.annotator for record in found] == ["news-anna", "news-boris", ""]
    assert len(found[2].claims) == 2, "sessions nobody named are nobody's"


def test_manual_tasks_are_finished(tmp_path):
    data = lines(
        task("Лом", _view_id="ner_manual"),
        task("Видин", _view_id="spans_manual"),
        task("Русе", _view_id="ner"),
        task("Плевен", _view_id="ner_manual", answer="reject"),
    )
    found = read_bytes("prodigy", data, tmp_path)
    assert [record.finished for record in found] == [True, True, False, False]


def test_spans_keep_their_attributes_and_quotes(tmp_path):
    span = {"start": 0, "end": 3, "label": "LOC", "text": "Лом", "attrs": {"lemma": "Лом"}}
    span |= {"token_start": 0, "token_end": 0, "score": 0.5, "certainty": "high"}
    (record,) = read_bytes("prodigy", lines(task("Лом") | {"spans": [span]}), tmp_path)
    (claim,) = record.claims
    assert claim.attrs == {"lemma": "Лом", "certainty": "high"}
    assert claim.quote == "Лом"


def test_quotes_prove_what_is_counted(tmp_path):
    """Offsets in UTF-16 units, as some converters write them, are found out by the quote."""
    span = {"start": 5, "end": 8, "label": "LOC", "text": "Лом"}
    (record,) = read_bytes("prodigy", lines(task("🇧🇬 Лом") | {"spans": [span]}), tmp_path)
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled)
    assert [(claim.start, claim.end) for claim in settled.claims] == [(3, 6)]


def test_what_is_no_span_is_counted(tmp_path):
    data = lines(
        {
            **task("Лом", (0, 3, "LOC")),
            "label": "sport",
            "accept": ["a", "b"],
            "relations": [{}],
            "spans": [
                {"start": 0, "end": 3, "label": "LOC", "answer": "reject"},
                {"start": 0, "end": 3},
            ],
        }
    )
    (record,) = read_bytes("prodigy", data, tmp_path)
    assert record.claims == ()
    assert record.left_out == {
        "document label": 3,
        "relation": 1,
        "rejected span": 1,
        "span without a label": 1,
    }


def test_ids_come_from_the_file_unless_several_texts_share_one(tmp_path):
    data = lines(
        task("Лом", meta={"id": 7}),
        task("Видин.", meta={"id": "doc", "url": "https://a.example"}),
        task("Русе.", meta={"id": "doc", "url": "https://a.example"}),
        task("Плевен", id="own"),
        task("Шумен", meta="нещо"),
    )
    found = read_bytes("prodigy", data, tmp_path)
    idents = [record.article.id for record in found]
    assert (idents[0], idents[3]) == ("7", "own")
    assert len(set(idents)) == 5
    assert all(idents[place].startswith("file-") for place in (1, 2, 4))
    assert found[1].article.meta == {"part_of": "doc"}
    assert found[1].article.url == "https://a.example"
    assert found[4].article.meta == {"meta": "нещо"}
    path = tmp_path / "file.jsonl"
    options = ReadOptions(prefix="p/")
    again = list(reader("prodigy").read(Found(path, path.name, "w", "prodigy"), options))
    assert [record.article.id for record in again] == [f"p/{ident}" for ident in idents]


def test_a_task_without_an_answer_counts_as_accepted(tmp_path):
    made = task("Лом", (0, 3, "LOC"))
    del made["answer"]
    (record,) = read_bytes("prodigy", lines(made), tmp_path)
    assert len(record.claims) == 1


def test_what_is_no_task_about_a_text_is_refused(tmp_path):
    wrong = {
        "not a JSON object": [1],
        "it has no text": {"answer": "accept"},
        "it is about an image, not a text": {"image": "a.png", "answer": "accept"},
        "it is about a sound file, not a text": {"audio": "a.wav"},
        "its answer is none of accept, reject and ignore": {"text": "a", "answer": ["accept"]},
        "broken JSON at column 3: Expecting property name enclosed in double quotes": None,
        "the text is empty": {"text": " "},
        "its spans are no list": {"text": "a", "spans": {"a": 1}},
        "a span is not an object": {"text": "b", "spans": [1]},
        "the start or end of a span is not a whole number": task("c", ("0", 1, "X")),
        "the label of a span is not a string": task("d", (0, 1, 3)),
    }
    data = b"".join(b"{\n" if value is None else lines(value) for value in wrong.values())
    assert reasons(read_bytes("prodigy", data, tmp_path)) == list(wrong)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no record in it"),
        (b"\n\n", "there is no record in it"),
        (b'[\n{"text": "a"}\n]', "it is not JSON lines, which is what Prodigy writes"),
        ('{"text": "a"}\n'.encode("utf-16"), "it is utf-16-le; Prodigy writes UTF-8"),
        (b'{"text": "\xd0"}', "byte 0xd0 at offset 10 is not UTF-8; if it is another encoding"),
        (b'{"text": "a", "spans": [{"start": 0', "broken JSON at column"),
        (b'{"text": "a", "spans": 1' + b"0" * 5000 + b"}", "a number has too many digits"),
    ],
)
def test_broken_files_are_refused(data, reason, tmp_path):
    (said,) = reasons(read_bytes("prodigy", data, tmp_path))
    assert said.startswith(reason)


def test_a_mark_and_another_encoding_are_read(tmp_path):
    data = lines(task("Лом", (0, 3, "LOC")), task("Видин")).decode()
    found = read_bytes("prodigy", data.encode("utf-8-sig"), tmp_path)
    assert [record.article.text for record in found] == ["Лом", "Видин"]
    path = tmp_path / "cp1251.jsonl"
    path.write_bytes(data.encode("cp1251"))
    options = ReadOptions(encoding="cp1251")
    found = list(reader("prodigy").read(Found(path, path.name, "w", "prodigy"), options))
    assert [record.article.text for record in found] == ["Лом", "Видин"]


def test_the_meter_runs_once(tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_bytes(lines(task("Лом"), task("Видин"), task("Лом")))
    counted: list[int] = []
    options = ReadOptions(tick=counted.append)
    assert len(list(reader("prodigy").read(Found(path, "f", "f", "prodigy"), options))) == 2
    assert sum(counted) == path.stat().st_size


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (task("a"), True),
        ({"text": "a", "_input_hash": 3}, True),
        ({"text": "a", "spans": [], "answer": "reject"}, True),
        ({"text": "a", "spans": [{"start": 0, "end": 1, "label": "X"}]}, False),
        ({"text": "a", "answer": "42"}, False),
        ({"id": "a", "text": "b", "label": [[0, 1, "X"]]}, False),
        ({"schema": "annotator/1", "text": "a", "_input_hash": 3}, False),
        ({"schema": "annotator-standoff/1"}, False),
        ({"data": {"text": "a"}, "annotations": []}, False),
    ],
)
def test_sniffing(line, known):
    assert sniff(lines(line)) == known


def test_sniffing_a_long_first_line():
    text = "дълъг " * 20000
    assert sniff(json.dumps({"_input_hash": 1, "text": text}).encode()[:65536])
    assert not sniff(json.dumps({"id": "a", "text": text}).encode()[:65536])


SEED = [
    {
        **task("Лом и Видин", (0, 3, "LOC"), meta={"id": 1, "meta": {"x": 1}}),
        "tokens": [{"text": "Лом", "start": 0, "end": 3, "id": 0, "ws": True}],
        "relations": [{}],
        "_annotator_id": "anna",
        "_view_id": "ner_manual",
    },
    task("Лом и Видин", (6, 11, "LOC"), meta={"id": 1}),
]


@settings(max_examples=100)
@given(JSON, PATHS, st.binary(max_size=6), st.integers(0, 400))
def test_nothing_that_comes_in_breaks_it(tmp_path_factory, value, path, junk, place):
    twin = twisted(SEED, value, path)
    data = lines(*(twin if isinstance(twin, list) else [twin]))
    folder = tmp_path_factory.getbasetemp()
    for each in (data, data[:place] + junk + data[place:], data[:place], junk):
        sniff(each)
        for item in read_bytes("prodigy", each, folder, "fuzz.jsonl"):
            assert isinstance(item, Refusal) or settle(item, item.article.text)
