"""What files suggest, at the desk: shown apart, visited, confirmed with its source, never a label."""

import random
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

import pytest
from desk_kit import FREE, FakeLog, Hands, check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.desk.shelf import Shelf
from annotator.desk.suggested import Proposal
from annotator.model.annotation import Kind, State, sort_spans
from annotator.model.scheme import Scheme, SpanLayer
from annotator.model.scheme_file import preset
from annotator.model.suggestion import Suggestion

TEXT = (
    "Рибарят Тодор Жеков не вярва на кметицата Рада Вълчева.\n"
    "В Синево питат Тодор Жеков за новия кей.\n"
    "Начало   Контакти\n"
    "Общи условия\n"
    "Всички права запазени\n"
)


def on(surface: str, label: str, source: str = "model", text: str = TEXT, **more) -> Suggestion:
    """A suggestion on the first place of some words."""
    layer = more.pop("layer", "entities" if label.isupper() else "boilerplate")
    start = text.index(surface, more.pop("after", 0))
    return Suggestion(layer, label, start, start + len(surface), source, **more)


TODOR = on("Тодор Жеков", "PER", score=0.9, attrs={"lemma": "Тодор Жеков", "xid": "PER-Todor"})
RADA = on("Рада Вълчева", "PER", score=0.4)
SINEVO = on("Синево", "LOC")
MENU = on("Начало   Контакти", "nav")
LEGAL = on("Общи условия\nВсички права запазени", "consent_legal", score=0.8)


def hands(*found: Suggestion, text: str = TEXT, scheme: Scheme | None = None) -> Hands:
    log = FakeLog(text, TEXT)
    log.suggested["a0"] = list(found)
    return Hands(log=log, scheme=scheme)


def proposed(h: Hands) -> list[tuple[str, str]]:
    text = h.desk.caret.text
    return [(p.label, text[p.start : p.end]) for p in h.desk.proposals.between(0, len(text))]


def sources(h: Hands) -> list[tuple[str, str]]:
    return [(s.label, s.origin) for s in sort_spans(h.desk.sheet.spans.values())]


# --- shown ---------------------------------------------------------------------------------------


def test_they_stand_in_their_layer_and_are_no_labels() -> None:
    h = hands(SINEVO, TODOR, MENU, RADA, LEGAL)
    assert proposed(h) == [
        ("nav", "Начало   Контакти"),
        ("consent_legal", "Общи условия\nВсички права запазени"),
    ]
    h.type("2")
    assert proposed(h) == [("PER", "Тодор Жеков"), ("PER", "Рада Вълчева"), ("LOC", "Синево")]
    assert [p.sure for p in h.desk.proposals.between(0, 200)] == [True, False, True]
    assert h.spans() == []
    assert h.desk.sheet.status.state is State.NEW
    assert not h.desk.sheet.begun
    h.type("3")
    assert h.desk.proposals.between(0, 200) == []
    assert h.log.acts == []


def test_they_are_of_their_article_and_are_read_when_first_asked_for_and_once() -> None:
    h = hands(TODOR)
    assert h.log.asked == 0
    for _ in range(3):
        h.desk.proposals.between(0, 50)
        h.type("2 right 1")
    assert h.log.asked == 1
    h.desk.open("a1")
    h.type("2")
    assert proposed(h) == []
    assert h.log.asked == 2
    h.desk.open("a0")
    assert proposed(h) == [("PER", "Тодор Жеков")]


def test_in_a_layer_of_stances_nothing_is_read() -> None:
    h = hands(TODOR).type("3")
    h.desk.proposals.between(0, 50)
    assert h.log.asked == 0


@pytest.mark.parametrize("end", ["finish", "skip"])
def test_a_finished_or_skipped_article_shows_none_and_reads_none(end: str) -> None:
    h = hands(TODOR)
    h.desk.finish() if end == "finish" else h.desk.skip("не е статия")
    h.type("2")
    assert proposed(h) == []
    assert h.desk.proposals.here is None
    assert h.log.asked == 0
    h.desk.reopen()
    assert proposed(h) == [("PER", "Тодор Жеков")]


def test_what_shows_nothing_or_lies_outside_is_left_out() -> None:
    blank = Suggestion("entities", "PER", TEXT.index("   "), TEXT.index("   ") + 3, "model")
    beyond = Suggestion("entities", "PER", len(TEXT) - 2, len(TEXT) + 9, "model")
    strange = Suggestion("nowhere", "PER", 0, 7, "model")
    h = hands(blank, beyond, strange).type("2")
    assert proposed(h) == []


def test_edges_shed_white_space_and_cut_no_character() -> None:
    text = "Той е Rene\u0301 , \U0001f468\u200d\U0001f469 тук."
    cut = Suggestion("entities", "PER", 5, 10, "model")
    family = text.index("\U0001f469")
    h = hands(cut, Suggestion("entities", "ORG", family, family + 2, "model"), text=text)
    h.type("2")
    assert proposed(h) == [("PER", "Rene\u0301"), ("ORG", "\U0001f468\u200d\U0001f469")]
    h.type("+")
    assert len(h.spans()) == 2
    check(h)


# --- decided -------------------------------------------------------------------------------------


def test_enter_confirms_with_source_and_attributes_and_goes_on() -> None:
    h = hands(TODOR, RADA, SINEVO).type("2 tab")
    assert h.here == "Тодор Жеков"
    assert h.said.startswith("PER, model 0.90: enter confirms")
    h.type("enter")
    (span,) = h.desk.sheet.spans.values()
    assert (span.label, span.origin, span.attrs) == ("PER", "model", dict(TODOR.attrs))
    assert h.here == "Рада Вълчева"
    assert h.said.startswith("PER?, model 0.40: enter confirms")
    h.type("enter enter")
    assert sources(h) == [("PER", "model"), ("PER", "model"), ("LOC", "model")]
    h.restart()
    assert sources(h) == [("PER", "model"), ("PER", "model"), ("LOC", "model")]
    assert {act.verb for act in h.log.acts} == {"confirm"}


def test_the_rings_candidates_come_between_them_and_give_way() -> None:
    h = hands(TODOR._replace(end=TODOR.end - 1)).type("2 tab tab")
    assert h.here == "Рада Вълчева", (
        "the candidate that shares text with what is suggested is not visited"
    )
    h.type("shift+tab")
    assert h.here == "Тодор Жеко"


def test_enter_takes_the_one_under_the_caret_without_the_ring() -> None:
    h = hands(TODOR, SINEVO).type("2").go("Жеков").type("enter")
    assert h.spans() == [("PER", "Тодор Жеков")]


def test_a_letter_confirms_with_another_label() -> None:
    h = hands(TODOR, SINEVO).type("2 tab o tab")
    (span,) = h.desk.sheet.spans.values()
    assert (span.label, span.origin, span.attrs) == ("ORG", "model", {})
    assert h.here == "Синево"
    h.type("ctrl+z")
    assert proposed(h) == [("PER", "Тодор Жеков"), ("LOC", "Синево")]


def test_the_suggested_letter_is_the_same_as_enter() -> None:
    h = hands(TODOR).type("2 tab p")
    (span,) = h.desk.sheet.spans.values()
    assert (span.label, span.origin, span.attrs) == ("PER", "model", dict(TODOR.attrs))


def test_a_label_on_other_edges_closes_what_it_overlaps() -> None:
    h = hands(TODOR, SINEVO).type("2").go("Тодор").type("p")
    assert sources(h) == [("PER", "hand")]
    assert proposed(h) == [("LOC", "Синево")]
    h.type("ctrl+z")
    assert len(proposed(h)) == 2


def test_what_is_labelled_again_later_is_made_by_hand() -> None:
    h = hands(SINEVO).type("2").go("Синево").type("backspace").go("Синево").type("l")
    assert sources(h) == [("LOC", "hand")], "it was turned down"
    h = hands(SINEVO).type("2")
    h.desk.finish()
    h.go("Синево").type("l")
    assert sources(h) == [("LOC", "hand")], "it was not suggested any more"


def test_backspace_rejects_for_good_and_undo_brings_it_back() -> None:
    h = hands(TODOR, SINEVO).type("2 tab backspace")
    assert proposed(h) == [("LOC", "Синево")]
    assert h.here == "Рада Вълчева", "the ring goes on"
    h.restart()
    h.type("2")
    assert proposed(h) == [("LOC", "Синево")]
    h.type("ctrl+z")
    assert len(proposed(h)) == 2
    assert {kind for kind, _, _ in h.log.heads["a0"].values()} == {Kind.REJECTION}


def test_plus_confirms_the_sure_ones_on_screen_in_one_act() -> None:
    h = hands(TODOR, RADA, SINEVO).type("2 +")
    assert sources(h) == [("PER", "model"), ("LOC", "model")]
    assert h.said == "2 labelled. 1 unsure: enter confirms one by one."
    h.type("ctrl+z")
    assert h.spans() == []
    h = hands(RADA).type("2 +")
    assert h.said == "Nothing labelled. 1 unsure: enter confirms one by one."


def test_plus_leaves_what_reaches_beyond_the_screen() -> None:
    h = hands(MENU, LEGAL)
    h.desk.wrap(80)
    h.desk.window.height = 4
    h.type("+")
    assert h.spans() == [("nav", "Начало   Контакти")]
    assert h.said == "1 labelled. 1 beyond the screen: enter confirms one by one."


def test_a_label_the_scheme_gave_up_leads_on_or_cannot_be_given() -> None:
    scheme = preset("news")
    layers = []
    for layer in scheme.layers:
        if isinstance(layer, SpanLayer) and layer.name == "entities":
            labels = tuple(
                x._replace(retired=True, key="", into=into)
                if (into := {"EVT": ("PRO",), "LOC": ("PER", "ORG")}.get(x.name, ()))
                else x
                for x in layer.labels
            )
            layer = replace(layer, labels=labels)
        layers.append(layer)
    scheme = replace(scheme, layers=tuple(layers))
    h = hands(SINEVO, TODOR._replace(label="EVT"), RADA._replace(label="NEW"), scheme=scheme)
    h.type("2")
    assert [label for label, _ in proposed(h)] == ["PRO", "NEW", "LOC"]
    h.type("+")
    assert h.spans() == [("PRO", "Тодор Жеков")]
    h.type("tab enter")
    assert h.said.startswith("NEW cannot be given")
    h.type("p enter")
    assert h.said.startswith("LOC cannot be given")
    h.type("o")
    assert sources(h) == [("PRO", "model"), ("PER", "model"), ("ORG", "model")]
    assert proposed(h) == []


def test_articles_identities_are_filled_in_where_the_file_gives_none() -> None:
    again = on("Тодор Жеков", "PER", after=60)
    h = hands(TODOR, again).type("2 tab enter").go("Жеков за").type("enter")
    assert [dict(s.attrs) for s in h.desk.sheet.spans.values()] == [dict(TODOR.attrs)] * 2


def test_suggestions_and_occurrences_live_together() -> None:
    longer = on("Тодор Жеков за новия кей", "PRO", after=60)
    h = hands(longer).type("2").go("Тодор").type("shift+right p =")
    assert proposed(h) == [("PRO", "Тодор Жеков за новия кей")], "the longer one"
    h.go("кей").type("backspace")
    assert proposed(h) == [("PER", "Тодор Жеков")], "and what it hid"
    h = hands(longer._replace(score=0.2)).type("2").go("Тодор").type("shift+right p =")
    assert proposed(h) == [("PER", "Тодор Жеков")], "the sure one"
    same = on("Тодор Жеков", "ORG", after=60)
    h = hands(same, SINEVO).type("2").go("Тодор").type("shift+right p =")
    assert proposed(h) == [("LOC", "Синево"), ("PER", "Тодор Жеков")], "one's own wish"
    h.type("+")
    assert sources(h) == [("PER", "hand"), ("LOC", "model"), ("PER", "occurrence")]


# --- blocks --------------------------------------------------------------------------------------


def test_tab_visits_what_is_suggested_in_boilerplate_and_then_the_blocks_left() -> None:
    h = hands(MENU, LEGAL).type("tab")
    assert h.here == "Начало   Контакти"
    h.type("enter")
    assert h.here == "Общи условия\nВсички права запазени"
    h.type("shift+tab")
    assert h.here.startswith("В Синево")
    assert h.desk.caret.selection is None
    h.type("tab enter")
    assert h.spans() == [
        ("nav", "Начало   Контакти"),
        ("consent_legal", "Общи условия\nВсички права запазени"),
    ]
    assert h.said == "All blocks below have a label."
    check(h)


def test_neighbouring_blocks_of_a_source_become_one_span() -> None:
    legal = on("Общи условия", "footer"), on("Всички права запазени", "footer")
    h = hands(on("Начало   Контакти", "footer"), *legal).type("+")
    assert h.spans() == [("footer", "Начало   Контакти\nОбщи условия\nВсички права запазени")]
    assert sources(h) == [("footer", "model")]
    assert len(h.log.heads["a0"]) == 1, "one thing was written"
    h.type("ctrl+z")
    assert len(proposed(h)) == 3
    h.go("Общи").type("enter ctrl+home +")
    assert len(h.spans()) == 1
    check(h)


def test_blocks_of_another_source_or_made_by_hand_stay_apart() -> None:
    h = hands(on("Общи условия", "footer"), on("Всички права запазени", "footer", "other"))
    h.go("Начало").type("e")
    h.type("ctrl+home +")
    assert sources(h) == [("footer", "hand"), ("footer", "model"), ("footer", "other")]
    check(h)


def test_a_run_of_blocks_is_rejected_whole_and_closes_when_a_part_is_labelled() -> None:
    h = hands(LEGAL).go("Всички").type("backspace")
    assert proposed(h) == []
    h = hands(LEGAL).go("Всички")
    h.desk.caret.touched.clear()
    h.type("o")
    assert proposed(h) == []
    first = TEXT.index("Общи")
    assert any(a <= first < b for a, b in h.desk.caret.touched), "its first row looks otherwise now"


# --- overlaps ------------------------------------------------------------------------------------


def test_of_overlapping_ones_the_sure_then_the_longer_then_the_likelier_is_shown() -> None:
    short, long = on("Тодор", "ORG", "a", score=0.6), on("Тодор Жеков", "PER", "b", score=0.5)
    assert [label for label, _ in proposed(hands(short, long).type("2"))] == ["PER"]
    assert [label for label, _ in proposed(hands(long, short).type("2"))] == ["PER"]
    doubtful = long._replace(score=0.3)
    assert [label for label, _ in proposed(hands(short, doubtful).type("2"))] == ["ORG"]
    likelier = long._replace(label="LOC", source="c", score=0.7)
    for found in ((long, likelier), (likelier, long)):
        assert [label for label, _ in proposed(hands(*found).type("2"))] == ["LOC"]
    twins = [
        long._replace(source=name, label=label) for name, label in (("y", "ORG"), ("x", "LOC"))
    ]
    for found in (twins, twins[::-1]):
        assert [label for label, _ in proposed(hands(*found).type("2"))] == ["LOC"]


def test_rejecting_one_brings_out_what_it_hid_and_paints_it() -> None:
    short, long = on("Тодор", "ORG", "a"), on("Тодор Жеков", "PER", "b")
    h = hands(short, long).type("2 tab")
    h.desk.caret.touched.clear()
    h.type("backspace")
    assert proposed(h) == [("ORG", "Тодор")]
    h.type("backspace")
    assert proposed(h) == [("ORG", "Тодор")], "the ring has gone on"
    h.go("Тодор").type("enter")
    assert sources(h) == [("ORG", "a")]


def test_what_it_hid_is_painted_beyond_its_own_edges() -> None:
    wide, other = on("Тодор Жеков", "PER", "a"), on("Жеков не", "ORG", "b")
    h = hands(wide, other).type("2").go("Тодор")
    assert proposed(h) == [("PER", "Тодор Жеков")]
    h.desk.caret.touched.clear()
    h.type("backspace")
    assert proposed(h) == [("ORG", "Жеков не")]
    last = TEXT.index("не")
    assert any(a <= last < b for a, b in h.desk.caret.touched)


def test_a_label_that_moves_away_opens_what_it_lay_over() -> None:
    h = hands(TODOR).type("2").go("Жеков").type("shift+right shift+right p")
    assert h.spans() == [("PER", "Жеков не вярва")]
    assert proposed(h) == []
    h.go("не").type("- tab right enter")
    assert h.spans() == [("PER", "не вярва")]
    assert proposed(h) == [("PER", "Тодор Жеков")]


def test_at_one_place_a_rejection_is_for_all() -> None:
    h = hands(TODOR, TODOR._replace(label="ORG", source="other")).type("2 tab backspace")
    assert proposed(h) == []


WORDS = "аб вг де жз ик лм но пр ст уф хц чш "
found_anywhere = st.builds(
    Suggestion,
    st.just("names"),
    st.sampled_from(["PER", "LOC", ""]),
    st.integers(0, 30),
    st.integers(1, 36),
    st.sampled_from(["a", "b"]),
    st.sampled_from([None, 0.2, 0.4, 0.7]),
    st.just({}),
).filter(lambda s: s.start < s.end <= len(WORDS))
KEYS = [
    "tab",
    "tab",
    "enter",
    "enter",
    "backspace",
    "backspace",
    "p",
    "l",
    "right",
    "+",
    "ctrl+e",
    "ctrl+u",
    "shift+right",
    "shift+left",
    "-",
    "ctrl+z",
    "ctrl+y",
]


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.lists(found_anywhere, max_size=9), st.lists(st.sampled_from(KEYS), max_size=15))
def test_whatever_is_done_what_is_shown_is_what_the_rule_says(found, keys) -> None:
    h = hands(*found, text=WORDS, scheme=FREE).type("3")
    shelf_of = h.desk.proposals
    for key in ["", *keys]:
        if key:
            h.press(key)
        check(h)
        sheet, shown = h.desk.sheet, shelf_of.between(0, len(WORDS))
        whole = [p for p in _candidates(found) if not sheet.over("names", p.start, p.end)]
        turned = {(r.start, r.end) for r in sheet.rejections.values()}
        free = [p for p in whole if p.range not in turned]
        ranked = sorted(free, key=lambda p: (p.start, -p.end, p.source, p.label))
        expected = [
            p
            for n, p in enumerate(ranked)
            if not any(
                (*q.rank, -m) > (*p.rank, -n)
                for m, q in enumerate(ranked)
                if q.start < p.end and q.end > p.start
            )
        ]
        assert shown == expected
        for a, b in pairwise(shown):
            assert a.end <= b.start
        for n in range(0, len(WORDS), 5):
            part = shelf_of.between(n, n + 5)
            assert part == [p for p in shown if p.start < n + 5 and p.end > n]


def _candidates(found: list[Suggestion]) -> list[Proposal]:
    """What a shelf makes of suggestions: edges without blanks."""
    made = []
    for s in found:
        surface = WORDS[s.start : s.end]
        start = s.start + len(surface) - len(surface.lstrip())
        end = s.end - len(surface) + len(surface.rstrip())
        if start < end:
            told = (s.attrs, s.why, s.version)
            made.append(
                Proposal(start, end, s.label, bool(s.label) and s.is_sure, s.source, s.score, *told)
            )
    return made


# --- many ----------------------------------------------------------------------------------------


def test_ten_thousand_cost_a_row_what_a_few_do() -> None:
    few, many = _crowded(100), _crowded(10_000)
    assert many < max(few * 4, 0.0005), (few, many)


def _crowded(number: int) -> float:
    """Seconds for painting a row of an article crowded with so many suggestions, some of it all."""
    text = "дума друга\n" * 10_000
    chance = random.Random(7)
    found = [
        Suggestion("entities", "PER", at, at + 4, f"m{n % 2}", chance.random())
        for n in range(number - 1)
        for at in (n * 11 + 50_000 - 11 * min(number // 2, 4500),)
        if at + 4 < len(text)
    ]
    found.append(Suggestion("entities", "ORG", 0, len(text) - 1, "all", 0.3))
    h = hands(*found, text=text).type("2")
    h.desk.proposals.between(50_000, 50_080)
    best = 1.0
    for turn in range(5):
        h.desk.caret.move_to(49_000 + 22 * turn)
        h.press("p")  # a decision, so that nothing of the last one helps
        begin = perf_counter()
        for at in range(50_000, 50_800, 80):
            h.desk.proposals.between(at, at + 80)
        best = min(best, (perf_counter() - begin) / 10)
    return best


def test_a_shelf_finds_the_same_as_looking_at_all() -> None:
    text = "х" * 2_000_000
    chance = random.Random(3)
    found = []
    for n in range(400):
        size = chance.choice([1, 5, 100, 9_000, 70_000, 600_000])
        start = chance.randrange(len(text) - size)
        found.append(Suggestion("entities", "PER", start, start + size, f"m{n}"))
    layer = preset("news").layer("entities")
    assert isinstance(layer, SpanLayer)
    shelf = Shelf(hands(text=text).desk.sheet, layer, found)
    for _ in range(200):
        start = chance.randrange(len(text) - 1)
        end = start + chance.choice([1, 80, 5_000, 400_000])
        wanted = sorted(s.source for s in found if s.start < end and s.end > start)
        assert sorted(p.source for p in shelf.open(start, end)) == wanted


def test_every_occurrence_leaves_out_parts_of_longer_names_that_are_surely_suggested() -> None:
    text = "Синево спи. Ново Синево не спи, и Старо Синево. Синево мълчи.\n"
    longer = on("Ново Синево", "LOC", text=text, score=0.99)
    unsure = on("Старо Синево", "LOC", text=text, score=0.2)
    h = hands(longer, unsure, text=text).type("2").go("Синево")
    h.type("=")
    assert [text[slice(*place)] for place in h.desk.picks.ranges] == ["Синево"] * 3
    assert longer.start + 5 not in {start for start, _ in h.desk.picks.ranges}
