"""One project on a server and in files: merged in all directions, moved whole, worked on offline."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pg_kit import TestServer
from store_help import label, serious, status_draft, tamper

from annotator.cli.main import main
from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock
from annotator.model.person import Role
from annotator.model.scheme_change import find_layer, rename
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store import accounts, merging, moving, receiving
from annotator.store.address import Address, Place, place_of
from annotator.store.engine import OperationalError, connect
from annotator.store.project import Project

pytestmark = pytest.mark.file_only  # each test says itself where its projects are

Url = Callable[[], str]
TEXTS = {
    "bg": "Срещата се проведе в Пхенян.\nЧен-ун поздрави гостите.",
    "ru": "Встреча прошла в Пхеньяне.\r\nКим Чен Ын приветствовал гостей 🇰🇵.",
    "zh": "金正恩在平壤会见了客人。",
    "en": "The meeting took place in Pyongyang.\tNobody said what was agreed.",
}


def finish(place: Place, article: str, actor: str) -> None:
    """Somebody marks a name in an article and is done with it."""
    with Project.open(place, actor) as project:
        project.record(label(project, article, f"of {actor}"))
        project.record(Act("done", (status_draft(article, actor, State.DONE),)))


def rows(place: Place) -> dict[str, list[Any]]:
    """All that a project is, and all that was made of it."""
    with Project.open(place, readonly=True) as project:
        return {
            table: sorted(project._reader.rows(f"SELECT {columns} FROM {table}"), key=repr)
            for table, columns in {**moving.LOG, **moving.CACHES}.items()
        }


def equal(one: Place, two: Place) -> bool:
    """Whether two copies know the same, in whatever order it came."""
    found = []
    for place in (one, two):
        with Project.open(place, readonly=True) as project:
            assert not serious(project)
            names = ("SELECT id, hash, body FROM event ORDER BY id",
                     "SELECT article, actor, key, event, body FROM head ORDER BY 1, 2, 3",
                     "SELECT id, sha256, seal, lang FROM article ORDER BY id")  # fmt: skip
            found.append([project._reader.rows(sql) for sql in names])
    return found[0] == found[1]


@pytest.fixture(scope="module")
def base(
    tmp_path_factory: pytest.TempPathFactory, pg_server: TestServer
) -> Iterator[tuple[Path, Address]]:
    """A project of a lead, closed: two have articles, a third is open to whoever comes first.

    In a file and on a server, to be copied for each test.
    """
    path = tmp_path_factory.mktemp("base") / "project.db"
    with Project.create(path, preset("news"), "lea") as project:
        list(project.add(Article(lang, text, lang=lang) for lang, text in TEXTS.items()))
        project.set_people({"lea": Role.LEAD})
        project.assign([Slot("bg", "iva"), Slot("ru", "iva"), Slot("ru", "petar", why=Why.GOLD)])
        project.open_pools([Pool("zh", 1)])
        while project.index_words():
            pass
    finish(path, "ru", "petar")
    finish(path, "ru", "iva")
    found = Project.restore(path, pg_server.url(pg_server.make_database()))
    assert isinstance(found, Address)
    yield path, found
    pg_server.drop(found.name)


@pytest.fixture
def worked(base: tuple[Path, Address], tmp_path: Path) -> Path:
    """The project in a file."""
    return Path(shutil.copy(base[0], tmp_path / "project.db"))


@pytest.fixture
def hosted(base: tuple[Path, Address], pg_server: TestServer) -> Iterator[Address]:
    """The same on a server."""
    name = pg_server.make_database(template=base[1].name)
    yield Address(pg_server.url(name))
    pg_server.drop(name)


# --- moved whole


def test_a_project_comes_back_from_a_server_as_it_went(
    worked: Path, hosted: Address, tmp_path: Path
) -> None:
    before = rows(worked)
    assert rows(hosted) == before
    with Project.open(hosted, "lea", readonly=True) as project:
        back = project.backup(tmp_path / "back.db")
        assert not serious(project)
        assert not project.unindexed()
        assert [hit.article for hit in project.search("поздрави")] == ["bg"]
    assert rows(back) == before
    with Project.open(back, "lea") as project, Project.open(worked, "lea") as first:
        assert project.id == first.id
        assert not serious(project)
        assert [hit.article for hit in project.search("поздрави")] == ["bg"]
        project.record(label(project, "en", "later"))
    exports = []
    for number, place in enumerate((worked, hosted)):
        out = tmp_path / f"{number}.jsonl"
        assert main(["export", str(place), "--format", "jsonl", "-o", str(out)]) == 0
        exports.append(out.read_bytes())
    assert exports[0] == exports[1]
    assert len(exports[0]) > 1000


def test_nothing_of_a_project_is_left_behind(path: Path) -> None:
    """Whoever adds a table or a column says in `moving` what becomes of it."""
    own = {"project", "article_fts", "title_fts"}  # header, and what each engine has of its own
    with closing(connect(path, "ro")) as conn:
        sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = {name for (name,) in conn.execute(sql) if "_fts_" not in name} - own
        tables = {**moving.LOG, **moving.CACHES}
        kept = {
            name for name in names if not name.startswith("_")
        }  # sqlite-utils' own list of steps
        assert kept == tables.keys()
        for name in kept:
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            assert ", ".join(columns) == tables[name]


def test_a_copy_is_of_one_moment_while_others_work(hosted: Address, tmp_path: Path) -> None:
    heard = []

    def said(what: str, _done: int, _total: int) -> None:
        if not heard:
            finish(hosted, "en", "zoe")
        heard.append(what)

    with Project.open(hosted, readonly=True) as project:
        before = project.vector()
        back = project.backup(tmp_path / "back.db", said)
        assert project.vector() != before
    with Project.open(back, readonly=True) as project:
        assert project.vector() == before
        assert not serious(project)
    assert "events" in heard


def test_a_file_of_an_older_format_goes_to_a_server(worked: Path, pg_url: Url) -> None:
    before = rows(worked)
    tamper(worked, "PRAGMA user_version = 2")
    for table in (
        "slot",
        "pool",
        "conflict",
        "gone",
        "statistic",
        "guess",
        "lesson",
        "arrangement",
    ):
        tamper(worked, f"DROP TABLE {table}")
    found = Project.restore(worked, pg_url())
    assert rows(found) == before


@pytest.mark.parametrize("on_server", [False, True])
def test_what_is_damaged_is_not_moved(
    worked: Path, pg_url: Url, tmp_path: Path, on_server: bool
) -> None:
    target: Place = place_of(pg_url())
    source: Place = worked
    if on_server:
        source, target = Project.restore(worked, target), tmp_path / "back.db"
    assert tamper(source, "UPDATE article_text SET text = text || '!' WHERE n = 2")  # type: ignore[arg-type]  # any place
    with pytest.raises(AnnotatorError, match=r"is not sound.*SHA-256 does not hold"):
        Project.restore(source, target)
    assert not receiving.is_there(target)
    assert not [each for each in tmp_path.iterdir() if ".part" in each.name]


def test_a_place_that_is_taken_stays_as_it_is(
    worked: Path, hosted: Address, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    with pytest.raises(AnnotatorError, match="exists already"):
        Project.restore(hosted, taken)
    assert taken.read_text() == "mine"
    before = rows(hosted)
    with pytest.raises(AnnotatorError, match="holds tables already"):
        Project.restore(worked, hosted)
    assert rows(hosted) == before


def test_a_full_disk_leaves_no_half_copy(
    hosted: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(moving.words, "index_batch", full)
    with pytest.raises(AnnotatorError, match=r"back.db: .*full; is there room for it"):
        Project.restore(hosted, tmp_path / "back.db")
    assert not [each for each in tmp_path.iterdir() if "back" in each.name]


# --- merged


@pytest.mark.parametrize("sides", ["file to server", "server to file", "server to server"])
def test_copies_become_one_whichever_engine_has_them(
    worked: Path, hosted: Address, pg_url: Url, tmp_path: Path, sides: str
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(worked, copy)
    one: Place = hosted if sides != "server to file" else copy
    two: Place = copy if sides == "file to server" else hosted
    if sides == "server to server":
        two = Project.restore(worked, pg_url())
    finish(one, "en", "petar")
    finish(two, "bg", "iva")
    with Project.open(two, "lea") as project:
        list(project.add([Article("new", "A text that only one copy has.", "A title")]))
        project.record(label(project, "new", "n"))
    with Project.open(one, "lea") as project:
        dry = project.merge(two, dry_run=True)
        merged = project.merge(two)
        assert merged[:3] == dry[:3]
        assert (merged.events, merged.articles) == (5, 1)
        assert merged.by == {"iva": 2, "lea": 1}
        assert project.merge(str(two))[1:5] == (0, {}, 0, 0)
        assert project.work("bg", "iva").status.state is State.DONE
    with Project.open(two, "lea") as project:
        assert project.merge(one).by == {"petar": 2}
        with pytest.raises(AnnotatorError, match="is the project itself"):
            project.merge(two)
    assert equal(one, two)


def test_bundles_go_to_a_server_and_come_from_one(
    worked: Path, hosted: Address, pg_url: Url, tmp_path: Path
) -> None:
    finish(hosted, "en", "zoe")
    with Project.open(hosted, "lea") as project:
        sent = project.send(tmp_path / "all.annotator").path
    with Project.open(worked, "lea") as project:
        assert project.receive(sent).by == {"zoe": 2}
    assert equal(worked, hosted)
    other = place_of(pg_url())
    made = receiving.create(other, sent, "lea", lambda *_: None)
    assert made.articles == 4
    assert equal(worked, other)
    finish(worked, "zh", "zoe")
    with Project.open(worked, "lea") as project:
        sent = project.send(tmp_path / "more.annotator", receiving.since(sent)).path
    with Project.open(hosted, "lea") as project:
        assert project.receive(sent).by == {"zoe": 2}
    assert equal(worked, hosted)


DAMAGE = {
    "a word": ("UPDATE event SET body = replace(body, 'PER', 'LOC') WHERE kind = 'span' AND actor = 'zoe'", "not what was written"),
    "an event": ("DELETE FROM event WHERE kind = 'span' AND actor = 'zoe'", "are missing"),
    "a text": ("UPDATE article_text SET text = 'x' WHERE n = 5", "its text is not"),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
@pytest.mark.parametrize("from_server", [False, True])
def test_a_damaged_copy_is_refused_whole(
    worked: Path, hosted: Address, what: str, from_server: bool
) -> None:
    ours, theirs = (worked, hosted) if from_server else (hosted, worked)
    with Project.open(theirs, "zoe") as project:
        list(project.add([Article("new", "A text that only one copy has.")]))
        project.record(label(project, "new", "n"))
        project.record(Act("done", (status_draft("new", "zoe", State.DONE),)))
    sql, words = DAMAGE[what]
    assert tamper(theirs, sql)  # type: ignore[arg-type]  # any place
    before = rows(ours)
    with Project.open(ours, "lea") as project, pytest.raises(AnnotatorError, match=words):
        project.merge(theirs)
    assert rows(ours) == before


MERGE = """
import sys, time
from annotator.store import merging
from annotator.store.project import Project
merging.BATCH, merging.SMALLEST = 2, 2
def said(what, done, total):
    if what == "events" and done >= int(sys.argv[3]):
        print("now", flush=True)
        time.sleep(60)
with Project.open(sys.argv[1], "lea") as project:
    project.merge(sys.argv[2], said=said)
"""


def test_a_merge_that_is_killed_is_finished_by_the_next(
    worked: Path, hosted: Address, long_run: bool
) -> None:
    with Project.open(worked, "iva") as project:
        for number in range(12):
            project.record(label(project, "bg", f"s{number}"))
    for done in (2,) * 5 if long_run else (4,):
        command = [sys.executable, "-c", MERGE, str(hosted), str(worked), str(done)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "now\n"
            process.kill()
        with Project.open(hosted, "lea") as project:
            assert not serious(project)
            assert 0 < len(project.work("bg", "iva").spans) < 12
    with Project.open(hosted, "lea") as project:
        assert project.merge(worked).events > 0
        assert len(project.work("bg", "iva").spans) == 12
    assert equal(worked, hosted)


def test_a_transaction_holds_the_lock_no_longer_than_it_shall() -> None:
    pace = merging._Pace(Address("postgresql://x/y"))
    sizes = []
    for seconds in (0.001, 0.01, 0.1, 5.0, 5.0):
        pace.took(pace.size, seconds)
        sizes.append(pace.size)
    assert sizes == [1000, 2000, 1000, merging.SMALLEST, merging.SMALLEST]
    alone = merging._Pace(Path("news.db"))
    alone.took(10, 9.0)
    assert alone.size == merging.BATCH


# --- offline


def checked_out(hosted: Place, target: Path, name: str = "iva") -> Path:
    with Project.open(hosted, name, readonly=True) as project:
        project.check_out(target, name)
    return target


def test_own_work_goes_along_and_comes_back(hosted: Address, tmp_path: Path) -> None:
    train = checked_out(hosted, tmp_path / "train.db")
    assert b"petar" not in train.read_bytes()
    with Project.open(train, "iva") as project:
        assert [article.id for article in project.articles()] == ["bg", "ru"]
        assert project.work("ru").status.state is State.DONE
        assert not serious(project)
    finish(train, "bg", "iva")
    with Project.open(hosted, "lea") as project:
        merged = project.merge(train)
        assert (merged.by, merged.articles, merged.conflicts) == ({"iva": 2}, 0, 0)
        assert project.merge(train).events == 0
        assert not serious(project)
    with Project.open(train, "iva") as project:
        assert project.merge(hosted).events == 0
    with pytest.raises(AnnotatorError, match="exists already"):
        checked_out(hosted, train)
    with pytest.raises(AnnotatorError, match="zoe was assigned no articles"):
        checked_out(hosted, tmp_path / "zoe.db", "zoe")
    assert not [each for each in tmp_path.iterdir() if "zoe" in each.name]


def test_what_one_took_oneself_goes_along(hosted: Address, tmp_path: Path) -> None:
    with Project.open(hosted, "iva") as project:
        assert project.claim(["zh"]) == "zh"
    with Project.open(checked_out(hosted, tmp_path / "train.db"), "iva") as project:
        assert [article.id for article in project.articles()] == ["bg", "ru", "zh"]


def test_what_is_new_is_fetched_and_what_changed_is_told(hosted: Address, tmp_path: Path) -> None:
    train = checked_out(hosted, tmp_path / "train.db")
    finish(train, "bg", "iva")
    with Project.open(hosted, "lea") as project:
        project.assign([Slot("en", "iva")])
        project.take_back([Slot("bg", "iva")])
        project.set_language("ru", "uk")
        layer = find_layer(project.scheme, "entities")
        project.relabel(rename(project.scheme, layer, "PER", "PERSON"))
        scheme = project.scheme
    with Project.open(hosted, "lea") as project:
        merged = project.merge(train)
        assert merged.meanwhile.taken == (("bg", "iva"),)
        assert merged.meanwhile.scheme == f"news {scheme.version - 1}"
        assert project.work("bg", "iva").status.state is State.DONE
    with Project.open(train, "iva") as project:
        merged = project.merge(hosted)
        assert (merged.articles, merged.settled) == (1, 1)
        assert merged.meanwhile.taken == (("bg", "iva"),)
        assert merged.scheme == f"news {scheme.version}"
        assert project.article("ru").lang == "uk"
        assert [slot.article for slot in project.slots()] == ["ru", "en"]
        again = project.merge(hosted)
        assert (again.events, again.articles, again.settled) == (0, 0, 0)
        assert not serious(project)
    finish(train, "en", "iva")
    with Project.open(hosted, "lea") as project:
        merged = project.merge(train)
        assert (merged.by, merged.meanwhile.scheme) == ({"iva": 2}, "")


def test_an_article_withdrawn_meanwhile_loses_the_work_on_it_before_it_comes(
    hosted: Address, tmp_path: Path
) -> None:
    train = checked_out(hosted, tmp_path / "train.db")
    finish(train, "bg", "iva")
    with Project.open(hosted, "lea") as project:
        project.withdraw("bg", "asked to")
        merged = project.merge(train)
        assert merged.meanwhile.withdrawn == ("bg",)
        bodies = project._reader.rows(
            "SELECT body FROM event WHERE article = 'bg' AND actor = 'iva'"
        )
        assert all("erased" in body for (body,) in bodies)
        assert not serious(project)
    with Project.open(train, "iva") as project:
        project.merge(hosted)
        assert project.gone_article("bg") is not None
        assert not serious(project)


def test_a_place_that_two_took_apart_is_told(hosted: Address, tmp_path: Path) -> None:
    with Project.open(hosted, "lea") as project:
        whole = project.backup(tmp_path / "whole.db")
    for place, name in ((hosted, "petar"), (whole, "iva")):
        with Project.open(place, name) as project:
            assert project.claim(["zh"]) == "zh"
        finish(place, "zh", name)
    with Project.open(hosted, "lea") as project:
        assert project.merge(whole).meanwhile.crowded == ("zh",)


# --- with a login that sees its own rows only


@pytest.fixture
def team(hosted: Address, pg_server: TestServer) -> dict[str, Address]:
    """The hosted project's address for each of its people."""
    accounts.set_up(hosted, "lea")
    found = {}
    for name in ("iva", "petar"):
        login = f"{hosted.name}_{name}"
        accounts.add(hosted, name, Role.ANNOTATOR, login, "three plain words")
        found[name] = Address(pg_server.url(hosted.name, login))
    return found


def test_an_annotators_login_takes_its_own_work_along_and_back(
    hosted: Address, team: dict[str, Address], tmp_path: Path
) -> None:
    mine = team["iva"]
    train = checked_out(mine, tmp_path / "train.db")
    same = checked_out(hosted, tmp_path / "same.db")
    events = [[row[1:2] + row[4:13] for row in rows(place)["event"]] for place in (train, same)]
    assert sorted(events[0]) == sorted(events[1])  # but for whose chain they are in
    finish(train, "bg", "iva")
    with Project.open(train, "iva") as project:
        project.set_language("bg", "mk")
    with Project.open(mine, "iva") as project:
        merged = project.merge(train)
        assert (merged.by, merged.settled, merged.meanwhile.kept) == ({"iva": 2}, 0, 1)
        assert project.work("bg").status.state is State.DONE
    with Project.open(hosted, "lea") as project:
        assert not serious(project)
        assert project.article("bg").lang == "bg"
        project.assign([Slot("en", "iva")])
        project.withdraw("ru", "asked to")
    with Project.open(train, "iva") as project:
        project.record(label(project, "ru", "late"))
    with Project.open(mine, "iva") as project:
        assert project.merge(train).meanwhile.withdrawn == ("ru",)
    with Project.open(train, "iva") as project:
        assert project.merge(mine).articles == 1
    with Project.open(hosted, "lea") as project:
        assert not serious(project)


def test_what_a_login_may_not_bring_in_is_told_before_anything_is_written(
    hosted: Address, team: dict[str, Address], tmp_path: Path
) -> None:
    def refused(words: str, target: Path) -> None:
        with Project.open(team["iva"], "iva") as project:
            before = project.vector()
            with pytest.raises(AnnotatorError, match=words):
                project.merge(target)
            assert project.vector() == before

    train = checked_out(team["iva"], tmp_path / "train.db")
    tried: dict[str, Callable[[Project], object]] = {
        "work of petar: a lead": lambda p: p.record(label(p, "ru", "p"), "petar"),
        "1 articles that are not there": lambda p: list(p.add([Article("new", "A text.")])),
        r"what annotators do not decide \(slot\)": lambda p: p.assign([Slot("ru", "zoe")]),
        "more than a day ahead": _from_the_future,
    }
    for words, does in tried.items():
        copy = tmp_path / "copy.db"
        shutil.copy(train, copy)
        with Project.open(copy, "iva") as project:
            does(project)
        refused(words, copy)
    with Project.open(hosted, "lea") as project:
        whole = project.backup(tmp_path / "whole.db")
    with (
        Project.open(whole, "iva") as project,
        pytest.raises(AnnotatorError, match="As iva you see your own part"),
    ):
        project.merge(team["iva"])
    with (
        Project.open(team["iva"], "iva") as project,
        pytest.raises(AnnotatorError, match="As iva you see your own part"),
    ):
        project.backup(tmp_path / "part.db")
    assert not (tmp_path / "part.db").exists()


def _from_the_future(project: Project) -> None:
    chain = project._writing._chain
    chain.clock = Clock(lambda: 4_000_000_000.0)
    project.record(label(project, "bg", "late"))
