"""Drives the interface on small projects: keys in, painted screens and saved decisions out."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from rich.style import Style
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from annotator.config import Config
from annotator.desk.desk import Desk
from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme
from annotator.model.scheme_file import preset
from annotator.store.address import Place
from annotator.store.project import Project
from annotator.tui.app import AnnotatorApp
from annotator.tui.article import ArticleScreen
from annotator.tui.errands import REPEAT
from annotator.tui.start import work_on

BG = (
    "Мост свързва два бряга\n"
    "\n"
    "Кметът Иван Петров откри моста край Старобряг. „Той ще служи сто години“, каза Петров.\n"
    "\n"
    "Жители на Новобряг протестират: според тях мостът е твърде скъп.\n"
    "\n"
    "Вход   Регистрация   Забравена парола\n"
)
RU = (
    "Мост соединил два берега\n"
    "Мэр Иван Петров открыл мост у Старобряга. Жители Новобряга против.\n"
    "Читайте также: погода на завтра\n"
)
EL = "Η γέφυρα άνοιξε\nΟ δήμαρχος Ιβάν Πετρόφ εγκαινίασε τη γέφυρα.\n"
JA = "橋が開通\n市長のイワン・ペトロフ氏は新しい橋の開通式に出席した。\n"
AR = "افتتاح الجسر\nافتتح العمدة إيفان بتروف الجسر الجديد صباح اليوم.\n"

ARTICLES = (
    Article("most-bg", BG, "Мост край Старобряг", "vestnik.example", date="2024-03-01", lang="bg"),
    Article("most-ru", RU, "", "gazeta.example", date="2024-03-02", lang="ru", group="bridge"),
    Article("most-el", EL, "Η γέφυρα", "efimerida.example", date="2024-02-28", lang="el"),
    Article("most-ja", JA, "", "shimbun.example", date="2024-03-03", lang="ja"),
    Article("most-ar", AR, "", "jarida.example", date="2024-03-03", lang="ar"),
)


def make_project(
    folder: Path, articles: Iterable[Article] = ARTICLES, scheme: Scheme | None = None
) -> Path:
    """A project of these articles, ready to be searched."""
    path = folder / "project.db"
    with Project.create(path, scheme or preset("news"), "iva") as project:
        assert [outcome for outcome in project.add(articles) if outcome.reason] == []
        while project.index_words():
            pass
    return path


NAMED = {"space": " ", "enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f"}
"""Characters of keys that have names, as terminals send them."""
TURNS = 12
"""Turns of the event loop a key gets before the next one, as a quick typist would leave it."""


@dataclass
class Seat:
    """An annotator's seat at the open interface."""

    app: AnnotatorApp
    pilot: Pilot[None]

    @property
    def desk(self) -> Desk:
        return self.app.desk

    @property
    def article(self) -> ArticleScreen:
        """The article screen; it has to be there."""
        assert self.app.article is not None
        return self.app.article

    async def press(self, keys: str) -> None:
        """Press keys by Textual's names, with blanks between them; each is dealt with in turn."""
        for key in keys.split():
            await self._key(key)
        await self.pilot.pause()

    async def type(self, words: str) -> None:
        """Type characters."""
        for char in words:
            await self._key(char)
        await self.pilot.pause()

    async def _key(self, key: str) -> None:
        """One key, as a terminal's driver sends it (`Pilot.press` takes ten times as long)."""
        char = key if len(key) == 1 else NAMED.get(key)
        name = _character_to_key(key) if len(key) == 1 else key
        screen = self.app.screen
        if key == "ctrl+d":
            await asyncio.sleep(REPEAT)  # sooner it is a key held down
        self.app.post_message(events.Key(name, char))
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if self.app.screen is not screen:
            await self.pilot.pause()

    async def paste(self, words: str) -> None:
        """Paste, as a terminal in bracketed paste mode reports it."""
        self.app.post_message(events.Paste(words))
        await self.pilot.pause()

    async def wheel(self, rows: int) -> None:
        """Turn the mouse wheel over the middle of the screen, down for a positive number."""
        width, height = self.app.size
        kind = events.MouseScrollDown if rows > 0 else events.MouseScrollUp
        x, y = width // 2, height // 2
        for _ in range(abs(rows)):
            self.app.screen._forward_event(kind(None, x, y, 0, 0, 0, False, False, False))
        await self.pilot.pause()

    def place_of(self, words: str) -> tuple[int, int]:
        """Column and row of the first place on screen where these words are painted."""
        for y, line in enumerate(self.lines()):
            if words in line:
                return line.index(words), y
        raise AssertionError(f"{words!r} is not on screen:\n{self.text()}")

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(width, height)
        await asyncio.sleep(1 / 60)  # Textual gathers sizes for half as long
        await self.pilot.pause()

    async def saved(self) -> None:
        """Wait until what was decided is durable and the mark says so."""
        if self.desk.saving is not None:
            self.desk.saving.result(timeout=10)
        await self.pilot.pause()
        await self.pilot.pause()

    async def work(self, article: str = "most-bg") -> Work:
        """What the project holds of this annotator, once all is saved."""
        await self.saved()
        return self.app.work.project.work(article)

    async def labels(self, article: str = "most-bg") -> list[tuple[str, str]]:
        """The saved spans as (label, text)."""
        text = self.app.work.project.article(article).text
        return [(s.label, text[s.start : s.end]) for s in (await self.work(article)).spans]

    def lines(self) -> list[str]:
        """The painted screen, a string for each row."""
        return ["".join(char for char, _ in row) for row in self.cells()]

    def text(self) -> str:
        """The painted screen."""
        return "\n".join(self.lines())

    def cells(self) -> list[list[tuple[str, Style]]]:
        """The painted screen, for each row its characters with their looks.

        The compositor is Textual's own affair; nothing but this method may touch it.
        """
        rows = self.app.screen._compositor.render_strips()
        return [
            [(char, s.style or Style()) for s in strip for char in s.text if not s.control]
            for strip in rows
        ]

    def look_of(self, words: str) -> list[Style]:
        """The looks of the first place on screen where these words are painted."""
        x, y = self.place_of(words)
        return [style for _, style in self.cells()[y][x : x + len(words)]]


@asynccontextmanager
async def open_app(
    path: Place,
    size: tuple[int, int] = (120, 30),
    config: Config | None = None,
    start: str | None = None,
    queue: bool = False,
    actor: str = "iva",
    scheme: Scheme | None = None,
) -> AsyncIterator[Seat]:
    """The interface on a project, painted; `scheme` stands in for the project's own."""
    with Project.open(path, actor) as project:
        project.scheme = scheme or project.scheme
        work = work_on(project)
        app = AnnotatorApp(work, config or Config(), start or work.first(), queue)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            for _ in range(100):  # what was not seen cannot be finished
                if queue or app.article is None or app.article.painted:
                    break
                await pilot.pause()
            yield Seat(app, pilot)


async def label_two_names(seat: Seat) -> None:
    """Entities: `Иван Петров` in the second block by select mode, `Старобряг` by search."""
    await seat.press("2 full_stop right minus right p")
    await seat.type("/Старобряг")
    await seat.press("enter l")
