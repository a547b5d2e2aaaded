"""`annotator checkout`, `backup`, `restore` and `server backup`: between files and a server."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pg_kit import TestServer

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project

pytestmark = pytest.mark.file_only  # each test says itself where its projects are

TEXT = "Срещата се проведе в Пхенян."


@pytest.fixture
def news() -> Path:
    """A project of a lead's, closed: iva has two articles of three, petar is done with one."""
    path = Path("news.db")
    with Project.create(path, preset("news"), "lea") as project:
        list(project.add([Article(name, TEXT + name, lang="bg") for name in "abc"]))
        project.set_people({"lea": Role.LEAD})
        project.assign([Slot("a", "iva"), Slot("b", "iva"), Slot("c", "petar")])
    done(path, "petar", "c")
    return path


def done(place: Path | str, actor: str, article: str) -> None:
    """Somebody is done with an article."""
    with Project.open(place, actor) as project:
        span = Span(f"of {actor}", "entities", "LOC", 0, 4)
        text = project.article(article).text
        status = Draft(Kind.STATUS, Status.key(actor, article), article, Status(State.DONE).body())
        drafts = (Draft(Kind.SPAN, span.key, article, span.body(text)), status)
        project.record(Act("done", drafts))


def test_out_of_a_file_onto_the_train_and_back(cli, news) -> None:
    ran = cli("checkout", news, "train.db")
    assert ran.code == 0
    assert ran.out.startswith("train.db for iva: 2 articles, ")
    assert "annotator merge news.db train.db" in ran.out
    with Project.open("train.db", readonly=True) as project:
        assert not project.unindexed()
        assert project.actors() == []
    done("train.db", "iva", "a")
    with Project.open(news, "lea") as project:
        project.take_back([Slot("a", "iva")])
        project.withdraw("b", "asked to")
    done("train.db", "iva", "b")
    back = cli("merge", news, "train.db")
    assert back.code == 0
    assert "train.db: brought in 4 events and 0 articles." in back.out
    assert "Withdrawn meanwhile, so that the work on them is erased: b." in back.out
    assert "Taken back or given to others meanwhile; the work stays: a (iva)." in back.out
    told = json.loads(cli("merge", "train.db", news, "--json").out)["merged"][0]
    assert told["meanwhile"]["taken"] == [["a", "iva"]]
    assert "nothing new" in cli("merge", "train.db", news).out
    assert "nothing new" in cli("merge", news, "train.db").out
    assert cli("check", news).code == cli("check", "train.db").code == 0


def test_only_leads_check_out_what_is_not_theirs(cli, news) -> None:
    for words in (("--to", "petar"), ("--whole",)):
        ran = cli("checkout", news, "x.db", *words)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "Only leads may check out what is not theirs" in ran.err
    assert not Path("x.db").exists()
    made = cli("checkout", news, "petar.db", "--to", "petar", "--as", "lea", "--json")
    assert json.loads(made.out) == {"project": "news.db", "path": "petar.db", "to": "petar",
                                    "articles": 1, "events": 5}  # fmt: skip
    assert (
        "the whole project: 3 articles"
        in cli("checkout", news, "w.db", "--whole", "--as", "lea").out
    )


def test_what_cannot_be_checked_out_is_one_sentence(cli, news) -> None:
    for words, said in (
        (("missing.db", "x.db"), "no project at missing.db"),
        ((news, news), "exists already"),
        ((news, "x.db", "--as", "zoe"), "zoe was assigned no articles"),
        ((news, "no/folder/x.db"), "no folder"),
        ((news, "x.db", "--to", "iva", "--whole"), "not allowed with"),
    ):
        ran = cli("checkout", *words)
        assert (ran.code, ran.err.count("\n")) == (2, 1), words
        assert said in ran.err
    assert not Path("x.db").exists()
    assert cli("checkout", news, "train.db").code == 0
    assert "handouts come from the whole copy" in cli("checkout", "train.db", "x.db").err


def test_a_team_moves_to_a_server_and_back(
    cli, news: Path, pg_server: TestServer, pg_url: Callable[[], str]
) -> None:
    assert cli("export", news, "--format", "jsonl", "-o", "before.jsonl").code == 0
    url = pg_url()
    moved = cli("server", "init", url, "--from", news, "--as", "lea")
    assert moved.code == 0, moved.err
    assert "3 articles, restored from news.db" in moved.out
    assert cli("export", url, "--format", "jsonl", "-o", "there.jsonl").code == 0
    assert Path("there.jsonl").read_bytes() == Path("before.jsonl").read_bytes()
    assert cli("restore", url, news).code == 2  # there is one
    iva = f"{url.rpartition('/')[2].partition('?')[0]}_iva"
    added = cli("server", "add", url, "iva", "--login", iva, "--password-file", "iva.pgpass")
    assert added.code == 0, added.err
    mine = url.replace("postgres@", f"{iva}@")
    assert cli("checkout", mine, "train.db").code == 0
    done("train.db", "iva", "a")
    assert "brought in 2 events" in cli("merge", mine, "train.db").out
    assert "nothing new" in cli("merge", "train.db", mine).out
    refused = cli("server", "backup", mine, "part.db")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert not Path("part.db").exists()
    ran = cli("server", "backup", url)
    assert ran.code == 0
    made = ran.out.partition(":")[0]
    assert "3 articles, copied and checked" in ran.out
    assert cli("check", made).code == 0
    assert cli("merge", news, made).code == 0
    for place, name in ((url, "1"), (made, "2"), (news, "3")):
        assert cli("export", place, "--format", "jsonl", "-o", f"{name}.jsonl").code == 0
    assert Path("1.jsonl").read_bytes() == Path("2.jsonl").read_bytes()
    assert Path("2.jsonl").read_bytes() == Path("3.jsonl").read_bytes()
    assert cli("server", "backup", news, "x.db").code == 2  # a file's is `annotator backup`
    assert cli("backup", url, "again.db").code == 0
    assert cli("receive", url, "again.db").code == 2


def test_a_bundle_makes_a_project_on_a_server(cli, news, pg_url: Callable[[], str]) -> None:
    url = pg_url()
    assert cli("send", news, "all.annotator").code == 0
    assert "would be made" in cli("receive", url, "all.annotator", "--dry-run").out
    made = cli("receive", url, "all.annotator", "--as", "lea")
    assert made.code == 0, made.err
    assert "was made." in made.out
    assert "nothing new" in cli("merge", url, news, "--as", "lea").out
    assert cli("check", url).code == 0
