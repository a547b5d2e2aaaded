"""Whoever opens an article that was changed in two copies is told so, in one line and once."""

from pathlib import Path

from engines import copy_project
from tui_kit import BG, open_app

from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft
from annotator.store.project import Project

TOLD = "Changed in two copies"


def change(path: Path, start: int) -> None:
    """A span of iva's on the first article, in another version."""
    span = Span("s", "entities", "PER", start, 22)
    with Project.open(path, "iva") as project:
        base = project.work("most-bg").versions.get(span.key, "")
        project.record(Act("edit", (Draft(Kind.SPAN, span.key, "most-bg", span.body(BG), base),)))


async def test_a_conflict_is_told_where_it_is_until_it_is_settled(project: Path) -> None:
    change(project, 0)
    other = project.with_name("other.db")
    copy_project(project, other)
    change(project, 5)
    change(other, 11)
    with Project.open(project, "iva") as merged:
        merged.merge(other)
    async with open_app(project, (120, 30), start="most-bg") as seat:
        await seat.pilot.pause()
        assert f"{TOLD}: 1 thing here" in seat.text()
        await seat.press("down")
        assert TOLD not in seat.text()
    async with open_app(project, (120, 30), start="most-ru") as seat:
        await seat.pilot.pause()
        assert TOLD not in seat.text()
    with Project.open(project, "iva") as merged:
        merged.keep(merged.conflicts()[0].name)
    async with open_app(project, (120, 30), start="most-bg") as seat:
        await seat.pilot.pause()
        assert TOLD not in seat.text()
    async with open_app(project, (120, 30), start="most-bg", actor="petar") as seat:
        await seat.pilot.pause()
        assert TOLD not in seat.text()
