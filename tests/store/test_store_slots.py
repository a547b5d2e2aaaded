"""Assignments: given, taken back, handed over; the queue's filter on them; the cache behind."""

import os
import random
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_help import in_memory, label, looked_draft, serious, status_draft

from annotator.model.annotation import Kind, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, Event
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store import log
from annotator.store.address import place_of
from annotator.store.engine import Connection, reader_connection
from annotator.store.filter_line import parse, written
from annotator.store.filters import Filter
from annotator.store.heads import Fold
from annotator.store.migrations import migrate
from annotator.store.project import Project
from annotator.store.rebuild import rebuild
from annotator.store.slots import Load

pytestmark = pytest.mark.both_engines

LONG = os.environ.get("ANNOTATOR_LONG") == "1"
ARTICLES = {"bg": 1, "ru": 2}
PEOPLE = ("iva", "boris", "iva #2", "vera")
STATE = (
    "SELECT annotator, n, round, why, given, event FROM slot ORDER BY annotator, n",
    "SELECT n, people, round, free, event FROM pool ORDER BY n",
)


def rows(conn: Connection) -> list[list[tuple]]:
    return [conn.execute(sql).fetchall() for sql in STATE]


def names(project: Project, line: str) -> list[str]:
    return [row.id for row in project.page(parse(line))]


def finish(project: Project, article: str, actor: str, state: State = State.DONE) -> None:
    project.submit(Act("done", (status_draft(article, actor, state),)), actor).result()


# --- the cache


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A slot or a pool of one of two articles, given or taken back."""
    article = draw(st.sampled_from([*ARTICLES]))
    removed = draw(st.integers(0, 3)) == 0
    if draw(st.booleans()):
        pool = Pool(article, draw(st.integers(0, 3)), draw(st.sampled_from(["", "r1"])))
        return Draft(Kind.POOL, pool.key, article, None if removed else pool.body())
    name = draw(st.sampled_from(PEOPLE))
    slot = Slot(article, name, draw(st.sampled_from(["", "r1"])), draw(st.sampled_from([*Why])))
    return Draft(Kind.SLOT, slot.key, article, None if removed else slot.body())


def folded(events: list[Event]) -> Connection:
    conn = in_memory()
    migrate(conn)
    for name, n in ARTICLES.items():
        conn.execute(
            "INSERT INTO article VALUES (?,?,'',9,'','','','','','','','','{}','')", (n, name)
        )
    fold = Fold(conn)
    log.insert(conn, events)
    for event in events:
        fold.apply(event, ARTICLES[event.article])
    fold.flush()
    return conn


@settings(max_examples=1000 if LONG else 150)
@given(
    made=st.lists(st.tuples(drafts(), st.sampled_from(["ann", "zoe", "iva"])), max_size=14),
    chance=st.randoms(use_true_random=False),
)
def test_any_order_and_a_rebuild_give_the_same_slots_and_pools(made, chance) -> None:
    events = [
        Event(f"{number:04}", "w", number, actor, draft.article, draft.key, "", f"act{number}",
              "do", "", draft.kind, draft.body, "hash")
        for number, (draft, actor) in enumerate(made)
    ]  # fmt: skip
    in_order = rows(folded(events))
    shuffled = list(events)
    chance.shuffle(shuffled)
    conn = folded(shuffled)
    assert rows(conn) == in_order
    rebuild(conn)
    assert rows(conn) == in_order
    # and what they say is what the newest event of each key says
    newest = {(e.article, e.key): e for e in events}
    have = {
        name: sorted(
            e.key[5:]
            for e in newest.values()
            if e.article == name and e.kind is Kind.SLOT and e.body is not None
        )
        for name in ARTICLES
    }
    given_now = [(name, n) for name, n, _, _, given, _ in in_order[0] if given]
    assert given_now == sorted(
        (name, n) for article, n in ARTICLES.items() for name in have[article]
    )
    for n, people, _, free, _ in in_order[1]:
        article = next(name for name, number in ARTICLES.items() if number == n)
        persons = [name for name in have[article] if "#" not in name]
        assert free == max(people - len(persons), 0)


# --- giving and taking


def test_assigning_is_safe_to_repeat_and_keeps_what_was_given(project: Project) -> None:
    first = [Slot("bg", "iva", "r1"), Slot("ru", "iva", "r1"), Slot("bg", "boris")]
    assert project.assign(first) == 3
    assert project.assign(first) == 0
    assert project.assign([Slot("bg", "iva", "other"), Slot("zh", "iva"), Slot("zh", "iva")]) == 1
    assert list(project.slots()) == [
        Slot("bg", "boris"), Slot("bg", "iva", "r1"), Slot("ru", "iva", "r1"), Slot("zh", "iva"),
    ]  # fmt: skip
    assert [slot.article for slot in project.slots(annotator="iva", round_name="r1")] == [
        "bg",
        "ru",
    ]
    assert [s.annotator for s in project.slots(["zh", "bg"])] == ["boris", "iva", "iva"]
    assert project.works("bg") == ()
    assert project.page(Filter(state="new"))[0].id == "bg", "assigned is not begun"
    assert not serious(project)


def test_a_slot_of_nothing_is_refused_and_nothing_of_its_batch_is_written(project) -> None:
    with pytest.raises(AnnotatorError, match="no article 'xx'"):
        project.assign([Slot("bg", "iva"), Slot("xx", "iva")])
    with pytest.raises(AnnotatorError, match="cannot be an annotator's name"):
        project.assign([Slot("bg", "iva"), Slot("bg", "a:b")])
    assert list(project.slots()) == []


def test_what_was_not_begun_is_taken_back_and_may_be_given_again(project: Project) -> None:
    project.assign([Slot(name, "iva", "r1") for name in ("bg", "ru", "zh")])
    project.submit(label(project, "bg", "s"), "iva").result()
    finish(project, "ru", "iva")
    unwanted = list(project.slots(annotator="iva"))
    assert project.take_back(unwanted) == [Slot("zh", "iva", "r1")]
    assert project.take_back(unwanted) == []
    assert project.take_back(unwanted, begun=True) == [Slot("bg", "iva", "r1")]
    assert [slot.article for slot in project.slots()] == ["ru"]
    assert len(project.work("bg", "iva").spans) == 1, "the work stays"
    assert project.assign([Slot("zh", "iva", "r2")]) == 1
    assert [slot.round for slot in project.slots(["zh"])] == ["r2"]


def test_somebody_elses_assignment_can_be_taken_back_by_another_lead(path: Path) -> None:
    with Project.open(path, "ann") as ann, Project.open(path, "zoe") as zoe:
        ann.assign([Slot("bg", "iva")])
        assert zoe.take_back([Slot("bg", "iva")])
        assert list(ann.slots()) == []
        ann.assign([Slot("bg", "iva")])
        assert list(zoe.slots()) == [Slot("bg", "iva")]
        with closing(reader_connection(place_of(path), readonly=True)) as conn:
            before = rows(conn)
            zoe.rebuild()
            assert rows(conn) == before


def test_handing_over_moves_what_is_unfinished(project: Project) -> None:
    project.assign([Slot(name, "iva", "r1") for name in ("bg", "ru", "zh", "en")])
    project.assign([Slot("en", "boris"), Slot("bg", "iva #2", "", Why.AGAIN)])
    project.submit(label(project, "bg", "s"), "iva").result()
    finish(project, "ru", "iva")
    assert project.hand_over("iva", "boris") == (2, 1)
    assert project.hand_over("iva", "boris") == (0, 1)
    assert {(s.article, s.annotator) for s in project.slots()} == {
        ("bg", "boris"), ("zh", "boris"), ("en", "boris"), ("en", "iva"), ("ru", "iva"),
        ("bg", "iva #2"),
    }  # fmt: skip
    with pytest.raises(AnnotatorError, match="somebody else"):
        project.hand_over("iva", "iva")


def test_loads_and_meetings_leave_later_passes_out(project: Project) -> None:
    project.assign([Slot("bg", "iva"), Slot("ru", "iva"), Slot("zh", "iva"), Slot("bg", "boris")])
    project.assign([Slot("bg", "iva #2", "", Why.AGAIN), Slot("ru", "vera"), Slot("ru", "boris")])
    finish(project, "bg", "iva")
    finish(project, "ru", "iva", State.SKIPPED)
    project.submit(label(project, "zh", "s"), "iva").result()
    assert project.loads() == {"iva": Load(3, 3, 1, 1), "boris": Load(2), "vera": Load(1)}
    assert project.loads()["iva"].left == 1
    assert project.met() == {("boris", "iva"): 2, ("boris", "vera"): 1, ("iva", "vera"): 1}
    found = project.staffed([1, 2, 4])
    assert found[1].people == ("boris", "iva")
    assert found[4].people == ()


def test_a_person_works_under_the_name_of_their_newest_pass(project: Project) -> None:
    assert project.voice("bg", "iva") == "iva"
    project.assign([Slot("bg", "iva"), Slot("bg", "iva #2", "", Why.AGAIN)])
    assert project.voice("bg", "iva") == "iva", "first things first"
    finish(project, "bg", "iva")
    project.assign([Slot("bg", "iva #x"), Slot("bg", "iva #20x"), Slot("ru", "iva2 #2")])
    assert project.voice("bg", "iva") == "iva #2"
    assert project.voice("ru", "iva") == "iva"
    project.assign([Slot("bg", "iva #3", "", Why.AGAIN)])
    assert project.voice("bg", "iva") == "iva #3"
    finish(project, "bg", "iva #2")
    assert [s.annotator for s in project.passes("iva")] == ["iva #2", "iva #3"]
    assert [s.annotator for s in project.passes("iva", finished=False)] == ["iva #3"]
    project.take_back([Slot("bg", "iva #3")])
    assert project.voice("bg", "iva") == "iva #2"


# --- the queue


def test_the_filter_line_knows_assignments_and_rounds() -> None:
    where = parse('assigned:me round:"pilot 1" lang:bg мост')
    assert where == Filter(words="мост", lang="bg", assigned="me", round="pilot 1")
    assert parse(written(where)) == where


def test_the_queue_by_assignment(project: Project) -> None:
    project.assign([Slot("bg", "ann", "r1"), Slot("en", "ann"), Slot("ru", "iva", "r1")])
    project.open_pools([Pool("ru", 2, "r2"), Pool("en", 1)])
    assert names(project, "assigned:me") == ["bg", "en"]
    assert names(project, "assigned:m state:new lang:en") == ["en"]
    assert names(project, "assigned:open") == ["ru"], "en is full, by hand"
    assert names(project, "assigned:no") == ["zh"]
    assert names(project, "assigned:no lang:zh") == ["zh"]
    assert names(project, "round:r1") == ["bg", "ru"]
    assert names(project, "round:r1 assigned:me") == ["bg"]
    assert names(project, "round:r2") == ["ru"]
    assert [row.id for row in project.page(parse("assigned:me"), "-date")] == ["en", "bg"]
    assert project.count(parse("assigned:no")) == 1
    assert project.count(parse("round:r1")) == 2
    with pytest.raises(AnnotatorError, match="assigned:iva is none"):
        names(project, "assigned:iva")


def test_pages_of_assignments_against_a_plain_list(tmp_path: Path, monkeypatch) -> None:
    from annotator.store import filters, statements

    chance = random.Random(5)
    with Project.create(tmp_path / "q.db", preset("news"), "ann") as project:
        list(project.add([Article(f"a{n:02}", f"t{n}", lang="bg" if n % 3 else "ru",
                                  date=f"2024-01-{1 + n % 7:02}") for n in range(60)]))  # fmt: skip
        mine = sorted(chance.sample(range(60), 31))
        project.assign(Slot(f"a{n:02}", "ann", "r1" if n % 2 else "") for n in mine)
        project.assign(Slot(f"a{n:02}", "iva", "r1") for n in range(0, 60, 5))
        done = mine[::3]
        for n in done:
            finish(project, f"a{n:02}", "ann")
        wanted = {
            "assigned:me": mine,
            "assigned:me state:new": [n for n in mine if n not in done],
            "assigned:me lang:ru state:done": [n for n in done if n % 3 == 0],
            "round:r1": sorted({n for n in mine if n % 2} | {*range(0, 60, 5)}),
            "assigned:no": [n for n in range(60) if n not in mine and n % 5],
        }
        for few in (filters.FEW, 4):  # as in a small project, and as where all is common
            monkeypatch.setattr(filters, "FEW", few)
            monkeypatch.setattr(statements, "FEW", few)
            for line, expected in wanted.items():
                for sort in ("number", "-number", "date"):
                    seen, after = [], None
                    while page := project.page(parse(line), sort, after=after, limit=4):
                        seen += [int(row.id[1:]) for row in page]
                        after = page[-1]
                    key = {"date": lambda n: (n % 7, n), "-number": lambda n: -n}.get(sort)
                    assert seen == sorted(expected, key=key), (line, sort, few)
                assert project.count(parse(line)) == len(expected)


# --- people


def test_the_first_lead_makes_themselves_lead(path: Path) -> None:
    with Project.open(path, "ann") as ann, Project.open(path, "zoe") as zoe:
        ann.require(Role.LEAD, "do this")
        with pytest.raises(AnnotatorError, match="the first makes themselves lead"):
            ann.set_people({"zoe": Role.LEAD})
        assert ann.set_people({"iva": Role.ANNOTATOR, "ann": Role.LEAD}) == 2
        assert ann.set_people({"ann": Role.LEAD}) == 0
        with pytest.raises(AnnotatorError, match="Only leads may say who works"):
            zoe.set_people({"zoe": Role.LEAD})
        with pytest.raises(AnnotatorError, match="make somebody else lead first"):
            ann.set_people({"ann": Role.ANNOTATOR})
        ann.set_people({"zoe": Role.LEAD, "ann": Role.ADJUDICATOR})
        zoe.require(Role.LEAD, "do this")
        ann.require(Role.ADJUDICATOR, "do this")
        with pytest.raises(AnnotatorError, match="ann is adjudicator"):
            ann.require(Role.LEAD, "do this")
        with pytest.raises(AnnotatorError, match="not on the list"):
            zoe.set_people({"eva": None})
        with pytest.raises(AnnotatorError, match="later pass"):
            zoe.set_people({"iva #2": Role.ANNOTATOR})
        zoe.set_people({"iva": None})
        assert [*ann.people()] == ["ann", "zoe"]
        zoe.set_people({"iva": Role.ADJUDICATOR})
        assert ann.people()["iva"].role is Role.ADJUDICATOR
        zoe.set_people({"ann": None, "iva": None, "zoe": None})
        assert ann.people() == {}


def test_looked_at_counts_as_begun(project: Project) -> None:
    project.assign([Slot("bg", "iva")])
    project.submit(Act("nothing", (looked_draft("bg", "iva", "entities"),)), "iva").result()
    assert project.take_back([Slot("bg", "iva")]) == []
