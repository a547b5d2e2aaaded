"""`annotator adjudicate` without its screen: lists, decisions by rule, refusals."""

import json
from pathlib import Path

import adjudication_kit as kit
import pytest

from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_queue import Options
from annotator.model.annotation import Kind
from annotator.model.decision import Method
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project


@pytest.fixture
def project(own_home: Path) -> Path:
    """Four articles of three annotators."""
    known = [kit.known(article, preset("news")) for article in kit.articles(30)[17:21]]
    return kit.make(own_home / "p.db", known)


def methods(path: Path) -> dict[str, int]:
    """How many decisions stand, by method."""
    found: dict[str, int] = {}
    with Project.open(path, readonly=True) as opened:
        for article in opened.articles():
            for each in opened.decisions(article.id):
                name = str(each.decision.method)
                found[name] = found.get(name, 0) + 1
    return found


def test_the_list_counts_open_items_and_changes_nothing(cli, project: Path) -> None:
    done = cli("adjudicate", project, "--list", "--audit", 0)
    assert done.code == 0
    assert "4 articles ready, 0 begun but not ready" in done.out
    assert "boundary" in done.out
    found = json.loads(cli("adjudicate", project, "--list", "--audit", 0, "--json").out)
    assert found["articles"] == 4
    assert sum(each["left"] for each in found["by_article"]) == found["total"]["left"] > 0
    assert set(found["open"]) >= {"missing", "boundary", "label"}
    assert methods(project) == {}


def test_unanimous_items_are_accepted_but_for_the_sample(cli, project: Path) -> None:
    dry = cli(
        "adjudicate", project, "--as", "vera", "--accept", "unanimous", "--dry-run", "--audit", 0
    )
    assert "would be accepted in 4 of 4 articles" in dry.out
    assert methods(project) == {}
    half = json.loads(
        cli(
            "adjudicate",
            project,
            "--as",
            "vera",
            "--accept",
            "unanimous",
            "--audit",
            0.5,
            "--dry-run",
            "--json",
        ).out
    )
    done = cli("adjudicate", project, "--as", "vera", "--accept", "unanimous", "--audit", 0)
    assert done.code == 0
    count = methods(project)
    assert count == {"unanimous": int(dry.out.split()[0])}
    assert 0 < half["accepted"]["unanimous"] < count["unanimous"]
    again = cli("adjudicate", project, "--as", "vera", "--accept", "unanimous", "--audit", 0)
    assert again.out.startswith("0 items accepted in 0 of 4 articles")
    listed = json.loads(cli("adjudicate", project, "--list", "--audit", 0, "--json").out)
    assert listed["total"]["acceptable"] == 0
    assert listed["total"]["left"] > 0


def test_majorities_are_marked(cli, project: Path) -> None:
    assert (
        cli("adjudicate", project, "--as", "vera", "--accept", "majority", "--audit", 0).code == 0
    )
    assert set(methods(project)) == {str(Method.UNANIMOUS), str(Method.MAJORITY)}


def test_the_model_takes_what_it_is_sure_of(cli, project: Path) -> None:
    done = cli(
        "adjudicate",
        project,
        "--as",
        "vera",
        "--accept",
        "dawid-skene",
        "--threshold",
        0.5,
        "--json",
    )
    assert done.code == 0
    assert set(json.loads(done.out)["accepted"]) <= {"unanimous", "dawid-skene"}


def test_what_is_accepted_can_be_taken_back_at_the_screen(cli, project: Path) -> None:
    cli("adjudicate", project, "--accept", "unanimous", "--audit", 0, "--as", "vera")
    with Project.open(project, "vera") as opened:
        desk = Adjudicating(opened, Options(audit=0))
        desk.undo()
        while desk.turning is not None:
            desk.go_on()
        assert desk.message == "Taken back in 4 articles."
    assert methods(project) == {}


def test_the_list_for_the_meeting_goes_to_a_file_or_out(cli, project: Path) -> None:
    with Project.open(project, "vera") as opened:
        desk = Adjudicating(opened, Options(audit=0))
        desk.begin()
        desk.remark(note="really?")
        desk.leave()
    done = cli("adjudicate", project, "--discuss", "meeting.md")
    assert done.out == "1 item to discuss, written to meeting.md.\n"
    text = Path("meeting.md").read_text(encoding="utf-8")
    assert "Note: really?" in text
    assert cli("adjudicate", project, "--discuss", "-").out == text
    for name in kit.ANNOTATORS:
        assert name not in text


def test_two_adjudicators_are_compared(cli, project: Path) -> None:
    for name in ("vera", "olga"):
        with Project.open(project, name) as opened:
            second = 1.0 if name == "olga" else 0.0
            desk = Adjudicating(opened, Options(audit=0, second=second))
            desk.begin()
            desk.nothing()
            desk.leave()
    done = cli("adjudicate", project, "--list")
    assert "Decided by two people" in done.out
    (pair,) = json.loads(cli("adjudicate", project, "--list", "--json").out)["adjudicators"]
    assert pair == {"one": "olga", "other": "vera", "items": 1, "same": 1, "share": 1.0}


def test_two_opinions_that_differ_are_listed(cli, project: Path) -> None:
    for name in ("vera", "olga"):
        with Project.open(project, name) as opened:
            desk = Adjudicating(opened, Options(audit=0, second=float(name == "olga")))
            desk.begin()
            if name == "vera":
                desk.take(1)
            else:
                desk.nothing()
            desk.leave()
    done = cli("adjudicate", project, "--list")
    assert "Two opinions, to be settled" in done.out
    assert "vera: " in done.out
    assert "olga: nothing" in done.out
    (disputed,) = json.loads(cli("adjudicate", project, "--list", "--json").out)["disputed"]
    assert [who for who, _ in disputed["opinions"]] == ["vera", "olga"]


def test_ones_own_articles_are_left_out(cli, project: Path) -> None:
    done = cli("adjudicate", project, "--accept", "unanimous", "--as", "iva")
    assert "0 items accepted in 0 of 0 articles" in done.out
    assert "4 articles left out, which you annotated yourself (--own)." in done.out
    own = cli("adjudicate", project, "--accept", "unanimous", "--as", "iva", "--own")
    assert "in 4 of 4 articles" in own.out


def test_only_an_adjudicator_may(cli, project: Path) -> None:
    lead = Person("boss", Role.LEAD)
    with Project.open(project, "boss") as opened:
        opened.record(Act("people", (Draft(Kind.PERSON, lead.key, "", lead.body()),)))
    done = cli("adjudicate", project, "--accept", "unanimous", "--as", "vera")
    assert done.code == 2
    assert "Only adjudicators may adjudicate" in done.err
    assert cli("adjudicate", project, "--accept", "unanimous", "--as", "boss").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--audit", "2"], "--audit is a share"),
        (["--second", "-1"], "--second is a share"),
        (["--annotators", "-3"], "--annotators"),
        (["--dry-run"], "--dry-run and --json go with"),
        (["--accept", "unanimous", "--second", "0.1"], "A second opinion is given item by item"),
        ([], "The interface needs a terminal"),
    ],
)
def test_refusals_are_one_plain_line(cli, project: Path, arguments: list[str], said: str) -> None:
    done = cli("adjudicate", project, *arguments)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") == 1


def test_no_project(cli) -> None:
    done = cli("adjudicate", "nowhere.db", "--list")
    assert done.code == 2
    assert "There is no project" in done.err
    assert "nowhere.db" in done.err


def test_annotators_are_shown_no_lists_where_there_is_a_lead(cli, project: Path) -> None:
    with Project.open(project, "vera") as opened:
        vera = Person("vera", Role.LEAD)
        opened.record(Act("people", (Draft(Kind.PERSON, vera.key, "", vera.body()),)))
    for words in (["--list"], ["--discuss", "-"]):
        ran = cli("adjudicate", project, "--as", "iva", *words)
        assert ran.code == 2
        assert "Only adjudicators may" in ran.err
        assert cli("adjudicate", project, "--as", "vera", *words).code == 0
