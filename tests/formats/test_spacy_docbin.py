"""spaCy's DocBin: what spaCy finds in the files, once with everything it is asked, as its import is slow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from formats_samples import BRIDGE, HARBOUR, check_golden, documents
from generated import generated
from hypothesis import given, settings

from annotator.formats.flat import outermost
from annotator.formats.writers.spacy_tokens import Tokenized
from annotator.model.annotation import Span

pytest.importorskip("spacy")

HERE = Path(__file__).parent

# What a program that trains with spaCy sees: the files come from disk, into a language of its own.
PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import spacy
from spacy.tokens import DocBin
from spacy.training import Corpus
from formats_kit import exported
from formats_samples import news, several
from generated import PIECES
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers.spacy_docbin import SHARD
from annotator.model.annotation import AUTHOR, Party, Span, Stance, State, Status, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import parse

nlp = spacy.blank("bg")

def shown(span):
    return [span.text, span.label_, span.start_char, span.end_char, span.kb_id_]

def seen(files):
    docs = []
    for data in files.values():
        docs += DocBin().from_bytes(data).get_docs(nlp.vocab)
    return [
        {
            "text": doc.text,
            "words": [[t.text, bool(t.whitespace_)] for t in doc],
            "ents": [shown(e) for e in doc.ents],
            "iob": [t.ent_iob for t in doc],
            "spans": {key: [shown(s) for s in group] for key, group in doc.spans.items()},
            "cats": doc.cats,
            "data": doc.user_data,
        }
        for doc in docs
    ]

def work(text, *spans, stances=(), looked=(), done=True):
    status = Status(State.DONE) if done else Status(State.OPEN)
    given = Work("a", "anna", spans, tuple(stances), frozenset(looked), (), status)
    return [Document(Article("a", text), (given,))]

def refused(docs, **options):
    try:
        exported("spacy", docs, **options)
    except AnnotatorError as error:
        return str(error)

losses, grown = Losses(), Losses()
files = exported("spacy", losses=losses)
out = {
    "files": sorted(files),
    "again": exported("spacy") == files,
    "docs": seen(files),
    "losses": {kind: count for kind, count, _ in losses},
    "written": losses.written,
    "grown": seen(exported("spacy", losses=grown, whole_tokens=True)),
    "grown_losses": {kind: count for kind, count, _ in grown},
    "several": refused(several()),
    "none": seen(exported("spacy", [])),
    "layer": seen(exported("spacy", layer="boilerplate")),
}

text = "Лом и Видин"
place = Span("s", "boilerplate", "nav", 0, 3)
out["unseen"] = seen(exported("spacy", work(text, place, looked=["boilerplate"], done=False)))

scheme = news()
toml = scheme.toml.replace('entity_layer = "entities"', 'entity_layer = "entities"\\ntargets = ["Мост", "Път"]')
bridge = [Stance(Party("proposition", "мост"), "FAVOR", AUTHOR),
          Stance(Party("proposition", "Път"), "AGAINST", Party("quoted", "Кмет"))]
asked = parse(toml)
out["cats"] = seen(exported("spacy", work(text, stances=bridge), scheme=asked))[0]["cats"]
out["no_cats"] = seen(exported("spacy", work(text, looked=["entities"], done=False), scheme=asked))[0]["cats"]

many = [Document(Article(f"n{n:04}", f"Лом {n}"), (Work(f"n{n:04}", "anna", (
    Span("s", "entities", "LOC", 0, 3),), status=Status(State.DONE)),)) for n in range(SHARD + 1)]
parts = exported("spacy", many)
out["shards"] = {name: len(DocBin().from_bytes(data)) for name, data in parts.items()}

def aligned(files):
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        examples = list(Corpus(folder)(nlp))
    return [sum(tag[:1] in "BU" for tag in each.get_aligned_ner() if tag) for each in examples]

out["training"] = aligned(files)
out["training_grown"] = aligned(exported("spacy", whole_tokens=True))

random = Random(7)
made = []
for _ in range(150):
    text = "".join(random.choices(PIECES, k=random.randint(0, 25))) + "я"
    edges = [sorted(random.sample(range(len(text) + 1), 2)) for _ in range(random.randint(0, 5))]
    spans = [Span(f"s{n}", random.choice(["entities", "boilerplate"]), "X", *e) for n, e in enumerate(edges)]
    made += work(text, *spans)
back = seen(exported("spacy", made))
out["wrong"] = [
    [document.article.text, doc["text"]]
    for document, doc in zip(made, back, strict=True)
    if doc["text"] != document.article.text
    or sorted([key, *s[2:4]] for key, group in doc["spans"].items() for s in group)
    != sorted([s.layer, s.start, s.end] for s in document.works[0].spans)
]
out["checked"] = sum(len(group) for doc in back for group in doc["spans"].values())
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def seen():
    # A process of its own: spaCy warns about its own dependencies, and takes seconds to import.
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(HERE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_texts_are_the_same_to_the_last_character(seen):
    assert [doc["text"] for doc in seen["docs"]] == [BRIDGE, HARBOUR]
    assert seen["files"] == ["docs-00001.spacy"]


def test_every_span_is_in_its_group_with_its_text(seen):
    for document, doc in zip(documents(), seen["docs"], strict=False):
        text = document.article.text
        groups = {"boilerplate": [], "entities": []}
        for s in document.works[0].spans:
            xid = s.attrs.get("xid", "")
            groups[s.layer].append([text[s.start : s.end], s.label, s.start, s.end, xid])
        assert doc["spans"] == groups


def test_the_entities_are_the_outermost(seen):
    for document, doc in zip(documents(), seen["docs"], strict=False):
        text = document.article.text
        flat, _ = outermost(s for s in document.works[0].spans if s.layer == "entities")
        ents = [[text[s.start : s.end], s.label, s.start, s.end] for s in flat]
        assert [ent[:4] for ent in doc["ents"]] == ents
    assert seen["docs"][0]["ents"][0] == ["Лом", "LOC", 15, 18, "LOC-Lom"]
    assert set(seen["docs"][0]["iob"]) == {1, 2, 3}, "what is no entity is said to be none"


def test_what_the_files_hold_is_what_was_kept(seen):
    """The bytes are compressed, and not by every zlib in the same way: this is what is in them."""
    kept = json.dumps(seen["docs"], ensure_ascii=False, indent=1, sort_keys=True)
    check_golden("spacy_docs.json", f"{kept}\n".encode())


def test_the_same_documents_give_the_same_bytes(seen):
    assert seen["again"]


def test_spacy_trains_on_every_entity_its_own_tokens_can_hold(seen):
    """It makes tokens of its own: the name inside a word is lost unless it grew to the word."""
    assert seen["training"] == [4, 3]
    assert seen["training_grown"] == [5, 3]
    assert seen["losses"]["token cut"] == 2


def test_stances_notes_and_attributes_are_user_data(seen):
    data = seen["docs"][0]["data"]
    assert (data["id"], data["lang"], data["spacy_lang"], data["annotator"]) == (
        *("bridge", "bg", "bg", "anna"),
    )
    quoted = data["stances"][0]
    assert quoted["target"] == {"kind": "entity", "name": "Мостът край Лом"}
    assert quoted["holder"] == {"kind": "quoted", "name": "Йоан Петров"}
    (evidence,) = quoted["evidence"]
    assert BRIDGE[evidence["start"] : evidence["end"]] == "„Чакахме го с години.“"
    assert data["attributes"][0] == {
        "layer": "entities",
        "label": "LOC",
        "start": 15,
        "end": 18,
        "attrs": {"lemma": "Лом", "xid": "LOC-Lom"},
    }
    assert [note["flag"] for note in data["notes"]] == [False, True]


def test_what_is_lost_is_counted(seen):
    assert seen["losses"] == {
        "article without decisions": 1,
        "nested entity only in doc.spans": 2,
        "token cut": 2,
    }
    assert seen["written"]["spans of entities"] == 10
    assert "several annotators" in seen["several"]


def test_entities_can_grow_to_whole_tokens_instead(seen):
    words = [word for word, _ in seen["grown"][0]["words"]]
    assert "Анти-Ломският" in words
    assert "Анти-Ломският" not in [word for word, _ in seen["docs"][0]["words"]]
    grown = [ent[0] for ent in seen["grown"][0]["ents"]]
    assert grown[-1] == "Анти-Ломският"
    assert seen["grown_losses"]["span grown to whole tokens"] == 1
    assert seen["grown"][0]["text"] == BRIDGE


def test_a_layer_nobody_looked_at_says_nothing(seen):
    (doc,) = seen["unseen"]
    assert list(doc["spans"]) == ["boilerplate"]
    assert set(doc["iob"]) == {0}, "entities are missing, not absent"


def test_another_layer_can_be_the_entities(seen):
    assert [ent[1] for ent in seen["layer"][0]["ents"]] == [
        *("headline", "teaser_inline", "nav", "footer"),
    ]


def test_targets_asked_about_everywhere_are_categories(seen):
    labels = ("FAVOR", "AGAINST", "NEUTRAL", "MIXED", "NONE")
    wanted = {f"{target}: {label}": 0.0 for target in ("Мост", "Път") for label in labels}
    assert seen["cats"] == wanted | {"Мост: FAVOR": 1.0, "Път: NONE": 1.0}
    assert seen["no_cats"] == {}


def test_a_thousand_documents_make_a_file(seen):
    assert seen["shards"] == {"docs-00001.spacy": 1000, "docs-00002.spacy": 1}
    assert seen["none"] == []


def test_whatever_was_marked_is_where_it_was(seen):
    assert seen["wrong"] == []
    assert seen["checked"] > 200


@settings(max_examples=100)
@given(document=generated())
def test_words_give_back_the_text_and_every_edge(document):
    text, spans = document.article.text, document.works[0].spans
    made = Tokenized(text, spans)
    pieces = [word + " " * space for word, space in zip(made.words, made.spaces, strict=True)]
    assert "".join(pieces) == text
    assert all(made.words)
    starts = [sum(map(len, pieces[:n])) for n in range(len(pieces))]
    for s in spans:
        first, last = made.range(s.start, s.end)
        assert starts[first] == s.start
        assert starts[last - 1] + len(made.words[last - 1]) == s.end


def test_single_spaces_are_behind_words_as_in_spacy():
    made = Tokenized("a b  c\n d ", ())
    assert list(zip(made.words, made.spaces, strict=True)) == [
        *(("a", True), ("b", True), (" ", False), ("c", False), ("\n ", False), ("d", True)),
    ]
    made = Tokenized("a b c", [Span("s", "entities", "X", 0, 2), Span("t", "entities", "X", 3, 5)])
    assert made.words == ["a", " ", "b", " ", "c"]
    assert not any(made.spaces)
