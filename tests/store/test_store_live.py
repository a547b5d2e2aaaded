"""What others do is heard within moments, on both engines alike, and not a word of what they decide."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pg_kit import TestServer
from store_help import label, looked_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, Note, State, Status
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Round, Slot, Why
from annotator.store import live, notices
from annotator.store.address import Address, Place, place_of
from annotator.store.beside import Beside, Far, beside
from annotator.store.live import Listener
from annotator.store.news import News, ask
from annotator.store.notices import (
    ANYTHING,
    ARTICLES,
    ASSIGNED,
    CLAIM,
    MANY,
    SORTS,
    STATE,
    WORK,
    Heard,
    sort_of,
)
from annotator.store.project import Project
from annotator.store.reader import Reader

pytestmark = pytest.mark.file_only  # these are on both engines anyway

PATIENCE = 20.0
"""Seconds after which something that should come did not."""
TEXTS = {
    "bg": "Кметът откри моста.",
    "ru": "Мэр открыл мост.",
    "el": "Ο δήμαρχος.",
    "zh": "市长开通桥梁。",
}


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four articles, to be copied."""
    return Path(str(made(tmp_path_factory.mktemp("made") / "project.db")))


@pytest.fixture(scope="module")
def on_server(pg_server: TestServer) -> Iterator[str]:
    """The same as a database."""
    name = pg_server.make_database()
    made(place_of(pg_server.url(name)))
    yield name
    pg_server.drop(name)


@pytest.fixture
def address(pg_server: TestServer, on_server: str) -> Iterator[Address]:
    """A project of four articles on a server."""
    name = pg_server.make_database(template=on_server)
    found = place_of(pg_server.url(name))
    assert isinstance(found, Address)
    yield found
    pg_server.drop(name)


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """The same by each engine."""
    if request.param == "server":
        found: Address = request.getfixturevalue("address")
        return found
    return Path(shutil.copy(request.getfixturevalue("in_file"), tmp_path / "project.db"))


def made(place: Place) -> Place:
    with Project.create(place, preset("news"), "ann") as project:
        list(project.add([Article(name, text) for name, text in TEXTS.items()]))
    return place


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may take a second takes less."""
    monkeypatch.setattr(live.FileEar, "every", 0.02)
    monkeypatch.setattr(live, "SOON", 0.02)
    monkeypatch.setattr(live, "PAUSE", 0.02)


class Ear:
    """Keeps what a listener tells."""

    def __init__(self, listener: Listener | None = None) -> None:
        self.tellings: list[list[Heard]] = []
        self.came = threading.Condition()
        self.readers: list[Reader] = []
        if listener is not None:
            listener.add(self.hear)
            self.wait_for(ANYTHING)
            self.tellings.clear()

    def hear(self, news: list[Heard], reader: Reader) -> None:
        with self.came:
            self.tellings.append(list(news))
            self.readers.append(reader)
            self.came.notify_all()

    @property
    def heard(self) -> list[Heard]:
        return [each for news in self.tellings for each in news]

    def wait_for(self, what: str, count: int = 1) -> list[Heard]:
        """All that was heard, once so many of a sort are among it."""
        with self.came:
            assert self.came.wait_for(
                lambda: sum(each.what == what for each in self.heard) >= count, PATIENCE
            ), self.heard
            return self.heard


@pytest.fixture
def listener(place: Place) -> Iterator[Listener]:
    """Somebody who listens to the project."""
    found = Listener(place, pause=0.02)
    yield found
    found.close()


def done(project: Project, article: str, actor: str = "", state: State = State.DONE) -> None:
    actor = actor or project.actor
    project.submit(Act("done", (status_draft(article, actor, state),)), actor).result()


def sorts(heard: list[Heard]) -> list[tuple[str, int, str]]:
    return [(each.what, each.n, each.who) for each in heard]


def test_each_change_is_heard_with_its_article_and_who_made_it(
    place: Place, listener: Listener
) -> None:
    ear = Ear(listener)
    with Project.open(place, "anna") as project:
        project.submit(label(project, "bg", "s")).result()
        assert sorts(ear.wait_for(WORK)) == [(WORK, 1, "anna")]
        assert ear.heard[0].by == project._wrote_as()
        done(project, "ru")
        project.submit(Act("looked", (looked_draft("el", "anna", "entities"),))).result()
        assert sorts(ear.wait_for(STATE, 2))[1:] == [(STATE, 2, "anna"), (STATE, 3, "anna")]
        project.open_pools([Pool("zh", 2)])
        assert project.claim(["zh"]) == "zh"
        assert sorts(ear.wait_for(CLAIM))[3:] == [(ASSIGNED, 4, "anna"), (CLAIM, 4, "anna")]
        list(project.add([Article("new", "Нов.")]))
        assert sorts(ear.wait_for(ARTICLES))[5:] == [(ARTICLES, 0, "")]
        project.set_round(Round("pilot"))
        project.set_people({"anna": Role.LEAD, "boris": Role.ANNOTATOR})
        assert sorts(ear.wait_for("person"))[6:] == [("round", 0, "anna"), ("person", 0, "anna")]


def test_what_changes_nothing_for_others_is_not_told(place: Place, listener: Listener) -> None:
    ear = Ear(listener)
    with Project.open(place, "anna") as project:
        draft = Draft(Kind.TIME, "time:anna:bg", "bg", {"seconds": {"entities": 4}, "keys": {}})
        project.submit(Act("time", (draft,))).result()
        done(project, "ru")
    assert sorts(ear.wait_for(STATE)) == [(STATE, 2, "anna")]


def test_one_is_not_told_of_ones_own_doing(place: Place) -> None:
    with Project.open(place, "anna") as one, Project.open(place, "anna") as two:
        ear = Ear()
        one.listen(ear.hear)
        ear.wait_for(ANYTHING)
        done(one, "bg")
        done(two, "ru")
        assert sorts(ear.wait_for(STATE))[1:] == [(STATE, 2, "anna")]


def test_nobody_is_told_who_is_at_a_later_pass(place: Place, listener: Listener) -> None:
    ear = Ear(listener)
    with Project.open(place, "lead") as project:
        project.assign([Slot("bg", "iva #2", "", Why.AGAIN)])
        done(project, "bg", "iva #2")
        project.submit(label(project, "ru", "s"), "iva #training").result()
        ear.wait_for(WORK)
    assert sorts(ear.heard) == [(ASSIGNED, 1, "lead"), (STATE, 1, "iva"), (WORK, 2, "iva")]
    assert "#" not in repr(ear.heard)


def test_what_did_not_happen_is_not_told(place: Place, listener: Listener) -> None:
    ear = Ear(listener)
    with Project.open(place, "anna") as project:
        with pytest.raises(AnnotatorError):
            project.assign([Slot("bg", "boris"), Slot("nowhere", "boris")])
        done(project, "ru")
        assert sorts(ear.wait_for(STATE)) == [(STATE, 2, "anna")]


def test_much_at_once_is_told_as_much(place: Place) -> None:
    with Project.open(place, "lead") as project:
        list(project.add([Article(f"a{n:03}", f"Текст {n}.") for n in range(150)]))
        listener = Listener(place, pause=0.02)
        try:
            ear = Ear(listener)
            project.assign(Slot(f"a{n:03}", "boris") for n in range(150))
            found = ear.wait_for(MANY)
            own = project._wrote_as()
        finally:
            listener.close()
    assert len(found) <= notices.FIRST + 1
    assert {each.what for each in found} <= {ASSIGNED, MANY}
    assert found[-1].by == ("" if isinstance(place, Path) else own)


def test_what_comes_in_a_pause_is_told_together(place: Place) -> None:
    listener = Listener(place, pause=0.5)
    try:
        ear = Ear(listener)
        with Project.open(place, "anna") as project:
            for article in TEXTS:
                done(project, article)
                done(project, article, state=State.OPEN)
        ear.wait_for(STATE, 4)
        assert len(ear.tellings) <= 2, "the first at once, all the others after the pause"
        together = ear.tellings[-1]
        assert len(together) == len({*together}), "alike ones once"
    finally:
        listener.close()


def test_a_hearer_is_told_no_more_and_called_when_it_wants(
    place: Place, listener: Listener
) -> None:
    ear, other = Ear(listener), Ear(listener)
    calls: list[int] = []
    thrice = threading.Event()

    def again(news: list[Heard], reader: Reader) -> float | None:
        calls.append(len(news))
        if len(calls) == 3:
            thrice.set()
        return 0.01 if len(calls) < 3 else None

    listener.add(again)
    assert thrice.wait(PATIENCE)
    assert calls == [1, 0, 0]
    listener.remove(other.hear)
    with Project.open(place, "anna") as project:
        done(project, "bg")
    ear.wait_for(STATE)
    assert other.heard == []


def test_questions_are_answered_in_the_listeners_thread(place: Place, listener: Listener) -> None:
    found: list[object] = []
    ready = threading.Event()

    def look(news: list[Heard], reader: Reader) -> None:
        found.append((threading.current_thread().name, reader.value("SELECT max(n) FROM article")))
        with pytest.raises(AnnotatorError):
            reader.rows("DELETE FROM event")
        ready.set()

    listener.add(look)
    assert ready.wait(PATIENCE)
    assert found[0] == ("annotator-listener", 4)


def test_closing_ends_the_thread_and_nothing_is_left(place: Place) -> None:
    before = threading.active_count()
    with Project.open(place, "anna") as project:
        ear = Ear()
        project.listen(ear.hear)
        ear.wait_for(ANYTHING)
        assert threading.active_count() > before
    assert threading.active_count() == before
    if isinstance(place, Path):
        names = sorted(each.name for each in place.parent.iterdir())
        assert names == ["project.db", "project.db.lock"]
    never = Listener(place)
    never.close()
    never.close()


def test_a_file_does_without_psycopg(in_file: Path, tmp_path: Path) -> None:
    path = shutil.copy(in_file, tmp_path / "p.db")
    code = (
        "import sys, threading\nfrom annotator.store.project import Project\nheard = threading.Event()\n"
        f"with Project.open({str(path)!r}, 'anna') as project:\n"
        "    project.listen(lambda news, reader: heard.set())\n    assert heard.wait(20)\n"
        "assert 'psycopg' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# --- on a server


def test_a_notice_holds_nothing_of_what_was_decided(
    address: Address, pg_server: TestServer
) -> None:
    secret = "Тайна"
    conn = pg_server.connect(address.name)
    conn.execute(f"LISTEN {notices.CHANNEL}")
    actor = "😀" * 63 + "é"
    with Project.open(address, actor) as project:
        text = project.article("bg").text
        note = Note("SECRET", secret)
        drafts = (
            *label(project, "bg", "SECRET").drafts,
            stance_draft(text, "bg", actor, "SECRET", "against"),
            Draft(Kind.NOTE, note.key, "bg", note.body(text)),
            looked_draft("bg", actor, "entities"),
        )
        project.submit(Act("label", drafts)).result()
        body = Status(State.SKIPPED, secret).body()
        draft = Draft(Kind.STATUS, Status.key(actor, "bg"), "bg", body)
        project.submit(Act("skip", (draft,))).result()
        project.assign([Slot("ru", "boris", "SECRET", Why.GOLD)])
    conn.execute("SELECT 1")
    found = [each.payload for each in conn.notifies(timeout=0.2)]
    conn.close()
    assert len(found) >= 4
    for payload in found:
        assert {*json.loads(payload)} <= {"what", "n", "who", "by"}
        assert json.loads(payload)["what"] in {*SORTS.values(), CLAIM, ARTICLES}
        assert not [
            each for each in ("SECRET", secret, "skip", "against", "PER", "gold") if each in payload
        ]
        assert len(payload.encode()) < 1000, "of the 8,000 that a server takes"
    assert {json.loads(payload)["who"] for payload in found} == {actor}


def test_the_trigger_and_the_log_tell_alike(address: Address, pg_server: TestServer) -> None:
    """Each kind of event, as the trigger sorts it and as `sort_of` does for files."""
    ear = Ear(listener := Listener(address, pause=0.0))
    try:
        with pg_server.connect(address.name) as conn:
            for number, kind in enumerate(Kind):
                conn.execute(
                    "INSERT INTO event VALUES (%s, %s, 'w', %s, 'a', '', 'k', '', 'x', 'v', '', %s, NULL, '')",
                    (1000 + number, f"id{number}", number, kind.value),
                )
            conn.execute(
                f"SELECT pg_notify('{notices.CHANNEL}', %s)", (json.dumps({"what": "end"}),)
            )
        found = [each.what for each in ear.wait_for("end")]
    finally:
        listener.close()
    loud = [kind for kind in Kind if kind not in notices.SILENT]
    assert [*dict.fromkeys(found)] == [
        *dict.fromkeys(sort_of(kind, "v") for kind in loud),
        "end",
    ]


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"what": 1, "n": "x"}',
        "[" * 5000,
        '{"what": null, "n": null}',
        '{"what": "state", "n": 1e999}',
    ],
)
def test_whatever_else_is_sent_on_the_channel_can_mean_anything(payload: str) -> None:
    pytest.importorskip("psycopg")
    from annotator.store.live_on_server import said

    assert said(payload) == Heard(ANYTHING)


def test_after_a_loss_anything_may_have_changed(address: Address, pg_server: TestServer) -> None:
    ear = Ear(listener := Listener(address, pause=0.0))
    try:
        pg_server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (address.name,),
        )
        ear.wait_for(ANYTHING)
        with Project.open(address, "anna") as project:
            done(project, "bg")
        assert sorts(ear.wait_for(STATE))[-1] == (STATE, 1, "anna")
    finally:
        listener.close()


def test_where_there_is_no_server_it_is_tried_again_until_the_end(pg_server: TestServer) -> None:
    listener = Listener(place_of(pg_server.url("nowhere")))
    ear = Ear()
    listener.add(ear.hear)
    time.sleep(0.1)
    assert ear.heard == []
    listener.close()
    assert not [each for each in threading.enumerate() if each.name == "annotator-listener"]


SIT = """
import sys
from annotator.store.project import Project
with Project.open(sys.argv[1], "iva") as project, project.sit() as sitting:
    print(sitting.settle(20), sitting.was_alone, flush=True)
    sys.stdin.readline()
"""


def test_sittings_on_a_server(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.store import sittings_on_server

    monkeypatch.setattr(sittings_on_server, "AGAIN", 0.02)
    with (
        Project.open(address, "iva") as one,
        Project.open(address, "boris") as two,
        one.sit() as first,
        two.sit() as other,
    ):
        assert first.settle(PATIENCE)
        assert other.settle(PATIENCE)
        assert (first.was_alone, first.alone, other.was_alone) == (True, True, True)
        seen = watched(lambda: first.alone)
        worker = subprocess.Popen(
            [sys.executable, "-c", SIT, str(address)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "True False\n"
            seen(False)
            assert other.alone, "it is another annotator's"
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait(timeout=30)
        seen(True)  # although it told nothing
        with Project.open(address, "iva") as again:
            with again.sit() as second:
                assert second.settle(PATIENCE)
                assert not second.was_alone
                seen(False)
            seen(True)
            second.close()


def watched(look: Callable[[], bool]) -> Callable[[bool], None]:
    """Waits until something is as it should be."""

    def wait(wanted: bool) -> None:
        end = time.monotonic() + PATIENCE
        while look() is not wanted:
            assert time.monotonic() < end, f"never {wanted}"
            time.sleep(0.005)

    return wait


def test_a_sitting_without_a_project(address: Address) -> None:
    from annotator.store.sittings import sit

    with sit(address, "iva") as one:
        assert one.settle(PATIENCE)
        assert one.was_alone
    assert not [each for each in threading.enumerate() if each.name == "annotator-listener"]


def test_annotators_who_see_nobody_elses_rows_hear_the_same(
    address: Address, pg_server: TestServer
) -> None:
    from annotator.store import accounts, grants

    people = ("anna", "boris")
    logins = {person: f"{person}_{address.name}" for person in people}
    with Project.open(address, "ann") as project:
        project.set_people({"ann": Role.LEAD})
        project.open_pools([Pool("bg", 1), Pool("ru", 2)])
    accounts.set_up(address, "ann")
    try:
        for person, login in logins.items():
            accounts.add(address, person, Role.ANNOTATOR, login, "word")
        anna, boris = (
            Project.open(pg_server.url(address.name, login), person)
            for person, login in logins.items()
        )
        with anna, boris, boris.sit() as sitting:
            assert sitting.settle(PATIENCE)
            ear = Ear()
            boris.listen(ear.hear)
            assert anna.claim(["bg", "ru"]) == "bg"
            done(anna, "ru")
            assert sorts(ear.wait_for(STATE))[-2:] == [(CLAIM, 1, "anna"), (STATE, 2, "anna")]
            assert boris.beside([1, 2, 3]) == {
                1: Beside({"anna": Far.HAS}),
                2: Beside({"anna": Far.FINISHED}, 2),
            }
            assert ask(ear.readers[-1], [Heard(CLAIM, 1)], "boris", "bg") == News(None, True)
            assert boris.claim(["bg", "ru"]) == "ru"
    finally:
        pg_server.drop(address.name)
        groups = (grants.group(address.name, role) for role in grants.GROUPS)
        for role in (*logins.values(), *groups):
            pg_server.execute(f'DROP ROLE IF EXISTS "{role}"')


# --- what is asked because of it


def test_who_else_is_at_an_article(place: Place) -> None:
    with Project.open(place, "lead") as project:
        project.assign([Slot("bg", "anna"), Slot("bg", "boris"), Slot("bg", "iva #2")])
        project.open_pools([Pool("ru", 3), Pool("zh", 1)])
        project.claim(["ru"], "anna")
        done(project, "bg", "anna", State.SKIPPED)
        project.submit(label(project, "ru", "s"), "boris").result()
        done(project, "el", "boris #2")
        numbers = range(5, 0, -1)
        assert project.beside(numbers) == {
            1: Beside({"anna": Far.FINISHED, "boris": Far.HAS}),
            2: Beside({"anna": Far.HAS, "boris": Far.BEGUN}, 2),
            4: Beside({}, 1),
        }
        # nothing of what is one's own to do, and oneself is nobody else
        assert beside(project._reader, "anna", numbers) == {4: Beside({}, 1)}
        assert beside(project._reader, "boris", numbers) == {
            2: Beside({"anna": Far.HAS}, 2),
            4: Beside({}, 1),
        }
        assert beside(project._reader, "anna", []) == {}
        assert beside(project._reader, "anna", [*range(1, 200)]) == {4: Beside({}, 1)}


def test_what_an_annotator_is_told(place: Place) -> None:
    anything = [Heard(ANYTHING)]
    with Project.open(place, "lead") as project:
        reader = project._reader
        assert ask(reader, anything, "iva", "bg") == News(0, False, 4)
        project.open_pools([Pool("bg", 1), Pool("ru", 1)])
        project.assign([Slot("el", "iva"), Slot("zh", "iva", "", Why.GOLD), Slot("zh", "boris")])
        project.claim(["ru"], "iva")
        assert ask(reader, [Heard(ASSIGNED, 3)], "iva", "bg") == News(2), "not what one took"
        project.claim(["bg"], "anna")
        assert ask(reader, [Heard(CLAIM, 1)], "iva", "bg") == News(None, True)
        assert ask(reader, [Heard(CLAIM, 2)], "iva", "bg") == News(None), "another article"
        assert ask(reader, [Heard(STATE, 1)], "iva", "bg") == News()
        assert ask(reader, [Heard(CLAIM, 2)], "iva", "ru") == News(), "one's own place"
        project.submit(label(project, "bg", "s"), "iva").result()
        assert ask(reader, [Heard(CLAIM, 1)], "iva", "bg") == News(), "one has begun it"
        assert ask(reader, [Heard(MANY)], "iva", "") == News(2, False, 4)
        assert ask(reader, [Heard(ARTICLES)], "iva", "") == News(None, False, 4)
