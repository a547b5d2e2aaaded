"""Two sittings of one annotator at once: told at the start, nothing lost, shown anew."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tui_kit import BG, Seat, open_app

from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft
from annotator.model.person import Role
from annotator.store.project import Project
from annotator.store.sittings import FileSitting as Sitting
from annotator.tui.seated import ELSEWHERE, STRANGER
from annotator.tui.work import WorkList

OTHER = "You have this project open in another window too"
CHANGED = "You changed this article in another window"
PATIENCE = 20.0
"""Seconds after which something that a server tells a little later did not come."""


def span(name: str, start: int, end: int, label: str = "PER", base: str = "") -> Act:
    made = Span(name, "entities", label, start, end)
    return Act("label", (Draft(Kind.SPAN, made.key, "most-bg", made.body(BG), base),))


def test_only_ones_own_other_sittings_are_told_of(tmp_path: Path) -> None:
    lock = tmp_path / "p.db.lock"
    with Sitting(lock, "iva") as first, Sitting(lock, "boris") as other:
        assert first.was_alone
        assert other.was_alone
        with Sitting(lock, "iva") as second:
            assert not second.was_alone
            assert not second.alone
            assert not first.alone
            assert first.was_alone
        assert first.alone
        second.close()
        first.close()
        with Sitting(lock, "iva") as third:
            assert third.was_alone


SIT = """
import sys
from pathlib import Path
from annotator.store.sittings import FileSitting as Sitting
sitting = Sitting(Path(sys.argv[1]), "iva")
print(sitting.was_alone, flush=True)
sys.stdin.readline()
"""


def test_a_sitting_ends_with_its_process_however_that_dies(tmp_path: Path) -> None:
    lock = tmp_path / "p.db.lock"
    other = subprocess.Popen(
        [sys.executable, "-c", SIT, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        assert other.stdout.readline() == "True\n"
        with Sitting(lock, "iva") as sitting:
            assert not sitting.was_alone
            other.kill()
            other.wait(timeout=30)
            assert sitting.alone


def test_writers_and_sittings_do_not_wait_for_each_other(project: Path) -> None:
    with Project.open(project, "iva") as one, Project.open(project, "iva") as two:
        with one.sit(), two.sit():
            one.submit(span("a", 0, 4)).result(timeout=10)
            two.submit(span("b", 5, 12)).result(timeout=10)
        assert {s.id for s in one.work("most-bg").spans} == {"a", "b"}


async def until(seat: Seat, holds: Callable[[], bool]) -> None:
    """Wait for what a server tells a little later."""
    end = time.monotonic() + PATIENCE
    while not holds() and time.monotonic() < end:
        await asyncio.sleep(0.02)
        await seat.pilot.pause()
    assert holds()


async def test_the_second_window_is_told_and_the_first_shows_what_it_did(project: Path) -> None:
    async with open_app(project) as seat:
        assert OTHER not in seat.text()
        async with open_app(project) as other:
            await until(other, lambda: OTHER in other.text())
            await until(seat, lambda: not seat.app.work.sitting.alone)
            await other.press("2 full_stop right minus right p")
            assert await other.labels() == [("PER", "Иван Петров")]
            assert seat.desk.sheet.spans == {}
            await seat.press("2")  # the first key after it only shows the article anew
            assert CHANGED in seat.text()
            assert [s.label for s in seat.desk.sheet.spans.values()] == ["PER"]
            assert seat.desk.layer.name == "boilerplate"
            await seat.press("2 p")
            assert CHANGED not in seat.text()
            assert len(await seat.labels()) == 2
            await other.press("right")
            assert CHANGED in other.text()
            assert len(other.desk.sheet.spans) == 2
            await other.press("ctrl+z")  # what was undone is one's own last act
            await other.saved()
        await seat.press("down")
        assert [s.label for s in seat.desk.sheet.spans.values()] != []


async def test_ones_own_acts_are_no_change_from_outside(project: Path) -> None:
    async with open_app(project) as seat:
        with Project.open(project, "iva") as other, other.sit():
            await until(seat, lambda: not seat.app.work.sitting.alone)
            await seat.press("2 p")
            await seat.saved()
            await seat.press("right p")
            await seat.saved()
            await seat.press("ctrl+z")
            await seat.saved()
            await seat.press("right")
            assert CHANGED not in seat.text()
            assert len(await seat.labels()) == 1


async def test_the_other_sittings_other_articles_are_no_change_of_this_one(project: Path) -> None:
    async with open_app(project) as seat:
        with Project.open(project, "iva") as other, other.sit():
            await until(seat, lambda: not seat.app.work.sitting.alone)
            made = Span("x", "entities", "PER", 0, 4)
            text = other.article("most-ru").text
            draft = Draft(Kind.SPAN, made.key, "most-ru", made.body(text))
            other.submit(Act("label", (draft,))).result()
            await seat.press("right")
            assert CHANGED not in seat.text()


def test_both_versions_of_one_thing_are_in_the_log(project: Path) -> None:
    """Where both change the same label before either is shown anew."""
    with Project.open(project, "iva") as one, Project.open(project, "iva") as two:
        first = one.submit(span("a", 0, 4)).result()[0]
        lists = WorkList(one), WorkList(two)
        assert lists[0].sit(PATIENCE) == ""
        assert lists[1].sit(PATIENCE) == ELSEWHERE
        for each in lists:
            assert each.work("most-bg").versions["span:a"] == first.id
        lists[0].submit(span("a", 0, 4, "LOC", first.id)).result()
        lists[1].submit(span("a", 0, 4, "ORG", first.id)).result()
        events = [event for event in one.history("most-bg") if event.key == "span:a"]
        assert [event.body["label"] for event in events] == ["PER", "LOC", "ORG"]
        assert [event.base for event in events] == ["", first.id, first.id]
        assert [s.label for s in one.work("most-bg").spans] == ["ORG"]
        end = time.monotonic() + PATIENCE
        while lists[0].sitting.alone and time.monotonic() < end:
            time.sleep(0.02)
        assert lists[0].is_stale("most-bg")
        for each in lists:
            each.stand_up()


def test_what_is_said_fits_a_narrow_terminal() -> None:
    assert max(len(ELSEWHERE), len(STRANGER)) < 80


def test_a_name_that_the_project_does_not_know_is_told_so(project: Path) -> None:
    with Project.open(project, "iva") as known:
        work = WorkList(known)
        assert work.sit() == "", "a project without a list knows nobody"
        work.stand_up()
    with Project.open(project, "lena") as lead:
        lead.set_people({"lena": Role.LEAD, "iva": Role.ANNOTATOR})
    for name, told in (("iva", ""), ("Iva", STRANGER)):
        with Project.open(project, name) as each:
            work = WorkList(each)
            assert work.sit() == told
            work.stand_up()


async def test_it_is_said_on_the_screen(project: Path) -> None:
    with Project.open(project, "lena") as lead:
        lead.set_people({"lena": Role.LEAD})
    async with open_app(project) as seat:
        assert STRANGER in seat.text()
        await seat.press("2 p")  # and nothing is kept from them
        await seat.saved()
        assert STRANGER not in seat.text()
