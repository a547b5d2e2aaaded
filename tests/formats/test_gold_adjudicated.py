"""Adjudicated gold in exports: in the annotators' place, with where it comes from and soft labels."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from formats_samples import check_golden, documents, news, several
from jsonschema import Draft202012Validator

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.label_map import LabelMap
from annotator.formats.losses import Losses
from annotator.formats.readers.native import read_path
from annotator.formats.registry import export
from annotator.formats.selection import ALL, Selection, selected
from annotator.formats.sources.incoming import Refusal
from annotator.formats.table import formats
from annotator.formats.writers.native_jsonl import json_schema, soft_labels
from annotator.model.annotation import State, Status, Work
from annotator.model.errors import AnnotatorError
from annotator.model.release import ACTOR, Golden, GoldItem

ADJUDICATED = Selection(gold="adjudicated")


def gilded(document: Document) -> Document:
    """A document whose gold is its first annotator's work, an item for each thing in it."""
    if not document.works:
        return replace(document, gold=Golden(None))
    work = document.works[0]
    items = [
        GoldItem(
            f"item:{span.layer}:{number:016x}",
            span.layer,
            "manual",
            (span.id,),
            decider="vera",
            adopted=(work.actor,),
            category=("missing",),
            votes={f"{span.label} {span.start}-{span.end}": 1, "nothing": 2},
            taken=(f"{span.label} {span.start}-{span.end}",),
            voters=3,
            reason="slip",
        )
        for number, span in enumerate(work.spans)
    ]
    items += [
        GoldItem(
            f"item:stance:{number:016x}",
            "stance",
            "dawid-skene",
            stance=(stance.target, stance.holder),
            votes={stance.label: 2, "UNCLEAR": 1},
            taken=(stance.label,),
            voters=3,
            about=(stance.target.ref, stance.holder.ref),
            posterior=0.97,
        )
        for number, stance in enumerate(work.stances)
    ]
    items.append(
        GoldItem(
            "item:entities:ffff",
            "entities",
            "manual",
            votes={"EVT 0-3": 1, "nothing": 2},
            taken=("nothing",),
            voters=3,
        )
    )
    layers = frozenset(layer.name for layer in news().layers)
    gold = replace(
        work, actor=ACTOR, looked=layers, notes=(), status=Status(State.DONE), versions={}
    )
    return replace(document, gold=Golden(gold, tuple(items)))


def lines(
    folder: Path, docs: list[Document], selection: Selection, **options: Any
) -> list[dict[str, Any]]:
    path = folder / "gold.jsonl"
    export("jsonl", docs, news(), path, Options(**options), selection=selection)
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def test_bytes_are_kept(tmp_path):
    lines(tmp_path, [gilded(d) for d in documents()], ADJUDICATED, votes=True)
    check_golden("native-gold.jsonl", (tmp_path / "gold.jsonl").read_bytes())


def test_gold_takes_the_annotators_place(tmp_path):
    for line in lines(tmp_path, [gilded(d) for d in several()], ADJUDICATED)[:2]:
        assert [each["name"] for each in line["annotators"]] == [ACTOR]
        ids = {span["id"] for spans in line["layers"].values() for span in spans}
        told = {span for item in line["gold"] for span in item.get("spans", [])}
        assert ids == told
        assert all("answers" not in item for item in line["gold"])
    told = json.loads((tmp_path / "gold.jsonl.manifest.json").read_text())
    assert told["facts"]["gold"] == "adjudicated"


def test_every_line_fits_the_published_schema(tmp_path):
    validator = Draft202012Validator(json.loads(json_schema()))
    for votes in (False, True):
        found = lines(tmp_path, [gilded(d) for d in several()], ADJUDICATED, votes=votes)
        assert ["gold" in line for line in found] == [True, True, False]
        for line in found:
            validator.validate(line)
        for line in found[:2]:
            assert not validator.is_valid(
                {**line, "gold": [{**line["gold"][0], "method": "guess"}]}
            )


def test_soft_labels_are_shares_of_who_finished_the_layer():
    text = "Anna met Boris."
    votes = {"PER 0-4": 2, "PER 0-8": 1, "nothing": 1}
    item = GoldItem("i", "entities", "manual", ("1",), votes=votes, taken=("PER 0-4",), voters=4)
    assert soft_labels(item, text) == [
        {"answer": "PER 0-4", "votes": 2, "share": 0.5, "gold": True,
         "label": "PER", "start": 0, "end": 4, "text": "Anna"},
        {"answer": "PER 0-8", "votes": 1, "share": 0.25, "gold": False,
         "label": "PER", "start": 0, "end": 8, "text": "Anna met"},
        {"answer": "nothing", "votes": 1, "share": 0.25, "gold": False},
    ]  # fmt: skip
    stance = item._replace(layer="stance", votes={"FAVOR": 3}, taken=("FAVOR",), voters=3)
    assert soft_labels(stance, text) == [
        {"answer": "FAVOR", "votes": 3, "share": 1.0, "gold": True, "label": "FAVOR"}
    ]
    outside = item._replace(votes={"PER 0-400": 1})
    assert "start" not in soft_labels(outside, text)[0], "a place that is not in this text"


def test_reading_gives_back_where_gold_comes_from(tmp_path):
    docs = [gilded(d) for d in several()]
    lines(tmp_path, docs, ADJUDICATED, votes=True)
    back = [each for each in read_path(tmp_path / "gold.jsonl") if not isinstance(each, Refusal)]
    assert [each.items for each in back] == [d.gold.items for d in docs if d.gold]
    assert any(each.items for each in back)
    first = (tmp_path / "gold.jsonl").read_bytes()
    lines(tmp_path, back, ALL, votes=True)
    assert (tmp_path / "gold.jsonl").read_bytes() == first


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ({"voters": -1}, "negative"),
        ({"votes": {"x": "1"}}, "not a whole number"),
        ({"spans": [1]}, "not a string"),
        ({"more": 1}, "unknown field"),
        ({"stance": {"target": {}}}, "has no"),
        ({"answers": 1}, "not a list"),
        ({"layer": None}, "not a string"),
    ],
)
def test_spoilt_origins_are_refused(tmp_path, spoilt, says):
    line = lines(tmp_path, [gilded(d) for d in documents()], ADJUDICATED)[0]
    line["gold"][0] |= spoilt
    (tmp_path / "x.jsonl").write_text(json.dumps(line))
    (refusal,) = read_path(tmp_path / "x.jsonl")
    assert isinstance(refusal, Refusal)
    assert says in refusal.reason


def test_what_is_not_decided_is_left_out_and_counted():
    docs = several()
    partly = replace(
        docs[0],
        gold=Golden(
            Work(docs[0].article.id, ACTOR, looked=frozenset(["stance"])), (), ("entities",)
        ),
    )
    none = replace(docs[1], gold=Golden(None, (), ("entities", "stance")))
    losses = Losses()
    found = list(selected([partly, none, docs[2]], news(), ADJUDICATED, losses))
    assert [len(each.works) for each in found] == [1, 0, 0]
    assert losses["entities that is not decided to the end"] == 2
    assert losses["stance that is not decided to the end"] == 1
    assert losses["article of which nobody finished a layer"] == bool(docs[2].works)


def test_formats_without_a_place_for_it_say_so(tmp_path):
    docs = [gilded(d) for d in documents()]
    total = sum(len(d.gold.items) for d in docs if d.gold)
    for name in ("iob2", "standoff", "hf", "w3c", "stance-tsv", "prodigy"):
        losses = export(name, docs, news(), tmp_path / name, selection=ADJUDICATED)
        assert losses["answers behind gold"] == total, name
    assert not export("jsonl", docs, news(), tmp_path / "j", selection=ADJUDICATED)[
        "answers behind gold"
    ]
    with pytest.raises(AnnotatorError, match="no option votes"):
        export("iob2", docs, news(), tmp_path / "v", Options(votes=True), selection=ADJUDICATED)
    assert [name for name, each in formats().items() if "votes" in each.options] == ["jsonl"]


def test_origins_follow_the_layers_and_labels_that_go_out(tmp_path):
    docs = [gilded(d) for d in documents()]
    for line in lines(tmp_path, docs, Selection(gold="adjudicated", layers=("entities",)))[:2]:
        assert {item["layer"] for item in line["gold"]} == {"entities"}
        assert any("spans" not in item for item in line["gold"]), "what was turned down is there"
    for line in lines(tmp_path, docs, Selection(gold="adjudicated", labels=("entities/PER",)))[:1]:
        labels = {span["id"]: span["label"] for span in line["layers"]["entities"]}
        assert {labels[span] for item in line["gold"] for span in item["spans"]} == {"PER"}


@pytest.mark.parametrize(
    "more",
    [{"cut": "strict-body"}, {"labelled_as": LabelMap({"entities": {"PER": "PERSON"}}, "m")}],
    ids=["cut", "map"],
)
def test_answers_about_another_text_or_other_labels_do_not_go_out(tmp_path, more):
    docs = [gilded(d) for d in documents()]
    losses = export(
        "jsonl", docs, news(), tmp_path / "x", selection=Selection(gold="adjudicated", **more)
    )
    assert losses["answers behind gold"] == sum(len(d.gold.items) for d in docs if d.gold)
    assert b'"gold":[' not in (tmp_path / "x").read_bytes()


def test_votes_make_origins_too(tmp_path):
    for policy in ("majority", "agreed"):
        for line in lines(tmp_path, several(), Selection(gold=policy), votes=True):
            ids = {span["id"] for spans in line["layers"].values() for span in spans}
            told = [span for item in line.get("gold", []) for span in item.get("spans", [])]
            assert sorted(ids) == sorted(told)
            for item in line.get("gold", []):
                assert sum(item["votes"].values()) == item["voters"]
                assert item["method"] == ("unanimous" if len(item["votes"]) == 1 else "majority")


def test_passes_go_out_only_under_their_names(tmp_path):
    document = documents()[0]
    again = replace(document.works[0], actor="iva #2")
    trained = replace(document.works[0], actor="iva #training")
    doc = replace(
        document, works=tuple(sorted((*document.works, again, trained), key=lambda w: w.actor))
    )
    named = {work.actor for work in document.works}

    def out(selection: Selection) -> tuple[set[str], int]:
        losses = Losses()
        (found,) = selected([doc], news(), selection, losses)
        return {work.actor for work in found.works}, losses["work of a second pass or of training"]

    assert out(ALL) == (named, 2)
    assert out(Selection(langs=(doc.article.lang,))) == (named, 2)
    assert out(Selection(annotators=("iva #2",))) == ({"iva #2"}, 1)
    assert out(Selection(annotators=("iva #2", "iva #training"))) == (
        {"iva #2", "iva #training"},
        0,
    )
    assert out(Selection(gold="majority"))[1] == 2
