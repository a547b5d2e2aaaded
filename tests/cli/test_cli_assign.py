"""`annotator assign`: plans carried out, repeated, taken back and handed over."""

import json
from pathlib import Path

import pytest

from annotator.model.annotation import Kind, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.model.split import Assigned
from annotator.store.project import Project

MANY = 30


@pytest.fixture
def news(own_home: Path) -> Path:
    """A project of thirty articles."""
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([
            Article(f"a{n:02}", f"text {n}", lang="bg" if n % 3 else "ru") for n in range(MANY)
        ]))  # fmt: skip
    return path


def slots(path: Path) -> dict[str, set[str]]:
    with Project.open(path, readonly=True) as project:
        found: dict[str, set[str]] = {}
        for slot in project.slots():
            found.setdefault(slot.article, set()).add(slot.annotator)
        return found


def finish(path: Path, name: str, *articles: str) -> None:
    with Project.open(path, name) as project:
        for article in articles:
            draft = Draft(
                Kind.STATUS, Status.key(name, article), article, Status(State.DONE).body()
            )
            project.submit(Act("done", (draft,))).result()


def test_two_each_and_equal_loads(cli, news: Path) -> None:
    words = ("assign", news, "--to", "iva, boris,vera", "--overlap", 2)
    dry = json.loads(cli(*words, "--dry-run", "--json").out)
    assert slots(news) == {}
    ran = cli(*words, "--json")
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)
    assert said == {**dry, "dry_run": False}
    assert said["added"] == 60
    assert {each["assigned"] for each in said["people"].values()} == {20}
    assert said["pairs"] == [["boris", "iva", 10], ["boris", "vera", 10], ["iva", "vera", 10]]
    made = slots(news)
    assert len(made) == MANY
    assert {len(names) for names in made.values()} == {2}
    again = json.loads(cli(*words, "--json").out)
    assert again["added"] == 0
    assert slots(news) == made


def test_two_who_assign_at_once_do_not_give_more_than_was_asked_for(cli, news, monkeypatch) -> None:
    plain = Project.assign
    words = ("assign", news, "--to", "iva,boris,vera", "--seed")

    def overtaken(project: Project, *given):
        monkeypatch.setattr(Project, "assign", plain)
        assert cli(*words, 2).code == 0  # the other one, after the first has planned
        return plain(project, *given)

    monkeypatch.setattr(Project, "assign", overtaken)
    ran = cli(*words, 1)
    assert ran.code == 2
    assert "Somebody else assigned these articles meanwhile" in ran.err
    assert {len(names) for names in slots(news).values()} == {1}
    assert "0 assignments added" in cli(*words, 1).out


def test_an_article_may_be_given_in_two_transactions(cli, news: Path) -> None:
    with Project.open(news, "iva") as project:
        list(project.add(Article(f"b{n:03}", f"words {n}") for n in range(150)))
    ran = cli("assign", news, "--to", "iva,boris,vera", "--overlap", 3)  # 540 slots, 400 an act
    assert ran.code == 0, ran.err
    assert {len(names) for names in slots(news).values()} == {3}


def test_more_overlap_and_more_articles_add_only_what_lacks(cli, news: Path) -> None:
    cli("assign", news, "--to", "iva,boris,vera", "--filter", "lang:ru")
    before = slots(news)
    assert len(before) == 10
    ran = cli("assign", news, "--to", "iva,boris,vera", "--overlap", "2:1")
    assert "50 assignments added" in ran.out
    after = slots(news)
    assert all(before[name] < after[name] for name in before)
    assert {len(names) for names in after.values()} == {2}


def test_a_mixed_overlap(cli, news: Path) -> None:
    ran = cli("assign", news, "--to", "iva,boris,vera", "--overlap", "3:0.2,1:0.8", "--json")
    assert json.loads(ran.out)["by_people"] == {"1": 24, "3": 6}


def test_a_limit_draws_by_the_seed_and_repeats(cli, news: Path) -> None:
    words = ("assign", news, "--to", "iva,boris", "--overlap", 2, "--limit", 7)
    cli(*words)
    drawn = slots(news)
    assert len(drawn) == 7
    assert sorted(drawn) != [f"a{n:02}" for n in range(7)]
    cli(*words, "--seed", 5)
    assert slots(news) == drawn, "what is assigned already is drawn first"
    cli(*words, "--filter", "assigned:no")
    assert len(slots(news)) == 14


def test_only_one_split(cli, news: Path) -> None:
    with Project.open(news, "iva") as project:
        project.assign_splits([Assigned("a03", "dev", ""), Assigned("a09", "dev", "")])
    cli("assign", news, "--to", "iva", "--split", "dev")
    assert sorted(slots(news)) == ["a03", "a09"]


def test_everybody_on_the_list_and_nobody_else(cli, news: Path) -> None:
    ran = cli("assign", news)
    assert ran.code == 2
    assert "Say to whom" in ran.err
    cli("people", news, "--role", "iva=lead", "--add", "boris")
    assert cli("assign", news, "--overlap", 2).code == 0
    assert set().union(*slots(news).values()) == {"iva", "boris"}
    ran = cli("assign", news, "--to", "bris")
    assert ran.code == 2
    assert "bris is not on the list of people (boris, iva)" in ran.err
    ran = cli("assign", news, "--as", "boris")
    assert ran.code == 2
    assert "Only leads may assign articles" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "iva,boris", "--overlap", 3), "3 people are to annotate an article"),
        (("--to", "iva", "--overlap", "x"), "An overlap is a number"),
        (("--to", "iva", "--round", "r9"), "There is no round r9"),
        (
            (
                "--to",
                "iva #2",
            ),
            "later pass",
        ),
        (("--to", "iva", "--filter", "flag:maybe"), "flag: is yes or no"),
        (("--to", "iva", "--limit", "-1"), "--limit is a number"),
        (("--pool", "--to", "iva"), "A pool is open to everybody"),
        (("--pool", "--overlap", "2:1,1:1"), "A pool has one number"),
        (("--from", "iva"), "Say with --to who takes over"),
        (("--from", "iva", "--to", "iva"), "iva has these articles already"),
    ],
)
def test_what_is_refused_is_said_in_a_line(cli, news: Path, words, said) -> None:
    ran = cli("assign", news, *words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert slots(news) == {}


def test_a_pool_is_opened_and_listed(cli, news: Path) -> None:
    assert "30 of them opened anew" in cli("assign", news, "--pool", "--overlap", 2).out
    assert "0 of them opened anew" in cli("assign", news, "--pool", "--overlap", 2).out
    with Project.open(news, "boris") as project:
        assert project.claim(["a00"]) == "a00"
        project.assign([Slot("a01", name) for name in ("iva", "boris", "vera")])
    listed = json.loads(cli("assign", news, "--list", "--json").out)
    assert listed["pool"] == {"articles": 30, "free": 57, "over": ["a01"]}
    assert listed["people"]["boris"]["left"] == 2
    ran = cli("assign", news, "--list")
    assert "30 articles, with 57 places left" in ran.out
    assert "a01 has more people than it was open to" in ran.out


def test_nothing_is_listed_before_anything_is_assigned(cli, news: Path) -> None:
    assert "everybody's queue has every article" in cli("assign", news, "--list").out


def test_taken_back_and_handed_over(cli, news: Path) -> None:
    cli("assign", news, "--to", "iva", "--filter", "lang:ru")
    finish(news, "iva", "a00", "a03")
    dry = cli("assign", news, "--from", "iva", "--to", "boris", "--dry-run")
    assert "8 articles would be handed over from iva to boris" in dry.out
    with Project.open(news, "iva") as project:
        project.assign([Slot("a06", "boris")])
    ran = cli("assign", news, "--from", "iva", "--to", "boris")
    assert ran.out.splitlines() == [
        "7 articles handed over from iva to boris.",
        "1 article stay with iva: boris has them too.",
    ]
    assert slots(news)["a06"] == {"iva", "boris"}
    finish(news, "boris", "a09")
    assert (
        "7 articles would be taken back"
        in cli("assign", news, "--take-back", "boris", "--dry-run").out
    )
    ran = cli("assign", news, "--take-back", "boris")
    assert ran.out.splitlines() == [
        "7 articles taken back from boris.", "1 article stay with boris.",
    ]  # fmt: skip
    assert json.loads(cli("assign", news, "--take-back", "boris", "--json").out)["taken_back"] == 0
    assert slots(news) == {"a00": {"iva"}, "a03": {"iva"}, "a06": {"iva"}, "a09": {"boris"}}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", ""), "--to names nobody"),
        (("--to", " , "), "--to names nobody"),
        (("--from", "iva", "--to", "boris", "--limit", 3), "--limit has no place beside --from"),
        (("--from", "iva", "--to", "boris", "--round", "r"), "--round has no place beside --from"),
        (("--take-back", "iva", "--filter", "lang:ru"), "--filter has no place beside --take-back"),
        (("--take-back", "iva", "--to", "boris"), "--to has no place beside --take-back"),
        (("--list", "--split", "dev"), "--split has no place beside --list"),
    ],
)
def test_an_option_that_would_not_be_heeded_is_refused(cli, news: Path, words, said) -> None:
    cli("assign", news, "--to", "iva", "--filter", "lang:ru")
    cli("people", news, "--add", "boris")
    before = slots(news)
    ran = cli("assign", news, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert slots(news) == before
