"""The Hugging Face folder: golden bytes, what is counted, splits, offsets, Parquet, determinism."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from formats_kit import exported
from formats_samples import BRIDGE, HARBOUR, check_golden, documents, news, several

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers import hf_files
from annotator.formats.writers.hf_features import Labels, column, features, layer_of, timelike
from annotator.model.annotation import Note, Party, Span, Stance, State, Status, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import parse, preset
from annotator.text.counting import Count, Offsets


def split_documents() -> list[Document]:
    """The samples, one in each of two splits."""
    first, second, third = documents()
    return [replace(first, split="train"), replace(second, split="dev"), third]


def rows(data: bytes) -> list[dict]:
    return [json.loads(line) for line in data.split(b"\n") if line]


def one(text: str, *spans: Span, ident: str = "a", **more: object) -> Document:
    work = Work(ident, "anna", spans, looked=frozenset({"entities"}), status=Status(State.DONE))
    return Document(Article(ident, text, **more), (work,))


def test_bytes_are_kept():
    losses = Losses()
    files = exported("hf", split_documents(), losses)
    assert sorted(files) == [
        "README.md",
        "croissant.json",
        "data/train.jsonl",
        "data/validation.jsonl",
    ]
    for name, data in files.items():
        check_golden(f"hf/{name}", data)
    check_golden("hf.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_a_row_has_the_announced_columns_in_order():
    files = exported("hf", split_documents())
    names = [each.name for each in features(news(), Labels(news()))]
    for name in ("data/train.jsonl", "data/validation.jsonl"):
        [row] = rows(files[name])
        assert list(row) == names
        assert row["text_sha256"] == hashlib.sha256(row["text"].encode()).hexdigest()
    assert "- name: entities\n    list:\n    - name: start\n" in files["README.md"].decode()


@pytest.mark.parametrize("count", [Count.CODE_POINTS, Count.UTF16, Count.BYTES])
def test_offsets_are_in_the_count_asked_for(count):
    files = exported("hf", documents(), offsets=count)
    for row in rows(files["data/train.jsonl"]):
        offsets = Offsets(row["text"], count)
        places = row["entities"] + row["boilerplate"]
        places += [each for stance in row["stances"] for each in stance["evidence"]]
        for place in places:
            start, end = offsets.of(place["start"]), offsets.of(place["end"])
            assert row["text"][start:end] == place["text"] != ""
    readme = files["README.md"].decode()
    assert re.search(f'^  offsets: "?{count}"?$', readme, re.MULTILINE)
    words = {Count.CODE_POINTS: "code points,", Count.UTF16: "UTF-16", Count.BYTES: "bytes of the"}
    assert f"`start` and `end` count {words[count]}" in readme.replace("Unicode ", "")


def test_attributes_have_their_columns():
    [bridge, _] = rows(exported("hf")["data/train.jsonl"])
    by_text = {span["text"]: span for span in bridge["entities"]}
    lom = next(span for span in bridge["entities"] if span["lemma"])
    assert (lom["text"], lom["lemma"], lom["xid"], lom["attrs"]) == ("Лом", "Лом", "LOC-Lom", "{}")
    assert by_text["«Строй & Син»"]["attrs"] == '{"uncertain":true}'
    odd = one("Лом", Span("s", "entities", "LOC", 0, 3, {"lemma": "", "xid": 7, "b": 1, "a": [2]}))
    [row] = rows(exported("hf", [odd])["data/train.jsonl"])
    [span] = row["entities"]
    assert (span["lemma"], span["xid"]) == ("", "")
    assert span["attrs"] == '{"a":[2],"b":1,"lemma":"","xid":7}'


def test_tokens_and_tags_are_those_of_the_outermost():
    losses = Losses()
    [bridge, harbour] = rows(exported("hf", None, losses)["data/train.jsonl"])
    assert len(bridge["tokens"]) == len(bridge["ner_tags"])
    tagged = list(zip(bridge["tokens"], bridge["ner_tags"], strict=True))
    assert ("Институтът", "B-ORG") in tagged
    assert ("Видин", "I-ORG") in tagged
    assert tagged[tagged.index(("Анти-", "O")) + 1] == ("Лом", "B-LOC")
    assert losses["nested span that ner_tags cannot hold"] == 2
    begun = [tag for tag in harbour["ner_tags"] if tag.startswith("B-")]
    assert begun == ["B-ORG", "B-PER", "B-LOC"]


def test_spans_side_by_side_and_spans_of_space():
    docs = [
        one("АнаЕва", Span("x", "entities", "PER", 0, 3), Span("y", "entities", "PER", 3, 6)),
        one("а  б", Span("s", "entities", "PER", 1, 3), ident="b"),
    ]
    losses = Losses()
    first, second = rows(exported("hf", docs, losses)["data/train.jsonl"])
    assert (first["tokens"], first["ner_tags"]) == (["Ана", "Ева"], ["B-PER", "B-PER"])
    assert second["ner_tags"] == ["O", "O"]
    assert len(second["entities"]) == 1
    assert losses["span without a token in ner_tags"] == 1


def test_what_does_not_go_out_is_counted():
    losses = Losses()
    exported("hf", None, losses)
    assert losses["article without decisions"] == 1
    assert losses["note or flag"] == 2
    assert losses["field of metadata"] == 2
    assert losses.written["articles"] == 2
    assert losses.written["spans of entities"] == 10
    assert losses.written["stances"] == 4
    work = Work("a", "anna", (Span("s", "gone", "X", 0, 3),), status=Status(State.DONE))
    other = Work("a", "boris", looked=frozenset({"entities"}))
    losses = Losses()
    docs = [Document(Article("a", "Лом"), (work, other))]
    exported("hf", docs, losses, annotator="anna")
    assert losses["span of layer gone"] == 1
    assert losses["decisions of another annotator"] == 1


def test_of_several_annotators_one_must_be_chosen():
    with pytest.raises(AnnotatorError, match=r"'bridge' .*anna, boris.*choose"):
        exported("hf", several())
    losses = Losses()
    files = exported("hf", several(), losses, annotator="boris")
    [row] = rows(files["data/train.jsonl"])
    assert (row["annotator"], row["finished"], row["looked"]) == ("boris", False, [])
    assert losses["article skipped by its annotator"] == 1
    assert losses["article exported though it is not finished"] == 1


def test_labels_that_are_not_in_the_scheme_get_numbers_behind_it():
    """An export under other names: the card must know them, or nothing loads."""
    files = exported("hf", [one("Лом", Span("s", "entities", "GPE", 0, 3))])
    readme = files["README.md"].decode()
    assert "            '5': \"GPE\"\n" in readme
    assert "          '11': \"B-GPE\"\n" in readme
    assert "| `GPE` |  | 1 |" in readme


def test_splits_have_the_names_of_the_hub():
    docs = [
        replace(one("Лом", ident=name or "none"), split=name)
        for name in ("", "dev", "test", "Fold 1", "all", "validation")
    ]
    losses = Losses()
    files = exported("hf", docs, losses)
    names = sorted(name for name in files if name.startswith("data/"))
    odd = [name for name in names if name.startswith("data/split_")]
    assert len(odd) == 3, "odd, reserved and taken names become others"
    assert set(names) - set(odd) == {
        "data/train.jsonl",
        "data/validation.jsonl",
        "data/test.jsonl",
    }
    assert losses["article without a split, put into train"] == 1
    readme = files["README.md"].decode()
    assert "    validation: dev\n" in readme
    assert '"Fold 1"' in readme
    assert "splits:" not in exported("hf")["README.md"].decode()


def test_an_export_of_nothing_has_no_data():
    files = exported("hf", [documents()[2]])
    assert sorted(files) == ["README.md", "croissant.json"]
    assert "configs:" not in files["README.md"].decode()
    assert "0 news articles" in files["README.md"].decode()


def test_without_stances_or_words_there_are_no_such_columns():
    toml = (
        'name = "x"\nversion = 1\n[[layers]]\nname = "text"\nunit = "block"\noverlap = "none"\n'
        'labels = [{ name = "NO", key = "n" }]\n'
    )
    stance = Stance(Party("entity", "Лом"), "FAVOR")
    work = Work("a", "anna", (Span("s", "text", "NO", 0, 3),), (stance,), frozenset({"text"}))
    losses = Losses()
    files = exported("hf", [Document(Article("a", "Лом"), (work,))], losses, parse(toml))
    [row] = rows(files["data/train.jsonl"])
    assert not {"tokens", "ner_tags", "stances"} & row.keys()
    assert row["text"] == "Лом"
    assert row["text_spans"][0]["label"] == "NO"
    assert losses["stance"] == 1
    assert "- token-classification\ntags:" in files["README.md"].decode()


@pytest.mark.parametrize("name", ["entities", "text", "text_spans", "id_spans_spans", "a_spans"])
def test_a_layer_and_its_column_are_one_to_one(name):
    assert layer_of(column(name)) == name
    assert (column(name) == name) == name.startswith(("entities", "a_"))


def test_dates_that_datasets_will_change_are_told():
    """Its JSON reader takes a column of nothing but times for times (see test_hf_consumer)."""
    docs = [one("Лом", ident=n, date=f"2026-03-0{n}") for n in "12"]
    losses = Losses()
    exported("hf", docs, losses)
    kind = "batch of JSON lines in which datasets takes date for times"
    assert losses[kind] == 1
    losses = Losses()
    exported("hf", [*docs, one("Видин", ident="3")], losses)
    assert losses[kind] == 0
    losses = Losses()
    exported("hf", docs, losses, parquet=True)
    assert losses[kind] == 0


def test_each_batch_of_datasets_is_looked_at(monkeypatch):
    monkeypatch.setattr(hf_files, "BATCH", 1)
    docs = [one("Лом", ident=n, date=d) for n, d in (("1", ""), ("2", "2026-03-06"))]
    losses = Losses()
    exported("hf", docs, losses)
    assert losses["batch of JSON lines in which datasets takes date for times"] == 1


@pytest.mark.parametrize(
    ("value", "is_time"),
    [
        ("2026-03-06", True),
        ("2026-03-06T10:00:00Z", True),
        ("2026-03-06 10:00", True),
        ("2026-03-06T10:00:00+02:00", True),
        ("2026-03-06T10:00:00.5", False),
        ("2026-03", False),
        ("6 март 2026", False),
        ("", False),
    ],
)
def test_times_are_those_of_arrow(value, is_time):
    json_reader = pytest.importorskip("pyarrow.json")
    assert timelike(value) is is_time
    table = json_reader.read_json(io.BytesIO(json.dumps({"x": value}).encode() + b"\n"))
    assert (table.schema.field("x").type != "string") is is_time


def test_the_card_escapes_what_it_quotes():
    nasty = "Вести | <b>[x](y)</b> `z` *\n---\n"
    doc = replace(one("Лом", source=nasty, lang="bg"), split="")
    readme = exported("hf", [doc])["README.md"].decode()
    assert readme.count("\n---\n") == 1
    row = next(line for line in readme.split("\n") if "Вести" in line)
    assert row.startswith(r"| Вести \| \<b\>\[x\](y)\</b\> \`z\` \*␤---␤ | 1 |")


def test_parquet_has_the_same_rows_with_labels_as_numbers():
    parquet = pytest.importorskip("pyarrow.parquet")
    files = exported("hf", split_documents(), parquet=True)
    lines = exported("hf", split_documents())
    assert sorted(files) == [
        "README.md",
        "croissant.json",
        "data/train.parquet",
        "data/validation.parquet",
    ]
    for split in ("train", "validation"):
        opened = parquet.ParquetFile(io.BytesIO(files[f"data/{split}.parquet"]))
        told = json.loads(opened.schema_arrow.metadata[b"huggingface"])["info"]["features"]
        names = told["entities"]["feature"]["label"]["names"]
        [row], [wanted] = opened.read().to_pylist(), rows(lines[f"data/{split}.jsonl"])
        for span in row["entities"]:
            span["label"] = names[span["label"]]
        assert row["entities"] == wanted["entities"]
        tags = told["ner_tags"]["feature"]["names"]
        assert [tags[tag] for tag in row["ner_tags"]] == wanted["ner_tags"]
        for name in ("id", "text", "date", "looked", "finished", "tokens"):
            assert row[name] == wanted[name]


def test_parquet_goes_out_in_row_groups(monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(hf_files, "ROWS", 3)
    docs = [one("Лом", ident=f"{n:02}") for n in range(8)]
    docs[6] = one("Лом", Span("s", "entities", "NEW", 0, 3), ident="06")
    data = exported("hf", docs, parquet=True)["data/train.parquet"]
    opened = parquet.ParquetFile(io.BytesIO(data))
    assert opened.num_row_groups == 3
    assert opened.read().column("id").to_pylist() == [doc.article.id for doc in docs]
    told = json.loads(opened.schema_arrow.metadata[b"huggingface"])["info"]["features"]
    assert told["entities"]["feature"]["label"]["names"][-1] == "NEW"


def test_parquet_without_pyarrow_is_one_sentence(monkeypatch):
    def missing(name: str) -> object:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(hf_files, "import_module", missing)
    with pytest.raises(AnnotatorError, match=r"^Parquet files need pyarrow: pip install"):
        exported("hf", parquet=True)


def test_a_string_that_is_no_unicode_is_one_sentence():
    work = Work("a", "anna", (), (Stance(Party("entity", "\ud800"), "FAVOR"),))
    docs = [Document(Article("a", "Лом"), (work,))]
    for parquet in (False, True):
        with pytest.raises(AnnotatorError, match=r"^Article 'a.* holds what UTF-8 cannot"):
            exported("hf", docs, parquet=parquet)


CODE = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from formats_kit import exported
from formats_samples import documents
for parquet in (False, True):
    for name, data in exported("hf", documents(), parquet=parquet).items():
        print(name, hashlib.sha256(data).hexdigest())
"""


def test_bytes_do_not_depend_on_the_hash_seed():
    here = os.path.dirname(__file__)
    told = [
        subprocess.run(
            [sys.executable, "-c", CODE, here],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] != ""


def test_every_scheme_of_ours_goes_out():
    for name in ("news", "minimal"):
        text = BRIDGE + HARBOUR
        doc = one(text, Span("s", "entities", "PER", 0, 3))
        assert rows(exported("hf", [doc], scheme=preset(name))["data/train.jsonl"])


def test_a_note_alone_is_no_decision():
    losses = Losses()
    doc = Document(Article("a", "Лом"), (Work("a", "anna", notes=(Note("n", "х"),)),))
    assert "data/train.jsonl" not in exported("hf", [doc], losses)
    assert losses["article without decisions"] == 1
