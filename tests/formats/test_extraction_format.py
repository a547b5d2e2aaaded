"""Article bodies for the extraction benchmark: golden bytes, profiles, one entry a text."""

import json
from dataclasses import replace

import pytest
from formats_kit import exported
from formats_samples import BRIDGE, bridge, check_golden, documents, span

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError


def checked(data: bytes) -> dict[str, dict[str, str]]:
    """Read as the benchmark's evaluate.py does: an object of objects with `articleBody`."""
    found = json.loads(data, object_pairs_hook=unique)
    for key, value in found.items():
        assert len(key) == 64
        assert set(value) <= {"articleBody", "url"}
        assert isinstance(value["articleBody"], str)
    return found


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len({key for key, _ in pairs}) == len(pairs), "a key twice"
    return dict(pairs)


def of(text: str, *spans: Span, ident: str = "x") -> Document:
    work = Work(
        ident,
        "anna",
        sort_spans(spans),
        looked=frozenset({"boilerplate"}),
        status=Status(State.DONE),
    )
    return Document(Article(ident, text), (work,))


def test_bytes_are_kept():
    losses = Losses()
    data = exported("article-extraction", losses=losses)[""]
    check_golden("extraction.json", data)
    check_golden("extraction.losses.txt", ("\n".join(losses.lines()) + "\n").encode())
    assert losses.facts == {"layer": "boilerplate", "profile": "cleaneval/1"}


def test_the_body_is_the_text_without_boilerplate():
    found = checked(exported("article-extraction")[""])
    assert list(found) == [doc.article.sha256 for doc in documents()[:2]]
    told = found[text_sha256(BRIDGE)]
    lines = BRIDGE.split("\n")
    assert told["articleBody"].split("\n") == [lines[0], lines[1], lines[3]]
    assert told["url"] == "https://vesti.example/most?a=1&b=2"
    assert "url" not in found[documents()[1].article.sha256]


def test_a_profile_says_what_is_content():
    found = checked(exported("article-extraction", profile="strict-body")[""])
    lines = BRIDGE.split("\n")
    assert found[text_sha256(BRIDGE)]["articleBody"].split("\n") == [lines[1], lines[3]]
    with pytest.raises(AnnotatorError, match="no profile 'x'"):
        exported("article-extraction", profile="x")


def test_the_lines_are_those_of_cleaneval():
    page = exported("cleaneval")["bridge.txt"].decode()
    body = checked(exported("article-extraction")[""])[text_sha256(BRIDGE)]["articleBody"]
    marked = [line[3:] for line in page.split("\n")[1:-1]]
    escapes = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
    for escaped, char in reversed(escapes.items()):
        marked = [line.replace(escaped, char) for line in marked]
    assert body.split("\n") == marked


def test_two_articles_with_one_text_are_one_entry():
    losses = Losses()
    docs = [of("Едно и също", ident=ident) for ident in ("a", "b")]
    found = checked(exported("article-extraction", docs, losses)[""])
    assert len(found) == 1
    assert losses["article with the text of another"] == 1


def test_the_check_finds_a_key_twice():
    data = exported("article-extraction")[""]
    line = data.split(b"\n")[1]
    with pytest.raises(AssertionError, match="twice"):
        checked(b"{\n" + line + line.removesuffix(b",") + b"\n}\n")


def test_nothing_at_all_is_an_empty_object():
    assert checked(exported("article-extraction", [])[""]) == {}


def test_labels_no_profile_knows_and_undecided_articles_are_counted():
    losses = Losses()
    text = "Дъжд\nНовина"
    docs = [of(text, span(text, "boilerplate", "weather", "Дъжд")), documents()[2]]
    (told,) = checked(exported("article-extraction", docs, losses)[""]).values()
    assert told["articleBody"] == "Новина"
    assert losses["label weather unknown to the profile, left out"] == 1
    assert losses["article without decisions in boilerplate"] == 1


def test_several_annotators_are_not_mixed():
    both = documents()[0]
    second = replace(both.works[0], actor="boris")
    with pytest.raises(AnnotatorError, match="choose one"):
        exported("article-extraction", [Document(bridge(), (both.works[0], second))])
    losses = Losses()
    docs = [Document(bridge(), (both.works[0], second))]
    exported("article-extraction", docs, losses, annotator="boris")
    assert losses["decisions of another annotator"] == 1
