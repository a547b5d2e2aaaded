"""`annotator send` and `annotator receive`: from the lead to an annotator and back."""

import json
from pathlib import Path

import pytest
from engines import is_there, stands_for

from annotator.model.annotation import Kind, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project


@pytest.fixture
def news() -> Path:
    """A project of a lead, with one article of two assigned to iva and work of petar's."""
    path = Path("news.db")
    with Project.create(path, preset("news"), "lea") as project:
        list(
            project.add(
                [Article("a", "Кратка статия.", lang="bg"), Article("b", "Друга.", lang="bg")]
            )
        )
        slot, lead = Slot("a", "iva"), Person("lea", Role.LEAD)
        drafts = (
            Draft(Kind.SLOT, slot.key, "a", slot.body()),
            Draft(Kind.PERSON, lead.key, "", lead.body()),
        )
        project.record(Act("assign", drafts))
    done(path, "petar", "a")
    return path


def done(path: Path, actor: str, article: str) -> None:
    """Somebody is done with an article."""
    with Project.open(path, actor) as project:
        draft = Draft(Kind.STATUS, Status.key(actor, article), article, Status(State.DONE).body())
        project.record(Act("done", (draft,)))


def test_a_handout_goes_out_and_the_work_comes_back(cli, news) -> None:
    sent = cli("send", news, "iva.annotator", "--to", "iva", "--as", "lea")
    assert sent.code == 0
    assert "iva.annotator for iva: 1 article and 3 events" in sent.out
    dry = cli("receive", "iva.db", "iva.annotator", "--dry-run")
    assert dry.out == f"{stands_for(Path('iva.db'))} would be made: a copy of news for iva.\n"
    dry = json.loads(cli("receive", "iva.db", "iva.annotator", "--dry-run", "--json").out)
    assert dry == {"project": "iva.db", "would_be_made": True, "scheme": "news", "to": "iva",
                   "by": "lea", "made": dry["made"], "articles": 1}  # fmt: skip
    assert not is_there(Path("iva.db"))
    made = cli("receive", "iva.db", "iva.annotator")
    assert made.code == 0
    assert f"{stands_for(Path('iva.db'))} was made." in made.out
    assert "petar" not in made.out
    done(Path("iva.db"), "iva", "a")
    assert cli("check", "iva.db").code == 0
    assert cli("send", "iva.db", "monday.annotator", "--since", "iva.annotator").code == 0
    dry = json.loads(cli("receive", news, "monday.annotator", "--dry-run", "--json").out)
    assert dry["merged"][0]["by"] == {"iva": 1}
    back = cli("receive", news, "monday.annotator")
    assert back.code == 0
    assert "monday.annotator: brought in 1 event and 0 articles." in back.out
    with Project.open(news, readonly=True) as project:
        assert project.work("a", "iva").status.state is State.DONE
    assert "nothing new" in cli("receive", news, "monday.annotator").out
    assert cli("check", news).code == 0


def test_only_leads_hand_out_for_others(cli, news) -> None:
    ran = cli("send", news, "p.annotator", "--to", "petar")
    assert ran.code == 2
    assert "Only leads may hand out copies for others" in ran.err
    assert not Path("p.annotator").exists()


def test_a_whole_project_goes_in_one_file(cli, news) -> None:
    sent = json.loads(cli("send", news, "all.annotator", "--json").out)
    assert (sent["articles"], sent["to"], sent["path"]) == (2, "", "all.annotator")
    assert cli("receive", "copy.db", "all.annotator").code == 0
    with Project.open("copy.db", readonly=True) as one, Project.open(news, readonly=True) as two:
        assert one.vector() == two.vector()


def test_what_cannot_be_sent_or_received_is_one_sentence(cli, news) -> None:
    assert cli("send", news, "all.annotator").code == 0
    damaged = bytearray(Path("all.annotator").read_bytes())
    damaged[-3] ^= 1
    Path("damaged.annotator").write_bytes(damaged)
    for words, said in (
        (("receive", news, "damaged.annotator"), "is damaged"),
        (("receive", "new.db", "damaged.annotator"), "is damaged"),
        (("receive", news, "missing"), "no file missing"),
        (("send", news, "all.annotator"), "exists already"),
        (("send", news, "x", "--since", "all.annotator"), "nothing that they lack"),
        (("send", news, "x", "--since", "damaged.annotator"), "is damaged"),
        (("send", news, "x", "--to", "iva", "--only-work-of", "iva"), "say one"),
        (("send", "missing.db", "x"), "no project"),
    ):
        ran = cli(*words)
        assert (ran.code, ran.err.count("\n")) == (2, 1), words
        assert said in ran.err
    assert not is_there(Path("new.db"))
    assert not Path("x").exists()


def test_the_work_of_one_person_can_be_picked(cli, news) -> None:
    ran = cli("send", news, "petar.annotator", "--only-work-of", "petar")
    assert ran.code == 0
    assert "1 article and 2 events" in ran.out


@pytest.mark.file_only
@pytest.mark.parametrize(("given", "name"), [((), "petar"), (("--as", "lea"), "lea")])
def test_in_a_copy_made_for_somebody_one_is_that_person(cli, news, given, name) -> None:
    made = cli("checkout", news, "petar.db", "--to", "petar", "--as", "lea")
    assert "annotator petar.db\n" in made.out
    told = json.loads(cli("doctor", "petar.db", "--json", *given).out)["project"]["facts"]
    assert [fact["value"] for fact in told if fact["name"] == "you work as"] == [name]
    told = json.loads(cli("doctor", news, "--json").out)["project"]["facts"]
    assert [fact["value"] for fact in told if fact["name"] == "you work as"] == ["iva"]
