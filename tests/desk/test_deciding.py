"""Deciding on suggestions: edges before confirming, the least sure first, the whole article, arrivals."""

import pytest
from desk_kit import FREE, FakeLog, Hands, check, put

from annotator.desk.keyboard import Answer
from annotator.model.assistance import AGAIN
from annotator.model.scheme import Scheme
from annotator.model.suggestion import Suggestion

TEXT = (
    "Рибарят Тодор Жеков не вярва на кметицата Рада Вълчева.\n"
    "В Синево питат Тодор Жеков за новия кей.\n"
    "Начало   Контакти\n"
    "Общи условия\n"
    "Всички права запазени\n"
    "Още новини\n"
)


def on(surface: str, label: str, score: float | None = None, **more) -> Suggestion:
    """A suggestion on the first place of some words, by "names" or "lines"."""
    default = "entities" if label.isupper() or not label else "boilerplate"
    layer = more.pop("layer", default)
    source = more.pop("source", "names" if layer == "entities" else "lines")
    start = TEXT.index(surface)
    return Suggestion(layer, label, start, start + len(surface), source, score, **more)


TODOR = on("Тодор Жеков", "PER", 0.9, attrs={"lemma": "Тодор Жеков"}, sure=True)
RADA = on("Рада Вълчева", "PER", 0.6, sure=False, why="memory: labelled PER 3 times, refused once")
SINEVO = on("Синево", "LOC", 0.4)
KEY = on("кей", "")
MENU = on("Начало   Контакти", "nav", 0.95)
LEGAL = on("Общи условия\nВсички права запазени", "consent_legal", 0.8, attrs={"uncertain": True})


def hands(*found: Suggestion, scheme: Scheme | None = None) -> Hands:
    log = FakeLog(TEXT, TEXT)
    log.suggested["a0"] = list(found)
    return Hands(log=log, scheme=scheme)


def origins(h: Hands) -> list[tuple[str, str, str]]:
    spans = sorted(h.desk.sheet.spans.values(), key=lambda s: s.start)
    return [(s.label, h.text[s.start : s.end], s.origin) for s in spans]


def open_ones(h: Hands) -> list[str]:
    return [h.text[slice(*p.range)] for p in h.desk.proposals.between(0, len(h.text))]


# --- edges before confirming ---------------------------------------------------------------------

MOVES = [
    ("shift+right", "Тодор Жеков не"),
    ("shift+left", "Тодор"),
    ("ctrl+right", "Тодор Жеков не"),
    ("- right", "Тодор Жеков не"),
    ("- left", "Тодор"),
    ("- tab left", "Рибарят Тодор Жеков"),
]


@pytest.mark.parametrize(("keys", "surface"), MOVES)
def test_edges_moved_are_confirmed_with_label_attributes_and_origin(keys, surface) -> None:
    h = hands(TODOR, SINEVO).type(f"2 tab {keys}")
    assert h.here == surface
    assert h.press("enter") is Answer.DESK
    assert origins(h) == [("PER", surface, "names")]
    (span,) = h.desk.sheet.spans.values()
    assert span.attrs == TODOR.attrs
    assert not h.desk.caret.selecting
    assert h.here != surface, "it goes on"
    check(h)
    h.type("ctrl+z")
    assert origins(h) == []
    assert open_ones(h) == ["Тодор Жеков", "Синево"]


@pytest.mark.parametrize(("keys", "surface"), MOVES)
def test_a_letter_gives_another_label_there_and_the_origin_stays(keys, surface) -> None:
    h = hands(TODOR).type(f"2 tab {keys} o")
    assert origins(h) == [("ORG", surface, "names")]
    (span,) = h.desk.sheet.spans.values()
    assert span.attrs == {}
    check(h)


@pytest.mark.parametrize(
    ("keys", "surface"),
    [
        ("shift+down", "Общи условия\nВсички права запазени\nОще новини"),
        ("shift+left", "Общи условия"),
        ("- - left", "Общи условия\nВсички права"),
        ("shift+up", "Общи условия"),
        ("- tab left", "Начало   Контакти\nОбщи условия\nВсички права запазени"),
    ],
)
@pytest.mark.parametrize(("key", "label"), [("enter", "consent_legal"), ("f", "form_login")])
def test_edges_of_blocks(keys, surface, key, label) -> None:
    h = hands(LEGAL).type(f"tab {keys}")
    if surface != "Общи условия":
        assert h.here == surface
    h.type(key)
    ((given, words, origin),) = origins(h)
    assert (given, origin) == (label, "lines")
    assert words.startswith(surface.partition("\n")[0][:4])
    assert words == h.text[slice(*_range(h))]
    (span,) = h.desk.sheet.spans.values()
    assert span.attrs == (LEGAL.attrs if label == "consent_legal" else {})
    check(h)


def test_a_block_of_several_rows_is_let_go_whole() -> None:
    long = "Слово о полку " * 12
    text = f"Меню\n{long.strip()}\nКрай"
    log = FakeLog(text)
    log.suggested["a0"] = [Suggestion("boilerplate", "nav", 0, len(text) - 5, "lines", 0.9)]
    h = Hands(log=log).type("tab shift+up")
    assert h.here == "Меню"
    h.type("shift+down")
    assert h.here == text[:-5]


def test_a_piece_of_a_line_moves_by_words() -> None:
    h = hands(on("Тодор Жеков", "byline", layer="boilerplate", source="lines")).type("tab")
    assert h.here == "Тодор Жеков"
    h.type("shift+right")
    assert h.here == "Тодор Жеков не"


def _range(h: Hands) -> tuple[int, int]:
    (span,) = h.desk.sheet.spans.values()
    return span.start, span.end


def test_a_block_moved_joins_no_label_made_by_hand() -> None:
    h = hands(LEGAL).go("Още новини")
    h.desk.give("consent_legal")
    h.go("Начало").type("tab shift+up enter")
    assert [o for _, _, o in origins(h)] == ["lines", "hand"]
    check(h)


def test_a_stretch_moved_off_the_suggestion_is_ones_own() -> None:
    h = hands(on("Тодор", "PER")).type("2 tab - right tab right right")
    h.type("p")
    assert all(origin in ("hand", "names") for _, _, origin in origins(h))
    check(h)


# --- one nod too many ----------------------------------------------------------------------------


@pytest.mark.parametrize("found", [MENU, LEGAL, SINEVO])
def test_who_nods_on_where_nothing_is_suggested_labels_nothing(found) -> None:
    h = hands(found).type("2 tab tab tab" if found is SINEVO else "tab")
    while h.desk.proposals.here is None:
        h.type("tab")
    h.type("enter")
    here = h.desk.caret.target
    for _ in range(3):
        assert h.press("enter") is not Answer.SCREEN
        assert h.said == "Nothing is suggested here: a letter labels it, tab goes on."
    assert (h.desk.caret.target, len(h.desk.sheet.spans)) == (here, 1)
    h.type("left right")
    assert h.press("enter") is Answer.SCREEN


def test_a_nod_of_an_earlier_visit_is_forgotten() -> None:
    h = hands(MENU).type("tab enter")
    here = h.desk.caret.target
    h.type("up").go("Общи условия")
    assert h.desk.caret.target == here
    assert h.press("enter") is Answer.SCREEN


# --- without a type ------------------------------------------------------------------------------


def test_a_candidate_is_labelled_by_a_letter_and_keeps_its_source() -> None:
    h = hands(KEY).type("2").go("новия").type("tab")
    assert h.here == "кей"
    assert h.said.startswith("?, names: a letter labels it, enter lists labels")
    h.type("l")
    assert origins(h) == [("LOC", "кей", "names")]


def test_enter_on_a_candidate_leaves_the_choice_to_the_screen() -> None:
    h = hands(KEY).type("2").go("кей")
    assert h.press("enter") is Answer.SCREEN
    assert (h.here, h.desk.ring.active) == ("кей", True)
    assert h.desk.sheet.spans == {}
    h.desk.give("ORG")
    assert origins(h) == [("ORG", "кей", "names")]


def test_candidates_are_rejected_for_good_and_never_taken_in_a_lump() -> None:
    h = hands(TODOR, KEY).type("2 +")
    assert origins(h) == [("PER", "Тодор Жеков", "names")]
    h.type("ctrl+e")
    assert len(h.spans()) == 1
    assert "1 unsure left: tab goes to ?, names “кей”." in h.said
    h.type("tab backspace")
    assert open_ones(h) == []
    h.restart()
    assert open_ones(h.type("2")) == []


def test_what_was_turned_down_is_no_candidate_either() -> None:
    h = hands(RADA).type("2 tab tab")
    assert h.here == "Рада Вълчева"
    h.type("backspace ctrl+home")
    seen = {h.type("tab").here for _ in range(8)}
    assert "Рада Вълчева" not in seen
    assert "Тодор Жеков" in seen
    h.type("ctrl+z ctrl+home")
    assert "Рада Вълчева" in {h.type("tab").here for _ in range(8)}


def test_what_has_a_label_goes_before_a_candidate_where_they_overlap() -> None:
    h = hands(on("Тодор", "PER", 0.2), on("Тодор Жеков", "", source="other")).type("2")
    assert open_ones(h) == ["Тодор"]


# --- the least sure first ------------------------------------------------------------------------


def test_the_least_sure_first() -> None:
    h = hands(TODOR, RADA, SINEVO, KEY).type("2 ctrl+u")
    assert h.said == "Least sure first: tab goes through 4 suggestions in this layer."
    seen = []
    for number in range(1, 5):
        h.type("tab")
        seen.append(h.here)
        assert f"least sure first: {number} of 4" in h.said
    assert seen == ["кей", "Синево", "Рада Вълчева", "Тодор Жеков"]
    h.type("shift+tab")
    assert h.here == "Рада Вълчева"
    h.type("enter")
    assert h.here == "Тодор Жеков", "after a decision the next sure one"
    assert "least sure first: 3 of 3" in h.said
    h.type("tab")
    assert h.said == "That was all: tab begins again with the least sure."
    h.type("tab")
    assert h.here == "кей"
    h.type("ctrl+u tab")
    assert "least sure" not in h.said


def test_the_order_stays_for_the_sitting_and_begins_anew_in_each_article() -> None:
    h = hands(TODOR, SINEVO)
    h.log.suggested["a1"] = [TODOR, RADA]
    h.type("2 ctrl+u tab tab")
    h.desk.open("a1")
    h.type("tab")
    assert h.here == "Рада Вълчева"


def test_where_nothing_is_suggested_tab_goes_its_usual_way() -> None:
    h = hands().type("ctrl+u tab")
    assert h.here.startswith("В Синево")
    h = hands(MENU).type("ctrl+u tab enter")
    assert origins(h) == [("nav", "Начало   Контакти", "lines")]
    assert h.here == "Общи условия", "to the next block without a label"


# --- the whole article ---------------------------------------------------------------------------


def test_all_sure_ones_of_the_article_are_one_act() -> None:
    h = hands(TODOR, RADA, SINEVO)
    h.desk.window.height = 1
    h.type("2 ctrl+e")
    assert origins(h) == [("PER", "Тодор Жеков", "names")]
    told = "1 labelled. 2 unsure left: tab goes to PER?, names 0.60 “Рада Вълчева”."
    assert h.said == told
    h.type("tab")
    assert h.here == "Рада Вълчева"
    h.type("ctrl+z")
    assert origins(h) == []
    assert len(h.log.acts) == 2
    h.type("3 ctrl+e")
    assert h.said == "In stance nothing is suggested."


def test_beyond_the_screen_too_and_nothing_sure_is_said() -> None:
    h = hands(MENU, LEGAL)
    h.desk.window.height = 1
    h.type("ctrl+e")
    assert [label for label, _, _ in origins(h)] == ["nav", "consent_legal"]
    h.type("ctrl+e")
    assert h.said == "Nothing sure is suggested here."


# --- why, silence, switching off -----------------------------------------------------------------


def test_why_is_said_with_the_suggestion() -> None:
    h = hands(RADA).type("2 tab tab")
    assert h.said.startswith("PER?, names 0.60. Memory: labelled PER 3 times, refused once. Enter")
    assert h.said.endswith("⌫ rejects, tab skips.")


def test_a_silent_article_says_so_once_and_not_when_finished() -> None:
    log = FakeLog(TEXT, TEXT, TEXT)
    log.held_out |= {"a0", "a1"}
    h = Hands(log=log)
    told = "This article is held out for testing: nothing is suggested here."
    assert (h.desk.greeting, h.said) == (told, "")
    h.type("right")
    assert h.desk.greeting == ""
    h.desk.open("a1")
    assert h.desk.greeting == "", "the same was said of the one before"
    h.desk.open("a2")
    assert h.desk.greeting == ""
    h.desk.open("a0")
    assert h.desk.greeting == told
    h.desk.finish()
    h.desk.open("a2")
    h.desk.open("a0")
    assert h.desk.greeting == ""


def test_where_only_what_was_learnt_is_silent_the_rest_is_suggested() -> None:
    h = hands(TODOR)
    h.log.why_silent = lambda _: AGAIN
    h.restart()
    assert h.desk.greeting == AGAIN
    assert open_ones(h.type("2")) == ["Тодор Жеков"]
    h.type("tab enter").go("Жеков за").type("ctrl+home").go("Тодор").type("=")
    assert open_ones(h) == ["Тодор Жеков"], "where the name stands again"


def test_suggestions_are_hidden_by_layer_for_the_sitting() -> None:
    h = hands(TODOR, MENU).type("2")
    h.desk.run("suggestions")
    assert h.said == "Suggestions in Entities are hidden until you ask for them again."
    assert open_ones(h) == []
    h.go("Тодор").type("- right p")
    assert origins(h) == [("PER", "Тодор Жеков", "hand")]
    assert open_ones(h.type("ctrl+z 1")) == ["Начало   Контакти"]
    h.desk.open("a1")
    h.desk.open("a0")
    assert open_ones(h.type("2")) == []
    h.desk.run("suggestions")
    assert open_ones(h) == ["Тодор Жеков"]


# --- what arrives meanwhile ----------------------------------------------------------------------


def test_what_arrives_is_shown_without_moving_anything() -> None:
    h = hands(TODOR).type("2").go("питат")
    h.desk.proposals.between(0, 10)
    h.log.suggested["a0"].append(SINEVO)
    assert open_ones(h) == ["Тодор Жеков"]
    h.desk.caret.touched.clear()
    h.desk.proposals.arrived()
    assert open_ones(h) == ["Тодор Жеков", "Синево"]
    assert (h.here, h.desk.caret.selection) == ("питат", None)
    low, high = h.desk.window.shown()
    assert any(a <= low and b >= high for a, b in h.desk.caret.touched)


def test_a_suggestion_held_stays_unless_it_is_gone() -> None:
    h = hands(TODOR, SINEVO).type("2 tab")
    h.log.suggested["a0"] = [TODOR._replace(score=0.3, sure=False), SINEVO]
    h.desk.proposals.arrived()
    assert (h.here, h.desk.ring.active) == ("Тодор Жеков", True)
    assert h.desk.proposals.here is not None
    assert h.desk.proposals.here.told == "PER?, names 0.30"
    h.log.suggested["a0"] = [SINEVO]
    h.desk.proposals.arrived()
    assert (h.desk.caret.selection, h.desk.ring.active) == (None, False)
    assert h.here == "Тодор"


def test_edges_being_moved_are_kept_though_their_suggestion_is_gone() -> None:
    h = hands(TODOR).type("2 tab shift+right")
    h.log.suggested["a0"] = []
    h.desk.proposals.arrived()
    assert h.here == "Тодор Жеков не"
    h.type("p")
    assert origins(h) == [("PER", "Тодор Жеков не", "hand")]


def test_what_arrives_while_one_is_in_stance_is_there_afterwards() -> None:
    h = hands(TODOR).type("2")
    assert open_ones(h) == ["Тодор Жеков"]
    h.type("3")
    h.log.suggested["a0"] = [SINEVO]
    h.desk.proposals.arrived()
    assert open_ones(h.type("2")) == ["Синево"]


def test_arrivals_before_anything_was_read_or_in_a_finished_article_do_nothing() -> None:
    h = hands(TODOR)
    h.desk.proposals.arrived()
    assert h.log.asked == 0
    h.desk.finish()
    h.desk.proposals.arrived()
    assert h.log.asked == 0


def test_free_scheme_edges_keep_the_origin_where_spans_never_overlap() -> None:
    found = Suggestion("names", "PER", TEXT.index("Тодор"), TEXT.index("Тодор") + 5, "names")
    h = hands(found, scheme=FREE).type("3 tab shift+right enter")
    assert origins(h) == [("PER", "Тодор Жеков", "names")]
    check(h)


def test_what_is_held_and_confirmed_with_the_rest_is_not_confirmed_twice() -> None:
    for keys in ("+", "ctrl+e"):
        h = hands(TODOR).type(f"2 tab {keys}")
        assert h.press("enter") is Answer.SCREEN
        h.type("backspace")
        assert len(h.log.acts) <= 2
        check(h)


def folded_hands() -> Hands:
    menu = "Вход Марко Имейл\n" * 3
    text = f"Иван откри.\n{menu}Край Петров тук.\n"
    log = FakeLog(text, text)
    put(log, "a0", ("boilerplate", "nav", menu.strip()))
    places = [(text.index(name), name) for name in ("Иван", "Марко", "Петров")]
    log.suggested["a0"] = [
        Suggestion("entities", "PER", at, at + len(name), "names", 0.9) for at, name in places
    ]
    h = Hands(log=log).type("2")
    h.desk.run("fold")
    h.desk.window.follow()
    return h


def test_what_is_folded_away_is_not_on_screen() -> None:
    h = folded_hands()
    assert h.type("+").said == "2 labelled. 1 folded away."
    assert h.spans("entities") == [("PER", "Иван"), ("PER", "Петров")]


@pytest.mark.parametrize("doubtful", [False, True])
def test_tab_passes_over_what_is_folded_away(doubtful: bool) -> None:
    h = folded_hands()
    if doubtful:
        h.desk.run("unsure_first")
    seen = []
    for _ in range(2):
        h.type("tab")
        seen.append(h.here)
    assert seen == ["Иван", "Петров"]


def test_what_was_folded_away_was_not_shown() -> None:
    h = folded_hands()
    h.time += 30
    h.type("down up down")
    h.desk.proposals.between(*h.desk.window.shown())
    h.desk.window.follow()
    h.desk.open("a1")
    (shown,) = h.log.shown("a0")
    assert [h.text[s.start : s.end] for s in shown.items] == ["Иван", "Петров"]


def test_a_held_suggestion_whose_label_changes_on_arrival_is_told_anew() -> None:
    h = hands(TODOR).type("2 tab")
    assert h.said.startswith("PER, names 0.90")
    h.desk.say("")
    h.desk.proposals.arrived()
    assert h.said == "", "nothing has changed"
    h.log.suggested["a0"] = [TODOR._replace(label="LOC", score=0.7)]
    h.desk.proposals.arrived()
    assert h.here == "Тодор Жеков"
    assert h.said.startswith("Now LOC, names 0.70: enter confirms")
    h.type("enter")
    assert h.spans() == [("LOC", "Тодор Жеков")]
