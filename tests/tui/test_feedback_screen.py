"""The feedback screen: own labels and gold in the text, difference by difference."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import adjudication_kit as kit
import pytest
from engines import made_once
from quality_kit import LEAD, finish, most, released, span, stance
from release_kit import decide, done_draft
from textual.pilot import Pilot
from tui_kit import Seat, open_app

from annotator.config import Config
from annotator.lead.feedback import Line, allow, listed
from annotator.model.annotation import Kind, Span
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, new_id
from annotator.store.project import Project
from annotator.text import units
from annotator.tui import feedback
from annotator.tui.feedback import FeedbackApp, FeedbackScreen, make
from annotator.tui.lines import Lines


def _make(path: Path) -> None:
    """A real Bulgarian article beside the small ones, annotated by three and allowed to be seen."""
    released(path)
    bg = next(each for each in kit.sample_articles() if each.id == "bg-bridge")
    with Project.open(path, LEAD) as project:
        list(project.add([bg]))
    for actor in ("iva", "mila", "petar"):
        with Project.open(path, actor) as project:
            project.record(Act("label", (*spans(bg, actor), done_draft("bg-bridge", actor))))
    decide(path, most, articles=["bg-bridge"])
    with Project.open(path, LEAD) as project:
        allow(project, True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made_once(_make, tmp_path / "p.db")


def spans(article: Article, actor: str) -> list[Draft]:
    """Names by all; iva takes one too wide and another with a wrong label, and misses the menu."""
    text = article.text
    start = text.index("Истрос мост")
    names = {
        "iva": [("ORG", start - 1, start + 12), ("LOC", *word(text, "Минкова"))],
        "mila": [("ORG", start, start + 11), ("PER", *word(text, "Минкова"))],
    }
    made = [Span(new_id(), "entities", *place) for place in names.get(actor, names["mila"])]
    block = units.next_block(text, 0)
    assert block is not None
    if actor != "iva":
        made.append(Span(new_id(), "boilerplate", "nav", *block))
    return [Draft(Kind.SPAN, each.key, article.id, each.body(text)) for each in made]


def word(text: str, surface: str) -> tuple[int, int]:
    start = text.index(surface)
    return start, start + len(surface)


class Chair:
    """In front of the screen."""

    def __init__(self, app: FeedbackApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> FeedbackScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, FeedbackScreen))

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.pilot.pause()

    def lines(self) -> list[str]:
        strips = self.app.screen._compositor.render_strips()
        return ["".join(s.text for s in strip if not s.control) for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())

    def listed(self) -> list[Line]:
        """What the command lists."""
        screen = self.screen
        return list(listed(screen._project, screen._gold, screen._who))


@asynccontextmanager
async def seated(
    path: Path, article: str | None = None, actor: str = "iva", size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Chair]:
    with Project.open(path, actor, readonly=True) as project:
        app = FeedbackApp(make(project, article), Config())
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Chair(app, pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_the_differences_of_a_bulgarian_article(path: Path, size: tuple[int, int]) -> None:
    async with seated(path, "bg-bridge", size=size) as chair:
        lines = chair.lines()
        assert "0 same, 3 not" in lines[0] or size[0] == 40
        assert "1/3 Boilerplate" in lines[1]
        assert "missed nav" in lines[1]
        assert lines[3].startswith(" you gold")
        row = next(line for line in lines if "Към съдържанието" in line and line.startswith("▸"))
        assert row[:6] == "▸· ≠ N", row
        await chair.press("down")
        assert "2/3" in chair.lines()[1]


async def test_edges_and_labels_stand_below_the_text(path: Path) -> None:
    async with seated(path, "bg-bridge") as chair:
        await chair.press("end")
        found = {}
        for _ in range(2):
            lines = chair.lines()
            at = next(n for n, line in enumerate(lines) if line.startswith("▸you"))
            found[lines[1].split(maxsplit=2)[2].strip()] = lines[at - 1 : at + 2]
            await chair.press("up")
    wide = found["ORG, 1 too wide at the start, 1 too wide at the end"]
    column = wide[0].index("Истрос мост")
    assert wide[1][column - 1 : column + 13] == "O" + 12 * "═" + " "
    assert wide[2][column - 1 : column + 12] == " O" + 10 * "═" + " "
    label = found["LOC, gold PER"]
    column = label[0].index("Минкова")
    assert label[1][column : column + 8] == "L══════ "
    assert label[2][column : column + 8] == "P══════ "


async def test_without_colours_nothing_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with seated(path, "bg-bridge") as chair:
        coloured = chair.lines()
    monkeypatch.setenv("NO_COLOR", "1")
    async with seated(path, "bg-bridge") as chair:
        assert chair.lines() == coloured
        assert all(s.style.color is None or s.style.color.name == "default" or _grey(s.style)
                   for strip in chair.app.screen._compositor.render_strips()
                   for s in strip if s.style)  # fmt: skip


def _grey(style: object) -> bool:
    color = style.color.get_truecolor()  # type: ignore[attr-defined]
    return max(color) - min(color) < 40


async def test_up_and_down_stop_at_the_ends(path: Path) -> None:
    async with seated(path, "bg-bridge") as chair:
        await chair.press("up")
        assert "1/3" in chair.lines()[1]
        await chair.press("down", "down", "down", "down")
        assert "3/3" in chair.lines()[1]
        await chair.press("home")
        assert "1/3" in chair.lines()[1]


async def test_the_text_scrolls_and_the_next_step_comes_back(path: Path) -> None:
    async with seated(path, "bg-bridge") as chair:
        before = chair.lines()
        await chair.press("pagedown")
        assert chair.lines() != before
        assert "1/3" in chair.lines()[1]
        await chair.press("up")
        assert chair.lines() == before


async def test_other_articles_and_the_end_of_them(path: Path) -> None:
    async with seated(path) as chair:
        assert chair.screen._articles == ["bridge", "ferry", "bg-bridge"]
        assert chair.screen.beside.found.article.id == "ferry", "the first that differs"
        await chair.press("n")
        assert chair.screen.beside.found.article.id == "bg-bridge"
        await chair.press("n")
        assert "That was the last article." in chair.lines()[-1]
        await chair.press("p", "p")
        assert chair.screen.beside.found.article.id == "bridge"
        assert "Nothing differs" in chair.text()
        await chair.press("f2")
        assert "Nothing differs here." in chair.lines()[-1]
        await chair.press("p")
        assert "This is the first article." in chair.lines()[-1]
        await chair.press("down", "up", "pagedown")
        assert "Nothing differs" in chair.text()


async def test_arrows_go_to_articles_under_any_keyboard_layout(path: Path) -> None:
    async with seated(path) as chair:
        await chair.press("right")
        assert chair.screen.beside.found.article.id == "bg-bridge"
        await chair.press("left")
        assert chair.screen.beside.found.article.id == "ferry"
        assert "←→ article" in chair.lines()[-1]
        assert chair.lines()[-1].rstrip().endswith("esc back"), "nothing is cut at 80 columns"


@pytest.mark.parametrize("key", ["f1", "question_mark"])
async def test_the_keys_are_told(path: Path, key: str) -> None:
    async with seated(path) as chair:
        await chair.press(key)
        assert "Your work beside gold" in chair.text()
        assert "The article before, the next one" in chair.text()
        await chair.press("escape")
        assert "Your work beside gold" not in chair.text()


async def test_where_nothing_differs_at_all_it_says_so(path: Path) -> None:
    async with seated(path, actor="mila") as chair:
        assert all(not line.comparison.differences for line in chair.listed())
        assert "None of your articles differs from gold." in chair.lines()[-1]
        await chair.press("right")
        assert "F1 keys" in chair.lines()[-1]


async def test_articles_that_are_not_gold_yet_are_passed_over(path: Path) -> None:
    with Project.open(path, "iva") as project:  # what is adjudicated of ferry is open again
        draft = span(project, "ferry", "PER", "Борис Радин")
        project.record(Act("label", (draft,)))
    async with seated(path, "bg-bridge") as chair:
        found = [line.article for line in chair.listed()]
        assert "ferry" in chair.screen._articles
        await chair.press("p")
        here = chair.screen.beside.found
        assert here.article.id == ("ferry" if "ferry" in found else "bridge")
        assert "entities" not in here.comparison.layers or here.article.id == "bridge"


async def test_f2_tells_the_guideline_of_the_label(path: Path) -> None:
    async with seated(path, "ferry") as chair:
        await chair.press("f2")
        assert "Guideline: ORG" in chair.text()
        await chair.press("escape")
        assert "ORG, not gold" in chair.text()
        await chair.press("escape")
    assert not chair.app.is_running


async def test_a_stance_with_its_evidence(path: Path) -> None:
    with Project.open(path, "iva") as project:
        allow(project, False)  # as it was released: what is adjudicated reopens with the change
        project.record(Act("label", (stance(project, "bridge", "iva", "Anna Velkova", "AGAINST"),)))
    async with seated(path, "bridge") as chair:
        assert "AGAINST, gold FAVOR" in chair.lines()[1]
        assert "“Anna Velkova”" in chair.lines()[2]
        lines = chair.lines()
        at = next(n for n, line in enumerate(lines) if line.startswith("▸you"))
        assert "A═══" in lines[at]
        assert "F═══" in lines[at + 1]


async def test_what_an_article_says_does_nothing(path: Path) -> None:
    hostile = (
        "[bold red]Anna[/] \x1b[31mRed\x07 \u202eevil\u202c \x9b2J [@click=app.quit]x[/]\nAnna"
    )
    with Project.open(path, LEAD) as project:
        list(project.add([Article("bad", hostile, "[b]T\x1b]0;x\x07", lang="en")]))
    for name in ("iva", "mila"):
        finish(path, name, "bad", ("PER", "\x1b[31mRed\x07"), ("ORG", "\u202eevil\u202c"))
    finish(path, "petar", "bad", ("PER", "Anna"))
    decide(path, most, articles=["bad"])
    async with seated(path, "bad", actor="petar") as chair:
        for _ in range(3):
            text = chair.text()
            assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e", "\u202c"}
            assert "[bold red]Anna[/]" in text
            await chair.press("down")


async def test_right_to_left_text_is_quoted_instead(path: Path) -> None:
    article = next(each for each in kit.sample_articles() if each.lang == "ar")
    with Project.open(path, LEAD) as project:
        list(project.add([article]))
    start, end = units.next_word(article.text, 0) or (0, 1)
    surface = article.text[start:end]
    for name in ("mila", "petar"):
        finish(path, name, article.id, ("PER", surface))
    finish(path, "iva", article.id, ("ORG", surface))
    decide(path, most, articles=[article.id])
    async with seated(path, article.id) as chair:
        assert f"O “{surface}”" in chair.text()
        assert f"P “{surface}”" in chair.text()


def test_nothing_to_see_is_said(path: Path) -> None:
    with (
        Project.open(path, "nova", readonly=True) as project,
        pytest.raises(AnnotatorError, match="None of your finished articles"),
    ):
        make(project)
    with (
        Project.open(path, "iva", readonly=True) as project,
        pytest.raises(AnnotatorError, match="not done with tunnel"),
    ):
        make(project, "tunnel")


async def test_it_opens_over_the_article_of_the_interface(path: Path) -> None:
    async with open_app(path, (80, 24), start="ferry") as seat:
        seat.article.perform("feedback")  # as the palette does
        await seat.pilot.pause()
        assert "ORG, not gold" in seat.text()
        await seat.press("escape")
        assert not _shows_feedback(seat)
    async with open_app(path, (80, 24), start="tunnel") as seat:
        feedback.show(seat.article)  # tunnel is not finished: the first that is
        await seat.pilot.pause()
        assert _shows_feedback(seat)


def _shows_feedback(seat: Seat) -> bool:
    return isinstance(seat.app.screen, FeedbackScreen) and bool(seat.app.screen.query(Lines))
