"""Label Studio tasks out: golden bytes, shape, the configuration, losses, the way back."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import jsonschema
import pytest
from formats_json_kit import generated
from formats_kit import claims, exported, records, write
from formats_samples import check_golden, documents, news, several
from hypothesis import given, settings

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, State, Status, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Overlap, Scheme, SpanLayer, Unit

_REGION = {
    "type": "object",
    "required": ["id", "from_name", "to_name", "type", "value", "origin"],
    "properties": {
        "type": {"enum": ["labels", "textarea", "choices"]},
        "origin": {"enum": ["manual", "prediction"]},
        "value": {"type": "object"},
    },
    "allOf": [
        {
            "if": {"properties": {"type": {"const": "labels"}}},
            "then": {
                "properties": {
                    "value": {
                        "required": ["start", "end", "text", "labels"],
                        "properties": {
                            "start": {"type": "integer", "minimum": 0},
                            "end": {"type": "integer", "minimum": 1},
                            "text": {"type": "string", "minLength": 1},
                            "labels": {
                                "type": "array",
                                "minItems": 1,
                                "items": {"type": "string"},
                            },
                        },
                    }
                }
            },
        },
        {
            "if": {"properties": {"type": {"const": "textarea"}}},
            "then": {
                "properties": {
                    "value": {
                        "required": ["text"],
                        "properties": {"text": {"type": "array", "items": {"type": "string"}}},
                    }
                }
            },
        },
    ],
}

SHAPE = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "data", "annotations", "predictions"],
        "properties": {
            "id": {"type": "integer"},
            "data": {"type": "object", "required": ["text", "doc_id"]},
            "annotations": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["result", "was_cancelled", "ground_truth", "lead_time"],
                    "properties": {
                        "completed_by": {
                            "type": "object",
                            "required": ["email"],
                            "properties": {"email": {"type": "string", "pattern": "@"}},
                        },
                        "was_cancelled": {"type": "boolean"},
                        "lead_time": {"type": "number"},
                        "result": {"type": "array", "items": _REGION},
                    },
                },
            },
        },
    },
}


def given_out(
    docs: list[Document] | None = None, scheme: Scheme | None = None
) -> tuple[list[dict], ElementTree.Element, Losses]:
    losses = Losses()
    data = exported("label-studio", docs, losses, scheme)
    assert sorted(data) == ["", ".config.xml"]
    return json.loads(data[""]), ElementTree.fromstring(data[".config.xml"]), losses


def one(text: str, *spans: Span, actor: str = "anna", **work: object) -> list[Document]:
    work = {"status": Status(State.DONE), **work}
    return [Document(Article("a", text), (Work("a", actor, spans, **work),))]


def regions(task: dict, number: int = 0, control: str = "") -> list[dict]:
    found = task["annotations"][number]["result"]
    return [region for region in found if not control or region["from_name"] == control]


def faults(tasks: list[dict], config: ElementTree.Element) -> list[str]:
    """What Label Studio's validation would complain of, looked up in the configuration."""
    controls = {tag.get("name"): tag for tag in config.iter() if tag.get("toName")}
    objects = {tag.get("name") for tag in config.iter() if tag.get("value", "").startswith("$")}
    wrong = []
    for task in tasks:
        for annotation in task["annotations"]:
            for region in annotation["result"]:
                control = controls.get(region["from_name"])
                if control is None or region["to_name"] not in objects:
                    wrong.append(f"no control {region['from_name']}")
                    continue
                known = {each.get("value") for each in control}
                used = region["value"].get("labels") or region["value"].get("choices") or []
                if control.tag.lower() != region["type"] or not set(used) <= known:
                    wrong.append(f"{region['from_name']} cannot be {used}")
    return wrong


def test_bytes_are_kept():
    losses = Losses()
    data = exported("label-studio", several(), losses)
    check_golden("news.label-studio.json", data[""])
    check_golden("news.label-studio.json.config.xml", data[".config.xml"])
    check_golden("news.label-studio.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_tasks_have_the_shape_label_studio_takes():
    tasks, _, _ = given_out(several())
    schema = jsonschema.Draft202012Validator(SHAPE)
    assert list(schema.iter_errors(tasks)) == []
    spoilt = json.loads(json.dumps(tasks).replace('"start": 15', '"start": "15"'))
    assert list(schema.iter_errors(spoilt)), "the check can fail"


def test_the_configuration_knows_all_that_is_used():
    tasks, config, _ = given_out(several())
    assert faults(tasks, config) == []
    for region in config.findall("Labels")[1]:
        region.set("value", "X")
    assert faults(tasks, config), "the check can fail"
    text = config.find("Text")
    assert text is not None
    assert (text.get("value"), text.get("granularity")) == ("$text", "symbol")
    names = [tag.get("name") for tag in config.iter() if tag.get("name")]
    assert len(set(names)) == len(names)
    hotkeys = [tag.get("hotkey") for tag in config.iter("Label")]
    assert len(set(hotkeys)) == len(hotkeys) == 23
    assert all(tag.get("background", "").startswith("#") for tag in config.iter("Label"))


def test_every_layer_has_its_control_and_regions_cut_out_what_was_marked():
    tasks, _, losses = given_out()
    bridge = tasks[0]
    for region in [*regions(bridge, 0, "entities"), *regions(bridge, 0, "boilerplate")]:
        value = region["value"]
        assert bridge["data"]["text"][value["start"] : value["end"]] == value["text"]
    said = [(r["value"]["labels"], r["value"]["text"]) for r in regions(bridge, 0, "boilerplate")]
    assert (["nav"], "Обратно в сайта") in said
    assert len(regions(bridge, 0, "entities")) == 7
    assert losses.written["spans"] == 15
    assert losses.written["tasks"] == 3
    assert losses.written["tasks without annotations"] == 1
    assert not losses


def test_attributes_are_regions_with_the_same_id():
    tasks, _, _ = given_out()
    (lemma,) = regions(tasks[0], 0, "lemma")
    (entity,) = [r for r in regions(tasks[0], 0, "entities") if r["id"] == lemma["id"]]
    assert lemma["value"] == {"start": 15, "end": 18, "text": ["Лом"]}
    assert entity["value"]["start"] == 15
    (uncertain,) = regions(tasks[0], 0, "uncertain")
    assert uncertain["value"]["choices"] == ["true"]


def test_stances_and_notes_are_lines_of_json():
    tasks, _, losses = given_out()
    (stances,) = regions(tasks[0], 0, "stance")
    said = [json.loads(line) for line in stances["value"]["text"]]
    assert [stance["label"] for stance in said] == ["FAVOR", "NEUTRAL", "AGAINST"]
    text = tasks[0]["data"]["text"]
    (evidence,) = said[0]["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    assert said[0]["holder"] == {"kind": "quoted", "name": "Йоан Петров"}
    (notes,) = regions(tasks[0], 0, "notes")
    assert sorted(json.loads(line)["flag"] for line in notes["value"]["text"]) == [False, True]
    assert (losses.written["stances"], losses.written["notes"]) == (4, 2)


def test_everybody_is_there_and_only_addresses_are_users():
    tasks, _, losses = given_out(several())
    assert [len(task["annotations"]) for task in tasks] == [2, 2, 0]
    assert "completed_by" not in tasks[0]["annotations"][0]
    assert regions(tasks[0], 1, "annotator")[0]["value"]["text"] == ["boris"]
    assert tasks[1]["annotations"][1]["was_cancelled"] is True
    assert {kind: count for kind, count, _ in losses} == {
        "article exported though it is not finished": 1,
        "reason for skipping": 1,
    }
    ids = [annotation["id"] for task in tasks for annotation in task["annotations"]]
    assert ids == [1, 2, 3, 4]
    tasks, _, _ = given_out(one("Лом", actor="anna@news.example"))
    assert tasks[0]["annotations"][0]["completed_by"] == {"email": "anna@news.example"}


def test_what_cannot_be_an_attribute_is_counted():
    def make(number: int, **attrs: object) -> Span:
        return Span(f"s{number}", "entities", "LOC", number, number + 1, attrs)

    docs = one("Лом и Видин", make(0, lemma=["a"], n=3), make(1, lemma=True), make(2, norp="да"))
    tasks, config, losses = given_out(docs)
    assert {kind: count for kind, count, _ in losses} == {
        "attribute lemma": 2,
        "attribute n": 1,
        "attribute norp": 1,
    }
    assert faults(tasks, config) == []


def test_what_the_scheme_does_not_know_gets_a_control():
    spans = (Span("x", "topics", "Река & мост", 0, 3, {"how": "a"}),)
    tasks, config, _ = given_out(one("Лом", *spans))
    assert faults(tasks, config) == []
    assert config.findall("Labels")[-1].get("name") == "topics"


def test_names_that_are_taken_already():
    """Layers may be called like the text or an attribute: names in a configuration are unique."""
    label = Label("A", "a", "A", "white")
    layers = tuple(
        SpanLayer(name, name, Unit.WORD, Overlap.ANY, (label,), ("lemma", "notes"))
        for name in ("text", "annotator", "lemma")
    )
    spans = tuple(
        Span(layer.name, layer.name, "A", place, place + 1, {"lemma": "b", "notes": "c"})
        for place, layer in enumerate(layers)
    )
    scheme = Scheme("s", 1, layers, "")
    tasks, config, losses = given_out(one("Лом", *spans), scheme)
    assert faults(tasks, config) == []
    names = [tag.get("name") for tag in config.iter() if tag.get("name")]
    assert len(set(names)) == len(names)
    assert not losses


def test_a_retired_label_has_no_key():
    layer = news().span_layers[1]
    first = layer.labels[0]._replace(key="", retired=True)
    changed = replace(layer, labels=(first, *layer.labels[1:]))
    tasks, config, _ = given_out(
        one("Лом", Span("s", "entities", "PER", 0, 3)), replace(news(), layers=(changed,))
    )
    assert faults(tasks, config) == []
    assert config.find("Labels")[0].get("hotkey") is None


def test_no_documents_make_an_empty_array():
    tasks, config, _ = given_out([])
    assert tasks == []
    assert config.find("Text") is not None


def test_what_json_cannot_hold_is_a_sentence():
    article = Article("a", "Лом", meta={"x": float("nan")})
    with pytest.raises(AnnotatorError, match="'a' holds something JSON cannot"):
        exported("label-studio", [Document(article)])


@settings(max_examples=100)
@given(generated(("anna", "boris@b.example")))
def test_what_goes_out_comes_back(tmp_path_factory, document):
    data = exported("label-studio", [document])
    path = write(data, tmp_path_factory.getbasetemp(), "l.json")
    text = document.article.text
    found = records("label-studio", path)
    assert [record.annotator for record in found] == ["anna", "boris@b.example"]
    for record, work in zip(found, document.works, strict=True):
        assert record.article.text == text
        assert (record.article.id, record.article.lang) == ("generated", "bg")
        assert record.article.meta == {"n": [1]}
        assert record.finished
        wanted = [(s.start, s.end, s.label, text[s.start : s.end]) for s in work.spans]
        assert claims(record) == wanted
        said = [(claim.layer, claim.attrs, claim.id) for claim in record.claims]
        assert said == [(span.layer, span.attrs, span.id) for span in work.spans]
        assert record.left_out == {}


def test_metadata_comes_back_and_the_rest_is_counted(tmp_path):
    found = records("label-studio", write(exported("label-studio", several()), tmp_path, "l.json"))
    assert [(record.article.id, record.annotator) for record in found] == [
        ("bridge", "anna"),
        ("bridge", "boris"),
        ("harbour#1", "anna"),
        ("untouched", ""),
    ]
    wanted = documents()[0].article
    for name in ("text", "title", "source", "url", "date", "lang", "group", "meta"):
        assert getattr(found[0].article, name) == getattr(wanted, name)
    assert found[0].left_out == {"document text stance": 3, "document text notes": 2}
    assert found[2].left_out == {"cancelled annotation": 1, "document text stance": 1}
    assert [record.finished for record in found] == [True, True, True, False]
