"""`annotator feedback` and `annotator train` without a screen."""

import json
from pathlib import Path

import pytest
from quality_kit import LEAD, NOVA, finish, most, released
from release_kit import annotated, decide

from annotator.model.article import Article
from annotator.model.person import Role
from annotator.store.project import Project


@pytest.fixture
def path(own_home: Path) -> Path:
    return released(own_home / "p.db")


def test_the_list_of_own_articles(cli, path):
    ran = cli("feedback", path, "--as", "iva")
    assert ran.code == 0
    assert "2 articles beside release 1.0: 4 the same, 1 difference." in ran.out
    assert "About ferry" in ran.out
    assert "tunnel" not in ran.out, "it is not finished"
    told = json.loads(cli("feedback", path, "--json", "--as", "iva").out)
    assert [each["article"] for each in told["articles"]] == ["bridge", "ferry"]
    assert told["articles"][1]["by_outcome"] == {"extra": 1}


def test_one_article_with_the_guideline(cli, path):
    ran = cli("feedback", path, "ferry", "--as", "iva")
    assert "1. entities: ORG, not gold" in ran.out
    assert "“Съветът”" in ran.out
    assert "   | " in ran.out
    told = json.loads(cli("feedback", path, "ferry", "--json", "--as", "iva").out)
    assert told["found"] == [
        {
            "layer": "entities",
            "outcome": "extra",
            "own": {"label": "ORG", "start": 0, "end": 7, "text": "Съветът"},
            "gold": None,
        }
    ]
    own = json.loads(cli("feedback", path, "bridge", "--json", "--as", "petar").out)
    assert own["by_outcome"] == {"label": 1}


def test_nobody_elses_names_are_in_it(cli, path):
    for words in ((), ("bridge",), ("bridge", "--json"), ("--json",)):
        said = cli("feedback", path, *words, "--as", "petar").out
        assert not any(name in said for name in ("iva", "mila", "vera", LEAD))


def test_before_a_release_a_lead_opens_it(cli, own_home):
    path = annotated(own_home / "q.db")
    decide(path, most)
    with Project.open(path, LEAD) as project:
        project.set_people({LEAD: Role.LEAD, "iva": Role.ANNOTATOR})
    ran = cli("feedback", path, "--as", "iva")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no gold to see in q.db yet" in ran.err
    refused = cli("feedback", path, "--allow", "--as", "iva")
    assert refused.code == 2
    assert "Only leads may say who may see gold before a release" in refused.err
    allowed = cli("feedback", path, "--allow", "--as", LEAD)
    assert allowed.out == "Annotators now see their work beside what is adjudicated.\n"
    told = cli("feedback", path, "--allow", "--json", "--as", LEAD)
    assert json.loads(told.out) == {"allowed": True, "changed": False}
    again = cli("feedback", path, "--allow", "--as", LEAD)
    assert again.out == "Annotators already see their work beside what is adjudicated.\n"
    assert "beside what is adjudicated" in cli("feedback", path, "--as", "iva").out
    assert cli("check", path).code == 0, "the switch is a sound event"
    cli("feedback", path, "--forbid", "--as", LEAD)
    assert cli("feedback", path, "--as", "iva").code == 2


@pytest.mark.parametrize(
    ("article", "said"),
    [("tunnel", "iva is not done with tunnel"), ("nowhere", "nowhere")],
)
def test_what_cannot_be_shown_is_said(cli, path, article, said):
    ran = cli("feedback", path, article, "--as", "iva")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_who_finished_nothing_is_told_so(cli, path):
    ran = cli("feedback", path, "--as", NOVA)
    assert ran.code == 2
    assert "None of your finished articles in p.db has gold yet." in ran.err


def test_what_an_article_says_does_nothing_to_the_terminal(cli, path):
    hostile = "\x1b[31mRed\x07 \u202eevil\u202c Anna"
    with Project.open(path, LEAD) as project:
        list(project.add([Article("bad", hostile, "T\x1b]0;x\x07", lang="en")]))
    for name in ("iva", "mila"):
        finish(path, name, "bad", ("PER", "\x1b[31mRed\x07"))
    finish(path, "petar", "bad", ("PER", "Anna"))
    decide(path, most, articles=["bad"])
    cli("feedback", path, "--allow", "--as", LEAD)
    for words in ((), ("bad",), ("bad", "--json")):
        said = cli("feedback", path, *words, "--as", "petar").out
        assert not set(said) & {"\x1b", "\x07", "\u202e", "\u202c"}


# --- training


def test_training_needs_a_terminal_and_articles(cli, path, own_home):
    ran = cli("train", path, "--as", NOVA)
    assert ran.code == 2
    assert "needs a terminal" in ran.err
    ran = cli("train", path, "--json", "--as", NOVA)
    assert ran.code == 2
    assert "--json goes with --summary" in ran.err


def test_the_summary_of_training(cli, path):
    empty = cli("train", path, "--summary", "--as", NOVA)
    assert empty.out == "nova has not finished a training article yet.\n"
    finish(path, "nova #training", "bridge", ("PER", "Anna Velkova"), ("LOC", "Novobryag"))
    ran = cli("train", path, "--summary", "--as", NOVA)
    assert "Training: 1 article beside gold." in ran.out
    assert max(len(line.rstrip()) for line in ran.out.splitlines()) <= 80
    told = json.loads(cli("train", path, "--summary", "--json", "--as", NOVA).out)
    entities = told["layers"]["entities"]
    assert (entities["gold"], entities["same"], entities["missed"], entities["extra"]) == (
        2,
        1,
        1,
        1,
    )
    assert cli("quality", path, "--annotator", NOVA, "--as", LEAD).code == 2, "it is no work"
