"""Tags, ring, suggestions, fold, map and precedents on the painted screen."""

from pathlib import Path

import pytest
from tui_kit import BG, make_project, open_app

from annotator.model.article import Article
from annotator.tui.precedents import Guide

LONG = "Кметът Иван Петров говори.\n" + "".join(f"Ред номер {n} на менюто\n" for n in range(120))


@pytest.fixture
def long(tmp_path: Path) -> Path:
    return make_project(tmp_path, [Article("дълга", LONG), Article("друга", "Иван Петров дойде.")])


async def test_tags_stand_on_the_words_and_never_move_the_text(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2")
        before = seat.lines()
        await seat.press("space")
        tagged = seat.lines()
        assert "type a tag" in seat.text()
        for (start, _), tag in ((r, t) for t, r in seat.desk.hints.tags.items()):
            if BG[start:].startswith("Мост свързва"):
                x, y = next(
                    (row.index("Мост"), y) for y, row in enumerate(before) if "Мост св" in row
                )
                assert tagged[y][x : x + len(tag)] == tag
        for old, new in zip(before[1:-2], tagged[1:-2], strict=True):
            assert len(old) == len(new)
            for word in ("край", "протестират", "скъп."):
                if word in old:  # all but its first cells, where the tag is, stands where it stood
                    x = old.index(word)
                    assert new[x + 2 : x + len(word)] == old[x + 2 : x + len(word)]
        await seat.press("escape")
        assert seat.lines()[:-2] == before[:-2]


async def test_a_typed_tag_selects_and_a_letter_labels(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 space")
        tag = next(t for t, (a, b) in seat.desk.hints.tags.items() if BG[a:b] == "Иван Петров")
        await seat.type(tag + "p")
        await seat.saved()
        work = await seat.work("most-bg")
        assert [(s.label, BG[s.start : s.end]) for s in work.spans] == [("PER", "Иван Петров")]


async def test_one_letter_typed_of_two_leaves_the_others(long: Path) -> None:
    async with open_app(long, size=(120, 40)) as seat:
        await seat.press("2 space")
        tag = next(t for t in seat.desk.hints.tags if len(t) == 2)
        await seat.type(tag[0])
        left = [t for t in seat.desk.hints.tags if t.startswith(tag[0])]
        shown = seat.desk.hints.between(0, len(LONG))
        assert sorted(rest for _, rest in shown) == sorted(t[1:] for t in left)
        await seat.type(tag[1])
        assert not seat.desk.hints.active


async def test_suggestions_have_a_small_letter_and_plus_makes_it_a_label(project: Path) -> None:
    async with open_app(project, size=(100, 24)) as seat:
        await seat.press("2")
        seat.desk.caret.move_to(BG.index("Петров"))
        await seat.press("p =")
        letters = "".join(line[-8:] for line in seat.lines()[:-2]).split()
        assert "".join(letters) == "Pp"
        await seat.press("+")
        await seat.saved()
        letters = "".join(line[-8:] for line in seat.lines()[:-2]).split()
        assert "".join(letters) == "PP"
        assert len((await seat.work("most-bg")).spans) == 2
        await seat.press("ctrl+z")
        await seat.saved()
        assert len((await seat.work("most-bg")).spans) == 1


async def test_a_rule_reaches_other_articles_after_a_restart(long: Path) -> None:
    async with open_app(long) as seat:
        await seat.press("2 space")
        tag = next(t for t, (a, b) in seat.desk.hints.tags.items() if LONG[a:b] == "Иван Петров")
        await seat.type(tag + "p=")
        await seat.saved()
    async with open_app(long) as seat:
        await seat.press("ctrl+n 2 tab")
        assert seat.desk.sheet.article.id == "друга"
        assert "PER: enter confirms" in seat.text()
        await seat.press("enter")
        await seat.saved()
        assert len((await seat.work("друга")).spans) == 1


async def test_marked_boilerplate_folds_to_one_row_and_the_map_shows_it(long: Path) -> None:
    async with open_app(long, size=(80, 24)) as seat:
        await seat.press("down f8 n")
        await seat.saved()
        assert any(line.endswith("▓") for line in seat.lines())
        assert any(line.endswith("░") for line in seat.lines())
        seat.article.perform("fold")
        await seat.pilot.pause()
        assert "▸ " in seat.text()
        assert "120 rows" in seat.text()
        assert not any(line.endswith("▓") for line in seat.lines())
        seat.article.perform("fold")
        await seat.pilot.pause()
        assert "Ред номер 7 на менюто" in seat.text()


async def test_precedents_are_counted_and_lead_there_and_back(long: Path) -> None:
    async with open_app(long) as seat:
        await seat.press("ctrl+n 2 shift+right p")
        await seat.saved()
        await seat.press("ctrl+g 2")
        seat.desk.caret.move_to(LONG.index("Иван"))
        await seat.press("shift+right f2")
        assert isinstance(seat.app.screen, Guide)
        assert "labelled by you so far: PER 1" in seat.text()
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "друга"
        await seat.press("f12")
        assert seat.desk.sheet.article.id == "дълга"
        assert seat.desk.caret.range[0] == LONG.index("Иван")
        await seat.press("f12")
        assert "no place to go back to" in seat.text()


async def test_without_precedents_the_guide_says_so(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 f2")
        assert "you have not labelled this name before" in seat.text()
        await seat.press("escape")
        await seat.press("1 f2")
        assert "labelled this name" not in seat.text()
