"""`annotator agreement`: what it prints, to whom, and its exit codes."""

import json

import pytest

from annotator.cli import agreement, agreement_run
from annotator.cli.table import COMMANDS, Command
from annotator.model.annotation import Kind, Party, Span, Stance, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXT = "Iran and Oman met in Muscat.\nMore news\nThe talks go on, said Ali."


@pytest.fixture(autouse=True)
def entered(monkeypatch):
    """The command is there, whether or not the table has it."""
    entry = Command("agreement", "how far annotators agree", "annotator.cli.agreement:run",
                    agreement.arguments, agreement.TEXT)  # fmt: skip
    monkeypatch.setitem(COMMANDS, "agreement", entry)


def work(project, article, who, spans, stance="FAVOR", state=State.DONE):
    """One annotator's work: entities by (start, end, label), one boilerplate line, one stance."""
    drafts = [
        Draft(Kind.SPAN, span.key, article, span.body(TEXT))
        for span in (
            *(Span(f"{who}{article}{s}", "entities", label, s, e) for s, e, label in spans),
            Span(f"{who}{article}b", "boilerplate", "nav", 29, 38),
        )
    ]
    given = Stance(Party("entity", "Iran"), stance)
    drafts.append(Draft(Kind.STANCE, given.key(who, article), article, given.body(TEXT)))
    drafts.append(Draft(Kind.STATUS, Status.key(who, article), article, Status(state).body()))
    project.record(Act("label", tuple(drafts)), who)


@pytest.fixture
def path(own_home):
    path = own_home / "news.db"
    names = [f"a{n:02}" for n in range(12)]
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add(Article(name, f"{TEXT}\n{name}") for name in names))
        for name in names:
            work(project, name, "ana", [(0, 4, "LOC"), (9, 13, "LOC")], "FAVOR")
            odd = name in ("a03", "a07")
            work(project, name, "iva", [(0, 4, "ORG" if odd else "LOC"), (9, 13, "LOC")],
                 "AGAINST" if odd else "FAVOR")  # fmt: skip
        work(project, "a00", "petr", [(0, 4, "LOC")], state=State.OPEN)
        work(project, "a01", "iva #2", [(0, 4, "LOC")])
    return path


def test_it_says_what_is_measured_and_what_is_left_out(cli, path):
    ran = cli("agreement", path)
    assert ran.code == 0, ran.err
    for words in (
        "Entities (entities): ana, iva",
        "12 articles that two or more finished; 0 that only one finished",
        "Left out: petr, not finished, 1 article (a00).",
        "▸ strict F1",
        ".917",
        "▸ uα (2016)",
        "Pairs of spans: correct 22, incorrect 2, partial 0, missing 0, spurious 0.",
        "▸ alpha",
    ):
        assert words in ran.out, words
    rows = [line.rstrip() for line in ran.out.splitlines() if line.startswith("  ")]
    assert max(map(len, rows)) <= 80, "tables fit"
    assert "\x1b" not in ran.out


def test_what_is_undefined_is_a_dash_with_its_reason(cli, path):
    ran = cli("agreement", path, "--layer", "stance", "--article", "a00", "--article", "a01")
    line = next(line for line in ran.out.splitlines() if "▸ alpha" in line)
    assert "—" in line
    assert "alpha: no number, for only one label was used." in ran.out
    assert "few" in next(line for line in ran.out.splitlines() if "agreement" in line)


def test_groups_confusion_and_the_worst_articles(cli, path):
    asked = [word for what in agreement.GROUPS for word in ("--by", what)]
    ran = cli("agreement", path, "--layer", "entities", *asked, "--confusion", "--worst", "1")
    assert ran.code == 0, ran.err
    for words in ("entities by label", "ana / iva", "entities by week", "look at",
                  "Nothing is known by round.", "entities: confusion", "a03"):  # fmt: skip
        assert words in ran.out, words
    table = ran.out[ran.out.rindex("of all disagreement") :]
    assert "a03" in table
    assert "a07" not in table, "one was asked for"
    assert "50.0%" in table


def test_second_passes_are_shown_apart(cli, path):
    ran = cli("agreement", path, "--self", "--layer", "entities")
    assert "annotators and their own earlier passes" in ran.out
    assert "iva" in ran.out
    assert "ana" not in ran.out.split("earlier passes")[1]
    assert (
        "nobody finished a second pass"
        in cli("agreement", path, "--self", "--annotators", "ana").out
    )


def test_json_has_every_number_with_what_it_rests_on(cli, path):
    ran = cli("agreement", path, "--json", "--also", "fleiss,kappa")
    found = json.loads(ran.out)
    assert found["articles"] == 12
    entities = found["layers"]["entities"]
    strict = entities["figures"]["strict_f1"]
    assert strict["value"] == pytest.approx(44 / 48)
    assert strict["low"] < strict["value"] < strict["high"]
    assert (strict["n_articles"], strict["n_items"], strict["few"]) == (12, 48, False)
    assert [each["article"] for each in entities["worst"]["strict_f1"]] == ["a03", "a07"]
    assert entities["left_out"] == [
        {"reason": "not finished", "annotator": "petr", "articles": ["a00"]}
    ]
    assert {row["group"][0] for row in entities["by"]["label"]} == {"LOC", "ORG"}
    assert entities["again"][0]["annotator"] == "iva"
    stance = found["layers"]["stance"]
    assert set(stance["on_request"]) == {"fleiss", "kappa"}
    assert found["layers"]["boilerplate"]["figures"]["u_alpha"]["value"] == 1.0
    assert found["missed"] == []


def test_gamma_is_measured_on_a_sample_that_stays_the_same(cli, path):
    ran = cli("agreement", path, "--also", "gamma", "--layer", "entities", "--json")
    assert ran.code == 0, ran.err
    figure = json.loads(ran.out)["layers"]["entities"]["on_request"]["gamma"]
    assert figure["n_articles"] == 12
    assert 0.5 < figure["value"] < 1
    with Project.open(path, "iva") as project:
        project._write(lambda conn: conn.execute("DELETE FROM statistic") and None)
    assert cli("agreement", path, "--also", "gamma", "--layer", "entities", "--json").out == ran.out
    assert "gamma, of a sample" in cli("agreement", path, "--also", "gamma").out


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("strict_f1=0.5", 0),
        ("entities.strict_f1=0.95", 1),  # the number is above, its lower end below
        ("strict_f1=0.99", 1),
        ("boilerplate.u_alpha=0.99", 0),
    ],
)
def test_fail_under_judges_the_lower_end(cli, path, goal, code):
    ran = cli("agreement", path, "--fail-under", goal)
    assert ran.code == code
    assert ("Missed: entities.strict_f1 is .917, its lower end .807; " in ran.out) == (code == 1)


def test_a_goal_on_what_is_undefined_is_missed(cli, path):
    ran = cli("agreement", path, "--fail-under", "stance.alpha=0.1", "--article", "a00", "--json")
    assert ran.code == 1
    assert "no lower end (only one label was used)" in json.loads(ran.out)["missed"][0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fail-under", "strict=0.5"), "There is no metric 'strict'; there are: strict_f1,"),
        (("--fail-under", "strict_f1"), "write METRIC=VALUE"),
        (("--fail-under", "strict_f1=nan"), "a number from -1 to 1"),
        (("--fail-under", "strict_f1=70"), "a number from -1 to 1"),
        (("--worst", "-1"), "--worst is a number of articles"),
        (("--round", "pilot-9"), "There is no round 'pilot-9'; there are: none yet."),
        (("--guidelines", "9.9"), "There is no version '9.9' of the guidelines"),
        (("--annotators", "ana,zoe"), "Nobody named zoe worked on this project (ana, iva, petr)."),
        (("--fail-under", "stance.strict_f1=0.5"), "There is no strict_f1 in layer stance."),
        (("--layer", "verbs"), "There is no layer 'verbs'; the scheme has: boilerplate,"),
        (("--since", "monday"), "'monday' is no day; write it as 2026-02-14."),
        (("--article", "zz"), "There is no article 'zz'"),
        (("--also", "luck"), "There is no coefficient 'luck'"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(cli, path, words, said):
    ran = cli("agreement", path, *words)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_annotators_stay_blind_where_there_is_a_lead(cli, path):
    with Project.open(path, "olga") as project:
        people = (
            Person("olga", Role.LEAD),
            Person("iva", Role.ANNOTATOR),
            Person("ana", Role.ADJUDICATOR),
        )
        project.record(
            Act("people", tuple(Draft(Kind.PERSON, p.key, "", p.body()) for p in people))
        )
    ran = cli("agreement", path)
    assert ran.code == 2
    assert "may see agreement" in ran.err
    assert "strict" not in ran.out
    assert cli("agreement", path, "--as", "ana").code == 0


def test_a_project_that_cannot_be_written_is_measured_too(cli, path, monkeypatch):
    plain = cli("agreement", path, "--json").out
    with Project.open(path, "iva") as project:
        project._write(lambda conn: conn.execute("DELETE FROM statistic") and None)
    monkeypatch.setattr(agreement_run, "may_be_written", lambda path: False)
    assert cli("agreement", path, "--json").out == plain
    with Project.open(path, readonly=True) as project:
        assert project._reader.value("SELECT count(*) FROM statistic") == 0
