"""CoNLL-U: what UD's validator, the conllu library and spaCy make of our files."""

import json
import subprocess
import sys
from pathlib import Path
from unicodedata import normalize

import pytest
from formats_kit import exported, write
from formats_samples import BRIDGE, HARBOUR, check_golden
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

UDVALIDATE = Path(sys.executable).with_name("udvalidate")


def marked(text: str, *places: tuple[int, int, str], ident: str = "a") -> list[Document]:
    spans = [Span(f"s{n}", "entities", label, s, e) for n, (s, e, label) in enumerate(places)]
    work = Work(ident, "anna", sort_spans(spans), looked=frozenset({"entities"}))
    return [Document(Article(ident, text), (work,))]


def conllu_of(docs: list[Document] | None = None, losses: Losses | None = None) -> str:
    return exported("conllu", docs, losses)[""].decode()


def misc(line: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in line.split("\t")[9].split("|"))


def token_lines(data: str) -> list[str]:
    return [line for line in data.split("\n") if line and line[0].isdigit()]


def test_bytes_are_kept():
    losses = Losses()
    check_golden("entities.conllu", conllu_of(losses=losses).encode())
    check_golden("entities.conllu.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_each_token_says_where_it_is():
    texts = iter((BRIDGE, HARBOUR))
    text = ""
    for line in conllu_of().split("\n"):
        if line.startswith("# newdoc"):
            text = next(texts)
        if line[:1].isdigit():
            start, end = map(int, misc(line)["TokenRange"].split(":"))
            assert normalize("NFC", text[start:end]) == line.split("\t")[1]
    assert text == HARBOUR


def test_spaces_are_written_as_ud_has_them():
    data = conllu_of(marked("\n\t а  б|\\\u00a0в г\r\nд"))
    spaces = [
        {k: v for k, v in misc(line).items() if k.startswith("Space")} for line in token_lines(data)
    ]
    assert spaces == [
        {"SpacesBefore": r"\n\t\s", "SpacesAfter": r"\s\s"},
        {"SpaceAfter": "No"},
        {"SpaceAfter": "No"},
        {"SpacesAfter": r"\u00A0"},
        {},
        {"SpacesAfter": r"\r\n"},
        {"SpaceAfter": "No"},
    ]
    assert "# text = а б|\\ в г\n" in data


def test_what_ud_does_not_allow_stands_in_rawform():
    losses = Losses()
    data = conllu_of(marked("и\u0306x \ufffd a\u2126|="), losses)
    lines = token_lines(data)
    assert [line.split("\t")[1] for line in lines] == ["йx", "□", "aΩ", "|", "="]
    raw = [misc(line).get("RawForm") for line in lines]
    assert raw == [r"\u0438\u0306x", r"\uFFFD", r"a\u2126", None, None]
    assert losses["token written as UD wants it, the original in RawForm"] == 3


def test_ids_that_cannot_stand_in_a_comment_stand_beside():
    data = conllu_of(marked("а", ident="a/b\n c\u0306%"))
    assert data.split("\n")[:3] == [
        "# newdoc id = a/b c\u0306%",
        r'# article_id = "a/b\n c\u0306%"',
        "# sent_id = a%2Fb%0A%20c\u0306%25-1",
    ]
    assert "article_id" not in conllu_of()


@pytest.mark.parametrize(("label", "said"), [("A B", "a space"), ("A|B", r"a \|")])
def test_labels_that_misc_cannot_hold_are_refused(label, said):
    with pytest.raises(AnnotatorError, match=f"CoNLL-U cannot hold the label .* has {said} in it"):
        conllu_of(marked("Лом", (0, 3, label)))


def test_tokens_stay_whole_when_asked():
    files = exported("conllu", marked("Анти-Ломският", (5, 8, "LOC")), whole_tokens=True)
    (line,) = token_lines(files[""].decode())
    assert line.startswith("1\tАнти-Ломският\t")
    assert misc(line) == {"name": "B-LOC", "SpaceAfter": "No", "TokenRange": "0:13"}


def validate(path: Path) -> subprocess.CompletedProcess[str]:
    command = [UDVALIDATE, "--level", "1", "--lang", "ud", path]
    return subprocess.run(command, capture_output=True, text=True, check=False)


AWKWARD = (
    "\u0301а\u0306 \ufffd# 1\t2\x85\x1c=|x\\_\n\n_ 가 \u1100\u1161 \u2028\ufeff\x01 https://a\x1eb"
)


def test_uds_validator_finds_no_fault(tmp_path):
    pytest.importorskip("udtools")
    odd = "и\u0306 \t%\ufffd\n"
    awkward = marked(AWKWARD, (1, 2, "PER"), (4, 6, "LOC"), ident=odd)
    path = tmp_path / "news.conllu"
    path.write_bytes(exported("conllu")[""] + exported("conllu", awkward)[""])
    done = validate(path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_uds_validator_sees_a_spoilt_file(tmp_path):
    pytest.importorskip("udtools")
    path = tmp_path / "spoilt.conllu"
    path.write_text(conllu_of().replace("Петров\u0439", "Петров\u0438\u0306"), "utf-8")
    assert validate(path).returncode != 0


ODD = st.text(
    st.one_of(
        st.sampled_from("ab -'.\n\r\t\u2028\u0301é🇧🇬👩\u200d🚒\x1c\x85#_|=\\\ufffd\u1100\u1161"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: not text.isspace())


@example(text=AWKWARD, ident="x")
@given(text=ODD, ident=ODD)
def test_the_conllu_library_writes_what_it_read(text, ident):
    conllu = pytest.importorskip("conllu")
    data = conllu_of(marked(text, (0, 1, "PER"), ident=ident))
    sentences = conllu.parse(data)
    assert "".join(sentence.serialize() for sentence in sentences) == data
    tokens = [token for sentence in sentences for token in sentence]
    assert len(tokens) == len(token_lines(data))
    assert all(token["misc"]["name"] in ("O", "B-PER", "I-PER") for token in tokens)
    assert normalize("NFC", data) == data
    assert "\ufffd" not in data


SPACY = """
import json, sys
from pathlib import Path
from spacy.training.converters import conllu_to_docs
found = []
for path in sys.argv[1:]:
    docs = list(conllu_to_docs(Path(path).read_text("utf-8"), n_sents=1, no_print=True))
    found.append([[[e.label_, e.text] for e in d.ents] for d in docs])
    found.append([d.text for d in docs])
print(json.dumps(found))
"""


def test_spacys_converter_finds_the_entities(tmp_path):
    pytest.importorskip("spacy")
    path = write(exported("conllu"), tmp_path, "news.conllu")
    spoilt = tmp_path / "spoilt.conllu"
    spoilt.write_text(path.read_text("utf-8").replace("name=", "NER="), "utf-8")
    command = [sys.executable, "-W", "ignore", "-c", SPACY, path, spoilt]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    entities, texts, none, _ = json.loads(done.stdout)
    assert [tuple(entity) for sentence in entities for entity in sentence] == [
        ("LOC", "Лом"),
        ("PER", "Йоан Петров\u0439"),
        ("ORG", "Институтът по мостове към Университета на Видин"),
        ("ORG", "«Строй & Син»"),
        ("LOC", "Лом"),
        ("ORG", "Мэрия Северного Порта"),
        ("PER", "Анна Ким"),
        ("LOC", "Ost\u00adhafen"),
    ]
    assert "Мэрия Северного Порта сообщила об этом во вторник." in [text.strip() for text in texts]
    assert not any(none), "the check above can fail: another key is not seen"
