"""doccano JSONL out: golden bytes, shape, losses, overlaps, the way back."""

import json

import jsonschema
import pytest
from formats_json_kit import generated, lines
from formats_kit import claims, exported, records, write
from formats_samples import BRIDGE, check_golden, documents, several
from hypothesis import given, settings

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers.doccano import TROUBLE
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

SHAPE = {
    "type": "object",
    "required": ["id", "text", "label", "Comments"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "text": {"type": "string", "minLength": 1},
        "label": {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [
                    {"type": "integer", "minimum": 0},
                    {"type": "integer", "minimum": 1},
                    {"type": "string", "minLength": 1, "maxLength": 100},
                ],
                "minItems": 3,
                "maxItems": 3,
            },
        },
        "Comments": {"type": "array", "items": {"type": "string"}},
    },
    # Keys by which doccano's importer calls things of its own.
    "propertyNames": {"not": {"enum": ["filename", "upload_name", "example_uuid", "data"]}},
}


def given_out(docs: list[Document] | None = None, **options: object) -> tuple[list[dict], Losses]:
    losses = Losses()
    data = exported("doccano", docs, losses, **options)
    return [json.loads(line) for line in data.get("", b"").split(b"\n") if line], losses


def one(*spans: Span, text: str = "Лом и Видин", **work: object) -> list[Document]:
    work = {"status": Status(State.DONE), **work}
    return [Document(Article("a", text), (Work("a", "anna", sort_spans(spans), **work),))]


def test_bytes_are_kept():
    losses = Losses()
    check_golden("entities.doccano.jsonl", exported("doccano", None, losses)[""])
    check_golden("entities.doccano.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_lines_have_the_shape_doccano_reads_and_all_the_same_keys():
    found, _ = given_out()
    schema = jsonschema.Draft202012Validator(SHAPE)
    assert [list(schema.iter_errors(line)) for line in found] == [[], []]
    assert len({tuple(line) for line in found}) == 1, "a table: no line may lack a column"
    assert list(schema.iter_errors({**found[0], "label": [[0, "1", "LOC"]]}))
    assert list(schema.iter_errors({**found[0], "filename": "x"}))


def test_labels_cut_out_what_was_marked():
    found, losses = given_out()
    bridge = found[0]
    assert bridge["text"] == BRIDGE
    assert [[line[2], BRIDGE[line[0] : line[1]]] for line in bridge["label"]] == [
        ["LOC", "Лом"],
        ["PER", "Йоан Петров\u0438\u0306"],
        ["ORG", "Институтът по мостове към Университета на Видин"],
        ["ORG", "Университета на Видин"],
        ["LOC", "Видин"],
        ["ORG", "«Строй & Син»"],
        ["LOC", "Лом"],
    ]
    assert losses.written == {"articles": 2, "articles by anna": 2, "spans": 10, "comments": 1}


def test_everything_left_behind_is_counted():
    found, losses = given_out()
    assert found[0]["Comments"] == ["залепено"]
    assert {kind: count for kind, count, _ in losses} == {
        "article without decisions in entities": 1,
        "attribute lemma": 1,
        "attribute uncertain": 1,
        "attribute xid": 1,
        "flag": 1,
        "place of a note": 1,
        TROUBLE: 2,
        "span of layer boilerplate": 5,
        "stance": 4,
    }
    assert "Allow overlapping" in losses.facts["overlaps"]


def test_what_doccano_would_drop_is_told():
    def make(start: int, end: int, label: str = "LOC") -> Span:
        return Span(f"{start}-{end}-{label}", "entities", label, start, end)

    _, losses = given_out(one(make(0, 3), make(6, 11)))
    assert losses[TROUBLE] == 0
    assert "overlaps" not in losses.facts
    _, losses = given_out(one(make(0, 3), make(3, 5), make(4, 8), make(8, 9), make(8, 9, "PER")))
    assert losses[TROUBLE] == 2, "4-8 begins in 3-5, then 8-9 is free, its twin is not"


def test_whose_decisions_and_which_layer():
    with pytest.raises(AnnotatorError, match=r"'bridge' .*anna, boris.*choose"):
        given_out(several())
    found, losses = given_out(several(), annotator="boris")
    assert [line["label"] for line in found] == [[[126, 131, "LOC"]]]
    assert losses["decisions of another annotator"] == 1
    found, losses = given_out(layer="boilerplate")
    assert [line["label"][-1][2] for line in found] == ["footer", "headline"]
    assert losses["span of layer entities"] == 10


def test_not_looked_at_is_not_nothing_there():
    found, _ = given_out(one(looked=frozenset({"entities"}), status=Status(State.OPEN)))
    assert [line["label"] for line in found] == [[]]
    found, losses = given_out(one(status=Status(State.OPEN)))
    assert found == []
    assert losses["article without decisions in entities"] == 1


def test_no_documents_make_an_empty_file():
    assert b"".join(exported("doccano", []).values()) == b""


def test_what_json_cannot_hold_is_a_sentence():
    article = Article("a", "Лом", meta={"x": float("nan")})
    with pytest.raises(AnnotatorError, match="'a' holds something JSON cannot"):
        exported("doccano", [Document(article, (Work("a", "anna", status=Status(State.DONE)),))])


@settings(max_examples=100)
@given(generated())
def test_what_goes_out_comes_back(tmp_path_factory, document):
    path = write(exported("doccano", [document]), tmp_path_factory.getbasetemp(), "d.jsonl")
    (record,) = records("doccano", path)
    assert record.article.text == document.article.text
    assert (record.article.id, record.article.lang) == ("generated", "bg")
    assert record.article.meta == {"n": [1]}
    spans = [span for span in document.works[0].spans if span.layer == "entities"]
    text = document.article.text
    wanted = [(s.start, s.end, s.label, text[s.start : s.end]) for s in spans]
    assert sorted(claims(record)) == sorted(wanted)
    assert record.finished == bool(wanted)


def test_metadata_comes_back(tmp_path):
    first, second = records("doccano", write(exported("doccano"), tmp_path, "d.jsonl"))
    wanted = documents()[0].article
    assert first.article.meta == wanted.meta
    for name in ("id", "title", "source", "url", "date", "lang", "group"):
        assert getattr(first.article, name) == getattr(wanted, name)
    assert first.left_out == {"comment": 1}
    assert second.left_out == {}


def test_the_shape_can_fail():
    spoilt = lines({"id": "", "text": "x", "label": [], "Comments": []})
    assert list(jsonschema.Draft202012Validator(SHAPE).iter_errors(json.loads(spoilt)))
