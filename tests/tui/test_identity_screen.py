"""The identity dialog by keys alone: completion, a new id, the lemma, one mention or all."""

from pathlib import Path

from tui_kit import Seat, make_project, open_app

from annotator.model.article import Article
from annotator.model.scheme_file import parse
from annotator.tui.identity import IdentityScreen

BG = (
    "Рада Белчева печели\n"
    "Днес Рада Белчева спечели турнира в Сливово.\n"
    "Съперничката ѝ от Сливово поздрави Рада Белчева.\n"
)
RU = "Рада Белчева победила\nВ Сливово победила Рада Белчева.\n"
ARTICLES = (
    Article("chess-bg", BG, "Рада Белчева печели", lang="bg", group="chess"),
    Article("chess-ru", RU, "", lang="ru", group="chess"),
)


async def label(seat: Seat, words: str, key: str) -> None:
    """Label the next place of some words."""
    await seat.type(f"/{words}")
    await seat.press(f"enter {key}")


async def label_all(seat: Seat) -> None:
    await seat.press("2")
    await label(seat, "Рада Белчева", "p")
    await seat.press("down home")
    await label(seat, "Рада Белчева", "p")
    await label(seat, "Сливово", "l")


async def given(seat: Seat, article: str = "chess-bg") -> list[tuple[str, dict[str, str]]]:
    work = await seat.work(article)
    text = seat.app.work.project.article(article).text
    return [(text[s.start : s.end], dict(s.attrs)) for s in work.spans if s.attrs]


async def test_a_new_identity_for_all_mentions(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("ctrl+home ctrl+t")
        assert isinstance(seat.app.screen, IdentityScreen)
        assert "PER “Рада Белчева” · all 2 mentions" in seat.text()
        assert "PER-Rada-Belcheva" in seat.text()
        await seat.press("enter")
        assert await given(seat) == [("Рада Белчева", {"xid": "PER-Rada-Belcheva"})] * 2
        assert "PER-Rada-Belcheva: 2 mentions." in seat.text()
        assert "Рада Белчева PER-Rada-Belch" in seat.text(), "one row of the panel"
        await seat.press("ctrl+z")
        assert await given(seat) == []


async def test_the_other_article_of_the_event_is_completed_from(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("ctrl+home @ enter")
        await seat.saved()
        await seat.press("ctrl+n 2")
        await label(seat, "Рада Белчева", "p")
        await seat.press("ctrl+t")
        assert "2 event · 2 all" in seat.text()
        await seat.press("enter")
        assert await given(seat, "chess-ru") == [("Рада Белчева", {"xid": "PER-Rada-Belcheva"})]


async def test_typing_chooses_and_the_lemma_is_written(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("ctrl+home ctrl+t")
        await seat.type("Q42")
        await seat.press("tab")
        await seat.type("Белчева, Рада")
        await seat.press("enter")
        both = {"xid": "Q42", "lemma": "Белчева, Рада"}
        assert await given(seat) == [("Рада Белчева", both)] * 2
        await seat.press("ctrl+t")
        assert "now Q42" in seat.text()
        assert "Белчева, Рада" in seat.text()
        await seat.press("tab end backspace backspace enter")
        assert [a["lemma"] for _, a in await given(seat)] == ["Белчева, Ра"] * 2
        await seat.press("ctrl+t tab backspace enter")
        assert await given(seat) == [("Рада Белчева", {"xid": "Q42"})] * 2
        await seat.press("ctrl+t up enter")
        assert await given(seat) == []


async def test_this_mention_only(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("ctrl+home ctrl+t ctrl+t")
        assert "this mention only" in seat.text()
        await seat.press("enter")
        assert len(await given(seat)) == 1
        await seat.press("ctrl+z ctrl+t shift+enter")
        assert len(await given(seat)) == 1


async def test_leaving_changes_nothing(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("ctrl+t")
        await seat.type("p x")
        await seat.press("down up tab escape")
        assert not isinstance(seat.app.screen, IdentityScreen)
        assert await given(seat) == []
        await seat.press("1 ctrl+t")
        assert "carries no identities" in seat.text()


async def test_a_scheme_with_lemmas_only_has_one_field(tmp_path: Path) -> None:
    scheme = parse("""
name = "lemmas"
version = 1

[[layers]]
name = "names"
unit = "word"
overlap = "nested"
attributes = ["lemma"]
labels = [{ name = "PER", key = "p" }, { name = "LOC", key = "l" }]
""")
    async with open_app(make_project(tmp_path, ARTICLES, scheme)) as seat:
        await label(seat, "Сливово", "l")
        await seat.press("ctrl+t")
        assert "identity  " not in seat.text()
        await seat.press("tab enter")
        assert await given(seat) == [("Сливово", {"lemma": "Сливово"})]


async def test_a_gone_target_is_marked_and_moved(tmp_path: Path) -> None:
    async with open_app(make_project(tmp_path, ARTICLES)) as seat:
        await label_all(seat)
        await seat.press("3 down f")
        assert [s.target.name for s in (await seat.work("chess-bg")).stances] == ["Сливово"]
        await seat.press("2 ctrl+home")
        await seat.type("/Сливово")
        await seat.press("enter backspace 3 down up down")
        assert "gone: Сливово" in seat.text()
        assert "Сливово is not labelled any more" in seat.text()
        await seat.press("left enter")
        assert "to Рада Белчева" in seat.text()
        await seat.press("enter")
        stances = (await seat.work("chess-bg")).stances
        assert [(s.target.name, s.label) for s in stances] == [("Рада Белчева", "FAVOR")]
        assert "gone" not in seat.text()
