"""Suggestions prepared beside the interface: what is told when, and that what is ready is painted."""

import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tui_kit import Seat, open_app

from annotator.config import Config
from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot
from annotator.model.suggestion import Suggestion
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.tui import ahead, helper
from annotator.tui.helper import Helper
from annotator.tui.start import get_help
from annotator.tui.work import WorkList


class Fake:
    """A companion that writes down what it is told."""

    def __init__(self, ready: Callable[[str], None], told: Callable[[str], None]) -> None:
        self.ready, self.told = ready, told
        self.heard: list[tuple[str, object]] = []

    def prepare(self, articles: list[str]) -> None:
        self.heard.append(("prepare", articles))

    def finished(self, article: str) -> None:
        self.heard.append(("finished", article))

    def close(self) -> None:
        self.heard.append(("close", ""))

    def call(self, function: Callable[[str], None], words: str) -> None:
        """Call the app back as a companion does, from a thread of its own."""
        thread = threading.Thread(target=function, args=(words,))
        thread.start()
        thread.join()


@asynccontextmanager
async def helped(path: Path, start: str | None = None) -> AsyncIterator[tuple[Seat, list[Fake]]]:
    """The interface with a fake companion, made when it is first wanted."""
    made: list[Fake] = []

    def make(ready: Callable[[str], None], told: Callable[[str], None]) -> Fake:
        made.append(Fake(ready, told))
        return made[-1]

    async with open_app(path, start=start) as seat:
        seat.app.helper = Helper(seat.app, make)  # type: ignore[arg-type]  # as much of one as is used
        seat.app.helper.opened(seat.desk.sheet.article.id)  # it was painted before
        yield seat, made


async def until(seat: Seat, true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Let the interface run until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain:\n{seat.text()}"
        await seat.pilot.pause(0.02)


def keep(path: Path, article: str, surface: str, label: str = "PER") -> None:
    """Keep a guess, as the worker does."""
    with Project.open(path, "iva") as project:
        at = project.article(article).text.index(surface)
        guess = Suggestion("entities", label, at, at + len(surface), "names", 0.9, sure=True)
        project.keep_guesses(article, "entities", "names", "1", 0.1, [guess])


async def test_the_desk_and_what_comes_next_are_prepared(project: Path) -> None:
    async with helped(project) as (seat, made):
        assert made == [], "nothing is started while the first article comes on screen"
        await until(seat, lambda: bool(made and made[0].heard))
        ids = ["most-bg", "most-ru", "most-el", "most-ja", "most-ar"]
        assert made[0].heard == [("prepare", ids)]
        await seat.press("2 full_stop right minus right p ctrl+d")
        await until(seat, lambda: len(made[0].heard) == 3)
        assert sorted(made[0].heard[1:]) == [("finished", "most-bg"), ("prepare", ids[1:])]
        await seat.press("ctrl+g")
        await until(seat, lambda: len(made[0].heard) == 4)
        assert made[0].heard[3] == ("prepare", ids), "the finished one is left to the worker"
        seat.app.helper.close()
        assert made[0].heard[-1] == ("close", "")
        assert len(made) == 1


async def test_articles_leafed_past_are_not_told(project: Path) -> None:
    async with helped(project) as (seat, made):
        await seat.press("ctrl+n ctrl+n")
        await until(seat, lambda: bool(made and made[0].heard))
        assert [told[0] for _, told in made[0].heard] == ["most-el"]


async def test_what_is_ready_is_painted_at_once(project: Path) -> None:
    async with helped(project) as (seat, made):
        await seat.press("2")
        await until(seat, lambda: bool(made))
        plain = seat.look_of("Петров откри")[:6]
        keep(project, "most-bg", "Иван Петров")
        made[0].call(made[0].ready, "most-ru")
        await seat.pilot.pause()
        assert seat.look_of("Петров откри")[:6] == plain, "that is another article"
        made[0].call(made[0].ready, "most-bg")
        await until(seat, lambda: seat.look_of("Петров откри")[:6] != plain)
        await seat.press("tab enter")
        assert await seat.labels() == [("PER", "Иван Петров")]
        (span,) = (await seat.work()).spans
        assert span.origin == "names"


async def test_notes_do_not_cover_other_messages(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(helper, "AGAIN", 0.01)
    async with helped(project) as (seat, made):
        await until(seat, lambda: bool(made))
        made[0].call(made[0].told, "The parrot is left out.")
        await until(seat, lambda: "The parrot is left out." in seat.text())
        for words in ("Something else.", "A third.", "Something else."):
            made[0].call(made[0].told, words)
        await seat.pilot.pause(0.05)
        assert "The parrot is left out." in seat.text()
        await seat.press("right")
        await until(seat, lambda: "Something else." in seat.text())
        await seat.press("right")
        await until(seat, lambda: "A third." in seat.text())
        await seat.press("right")
        await seat.pilot.pause(0.05)
        assert seat.desk.message == "", "each is said once"


async def test_what_comes_when_a_dialog_is_open_or_all_is_over_harms_nothing(project: Path) -> None:
    async with helped(project) as (seat, made):
        await seat.press("2")
        await until(seat, lambda: bool(made))
        plain = seat.look_of("Петров откри")[:6]
        await seat.press("f1")
        keep(project, "most-bg", "Иван Петров")
        made[0].call(made[0].ready, "most-bg")
        made[0].call(made[0].told, "Hm.")
        await seat.press("escape")
        await until(seat, lambda: seat.look_of("Петров откри")[:6] != plain)
    made[0].call(made[0].ready, "most-bg")


async def test_whoever_switched_suggestions_off_sees_none_and_starts_nothing(project: Path) -> None:
    keep(project, "most-bg", "Иван Петров")
    for wanted in (True, False):
        async with open_app(project, config=Config(suggest=wanted)) as seat:
            get_help(seat.app)
            assert bool(seat.app.work.suggestions("most-bg")) is wanted
            assert (seat.app.helper is not None) is wanted


def test_starting_loads_nothing_of_the_coach() -> None:
    code = (
        "import sys\n"
        "import annotator.tui.app, annotator.tui.work, annotator.tui.start, annotator.tui.helper\n"
        "print([m for m in sys.modules if m.startswith(('annotator.coach', 'pycrfsuite'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_with_a_real_companion_names_come_by_themselves(project: Path) -> None:
    with Project.open(project, "iva") as opened:
        article = opened.article("most-ru")
        at = article.text.index("Старобряга")
        span = Span(new_id(), "entities", "LOC", at, at + len("Старобряга"))
        key = Status.key("iva", "most-ru")
        drafts = (
            Draft(Kind.SPAN, span.key, article.id, span.body(article.text)),
            Draft(Kind.STATUS, key, article.id, Status(State.DONE).body()),
        )
        opened.submit(Act("label", drafts)).result(timeout=10)
    async with open_app(project, start="most-bg") as seat:
        await seat.press("2")
        plain = seat.look_of("Старобряг. „")[:9]
        seat.app.helper = Helper(seat.app)
        seat.app.helper.opened("most-bg")
        try:
            await until(seat, lambda: seat.look_of("Старобряг. „")[:9] != plain)
        finally:
            seat.app.helper.close()
        assert seat.app.work.suggestions("most-bg")


def finish(project: Project, article: str) -> None:
    draft = Draft(Kind.STATUS, Status.key("iva", article), article, Status(State.DONE).body())
    project.submit(Act("done", (draft,))).result(timeout=10)


def test_what_is_upcoming_goes_by_the_queue_and_round_once(project: Path) -> None:
    with Project.open(project, "iva") as opened:
        work = WorkList(opened)
        finish(opened, "most-el")
        assert work.upcoming("most-ru", 5) == ["most-ja", "most-ar", "most-bg"]
        assert work.upcoming("most-ru", 2) == ["most-ja", "most-ar"]
        work.sort = "-number"
        assert work.upcoming("most-ru", 5) == ["most-bg", "most-ar", "most-ja"]
        work.where = Filter(lang="el")
        assert work.upcoming("most-ru", 5) == []
        assert work.upcoming("nowhere", 5) == []


def test_what_is_upcoming_is_found_behind_many_finished_ones(tmp_path: Path) -> None:
    articles = [Article(f"b{n:03}", f"Текст {n}", lang="bg") for n in range(ahead.PAGE + 40)]
    with Project.create(tmp_path / "p.db", preset("news"), "iva") as opened:
        list(opened.add(articles))
        drafts = tuple(
            Draft(Kind.STATUS, Status.key("iva", a.id), a.id, Status(State.DONE).body())
            for a in articles[1:-2]
        )
        for draft in drafts:
            opened.submit(Act("done", (draft,)))
        last, before = articles[-1].id, articles[-2].id
        opened.submit(Act("nothing", ())).result(timeout=20)
        for sort, wanted in (("number", [before, last]), ("random:7", None)):
            work = WorkList(opened)
            work.sort = sort
            found = work.upcoming("b000", 5)
            assert sorted(found) == [before, last]
            assert wanted is None or found == wanted


def test_what_is_open_to_all_is_not_claimed_ahead(project: Path) -> None:
    with Project.open(project, "lena") as lead:
        lead.assign([Slot("most-bg", "iva"), Slot("most-ru", "iva")])
        lead.open_pools([Pool("most-el", 1)])
    with Project.open(project, "iva") as opened:
        work = WorkList(opened)
        assert work.upcoming("most-bg", 5) == ["most-ru", "most-el"]
        assert opened.is_open("most-el"), "its place is free"
