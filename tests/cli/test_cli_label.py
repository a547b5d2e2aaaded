"""`annotator label` and what `status` says of the time it took."""

import io
import json

import pytest

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXT = "Лодкарят Мартин Гочев продаде лодката си.\nВсички права запазени\n"


@pytest.fixture
def project(own_home):
    with Project.create("boats.db", preset("news"), "iva") as made:
        assert [o.reason for o in made.add([Article("boat", TEXT, "Лодка", lang="bg")])] == [""]


@pytest.fixture
def plain(cli, project, monkeypatch):
    """`annotator label boats.db --plain` on these lines."""

    def run(*lines, options=()):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return cli("label", "boats.db", "--plain", *options)

    return run


def test_label_plain_works_under_the_name_given(cli, plain):
    ran = plain("block 2 e", "done", options=("--as", "olga"))
    assert (ran.code, ran.err) == (0, "")
    assert "Labelled: footer “Всички права запазени”." in ran.out
    assert "No other article is left to do; quit leaves." in ran.out
    with Project.open("boats.db") as made:
        (work,) = made.works("boat")
        assert (work.actor, work.status.state) == ("olga", "done")
    assert plain(options=("--as", "olga")).out == (
        "No article is left to do; name one with --article ID.\n"
    )


def test_label_refuses_what_is_not_there(cli, plain):
    assert cli("label", "none.db", "--plain").code == 2
    ran = plain(options=("--article", "ship"))
    assert ran.code == 2
    assert "There is no article" in ran.err
    with Project.create("empty.db", preset("news"), "iva"):
        pass
    assert "holds no articles yet" in cli("label", "empty.db", "--plain").err


def test_label_without_plain_opens_the_interface_at_the_article(cli, project, monkeypatch):
    seen = []
    monkeypatch.setattr("annotator.tui.start.start", lambda *a, **k: seen.append((a, k)) or 0)
    assert cli("label", "boats.db", "--article", "boat", "--no-mouse").code == 0
    ((args, options),) = seen
    assert args[1] == "iva"
    assert (options["article"], options["mouse"]) == ("boat", False)


def test_status_tells_keys_and_seconds_each(cli, plain):
    plain("layer 2", "2-3 p", "5 r", "layer 3")
    ran = cli("status", "boats.db")
    rows = [line.split() for line in ran.out.splitlines()]
    row = next(row for row in rows if row[:2] == ["iva", "entities"])
    keys = (len("2-3 p") + len("5 r") + len("layer 3") + 3) / 2
    assert row[2:6] == ["0", "1", "2", f"{keys:.1f}"]
    boilerplate = next(row for row in rows if row[:2] == ["iva", "boilerplate"])
    assert boilerplate[-2:] == ["—", "—"], "no annotation there"
    found = json.loads(cli("status", "boats.db", "--json").out)
    effort = found["actors"][0]["layers"]["entities"]["effort"]
    assert effort["annotations"] == 2
    assert effort["keys_each"] == keys
    assert found["actors"][0]["layers"]["boilerplate"]["effort"]["keys_each"] is None
