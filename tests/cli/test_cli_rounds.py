"""`annotator rounds`: pilots begun, measured and closed."""

import json
from pathlib import Path

import pytest

from annotator.model.annotation import Kind, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXT = "Iva Petrova met Boris Hadzhiev in Ruse."
NAMES = ((0, 11), (16, 30))


@pytest.fixture
def news(own_home: Path) -> Path:
    """A project of forty articles and two people."""
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article(f"a{n:02}", f"{TEXT} {n}") for n in range(40)]))
    return path


def listed(cli, news: Path) -> dict[str, dict]:
    return {each["name"]: each for each in json.loads(cli("rounds", news, "--json").out)}


def annotate(path: Path, name: str, labels: tuple[str, str]) -> None:
    """Finish everything that is assigned to somebody, with these labels."""
    with Project.open(path, name) as project:
        for slot in list(project.slots(annotator=name)):
            text = project.article(slot.article).text
            made = [
                Draft(Kind.SPAN, f"span:{name}{slot.article}{n}", slot.article,
                      Span(f"{name}{slot.article}{n}", "entities", label, *place).body(text))
                for n, (label, place) in enumerate(zip(labels, NAMES, strict=True))
            ]  # fmt: skip
            done = Draft(Kind.STATUS, Status.key(name, slot.article), slot.article,
                         Status(State.DONE).body())  # fmt: skip
            looked = Draft(Kind.LOOKED, looked_key(name, slot.article, "entities"), slot.article,
                           {"layer": "entities"})  # fmt: skip
            project.submit(Act("done", (*made, looked, done))).result()


def test_a_pilot_that_reached_its_target_is_closed(cli, news: Path) -> None:
    cli("people", news, "--add", "iva:lead", "--add", "boris")
    ran = cli("rounds", news, "--start", "pilot-1", "--stage", "pilot",
              "--target", "entities.strict_f1=0.8")  # fmt: skip
    assert ran.code == 0, ran.err
    assert (
        "15 articles chosen; 30 assignments"
        in cli("assign", news, "--round", "pilot-1", "--limit", 15).out
    )
    annotate(news, "iva", ("PER", "PER"))
    assert listed(cli, news)["pilot-1"]["done"] == 15
    annotate(news, "boris", ("PER", "PER"))
    ran = cli("rounds", news, "--close", "pilot-1")
    assert ran.code == 0, ran.err
    assert "Reached: entities.strict_f1: at least 1.00 (1.00), wanted 0.8." in ran.out
    found = listed(cli, news)["pilot-1"]
    assert found == {
        "name": "pilot-1", "stage": "pilot", "closed": True, "reason": "", "guidelines": "1",
        "targets": {"entities.strict_f1": 0.8}, "articles": 15, "people": ["boris", "iva"],
        "slots": 30, "done": 30,
    }  # fmt: skip
    ran = cli("assign", news, "--round", "pilot-1")
    assert ran.code == 2
    assert "Round pilot-1 is closed" in ran.err
    ran = cli("rounds", news, "--start", "pilot-1")
    assert ran.code == 2
    assert "was closed; begin one with another name" in ran.err


def test_a_pilot_that_missed_its_target_needs_a_reason(cli, news: Path) -> None:
    cli("people", news, "--add", "iva:lead", "--add", "boris")
    cli("rounds", news, "--start", "p", "--stage", "pilot", "--target", "entities.strict_f1=0.8")
    cli("assign", news, "--round", "p", "--limit", 12)
    annotate(news, "iva", ("PER", "PER"))
    annotate(news, "boris", ("PER", "ORG"))
    ran = cli("rounds", news, "--close", "p")
    assert ran.code == 2
    assert "Round p missed entities.strict_f1: at least 0.50 (0.50), wanted 0.8." in ran.err
    assert not listed(cli, news)["p"]["closed"]
    ran = cli("rounds", news, "--close", "p", "--reason", "names are discussed")
    assert ran.code == 0
    assert "Missed: entities.strict_f1" in ran.out
    assert "p was closed because: names are discussed" in ran.out
    assert cli("rounds", news, "--close", "p").code == 0, "closed it stays"


def test_a_pilot_takes_articles_no_other_pilot_had(cli, news: Path) -> None:
    for name in ("pilot-1", "pilot-2"):
        cli("rounds", news, "--start", name, "--stage", "pilot")
        words = ("assign", news, "--to", "iva,boris", "--round", name, "--limit", 12)
        assert cli(*words).code == 0
        assert "0 assignments" in cli(*words).out
    with Project.open(news, readonly=True) as project:
        had = {name: {slot.article for slot in project.slots(round_name=name)}
               for name in ("pilot-1", "pilot-2")}  # fmt: skip
    assert [len(names) for names in had.values()] == [12, 12]
    assert not had["pilot-1"] & had["pilot-2"]
    said = cli("assign", news, "--to", "iva,boris", "--round", "pilot-2").out
    assert "12 articles of earlier pilots left out." in said
    cli("rounds", news, "--start", "main")
    assert "40 articles chosen" in cli("assign", news, "--to", "iva,boris", "--round", "main").out
    assert [*listed(cli, news)] == ["pilot-1", "pilot-2", "main"], "in the order of their beginning"


def test_a_pool_counts_in_its_round(cli, news: Path) -> None:
    cli("rounds", news, "--start", "main")
    cli("assign", news, "--pool", "--overlap", 2, "--round", "main", "--limit", 10)
    with Project.open(news, "boris") as project:
        first = next(iter(project.pools())).article
        project.claim([first])
    found = listed(cli, news)["main"]
    assert (found["articles"], found["slots"], found["people"]) == (10, 20, ["boris"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--start", "r:1"), "cannot be a round's name"),
        (("--start", "r", "--target", "entities.f9=1"), "Nothing is measured that is called 'f9'"),
        (("--start", "r", "--target", "mood.alpha=1"), "There is no layer 'mood'"),
        (("--start", "r", "--target", "entities.alpha=0.8"), "No alpha is measured in entities"),
        (("--start", "r", "--target", "stance.strict_f1=1"), "No strict_f1 is measured in stance"),
        (("--start", "r", "--target", "alpha=much"), "A target is a number from 0 to 1"),
        (("--start", "r", "--target", "alpha"), "A target is a number from 0 to 1"),
        (("--close", "r"), "There is no round 'r'; there are: none yet."),
        (("--reason", "r"), "--reason goes with --close"),
        (("--target", "alpha=1"), "--stage and --target go with --start"),
    ],
)
def test_what_is_refused_is_said_in_a_line(cli, news: Path, words, said) -> None:
    ran = cli("rounds", news, *words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert "There are no rounds" in cli("rounds", news).out


def test_only_a_lead_begins_rounds(cli, news: Path) -> None:
    cli("people", news, "--role", "iva=lead")
    ran = cli("rounds", news, "--start", "r", "--as", "boris")
    assert ran.code == 2
    assert "Only leads may begin and close rounds" in ran.err


def test_the_targets_that_help_names_can_be_given(cli, news: Path) -> None:
    told = cli("rounds", "--help").out
    targets = {word.rstrip(";") for word in told.split() if "=0." in word}
    assert targets
    for each in targets:
        ran = cli("rounds", news, "--start", "r", "--target", each)
        assert ran.code == 0, ran.err


def test_the_list_fits_a_narrow_terminal(cli, news: Path) -> None:
    targets = ("--target", "entities.strict_f1=0.8", "--target", "boilerplate.u_alpha_boundary=0.7")
    cli("rounds", news, "--start", "pilot-1", "--stage", "pilot", *targets)
    cli("assign", news, "--round", "pilot-1", "--to", "boris,iva,vera")
    lines = cli("rounds", news).out.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 80
    assert "is to reach: boilerplate.u_alpha_boundary 0.7, entities.strict_f1 0.8" in lines[-1]
