"""Text files: exactly what they decode to, or a refusal with its line."""

import codecs

import pytest
from formats_samples import articles, incoming, refusals

from annotator.formats.sources import incoming as limits
from annotator.formats.sources import text as text_source
from annotator.model.errors import AnnotatorError


def test_text_is_kept_to_the_code_point(tmp_path):
    text = " Ред\r\nоще\rи\u2028нов\x85ред\t\u00a0e\u0301 👩‍🚒\x1b[2J\n\n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    [article] = articles(tmp_path / "a.txt")
    assert article.text == text
    assert (article.id, article.title, article.meta) == ("a", "", {})


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_tells_the_encoding_and_is_noted(tmp_path, codec):
    mark = {
        "utf-8": codecs.BOM_UTF8,
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
    }[codec]
    (tmp_path / "a.txt").write_bytes(mark + "Новина 😀".encode(codec))
    [article] = articles(tmp_path / "a.txt", encoding="cp1251")
    assert article.text == "Новина 😀"
    assert article.meta == {"bom": True} | ({} if codec == "utf-8" else {"encoding": codec})


def test_another_encoding_can_be_said(tmp_path):
    (tmp_path / "a.txt").write_bytes("Новина №1".encode("cp1251"))
    [article] = articles(tmp_path / "a.txt", encoding="Windows-1251")
    assert article.text == "Новина №1"
    assert article.meta == {"encoding": "cp1251"}


@pytest.mark.parametrize(
    "name", ["klingon", "base64", "rot13", "utf-7", "idna", "", "unicode_escape", "a\0b"]
)
def test_only_encodings_of_texts_are_taken(tmp_path, name):
    (tmp_path / "a.txt").write_bytes(b"x")
    if not name:
        assert len(articles(tmp_path / "a.txt", encoding=name)) == 1
        return
    with pytest.raises(AnnotatorError, match="not an encoding of texts"):
        incoming(tmp_path / "a.txt", encoding=name)


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"one\ntwo\n\xd0th\xffree", ":3", "byte 0xd0 at offset 8 is not UTF-8; if it is"),
        (b"\xed\xa0\x80", ":1", "byte 0xed at offset 0"),
        ("Новина".encode("cp1251"), ":1", "byte 0xcd at offset 0"),
        (b"a\n\nb\0c", ":3", "NUL character at offset 4"),
        (b"", ":1", "the text is empty"),
        (b"\xef\xbb\xbf", ":1", "the text is empty"),
        (b" \r\n\t\n", ":1", "the text is empty"),
        (b"\xff\xfea", ":1", "is not utf-16-le"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_line(tmp_path, data, line, reason):
    (tmp_path / "a.txt").write_bytes(data)
    (tmp_path / "b.txt").write_text("добра")
    items = incoming(tmp_path)
    [refusal] = refusals(items)
    assert len(items) == 2, "the good file goes in"
    assert refusal.where == f"{tmp_path / 'a.txt'}{line}"
    assert refusal.reason.startswith(reason) or reason in refusal.reason


def test_a_file_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(text_source, "LIMIT", 1 << 20)
    assert limits.LIMIT == 64 << 20
    (tmp_path / "a.txt").write_bytes(b"x" * (1 << 20))
    assert len(articles(tmp_path / "a.txt")) == 1
    (tmp_path / "a.txt").write_bytes(b"x" * ((1 << 20) + 1))
    [refusal] = refusals(incoming(tmp_path / "a.txt"))
    assert refusal.reason == "the file is larger than 1 MB"


def test_the_first_line_is_the_title_only_when_asked(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\n  Heading \r\nText")
    [article] = articles(tmp_path / "a.txt", title_line=True)
    assert article.title == "Heading"
    assert article.text == "\n  Heading \r\nText"


def test_ids_come_from_paths_and_are_unique(tmp_path):
    names = [
        "b/2.txt",
        "b/10.txt",
        "a.txt",
        "a",
        "c.txt",
        "c.md",
        "b/d.e.txt",
        "c/x.TXT",
        "год.txt",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = {article.id: article.text for article in articles(tmp_path)}
    assert found == {
        "a": "a", "a.txt": "a.txt", "b/10": "b/10.txt", "b/2": "b/2.txt", "b/d.e": "b/d.e.txt",
        "c.md": "c.md", "c": "c.txt", "c/x.TXT": "c/x.TXT", "год": "год.txt",
    }  # fmt: skip
    assert {a.id for a in articles(tmp_path, prefix="x/")} == {f"x/{ident}" for ident in found}


def test_an_id_does_not_depend_on_other_suffixes_beside_it(tmp_path):
    (tmp_path / "a.txt").write_text("а")
    assert [a.id for a in articles(tmp_path)] == ["a"]
    (tmp_path / "a.md").write_text("б")
    (tmp_path / "a").mkdir()
    assert sorted(a.id for a in articles(tmp_path)) == ["a", "a.md"]


def test_the_real_articles_come_in_whole(shared_data):
    found = articles(shared_data / "articles")
    assert len(found) == 2
    for article in found:
        assert (
            article.text.encode() == (shared_data / "articles" / f"{article.id}.txt").read_bytes()
        )
