"""Decisions through files: nothing lost, nothing twice, nobody's work overwritten."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.cli.main import main
from annotator.model import scheme_file
from annotator.model.annotation import (
    AUTHOR,
    Evidence,
    Kind,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    looked_key,
)
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.project import Project

TEXT = "Чен-ун\r\nmet Ана 🇧🇬 in “Русе”.\n"
EXAMPLES = 150 if __import__("os").environ.get("ANNOTATOR_LONG") == "1" else 12


def drafts(actor, article, things):
    """Drafts for spans, stances, notes, layers looked at and a status."""
    found = []
    for thing in things:
        if isinstance(thing, Span | Note):
            kind = Kind.SPAN if isinstance(thing, Span) else Kind.NOTE
            found.append(Draft(kind, thing.key, article.id, thing.body(article.text)))
        elif isinstance(thing, Stance):
            key = thing.key(actor, article.id)
            found.append(Draft(Kind.STANCE, key, article.id, thing.body(article.text)))
        elif isinstance(thing, Status):
            found.append(
                Draft(Kind.STATUS, Status.key(actor, article.id), article.id, thing.body())
            )
        else:
            key = looked_key(actor, article.id, thing)
            found.append(Draft(Kind.LOOKED, key, article.id, {"layer": thing}))
    return tuple(found)


def decide(path, actor, article, *things, remove=()):
    with Project.open(path, actor) as project:
        gone = tuple(Draft(kind, key, article.id, None) for kind, key in remove)
        made = drafts(actor, article, things)
        project.submit(Act("label", made + gone)).result()


def export(path, target):
    assert main(["export", str(path), "--format", "jsonl", "-o", str(target)]) == 0
    return Path(target).read_bytes()


def events(path):
    with Project.open(path, readonly=True) as project:
        return sum(project.vector().values())


WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
NAMES = st.sampled_from(["iva", "Борис", "c d"])
IDS = st.sampled_from(["s1", "s2", "s3", "0123456789abcdef"])


@st.composite
def spans_in(draw, text):
    start = draw(st.integers(0, len(text) - 1))
    return start, draw(st.integers(start + 1, len(text)))


@st.composite
def works(draw, text):
    """What one annotator may have decided about a text."""
    things = []
    for number in range(draw(st.integers(0, 3))):
        start, end = draw(spans_in(text))
        layer = draw(st.sampled_from(["entities", "boilerplate", "elsewhere"]))
        attrs = draw(st.dictionaries(st.sampled_from(["lemma", "xid"]), WORDS, max_size=2))
        origin = draw(st.sampled_from(["hand", "recurrence/1"]))
        things.append(Span(f"s{number}", layer, "PER", start, end, attrs, origin))
    for target in draw(st.lists(WORDS, max_size=2, unique_by=str.casefold)):
        evidence = tuple(Evidence(*draw(spans_in(text))) for _ in range(draw(st.integers(0, 2))))
        holder = draw(st.sampled_from([AUTHOR, Party("quoted", "Ана")]))
        things.append(
            Stance(Party("entity", target), "FAVOR", holder, "quoted", 3, evidence, draw(WORDS))
        )
    if draw(st.booleans()):
        things.append(Note("n1", draw(WORDS), True, *draw(st.sampled_from([(), (0, 1)]))))
    things += draw(st.lists(st.sampled_from(["entities", "stance"]), unique=True))
    state = draw(st.sampled_from([None, State.OPEN, State.DONE, State.SKIPPED]))
    if state is not None:
        things.append(Status(state, draw(WORDS), draw(st.integers(0, 10**6))))
    return things


@st.composite
def articles(draw):
    """Articles and who decided what on them; span ids repeat across articles and annotators."""
    found = []
    for name in draw(st.lists(WORDS, min_size=1, max_size=3, unique=True)):
        text = draw(WORDS.filter(lambda t: not t.isspace()))
        meta = draw(st.dictionaries(WORDS, st.integers() | WORDS, max_size=2))
        article = Article(name, text, draw(WORDS), "S", "", "2026-01-01", "bg", "import", meta=meta)
        actor = draw(NAMES)
        found.append((article, actor, draw(works(text))))
    return found


@settings(max_examples=EXAMPLES)
@given(articles())
def test_project_to_jsonl_to_project_to_jsonl_gives_equal_bytes(found):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Project.create(folder / "one.db", scheme_file.preset("news"), "iva") as project:
            list(project.add(article for article, _, _ in found))
        for article, actor, things in found:
            if things:
                decide(folder / "one.db", actor, article, *things)
        first = export(folder / "one.db", folder / "one.jsonl")
        command = ["import", str(folder / "two.db"), str(folder / "one.jsonl"), "--no-languages"]
        assert main(command) == 0
        assert export(folder / "two.db", folder / "two.jsonl") == first
        assert main(["check", str(folder / "two.db")]) == 0
        before = events(folder / "two.db")
        assert main(command) == 0
        assert events(folder / "two.db") == before


ARTICLE = Article("a", TEXT, lang="bg", lang_source="import")
ANA = Span("s1", "entities", "PER", 12, 15)
CHEN = Span("s2", "entities", "PER", 0, 6, {"lemma": "Чен-ун"})


@pytest.fixture
def laptop(own_home):
    """A project with one article and iva's decisions, beside an empty folder."""
    with Project.create("laptop.db", scheme_file.preset("news"), "iva") as project:
        list(project.add([ARTICLE]))
    decide("laptop.db", "iva", ARTICLE, ANA, CHEN, "entities", Status(State.DONE, "", 30))
    return own_home


def test_decisions_come_in_under_their_annotators_names(cli, laptop):
    decide("laptop.db", "boris", ARTICLE, ANA)
    export("laptop.db", "l.jsonl")
    ran = cli("import", "team.db", "l.jsonl", "--as", "lead", "--json")
    assert ran.code == 0
    assert json.loads(ran.out)["decisions"]["taken"] == 2
    with Project.open("team.db", readonly=True) as project:
        assert project.actors() == ["boris", "iva"]
        assert project.work("a", "iva").spans == (CHEN, ANA)
        history = project.history("a")
        assert {event.verb for event in history} == {"import"}
        assert {event.actor for event in project.events_after({}) if event.kind == "session"} == {
            "lead"
        }


def test_the_scheme_comes_from_the_file_beside_the_export(cli, own_home):
    cli("init", "laptop.db", "--scheme", "minimal")
    with Project.open("laptop.db", "iva") as project:
        list(project.add([ARTICLE]))
        scheme = project.scheme
    export("laptop.db", "l.jsonl")
    assert cli("import", "team.db", "l.jsonl").code == 0
    assert cli("init", "other.db", "--scheme", "l.jsonl.scheme.toml").code == 0
    for path in ("team.db", "other.db"):
        with Project.open(path, readonly=True) as project:
            assert project.scheme == scheme
    (own_home / "in").mkdir()
    for file in own_home.glob("l.jsonl*"):
        file.rename(own_home / "in" / file.name)
    assert cli("import", "team.db", "in").code == 0


def test_a_newer_version_replaces_and_an_older_one_does_not_come_back(cli, laptop):
    first = export("laptop.db", "one.jsonl")
    decide("laptop.db", "iva", ARTICLE, remove=[(Kind.SPAN, CHEN.key)])
    decide("laptop.db", "iva", ARTICLE, Span("s1", "entities", "LOC", 12, 15))
    second = export("laptop.db", "two.jsonl")
    assert first != second
    for name, taken in (("one", 1), ("two", 1), ("one", 0), ("two", 0)):
        ran = cli("import", "team.db", f"{name}.jsonl", "--json")
        assert json.loads(ran.out)["decisions"]["taken"] == taken
    assert export("team.db", "team.jsonl") == second
    assert cli("check", "team.db").code == 0


def test_work_done_here_is_left_alone_and_that_is_said(cli, laptop):
    export("laptop.db", "one.jsonl")
    cli("import", "team.db", "one.jsonl")
    decide("team.db", "iva", ARTICLE, Span("s1", "entities", "LOC", 12, 15))
    decide("laptop.db", "iva", ARTICLE, Span("s1", "entities", "ORG", 12, 15))
    export("laptop.db", "two.jsonl")
    before = export("team.db", "team.jsonl")
    ran = cli("import", "team.db", "two.jsonl")
    assert ran.code == 0
    assert "1   decisions left alone" in ran.out
    assert export("team.db", "team.jsonl") == before


def test_an_export_read_back_into_its_own_project_changes_nothing(cli, laptop):
    before = events("laptop.db")
    export("laptop.db", "l.jsonl")
    ran = cli("import", "laptop.db", "l.jsonl", "--json")
    assert json.loads(ran.out)["decisions"] == {
        "taken": 0, "unchanged": 1, "differs": 0, "refused": 0,
    }  # fmt: skip
    assert events("laptop.db") == before


def test_someone_who_took_everything_back_is_not_forgotten(cli, laptop):
    decide("laptop.db", "boris", ARTICLE, ANA)
    decide("laptop.db", "boris", ARTICLE, remove=[(Kind.SPAN, ANA.key)])
    first = export("laptop.db", "l.jsonl")
    assert [a["name"] for a in json.loads(first)["annotators"]] == ["boris", "iva"]
    cli("import", "team.db", "l.jsonl")
    assert export("team.db", "t.jsonl") == first


def test_decisions_follow_a_text_that_is_kept_apart(cli, laptop):
    export("laptop.db", "l.jsonl")
    cli("init", "team.db")
    with Project.open("team.db", "iva") as project:
        list(project.add([Article("a", "Quite another text.", lang="en")]))
    ran = cli("import", "team.db", "l.jsonl")
    assert ran.code == 0
    with Project.open("team.db", readonly=True) as project:
        assert project.work("a", "iva").spans == ()
        (apart,) = [article.id for article in project.articles() if article.id != "a"]
        assert project.work(apart, "iva").spans == (CHEN, ANA)
    assert cli("check", "team.db").code == 0


def test_undo_after_an_import_goes_back_in_the_right_article(cli, own_home):
    """Ids of spans may repeat across articles in files that were not made here."""
    cli("init", "p.db")
    two = [Article("a", "Ana.", lang="en"), Article("b", "Bob.", lang="en")]
    with Project.open("p.db", "iva") as project:
        list(project.add(two))
        bases = {}
        for article in two:
            span = Span("s1", "entities", "PER", 0, 3)
            done = project.submit(Act("label", drafts("iva", article, [span]))).result()
            bases[article.id] = done[0].id
        for article in two:
            span = Span("s1", "entities", "LOC", 0, 3)
            (event,) = project.submit(Act("label", drafts("iva", article, [span]))).result()
            assert event.base == bases[article.id]
        newest = next(project.past_acts())
        assert newest.changes[0].before["text"] == "Bob"


def test_labels_outside_of_the_scheme_come_in_and_are_said(cli, laptop):
    decide("laptop.db", "iva", ARTICLE, Span("s9", "entities", "PLANET", 0, 3))
    export("laptop.db", "l.jsonl")
    ran = cli("import", "team.db", "l.jsonl", "--json")
    assert (ran.code, json.loads(ran.out)["unknown_labels"]) == (0, {"entities/PLANET": 1})


def test_a_line_that_does_not_hold_together_is_refused_and_the_rest_goes_in(cli, laptop):
    line = json.loads(export("laptop.db", "l.jsonl"))
    bad = json.loads(json.dumps(line))
    bad["id"] = "b"
    bad["layers"]["entities"][0]["end"] += 1
    with open("mixed.jsonl", "w", encoding="utf-8") as file:
        file.write(json.dumps(bad) + "\n" + json.dumps(line) + "\n")
    ran = cli("import", "team.db", "mixed.jsonl")
    assert ran.code == 1
    assert "mixed.jsonl:1" in ran.out
    with Project.open("team.db", readonly=True) as project:
        assert [article.id for article in project.articles()] == ["a"]
