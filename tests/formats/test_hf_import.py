"""Hugging Face folders come in: ours exactly, others' by what their card and columns say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from formats_kit import SHARED, claims, exported, read, reader, records, write
from formats_samples import documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.writers import hf_files
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.text.counting import Count


def folder(path: Path, rows: list[object], head: str = "", name: str = "data/train.jsonl") -> Path:
    """A folder of one file, with a card when there is anything to say in it."""
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    file.write_text("".join(line + "\n" for line in lines), "utf-8")
    if head:
        (path / "README.md").write_text(f"---\n{head}\n---\n# Card\n", "utf-8")
    return path


def parquet(
    path: Path, rows: list[dict], name: str = "data/train.parquet", **metadata: str
) -> Path:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    file = path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows).replace_schema_metadata(metadata or None), file)
    return path


def refused(path: Path, options: ReadOptions | None = None) -> list[str]:
    """The reasons when nothing at all comes in."""
    found = Found(path, path.name, "F", "hf")
    items = list(reader("hf").read(found, options or ReadOptions()))
    assert all(isinstance(item, Refusal) for item in items), items
    return [f"{item.where}: {item.reason}" for item in items]


def spans_of(record: Record) -> list[tuple[object, ...]]:
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled), settled
    assert settled.counts == record.counts
    return sorted(
        (c.layer, c.label, c.start, c.end, json.dumps(dict(c.attrs), sort_keys=True))
        for c in settled.claims
    )


def given_spans(work: Work) -> list[tuple[object, ...]]:
    return sorted(
        (s.layer, s.label, s.start, s.end, json.dumps(dict(s.attrs), sort_keys=True))
        for s in work.spans
    )


# Our own


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("count", [Count.CODE_POINTS, Count.UTF16, Count.BYTES])
def test_our_own_folder_comes_back(tmp_path, count, packed):
    if packed:
        pytest.importorskip("pyarrow")
    first, second, third = documents()
    docs = [replace(first, split="train"), replace(second, split="dev"), third]
    write(exported("hf", docs, offsets=count, parquet=packed), tmp_path)
    assert reader("hf").sniff_folder(tmp_path)
    back = records("hf", tmp_path)
    assert len(back) == 2
    for record, document in zip(back, docs, strict=False):
        article, work = document.article, document.works[0]
        meta = {"split": document.split}
        assert record.article == replace(article, meta=meta, lang_source="import")
        assert spans_of(record) == given_spans(work)
        assert (record.annotator, record.finished) == (work.actor, True)
        assert record.counts == count
        assert record.sha256 == article.sha256
        assert record.left_out == {"stance": len(work.stances)}
        assert record.origin == "hf"


def test_a_folder_without_splits_and_an_unfinished_article(tmp_path):
    work = Work("7", "anna", looked=frozenset({"entities"}))
    write(exported("hf", [Document(Article("7", "Лом"), (work,))]), tmp_path)
    [record] = records("hf", tmp_path)
    assert (record.article.id, record.article.meta, record.finished) == ("7", {}, False)
    assert record.article.lang == ""


TEXTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)
    | st.sampled_from(
        ["👩‍🚒", "🇧🇬", "и\u0306", "\r\n", "\u2028", "\t", "\x85", "\x1c", "\ufeff", " "]
    ),
    min_size=1,
    max_size=12,
).map("".join)
ATTRS = st.dictionaries(
    st.sampled_from(["lemma", "xid", "norp", "uncertain", "metonymy"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3)
    | st.booleans()
    | st.integers(),
    max_size=2,
)


@st.composite
def generated(draw: st.DrawFn) -> Document:
    text = draw(TEXTS.filter(lambda each: each and not each.isspace()))
    spans = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        layer, label = draw(st.sampled_from([("entities", "PER"), ("boilerplate", "nav")]))
        spans.append(Span(f"s{number}", layer, label, start, end, draw(ATTRS)))
    state = draw(st.sampled_from([State.DONE, State.OPEN]))
    looked = frozenset({"entities"})
    work = Work("a", "anna", sort_spans(spans), (), looked, (), Status(state))
    article = Article("a", text, title=draw(TEXTS), date=draw(st.sampled_from(["", "2026-01-01"])))
    return Document(article, (work,), split=draw(st.sampled_from(["", "dev"])))


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    document=generated(),
    count=st.sampled_from([Count.CODE_POINTS, Count.UTF16, Count.BYTES]),
    packed=st.booleans(),
)
def test_any_spans_come_back(tmp_path_factory, document, count, packed):
    """Nothing of a span is lost: layer, label, place, attributes, whatever overlaps."""
    if packed:
        pytest.importorskip("pyarrow")
    path = tmp_path_factory.mktemp("hf")
    write(exported("hf", [document], offsets=count, parquet=packed), path)
    [record] = records("hf", path)
    assert record.article.text == document.article.text
    assert record.article.title == document.article.title
    assert spans_of(record) == given_spans(document.works[0])
    assert record.finished == (document.works[0].status.state is State.DONE)


OWN_ROW = json.loads(exported("hf")["data/train.jsonl"].split(b"\n")[0])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": "друго"}, "text_sha256 is not the SHA-256 of the text"),
        ({"text": 7}, "the column 'text' is no text"),
        ({"text": ""}, "the text is empty"),
        ({"id": ""}, "the id is empty"),
        ({"id": "x" * 1001}, "longer than 1000"),
        ({"entities": "PER"}, "'entities' is no list of spans"),
        ({"entities": [{"start": 0, "end": 1}]}, "'entities' is no list of spans"),
        ({"more": 1}, "'more' is no list of spans"),
        ({"entities": [{"start": True, "end": 1, "text": "x"}]}, "not a whole number"),
        (
            {"entities": [{"start": 0, "end": 1, "text": "x", "label": 2}]},
            "labels in 'entities' are",
        ),
        ({"entities": [{"start": 0, "end": 1, "text": "x", "label": ""}]}, "neither a name nor"),
        (
            {"entities": [{"start": 0, "end": 1, "text": "x", "label": "A", "attrs": "{"}]},
            "the attrs of a span: broken JSON",
        ),
        (
            {"entities": [{"start": 0, "end": 1, "text": "x", "label": "A", "attrs": "[]"}]},
            "the attrs of a span are no JSON object",
        ),
    ],
)
def test_a_spoilt_row_of_ours_is_refused(tmp_path, change, reason):
    [told] = refused(folder(tmp_path, [{**OWN_ROW, **change}]))
    assert told.startswith("F/data/train.jsonl:1: ")
    assert reason in told


def test_an_impossible_annotator_is_nobody(tmp_path):
    [record] = records("hf", folder(tmp_path, [{**OWN_ROW, "annotator": "a:b"}]))
    assert record.annotator == ""


# Others'

NER = """\
language: bg
dataset_info:
  features:
  - name: id
    dtype: string
  - name: tokens
    sequence: string
  - name: ner_tags
    sequence:
      class_label:
        names:
          '0': O
          '1': B-PER
          '2': I-PER
          '3': B-LOC
"""
NER_ROW = {
    "id": "0",
    "tokens": ["Ана", "Ким", "отиде", "в", "Лом", "."],
    "ner_tags": [1, 2, 0, 0, 3, 0],
}


def test_tokens_and_numbered_tags(tmp_path):
    path = folder(tmp_path / "news_ner", [NER_ROW], NER)
    assert reader("hf").sniff_folder(path)
    [record] = records("hf", path)
    assert record.article.text == "Ана Ким отиде в Лом ."
    assert claims(record) == [(0, 7, "PER", "Ана Ким"), (16, 19, "LOC", "Лом")]
    assert record.article.id == "news_ner-train-0"
    assert (record.article.lang, record.finished, record.annotator) == ("bg", True, "")
    assert record.article.meta == {
        "split": "train",
        "text_made_from": "tokens joined by single spaces",
    }


def test_numbers_from_the_metadata_of_parquet(tmp_path):
    names = ["O", "B-PER", "I-PER", "B-LOC"]
    for kind in ("Sequence", "List"):
        told = {
            "tokens": {"feature": {"dtype": "string", "_type": "Value"}, "_type": kind},
            "ner_tags": {"feature": {"names": names, "_type": "ClassLabel"}, "_type": kind},
        }
        metadata = json.dumps({"info": {"features": told}})
        name = f"data/test-00000-of-00001-{kind}.parquet"
        parquet(tmp_path, [NER_ROW], name, huggingface=metadata)
    assert reader("hf").sniff_folder(tmp_path)
    for record in records("hf", tmp_path):
        assert claims(record) == [(0, 7, "PER", "Ана Ким"), (16, 19, "LOC", "Лом")]
        assert record.article.meta["split"] == "test"


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["B-PER", "I-PER", "O", "O", "B-LOC", "O"], [(0, 7, "PER"), (16, 19, "LOC")]),  # IOB2
        (
            ["I-PER", "B-PER", "O", "O", "I-LOC", "O"],
            [(0, 3, "PER"), (4, 7, "PER"), (16, 19, "LOC")],
        ),
        (["B-PER", "E-PER", "O", "O", "S-LOC", "O"], [(0, 7, "PER"), (16, 19, "LOC")]),  # BIOES
        (["B-PER", "L-PER", "O", "O", "U-LOC", "O"], [(0, 7, "PER"), (16, 19, "LOC")]),  # BILOU
        (["PER", "PER", "O", "O", "LOC", "_"], [(0, 7, "PER"), (16, 19, "LOC")]),
        (["O", None, -100, "", "O", "O"], []),
    ],
)
def test_tags_of_every_spelling(tmp_path, tags, found):
    [record] = records("hf", folder(tmp_path, [{**NER_ROW, "ner_tags": tags}]))
    assert [each[:3] for each in claims(record)] == found


def test_tokens_are_found_in_the_text_that_is_given(tmp_path):
    rows = [
        {**NER_ROW, "text": "Ана  Ким отиде\nв Лом."},
        {**NER_ROW, "text": "друг текст"},
        {**NER_ROW, "text": "Ана Ким отиде в Лом. И още."},
    ]
    first, *others = records("hf", folder(tmp_path, rows, NER))
    assert first.article.text == "Ана  Ким отиде\nв Лом."
    assert "text_made_from" not in first.article.meta
    assert claims(first) == [(0, 8, "PER", "Ана  Ким"), (17, 20, "LOC", "Лом")]
    for record in others:
        assert record.article.text == "Ана Ким отиде в Лом ."


SPAN_ROW = {
    "text": "Ана Ким отиде в Лом.",
    "entities": [
        {"start": 0, "end": 7, "type": "person", "text": "Ана Ким", "score": 0.5, "id": "T1"},
        {"start": 16, "end": 19, "type": "place", "text": "Лом", "score": None},
    ],
    "title": "Пътуване",
    "language": "bg",
    "n": 3,
}


def test_a_text_with_structs(tmp_path):
    path = folder(tmp_path / "trips", [SPAN_ROW])
    assert reader("hf").sniff_folder(path)
    [record] = records("hf", path)
    assert claims(record) == [(0, 7, "person", "Ана Ким"), (16, 19, "place", "Лом")]
    first, second = record.claims
    assert (first.layer, first.attrs, first.id) == ("entities", {"score": 0.5}, "T1")
    assert second.attrs == {}
    article = record.article
    assert (article.title, article.lang, article.meta) == (
        "Пътуване",
        "bg",
        {"n": 3, "split": "train"},
    )
    assert article.id.startswith("trips-")
    again = records("hf", path)
    assert again == [record]


def test_structs_of_lists_and_other_names_of_fields(tmp_path):
    row = {
        "body": "Ана Ким отиде в Лом.",
        "spans": {"start_offset": [0, 16], "end_offset": [7, 19], "label": [0, 1]},
        "labels": [],
    }
    head = "dataset_info:\n  features:\n  - name: spans\n    sequence:\n    - name: label\n      dtype:\n"
    head += "        class_label:\n          names: [PER, LOC]"
    [record] = records("hf", folder(tmp_path, [row], head))
    assert claims(record) == [(0, 7, "PER", "Ана Ким"), (16, 19, "LOC", "Лом")]
    empty = {"body": "Нищо.", "spans": {"start_offset": [], "end_offset": [], "label": []}}
    [record] = records("hf", folder(tmp_path, [empty], head))
    assert record.claims == ()


def test_tags_beside_spans_are_counted(tmp_path):
    row = {**SPAN_ROW, "tokens": ["Ана"], "tags": ["O"]}
    [record] = records("hf", folder(tmp_path, [row]))
    assert len(record.claims) == 2
    assert record.left_out == {"row of tags beside spans": 1}


def test_columns_of_bytes_and_times_in_parquet(tmp_path):
    import datetime

    row = {
        **SPAN_ROW,
        "image": b"\x89PNG",
        "seen": datetime.datetime(2026, 3, 6, 10),
        "price": float("nan"),
    }
    [record] = records("hf", parquet(tmp_path, [row]))
    assert record.left_out == {"column of bytes": 1}
    assert record.article.meta["seen"] == "2026-03-06T10:00:00"
    assert record.article.meta["price"] is None


def test_ids_are_kept_apart_and_stay_the_same(tmp_path):
    for split in ("train", "validation"):
        rows = [{**NER_ROW, "id": "0"}, {**NER_ROW, "id": "x"}]
        if split == "validation":
            rows[1] = {**NER_ROW, "id": "x", "tokens": [*"абвгде"]}
        folder(tmp_path / "ds", rows, NER, f"{split}.jsonl")
    ids = [record.article.id for record in records("hf", tmp_path / "ds")]
    assert ids[:3] == ["ds-train-0", "x", "ds-dev-0"]
    assert ids[3].startswith("x-")
    assert len(ids[3]) == 18
    assert ids == [record.article.id for record in records("hf", tmp_path / "ds")]
    found = Found(tmp_path / "ds", "ds", "F", "hf")
    prefixed = list(reader("hf").read(found, ReadOptions(prefix="p/")))
    assert [record.article.id for record in prefixed] == [f"p/{ident}" for ident in ids]


def test_a_text_column_that_is_named(tmp_path):
    row = {"quote": SPAN_ROW["text"], "text": "друго", "entities": SPAN_ROW["entities"]}
    path = folder(tmp_path, [row])
    found = Found(path, path.name, "F", "hf")
    [record] = reader("hf").read(found, ReadOptions(fields={"text": "quote"}))
    assert record.article.text == SPAN_ROW["text"]


CONFIGS = """\
configs:
- config_name: bg
  data_files:
  - split: train
    path: bg/part-*
  - split: validation
    path: [bg/v.jsonl]
- config_name: ru
  data_files: ru/all.jsonl
dataset_info:
- config_name: bg
  features:
  - {name: ner_tags, sequence: {class_label: {names: [O, B-A, I-A, B-B]}}}
- config_name: ru
  features:
  - {name: ner_tags, sequence: {class_label: {names: [O, B-C, I-C, B-D]}}}
"""


def test_files_and_names_by_configuration(tmp_path):
    for name in ("bg/part-2.jsonl", "bg/part-1.jsonl", "bg/v.jsonl", "ru/all.jsonl", "left.jsonl"):
        folder(tmp_path, [NER_ROW], CONFIGS, name)
    found = records("hf", tmp_path)
    where = [record.where.removeprefix(str(tmp_path)) for record in found]
    assert where == ["/bg/part-1.jsonl:1", "/bg/part-2.jsonl:1", "/bg/v.jsonl:1", "/ru/all.jsonl:1"]
    labels = [[claim.label for claim in record.claims] for record in found]
    assert labels == [["A", "B"], ["A", "B"], ["A", "B"], ["C", "D"]]
    assert [record.article.meta["split"] for record in found] == ["train", "train", "dev", "train"]


def test_a_card_cannot_lead_out_of_its_folder(tmp_path):
    folder(tmp_path / "outside", [NER_ROW], name="secret.jsonl")
    inside = tmp_path / "inside"
    for path in ("../outside/secret.jsonl", str(tmp_path / "outside" / "secret.jsonl"), "hf://x/y"):
        head = f"configs:\n- config_name: default\n  data_files: {json.dumps(path)}"
        folder(inside, [NER_ROW], head)
        [told] = refused(inside)
        assert "which is not there" in told


def test_the_project_itself_is_never_opened(tmp_path):
    path = folder(tmp_path, [NER_ROW], NER)
    [told] = refused(path, ReadOptions(never=[path / "data" / "train.jsonl"]))
    assert told == "F/data/train.jsonl: it is the project itself"


# What is refused


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"text": "Лом"}, "it has neither a column of spans nor tokens with tags (it has: text)"),
        ({}, "it has neither a column of spans nor tokens with tags (it has: none)"),
        ({"spans": SPAN_ROW["entities"]}, "none of its columns is known to hold the text"),
        ({**NER_ROW, "ner_tags": [1]}, "it has neither a column of spans nor tokens with tags"),
        (NER_ROW, "the labels in 'ner_tags' are numbers, and no card says"),
        ({**NER_ROW, "ner_tags": [0.5] * 6}, "neither a name nor a number"),
        ({**NER_ROW, "ner_tags": ["B-PER", "I", *"OOOO"]}, "'I' in 'ner_tags' is no tag"),
        ({**SPAN_ROW, "entities": [{"start": "0", "end": 1, "label": "A"}]}, "not a whole number"),
        ({**SPAN_ROW, "entities": [{"start": 0, "end": 1, "label": ["A"]}]}, "neither a name"),
        ({**SPAN_ROW, "text": " "}, "the text is empty"),
        ({**SPAN_ROW, "id": "x" * 2000}, "longer than 1000"),
        ([1, 2], "not a JSON object"),
        ("{", "broken JSON"),
        ('{"text": "\\u0000"}', "NUL character"),
        ('{"text": 1e999}', "a number is too large"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, row, reason):
    [told] = refused(folder(tmp_path, [row]))
    assert reason in told


def test_a_label_beyond_the_names_is_refused(tmp_path):
    row = {**NER_ROW, "ner_tags": [4, 0, 0, 0, 0, 0]}
    [told] = refused(folder(tmp_path, [row], NER))
    assert "the label 4 in 'ner_tags' is none of the 4 named" in told
    row["ner_tags"] = [-1, 0, 0, 0, 0, 0]
    [told] = refused(folder(tmp_path, [row], NER))
    assert "the label -1" in told


def test_a_file_without_known_columns_is_refused_once(tmp_path):
    assert len(refused(folder(tmp_path, [{"text": "Лом", "tags": ["a"]}] * 100))) == 1


def test_huge_offsets_do_not_settle(tmp_path):
    row = {**SPAN_ROW, "entities": [{"start": 10**30, "end": 10**31, "label": "A", "text": "x"}]}
    [record] = records("hf", folder(tmp_path, [row]))
    assert not isinstance(settle(record, record.article.text), Settled)


def test_one_bad_line_costs_one_line(tmp_path):
    path = folder(tmp_path, ["{", NER_ROW, "", "nonsense"], NER)
    with (path / "data" / "train.jsonl").open("ab") as stream:
        stream.write(b"\xff\n")
    found = read("hf", path)
    assert [type(item).__name__ for item in found] == ["Refusal", "Record", "Refusal", "Refusal"]
    assert [item.where.rpartition(":")[2] for item in found] == ["1", "2", "4", "5"]
    assert "UTF-8" in found[3].reason


def test_files_that_are_no_json_lines(tmp_path):
    (tmp_path / "README.md").write_text("---\ndataset_info: {}\n---\n", "utf-8")
    (tmp_path / "train.json").write_text('[\n{"a": 1},\n{"a": 2}\n]\n', "utf-8")
    (tmp_path / "croissant.json").write_text("{\n}\n", "utf-8")
    [told] = refused(tmp_path)
    assert told.startswith("F/train.json: it is one JSON value")
    (tmp_path / "train.json").write_text(json.dumps(SPAN_ROW), "utf-8")
    assert len(records("hf", tmp_path)) == 1


def test_a_damaged_card_is_told_and_the_rows_still_come(tmp_path):
    path = folder(tmp_path, [SPAN_ROW], "a: &b c")
    assert reader("hf").sniff_folder(path)
    card, record = read("hf", path)
    assert card.where.endswith("README.md")
    assert "line 2" in card.reason
    assert isinstance(record, Record)
    (path / "README.md").write_bytes(b"---\n\xff\n---\n")
    card, record = read("hf", path)
    assert "byte 4 is not UTF-8" in card.reason


def test_an_empty_folder_is_refused(tmp_path):
    assert refused(tmp_path) == ["F: it has no files of JSON lines or Parquet"]
    assert not reader("hf").sniff_folder(tmp_path)


def test_parquet_that_is_none_or_cut_short(tmp_path):
    path = parquet(tmp_path, [SPAN_ROW] * 3)
    file = path / "data" / "train.parquet"
    whole = file.read_bytes()
    for data in (b"", b"PAR1", b"hello", whole[: len(whole) // 2], whole[:-4] + b"PAR2"):
        file.write_bytes(data)
        [told] = refused(path)
        assert "it is damaged, or no Parquet file" in told
    # The end is whole, so the columns are known, but the pages are not what they should be.
    file.write_bytes(whole[:4] + bytes(200) + whole[204:])
    assert any("damaged" in told for told in refused(path))


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    path = parquet(tmp_path, [SPAN_ROW])

    def missing(name: str) -> object:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(hf_files, "import_module", missing)
    [told] = refused(path)
    assert told == (
        "F/data/train.parquet: Parquet files need pyarrow: pip install 'annotator-tui[parquet]'"
    )


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(head=st.binary(max_size=80), data=st.binary(max_size=120))
def test_no_bytes_make_it_fall(tmp_path_factory, head, data):
    path = tmp_path_factory.mktemp("fuzz")
    (path / "data").mkdir()
    (path / "README.md").write_bytes(b"---\ndataset_info:\n" + head + b"\n---\n")
    (path / "data" / "train.jsonl").write_bytes(data)
    (path / "data" / "test.parquet").write_bytes(b"PAR1" + data + b"PAR1")
    assert isinstance(reader("hf").sniff_folder(path), bool)
    assert all(isinstance(item, Record | Refusal) for item in read("hf", path))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.floats(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["start", "end", "label", "type", "text"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
KEYS = ("text", "id", "entities", "spans", "tokens", "ner_tags", "tags", "lang", "stances")


@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(row=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6), own=st.booleans())
def test_no_values_make_it_fall(tmp_path_factory, row, own):
    path = folder(tmp_path_factory.mktemp("fuzz"), [{**(OWN_ROW if own else {}), **row}], NER)
    for item in read("hf", path):
        assert isinstance(item, Record | Refusal)
        if isinstance(item, Record):
            settle(item, item.article.text)


# What is not ours to read


def test_other_folders_are_not_claimed(tmp_path):
    sniff = reader("hf").sniff_folder
    assert not sniff(tmp_path / "missing")
    plain = folder(tmp_path / "plain", [{"text": "Лом", "tags": ["политика"]}])
    assert not sniff(plain), "articles without annotations"
    prodigy = {
        "text": "Ана",
        "spans": [{"start": 0, "end": 3, "label": "PER", "token_start": 0, "token_end": 0}],
        "_task_hash": 1,
        "_input_hash": 2,
        "answer": "reject",
    }
    assert not sniff(folder(tmp_path / "prodigy", [prodigy])), "a tool's own reader knows it"
    native = tmp_path / "native"
    write({"data/a.jsonl": exported("jsonl")[""]}, native)
    assert not sniff(native)
    (tmp_path / "readme").mkdir()
    (tmp_path / "readme" / "README.md").write_text("---\ntitle: x\n---\n", "utf-8")
    assert not sniff(tmp_path / "readme")
    no_rows = tmp_path / "no_rows"
    no_rows.mkdir()
    (no_rows / "README.md").write_text("---\nconfigs: []\n---\n", "utf-8")
    (no_rows / "a.csv").write_text("text\nЛом\n", "utf-8")
    assert not sniff(no_rows), "its tables are for another reader"
    assert sniff(folder(tmp_path / "spans", [SPAN_ROW]))
    assert sniff(folder(tmp_path / "tags", [{"text": "x"}, NER_ROW]))
    assert sniff(folder(tmp_path / "own", [OWN_ROW]))


def test_files_of_other_tools_are_not_claimed(tmp_path):
    if not (SHARED / "foreign").is_dir():
        pytest.skip("the shared corpora are not beside this checkout")
    files = [
        path
        for tool in ("doccano", "prodigy", "label_studio")
        for path in (SHARED / "foreign" / tool).rglob("*.json*")
    ]
    assert files
    for number, file in enumerate(files):
        data = tmp_path / str(number) / "data"
        data.mkdir(parents=True)
        (data / "train.jsonl").symlink_to(file)
        assert not reader("hf").sniff_folder(data.parent), file
