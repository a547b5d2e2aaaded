"""The adjudication screen: what keys do, what is painted, at every size and without colours."""

from pathlib import Path

import adjudication_kit as kit
import pytest
from adjudicate_tui_kit import Bench, open_bench
from rich.cells import cell_len
from textual.app import App

from annotator.config import Config
from annotator.desk.keynames import key_sign
from annotator.gold.adjudication.items import Category, State, What
from annotator.lead.adjudication_filter import parse
from annotator.lead.adjudication_queue import Options
from annotator.model.annotation import AUTHOR, Evidence, Kind, Party, Span, Stance
from annotator.model.article import Article
from annotator.model.decision import Method, Reason, Verdict
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.tui.adjudicate_actions import ACTIONS, EDITING, table
from annotator.tui.adjudicate_errands import EDITING as EDIT_ERRANDS
from annotator.tui.adjudicate_errands import ERRANDS
from annotator.tui.adjudicate_held import FASTEST, HeldKeys
from annotator.tui.adjudicate_read import ReadScreen
from annotator.tui.adjudicate_sight import Mode
from annotator.tui.calibrate import CalibrateScreen
from annotator.tui.dialogs import Ask, Choose, Page

TEXT = (
    "Мост свързва два бряга\n\n"
    "Кметът Иван Петров откри моста край Старобряг. „Той ще служи сто години“, каза Петров.\n\n"
    "Жители на Новобряг протестират: според тях мостът е твърде скъп. Община Старобряг мълчи.\n\n"
    "Вход   Регистрация   Забравена парола\nПоверителност\nУсловия\nКонтакти\nРеклама\n"
)
ROOT = Path(__file__).resolve().parents[2]


def at(words: str, text: str = TEXT) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def span(name: str, label: str, words: str, layer: str = "entities", text: str = TEXT) -> Span:
    return Span(f"{name}-{label}-{words[:6]}", layer, label, *at(words, text))


def stance(value: str, *words: str) -> Stance:
    evidence = tuple(Evidence(*at(each)) for each in words)
    return Stance(Party("proposition", "Мостът си струва парите"), value, AUTHOR, evidence=evidence)


SAYS = "според тях мостът е твърде скъп"
SERVES = "Той ще служи сто години"
FOOT = TEXT[TEXT.index("Вход") : TEXT.rindex("\n")]
WORK: dict[str, list[Span | Stance]] = {
    "iva": [
        span("iva", "PER", "Иван Петров"),
        span("iva", "LOC", "Старобряг"),
        span("iva", "nav", FOOT, "boilerplate"),
        stance("FAVOR", SERVES),
    ],
    "mila": [
        span("mila", "PER", "Кметът Иван Петров"),
        span("mila", "LOC", "Старобряг"),
        span("mila", "footer", FOOT, "boilerplate"),
        stance("AGAINST", SAYS),
    ],
    "petar": [
        span("petar", "PER", "Иван Петров"),
        span("petar", "LOC", "Старобряг"),
        stance("AGAINST", SAYS, SERVES),
    ],
}


def make(
    path: Path, work: dict[str, list[Span | Stance]], text: str = TEXT, count: int = 2
) -> Path:
    with Project.create(path, preset("news"), kit.JUDGE) as project:
        articles = [Article(f"most-{n}", text, f"Мост {n}", lang="bg") for n in range(count)]
        assert [outcome for outcome in project.add(articles) if outcome.reason] == []
        for article in articles:
            for name, given in work.items():
                own = [
                    s._replace(id=f"{s.id}{article.id}") if isinstance(s, Span) else s
                    for s in given
                ]
                project.record(Act("label", tuple(kit.drafts(article, name, own))), name)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make(tmp_path / "p.db", WORK)


async def look_for(bench: Bench, line: str) -> None:
    """Filter by a line typed."""
    await bench.press("/")
    screen = bench.app.screen
    assert isinstance(screen, Ask)
    screen.query_one("Entry").value = line  # type: ignore[attr-defined]
    await bench.press("enter")


def letter(bench: Bench, name: str) -> str:
    assert bench.desk.table is not None
    return bench.desk.table.letters[name]


# --- the table of actions


def test_every_action_has_an_errand_and_no_key_means_two_things() -> None:
    assert {action.name for action in ACTIONS} == set(ERRANDS)
    assert {action.name for action in EDITING} == set(EDIT_ERRANDS)
    for actions in (ACTIONS, EDITING):
        assert len(table(actions)) == sum(len(action.keys) for action in actions)


def test_every_key_is_in_the_manual() -> None:
    manual = (ROOT / "docs" / "adjudication.md").read_text(encoding="utf-8")
    rows = {
        line.split("|")[1].strip(): line for line in manual.splitlines() if line.startswith("| ")
    }
    for action in (*ACTIONS, *EDITING):
        assert action.name in rows, action.name
        for key in action.keys:
            assert f"`{key_sign(key)}`" in rows[action.name], (action.name, key)
        assert action.help in rows[action.name], action.name


def test_whatever_has_a_letter_or_punctuation_has_another_way() -> None:
    """Function keys, arrows and ctrl arrive on every layout; the palette has the rest."""
    assert {"palette", "quit", "undo", "next", "accept", "up", "down"} <= {
        action.name for action in ACTIONS if any(len(key) > 1 for key in action.keys)
    }


# --- deciding


async def test_one_key_an_item(project: Path) -> None:
    async with open_bench(project) as bench:
        first = bench.item
        assert Category.BOUNDARY in first.category
        await bench.press("enter")
        await bench.saved()
        assert bench.item != first
        assert "✓ saved" in bench.text()
        (decided,) = bench.desk.project.decisions("most-0")
        assert [TEXT[s.start : s.end] for s in decided.decision.spans] == ["Иван Петров"]


async def test_digits_arrows_and_zero(project: Path) -> None:
    async with open_bench(project) as bench:
        await look_for(bench, "layer:boilerplate")
        item = bench.item
        await bench.press("down down enter")
        assert bench.desk.table is not None
        await bench.press("u")
        assert bench.item.key == item.key
        await bench.press("2")
        await bench.press("ctrl+z")
        await bench.press("0")
        await bench.saved()
        history = bench.desk.project.history("most-0", kit.JUDGE)
        made = [e.body for e in history if e.kind is Kind.DECISION]
        assert [None if b is None else [s["label"] for s in b["spans"]] for b in made] == [
            [], None, [item.variants[1].span.label], None, [],
        ]  # fmt: skip


async def test_a_digit_without_a_variant_decides_nothing(project: Path) -> None:
    async with open_bench(project) as bench:
        item = bench.item
        await bench.press("9")
        assert bench.item == item
        assert "There is no variant 9 here." in bench.text()


async def test_a_key_held_down_decides_once(project: Path) -> None:
    async with open_bench(project) as bench:
        bench.screen.held.fastest = FASTEST
        for n in range(8):  # the wait before the first repeat, then thirty a second
            bench.screen.press("enter", "\r", 50.0 + (0.4 + 0.033 * n if n else 0.0) - 0.033)
        await bench.saved()
        assert "held down" in bench.text()
        assert len(bench.desk.project.decisions("most-0")) == 2
        bench.screen.press("1", "1", 52.0)
        await bench.saved()
        assert len(bench.desk.project.decisions("most-0")) == 3


def times(*gaps: float) -> list[bool]:
    """For keys with these seconds between them, which are taken for repeats."""
    held, at = HeldKeys(), 100.0
    found = [held.is_repeat("1", at)]
    for gap in gaps:
        at += gap
        found.append(held.is_repeat("1", at))
    return found


def test_what_is_held_and_what_is_pressed() -> None:
    assert not any(times(*[0.0001] * 11))  # sent in one go
    assert not any(times(0.11, 0.13, 0.09, 0.12, 0.085, 0.11, 0.099))  # a hand as fast as hands are
    assert times(0.5, *[0.03] * 10)[2:] == [True] * 10
    assert times(0.5, *[0.09] * 10)[5:] == [True] * 7  # a slow keyboard: noticed when it is even
    held = HeldKeys()
    assert not any(
        held.is_repeat("12"[n % 2], 1 + n * 0.03) for n in range(10)
    )  # a roll of two keys


async def test_several_are_picked_with_plus(project: Path) -> None:
    async with open_bench(project) as bench:
        item = bench.item
        await bench.press("+ 1")
        assert "[x]" in bench.text()
        assert "[ ]" in bench.text()
        await bench.press("escape")
        assert "[x]" not in bench.text()
        await bench.press("+ 1 2 enter")
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert decided.decision.item == item.key
        assert len(decided.decision.spans) == 2


# --- edit mode


async def test_edges_and_label_are_edited_as_in_select_mode(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("e left")
        assert "Иван" in next(line for line in bench.lines() if line.startswith("▸e PER"))
        await bench.press("tab right left o enter")
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        (made,) = decided.decision.spans
        assert (made.label, TEXT[made.start : made.end]) == ("ORG", "Кметът Иван")
        assert decided.decision.method is Method.NEW


async def test_edges_move_by_character_too(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("e - left left enter")
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert [TEXT[s.start : s.end] for s in decided.decision.spans] == ["Иван Петр"]


async def test_escape_leaves_edit_mode_without_a_trace(project: Path) -> None:
    async with open_bench(project) as bench:
        before = bench.text()
        await bench.press("e left left escape")
        assert bench.text() == before
        assert bench.desk.saving is None


async def test_a_letter_no_label_has_is_said(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("e z")
        assert "No label has the key 'z'" in bench.text()
        await bench.press("f4")
        assert isinstance(bench.app.screen, Choose)
        await bench.press("l")
        assert bench.screen.sight.editing is not None
        assert bench.screen.sight.editing.label == "LOC"


async def test_a_stance_gets_another_value_by_its_letter(project: Path) -> None:
    async with open_bench(project) as bench:
        await look_for(bench, "layer:stance")
        assert bench.screen.sight.mode is Mode.TABLE
        await bench.press("e m")
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert decided.decision.stance is not None
        assert decided.decision.stance.label == "MIXED"
        assert decided.decision.stance.evidence == ()


async def test_evidence_is_edited_stretch_by_stretch(project: Path) -> None:
    async with open_bench(project) as bench:
        await look_for(bench, "layer:stance")
        assert bench.item.what is What.STANCE
        await bench.press("enter")
        assert bench.item.what is What.EVIDENCE
        numbers = [len(variant.evidence) for variant in bench.item.variants]
        await bench.press(f"{numbers.index(2) + 1} u")
        bench.desk.choice = numbers.index(2)
        await bench.press("e full_stop backspace - left enter")
        await bench.saved()
        found = bench.desk.project.decisions("most-0")
        (decision,) = [d.decision for d in found if d.decision.key.startswith("item:evidence")]
        assert len(decision.evidence) == 1
        assert decision.method is Method.NEW


# --- remarks


async def test_a_span_nobody_has_is_selected_and_added(project: Path) -> None:
    async with open_bench(project) as bench:
        assert "a add" in bench.text()
        before = bench.item
        await bench.press("a 1")  # in the layer of the item, from its place on
        assert "space begin here" in bench.text()
        words = TEXT[before.start :].split()
        await bench.press("right right right")  # откри
        assert f"{words[3]}" in bench.text()
        await bench.press("space right")
        assert "tab other edge" in bench.text()
        await bench.press("l enter")
        assert "Added" in bench.text()
        assert "ADDED" in bench.text()
        assert "откри моста" in bench.text()
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        (made,) = decided.decision.spans
        assert (made.label, TEXT[made.start : made.end]) == ("LOC", "откри моста")
        await bench.press("n")
        assert bench.item.key == before.key
        await bench.press("u")
        await bench.saved()
        assert bench.desk.project.decisions("most-0") == ()
        await bench.press("a 1 right escape")
        assert bench.screen.sight.editing is None
        assert bench.item.key == before.key


async def test_a_stance_nobody_gave_is_added(project: Path) -> None:
    async with open_bench(project, (80, 24)) as bench:
        await bench.press("a 3")
        assert "A stance toward" in bench.text()
        options = bench.app.screen.query_one("OptionList")
        options.highlighted = options.option_count - 1  # type: ignore[attr-defined]
        await bench.press("enter")
        await bench.type("Такси")
        await bench.press("enter a")  # the author
        await bench.press("f 1")
        assert "space begin here" in bench.text()
        await bench.press("down enter")
        await bench.saved()
        made = {
            d.decision.item.split(":")[1]: d.decision
            for d in bench.desk.project.decisions("most-0")
        }
        assert set(made) == {"stance", "evidence"}
        assert made["stance"].stance is not None
        assert (made["stance"].stance.target.name, made["stance"].stance.label) == (
            "Такси",
            "FAVOR",
        )
        assert len(made["evidence"].evidence) == 1
        assert "Такси" in bench.text()
        await bench.press("u")
        await bench.saved()
        assert bench.desk.project.decisions("most-0") == ()


async def test_in_an_article_without_items_something_can_be_added(tmp_path: Path) -> None:
    work: dict[str, list[Span | Stance]] = {"iva": [], "mila": []}
    async with open_bench(make(tmp_path / "none.db", work), (80, 24)) as bench:
        assert bench.desk.item is None
        await bench.press("a 2 right space right p enter")
        await bench.saved()
        assert "ADDED" in bench.text()


async def test_note_and_guideline_problem(project: Path) -> None:
    async with open_bench(project) as bench:
        item = bench.item
        await bench.press(";")
        await bench.type("пита се")
        await bench.press("enter")
        await bench.press("!")
        assert isinstance(bench.app.screen, Choose)
        await bench.press("b")
        await bench.saved()
        assert bench.item.key == item.key
        assert "пита се" in bench.text()
        (decided,) = bench.desk.project.decisions("most-0")
        assert decided.decision.verdict is Verdict.DISCUSS
        assert decided.decision.note == "пита се"
        assert decided.decision.reason is Reason.BOUNDARY_RULE
        assert decided.decision.guideline


async def test_discuss_and_skip(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("d s")
        await bench.saved()
        found = bench.desk.project.decisions("most-0")
        assert {d.decision.verdict for d in found} == {Verdict.DISCUSS, Verdict.SKIPPED}


# --- many at once


async def test_what_all_agree_on_is_counted_before_it_is_accepted(project: Path) -> None:
    async with open_bench(project) as bench:
        assert "1 agreed: A" in bench.text()
        await bench.press("A")
        assert "1  in this article: 1 item" in bench.text()
        assert "2  in all articles: 2 items" in bench.text()
        await bench.press("escape")
        assert bench.desk.saving is None
        await bench.press("A 1")
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert decided.decision.method is Method.UNANIMOUS
        await bench.press("A 2")
        await bench.pilot.pause(0.2)
        assert len(bench.desk.project.decisions("most-1")) == 1
        await bench.press("u u u")
        await bench.saved()
        assert (
            bench.desk.project.decisions("most-0") == bench.desk.project.decisions("most-1") == ()
        )


async def test_majorities_after_a_count(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("M")
        assert "items, marked as decided by majority" in bench.text()
        await bench.press("1")
        await bench.saved()
        found = bench.desk.project.decisions("most-0")
        assert {d.decision.method for d in found} == {Method.MAJORITY}


# --- what is painted


async def test_variants_stand_below_their_place_in_the_text(project: Path) -> None:
    async with open_bench(project) as bench:
        lines = bench.lines()
        row = next(n for n, line in enumerate(lines) if "Кметът Иван Петров откри" in line)
        here = lines[row].index("Иван")
        wide = lines[row].index("Кметът")
        marks = lines[row + 1 : row + 3]
        assert marks[0].index("═") == here
        assert marks[0].count("═") == len("Иван Петров")
        assert marks[1].index("═") == wide
        both = {letter(bench, "iva"), letter(bench, "petar")}
        assert set(marks[0].split()[1:3]) == both
        assert letter(bench, "mila") in marks[1].split()


async def test_names_are_hidden_until_asked_for(project: Path) -> None:
    async with open_bench(project) as bench:
        for name in WORK:
            assert name not in bench.text()
        await bench.press("w")
        for name in WORK:
            assert name in bench.text()
        assert "NAMES" in bench.text()


async def test_the_views(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("v")
        assert bench.screen.sight.mode is Mode.COLUMNS
        assert "A B C ▸" in bench.text()
        await bench.press("v")
        assert "gold" in bench.text()
        await bench.press("v")
        assert bench.screen.sight.mode is Mode.INLINE


async def test_a_long_block_comes_as_columns(tmp_path: Path) -> None:
    text = "Заглавие\n" + "Ред от менюто на сайта\n" * 40
    work: dict[str, list[Span | Stance]] = {
        name: [Span(f"{name}-b", "boilerplate", label, 9, len(text) - 1)]
        for name, label in (("iva", "nav"), ("mila", "nav"), ("petar", "footer"))
    }
    async with open_bench(make(tmp_path / "p.db", work, text), size=(80, 24)) as bench:
        assert "A B C ▸" in bench.text()
        assert sum("│ │ │ │" in line for line in bench.lines()) > 5


async def test_a_stance_is_a_row_with_values_and_quotes(project: Path) -> None:
    async with open_bench(project) as bench:
        await look_for(bench, "layer:stance")
        row = next(line for line in bench.lines() if line.startswith("▶"))
        assert row.count("AGAINST") >= 2
        assert "FAVOR" in row
        assert f"“{SERVES}”" in bench.text()
        assert f"“{SAYS}”" in bench.text()


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12), (20, 5), (10, 3), (1, 1)])
async def test_every_line_has_the_width_of_the_screen(project: Path, size: tuple[int, int]) -> None:
    async with open_bench(project, size=size) as bench:
        for keys in ("", "v", "v", "e", "escape", "n", "n", "w", "+"):
            await bench.press(keys)
            lines = bench.lines()
            assert len(lines) == size[1]
            assert {cell_len(line) for line in lines} == {size[0]}


async def test_at_80_by_24_all_that_matters_is_there(project: Path) -> None:
    async with open_bench(project, size=(80, 24)) as bench:
        text = bench.text()
        for words in ("Мост 0", "3 left of 3", "article 1/2", "item 1/3", "BOUNDARY", "PER", "2/3"):
            assert words in text, words
        assert "? keys" in bench.lines()[-1]


async def test_without_colours_everything_is_told(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_bench(project) as bench:
        colored = bench.text()
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_bench(project) as bench:
        assert bench.text() == colored
        assert "▸1" in bench.text()
        assert "PER" in bench.text()


HOSTILE = (
    "Evil \x1b]0;pwn\x07 \x1b[31m \x9b32m [b]x[/b] [@click=app.bell]y[/] \u202eabc\u202c \u2066d Name Here\n"
    "👩‍👩‍👧‍👦 ❤️ 漢字かな е\u0301\u0301 ﷽ אבג الجسر\n\n\ttab Name Here again\r\nлев Край\n"
)


async def test_hostile_texts_are_inert(tmp_path: Path) -> None:
    edges = [(0, 30), (3, 38), (0, len(HOSTILE) - 1)]
    target = Party("entity", "[red]\x1b[31mпопадение[/]\u202e")
    work: dict[str, list[Span | Stance]] = {
        name: [
            Span(f"{name}-x", "entities", "PER", *edge),
            Stance(target, value, Party("quoted", "\x1b[2J[/b]"), evidence=(Evidence(*edge),), note="[/]"),
        ]
        for name, edge, value in zip(("iva", "mila", "pe[/b]tar"), edges, ("FAVOR", "AGAINST", "MIXED"), strict=True)
    }  # fmt: skip
    path = make(tmp_path / "p.db", work, HOSTILE, 1)
    for size in ((80, 24), (120, 30), (25, 10)):
        async with open_bench(path, size=size) as bench:
            for keys in (
                "",
                "v",
                "v",
                "v",
                "w",
                "e",
                "right",
                "escape",
                "o",
                "escape",
                "n",
                "v",
                "v",
                "A",
            ):
                await bench.press(keys)
                painted = bench.text()
                for char in ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\r"):
                    assert char not in painted, (keys, char)
                assert {cell_len(line) for line in bench.lines()} == {size[0]}
            assert not isinstance(bench.app._exception, Exception)


async def test_wide_characters_have_marks_of_their_width(tmp_path: Path) -> None:
    text = "市長のイワン・ペトロフ氏は新しい橋の開通式に出席した。\n"
    work: dict[str, list[Span | Stance]] = {
        "iva": [span("iva", "PER", "イワン・ペトロフ", text=text)],
        "mila": [span("mila", "PER", "イワン・ペトロフ氏", text=text)],
        "petar": [span("petar", "PER", "イワン・ペトロフ", text=text)],
    }
    async with open_bench(make(tmp_path / "p.db", work, text)) as bench:
        marks = [line for line in bench.lines() if "═" in line]
        assert [line.count("═") for line in marks] == [16, 18]
        row = next(line for line in bench.lines() if "市長の" in line)
        assert cell_len(row[: row.index("イ")]) == marks[0].index("═") == marks[1].index("═")


async def test_right_to_left_rows_repeat_the_words(tmp_path: Path) -> None:
    text = "افتتح العمدة إيفان بتروف الجسر الجديد صباح اليوم.\n"
    work: dict[str, list[Span | Stance]] = {
        "iva": [span("iva", "PER", "إيفان بتروف", text=text)],
        "mila": [span("mila", "PER", "العمدة إيفان بتروف", text=text)],
    }
    async with open_bench(make(tmp_path / "p.db", work, text)) as bench:
        assert "═" not in bench.text()
        assert any("“العمدة إيفان بتروف”" in line for line in bench.lines())


# --- layouts, dialogs, the way about


async def test_letters_work_under_a_cyrillic_layout(project: Path) -> None:
    async with open_bench(project, config=Config(layout="ru")) as bench:
        first = bench.item
        await bench.press("т")  # N
        assert bench.item != first
        await bench.press("з")  # P
        assert bench.item == first
        await bench.press("у щ enter")  # E, O
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert [s.label for s in decided.decision.spans] == ["ORG"]
        await bench.press("г Т")  # U, N
        assert bench.desk.table is not None
        assert bench.desk.table.article.id == "most-1"


async def test_an_unknown_layout_is_asked_for_and_nothing_decided(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("в")
        assert isinstance(bench.app.screen, CalibrateScreen)
        assert bench.desk.saving is None


async def test_pages_and_the_whole_article(project: Path) -> None:
    async with open_bench(project) as bench:
        for key in ("?", "f1", "f2"):
            await bench.press(key)
            assert isinstance(bench.app.screen, Page)
            await bench.press("escape")
        await bench.press("o")
        assert isinstance(bench.app.screen, ReadScreen)
        assert "Поверителност" in bench.text()
        await bench.press("pagedown home end up escape")
        assert bench.app.screen is bench.screen


async def test_the_palette_has_everything(project: Path) -> None:
    async with open_bench(project) as bench:
        first = bench.item
        await bench.press("ctrl+p")
        await bench.pilot.pause(0.2)
        await bench.type("discuss")
        await bench.pilot.pause(0.3)
        await bench.press("enter")
        await bench.pilot.pause(0.2)
        await bench.press("enter") if bench.app.screen is not bench.screen else None
        await bench.saved()
        (decided,) = bench.desk.project.decisions("most-0")
        assert (decided.decision.item, decided.decision.verdict) == (first.key, Verdict.DISCUSS)


async def test_a_filter_that_means_nothing_is_said(project: Path) -> None:
    async with open_bench(project) as bench:
        await look_for(bench, "colour:red")
        assert "Items are not filtered by 'colour'" in bench.text()
        await look_for(bench, "category:boundary")
        assert "filter category:boundary" in bench.text()


async def test_what_became_stale_comes_first_with_what_was_decided(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("enter enter enter enter")
        await bench.saved()
    with Project.open(project, "mila") as opened:
        found = next(s for s in opened.work("most-0").spans if s.label == "PER")
        moved = found._replace(label="ORG").body(TEXT)
        opened.record(Act("label", (Draft(Kind.SPAN, found.key, "most-0", moved),)))
    async with open_bench(project, article="most-0") as bench:
        assert bench.item.state is State.STALE
        assert "STALE" in bench.text()
        assert "before: PER “Иван Петров” (manual, you on " in bench.text()
        await bench.press("k")
        await bench.saved()
        assert bench.desk.left == 0 or bench.item.state is not State.STALE


async def test_undo_after_a_restart_through_the_screen(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("enter enter")
        await bench.saved()
    async with open_bench(project) as bench:
        await bench.press("u u")
        await bench.saved()
        assert bench.desk.project.decisions("most-0") == ()
        await bench.press("ctrl+y")
        await bench.saved()
        assert len(bench.desk.project.decisions("most-0")) == 1


async def test_ones_own_articles_are_refused_in_words(project: Path) -> None:
    async with open_bench(project, actor="iva") as bench:
        assert "You annotated all 2 articles" in bench.text()
        await bench.press("enter 1 0 e + d s n p N P v o f2 ; ! A")
        assert bench.desk.saving is None
    async with open_bench(project, actor="iva", options=Options(audit=0, own=True)) as bench:
        await bench.press("enter")
        await bench.saved()
        assert len(bench.desk.project.decisions("most-0")) == 1


async def test_a_blind_sitting_hides_the_proposal_until_enter(project: Path) -> None:
    async with open_bench(project, options=Options(audit=0, blind=True)) as bench:
        assert "▸1" not in bench.text()
        assert "enter" not in bench.text()
        await bench.press("enter")
        assert "▸1" in bench.text()
        assert bench.desk.saving is None


async def test_the_next_article_is_laid_out_beforehand(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.pilot.pause(0.2)
        assert set(bench.desk.waiting._tables) == {"most-0", "most-1"}
        bench.desk.filter(parse(""))


def test_the_app_is_one_of_ours() -> None:
    from annotator.tui.adjudicate_app import AdjudicateApp
    from annotator.tui.app import AnnotatorApp, BaseApp

    assert issubclass(AdjudicateApp, BaseApp)
    assert issubclass(AnnotatorApp, BaseApp)
    assert issubclass(BaseApp, App)


async def test_the_hint_counts_what_digits_take(tmp_path: Path) -> None:
    work = {"iva": [span("iva", "LOC", "Старобряг")], "mila": [span("mila", "PER", "Иван Петров")]}
    async with open_bench(make(tmp_path / "two.db", work), (120, 30)) as bench:
        assert len(bench.item.variants) == 2  # one, and nothing
        assert "1 take  0 nothing" in bench.text()
        assert "1-2 take" not in bench.text()


async def test_two_opinions_are_shown_until_one_is_taken(project: Path) -> None:
    async with open_bench(project) as bench:
        item = bench.item
        await bench.press("1")
        await bench.saved()
    async with open_bench(project, options=Options(audit=0, second=1.0), actor="olga") as bench:
        assert bench.item.key == item.key
        await bench.press("0")
        await bench.saved()
    async with open_bench(project, (80, 24), actor="nina") as bench:
        assert "1 disputed" in bench.text()
        await look_for(bench, "state:disputed")
        text = bench.text()
        assert "TWO OPINIONS" in text
        assert "vera: PER “Иван Петров”" in text
        assert "olga: nothing" in text
        await bench.press("1")
        await bench.saved()
        assert "TWO OPINIONS" not in bench.text()
        assert "disputed" not in bench.lines()[-2].replace("state:disputed", "")


async def test_all_that_was_accepted_is_taken_back_with_one_key(project: Path) -> None:
    async with open_bench(project) as bench:
        await bench.press("A 2")
        await bench.pilot.pause(0.1)
        count = sum(len(bench.desk.project.decisions(f"most-{n}")) for n in range(2))
        assert count == 2
        await bench.press("u")
        await bench.pilot.pause(0.1)
        assert "Taken back in 2 articles." in bench.text()
        await bench.press("ctrl+y")
        await bench.pilot.pause(0.1)
        assert "Done again in 2 articles." in bench.text()
        await bench.press("u")
        await bench.pilot.pause(0.1)
        assert not any(bench.desk.project.decisions(f"most-{n}") for n in range(2))
