"""Any keys in any order: what holds afterwards, and that undo and redo forget nothing."""

import re
from itertools import pairwise
from typing import Any

import pytest
from desk_kit import FREE, FakeLog, Hands, check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.desk.actions import ACTIONS
from annotator.desk.history import REDO, UNDO
from annotator.desk.search import Search
from annotator.model.annotation import State, Work
from annotator.model.scheme_file import preset
from annotator.model.suggestion import Suggestion
from annotator.text import units

pytestmark = pytest.mark.both_engines

TEXTS = (
    "Ким Чен-ун кацна. „Това е начало“, каза той.\n\nНазад\nОще: „Газпром“ (видео)\n  \nВход   Имейл\n",
    "وصل الرئيس إلى المدينة. قال: «لا نعرف».\n北京今天下雨。他说：“很好”。\n👩‍👩‍👧 🇧🇬🇷🇸 e\u0301l é\u200d!\r\nКонец.",
    "Одна строка без конца и без края, в ней Путин и Кремль и ещё раз Кремль",
    " \n\t\n",
    "***\n— !\n\nдума\n***",
)
MOVES = [a.name for a in ACTIONS if not a.screen and a.name not in ("undo", "redo")]
ACTS = st.one_of(
    st.sampled_from(MOVES),
    st.sampled_from([*"123", *"123", *"phnlofa", *"phnlofa", "n", "p", "0", "!", "-", "-", '"']),
    st.sampled_from(["enter", "enter", "backspace", "space", "f8", "f7", "shift+right", "note"]),
    st.sampled_from(["done", "skip", "next", "holder", "match"]),
)
STEPS = st.lists(ACTS, max_size=40)


def step(hands: Hands, name: str) -> None:
    """One key, or one of the screen's actions on the desk."""
    desk = hands.desk
    if name in MOVES:
        desk.run(name)
    elif name == "enter":
        hands.enter()
    elif name == "note":
        desk.notes.write("виж пак")
    elif name == "done":
        desk.finish()
    elif name == "skip":
        desk.skip("не е статия")
    elif name == "next":
        names = list(hands.log.articles)
        desk.open(names[(names.index(desk.sheet.article.id) + 1) % len(names)])
    elif name == "holder":
        if desk.hand is desk.stances:
            for choice in desk.stances.holders_for_new_row()[:1]:
                desk.stances.open_row(desk.stances.current.target, choice.value)
    elif name == "match":
        match = Search(hands.text, r"\S+ \S|[^\s]+.{3}", is_regex=True).after(desk.caret.target[1])
        if match:
            desk.caret.hold_match(match)
            assert desk.caret.selection is not None
            assert desk.caret.selection.range == match
            if units.snap(hands.text, *match) != match:
                desk.caret.drop()
    else:
        hands.press(name)


def undo_all(hands: Hands, count: int) -> int:
    done = 0
    while True:
        hands.press("ctrl+z")
        if hands.said == f"Nothing to {UNDO}.":
            return done
        assert hands.said.startswith("Undone"), hands.said
        check(hands)
        done += 1
        assert done <= count


def settle(long_run: bool) -> Any:
    return settings(
        max_examples=2000 if long_run else 80,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("scheme", [preset("news"), FREE, preset("minimal")], ids=lambda s: s.name)
def test_undo_gives_back_the_beginning_and_redo_the_end(scheme: Any, long_run: bool) -> None:
    @settle(long_run)
    @given(STEPS, st.permutations(TEXTS), st.integers(0, 40), st.booleans())
    def run(steps: list[str], texts: list[str], restart: int, restart_later: bool) -> None:
        hands = Hands(log=FakeLog(*texts[:2]), scheme=scheme)
        for number, name in enumerate(steps):
            if number == restart:
                hands.restart(hands.desk.sheet.article.id)
            step(hands, name)
            check(hands)
        end = hands.log.state()
        acts = sum(act.verb != "time" for act in hands.log.acts)
        assert_shown(hands)
        if restart_later:
            hands.restart()
        count = undo_all(hands, acts)
        assert count == acts
        assert hands.log.state() == {}
        if restart_later:
            hands.restart()
        for _ in range(count):
            hands.press("ctrl+y")
            assert hands.said.startswith("Done again"), hands.said
            check(hands)
        hands.press("ctrl+y")
        assert hands.said == f"Nothing to {REDO}."
        assert hands.log.state() == end
        assert_shown(hands)

    run()


def assert_shown(hands: Hands) -> None:
    """The sheet shows what the log holds."""
    here = hands.desk.sheet
    before = dict(here.spans), dict(here.stances), set(here.looked), dict(here.notes), here.status
    hands.desk.open(here.article.id)
    here = hands.desk.sheet
    assert before == (here.spans, here.stances, here.looked, here.notes, here.status)


class Model:
    """Undo and redo as two stacks."""

    def __init__(self) -> None:
        self.undo: list[dict[str, Any]] = []
        self.redo: list[dict[str, Any]] = []


def test_undo_redo_and_acts_mixed_with_restarts(long_run: bool) -> None:
    keys = st.lists(
        st.one_of(
            st.just("act"), st.just("act"), st.just("undo"), st.just("redo"), st.just("restart"),
            st.just("other"),
        ),
        max_size=30,
    )  # fmt: skip

    @settle(long_run)
    @given(keys)
    def run(names: list[str]) -> None:
        hands, model, now = Hands("едно две", "три четири"), Model(), {}
        for number, name in enumerate(names):
            if name == "act":
                model.undo.append(now)
                model.redo.clear()
                hands.desk.notes.write(f"бележка {number}")
            elif name == "undo":
                hands.press("ctrl+z")
                if model.undo:
                    model.redo.append(now)
                    now = model.undo.pop()
            elif name == "redo":
                hands.press("ctrl+y")
                if model.redo:
                    model.undo.append(now)
                    now = model.redo.pop()
            elif name == "restart":
                hands.restart()
            else:
                hands.desk.open("a1" if hands.desk.sheet.article.id == "a0" else "a0")
            if name == "act":
                now = hands.log.state()
            assert hands.log.state() == now

    run()


LINES = (
    "Иван Петров откри моста.\nПрочетете още: 12 новини\nВсички права запазени\n\nИван Петров каза.\n",
    "Мостът е скъп за Петров.\n  Прочетете  още: 7 новини \nДруго\n",
    "прочетете още: 345 новини\nВСИЧКИ права запазени\n",
    "Прочетете още: 1 новини\nтест\n",
)
DECISIONS = (
    *("enter", "enter", "backspace", "backspace", "+", "_", "_ _", "_ _", "=", "0", "-"),
    *("tab", "shift+tab", "right", "down", "up", "shift+right", "escape", "n", "p", "l"),
    *("1", "2", "ctrl+z", "ctrl+z", "ctrl+y", "confirm_article", "unsure_first", "suggestions"),
    *("arrived", "done", "reopen", "next", "restart", "hold up", "let go"),
)


def suggestions(scheme: Any, text: str) -> st.SearchStrategy[list[Suggestion]]:
    """Of several sources, overlapping, sure and unsure, also without a label or with an unknown one."""
    lines = [match.span() for match in re.finditer(r"\S.*\S", text)]
    places = st.one_of(
        st.sampled_from(lines),
        st.tuples(st.integers(0, len(text) - 1), st.sampled_from([3, 9, 30])),
    )

    def made(layer: Any, place: tuple[int, int], label: int, *more: Any) -> Suggestion:
        start, end = place if place in lines else (place[0], min(sum(place), len(text)))
        names = [*(each.name for each in layer.labels), "", "UNKNOWN"]
        return Suggestion(layer.name, names[label % len(names)], start, end, *more)

    score, source = st.sampled_from([None, 0.1, 0.5, 0.95]), st.sampled_from(["file", "lines"])
    layers = st.sampled_from(scheme.span_layers)
    return st.lists(st.builds(made, layers, places, st.integers(0, 20), source, score), max_size=9)


@pytest.mark.parametrize("scheme", [preset("news"), FREE], ids=lambda s: s.name)
def test_what_is_suggested_and_decided(scheme: Any, long_run: bool) -> None:
    @settle(long_run)
    @given(
        st.tuples(*(suggestions(scheme, text) for text in LINES)),
        suggestions(scheme, LINES[0]),
        st.lists(st.sampled_from(DECISIONS), max_size=40),
    )
    def run(found: Any, later: list[Suggestion], names: list[str]) -> None:
        log = FakeLog(*LINES)
        log.suggested = dict(zip(log.articles, map(list, found), strict=True))
        log.held_out.add("a3")
        hands = Hands(log=log, scheme=scheme)
        for name in names:
            before = {a: log.work(a) for a in log.articles}
            decide(hands, name, later)
            check_suggested(hands)
            if not name.startswith("ctrl") and name != "let go":
                check_reached(hands, before)
        if log.slow is not None:
            log.let_go()
        assert_shown(hands)
        end, count = log.state(), undo_all(hands, len(log.acts))
        assert log.state() == {}
        for _ in range(count):
            hands.press("ctrl+y")
            check(hands)
        assert log.state() == end

    run()


def decide(hands: Hands, name: str, later: list[Suggestion]) -> None:
    """A key, or something that happens meanwhile."""
    desk, log = hands.desk, hands.log
    if name == "arrived":
        log.suggested["a0"] = [*log.suggested["a0"][:3], *later]
        desk.proposals.arrived()
    elif name in ("confirm_article", "unsure_first", "suggestions", "reopen"):
        desk.run(name)
    elif name in ("next", "done"):
        step(hands, name)
    elif name == "enter":
        assert desk.enter() in (True, False)
    elif name == "hold up":
        log.slow = log.slow or []
    elif name in ("let go", "restart"):
        if log.slow is not None:
            log.let_go()
        if name == "restart":
            hands.restart(desk.sheet.article.id)
    else:
        for key in name.split():
            hands.press(key)
    hands.desk.window.follow()


def check_suggested(hands: Hands) -> None:
    """What is shown lies apart, on nothing labelled, and not in a finished article."""
    desk = hands.desk
    shown = desk.proposals.between(0, len(hands.text))
    assert all(a.end <= b.start for a, b in pairwise(shown))
    assert not any(desk.sheet.over(desk.layer.name, *each.range) for each in shown)
    assert not shown or desk.sheet.status.state not in (State.DONE, State.SKIPPED)
    check(hands)


def check_reached(hands: Hands, before: dict[str, Work]) -> None:
    """What a key did in other articles: nothing in finished or held-out ones, nothing labelled twice."""
    for name, old in before.items():
        now = hands.log.work(name).spans
        new = [span for span in now if span not in old.spans]
        assert not {span.label for span in new} & {"", "UNKNOWN"}
        if name != hands.desk.sheet.article.id:
            assert not new or (old.status.state is not State.DONE and name != "a3")
            for span in new:
                over = [s for s in now if s.layer == span.layer and s.start < span.end]
                assert [s for s in over if s.end > span.start] == [span]
