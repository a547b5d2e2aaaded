"""Files out: whole, deterministic, and honest about what they could not carry."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from engines import stands_for

from annotator.cli import export
from annotator.model import scheme_file
from annotator.model.annotation import Kind, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.engine import writer_connection
from annotator.store.project import Project

ARTICLE = Article("a", "Ана met Борис.\nMenu\n", title="T", lang="bg", lang_source="import")


@pytest.fixture
def project(own_home):
    """`news.db`: one article done by iva, and one nobody looked at."""
    spans = [Span("s1", "entities", "PER", 0, 3), Span("s2", "boilerplate", "navigation", 15, 19)]
    with Project.create("news.db", scheme_file.preset("news"), "iva") as project:
        list(project.add([ARTICLE, Article("b", "Other.", lang="en")]))
        drafts = [Draft(Kind.SPAN, s.key, "a", s.body(ARTICLE.text)) for s in spans]
        for layer in ("entities", "boilerplate", "stance"):
            drafts.append(Draft(Kind.LOOKED, looked_key("iva", "a", layer), "a", {"layer": layer}))
        body = Status(State.DONE, "", 65).body()
        drafts.append(Draft(Kind.STATUS, Status.key("iva", "a"), "a", body))
        project.submit(Act("label", tuple(drafts))).result()
    return own_home


@pytest.mark.parametrize("name", ["jsonl", "iob2", "stance-tsv", "cleaneval"])
def test_every_format_gives_the_same_bytes_twice_and_touches_nothing_else(cli, project, name):
    before = {path.name: path.read_bytes() for path in project.iterdir() if path.suffix == ".db"}
    for target in ("one", "two"):
        (project / target).mkdir()
        ran = cli("export", "news.db", "--format", name, "-o", f"{target}/out")
        assert ran.code == 0
        assert ran.out.startswith(f"{target}/out: ")
    one, two = (
        {
            p.relative_to(project / t): p.read_bytes()
            for p in (project / t).rglob("*")
            if p.is_file()
        }
        for t in ("one", "two")
    )
    assert one == two
    assert one
    assert {p.name: p.read_bytes() for p in project.iterdir() if p.suffix == ".db"} == before


def test_what_a_format_cannot_carry_is_listed_with_examples(cli, project):
    ran = cli("export", "news.db", "--format", "iob2", "-o", "x.iob2")
    assert "layer: entities" in ran.out
    table = ran.out.split("Not carried by this format")[1]
    assert "article without decisions in entities   b" in table
    assert "span of layer boilerplate" in table


def test_an_older_file_is_replaced_and_that_is_said(cli, project):
    (project / "x.jsonl").write_text("old")
    ran = cli("export", "news.db", "--format", "jsonl", "-o", "x.jsonl")
    assert "x.jsonl (an older file was replaced): 2 articles" in ran.out
    assert len((project / "x.jsonl").read_text().splitlines()) == 2


@pytest.mark.file_only
def test_the_project_itself_is_not_replaced(cli, project):
    ran = cli("export", "news.db", "--format", "jsonl", "-o", "news.db")
    assert (ran.code, "the project itself" in ran.err) == (2, True)


def test_standard_output_holds_the_data_alone(cli, project):
    ran = cli("export", "news.db", "--format", "jsonl", "-o", "-")
    assert ran.code == 0
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["a", "b"]
    assert "Standard output: 2 articles" in ran.err
    ran = cli("export", "news.db", "--format", "cleaneval", "-o", "-")
    assert (ran.code, ran.out) == (2, "")


def test_nothing_foreign_goes_to_a_terminal_unasked(cli, project, monkeypatch):
    monkeypatch.setattr(export.sys.stdout, "isatty", lambda: True)
    ran = cli("export", "news.db", "--format", "jsonl", "-o", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "name a file" in ran.err


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--format", "jsonl", "--profile", "l3s"), "no option profile"),
        (("--format", "iob2", "--layer", "nix"), "no layer 'nix'"),
        (("--format", "iob2", "--quoted"), "no option quoted"),
        (("--format", "cleaneval", "--profile", "nix"), "nix"),
    ],
)
def test_options_a_format_does_not_heed_are_refused(cli, project, options, word):
    ran = cli("export", "news.db", *options, "-o", "x")
    assert (ran.code, ran.out, word in ran.err) == (2, "", True)
    assert not (project / "x").exists()


def test_a_reader_that_goes_away_ends_it_quietly(project):
    with Project.open("news.db", "iva") as opened:
        list(opened.add(Article(f"x{n}", "Text. " * 500) for n in range(2000)))
    command = [
        sys.executable,
        "-m",
        "annotator",
        "export",
        str(stands_for(Path("news.db"))),
        "--format",
        "jsonl",
        "-o",
        "-",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_the_table_of_status_can_be_cut_short_too(project):
    program = (
        "import sys; from annotator.cli.main import main; sys.exit(main(['status', sys.argv[1]]))"
    )
    command = [sys.executable, "-c", program, str(stands_for(Path("news.db")))]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


def test_status_counts_by_annotator_layer_and_language(cli, project):
    ran = cli("status", "news.db")
    assert ran.code == 0
    assert "news.db: 2 articles, scheme news" in ran.out
    assert "Languages: bg 1, en 1" in ran.out
    rows = [line.split() for line in ran.out.splitlines()]
    assert any(row[:6] == ["iva", "1", "0", "0", "0", "1"] for row in rows)
    assert ["iva", "boilerplate", "1", "1", "1", "—", "—"] in rows, "no time was recorded"
    assert ["iva", "bg", "1", "0", "0", "0", "0"] in rows
    found = json.loads(cli("status", "news.db", "--json").out)
    assert found["articles"] == 2
    assert found["scheme"]["name"] == "news"
    assert found["actors"][0]["states"] == {"done": 1}
    assert found["actors"][0]["seconds"] == 65


def test_check_says_sound_or_what_is_wrong(cli, project):
    ran = cli("check", "news.db")
    shown = stands_for(Path("news.db"))
    assert (ran.code, ran.out.splitlines()[-1].startswith(f"{shown} is sound")) == (0, True)
    with closing(writer_connection(shown)) as connection:
        connection.execute("UPDATE article_text SET text = 'Ана met Вотин.' WHERE n = 1")
    ran = cli("check", "news.db")
    assert ran.code == 1
    assert "error" in ran.out
    assert f"{shown} is damaged" in ran.out
    report = json.loads(cli("check", "news.db", "--json").out)
    assert report["sound"] is False
    assert {"severity", "where", "message"} == set(report["problems"][0])


@pytest.mark.file_only
def test_check_of_what_is_no_project(cli, own_home):
    (own_home / "x.db").write_text("plain text, and a lot of it " * 100)
    assert cli("check", "x.db").code == 2
    ran = cli("check", "gone.db")
    assert (ran.code, "annotator init gone.db" in ran.err) == (2, True)


@pytest.mark.file_only
def test_a_backup_and_the_way_back(cli, project):
    assert cli("backup", "news.db", "copy.db").code == 0
    ran = cli("backup", "news.db", "copy.db")
    assert (ran.code, "exists already" in ran.err) == (2, True)
    ran = cli("backup", "news.db")
    assert (ran.code, len(list(project.glob("news-2*.db")))) == (0, 1)
    ran = cli("restore", "back.db", "copy.db")
    assert (ran.code, ran.out) == (0, "back.db: 2 articles, restored from copy.db.\n")
    for name in ("news.db", "back.db"):
        cli("export", name, "--format", "jsonl", "-o", f"{name}.jsonl")
    assert (project / "news.db.jsonl").read_bytes() == (project / "back.db.jsonl").read_bytes()
    assert cli("restore", "news.db", "copy.db").code == 2
