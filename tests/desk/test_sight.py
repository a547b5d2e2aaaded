"""What was shown of suggestions is recorded: when, what of it, once, and as nobody's decision."""

from desk_kit import FakeLog, Hands
from test_deciding import KEY, LEGAL, MENU, RADA, SINEVO, TEXT, TODOR

from annotator.model.annotation import State
from annotator.model.shown import Shown
from annotator.model.suggestion import Suggestion


def hands(*found: Suggestion) -> Hands:
    log = FakeLog(TEXT, TEXT)
    log.suggested["a0"] = list(found)
    return Hands(log=log)


def look(h: Hands, keys: str = "") -> Hands:
    """Keys, each followed by what the screen does to paint."""
    for key in ["", *keys.split()]:
        if key:
            h.type(key)
        h.desk.window.follow()
        h.desk.proposals.between(*h.desk.window.shown())
    return h


def leave(h: Hands, after: float = 30.0) -> list[Shown]:
    h.time += after
    h.desk.run("clear")
    h.desk.open("a1")
    return h.log.shown("a0")


def words(shown: Shown) -> list[str]:
    return [TEXT[s.start : s.end] for s in shown.items]


def test_at_leaving_what_was_on_screen_is_recorded_by_layer_and_source() -> None:
    h = look(hands(TODOR._replace(version="v1"), RADA, MENU, LEGAL, SINEVO), "2")
    lines, names = sorted(leave(h), key=lambda shown: shown.source)
    assert (lines.layer, lines.source, lines.version) == ("boilerplate", "lines", "")
    assert words(lines) == ["Начало   Контакти", "Общи условия\nВсички права запазени"]
    assert words(names) == ["Тодор Жеков", "Рада Вълчева", "Синево"]
    assert [(s.label, s.score, s.sure) for s in names.items] == [
        ("PER", 0.9, True),
        ("PER", 0.6, False),
        ("LOC", 0.4, False),
    ]


def test_what_was_decided_meanwhile_was_shown_all_the_same() -> None:
    h = look(hands(TODOR, RADA, SINEVO, KEY), "2 tab enter backspace tab l")
    (names,) = leave(h)
    assert words(names) == ["Тодор Жеков", "Рада Вълчева", "Синево", "кей"]


def test_it_is_no_decision_and_begins_nothing() -> None:
    h = look(hands(TODOR), "2")
    assert leave(h)
    assert [act.verb for act in h.log.acts] == ["shown"]
    h.desk.open("a0")
    assert (h.desk.sheet.status.state, h.desk.sheet.begun) == (State.NEW, False)
    assert h.type("ctrl+z").said == "Nothing to undo."
    h.restart()
    assert h.type("ctrl+z").said == "Nothing to undo."


def test_a_glance_shows_nothing_and_a_decision_is_no_glance() -> None:
    assert leave(look(hands(TODOR), "2"), after=1.0) == []
    assert len(leave(look(hands(TODOR), "2 p"), after=1.0)) == 1


def test_a_layer_not_looked_at_and_places_below_the_screen_were_not_shown() -> None:
    h = hands(TODOR, MENU, SINEVO)
    h.desk.wrap(200)
    h.desk.window.height = 1
    (names,) = leave(look(h.type("2")))
    assert (names.layer, words(names)) == ("entities", ["Тодор Жеков"])


def test_the_window_goes_down_with_the_caret() -> None:
    h = hands(TODOR, SINEVO)
    h.desk.wrap(200)
    h.desk.window.height = 1
    (names,) = leave(look(h.type("2"), ""))
    assert words(names) == ["Тодор Жеков"]
    h.desk.open("a0")
    look(h, "down")
    h.time += 30
    (names,) = leave(h)
    assert words(names) == ["Тодор Жеков", "Синево"]


def test_finished_all_of_the_layers_looked_at_were_shown() -> None:
    h = hands(TODOR, SINEVO, MENU)
    h.desk.wrap(200)
    h.desk.window.height = 1
    look(h.type("2"))
    h.desk.finish()
    (names,) = h.log.shown("a0")
    assert words(names) == ["Тодор Жеков", "Синево"]
    assert [act.verb for act in h.log.acts] == ["shown", "done"]
    leave(h)
    assert [act.verb for act in h.log.acts].count("shown") == 1


def test_it_is_recorded_again_only_when_there_is_more() -> None:
    h = look(hands(TODOR), "2")
    leave(h)
    h.desk.open("a0")
    look(h)
    leave(h)
    assert len(h.log.acts) == 1
    h.log.suggested["a0"].append(SINEVO._replace(version="v2"))
    h.desk.open("a0")
    look(h)
    (names,) = leave(h)
    assert (words(names), names.version) == (["Тодор Жеков", "Синево"], "v2")


def test_what_arrives_in_the_visit_is_added_to_what_was_there_before() -> None:
    h = look(hands(TODOR), "2")
    h.log.suggested["a0"] = [SINEVO]
    h.desk.proposals.arrived()
    look(h)
    (names,) = leave(h)
    assert words(names) == ["Тодор Жеков", "Синево"]


def test_what_is_hidden_or_lay_under_a_label_was_not_shown() -> None:
    h = hands(TODOR, SINEVO)
    h.desk.run("suggestions")  # of boilerplate
    look(h.type("2").go("Тодор").type("- right p"))
    h.desk.open("a1")
    h.log.heads["a0"] = {k: v for k, v in h.log.heads["a0"].items() if not k.startswith("shown")}
    h.desk.open("a0")
    look(h)
    (names,) = leave(h)
    assert words(names) == ["Синево"]
    h.desk.open("a0")
    h.log.heads["a0"] = {k: v for k, v in h.log.heads["a0"].items() if not k.startswith("shown")}
    h.desk.run("suggestions")
    look(h)
    assert leave(h) == []


def test_of_rules_nothing_is_recorded() -> None:
    h = hands()
    look(h.type("2").go("Тодор").type("- right p ="))
    assert leave(h) == []


def test_where_it_cannot_be_saved_the_work_goes_on() -> None:
    from annotator.model.errors import AnnotatorError

    h = look(hands(TODOR), "2")

    def refuse(_act: object) -> None:
        raise AnnotatorError("The disk is full.")

    h.log.submit = refuse
    h.time += 30
    h.desk.run("clear")
    h.desk.open("a1")
    assert h.desk.sheet.article.id == "a1"
    assert h.desk.saving is None


def test_of_suggestions_one_under_the_other_each_that_came_out_was_shown() -> None:
    """Turned down, the one on top brings out the next; what is decided on then was seen too."""
    place = (TODOR.start, TODOR.end)
    second = Suggestion("entities", "ORG", *place, "other", 0.5)
    third = Suggestion("entities", "LOC", *place, "third", 0.4)
    h = hands(TODOR, second._replace(end=second.end - 1), third._replace(end=third.end - 2))
    look(h, "2")
    for key in ("backspace", "backspace", "enter"):
        look(h.go("Тодор"), key)
    assert [s.origin for s in h.desk.sheet.spans.values()] == ["third"]
    assert {shown.source for shown in leave(h)} == {TODOR.source, "other", "third"}
    same = hands(TODOR, second._replace(label="PER"), third)
    look(look(same, "2").go("Тодор"), "backspace")
    assert {shown.source for shown in leave(same)} == {TODOR.source}


def test_what_one_label_covers_at_once_was_not_all_shown() -> None:
    under = Suggestion("entities", "ORG", TODOR.start, TODOR.end - 1, "other", 0.1)
    h = look(hands(TODOR, under), "2 tab enter")
    assert {shown.source for shown in leave(h)} == {TODOR.source}


def test_while_saving_is_held_up_nothing_is_recorded_twice_nor_lost() -> None:
    h = hands(TODOR, SINEVO)
    h.desk.wrap(200)
    h.desk.window.height = 1
    look(h.type("2"))
    h.log.slow = []
    leave(h)
    h.desk.open("a0")
    look(h, "down")
    h.time += 30
    h.desk.finish()
    h.desk.open("a1")
    assert [act.verb for act, _ in h.log.slow].count("shown") == 2
    h.log.let_go()
    (names,) = h.log.shown("a0")
    assert words(names) == ["Тодор Жеков", "Синево"]
