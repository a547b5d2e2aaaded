"""Orders of the queue that no column has: shuffled, the least sure first, events together."""

import random
import shutil
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_help import serious, status_draft, tamper

from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot
from annotator.store import arranging, filters, statements
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.store.queue import ORDERS, SORTS, QueueRow

SIZE = 90
MADE = ("event", "random", "random:7", "uncertain")


def articles(first: int, last: int, seed: int = 5) -> list[Article]:
    rng = random.Random(seed)
    made = [
        Article(f"a{n:03}", f"{rng.choice(['alpha', 'beta'])} {n}", lang=rng.choice(["bg", "ru"]),
                source=rng.choice(["s1", "s2"]), group=rng.choice(["", "г1", "g2", "g3"]))
        for n in range(last)
    ]  # fmt: skip
    return made[first:]


def guess(project: Project, doubts: dict[str, float], source: str = "names", learns: bool = True):
    """Keep guesses so unsure, from a source that learns or does not."""
    rows = [(project.row(name).n, doubt) for name, doubt in doubts.items()]

    def put(conn) -> None:
        for n, doubt in rows:
            values = (n, project.actor, "entities", source, "1", doubt, "[]")
            conn.execute(
                "INSERT INTO guess (n, actor, layer, source, version, doubt, body) "
                "VALUES (?,?,?,?,?,?,?) ON CONFLICT (n, actor, layer, source) "
                "DO UPDATE SET doubt = excluded.doubt",
                values,
            )
        if learns:
            values = (project.actor, "entities", source, "1", "{}", b"")
            conn.execute(
                "INSERT INTO lesson (actor, layer, source, version, learnt, saved) "
                "VALUES (?,?,?,?,?,?) ON CONFLICT DO NOTHING",
                values,
            )

    project._write(put)


def finish(project: Project, *names: str, state: State = State.DONE) -> None:
    for name in names:
        draft = status_draft(name, project.actor, state)
        project.submit(Act("done", (draft,))).result()


def ids(project: Project, sort: str, where: Filter = ALL) -> list[str]:
    return [row.id for row in project.page(where, sort, limit=1000)]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory):
    """A project in which part of everything is there: some arranged, guessed, finished, withdrawn."""
    folder = tmp_path_factory.mktemp("orders")
    with (
        pytest.MonkeyPatch.context() as patch,
        Project.create(folder / "q.db", preset("news"), "ann") as project,
    ):
        patch.setenv("XDG_STATE_HOME", str(folder))
        list(project.add(articles(0, SIZE)))
        while project.index_words():
            pass
        rng = random.Random(2)
        names = [f"a{n:03}" for n in range(SIZE)]
        finish(project, *rng.sample(names, 25))
        guess(project, {name: rng.random() for name in rng.sample(names, 40)})
        project.assign(Slot(name, "other") for name in rng.sample(names, 30))
        assert project.arrange_uncertain() > 0
        assert project.arrange("random") == SIZE
        project.withdraw("a011", "asked for")
        assert project.arrange("random:7", 60) == 60, "the others are not arranged yet"
        yield project


def slow_key(project: Project, row: QueueRow, sort: str) -> tuple[object, ...]:
    """What a row goes by, looked up without the queue's own statements."""
    if sort == "event":
        return (not row.group, row.group.encode(), row.n)
    name = "uncertain:ann" if sort == "uncertain" else sort
    name = project.random_order if sort == "random" else name
    sql = "SELECT place FROM arrangement WHERE name = ? AND n = ?"
    place = project._reader.value(sql, (name, row.n))
    return (place is None, place or 0, row.n)


@settings(max_examples=60)
@given(
    where=st.builds(
        Filter,
        words=st.sampled_from(["", "", "alpha "]),
        state=st.sampled_from(["", State.NEW, State.DONE]),
        lang=st.sampled_from(["", "bg"]),
        source=st.sampled_from(["", "s1"]),
        group=st.sampled_from(["", "", "g2"]),
        flag=st.just(""),
        note=st.just(""),
        long=st.just(""),
        assigned=st.sampled_from(["", "no"]),
        round=st.just(""),
    ),
    sort=st.sampled_from(MADE),
    sign=st.sampled_from(["", "-"]),
    limit=st.integers(1, SIZE),
    few=st.sampled_from([1, 9, 2000]),
    nearby=st.sampled_from([2, 5000]),
)
def test_every_order_is_a_permutation_whichever_way_it_is_paged(
    mixed, where, sort, sign, limit, few, nearby
):
    rows = sorted(mixed.page(where, limit=1000), key=lambda row: slow_key(mixed, row, sort))
    rows = rows[::-1] if sign else rows
    sort = sign + sort
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filters, "FEW", few)
        patch.setattr(statements, "MET", few)
        patch.setattr(statements, "LISTED", 3)
        for name in ("NEARBY", "STEP"):
            patch.setattr(statements, name, nearby)
        assert mixed.page(where, sort, limit=1000) == rows
        walked: list[QueueRow] = []
        while page := mixed.page(where, sort, after=walked[-1] if walked else None, limit=limit):
            walked += page
        assert walked == rows
        back: list[QueueRow] = []
        while rows and (
            page := mixed.page(where, sort, before=(back or rows[-1:])[0], limit=limit)
        ):
            back = page + back
        assert back == rows[:-1]


@pytest.mark.parametrize("sort", MADE)
def test_places_say_which_comes_first(mixed, sort):
    rows = mixed.page(sort=sort, limit=1000)
    assert "a011" not in {row.id for row in rows}, "withdrawn"
    assert len(rows) == SIZE - 1
    assert sorted(rows, key=lambda row: mixed.place_in(row, sort)) == rows
    assert mixed.next(0, ALL, sort) == rows[0], "0 stands before the first"
    assert mixed.previous(0, ALL, sort) is None
    gone = mixed.row("a011")
    behind = mixed.page(ALL, sort, after=gone, limit=1000)
    before = mixed.page(ALL, sort, before=gone, limit=1000)
    assert [*before, *behind] == rows, "also an article that is left out has a place"


@pytest.mark.parametrize("sort", SORTS)
def test_places_in_the_order_of_a_column(mixed, sort):
    rows = mixed.page(sort=sort, limit=1000)
    assert sorted(rows, key=lambda row: mixed.place_in(row, sort)) == rows


def test_unknown_orders_are_refused(mixed):
    for sort in (
        "random:",
        "random:x",
        "random:-1",
        "random:٧",
        "event:1",
        "uncertain:iva",
        "size",
    ):
        with pytest.raises(AnnotatorError, match=r"no order|a whole number"):
            mixed.page(sort=sort)
        with pytest.raises(AnnotatorError, match=r"no order|a whole number"):
            mixed.arrange(sort)
    assert [mixed.arrange(sort) for sort in ("number", "event", "uncertain")] == [0, 0, 0]
    assert {arranging.checked(sort) for sort in ORDERS} > set(SORTS)
    with pytest.raises(AnnotatorError, match="between 0 and 1"):
        mixed.arrange_uncertain(1.5)


# --- shuffled


def test_a_shuffle_is_that_of_seed_and_ids_alone(tmp_path: Path) -> None:
    """Two copies that got the articles in another order, and in several goes, agree."""
    found = articles(0, 40)
    with Project.create(tmp_path / "one.db", preset("news"), "ann") as one:
        list(one.add(found))
        while one.arrange("random:7", 15):
            pass
        order = ids(one, "random:7")
        assert order == sorted(
            (article.id for article in found),
            key=lambda name: blake2b(f"7\0{name}".encode(), digest_size=8).digest(),
        )
        assert order != sorted(order)
        shutil.copy(one.backup(tmp_path / "copy.db"), tmp_path / "two.db")
        while one.arrange("random:8"):
            pass
        assert ids(one, "random:8") != order
        assert ids(one, "random:0007") == order
    with Project.create(tmp_path / "late.db", preset("news"), "ben") as late:
        list(late.add(found[30:]))
        assert ids(late, "random:7") == [article.id for article in found[30:]], "not arranged yet"
        assert late.arrange("random:7") == 10
        before = ids(late, "random:7")
        list(late.add(reversed(found[:30])))
        assert ids(late, "random:7")[:10] == before, "what came in since waits behind"
        assert late.arrange("random:7") == 30
        assert late.arrange("random:7") == 0
        assert ids(late, "random:7") == order
    with Project.open(tmp_path / "two.db", "cy", readonly=True) as copy:
        assert ids(copy, "random:7") == order
        with pytest.raises(AnnotatorError, match="for reading only"):
            copy.arrange("random:9")
        assert sorted(ids(copy, "random:9")) == sorted(order)


def test_the_projects_own_seed_is_the_same_in_its_copies(tmp_path: Path) -> None:
    with Project.create(tmp_path / "one.db", preset("news"), "ann") as one:
        list(one.add(articles(0, 30)))
        assert one.arrange("random") == 30
        name, _, seed = one.random_order.partition(":")
        assert (name, seed) == ("random", str(arranging.own_seed(one.id)))
        assert 0 <= int(seed) < arranging.SEEDS
        assert ids(one, "random") == ids(one, one.random_order)
        with Project.open(one.backup(tmp_path / "copy.db"), "ben") as copy:
            assert copy.random_order == one.random_order
            assert ids(copy, "random") == ids(one, "random")
        assert serious(one) == []


def test_articles_whose_hashes_are_equal_all_have_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranging, "shuffled", lambda _seed, article: int(article[1:]) // 10)
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add(articles(0, 40)))
        while project.arrange("random:7", 11):
            pass
        assert sorted(ids(project, "random:7")) == ids(project, "number")


def test_what_says_how_far_an_order_goes_is_no_stray_row(project: Project) -> None:
    assert project.arrange("random:7") == 4
    assert [p for p in project.verify() if p.where == "orders of the queue"] == []


def test_withdrawn_articles_do_not_come_back(project: Project) -> None:
    assert project.arrange("random:7") == 4
    order = ids(project, "random:7")
    project.withdraw("ru", "asked for")
    assert project.arrange("random:7") == 0
    assert ids(project, "random:7") == [name for name in order if name != "ru"]
    rows = project._reader.rows("SELECT 1 FROM arrangement WHERE n = 2")
    assert rows == []


def test_a_file_of_an_older_format_is_read_as_imported(path: Path) -> None:
    tamper(path, "DROP TABLE arrangement")
    with Project.open(path, "ann", readonly=True) as project:
        for sort in ("random", "uncertain"):
            assert ids(project, sort) == ["bg", "ru", "zh", "en"]
            assert ids(project, f"-{sort}") == ["en", "zh", "ru", "bg"]
            assert project.next(2, ALL, sort) == project.row("zh")


# --- the least sure first


@pytest.fixture
def guessed(tmp_path: Path):
    """Thirty articles, of which a010 to a019 have guesses, a019 the least sure."""
    with Project.create(tmp_path / "g.db", preset("news"), "ann") as project:
        list(project.add(articles(0, 30)))
        guess(project, {f"a{n:03}": n / 100 for n in range(10, 20)})
        yield project


def test_the_least_sure_come_first(guessed: Project) -> None:
    names = [f"a{n:03}" for n in range(30)]
    assert ids(guessed, "uncertain") == names, "not arranged yet: as imported"
    assert guessed.arrange_uncertain(0) == 10
    assert ids(guessed, "uncertain") == [*names[19:9:-1], *names[:10], *names[20:]]
    guess(guessed, {"a012": 0.9}, "lines")
    guess(guessed, {"a010": 1.0, "a003": 1.0}, "fixed", learns=False)
    assert guessed.arrange_uncertain(0) == 10
    assert ids(guessed, "uncertain")[:3] == ["a012", "a019", "a018"], "by the mean of who learns"
    assert ids(guessed, "uncertain")[9] == "a010"


def test_finished_ones_stay_in_front_so_that_one_goes_on_behind_them(guessed: Project) -> None:
    finish(guessed, "a014", "a002")
    finish(guessed, "a019", state=State.SKIPPED)
    assert guessed.arrange_uncertain(0) == 8
    assert ids(guessed, "uncertain")[:5] == ["a014", "a002", "a019", "a018", "a017"]
    left = Filter(state="new")
    assert ids(guessed, "uncertain", left)[:2] == ["a018", "a017"]
    with Project.open(guessed.path, "ben") as other:
        assert ids(other, "uncertain") == ids(other, "number"), "everybody has their own"
        assert other.arrange_uncertain() == 0


@pytest.mark.parametrize("share", [0.2, 0.5, 1.0])
def test_a_share_of_the_places_is_random(guessed: Project, share: float) -> None:
    finish(guessed, "a001")
    number = guessed.arrange_uncertain(share, seed=3)
    order = ids(guessed, "uncertain")
    assert order[0] == "a001"
    arranged = order[1 : number + 1]
    sure = [f"a{n:03}" for n in range(19, 9, -1)]
    drawn = sorted(
        (name for name in ids(guessed, "number") if name != "a001"),
        key=lambda name: arranging.shuffled(3, name),
    )
    if share == 1:
        assert arranged == drawn[:number]
        assert set(sure) <= set(arranged)
        return
    every = round(1 / share)
    rest, lots = sure.copy(), drawn.copy()
    for at, name in enumerate(arranged):
        wanted = lots if at % every == every - 1 else rest
        assert name == wanted[0], at
        rest, lots = [n for n in rest if n != name], [n for n in lots if n != name]
    assert rest == []
    behind = order[number + 1 :]
    assert behind == sorted(behind), "in the order of import"
    assert guessed.arrange_uncertain(share, seed=3) == number
    assert ids(guessed, "uncertain") == order
    guessed.arrange_uncertain(share, seed=4)
    assert ids(guessed, "uncertain") != order


def test_whoever_was_assigned_articles_gets_those_first(guessed: Project) -> None:
    own = [f"a{n:03}" for n in (2, 5, 11, 13, 15, 17, 28)]
    guessed.assign(Slot(name, "ann") for name in own[:-1])
    guessed.open_pools([Pool("a028", 1, "")])
    number = guessed.arrange_uncertain(0.5)
    order = ids(guessed, "uncertain")
    assert {"a011", "a013", "a015", "a017"} <= set(order[:number]) <= set(own)
    mine = ids(guessed, "uncertain", Filter(assigned="me"))
    assert sorted(mine) == own[:-1]
    assert mine[0] == "a017"


def test_new_articles_follow_until_it_is_arranged_anew(guessed: Project) -> None:
    guessed.arrange_uncertain()
    before = ids(guessed, "uncertain")
    list(guessed.add(articles(30, 33)))
    assert ids(guessed, "uncertain") == [*before, "a030", "a031", "a032"]
    guess(guessed, {"a031": 0.99})
    guessed.arrange_uncertain(0)
    assert ids(guessed, "uncertain")[0] == "a031"


def test_it_is_as_imported_again_when_no_guesses_are_left(guessed: Project) -> None:
    guessed.arrange_uncertain()
    guessed._write(lambda conn: conn.execute("DELETE FROM guess").rowcount)
    assert guessed.arrange_uncertain() == 0
    assert ids(guessed, "uncertain") == ids(guessed, "number")


@settings(max_examples=100)
@given(st.lists(st.integers(0, 30), unique=True), st.permutations(range(31)), st.floats(0, 1))
def test_mixing(first: list[int], drawn: list[int], share: float) -> None:
    found = arranging.mixed(first, drawn, share)
    assert len(set(found)) == len(found)
    assert set(first) <= set(found)
    if share == 0:
        assert found == first
    elif share == 1:
        assert found == drawn[: len(found)]


# --- events


def test_articles_of_an_event_lie_together(mixed) -> None:
    groups = [row.group for row in mixed.page(sort="event", limit=1000)]
    named = [group for group in groups if group]
    assert groups == [*named, *[""] * (len(groups) - len(named))], "those without one are behind"
    assert sum(one != two for one, two in pairwise(named)) == len(set(named)) - 1
    assert len(set(named)) == 3


def test_where_every_article_has_an_event_nothing_is_looked_for_behind(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        assert project.page(sort="event") == []
        list(project.add(Article(f"a{n}", f"x {n}", group=f"g{n % 2}") for n in range(6)))
        order = ["a0", "a2", "a4", "a1", "a3", "a5"]
        assert (ids(project, "event"), ids(project, "-event")) == (order, order[::-1])
        list(project.add([Article("a6", "x 6")]))
        assert ids(project, "-event") == ["a6", *order[::-1]]
        project.withdraw("a4", "asked for")
        assert ids(project, "event") == ["a0", "a2", "a1", "a3", "a5", "a6"]


def test_articles_without_event_are_found_with_their_index_and_without(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p.db", preset("news"), "ann") as project:
        list(project.add(articles(0, 40)))
        before = [ids(project, sort) for sort in ("event", "-event")]
        sql = "DROP INDEX article_alone"  # as in a file of the format before
        project._write(lambda conn: conn.execute(sql).rowcount)
        assert [ids(project, sort) for sort in ("event", "-event")] == before
        where = Filter(lang="bg")
        bg = [row.id for row in project.page(where, limit=1000)]
        assert ids(project, "event", where) == [name for name in before[0] if name in bg]
