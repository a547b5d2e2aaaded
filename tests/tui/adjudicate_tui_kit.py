"""Drives the adjudication screen: keys in, painted screens and saved decisions out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import adjudication_kit
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from tui_kit import NAMED, TURNS

from annotator.config import Config
from annotator.gold.adjudication.items import Item
from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_queue import Options
from annotator.store.project import Project
from annotator.tui.adjudicate import AdjudicateScreen
from annotator.tui.adjudicate_app import AdjudicateApp


@dataclass
class Bench:
    """An adjudicator's seat."""

    app: AdjudicateApp
    pilot: Pilot[None]
    keys: list[str] = field(default_factory=list)
    """All keys pressed so far."""

    @property
    def desk(self) -> Adjudicating:
        return self.app.desk

    @property
    def screen(self) -> AdjudicateScreen:
        return self.app.adjudication

    @property
    def item(self) -> Item:
        """The current item; there has to be one."""
        assert self.desk.item is not None, self.desk.message
        return self.desk.item

    async def press(self, keys: str) -> None:
        """Press keys by Textual's names, with blanks between them."""
        for key in keys.split():
            await self._key(key)
        await self.pilot.pause()

    async def hit(self, keys: str) -> None:
        """The same without a pause after it, as a quick hand would."""
        for key in keys.split():
            await self._key(key)

    async def type(self, words: str) -> None:
        """Type characters."""
        for char in words:
            await self._key(char)
        await self.pilot.pause()

    async def _key(self, key: str) -> None:
        self.keys.append(key)
        char = key if len(key) == 1 else NAMED.get(key)
        name = _character_to_key(key) if len(key) == 1 else key
        screen = self.app.screen
        self.app.post_message(events.Key(name, char))
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self.app.screen is not screen:
            await self.pilot.pause()

    async def saved(self) -> None:
        """Wait until what was decided is durable and the mark says so."""
        if self.desk.saving is not None:
            self.desk.saving.result(timeout=10)
        await self.pilot.pause()
        await self.pilot.pause()

    def lines(self) -> list[str]:
        """The painted screen, a string for each row."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(s.text for s in strip if not s.control) for strip in strips]

    def text(self) -> str:
        """The painted screen."""
        return "\n".join(self.lines())


@asynccontextmanager
async def open_bench(
    path: Path,
    size: tuple[int, int] = (100, 30),
    options: Options | None = None,
    article: str | None = None,
    actor: str = adjudication_kit.JUDGE,
    config: Config | None = None,
) -> AsyncIterator[Bench]:
    """The adjudication screen on a project, painted; keys may follow one another at any pace."""
    with Project.open(path, actor) as project:
        desk = Adjudicating(project, options or Options(audit=0))
        desk.begin(article)
        app = AdjudicateApp(desk, config or Config())
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            app.adjudication.held.fastest = 0.0
            yield Bench(app, pilot)
