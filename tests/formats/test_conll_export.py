"""IOB2 and BIOES: tags, whole tokens, and what the scorers of the field make of our files."""

import re
import subprocess
import sys
from collections import UserList
from pathlib import Path

import pytest
from formats_kit import exported, write
from formats_samples import check_golden, documents
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers.iob2 import BIOES, IOB2, tags
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

SEQSCORE = Path(sys.executable).with_name("seqscore")


def marked(text: str, *places: tuple[int, int, str]) -> list[Document]:
    spans = [Span(f"s{n}", "entities", label, s, e) for n, (s, e, label) in enumerate(places)]
    work = Work("a", "anna", sort_spans(spans), looked=frozenset({"entities"}))
    return [Document(Article("a", text), (work,))]


def tagged(data: bytes) -> list[list[tuple[str, str]]]:
    """Tokens and tags by sentence, read without any code of ours."""
    blocks = data.decode().split("\n\n")
    lines = [[re.split("[ \t]", line) for line in block.split("\n") if line] for block in blocks]
    sentences = [[(cells[0], cells[3]) for cells in block] for block in lines]
    return [s for s in sentences if s and s[0][0] != "-DOCSTART-"]


def run(*command: object) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bioes_bytes_are_kept():
    files = exported("bioes")
    check_golden("entities.bioes", files[""])
    assert files[".offsets.tsv"] == exported("iob2")[".offsets.tsv"]


def test_last_and_single_tokens_have_letters_of_their_own():
    words = [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]
    flat = [Span("a", "e", "A", 0, 5), Span("b", "e", "B", 6, 7), Span("c", "e", "B", 8, 9)]
    assert tags(words, flat, BIOES) == ["B-A", "I-A", "E-A", "S-B", "S-B"]
    assert tags(words, flat, IOB2) == ["B-A", "I-A", "I-A", "B-B", "B-B"]
    assert tags(words, flat[1:], BIOES)[:3] == ["O", "O", "O"]
    assert tags([], flat, BIOES) == []


def test_the_entities_of_an_article_are_not_gone_through_for_every_sentence():
    class Counted(UserList[Span]):
        asked = 0

        def __getitem__(self, place):
            Counted.asked += 1
            return super().__getitem__(place)

    flat = Counted(Span(str(n), "e", "A", 4 * n, 4 * n + 3) for n in range(1000))
    for n in (0, 500, 999):
        assert tags([(4 * n, 4 * n + 3)], flat) == ["B-A"]
    assert Counted.asked < 3 * 20, "all would be 1,000 for each sentence"


def test_a_label_with_a_space_is_refused_by_name():
    with pytest.raises(AnnotatorError, match="BIOES cannot hold the label 'A B'"):
        exported("bioes", marked("Лом", (0, 3, "A B")))


def test_entities_grow_to_whole_tokens_when_asked():
    losses = Losses()
    text = "Анти-Ломският и Киев-Берлин."
    docs = marked(text, (5, 8, "LOC"), (16, 20, "LOC"))
    data = exported("iob2", docs, losses, whole_tokens=True)[""]
    words = [pair for sentence in tagged(data) for pair in sentence]
    assert words == [
        ("Анти-Ломският", "B-LOC"),
        ("и", "O"),
        ("Киев-Берлин", "B-LOC"),
        (".", "O"),
    ]
    assert losses["entity grown to whole tokens"] == 2
    assert losses["token cut"] == 0
    assert losses.facts["entities"] == "grown to whole tokens"
    cut = Losses()
    words = [w for s in tagged(exported("iob2", docs, cut)[""]) for w, _ in s]
    assert words == ["Анти-", "Лом", "ският", "и", "Киев", "-Берлин", "."]
    assert (cut["token cut"], cut["entity grown to whole tokens"]) == (3, 0)


def test_of_two_entities_in_one_token_the_longer_stays():
    losses = Losses()
    docs = marked("Київ-Берлін", (0, 4, "LOC"), (5, 11, "ORG"))
    data = exported("bioes", docs, losses, whole_tokens=True)[""]
    assert tagged(data) == [[("Київ-Берлін", "S-LOC")]]
    assert losses["entity in a token of another one"] == 1
    assert losses["entity grown to whole tokens"] == losses.written["entities"] == 1


TEXTS = st.text(st.sampled_from("ab-' .\n\u0301🇧🇬ж\u2028\r\t1"), min_size=1, max_size=40)


@given(data=st.data(), text=TEXTS.filter(lambda t: not t.isspace()))
def test_grown_entities_are_made_of_the_tokens_there_are_anyway(data, text):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    losses = Losses()
    docs = marked(text, *((s, e, "PER") for s, e in pairs))
    files = exported("iob2", docs, losses, whole_tokens=True)
    plain = exported("iob2", marked(text))
    assert [w for s in tagged(files[""]) for w, _ in s] == [
        w for s in tagged(plain[""]) for w, _ in s
    ]
    begun = sum(tag[0] == "B" for s in tagged(files[""]) for _, tag in s)
    lost = losses["entity in a token of another one"] + losses["entity without a token"]
    assert begun == losses.written.get("entities", 0) == len(pairs) - lost


def test_seqscore_converts_our_iob2_into_our_bioes(tmp_path):
    pytest.importorskip("seqscore")
    ours = write(exported("bioes"), tmp_path, "news.bioes")
    assert "No errors found" in run(SEQSCORE, "validate", "--labels", "BIOES", ours)
    iob2 = write(exported("iob2"), tmp_path, "news.iob2")
    theirs = tmp_path / "theirs.bioes"
    labels = ("--input-labels", "BIO", "--output-labels", "BIOES")
    run(SEQSCORE, "convert", *labels, iob2, theirs)
    assert tagged(theirs.read_bytes()) == tagged(ours.read_bytes())
    assert tagged(theirs.read_bytes()) != tagged(iob2.read_bytes())


def test_seqscore_sees_a_bioes_file_with_an_entity_that_does_not_end(tmp_path):
    pytest.importorskip("seqscore")
    spoilt = tmp_path / "spoilt.bioes"
    spoilt.write_bytes(exported("bioes")[""].replace(b"E-PER", b"I-PER"))
    command = [SEQSCORE, "validate", "--labels", "BIOES", spoilt]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_nervaluate_finds_every_entity_and_only_those():
    nervaluate = pytest.importorskip("nervaluate")
    ours = [[tag for _, tag in sentence] for sentence in tagged(exported("iob2")[""])]

    def strict(predicted: list[list[str]]) -> tuple[int, int, float]:
        evaluator = nervaluate.Evaluator(ours, predicted, tags=["PER", "LOC", "ORG"], loader="list")
        result = evaluator.evaluate()["overall"]["strict"]
        return result.possible, result.correct, result.f1

    assert strict(ours) == (8, 8, 1.0)
    worse = [["O" if tag == "B-PER" else tag for tag in sentence] for sentence in ours]
    assert strict(worse)[1] < 8


def test_hash_seeds_change_nothing():
    code = (
        "import sys; sys.path.insert(0, 'tests/formats')\n"
        "from formats_kit import exported; import hashlib\n"
        "data = [exported(n) for n in ('iob2', 'bioes', 'conllu', 'slavicner', 'bsnlp')]\n"
        "print(hashlib.sha256(repr(data).encode()).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop()) == 65


def test_documents_come_one_at_a_time():
    """The first article goes out before the second is asked for."""
    from annotator.formats.choice import Options
    from annotator.formats.writers import bioes
    from annotator.model.scheme_file import preset

    asked = []

    def source():
        for document in documents():
            asked.append(document.article.id)
            yield document

    parts = bioes.parts(source(), preset("news"), Options(), Losses())
    while not asked:
        next(parts)
    assert asked == ["bridge"]
