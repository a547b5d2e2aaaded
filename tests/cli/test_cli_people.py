"""`annotator people`: roles given and taken, and the list."""

import json
from pathlib import Path

import pytest

from annotator.model.annotation import Kind, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store import roles
from annotator.store.project import Project


@pytest.fixture
def team(own_home: Path) -> Path:
    """A project with three articles."""
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article(name, f"text {name}") for name in "abc"]))
    return path


def listed(cli, team: Path) -> dict[str, dict]:
    return {line["name"]: line for line in json.loads(cli("people", team, "--json").out)}


def test_nobody_yet(cli, team: Path) -> None:
    ran = cli("people", team)
    assert ran.code == 0
    assert "Nobody is on the list" in ran.out


def test_the_first_lead_then_only_leads(cli, team: Path) -> None:
    ran = cli("people", team, "--role", "iva=lead", "--add", "boris", "--add", "vera:adjudicator")
    assert ran.code == 0, ran.err
    assert {n: e["role"] for n, e in listed(cli, team).items()} == {
        "boris": "annotator", "iva": "lead", "vera": "adjudicator",
    }  # fmt: skip
    ran = cli("people", team, "--role", "boris=lead", "--as", "boris")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "annotator: Only leads may say who works on the project; boris is annotator in news.db "
        "(leads: iva).\n"
    )
    assert cli("people", team, "--add", "vera").code == 0
    assert listed(cli, team)["vera"]["role"] == "adjudicator", "whose role is not said keeps it"
    assert cli("people", team, "--role", "boris=lead", "--remove", "vera").code == 0
    assert cli("people", team, "--role", "iva=annotator", "--as", "boris").code == 0
    assert {n: e["role"] for n, e in listed(cli, team).items()} == {
        "boris": "lead", "iva": "annotator",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "iva"), "--role takes NAME=ROLE"),
        (("--role", "iva=boss"), "There is no role 'boss'"),
        (("--add", "iva:boss"), "There is no role 'boss'"),
        (("--add", "iva", "--role", "iva=lead"), "iva is named twice"),
        (("--remove", "nobody"), "nobody is not on the list"),
        (("--role", "boris=lead"), "There is no lead yet"),
        (("--add", "iva #2"), "later pass"),
        (("--add", "\x1b[31mx"), "cannot be an annotator's name"),
    ],
)
def test_what_is_refused_is_said_in_a_line(cli, team: Path, words, said) -> None:
    ran = cli("people", team, *words)
    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err
    assert listed(cli, team) == {}


def test_who_did_how_much(cli, team: Path) -> None:
    with Project.open(team, "boris") as project:
        project.assign([Slot("a", "boris"), Slot("b", "boris"), Slot("a", "boris #2")])
        for name, article in (("boris", "a"), ("boris", "c"), ("boris #2", "a")):
            draft = Draft(
                Kind.STATUS, Status.key(name, article), article, Status(State.DONE).body()
            )
            project.submit(Act("done", (draft,)), name).result()
    found = listed(cli, team)
    assert [*found] == ["boris"], "a later pass is nobody of its own"
    assert {k: found["boris"][k] for k in ("role", "assigned", "assigned_finished", "finished")} == {
        "role": None, "assigned": 2, "assigned_finished": 1, "finished": 2,
    }  # fmt: skip
    assert found["boris"]["last"] > 0
    assert "There is no lead" in cli("people", team).out


def test_two_leads_do_not_take_each_other_off_the_list_at_once(
    cli, team: Path, monkeypatch
) -> None:
    cli("people", team, "--role", "iva=lead", "--role", "vera=lead", "--add", "boris")
    plain = roles.newest_of

    def overtaken(conn, key):
        monkeypatch.setattr(roles, "newest_of", plain)
        body = Person("iva", Role.ANNOTATOR).body()  # vera's copy of the command comes first
        conn.execute("UPDATE head SET body = ? WHERE key = 'person:iva'", (json.dumps(body),))
        return plain(conn, key)

    monkeypatch.setattr(roles, "newest_of", overtaken)
    ran = cli("people", team, "--remove", "vera")
    assert ran.code == 2
    assert "Somebody else changed the list of people meanwhile" in ran.err
    assert listed(cli, team)["vera"]["role"] == "lead"


def test_who_leaves_with_work_left_is_named(cli, team: Path) -> None:
    cli("people", team, "--add", "boris")
    with Project.open(team, "iva") as project:
        project.assign([Slot("a", "boris")])
    ran = cli("people", team, "--remove", "boris")
    assert ran.code == 0
    assert "boris still has 1 unfinished article" in ran.err


def test_a_lead_changes_the_scheme(cli, team: Path) -> None:
    cli("people", team, "--role", "iva=lead")
    words = ("scheme", team, "add", "--layer", "entities", "--label", "LAW",
             "--key", "w")  # fmt: skip
    ran = cli(*words, "--as", "boris")
    assert ran.code == 2
    assert "Only leads may change the scheme" in ran.err
    assert cli(*words).code == 0
