"""BSNLP folders: header lines, lists of names without places, and every occurrence of them."""

from pathlib import Path

import pytest
from formats_kit import claims, exported, read, records, write
from formats_samples import BRIDGE, HARBOUR, check_golden
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.readers.mentions import Mention, occurrences
from annotator.formats.readers.table import kind_of_folder
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Refusal
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article

HEADER = "bg-1\nbg\n2026-03-06\nhttps://vesti.example/1\nМост\n"
NO_PLACE = "place not given, every occurrence taken"


def folder_of(root: Path, files: dict[str, str]) -> Path:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode())
    return root


def pair(text: str, rows: str, header: str = HEADER) -> dict[str, str]:
    return {"raw/t/bg/a.txt": header + text, "annotated/t/bg/a.out": rows}


def marked(text: str, *spans: Span, **more: object) -> list[Document]:
    work = Work("a", "anna", sort_spans(spans), looked=frozenset({"entities"}))
    return [Document(Article("a", text, lang="bg", **more), (work,))]  # type: ignore[arg-type]


def name(start: int, end: int, label: str = "LOC", **attrs: object) -> Span:
    return Span(f"s{start}-{end}", "entities", label, start, end, attrs)


def test_bytes_are_kept():
    losses = Losses()
    for path, data in exported("bsnlp", losses=losses).items():
        check_golden(f"bsnlp/{path}", data)
    check_golden("bsnlp.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_five_lines_stand_before_the_text_and_a_name_on_each_after_the_id():
    files = exported("bsnlp", marked("Лом и Рус и Лом", name(0, 3), name(12, 15), name(6, 9)))
    assert files["raw/bg/a.txt"].decode() == "a\nbg\n\n\n\nЛом и Рус и Лом"
    assert files["annotated/bg/a.out"].decode() == (
        "a\nЛом\tЛом\tLOC\tLOC-Лом\nРус\tРус\tLOC\tLOC-Рус\n"
    )
    header = exported("bsnlp")["articles.tsv"].decode()
    assert header.startswith("path\tid\tlang\tgroup\n")


def test_one_line_speaks_for_each_mention_and_the_rest_is_counted():
    losses = Losses()
    spans = (
        name(0, 3),
        name(4, 7, lemma="Лом", xid="LOC-1"),
        name(8, 11, label="PER"),
        name(12, 15, lemma="Лома"),
    )
    files = exported("bsnlp", marked("Лом Лом Лом Лом", *spans), losses)
    assert files["annotated/bg/a.out"].decode() == "a\nЛом\tЛом\tLOC\tLOC-1\n"
    assert losses["other meaning of a name"] == 2
    assert losses["place of a name"] == 4
    assert losses.written["names"] == 1
    assert losses["missing lemma: the surface instead"] == 0


def test_values_of_the_header_stay_on_their_line():
    losses = Losses()
    docs = marked("Лом", title="а\nб\tв", url="x\r", date="")
    lines = exported("bsnlp", docs, losses)["raw/bg/a.txt"].decode().split("\n")
    assert lines == ["a", "bg", "", "x ", "а б в", "Лом"]
    assert losses["TAB or line end written as a space"] == 2


def test_only_the_outermost_goes_out():
    losses = Losses()
    files = exported("bsnlp", losses=losses)
    assert losses["nested entity"] == 2
    (rows,) = (data for path, data in files.items() if path.endswith("bridge.out"))
    assert "\nВидин\t" not in rows.decode()
    assert losses.facts["places"] == "none: a line for each different name"


def test_our_own_files_come_back_up_to_their_places(tmp_path):
    root = tmp_path / "out"
    write(exported("bsnlp"), root)
    assert kind_of_folder(root) == "slavicner"
    first, second = records("slavicner", root)
    assert (first.article.id, first.article.text, first.article.title) == (
        "bridge",
        BRIDGE,
        "Мостът край Лом",
    )
    assert first.article.url == "https://vesti.example/most?a=1&b=2"
    assert (first.article.date, first.article.group) == ("2026-03-06", "мост")
    assert (second.article.id, second.article.text) == ("harbour#1", HARBOUR)
    surfaces = [surface for _, _, _, surface in claims(first)]
    assert surfaces == [
        "Лом",
        "Йоан Петров\u0438\u0306",
        "Институтът по мостове към Университета на Видин",
        "«Строй & Син»",
    ], "the Лом inside a word is not taken"
    assert first.left_out == {NO_PLACE: 4}
    assert [s for _, _, _, s in claims(second)] == [
        "Мэрия Северного\r\nПорта",
        "Анна Ким",
        "Ost\u00adhafen",
    ]
    assert first.claims[0].attrs == {"lemma": "Лом", "xid": "LOC-Lom"}


def test_every_whole_word_is_taken_longest_first(tmp_path):
    text = "Нови Лом, Ломски, Лом и Нови\nЛом. лом Лом-Видин Ломи\u0306"
    rows = "bg-1\nЛом\tЛом\tLOC\tLOC-1\nНови Лом\tНови Лом\tLOC\tLOC-2\nРус\tРус\tLOC\tLOC-3\n"
    (record,) = records("slavicner", folder_of(tmp_path, pair(text, rows)))
    assert [(s, surface) for s, _, _, surface in claims(record)] == [
        (0, "Нови Лом"),
        (18, "Лом"),
        (24, "Нови\nЛом"),
        (38, "Лом"),
    ]
    assert record.left_out == {NO_PLACE: 4, "mention not in the text": 1}
    article = record.article
    assert (article.id, article.lang, article.group, article.title) == ("t/bg/a", "bg", "t", "Мост")
    assert article.meta == {"bsnlp_id": "bg-1"}


def test_the_id_line_comes_out_again(tmp_path):
    rows = "bg-1\nЛом\tЛом\tLOC\tLOC-1\n"
    files = pair("Лом\n", rows)
    (record,) = records("slavicner", folder_of(tmp_path, files))
    spans = [name(c.start, c.end, c.label, **c.attrs) for c in record.claims]
    work = Work(record.article.id, "gold", tuple(spans), looked=frozenset({"entities"}))
    out = exported("bsnlp", [Document(record.article, (work,))])
    assert {path: data.decode() for path, data in out.items()} == files


def test_the_longer_suffix_and_lines_of_three_columns(tmp_path):
    files = {
        "raw/bg/a.txt": HEADER.replace("\n", "\r\n") + "Лом",
        "annotated/bg/a.txt.out": "bg-2\r\nЛом\t\tLOC\r\n",
    }
    (record,) = records("slavicner", folder_of(tmp_path, files))
    assert claims(record) == [(0, 3, "LOC", "Лом")]
    assert record.claims[0].attrs == {}
    assert record.left_out == {NO_PLACE: 1, "ID line other than the text's": 1}
    assert record.article.title == "Мост"


def test_of_two_lines_for_one_mention_the_first_takes_it(tmp_path):
    rows = "bg-1\nЛом\tЛом\tLOC\tLOC-1\nЛом\tЛом\tPER\tPER-1\n"
    (record,) = records("slavicner", folder_of(tmp_path, pair("Лом Лом", rows)))
    assert [label for _, _, label, _ in claims(record)] == ["LOC", "LOC"]
    assert record.left_out == {NO_PLACE: 2, "mention not in the text": 1}


def test_a_text_without_a_list_was_not_finished(tmp_path):
    root = folder_of(tmp_path, {"raw/bg/a.txt": HEADER + "Лом"})
    (root / "annotated").mkdir()
    (record,) = records("slavicner", root)
    assert (record.finished, record.claims, dict(record.left_out)) == (False, (), {})


@pytest.mark.parametrize(
    ("files", "where", "said"),
    [
        (pair("", "", "bg-1\nbg\n"), "a.txt", "it has no five header lines"),
        (pair("\n", "bg-1\n"), "a.txt", "the text is empty"),
        (pair("Лом", "bg-1\n\tЛом\tLOC\tx\n"), "a.out:2", "not mention, base, category and id"),
        (pair("Лом", "bg-1\nЛом\tLOC\n"), "a.out:2", "the line has 2 columns"),
        (pair("Лом", "bg-1\nЛом\ta\tb\tc\td\n"), "a.out:2", "the line has 5 columns"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(tmp_path, files, where, said):
    (refusal,) = read("slavicner", folder_of(tmp_path, files))
    assert isinstance(refusal, Refusal)
    assert refusal.where.endswith(where)
    assert said in refusal.reason


WORDS = st.lists(st.sampled_from(["Лом", "Нови", "Лом-а", "и\u0306", "«а»", "b.c"]), min_size=1)


@given(
    words=WORDS,
    spaces=st.lists(st.sampled_from([" ", "\n", ", ", "  "]), min_size=1),
    cuts=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=5),
)
def test_what_is_taken_is_a_mention_whole_and_once(words, spaces, cuts):
    joined = [word + spaces[n % len(spaces)] for n, word in enumerate(words)]
    text = "".join(joined)
    mentions = [
        Mention(" ".join(words[first : first + count]), "PER", {})
        for first, count in cuts
        if words[first : first + count]
    ]
    found, missing = occurrences(text, mentions)
    known = {mention.text for mention in mentions}
    last = 0
    for claim in found:
        assert " ".join(text[claim.start : claim.end].split()) in known
        assert claim.start >= last
        last = claim.end
        around = text[max(0, claim.start - 1) : claim.start] + text[claim.end : claim.end + 1]
        assert not any(char.isalnum() for char in around)
    assert 0 <= missing <= len(mentions)
    if any(mention.text in text for mention in mentions if mention.text[0] != "и"):
        assert found


def test_a_record_of_names_is_proved_by_their_surfaces(tmp_path):
    rows = "bg-1\nЛом\tЛом\tLOC\tLOC-1\n"
    (record,) = records("slavicner", folder_of(tmp_path, pair("И Лом", rows)))
    assert isinstance(record, Record)
    assert isinstance(settle(record, "И Лом"), Settled)
    assert not isinstance(settle(record, "И Рус"), Settled)
