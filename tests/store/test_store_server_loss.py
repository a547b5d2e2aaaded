"""The way to the server is lost, at any moment and in any way: nothing is lost with it, nothing doubled."""

import logging
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cut_proxy import CutProxy
from pg_kit import TestServer, needs_wheel
from store_help import label, serious, span_draft

from annotator.model.annotation import Kind
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store import journal, link, writer
from annotator.store.address import Address, place_of
from annotator.store.engine import writer_connection
from annotator.store.journal import Journal
from annotator.store.project import Project
from annotator.store.trouble import AwaitedError, UnreachableError, UnsavedError

server_module = pytest.importorskip("annotator.store.server", reason="psycopg is not installed")

TEXT = "Срещата се проведе в Пхенян, а гостите бяха посрещнати на летището. " * 40


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server of this module's own, which syncs to disk and is stopped as tests like."""
    needs_wheel()
    server = TestServer(settings=("autovacuum=off",))
    server.start()
    yield server
    server.close()


@pytest.fixture
def proxy(server: TestServer) -> Iterator[CutProxy]:
    """What spoils the way to it."""
    if not server.is_running:
        server.start()
    with CutProxy(server.folder / f".s.PGSQL.{server.port}") as made:
        yield made


@pytest.fixture
def name(server: TestServer) -> str:
    """A database with a project of one article."""
    if not server.is_running:
        server.start()
    name = server.make_database()
    with Project.create(server.url(name), preset("news"), "ann") as project:
        list(project.add([Article("bg", TEXT, lang="bg")]))
        while project.index_words():
            pass
    return name


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again sooner."""
    monkeypatch.setattr(link, "FIRST", 0.01)
    monkeypatch.setattr(link, "LONGEST", 0.1)


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def settled(project: Project) -> bool:
    """Whether the server is there and nothing waits."""
    assert project.reach is not None
    return not project.reach.since and not project.reach.waiting


def acts(project: Project, count: int, first: int = 0) -> list[Act]:
    """Acts of two spans each, under names of their own."""
    text = project.article("bg").text
    return [
        Act("label", tuple(span_draft(text, "bg", f"{project.actor}-{n}-{i}", n + i, n + i + 4)
                           for i in range(2)))
        for n in range(first, first + count)
    ]  # fmt: skip


def sound(project: Project, wanted: list[Act]) -> None:
    """Each of these acts is there once and whole, and everything is in order."""
    found = Counter(event.act for event in project.history("bg"))
    assert {act.id: found.get(act.id, 0) for act in wanted} == {act.id: 2 for act in wanted}
    assert serious(project) == []
    assert project.kept() == []


# --- one loss at a time


def test_a_connection_lost_while_idle_is_made_again(proxy: CutProxy, name: str) -> None:
    with Project.open(proxy.url(name), "ann") as project:
        first, second = acts(project, 2)
        project.submit(first).result()
        assert proxy.cut() == 2
        assert project.work("bg").spans, "read again"
        project.submit(second).result()
        assert settled(project)
        sound(project, [first, second])


@pytest.mark.parametrize("passed", [False, True], ids=["before", "after"])
def test_lost_during_commit_it_is_saved_once(proxy: CutProxy, name: str, passed: bool) -> None:
    with Project.open(proxy.url(name), "ann") as project:
        first, second, third = acts(project, 3)
        project.submit(first).result()
        proxy.trap(b"COMMIT", passed)
        events = project.submit(second).result()
        assert {event.act for event in events} == {second.id}
        assert proxy._words == b"", "it was cut off there"
        project.submit(third).result()
        sound(project, [first, second, third])


def test_a_change_that_is_no_act_is_not_made_twice(proxy: CutProxy, name: str) -> None:
    with Project.open(proxy.url(name), "ann") as project:
        project.set_language("bg", "ru")
        proxy.trap(b"COMMIT", passed=True)
        with pytest.raises(UnreachableError):
            project.set_language("bg", "en")
        assert project.set_language("bg", "mk"), "the next is made on another connection"


def test_it_is_kept_while_the_server_is_away_and_sent_in_order(proxy: CutProxy, name: str) -> None:
    told: list[link.Reach] = []
    with Project.open(proxy.url(name), "ann") as project:
        project.watch(told.append)
        made = acts(project, 6)
        project.submit(made[0]).result()
        proxy.refuse()
        waiting = []
        for act in made[1:]:
            with pytest.raises(AwaitedError, match="until it can be sent") as error:
                project.submit(act).result()
            waiting.append(error.value.sent)
        assert [each.act.id for each in project.kept()] == [act.id for act in made[1:]]
        assert project.reach is not None
        assert project.reach.waiting == 5
        assert project.reach.since > 0
        with pytest.raises(UnreachableError):
            project.work("bg")
        assert not any(sent.done() for sent in waiting)
        proxy.refuse(False)
        assert [sent.result(30)[0].act for sent in waiting] == [act.id for act in made[1:]]
        until(lambda: settled(project))
        assert told[-1] == link.Reach()
        assert max(reach.waiting for reach in told) == 5
        order = [event.act for event in project.history("bg")]
        assert list(dict.fromkeys(order)) == [act.id for act in made]
        sound(project, made)


def test_a_connection_that_is_dead_without_a_word(
    proxy: CutProxy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "_ROUND", 0.1)
    monkeypatch.setattr(server_module, "_ANSWER", 0.2)
    monkeypatch.setattr(writer, "ANSWER", 0.3)
    monkeypatch.setattr(link, "PATIENCE", 0.1)
    with Project.open(proxy.url(name), "ann") as project:
        project.watch(lambda _: None)
        made = acts(project, 4)
        project.submit(made[0]).result()
        proxy.stall()
        saving = [project.submit(act) for act in made[1:]]
        with pytest.raises(UnreachableError, match="no answer"):
            project.work("bg")
        for each in saving:
            with pytest.raises(AwaitedError):
                each.result(30)
        proxy.stall(False)
        until(lambda: settled(project))
        sound(project, made)


def test_who_is_cut_off_in_the_middle_does_not_keep_the_lock(
    server: TestServer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(server.url(name))
    monkeypatch.setattr(
        server_module, "_WRITE", "; SET idle_in_transaction_session_timeout = '50ms'"
    )
    silent = writer_connection(place)
    silent.begin()
    with Project.open(place, "ann") as project:
        (act,) = acts(project, 1)
        project.submit(act).result(30)
        sound(project, [act])
    silent.close()


def test_a_lock_that_others_keep_is_waited_for_and_then_the_act_waits(
    server: TestServer, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "BUSY_SECONDS", 0.1)
    monkeypatch.setattr(
        server_module, "_BEGIN", server_module._BEGIN.replace("timeout = '2s'", "timeout = '20ms'")
    )
    place = place_of(server.url(name))
    other = writer_connection(place)
    other.begin()
    with Project.open(place, "ann") as project:
        made = acts(project, 2)
        with pytest.raises(AwaitedError, match=r"kept .* locked"):
            project.submit(made[0]).result(30)
        assert project.reach is not None
        assert not project.reach.since, "the server is there"
        assert project.work("bg").spans == ()
        with pytest.raises(AwaitedError):
            project.submit(made[1]).result(30)
        other.execute("ROLLBACK")
        until(lambda: settled(project))
        sound(project, made)
    other.close()


def test_what_is_read_at_one_moment_is_not_read_on_at_another(proxy: CutProxy, name: str) -> None:
    with Project.open(proxy.url(name), "ann") as project:
        project._reader.conn.reading("moment")
        assert project.count() == 1
        proxy.cut()
        with pytest.raises(UnreachableError):
            project.count()
        assert project.count() == 1, "the next one begins anew"


def test_a_server_that_is_slow_is_waited_for_longer(
    proxy: CutProxy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "PATIENCE", 0.3)
    with Project.open(proxy.url(name), "ann") as project:
        project.watch(lambda _: None)
        with pytest.raises(UnreachableError, match="no answer"):
            project._reader.rows("SELECT pg_sleep(0.5)")
        until(lambda: settled(project) and project._link.patience == 0.6)  # type: ignore[union-attr]  # on a server
        assert project._reader.rows("SELECT 1 FROM pg_sleep(0.5)") == [(1,)]


# --- where what waits belongs


def _keep(place: object, monkeypatch: pytest.MonkeyPatch, actor: str = "ann") -> Act:
    """An act that could not be saved in a project."""
    with monkeypatch.context() as patch, Project.open(str(place), actor) as project:
        act = label(project, "bg", "kept")
        project.submit(label(project, "bg", "before")).result()

        def broken(*_: object, **__: object) -> None:
            raise UnreachableError("The server of it cannot be reached.")

        patch.setattr(writer.Writer, "_transact", broken)
        with pytest.raises(UnsavedError):
            project.submit(act).result()
    return act


def test_one_journal_whatever_the_address(
    server: TestServer, proxy: CutProxy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = _keep(server.url(name), monkeypatch)
    server.execute("CREATE ROLE other LOGIN SUPERUSER")
    with Project.open(proxy.url(name, user="other"), "ann") as project:
        assert [each.act for each in project.kept()] == [act]
        assert project.elsewhere() == []
        assert project.retry().result() == 1
    assert len(list(journal.folder().glob("*.jsonl"))) == 1


def test_what_is_meant_for_a_server_never_goes_to_a_copy(
    server: TestServer, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = _keep(server.url(name), monkeypatch)
    restored = server.make_database(template=name)
    with Project.open(server.url(restored), "ann") as copy:
        assert copy.kept() == []
        assert [each.act for each in copy.elsewhere()] == [act]
        assert copy.retry().result() == 0
        project_id = copy.id
    file = Journal(project_id, "ann", tmp_path / "checkout.db")
    assert file.pending() == []
    assert [each.act for each in file.elsewhere()] == [act]
    with Project.open(server.url(name), "ann") as project:
        assert project.retry().result() == 1


def test_what_is_meant_for_a_file_never_goes_to_a_server(
    server: TestServer, name: str, tmp_path: Path
) -> None:
    with Project.open(server.url(name), "ann") as project:
        act = label(project, "bg", "kept")
        Journal(project.id, "ann", tmp_path / "gone.db").add(act, "ann", "full")
        assert project.kept() == []
        assert project.elsewhere() == [], "it waits for a file"
        assert project.retry().result() == 0
        moved = Journal(project.id, "ann", tmp_path / "moved.db")
        assert [each.act for each in moved.pending()] == [act]


def test_an_address_is_known_however_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    same = (
        "postgresql://db.example/news",
        "postgres://ann@DB.example:5432/news?sslmode=require",
        "postgresql://bob@/news?host=db.example&port=5432",
    )
    assert {place_of(each).known_as for each in same} == {"db.example/news"}  # type: ignore[union-attr]  # addresses
    other = ("postgresql://db.example:5433/news", "postgresql://db.example/old")
    assert len({place_of(each).known_as for each in (*same, *other)}) == 3  # type: ignore[union-attr]  # addresses


def test_an_act_sent_by_another_window_is_no_conflict(proxy: CutProxy, name: str) -> None:
    with Project.open(proxy.url(name), "ann") as project:
        text = project.article("bg").text
        first, second = (Act("label", (span_draft(text, "bg", "s", 0, 5 + n),)) for n in range(2))
        project.submit(first).result()
        proxy.refuse()
        with pytest.raises(AwaitedError):  # the screen has not learnt what the first one became
            project.submit(second).result()
        proxy.refuse(False)
        project._link.close()  # type: ignore[union-attr]  # it will not come back here
        with Project.open(proxy.url(name), "ann") as other:
            assert other.retry().result() == 1
            assert other.conflict_count("bg") == 0
            assert other.work("bg").spans[0].end == 6
            assert serious(other) == []


def test_a_project_whose_server_is_away_cannot_be_opened(
    proxy: CutProxy, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(proxy.url(name))
    assert isinstance(place, Address)
    _keep(place, monkeypatch)
    proxy.refuse()
    with pytest.raises(UnreachableError, match="cannot be reached"):
        Project.open(place, "ann")
    assert journal.waiting_for(place, "ann") == 1
    assert journal.waiting_for(place, "bob") == 0


def test_what_an_adjudicator_decides_counts_as_kept() -> None:
    drafts = (Draft(Kind.DECISION, "item:entities:1", "bg", {}),)
    assert journal.decides(Act("adjudicate", drafts))
    assert not journal.decides(Act("time", (Draft(Kind.TIME, "time:ann:bg", "bg", {}),)))


def test_why_there_is_no_connection_is_told_in_few_words(proxy: CutProxy, name: str) -> None:
    proxy.refuse()
    with pytest.raises(UnreachableError) as raised:
        Project.open(place_of(proxy.url(name)), "ann")
    assert not any(part in str(raised.value) for part in ("connection failed", "Is the server"))


def test_psycopg_prints_nothing_of_its_own() -> None:
    assert any(
        isinstance(each, logging.NullHandler) for each in logging.getLogger("psycopg").handlers
    )


# --- at random moments


def test_cut_at_random_moments(proxy: CutProxy, name: str, long_run: bool) -> None:
    cuts, rng = 300 if long_run else 20, random.Random(11)
    ended = threading.Event()
    made: list[Act] = []
    refused: list[BaseException] = []

    def work() -> None:
        with Project.open(proxy.url(name), "ann") as project:
            for number in range(10**6):
                (act,) = acts_of(number)
                made.append(act)
                try:
                    project.submit(act).result(60)
                except AwaitedError:
                    time.sleep(0.002)
                except BaseException as error:
                    refused.append(error)
                with suppress(UnreachableError):
                    project.newest_of("bg", "ann")
                if ended.is_set():
                    break
            until(lambda: settled(project))

    def acts_of(number: int) -> list[Act]:
        start = number % (len(TEXT) - 6)
        return [Act("label", tuple(span_draft(TEXT, "bg", f"s{number}-{i}", start, start + 4 + i)
                                   for i in range(2)))]  # fmt: skip

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: made)
    done = 0
    while done < cuts and thread.is_alive():
        time.sleep(rng.uniform(0.002, 0.05))
        kind = rng.random()
        if kind < 0.3:
            proxy.trap(rng.choice((b"COMMIT", b"BEGIN", b"INSERT INTO event")), rng.random() < 0.5)
            done += 1
        elif kind < 0.4:
            proxy.refuse()
            time.sleep(rng.uniform(0.0, 0.05))
            proxy.refuse(False)
            done += 1
        else:
            done += bool(proxy.cut())
    ended.set()
    thread.join(120)
    assert not thread.is_alive()
    assert refused == []
    with Project.open(proxy.url(name), "ann") as project:
        sound(project, made)


NURSERY = """
import os, sys, signal, time
sys.path[:0] = sys.argv[1:3]
from store_help import span_draft
from annotator.model.event import Act
from annotator.store import link, server, saving, writer
from annotator.store.project import Project
from annotator.store.trouble import AwaitedError
from annotator.store.saving import Chain
link.FIRST, link.LONGEST = 0.01, 0.1
signal.signal(signal.SIGCHLD, signal.SIG_IGN)

def work(url, actor, start, said):
    with Project.open(url, actor) as project:
        if project.pending():
            project.retry().result()
        text = project.article("bg").text
        for number in range(start, start + 10**6):
            place = number % 200
            drafts = tuple(span_draft(text, "bg", f"{actor}-{number}-{i}", place, place + 5 + i)
                           for i in range(2))
            try:
                project.submit(Act("label", drafts)).result()
            except AwaitedError:  # it is in the journal: that is a promise too
                time.sleep(0.01)
            os.write(said, f"{number}\\n".encode())

for line in sys.stdin:
    url, actor, start, said = line.split()
    child = os.fork()
    if not child:
        try:
            work(url, actor, int(start), os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        except BaseException as error:
            os.write(2, f"{actor} {start}: {error!r}\\n".encode())
        os._exit(0)
    print(child, flush=True)
"""


class Nursery:
    """Starts processes that save acts and say the number of each once it is safe; they start quickly."""

    def __init__(self, url: str, folder: Path) -> None:
        here = Path(__file__).parent
        command = [sys.executable, "-c", NURSERY, str(here), str(here.parent)]
        pipe = subprocess.PIPE
        self._errors = (folder / "errors").open("wb")
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=self._errors, text=True
        )
        self._url, self._folder = url, folder
        self._starts = 0
        self.living: dict[int, str] = {}
        """The processes, and who works in each."""

    def start(self, actor: str) -> int:
        """Start one; its number as the system knows it."""
        self._starts += 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = self._folder / f"said-{actor}"
        self._process.stdin.write(f"{self._url} {actor} {self._starts * 10**6} {said}\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        self.living[pid] = actor
        return pid

    def kill(self, pid: int) -> str:
        """Kill one; who worked in it."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return self.living.pop(pid)

    def close(self) -> None:
        """Kill all."""
        for pid in list(self.living):
            self.kill(pid)
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def said(self, actor: str) -> set[int]:
        """The numbers of the acts that one promised to have kept, in all processes together."""
        file = self._folder / f"said-{actor}"
        if not file.exists():
            return set()
        text = file.read_text()
        return set(map(int, text[: text.rfind("\n") + 1].split()))

    def promised(self, actors: list[str]) -> int:
        """How many acts they promised to have kept, all together."""
        return sum(len(self.said(actor)) for actor in actors)


def _judge(nursery: Nursery, place: str, actors: list[str], least: int) -> None:
    """What was promised is there once all that waits is sent; all acts are there whole, once."""
    promised = 0
    for actor in actors:
        with Project.open(place, actor) as project:
            project.retry().result()
            kept = Counter(int(span.id.split("-")[1]) for span in project.work("bg").spans)
            said = nursery.said(actor)
            promised += len(said)
            assert said <= kept.keys()
            assert set(kept.values()) <= {2}
            events = Counter(event.act for event in project.history("bg", actor))
            assert set(events.values()) <= {2}, "an act is there once"
            assert project.kept() == []
    with Project.open(place, "ann") as project:
        assert serious(project) == []
    assert promised >= least


def test_killed_clients(server: TestServer, name: str, tmp_path: Path, long_run: bool) -> None:
    kills, rng = 1000 if long_run else 8, random.Random(3)
    actors = [f"w{n}" for n in range(4)]
    nursery = Nursery(server.url(name), tmp_path)
    try:
        for actor in actors:
            nursery.start(actor)
        for _ in range(kills):
            time.sleep(rng.uniform(0.02, 0.12))
            actor = nursery.kill(rng.choice(list(nursery.living)))
            nursery.start(actor)
        until(lambda: nursery.promised(actors) >= kills // 4)
    finally:
        nursery.close()
    _judge(nursery, server.url(name), actors, kills // 4)


def test_killed_clients_of_a_server_whose_way_is_cut(
    proxy: CutProxy, name: str, tmp_path: Path, long_run: bool
) -> None:
    kills, rng = 200 if long_run else 3, random.Random(4)
    actors = [f"w{n}" for n in range(3)]
    nursery = Nursery(proxy.url(name), tmp_path)
    try:
        for actor in (*actors, actors[0]):  # one of them has two windows
            nursery.start(actor)
        for _ in range(kills):
            time.sleep(rng.uniform(0.05, 0.2))
            proxy.refuse()
            time.sleep(rng.uniform(0.0, 0.1))
            nursery.start(nursery.kill(rng.choice(list(nursery.living))))
            proxy.refuse(False)
            time.sleep(rng.uniform(0.05, 0.2))
            for pid in list(nursery.living):  # who found no server at the start is gone
                if not Path(f"/proc/{pid}").exists():
                    nursery.start(nursery.kill(pid))
        until(lambda: nursery.promised(actors) >= kills)
    finally:
        nursery.close()
    _judge(nursery, proxy.url(name), actors, kills)


def test_immediate_stops_under_load(
    server: TestServer, name: str, tmp_path: Path, long_run: bool
) -> None:
    assert server.execute("SHOW fsync") == [("on",)]
    stops, rng = 12 if long_run else 2, random.Random(5)
    actors = [f"w{n}" for n in range(4)]
    nursery = Nursery(server.url(name), tmp_path)
    try:
        for actor in actors:
            nursery.start(actor)
        for _ in range(stops):
            before = nursery.promised(actors)
            until(lambda: nursery.promised(actors) > before + 6)  # noqa: B023  # called at once
            time.sleep(rng.uniform(0.0, 0.1))
            server.stop("immediate")
            time.sleep(rng.uniform(0.0, 0.2))
            server.start()
        until(lambda: nursery.promised(actors) > stops * 7)
    finally:
        nursery.close()
    _judge(nursery, server.url(name), actors, stops * 7)
