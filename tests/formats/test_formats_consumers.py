"""The programs our exports are for read them, and find in them what was marked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from formats_samples import documents, news

from annotator.formats.registry import export

ENTITIES = [
    ("LOC", ["Лом"]),
    ("PER", ["Йоан", "Петров\u0438\u0306"]),
    ("ORG", ["Институтът", "по", "мостове", "към", "Университета", "на", "Видин"]),
    ("ORG", ["«", "Строй", "&", "Син", "»"]),
    ("LOC", ["Лом"]),
    ("ORG", ["Мэрия", "Северного", "Порта"]),
    ("PER", ["Анна", "Ким"]),
    ("LOC", ["Ost", "\u00ad", "hafen"]),
]


@pytest.fixture(scope="module")
def iob2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("iob2") / "news.iob2"
    export("iob2", documents(), news(), path)
    return path


def run(*command: object) -> str:
    # A process of its own: these libraries warn about their own dependencies.
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_seqscore_finds_no_fault_and_counts_the_same(iob2):
    pytest.importorskip("seqscore")
    seqscore = Path(sys.executable).with_name("seqscore")
    said = run(seqscore, "validate", "--labels", "BIO", iob2)
    assert said.startswith("No errors found in ")
    assert "2 document(s)" in said
    rows = run(seqscore, "count", "--labels", "BIO", iob2).splitlines()
    counted = sorted(tuple(row.split("\t")) for row in rows if row[:1].isdigit())
    wanted = [(label, " ".join(tokens)) for label, tokens in ENTITIES]
    assert counted == sorted((str(wanted.count(one)), *one) for one in set(wanted))


def test_seqscore_sees_a_spoilt_file(iob2, tmp_path):
    """The check above can fail: an entity that begins with I- is found out."""
    pytest.importorskip("seqscore")
    spoilt = tmp_path / "spoilt.iob2"
    spoilt.write_text(iob2.read_text("utf-8").replace("B-PER", "I-PER"), "utf-8")
    seqscore = Path(sys.executable).with_name("seqscore")
    command = [seqscore, "validate", "--labels", "BIO", spoilt]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


SPACY = """
import json, sys
from pathlib import Path
from spacy.training.converters import conll_ner_to_docs
docs = conll_ner_to_docs(Path(sys.argv[1]).read_text("utf-8"), no_print=True)
print(json.dumps([[[e.label_, [t.text for t in e]] for e in doc.ents] for doc in docs]))
"""


def test_spacy_reads_the_documents_and_their_entities(iob2):
    pytest.importorskip("spacy")
    docs = json.loads(run(sys.executable, "-W", "ignore", "-c", SPACY, iob2))
    assert len(docs) == 2, "a document for each article, not for each sentence"
    assert [(label, tokens) for doc in docs for label, tokens in doc] == ENTITIES


def test_spacy_convert_makes_a_docbin(iob2, tmp_path):
    pytest.importorskip("spacy")
    command = (
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "spacy",
        "convert",
        iob2,
        tmp_path,
        "-c",
        "ner",
    )
    run(*command)
    code = (
        "import sys, json, spacy\n"
        "from spacy.tokens import DocBin\n"
        "docs = DocBin().from_disk(sys.argv[1]).get_docs(spacy.blank('xx').vocab)\n"
        "print(json.dumps([[e.label_, [t.text for t in e]] for d in docs for e in d.ents]))"
    )
    found = run(sys.executable, "-W", "ignore", "-c", code, tmp_path / "news.spacy")
    assert [(label, tokens) for label, tokens in json.loads(found)] == ENTITIES


def test_a_corpus_goes_out_clean(shared_data, tmp_path):
    """Gold entities of real news, in three languages: all of them reach the consumer."""
    pytest.importorskip("seqscore")
    from annotator.formats.document import Document
    from annotator.model.annotation import Span, Work, sort_spans
    from annotator.model.article import Article

    docs, gold = [], 0
    for language in ("bg", "ru", "uk"):
        path = shared_data / "ner" / f"slavicner_{language}.jsonl"
        for row in map(json.loads, path.read_text("utf-8").split("\n")[:40]):
            spans = sort_spans(
                Span(f"{row['id']}-{n}", "entities", s["label"], s["start"], s["end"])
                for n, s in enumerate(row["spans"])
            )
            gold += len(spans)
            work = Work(row["id"], "gold", spans, looked=frozenset({"entities"}))
            docs.append(Document(Article(row["id"], row["text"]), (work,)))
    losses = export("iob2", docs, news(), tmp_path / "corpus.iob2")
    seqscore = Path(sys.executable).with_name("seqscore")
    rows = run(seqscore, "count", "--labels", "BIO", tmp_path / "corpus.iob2").splitlines()
    counted = sum(int(row.split("\t")[0]) for row in rows if row[:1].isdigit())
    assert counted == gold - losses["nested entity"] > 2000
    assert losses["nested entity"] < 5
