"""Prodigy JSONL out: golden bytes, shape, tokens and spans as spaCy sees them, losses, the way back."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from formats_json_kit import generated
from formats_kit import claims, exported, records, write
from formats_samples import BRIDGE, HARBOUR, check_golden, documents, several
from hypothesis import given, settings

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers.prodigy import tiles
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article

_PLACE = {"start": {"type": "integer", "minimum": 0}, "end": {"type": "integer", "minimum": 1}}
_INT32 = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}

SHAPE = {
    "type": "object",
    "required": ["text", "meta", "tokens", "spans", "answer", "_input_hash", "_task_hash"],
    "properties": {
        "text": {"type": "string", "minLength": 1},
        "meta": {"type": "object", "required": ["id"]},
        "answer": {"enum": ["accept", "reject", "ignore"]},
        "_view_id": {"enum": ["ner_manual", "spans_manual"]},
        "_session_id": {"type": "string"},
        "_annotator_id": {"type": "string"},
        "_input_hash": _INT32,
        "_task_hash": _INT32,
        "tokens": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["text", "start", "end", "id", "ws"],
                "properties": {
                    **_PLACE,
                    "text": {"type": "string", "minLength": 1},
                    "id": {"type": "integer", "minimum": 0},
                    "ws": {"type": "boolean"},
                },
                "additionalProperties": False,
            },
        },
        "spans": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["start", "end", "token_start", "token_end", "label"],
                "properties": {
                    **_PLACE,
                    "token_start": {"type": "integer", "minimum": 0},
                    "token_end": {"type": "integer", "minimum": 0},
                    "label": {"type": "string", "minLength": 1},
                    "text": {"type": "string"},
                    "attrs": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
    },
}


def given_out(docs: list[Document] | None = None, **options: object) -> tuple[list[dict], Losses]:
    losses = Losses()
    data = exported("prodigy", docs, losses, **options).get("", b"")
    return [json.loads(line) for line in data.split(b"\n") if line], losses


def one(text: str, *spans: Span, **work: object) -> list[Document]:
    work = {"status": Status(State.DONE), **work}
    return [Document(Article("a", text), (Work("a", "anna", sort_spans(spans), **work),))]


def marked(start: int, end: int, label: str = "LOC") -> Span:
    return Span(f"{start}-{end}-{label}", "entities", label, start, end)


def test_bytes_are_kept():
    losses = Losses()
    check_golden("entities.prodigy.jsonl", exported("prodigy", several(), losses)[""])
    check_golden("entities.prodigy.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_tasks_have_the_shape_prodigy_writes():
    found, _ = given_out(several())
    schema = jsonschema.Draft202012Validator(SHAPE)
    assert [list(schema.iter_errors(task)) for task in found] == [[]] * 4
    assert list(schema.iter_errors({**found[0], "answer": "yes"}))
    assert list(schema.iter_errors({**found[0], "_task_hash": 2**31}))


def test_a_task_for_each_annotator_and_article():
    found, losses = given_out(several())
    said = [(task["meta"]["id"], task["_annotator_id"], task["answer"]) for task in found]
    assert said == [
        ("bridge", "anna", "accept"),
        ("bridge", "boris", "accept"),
        ("harbour#1", "anna", "accept"),
        ("harbour#1", "boris", "ignore"),
    ]
    assert [task["_view_id"] for task in found] == ["spans_manual", *["ner_manual"] * 3]
    assert {kind: count for kind, count, _ in losses} == {
        "article exported though entities is not finished": 1,
        "article without decisions in entities": 1,
        "note or flag": 2,
        "reason for skipping": 1,
        "span of layer boilerplate": 5,
        "stance": 4,
    }
    assert losses.written["spans"] == 11
    assert losses.written["ignored tasks"] == 1


def test_token_end_is_the_last_token_and_end_is_behind_it():
    found, _ = given_out()
    for task, text in zip(found, (BRIDGE, HARBOUR), strict=True):
        for span in task["spans"]:
            words = task["tokens"][span["token_start"] : span["token_end"] + 1]
            assert words[0]["start"] == span["start"]
            assert words[-1]["end"] == span["end"]
            assert text[span["start"] : span["end"]] == span["text"]
    person = found[0]["spans"][1]
    assert person["token_end"] - person["token_start"] == 1, "two tokens"


def test_tokens_and_white_space_make_up_the_text():
    for text in (BRIDGE, HARBOUR, "  а \n\n б  в\t", " ", "а"):
        words = [(text[start:end], space) for start, end, space in tiles(text, ())]
        assert "".join(word + " " * space for word, space in words) == text
    assert tiles("а \n б", ()) == [(0, 1, True), (2, 4, False), (4, 5, False)]


class Edge(int):
    """An offset that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        Edge.compared += 1
        return int(self) < int(other)

    def __gt__(self, other: int) -> bool:
        Edge.compared += 1
        return int(self) > int(other)


def test_very_many_spans_are_not_gone_through_for_every_gap():
    spans = [Span(str(n), "entities", "LOC", Edge(3 * n), Edge(3 * n + 2)) for n in range(2000)]
    Edge.compared = 0
    assert len(tiles("аб " * 2000, spans)) == 2001 - 1
    assert Edge.compared < 100 * len(spans), "each edge with each would be 4,000 times each span"


def test_spans_may_begin_and_end_with_space():
    text = "а б  в"
    spans = [marked(1, 3), marked(0, 2), marked(4, 5)]
    found, _ = given_out(one(text, *spans))
    words = found[0]["tokens"]
    assert "".join(word["text"] + " " * word["ws"] for word in words) == text
    for span in found[0]["spans"]:
        assert words[span["token_start"]]["start"] == span["start"]
        assert words[span["token_end"]]["end"] == span["end"]


def test_hashes_say_what_the_task_says():
    first, second = given_out(several())[0][:2]
    again = given_out(several())[0][0]
    assert (first["_input_hash"], first["_task_hash"]) == (
        again["_input_hash"],
        again["_task_hash"],
    )
    assert first["_input_hash"] == second["_input_hash"], "the same text"
    assert first["_task_hash"] != second["_task_hash"], "other spans"


def test_the_layer_can_be_chosen():
    found, losses = given_out(layer="boilerplate")
    assert [span["label"] for span in found[0]["spans"]] == [
        *("headline", "teaser_inline", "nav", "footer"),
    ]
    assert losses["span of layer entities"] == 10


def test_a_skipped_article_is_ignored_and_its_spans_are_counted():
    found, losses = given_out(one("Лом", marked(0, 3), status=Status(State.SKIPPED, "край")))
    assert found[0]["answer"] == "ignore"
    assert losses["span of a skipped article, in a task to ignore"] == 1
    assert losses["reason for skipping"] == 1
    assert "spans" not in losses.written


SPACY = """
import json, sys
import spacy
from spacy.tokens import Doc
vocab = spacy.blank("xx").vocab
said = []
for line in open(sys.argv[1], encoding="utf-8", newline="\\n"):
    task = json.loads(line)
    words = task["tokens"]
    doc = Doc(vocab, [w["text"] for w in words], [w["ws"] for w in words])
    assert doc.text == task["text"], "the tokens do not make up the text"
    assert [(t.idx, t.idx + len(t)) for t in doc] == [(w["start"], w["end"]) for w in words]
    doc.spans["sc"] = [
        spacy.tokens.Span(doc, s["token_start"], s["token_end"] + 1, s["label"])
        for s in task["spans"]
    ]
    said.append([[s.start_char, s.end_char, s.label_, s.text] for s in doc.spans["sc"]])
    if task["_view_id"] == "ner_manual":
        doc.set_ents(list(doc.spans["sc"]))
print(json.dumps(said))
"""


def spacy_says(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", SPACY, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_spacy_makes_the_same_document_of_the_tokens(tmp_path):
    pytest.importorskip("spacy")
    path = write(exported("prodigy", several()), tmp_path)
    done = spacy_says(path)
    assert done.returncode == 0, done.stderr
    found, _ = given_out(several())
    wanted = [
        [[s["start"], s["end"], s["label"], s["text"]] for s in task["spans"]] for task in found
    ]
    assert json.loads(done.stdout) == wanted
    assert sum(map(len, wanted)) == 11


def test_spacy_sees_a_spoilt_file(tmp_path):
    """The check above can fail: a token that is moved is found out."""
    pytest.importorskip("spacy")
    path = write(exported("prodigy"), tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"ws":true', b'"ws":false', 1))
    done = spacy_says(path)
    assert done.returncode != 0
    assert "do not make up the text" in done.stderr


@settings(max_examples=100)
@given(generated(("anna", "boris")))
def test_what_goes_out_comes_back(tmp_path_factory, document):
    data = exported("prodigy", [document])
    path = write(data, tmp_path_factory.getbasetemp(), "p.jsonl")
    text = document.article.text
    for task in map(json.loads, data[""].splitlines()):
        words = task["tokens"]
        assert "".join(word["text"] + " " * word["ws"] for word in words) == text
        for span in task["spans"]:
            assert words[span["token_start"]]["start"] == span["start"]
            assert words[span["token_end"]]["end"] == span["end"]
    found = records("prodigy", path)
    assert [record.annotator for record in found] == ["anna", "boris"]
    for record, work in zip(found, document.works, strict=True):
        assert record.article.text == text
        assert (record.article.id, record.article.lang) == ("generated", "bg")
        assert record.article.meta == {"n": [1]}
        assert record.finished
        spans = [span for span in work.spans if span.layer == "entities"]
        wanted = [(s.start, s.end, s.label, text[s.start : s.end]) for s in spans]
        assert claims(record) == wanted
        assert [claim.attrs for claim in record.claims] == [span.attrs for span in spans]


def test_metadata_comes_back(tmp_path):
    first, _ = records("prodigy", write(exported("prodigy"), tmp_path, "p.jsonl"))
    wanted = documents()[0].article
    assert first.article.meta == wanted.meta
    for name in ("id", "text", "title", "source", "url", "date", "lang", "group"):
        assert getattr(first.article, name) == getattr(wanted, name)
