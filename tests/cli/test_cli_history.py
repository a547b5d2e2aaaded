"""`annotator history` tells who did what, in words, and how an article stood at a moment."""

import json

import pytest

from annotator.model.annotation import Kind, Note, Party, Rejection, Span, Stance, State, Status
from annotator.model.article import Article
from annotator.model.decision import Decision, Reason
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXT = "Anna met Boris in Varna. \x1b[31mThey spoke of bridges."


def span(name, label, start, end, base="", kind=Kind.SPAN):
    made = Span(name, "entities", label, start, end)
    return Draft(kind, made.key, "a", made.body(TEXT), base)


@pytest.fixture
def news(own_home):
    """A project in which iva and boris worked, and vera adjudicated."""
    with Project.create("news.db", preset("news"), "iva") as project:
        list(project.add([Article("a", TEXT), Article("b", TEXT)]))
        first = project.record(Act("label", (span("s1", "PER", 0, 4),)))[0]
        project.record(Act("label", (span("s1", "ORG", 0, 8, first.id),)))
        project.record(
            Act("label", tuple(span(f"b{n}", "LOC", n, n + 2) for n in range(9))), "boris"
        )
        stance = Stance(Party("entity", "Varna"), "favor", Party("quoted", "Anna"))
        key = stance.key("iva", "a")
        project.record(Act("label", (Draft(Kind.STANCE, key, "a", stance.body(TEXT)),)))
        status = Status(State.SKIPPED, "no news").body()
        project.record(Act("skip", (Draft(Kind.STATUS, Status.key("iva", "a"), "a", status),)))
        note = Note("n1", "look here", start=0, end=4)
        project.record(Act("note", (Draft(Kind.NOTE, note.key, "a", note.body(TEXT)),)))
        turned = Rejection("entities", "PER", 18, 23)
        body = turned.body(TEXT)
        project.record(Act("reject", (Draft(Kind.REJECTION, turned.key("iva", "a"), "a", body),)))
        decided = Decision("item:entities:0", "entities", spans=(Span("s1", "entities", "PER", 0, 4),),
                           reason=Reason.SLIP, note="clear", inputs="x")  # fmt: skip
        draft = Draft(Kind.DECISION, decided.key, "a", decided.body(TEXT))
        project.record(Act("adjudicate", (draft,)), "vera")
        project.record(
            Act("time", (Draft(Kind.TIME, "time:iva:a", "a", {"seconds": {"x": 34}, "keys": {}}),))
        )
    return "news.db"


def test_every_act_is_a_line_in_words(cli, news):
    ran = cli("history", news, "a")
    assert ran.code == 0
    for words in (
        'iva  label: entities PER "Anna" 0-4',
        'iva  label: entities PER "Anna" 0-4 → entities ORG "Anna met" 0-8',
        "boris  label: 9 changes",
        "and 4 more (--all tells them)",
        "iva  label: Varna: favor, says Anna",
        "iva  skip: skipped (no news)",
        'iva  note: note at "Anna" "look here"',
        'iva  reject: turned down entities PER "Varna" 18-23',
        'vera  adjudicate: entities PER "Anna" (manual, slip): "clear"',
    ):
        assert words in ran.out
    assert "34 s" not in ran.out
    assert "\x1b" not in ran.out
    assert "34 s" in cli("history", news, "a", "--all").out


def test_one_annotator_one_layer(cli, news):
    ran = cli("history", news, "a", "--annotator", "boris")
    assert "boris  label" in ran.out
    assert "iva" not in ran.out
    ran = cli("history", news, "a", "--layer", "stance")
    assert "Varna: favor" in ran.out
    assert "ORG" not in ran.out
    assert "skipped" in ran.out


def test_json_holds_every_event_and_leads_to_any_moment(cli, news):
    listed = json.loads(cli("history", news, "a", "--json").out)
    second = next(e for e in listed if e["before"] is not None)
    assert (second["before"]["label"], second["after"]["label"]) == ("PER", "ORG")
    then = json.loads(cli("history", news, "a", "--at", listed[0]["event"], "--json").out)
    assert [work["spans"][0]["label"] for work in then["works"]] == ["PER"]
    assert then["decisions"] == []
    now = json.loads(cli("history", news, "a", "--at", "2999-01-01", "--json").out)
    assert {work["annotator"] for work in now["works"]} == {"iva", "boris"}
    assert len(now["decisions"]) == 1


def test_a_moment_for_people(cli, news):
    out = cli("history", news, "a", "--at", "2999-01-01").out
    assert "iva: skipped (no news); looked at no layer" in out
    assert 'entities ORG "Anna met" 0-8' in out
    assert "Adjudicated: 1 item" in out
    assert "Nobody had decided anything" in cli("history", news, "a", "--at", "2001-01-01").out


def test_nothing_and_nobody(cli, news):
    assert "Nothing was done on article 'b' yet." in cli("history", news, "b").out
    ran = cli("history", news, "c")
    assert ran.code == 2
    assert "There is no article 'c'" in ran.err
    assert "is no moment" in cli("history", news, "a", "--at", "soon").err


def test_annotators_stay_blind_where_there_is_a_lead(cli, news):
    with Project.open(news, "vera") as project:
        vera, boris = Person("vera", Role.LEAD), Person("boris", Role.ANNOTATOR)
        drafts = tuple(Draft(Kind.PERSON, p.key, "", p.body()) for p in (vera, boris))
        project.record(Act("people", drafts))
    ran = cli("history", news, "a", "--as", "boris")
    assert ran.code == 2
    assert "look at the work of others" in ran.err
    assert cli("history", news, "a", "--as", "boris", "--annotator", "boris").code == 0
    assert cli("history", news, "a", "--as", "vera").code == 0
