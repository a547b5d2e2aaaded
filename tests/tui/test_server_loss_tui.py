"""The server goes away under an annotator's hands: it shows, the work goes on, and is sent when it is back."""

import asyncio
import io
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import redirect_stderr

import adjudication_kit as kit
import pytest
from adjudicate_tui_kit import Bench, open_bench
from pg_kit import TestServer, needs_wheel
from tui_kit import Seat, open_app

from annotator.desk.desk import Desk
from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_queue import Options
from annotator.model.annotation import Span
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act
from annotator.model.scheme_file import preset
from annotator.store import link
from annotator.store.address import Address, place_of
from annotator.store.project import Project
from annotator.store.trouble import AwaitedError
from annotator.tui import adjudicate, away, notes, saving, start

TEXT = "Кметът на Новобряг откри моста.\nЖителите на {0} чакаха {1} години.\n"
NAMES = [f"a{n:02}" for n in range(14)]


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server that tests stop and start."""
    needs_wheel()
    server = TestServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def place(server: TestServer, monkeypatch: pytest.MonkeyPatch) -> Address:
    """A project of fourteen articles on it; nothing is waited for without need."""
    monkeypatch.setattr(away, "SOON", 0.02)
    monkeypatch.setattr(notes, "QUIET", 0.02)
    monkeypatch.setattr(notes, "AGAIN", 0.02)
    monkeypatch.setattr(link, "FIRST", 0.05)
    if not server.is_running:
        server.start()
    found = place_of(server.url(server.make_database()))
    assert isinstance(found, Address)
    with Project.create(found, preset("news"), "iva") as project:
        made = (Article(name, TEXT.format(name, n + 2), f"Мост {name}", lang="bg")
                for n, name in enumerate(NAMES))  # fmt: skip
        assert all(not outcome.reason for outcome in project.add(made))
    return found


async def until(seat: Seat | Bench, holds: Callable[[], object]) -> None:
    """Go on until something holds, half a minute at most."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, seat.text()
        await asyncio.sleep(0.01)
        await seat.pilot.pause()


async def read_ahead(seat: Seat) -> away.AwayList:
    """The way through the articles, once what comes next lies ready."""
    work = seat.app.work
    assert isinstance(work, away.AwayList)
    await until(seat, lambda: len(work._stock) > away.AHEAD)
    return work


def spans(place: Address) -> dict[str, list[str]]:
    """What is labelled in which article, as another annotator's program reads it."""
    with Project.open(place, "", readonly=True) as project:
        return {
            name: [found] if (found := "".join(s.label for s in work.spans)) else []
            for name in NAMES
            for work in [project.work(name, "iva")]
            if work.spans
        }


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that is said below the article."""
    found: list[str] = []
    say = Desk.say

    def heard(desk: Desk, message: str) -> None:
        found.append(message)
        say(desk, message)

    monkeypatch.setattr(Desk, "say", heard)
    return found


async def test_work_goes_on_and_is_sent_when_the_server_is_back(
    server: TestServer, place: Address, said: list[str]
) -> None:
    async with open_app(place) as seat:
        await read_ahead(seat)
        await seat.press("2 p")
        await seat.saved()
        assert "✓ saved" in seat.text()
        server.stop()
        await seat.press("tab l")
        await until(seat, lambda: "○ server away, 1 kept here" in seat.text())
        await seat.press("left right left right")
        await until(seat, lambda: saving.AWAY in said)
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "a01"
        assert "Мост a01" in seat.text()
        assert "2 of 14" in seat.text()
        await seat.press("p ctrl+n")
        assert seat.desk.sheet.article.id == "a02"
        await seat.press("o ctrl+g")
        assert seat.desk.sheet.article.id == "a01"
        assert [s.label for s in seat.desk.sheet.spans.values()] == ["PER"], "not sent yet"
        await seat.press("ctrl+g")
        assert seat.desk.sheet.status.state == "done", "finished before one went on"
        assert sorted(s.label for s in seat.desk.sheet.spans.values()) == ["LOC", "PER"], (
            "what was saved after it had been read, and what was not"
        )
        assert seat.article.saved.trouble == ""
        assert not server.is_running
        server.start()
        await until(seat, lambda: "✓ saved" in seat.text())
        await until(seat, lambda: any(saving.BACK in words for words in said))
        assert said[-1].endswith("decisions kept here were sent.")
        assert said.count(saving.AWAY) == 1
        assert seat.app.work.project.pending() == []
        assert [s.label for s in seat.app.work.work("a02").spans] == ["ORG"]
        await seat.press("ctrl+n")
        await seat.press("l")
        await seat.saved()
        assert seat.app.work.project.verify() == [] or all(
            "word index" in each.where for each in seat.app.work.project.verify()
        )
    found = spans(place)
    assert set(found) == {"a00", "a01", "a02"}


async def test_where_nothing_was_read_ahead_the_article_stays(
    server: TestServer, place: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(away.AwayList, "_read_ahead", lambda *_: None)
    async with open_app(place) as seat:
        await seat.press("2")
        server.stop()
        for key in ("ctrl+n", "ctrl+d", "ctrl+g"):
            await seat.press(key)
            assert seat.desk.sheet.article.id == "a00"
            assert saving.NOT_AHEAD in seat.text()
        for key in ("ctrl+o", "ctrl+s", "f1", "f5"):
            await seat.press(key)
            await seat.press("escape")
        assert seat.app.is_running
        assert seat.app.fault is None
        server.start()
        await until(seat, lambda: seat.article.saved.words == "✓ saved")
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "a01"


async def test_the_server_goes_while_the_queue_is_open(server: TestServer, place: Address) -> None:
    async with open_app(place) as seat:
        await seat.press("ctrl+o")
        assert "14 articles" in seat.text()
        server.stop()
        await seat.type("Мост")
        assert "cannot be reached" in seat.text()
        for key in ("f3", "f4", "f6", "escape", "f4", "escape", "down", "ctrl+end", "enter"):
            await seat.press(key)
        await seat.press("escape")
        assert seat.app.fault is None
        server.start()
        await until(seat, lambda: seat.article.saved.words == "✓ saved")
        await seat.press("2 p")
        await seat.saved()


async def test_keys_read_nothing_while_the_server_is_away(
    server: TestServer, place: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(place) as seat:
        work = await read_ahead(seat)
        server.stop()
        await seat.press("2 p")
        await until(seat, lambda: "kept here" in seat.text())
        way = work.project._link
        assert way is not None

        def connect(readonly: bool) -> None:
            raise AssertionError("a key tried to connect")

        monkeypatch.setattr(way, "connect", connect)
        await seat.press("tab p tab l down right minus shift+right o u ctrl+d p ctrl+n p ctrl+g")
        assert seat.article.saved.trouble == ""
        assert seat.app.fault is None
        server.start()


def test_closed_while_acts_wait_and_sent_at_the_next_start(
    server: TestServer, place: Address
) -> None:
    told = io.StringIO()

    async def sit() -> None:
        async with open_app(place) as seat:
            await read_ahead(seat)
            await seat.press("2 p")
            await seat.saved()
            server.stop()
            await seat.press("tab l")
            await until(seat, lambda: "1 kept here" in seat.text())
            with redirect_stderr(told):
                start.finish_saving(seat.desk, seat.app.work.project)

    asyncio.run(sit())
    assert told.getvalue().endswith(" is kept on this machine: the next start sends it.\n")
    with pytest.raises(AnnotatorError, match=r"checkout .* kept on this machine"):
        start._opened(place, "iva", Project.open).close()
    server.start()
    with Project.open(place, "iva") as project:
        assert "saved now" in start.send_what_waited(project)
        assert sorted(span.label for span in project.work("a00").spans) == ["LOC", "PER"]
        assert project.kept() == []


def test_the_mark_follows_an_act_until_it_was_sent() -> None:
    reach = [link.Reach()]
    mark = saving.SavedMark(lambda wake: wake(), lambda: None, lambda: reach[0])
    act, sent = Future[object](), Future[object]()
    mark.watch(act)
    assert mark.words == "… saving"
    act.set_exception(AwaitedError("The server cannot be reached.", sent))
    reach[0] = link.Reach(1.0, 2)
    assert (mark.words, mark.trouble) == ("○ server away, 2 kept here", "")
    assert [mark.heard(reach[0]), mark.heard(reach[0])] == [saving.AWAY, ""]
    reach[0] = link.Reach(0.0, 2)
    assert (mark.heard(reach[0]), mark.words) == ("", "… sending 2")
    reach[0] = link.Reach()
    assert mark.heard(reach[0]) == f"{saving.BACK} 2 decisions kept here were sent."
    assert mark.heard(reach[0]) == ""
    assert mark.words == "✓ saved"
    sent.set_exception(AnnotatorError("It was refused."))
    assert (mark.words, mark.trouble) == ("✗ NOT SAVED", "It was refused.")


async def test_a_screen_at_which_nobody_types_tells_of_it_too(
    server: TestServer, place: Address
) -> None:
    async with open_app(place) as seat:
        await read_ahead(seat)
        server.stop()
        await until(seat, lambda: "○ server away" in seat.text())
        server.start()
        await until(seat, lambda: "○ server away" not in seat.text())


@pytest.mark.parametrize("asked", [False, True])
async def test_adjudication_goes_on_by_itself_when_the_server_is_back(
    server: TestServer, place: Address, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    """Two people disagree on the name in each article: one item each, and the next is not read ahead."""
    with Project.open(place, kit.JUDGE) as project:
        for article in (project.article(name) for name in NAMES[:3]):
            for name, label in (("iva", "LOC"), ("mila", "ORG")):
                span = Span(f"{name}-{article.id}", "entities", label, 9, 17)
                project.record(Act("label", tuple(kit.drafts(article, name, [span]))), name)
    monkeypatch.setattr(Adjudicating, "preload", lambda _: None)
    async with open_bench(place, options=Options(audit=0)) as bench:
        desk, saved = bench.desk, bench.screen.saved
        begun = desk.item
        assert begun is not None
        server.stop()
        await bench.press("1")
        assert desk.item is not None
        assert (desk.item.key, desk.article_place) == (begun.key, 0), "there is no way on yet"
        await until(bench, lambda: "1 kept here" in bench.text())
        assert any(words in bench.text() for words in (adjudicate.AWAY, saving.AWAY))
        if asked:
            await bench.press("/")
        server.start()
        await until(bench, lambda: saved.words == "✓ saved")
        if asked:
            assert desk.article_place == 0, "nothing moves beneath a question"
            await bench.press("escape n")
        await until(bench, lambda: desk.article_place == 1)
        assert not any(words in bench.text() for words in (adjudicate.AWAY, saving.AWAY))
        assert asked or saving.BACK in bench.text()
