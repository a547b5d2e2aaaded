"""croissant.json: what it says is what lies beside it, and mlcroissant reads the files through it."""

import hashlib
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from formats_kit import exported, write
from formats_samples import documents, news

from annotator.formats.document import Document

CONSUMER = Path(__file__).resolve().parents[1] / "consumers" / "croissant_consumer.py"
CHECKOUT = Path(__file__).resolve().parents[2]
MADE = CHECKOUT / ".venv-consumers" / "croissant" / "bin" / "python"
PYTHON = os.environ.get("ANNOTATOR_CROISSANT_PYTHON", str(MADE))
"""An interpreter with mlcroissant (consumers/run.py makes the environment); tests skip without."""


def docs() -> list[Document]:
    first, second, third = documents()
    return [replace(first, split="train"), replace(second, split="dev"), third]


def described(**options: object) -> tuple[dict, dict[str, bytes]]:
    files = exported("hf", docs(), **options)
    return json.loads(files["croissant.json"]), files


@pytest.mark.parametrize("parquet", [False, True])
def test_each_file_is_there_with_its_size_and_hash(parquet):
    if parquet:
        pytest.importorskip("pyarrow")
    told, files = described(parquet=parquet)
    data = {name for name in files if name.startswith("data/")}
    assert {each["contentUrl"] for each in told["distribution"]} == data
    for each in told["distribution"]:
        content = files[each["contentUrl"]]
        assert each["sha256"] == hashlib.sha256(content).hexdigest()
        assert each["contentSize"] == f"{len(content)} B"
        kind = "x-parquet" if parquet else "jsonlines"
        assert each["encodingFormat"] == f"application/{kind}"
    assert told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert told["inLanguage"] == ["bg", "ru"]


def test_all_ids_are_different_and_every_reference_leads_somewhere():
    told, _ = described()
    ids: list[str] = []
    references: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if "@id" in node and "@type" in node:
                ids.append(node["@id"])
            elif node.keys() == {"@id"}:
                references.append(node["@id"])
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk({key: value for key, value in told.items() if key != "@context"})
    assert len(ids) == len(set(ids)) > 50
    assert set(references) <= set(ids)


def test_fields_are_the_columns_and_labels_those_of_the_scheme():
    told, files = described()
    sets = {each["@id"]: each for each in told["recordSet"]}
    row = json.loads(files["data/train.jsonl"].split(b"\n")[0])
    assert [each["name"] for each in sets["train"]["field"]] == ["split", *row]
    entities = next(each for each in sets["train"]["field"] if each["name"] == "entities")
    assert [each["name"] for each in entities["subField"]] == list(row["entities"][0])
    labels = [each["labels/entities/label/name"] for each in sets["labels/entities/label"]["data"]]
    assert labels == [label.name for label in news().layer("entities").labels]
    splits = [each["splits/name"] for each in sets["splits"]["data"]]
    assert splits == ["train", "validation"]


@pytest.mark.parametrize(
    ("dates", "kind"),
    [
        (("2026-03-06", ""), "sc:Date"),
        (("2026-03-06", "2026-03-06T10:00:00Z"), "sc:DateTime"),
        (("2026-03-06", "вчера"), None),
    ],
)
def test_dates_are_described_only_when_they_are_dates(dates, kind):
    """mlcroissant fails when the reader under it has made times of what was announced as text."""
    two = [
        replace(doc, article=replace(doc.article, date=date))
        for doc, date in zip(documents(), dates, strict=False)
    ]
    told = json.loads(exported("hf", two)["croissant.json"])
    fields = {each["name"]: each for each in told["recordSet"][-1]["field"]}
    assert fields.get("date", {}).get("dataType") == kind
    assert fields["id"]["dataType"] == "sc:Text"


def test_an_export_of_nothing_is_described_too():
    told = json.loads(exported("hf", [documents()[2]])["croissant.json"])
    assert told["distribution"] == []
    assert all(each["@id"].startswith("labels/") for each in told["recordSet"])


def consumed(folder: Path) -> tuple[int, dict]:
    if not Path(PYTHON).exists():
        pytest.skip("there is no interpreter with mlcroissant (ANNOTATOR_CROISSANT_PYTHON)")
    done = subprocess.run(
        [PYTHON, str(CONSUMER), str(folder)], capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize("dates", [("", ""), ("2026-03-06", "вчера"), ("2026-03-06", "")])
def test_mlcroissant_reads_the_records_and_finds_the_labels(tmp_path, dates):
    changed = [
        replace(doc, article=replace(doc.article, date=date))
        for doc, date in zip(docs(), dates, strict=False)
    ]
    write(exported("hf", changed), tmp_path)
    code, told = consumed(tmp_path)
    assert (code, told["errors"]) == (0, [])
    assert told["records"] == 2
    assert told["splits"] == {"train": 1, "validation": 1}
    wanted: dict[str, int] = {}
    for doc in changed:
        for span in doc.works[0].spans:
            if span.layer == "entities":
                wanted[span.label] = wanted.get(span.label, 0) + 1
    assert told["labels"]["entities"] == wanted
    assert told["first"]["train"]["train/text"] == documents()[0].article.text
    assert told["first"]["train"]["train/ner_tags"][3] == "B-LOC"


def test_mlcroissant_sees_a_changed_file(tmp_path):
    """The check above can fail."""
    write(exported("hf", docs()), tmp_path)
    data = tmp_path / "data" / "train.jsonl"
    data.write_bytes(data.read_bytes().replace(b'"LOC"', b'"PER"', 1))
    code, told = consumed(tmp_path)
    assert code == 1
    assert any("Hash" in error for error in told["errors"])
