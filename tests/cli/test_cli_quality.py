"""`annotator quality` and `annotator ask`: what they print, for whom, and their exit codes."""

import json
import random
from pathlib import Path

import pytest
from quality_kit import LEAD, NOVA, finish, released

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft, new_id
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project

TEXT = "".join(f"Name{n:02} said so. " for n in range(20))
PLACES = [(n * 16, n * 16 + 6) for n in range(20)]


@pytest.fixture
def path(own_home: Path) -> Path:
    return released(own_home / "p.db")


def drifting(path: Path, drop: float) -> Path:
    """Two annotators on 130 articles; iva errs more from the 81st on, mila is always right."""
    dice = random.Random(5)
    with Project.create(path, preset("news"), LEAD) as project:
        names = [f"a{n:03}" for n in range(130)]
        list(project.add(Article(name, TEXT, lang="en") for name in names))
        for number, name in enumerate(names):
            right = {"mila": 1.0, "iva": 0.9 if number < 80 else 0.9 - drop}
            for actor, share in right.items():
                drafts = []
                for start, end in PLACES:
                    label = "PER" if dice.random() < share else "ORG"
                    made = Span(new_id(), "entities", label, start, end)
                    drafts.append(Draft(Kind.SPAN, made.key, name, made.body(TEXT)))
                done = Status(State.DONE)
                drafts.append(Draft(Kind.STATUS, Status.key(actor, name), name, done.body()))
                project.record(Act("label", tuple(drafts)), actor)
    return path


# --- quality


def test_everybody_is_told_in_80_columns(cli, path):
    ran = cli("quality", path.name, "--as", LEAD)
    assert ran.code == 0
    assert ran.err == ""
    assert "3 annotators; held against release 1.0" in ran.out
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert max(map(len, lines)) <= 80
    for words in ("iva: 2 articles finished", "strict F1 with the others", "the others among",
                  "F1 against gold", "missed of gold", "marked beyond gold", "few"):  # fmt: skip
        assert words in ran.out
    assert "rank" not in ran.out.casefold()


def test_one_annotator_is_told_with_every_label(cli, path):
    ran = cli("quality", path, "--annotator", "petar", "--as", LEAD)
    assert "mila:" not in ran.out
    assert "petar: 2 articles" in ran.out
    assert "LOC" in ran.out
    assert "LOC" not in cli("quality", path, "--as", LEAD).out, "few items of a label are left out"


def test_json_has_everything(cli, path):
    told = json.loads(cli("quality", path, "--json", "--as", LEAD).out)
    assert told["gold"] == "release 1.0"
    assert told["drifting"] == []
    iva = told["people"]["iva"]
    assert iva["finished"] == 2
    assert iva["gold_questions"] == {"asked": 0, "answered": 0}
    entities = iva["layers"]["entities"]
    assert entities["gold"]["f1"]["value"] == pytest.approx(6 / 7)
    assert entities["gold"]["f1"]["few"] is True
    assert entities["gold"]["outcomes"]["extra"] == 1
    assert entities["hidden"] is None
    assert entities["with_others"]["value"] == pytest.approx(10 / 14)
    assert entities["pace"]["seconds_per_1000"] is None
    assert entities["drift"]["baseline"] is None


def test_what_is_adjudicated_or_an_older_release_can_be_asked_for(cli, path):
    assert "what is adjudicated" in cli("quality", path, "--adjudicated", "--as", LEAD).out
    assert "release 1.0" in cli("quality", path, "--release", "1.0", "--as", LEAD).out
    ran = cli("quality", path, "--release", "7.0", "--as", LEAD)
    assert (ran.code, ran.out) == (2, "")
    assert "There is no release '7.0'" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--annotator", "boris"], "boris has finished nothing"),
        (["--since", "soon"], "no day"),
    ],
)
def test_wrong_words_are_one_plain_line(cli, path, words, said):
    ran = cli("quality", path, *words, "--as", LEAD)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_annotators_do_not_see_each_others_quality(cli, path):
    with Project.open(path, LEAD) as project:
        project.set_people({LEAD: Role.LEAD, "iva": Role.ANNOTATOR})
    ran = cli("quality", path, "--as", "iva")
    assert ran.code == 2
    assert "Only adjudicators may see the quality of others' work" in ran.err
    assert cli("quality", path, "--as", LEAD).code == 0


@pytest.mark.file_only
def test_it_works_where_nothing_may_be_written(cli, path):
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        assert cli("quality", path, "--as", LEAD).code == 0
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o644)


def test_drift_is_told_and_fails_when_asked_to(cli, own_home):
    path = drifting(own_home / "d.db", 0.35)
    ran = cli("quality", path, "--fail-on-drift", "--as", LEAD)
    assert ran.code == 1
    assert "ALARM (STANDS) with the others: weighted mean" in ran.out
    assert "Drift: look at the work of iva, mila." in ran.out, "two alone cannot be told apart"
    assert cli("quality", path, "--as", LEAD).code == 0
    told = json.loads(cli("quality", path, "--json", "--as", LEAD).out)
    (alarm, *_) = told["people"]["iva"]["layers"]["entities"]["drift"]["alarms"]
    assert 81 <= alarm["number"] <= 100
    assert alarm["stands"]


def test_who_is_steady_does_not_fail(cli, own_home):
    ran = cli("quality", drifting(own_home / "s.db", 0.0), "--fail-on-drift", "--as", LEAD)
    assert ran.code == 0
    assert "ALARM" not in ran.out


# --- ask


def give(path: Path, name: str, *articles: str) -> None:
    with Project.open(path, LEAD) as project:
        project.assign(Slot(article, name) for article in articles)


def test_gold_questions_are_asked_answered_and_told(cli, path):
    give(path, NOVA, "harbour", "market", "station")
    dry = cli("ask", path, "--gold", "0.4", "--to", NOVA, "--dry-run", "--as", LEAD)
    assert "2 gold questions would be added." in dry.out
    assert cli("ask", path, "--list", "--as", LEAD).out == "No hidden questions were asked.\n"
    ran = cli("ask", path, "--gold", "0.4", "--to", NOVA, "--as", LEAD)
    assert "2 gold questions added." in ran.out
    assert (
        "0 gold questions added."
        in cli("ask", path, "--gold", "0.4", "--to", NOVA, "--as", LEAD).out
    )
    listed = json.loads(cli("ask", path, "--list", "--json", "--as", LEAD).out)
    assert {(each["person"], each["why"], each["state"]) for each in listed} == {
        (NOVA, "gold", None)
    }
    finish(path, NOVA, "bridge", ("PER", "Anna Velkova"), ("ORG", "Harbour Office"))
    told = cli("quality", path, "--annotator", NOVA, "--as", LEAD).out
    assert "1 of 2 gold questions answered" in told
    assert "F1 on hidden questions" in told


def test_without_names_everybody_who_was_assigned_something_is_asked(cli, path):
    give(path, NOVA, "harbour", "market")
    told = json.loads(cli("ask", path, "--gold", "0.5", "--json", "--as", LEAD).out)
    assert list(told["people"]) == [NOVA]
    assert told["added"] == 1


def test_where_nobody_was_assigned_anything_nobody_can_be_asked(cli, path):
    ran = cli("ask", path, "--gold", "0.5", "--as", LEAD)
    assert (ran.code, ran.out) == (2, "")
    assert "Nobody has assignments among which a question could hide" in ran.err


def test_second_passes_are_asked(cli, path):
    none = cli("ask", path, "--again", "0.5", "--to", "iva", "--as", LEAD)
    assert "0 articles to do again added." in none.out, "iva finished them just now"
    assert "no more articles fit" in none.out
    ran = cli("ask", path, "--again", "0.5", "--after-days", "0", "--to", "iva", "--as", LEAD)
    assert "1 article to do again added." in ran.out
    (each,) = json.loads(cli("ask", path, "--list", "--json", "--as", LEAD).out)
    assert (each["person"], each["why"]) == ("iva", "again")
    table = cli("ask", path, "--list", "--as", LEAD).out
    assert "to do" in table
    assert each["article"] in table


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--gold", "2"], "above 0 and at most 1"),
        (["--again", "0"], "above 0 and at most 1"),
        (["--gold", "0.5", "--to", "boris"], "boris does not work on p.db"),
        (["--gold", "0.5", "--to", "iva"], "no assignments"),
        (["--gold", "0.5", "--release", "9.9"], "no release '9.9'"),
    ],
)
def test_what_cannot_be_asked_is_said(cli, path, words, said):
    give(path, NOVA, "harbour")
    ran = cli("ask", path, *words, "--as", LEAD)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_only_a_lead_asks_and_sees_what_was_asked(cli, path):
    with Project.open(path, LEAD) as project:
        project.set_people({LEAD: Role.LEAD, "iva": Role.ADJUDICATOR})
    for words in (["--gold", "0.5"], ["--list"]):
        ran = cli("ask", path, *words, "--as", "iva")
        assert ran.code == 2
        assert "Only leads may" in ran.err
