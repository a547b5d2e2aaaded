"""Drives the agreement screen: keys in, painted screens out, nothing measured but in its threads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import adjudication_kit as kit
from rich.style import Style
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from tui_kit import NAMED, TURNS

from annotator.config import Config
from annotator.gold.agreement.report import EVERYTHING, Scope
from annotator.model.annotation import Kind, Status
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project
from annotator.tui.agreement import AgreementScreen
from annotator.tui.agreement_app import AgreementApp
from annotator.tui.agreement_desk import AgreementDesk

PATIENCE = 500
"""Looks at most whether work in a thread has ended."""


@dataclass
class Look:
    """A lead's seat."""

    app: AgreementApp
    pilot: Pilot[None]

    @property
    def desk(self) -> AgreementDesk:
        return self.app.desk

    @property
    def screen(self) -> AgreementScreen:
        return self.app.agreement

    async def press(self, keys: str) -> None:
        """Press keys by Textual's names, with blanks between them, and wait for what they begin."""
        for key in keys.split():
            await self.hit(key)
            await self.ready()

    async def hit(self, key: str) -> None:
        """A key as a terminal's driver sends it."""
        char = key if len(key) == 1 else NAMED.get(key)
        name = _character_to_key(key) if len(key) == 1 else key
        screen = self.app.screen
        self.app.post_message(events.Key(name, char))
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self.app.screen is not screen:
            await self.pilot.pause()

    async def ready(self) -> None:
        """Wait until no thread is at work."""
        for _ in range(PATIENCE):
            if self.screen._busy is None:
                break
            await asyncio.sleep(0.01)
        assert self.screen._busy is None, "still at work"
        await self.pilot.pause()

    def cells(self) -> list[list[tuple[str, Style]]]:
        """The painted screen, for each row its characters with their looks."""
        strips = self.app.screen._compositor.render_strips()
        return [
            [(char, s.style or Style()) for s in strip for char in s.text if not s.control]
            for strip in strips
        ]

    def lines(self) -> list[str]:
        """The painted screen, a string for each row."""
        return ["".join(char for char, _ in row) for row in self.cells()]

    def text(self) -> str:
        """The painted screen."""
        return "\n".join(self.lines())

    async def to(self, layer: int, table: str) -> None:
        """Go to a table of a layer by its name."""
        await self.press(str(layer))
        for _ in self.desk.pages[layer].places:
            assert self.desk.place is not None
            if self.desk.place.name == table:
                return
            await self.press("tab")
        raise AssertionError(f"no table {table!r}")


@asynccontextmanager
async def open_look(
    path: Path,
    size: tuple[int, int] = (80, 24),
    scope: Scope = EVERYTHING,
    actor: str = kit.JUDGE,
    config: Config | None = None,
    keep: bool = False,
    wait: bool = True,
) -> AsyncIterator[Look]:
    """The agreement screen on a project, measured and painted."""
    with Project.open(path, actor, readonly=True) as project:
        app = AgreementApp(AgreementDesk(project, scope), config or Config(), keep)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                await pilot.pause()
                look = Look(app, pilot)
                if wait:
                    await look.ready()
                yield look
        finally:
            app.stop()


def make_team(path: Path, count: int = 6) -> Path:
    """A project that three finished, in two rounds; one made a second pass, one has only begun."""
    scheme = preset("news")
    found = [kit.known(article, scheme) for article in kit.articles(30)[-count:]]
    kit.make(path, found, scheme)
    with Project.open(path, kit.JUDGE) as project:
        slots = [
            Slot(each.article.id, name, "pilot" if n < count // 2 else "main")
            for n, each in enumerate(found)
            for name in kit.ANNOTATORS
        ]
        acts = [Draft(Kind.SLOT, s.key, s.article, s.body()) for s in slots]
        project.record(Act("assign", tuple(acts)))
        for each in found:
            again = [
                thing._replace(id=f"{thing.id}2") if hasattr(thing, "id") else thing
                for n, thing in enumerate(each.given["iva"])
                if n % 4
            ]
            drafts = tuple(kit.drafts(each.article, "iva #2", again))
            project.record(Act("label", drafts), "iva #2")
        article = found[0].article.id
        begun = Draft(Kind.STATUS, Status.key("olga", article), article, Status("open").body())
        project.record(Act("label", (begun,)), "olga")
    return path
