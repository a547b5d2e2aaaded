"""Every page, neighbour and count of the queue, against a plain list sorted in Python."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_help import looked_draft, span_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, Note, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot
from annotator.store import filters, statements
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.store.queue import SORTS, QueueRow

pytestmark = pytest.mark.both_engines

LONG = os.environ.get("ANNOTATOR_LONG") == "1"
WORDS = ["alpha", "beta", "gamma", "delta"]
SIZE = 120


class Table(list):
    """Rows with their words, too many to be printed."""

    def __repr__(self) -> str:
        return f"{len(self)} rows"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory):
    """A project with many articles in many states, and those as (row, words) of one annotator."""
    folder = tmp_path_factory.mktemp("queue")
    with (
        pytest.MonkeyPatch.context() as patch,
        Project.create(folder / "q.db", preset("news"), "ann") as project,
    ):
        patch.setenv("XDG_STATE_HOME", str(folder))
        rng = random.Random(3)
        texts = [" ".join(rng.choices(WORDS, k=2)) for _ in range(SIZE)]
        list(project.add(
            Article(f"id{n:03}", text, rng.choice(["", "Същото дълго начало, друг край ", "t"])
                    + str(n % 7), rng.choice(["", "s1", "s2"]), "",
                    rng.choice(["", "2024-01-01", "2024-02-02"]), rng.choice(["bg", "ru", ""]),
                    group=rng.choice(["", "g1", "g2"]))
            for n, text in enumerate(texts)
        ))  # fmt: skip
        while project.index_words():
            pass
        for n in rng.sample(range(SIZE), 60):
            state = rng.choice([State.DONE, State.SKIPPED, State.OPEN, None])
            name = f"id{n:03}"
            drafts = [span_draft(texts[n], name, f"s{n}", 0, 4)]
            if rng.random() < 0.3:
                note = Note(f"n{n}", "see", flag=rng.random() < 0.5)
                drafts.append(Draft(Kind.NOTE, note.key, name, note.body(texts[n])))
            if state is not None:
                drafts.append(status_draft(name, "ann", state, n))
            project.submit(Act("label", tuple(drafts))).result()
        project.submit(Act("label", (span_draft(texts[0], "id000", "o", 0, 4),)), "other").result()
        for who in ("ann", "other"):
            some = rng.sample(range(SIZE), 50)
            project.assign(Slot(f"id{n:03}", who, rng.choice(["", "r1"])) for n in some)
        some = rng.sample(range(SIZE), 40)
        project.open_pools(Pool(f"id{n:03}", rng.randint(1, 2), "r1") for n in some)
        rows = project.page(limit=1000)
        yield project, Table(zip(rows, texts, strict=True))


def assignments(project: Project) -> dict[str, set[str]]:
    """By what the filter says, the ids of the articles: `assigned:me` and so on, the slow way."""
    slots, pools = list(project.slots()), list(project.pools())
    people = {
        pool.article: {s.annotator for s in slots if s.article == pool.article} for pool in pools
    }
    mine = {slot.article for slot in slots if slot.annotator == "ann"}
    room = {p.article for p in pools if len(people[p.article]) < p.people} - mine
    everybody = {row.id for row in project.page(limit=1000)}
    in_round = {each.article for each in (*slots, *pools) if each.round == "r1"}
    nobody = everybody - {slot.article for slot in slots} - {pool.article for pool in pools}
    return {"me": mine, "open": room, "no": nobody, "r1": in_round, "": everybody, "r9": set()}


def expected(table, where: Filter, sort: str, having: dict[str, set[str]]) -> list[QueueRow]:
    """The queue, the slow way."""
    rows = [
        row
        for row, text in table
        if all(word in text.split() for word in where.words.split())
        and where.state in ("", row.state)
        and where.lang in ("", row.lang)
        and where.source in ("", row.source)
        and where.group in ("", row.group)
        and where.flag in ("", "yes" if row.flags else "no")
        and where.note in ("", "yes" if row.notes else "no")
        and (not where.long or row.chars > int(where.long.strip(">")))
        and row.id in having[where.assigned]
        and row.id in having[where.round]
    ]
    column = SORTS[sort.removeprefix("-")]
    rows.sort(key=lambda row: (getattr(row, column), row.n), reverse=sort.startswith("-"))
    return rows


@settings(max_examples=1000 if LONG else 100)
@given(
    where=st.builds(
        Filter,
        words=st.sampled_from(["", "", "alpha ", "beta gamma ", "omega "]),
        state=st.sampled_from(["", "", *State]),
        lang=st.sampled_from(["", "bg", "ru", "xx"]),
        source=st.sampled_from(["", "", "s1", "s9"]),
        group=st.sampled_from(["", "", "g2"]),
        flag=st.sampled_from(["", "", "yes", "no"]),
        note=st.sampled_from(["", "", "", "yes", "no"]),
        long=st.sampled_from(["", "", ">10"]),
        assigned=st.sampled_from(["", "", "me", "open", "no"]),
        round=st.sampled_from(["", "", "r1", "r9"]),
    ),
    sort=st.sampled_from([*SORTS, *(f"-{name}" for name in SORTS)]),
    limit=st.integers(1, 130),
    few=st.sampled_from([1, 5, 30, 2000]),
    nearby=st.sampled_from([2, 7, 5000]),
)
def test_pages_and_counts(
    large, where: Filter, sort: str, limit: int, few: int, nearby: int
) -> None:
    project, table = large
    rows = expected(table, where, sort, assignments(project))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "FEW", few)
        patch.setattr(statements, "MET", few)
        patch.setattr(statements, "LISTED", 3)
        for name in ("NEARBY", "STEP", "COUNTED"):
            patch.setattr(statements, name, nearby)
        assert project.page(where, sort, limit=1000) == rows
        assert project.count(where) == len(rows)
        assert project.count(where, 7) == (min(7, len(rows)) if where != Filter() else SIZE)
        walked: list[QueueRow] = []
        while page := project.page(where, sort, after=walked[-1] if walked else None, limit=limit):
            walked += page
        assert walked == rows
        back: list[QueueRow] = []
        while rows and (
            page := project.page(where, sort, before=back[0] if back else rows[-1], limit=limit)
        ):
            back = page + back
        assert back == rows[:-1]


@settings(max_examples=60)
@given(
    n=st.integers(0, SIZE + 1),
    state=st.sampled_from(["", *State]),
    sort=st.sampled_from(["number", "-number"]),
)
def test_neighbours_of_an_article_that_need_not_be_in_the_queue(large, n, state, sort) -> None:
    project, table = large
    rows = expected(table, Filter(state=state), "number", assignments(project))
    lower = next((row for row in reversed(rows) if row.n < n), None)
    upper = next((row for row in rows if row.n > n), None)
    before, after = (lower, upper) if sort == "number" else (upper, lower)
    assert project.neighbours(n, Filter(state=state), sort) == (before, after)


def test_rows_tell_what_this_annotator_did(project: Project, path: Path) -> None:
    text = project.article("ru").text
    project.submit(
        Act("label", (
            span_draft(text, "ru", "s1", 0, 7), span_draft(text, "ru", "s2", 8, 14),
            stance_draft(text, "ru", "ann", "Kim", "FAVOR"), looked_draft("ru", "ann", "entities"),
            status_draft("ru", "ann", State.DONE, 42),
        ))
    ).result()  # fmt: skip
    row = project.row("ru")
    assert row is not None
    stance = project.scheme.stance_layer
    assert stance is not None
    assert row.counts == {"entities": 2, stance.name: 1}
    assert (row.state, row.seconds, row.looked) == (State.DONE, 42, {"entities"})
    with Project.open(path, "other") as other:
        assert other.row("ru") == QueueRow(2, "ru", row.title, "ru", "", "", "", len(text))


def test_unknown_order(project: Project) -> None:
    with pytest.raises(AnnotatorError, match="no order 'size'"):
        project.page(sort="size")


@pytest.mark.parametrize(
    ("long", "ids"),
    [("<24", ["zh"]), (">81", []), ("81", ["bg"]), ("60-66", ["en", "ru"]), ("66-60", [])],
)
def test_lengths(project: Project, long: str, ids: list[str]) -> None:
    sizes = {row.id: row.chars for row in project.page()}
    assert sizes == {"bg": 81, "ru": 63, "zh": 12, "en": 65}
    assert sorted(row.id for row in project.page(Filter(long=long))) == ids
    assert project.count(Filter(long=long)) == len(ids)


@pytest.mark.parametrize("long", [">", "<x", "5-", "-5", "many", "9" * 16, "٥"])
def test_a_length_that_is_none(project: Project, long: str) -> None:
    with pytest.raises(AnnotatorError, match="long: takes a length"):
        project.page(Filter(long=long))


def test_flags_and_notes_are_told_apart(project: Project) -> None:
    text = project.article("bg").text
    flag, note = Note("f", flag=True), Note("n", "why?", start=0, end=7)
    for article, thing in (("bg", flag), ("ru", note)):
        body = thing.body(project.article(article).text)
        project.submit(Act("note", (Draft(Kind.NOTE, thing.key, article, body),))).result()
    assert text
    rows = {row.id: (row.flags, row.notes) for row in project.page()}
    assert rows == {"bg": (1, 0), "ru": (0, 1), "zh": (0, 0), "en": (0, 0)}
    assert [row.id for row in project.page(Filter(flag="yes"))] == ["bg"]
    assert [row.id for row in project.page(Filter(note="y"))] == ["ru"]
    assert [row.id for row in project.page(Filter(flag="no", note="NO"))] == ["zh", "en"]
    assert project.progress().actors[0].notes == 2
    assert set(project.progress().actors[0].layers) == set()
    with pytest.raises(AnnotatorError, match="flag: is yes or no"):
        project.page(Filter(flag="maybe"))
