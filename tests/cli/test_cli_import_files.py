"""Files in: what goes in exactly, what is refused and where, and that the same again is nothing."""

import json
import os
import sys
from itertools import pairwise

import pytest

from annotator.store.project import Project

LONG = "Мостът при Старобряг беше открит в сряда след десет години строеж и два съда. "


def lines(*records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def texts(path="news.db"):
    with Project.open(path, readonly=True) as project:
        return {article.id: article.text for article in project.articles()}


def test_a_project_is_made_and_the_same_again_changes_nothing(cli, own_home):
    (own_home / "a.jsonl").write_text(
        lines({"id": "a", "text": "One."}, {"id": "b", "text": "Two."})
    )
    ran = cli("import", "news.db", "a.jsonl", "--no-languages")
    assert ran.code == 0
    assert "2   new" in ran.out
    assert texts() == {"a": "One.", "b": "Two."}
    again = cli("import", "news.db", "a.jsonl", "--no-languages", "--json")
    assert json.loads(again.out)["articles"] == {
        "new": 0, "unchanged": 2, "changed": 0, "refused": 0, "same_text": 0,
    }  # fmt: skip


def test_texts_come_in_exactly(cli, own_home):
    folder = own_home / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "crlf.txt").write_bytes(b"One\r\nTwo\r\n\tThree \r")
    (folder / "bom.txt").write_bytes(b"\xef\xbb\xbfMarked")
    (folder / "deep" / "nfd.txt").write_bytes("e\u0301 🇧🇬\n".encode())
    assert cli("import", "news.db", "articles", "--no-languages").code == 0
    assert texts() == {
        "bom": "Marked",
        "crlf": "One\r\nTwo\r\n\tThree \r",
        "deep/nfd": "e\u0301 🇧🇬\n",
    }


def test_what_cannot_be_stored_is_refused_with_its_line_and_the_rest_goes_in(cli, own_home):
    (own_home / "bad.jsonl").write_bytes(
        b'\xef\xbb\xbf{"id":"ok","text":"Good."}\r\n'
        b'{"id":"half","text":"Hal\n'
        b'{"id":"nul","text":"a\\u0000b"}\n'
        b'{"id":"sur","text":"a\\ud800b"}\n'
        b'{"id":"raw","text":"a\xffb"}\n'
        b'{"id":"none","text":""}\n'
        b'{"id":"blank","text":" \\n "}\n'
        b'{"id":"odd","headline":"no text"}\n'
        b"[1, 2]\n"
        b'{"id":"last","text":"Also good."}'
    )
    ran = cli("import", "news.db", "bad.jsonl", "--no-languages", "--refused", "refused.tsv")
    assert ran.code == 1
    assert texts() == {"ok": "Good.", "last": "Also good."}
    refused = [line.split("\t") for line in (own_home / "refused.tsv").read_text().splitlines()]
    assert refused[0] == ["where", "reason"]
    assert [where for where, _ in refused[1:]] == [f"bad.jsonl:{line}" for line in range(2, 10)]
    for where, word in (("2", "JSON"), ("3", "NUL"), ("4", "surrogate"), ("5", "UTF-8")):
        assert f"bad.jsonl:{where}" in ran.out
        assert word in dict(refused)[f"bad.jsonl:{where}"]


def test_bad_text_files_name_their_line(cli, own_home):
    folder = own_home / "in"
    folder.mkdir()
    (folder / "latin.txt").write_bytes(b"one\ntwo\ncaf\xe9\n")
    (folder / "nul.txt").write_bytes(b"one\ntw\0o\n")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "fine.txt").write_bytes(b"fine")
    ran = cli("import", "news.db", "in", "--no-languages", "--json")
    where = {entry["where"] for entry in json.loads(ran.out)["refused"]}
    assert ran.code == 1
    assert where == {"in/latin.txt:3", "in/nul.txt:2", "in/empty.txt:1"}
    assert list(texts()) == ["fine"]
    ran = cli("import", "news.db", "in/latin.txt", "--encoding", "cp1252", "--no-languages")
    assert ran.code == 0
    assert texts()["latin"] == "one\ntwo\ncafé\n"


def test_a_wrong_column_is_said_with_those_there_are(cli, own_home):
    (own_home / "t.csv").write_text('nr,inhalt\n1,"Ein Text, mit Komma"\n2,Zwei\n')
    ran = cli("import", "news.db", "t.csv", "--no-languages")
    assert ran.code == 1
    assert "t.csv:1" in ran.out
    assert "inhalt" in ran.out
    ran = cli("import", "news.db", "t.csv", "--text-column", "fehlt", "--no-languages")
    assert (ran.code, "fehlt" in ran.out) == (1, True)
    ran = cli(
        "import", "news.db", "t.csv", "--text-column", "inhalt", "--id-column", "nr",
        "--id-prefix", "t-", "--no-languages",
    )  # fmt: skip
    assert ran.code == 0
    assert texts() == {"t-1": "Ein Text, mit Komma", "t-2": "Zwei"}


def test_a_row_with_too_few_cells_is_refused_with_its_line(cli, own_home):
    (own_home / "t.tsv").write_text("id\ttext\tlang\na\tOne\ten\nb\tTwo\nc\tThree\ten\n")
    ran = cli("import", "news.db", "t.tsv", "--no-languages", "--json")
    assert ran.code == 1
    assert [entry["where"] for entry in json.loads(ran.out)["refused"]] == ["t.tsv:3"]
    assert texts() == {"a": "One", "c": "Three"}


def test_changed_upstream_is_kept_apart_and_named(cli, own_home):
    (own_home / "a.jsonl").write_text(lines({"id": "a", "text": "First."}))
    cli("import", "news.db", "a.jsonl", "--no-languages")
    (own_home / "a.jsonl").write_text(lines({"id": "a", "text": "Second."}))
    ran = cli("import", "news.db", "a.jsonl", "--no-languages")
    assert ran.code == 0
    assert "changed upstream" in ran.out
    found = texts()
    assert found.pop("a") == "First."
    ((apart, text),) = found.items()
    assert (apart[:2], text) == ("a@", "Second.")
    assert apart in ran.out
    again = cli("import", "news.db", "a.jsonl", "--no-languages", "--json")
    assert json.loads(again.out)["articles"]["unchanged"] == 1


def test_the_same_text_under_another_id_is_said(cli, own_home):
    (own_home / "a.jsonl").write_text(lines({"id": "a", "text": "Same."}))
    cli("import", "news.db", "a.jsonl", "--no-languages")
    records = [{"id": "b", "text": "Same."}, {"id": "c", "text": "Other."}]
    (own_home / "b.jsonl").write_text(lines(*records, {"id": "d", "text": "Other."}))
    ran = cli("import", "news.db", "b.jsonl", "--no-languages")
    assert ran.code == 0
    assert "2   same text under another id" in ran.out
    found = ran.out.split("Same text under another id")[-1].split()
    assert {("b", "a"), ("d", "c")} <= set(pairwise(found))


def test_sources_are_checked_before_a_project_is_made(cli, own_home):
    ran = cli("import", "news.db", "nothing-here.txt")
    assert (ran.code, ran.err) == (2, "annotator: There is no file or folder nothing-here.txt.\n")
    assert not (own_home / "news.db").exists()
    assert cli("import", "news.db").code == 2
    assert not (own_home / "news.db").exists()


@pytest.mark.file_only
def test_the_project_itself_is_no_source(cli, own_home):
    cli("init", "news.db")
    ran = cli("import", "news.db", "news.db")
    assert (ran.code, "the project itself" in ran.err) == (2, True)
    assert cli("check", "news.db").code == 0


def test_source_and_language_for_articles_that_name_none(cli, own_home):
    records = [{"id": "a", "text": "One."}, {"id": "b", "text": "Two.", "lang": "de", "site": "S"}]
    (own_home / "a.jsonl").write_text(lines(*records))
    assert cli("import", "news.db", "a.jsonl", "--source", "Ledger", "--lang", "en").code == 0
    with Project.open("news.db", readonly=True) as project:
        found = {a.id: (a.source, a.lang, a.lang_source) for a in project.articles()}
    assert found == {"a": ("Ledger", "en", "import"), "b": ("S", "de", "import")}
    assert cli("import", "news.db", "a.jsonl", "--lang", "no language").code == 2


def test_html_comes_in_with_its_boilerplate(cli, own_home):
    page = "<html lang=bg><title>T</title><nav>Menu</nav><p>Текст &amp; още</p><script>x</script>"
    (own_home / "p.html").write_text(page)
    assert cli("import", "news.db", "p.html", "--no-languages").code == 0
    assert texts()["p.html"].split("\n") == ["Menu", "Текст & още"]


def test_a_scheme_is_for_new_projects_only(cli, own_home):
    (own_home / "a.txt").write_text("Text.")
    assert cli("import", "news.db", "a.txt", "--scheme", "minimal", "--no-languages").code == 0
    with Project.open("news.db", readonly=True) as project:
        assert project.scheme.name == "minimal"
    ran = cli("import", "news.db", "a.txt", "--scheme", "news")
    assert (ran.code, "--scheme is for a new project" in ran.err) == (2, True)


@pytest.mark.skipif(sys.platform == "darwin", reason="file names are UTF-8 there")
def test_file_names_of_any_bytes(cli, own_home):
    name = os.fsencode(own_home) + b"/b\xe9.txt"
    with open(name, "wb") as file:
        file.write(b"Text.")
    ran = cli("import", "news.db", own_home, "--no-languages")
    assert ran.code == 1
    assert "not UTF-8" in ran.out
