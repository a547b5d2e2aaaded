"""The layers of spans by their keys: labels, edges, nesting, blocks, removal, repetition."""

from typing import Any

import pytest
from desk_kit import FREE, FakeLog, Hands, check, put

from annotator.model.annotation import Kind, Span

TEXT = (
    "Ким Чен-ун, лидер на КНДР, посети Приморския край (Русия).\n"
    "Владимир Путин го посрещна лично.\n"
)
PAGE = (
    "Лидерът пристигна\n\nТой кацна сутринта. Летището беше затворено.\n"
    "Назад към сайта\n  Вход  \n\nПотребител\nПарола\nОбщи условия\n"
)


def names(words: str, text: str = TEXT) -> Hands:
    return Hands(text).type("2").go(words)


def test_a_selected_word_becomes_a_label_in_one_key() -> None:
    hands = names("КНДР").type("l")
    assert hands.spans() == [("LOC", "КНДР")]
    assert hands.here == "КНДР"
    hands.type("right right p")
    assert hands.spans() == [("LOC", "КНДР"), ("PER", "Приморския")]


def test_a_letter_relabels_and_the_same_letter_changes_nothing() -> None:
    hands = names("КНДР").type("l")
    (span,) = hands.desk.sheet.spans.values()
    acts = len(hands.log.acts)
    hands.type("l l l")
    assert len(hands.log.acts) == acts
    hands.type("o")
    assert hands.spans() == [("ORG", "КНДР")]
    assert set(hands.desk.sheet.spans) == {span.id}
    hands.type("x")
    assert hands.said == "No label on x in Entities."
    hands.press("P")
    assert hands.spans() == [("PER", "КНДР")]


def test_a_selection_sheds_space_and_punctuation_unless_it_is_by_character() -> None:
    hands = names("Русия").type("- - right right l")
    assert hands.spans() == [("LOC", "Русия).")]
    hands = names("Ким").type("- )")
    assert hands.here.endswith(").")
    hands.type("escape - right right p")
    assert hands.spans() == [("PER", "Ким Чен-ун, лидер")]
    hands = names("Ким").type("- right - right right p")
    assert hands.spans() == [("PER", "Ким Чен-ун,")]


def test_nothing_is_labelled_where_nothing_is() -> None:
    hands = Hands("едно   две").type("2 - - right tab right right right right p")
    assert hands.here == " "
    assert hands.said == "There is nothing to label here."
    assert hands.spans() == []
    assert hands.type("escape escape").said == ""


@pytest.mark.parametrize(
    ("keys", "surface"),
    [
        ("- left enter", "Ким Чен-ун"),
        ("- right enter", "Ким Чен-ун, лидер на"),
        ("- left left enter", "Ким"),
        ("- left left left left enter", "Ким"),
        ("- tab right enter", "Чен-ун, лидер"),
        ("- tab right right right right enter", "лидер"),
        ("- tab right left left enter", "Ким Чен-ун, лидер"),
        ("- - left left left enter", "Ким Чен-ун, ли"),
        ("- - tab right enter", "им Чен-ун, лидер"),
        ("- - left - left enter", "Ким Чен-ун"),
        ("- - right right right enter", "Ким Чен-ун, лидер на"),
        ("- left escape", "Ким Чен-ун, лидер"),
        ("- left left right enter", "Ким Чен-ун"),
        ("- f8 escape", "Ким Чен-ун, лидер"),
        ("% - left enter", "Ким Чен-ун"),
        ("- down left tab right tab left enter", "Чен-ун, лидер на КНДР, посети"),
    ],
)
def test_edges(keys: str, surface: str) -> None:
    hands = names("Ким").type("- right right p left left")
    (before,) = hands.desk.sheet.spans.values()
    for key in keys.split():
        if key == "enter":
            hands.enter()
        else:
            hands.press(key)
        check(hands)
    assert hands.spans() == [("PER", surface)]
    (after,) = hands.desk.sheet.spans.values()
    assert after.id == before.id
    assert not hands.desk.caret.selecting


def test_edges_by_graphemes() -> None:
    hands = names("до", "до le\u0301 👩‍👩‍👧🇧🇬.").type("- - right right right right o")
    assert hands.spans() == [("ORG", "до le\u0301")]
    hands.go("до").type("- - left enter")
    assert hands.spans() == [("ORG", "до l")]
    hands.go("до").type("- - right right right right enter")
    assert hands.spans() == [("ORG", "до le\u0301 👩‍👩‍👧🇧🇬")]


def test_a_letter_relabels_and_resizes_and_keeps_what_the_span_carries() -> None:
    log = FakeLog(TEXT)
    put(log, "a0", ("entities", "LOC", "Приморския"), attrs={"lemma": "край"}, origin="gazetteer")
    hands = Hands(log=log).type("2").go("Приморския").type("- right o")
    assert hands.spans() == [("ORG", "Приморския край")]
    (span,) = hands.desk.sheet.spans.values()
    assert (span.attrs, span.origin) == ({"lemma": "край"}, "gazetteer")
    hands.type("p")
    (span,) = hands.desk.sheet.spans.values()
    assert (span.label, span.attrs, span.origin) == ("PER", {"lemma": "край"}, "gazetteer")


def test_an_edge_that_is_not_moved_stays_as_it_is() -> None:
    log = FakeLog(TEXT)
    put(log, "a0", ("entities", "LOC", "(Русия)"))
    hands = Hands(log=log).type("2").go("Русия").type("- enter")
    assert hands.spans() == [("LOC", "(Русия)")]
    assert len(log.acts) == 1
    hands.type("- o")
    assert hands.spans() == [("ORG", "(Русия)")]
    hands.type("- tab left l")
    assert hands.spans() == [("LOC", "край (Русия)")]


def test_the_start_not_moved_stays_too() -> None:
    log = FakeLog("„Вест“ и Ко пише.")
    put(log, "a0", ("entities", "ORG", "„Вест“ и"))
    hands = Hands(log=log).type("2 - right enter")
    assert hands.spans() == [("ORG", "„Вест“ и Ко")]
    log = FakeLog("Той, (Ким, дойде.")
    put(log, "a0", ("entities", "PER", "(Ким"))
    hands = Hands(log=log).type("2").go("Ким").type("- right enter")
    assert hands.spans() == [("PER", "(Ким, дойде")]


def test_the_start_edge_to_the_start_and_the_end_edge_to_the_end() -> None:
    hands = names("лидер").type("l - f7 enter")
    assert hands.spans() == [("LOC", "Ким Чен-ун, лидер")]
    hands.type("- f8 enter")
    assert hands.spans()[0][1].startswith("Ким")
    assert hands.spans()[0][1].endswith("лично")


def test_an_edge_stops_at_the_other_one() -> None:
    hands = names("лидер").type("l - left")
    assert hands.said == "No further word: an annotation keeps its last one."
    hands.type("tab right")
    assert hands.here == "лидер"
    hands.type("up")
    hands.go("Путин").type("l - up")
    assert hands.said == "This edge cannot pass the other one; tab takes hold of that."
    assert hands.here == "Путин"
    assert hands.type("tab up").here.endswith("Владимир Путин")


def test_nested_is_allowed_and_crossing_is_not() -> None:
    hands = names("Приморския").type("- right l")
    assert hands.go("край").type("% % o").spans() == [("LOC", "Приморския край"), ("ORG", "край")]
    hands.go("посети").type("- right p")
    assert hands.said == (
        "This would cross LOC “Приморския край”: annotations may nest, not cross."
    )
    assert hands.desk.caret.selecting
    hands.type("right p")
    assert ("PER", "посети Приморския край") in hands.spans()
    hands.go("край").type("- right enter")
    assert hands.said.startswith("This would cross")


def test_two_annotations_never_get_the_same_edges() -> None:
    hands = names("Приморския").type("- right l")
    hands.go("край").type("% % o - tab left enter")
    assert hands.said == "There is an annotation with these very edges already."
    hands.type("escape shift+left p")
    assert hands.spans() == [("PER", "Приморския край"), ("ORG", "край")]


def test_cycling_through_overlaps() -> None:
    hands = names("Приморския").type("- right l").go("край").type("% % o escape")
    seen = []
    for _ in range(4):
        hands.type("%")
        seen.append((hands.here, hands.said))
    assert seen == [
        ("край", "ORG, 1 of 2 here."),
        ("Приморския край", "LOC, 2 of 2 here."),
        ("край", "The bare unit: a letter adds an annotation."),
        ("край", "ORG, 1 of 2 here."),
    ]
    hands.type("% backspace")
    assert hands.spans() == [("ORG", "край")]
    hands.go("Путин").type("%")
    assert hands.said == "No annotation under the cursor."


def test_removal() -> None:
    hands = names("Приморския").type("- right l").go("край").type("% % o")
    hands.type("backspace")
    assert hands.spans() == [("LOC", "Приморския край")]
    hands.type("delete")
    assert hands.spans() == []
    hands.type("backspace")
    assert hands.said == "Nothing to remove here."
    hands.go("Ким").type("p right right l left left f8 backspace")
    assert hands.spans() == []
    acts = len(hands.log.acts)
    assert hands.type("ctrl+z").spans() == [("PER", "Ким"), ("LOC", "лидер")]
    assert len(hands.log.acts) == acts + 1


def test_repeat() -> None:
    hands = names("Ким").type('"')
    assert hands.said == "No label has been given in this layer yet."
    hands.type('p right "')
    assert hands.spans() == [("PER", "Ким"), ("PER", "Чен-ун")]
    hands.type('"')
    assert hands.spans()[-1] == ("PER", "лидер")
    hands.go("КНДР").type("- right ctrl+r")
    assert hands.spans()[-1] == ("PER", "КНДР, посети")
    hands.go("лично").type('p "')
    assert hands.said == "This is the last word."
    hands.type("1 n 2").go("Русия").type('"')
    assert ("PER", "Русия") in hands.spans()


# --- blocks ---------------------------------------------------------------------------------------


def page(words: str, text: str = PAGE) -> Hands:
    return Hands(text).go(words)


def test_a_labelled_block_moves_the_caret_to_the_next_undecided() -> None:
    hands = page("Назад").type("n")
    assert hands.spans() == [("nav", "Назад към сайта")]
    assert hands.here == "Вход"
    hands.type("f")
    assert hands.here == "Потребител"
    hands.go("Лидерът").type("h")
    assert hands.here.startswith("Той")
    hands.type("l")
    assert hands.here == "Потребител"


def test_runs_of_one_label_join() -> None:
    hands = page("Вход").type("f f f")
    assert hands.spans() == [("form_login", "Вход  \n\nПотребител\nПарола")]
    hands.go("Общи").type("f")
    assert hands.spans() == [("form_login", "Вход  \n\nПотребител\nПарола\nОбщи условия")]
    assert hands.said == "All blocks below have a label."
    hands.go("Назад").type("f")
    assert len(hands.spans()) == 1
    hands.go("Лидерът").type("h").go("Той").type("n")
    assert len(hands.spans()) == 3


def test_a_block_between_two_runs_joins_both() -> None:
    hands = page("Вход").type("f").go("Парола").type("f")
    assert len(hands.spans()) == 2
    hands.go("Потребител").type("f")
    assert hands.spans() == [("form_login", "Вход  \n\nПотребител\nПарола")]
    assert hands.type("ctrl+z").spans() == [("form_login", "Вход"), ("form_login", "Парола")]


def test_a_new_label_takes_the_text_from_the_old_one() -> None:
    hands = page("Вход").type("f8 f")
    hands.go("Парола").type("n")
    assert hands.spans() == [
        ("form_login", "Вход  \n\nПотребител"),
        ("nav", "Парола"),
        ("form_login", "Общи условия"),
    ]
    hands.go("Парола").type("f")
    assert len(hands.spans()) == 1
    hands.go("Потребител").type("shift+down n")
    assert hands.spans() == [
        ("form_login", "Вход"),
        ("nav", "Потребител\nПарола"),
        ("form_login", "Общи условия"),
    ]


def test_the_same_label_inside_a_run_changes_nothing() -> None:
    hands = page("Вход").type("f8 f")
    acts = len(hands.log.acts)
    hands.go("Парола").type("f")
    assert len(hands.log.acts) == acts


def test_backspace_cuts_the_block_out() -> None:
    hands = page("Вход").type("f8 f").go("Потребител").type("backspace")
    assert hands.spans() == [("form_login", "Вход"), ("form_login", "Парола\nОбщи условия")]
    hands.go("Парола").type("backspace").go("Вход").type("backspace")
    assert hands.spans() == [("form_login", "Общи условия")]
    hands.type("ctrl+z ctrl+z ctrl+z")
    assert len(hands.spans()) == 1


def test_backspace_on_a_selection_cuts_all_of_it_out() -> None:
    hands = page("Вход").type("f8 f").go("Потребител")
    hands.type("shift+down backspace")
    assert hands.spans() == [("form_login", "Вход"), ("form_login", "Общи условия")]


def test_with_edges_held_backspace_removes_all() -> None:
    hands = page("Вход").type("f8 f").go("Потребител").type("- backspace")
    assert hands.spans() == []
    assert not hands.desk.caret.selecting


def test_edges_of_a_run() -> None:
    hands = page("Вход").type("f8 f").go("Вход").type("- up enter")
    assert hands.spans() == [("form_login", "Вход  \n\nПотребител\nПарола")]
    hands.go("Вход").type("- tab up enter")
    assert hands.spans() == [("form_login", "Назад към сайта\n  Вход  \n\nПотребител\nПарола")]
    hands.go("Вход").type("- tab down down up n")
    assert hands.spans() == [("nav", "Вход  \n\nПотребител\nПарола")]
    hands.go("Общи").type("f").go("Вход").type("- f8 enter")
    assert hands.spans() == [("nav", "Вход  \n\nПотребител\nПарола\nОбщи условия")]


def test_an_edge_moved_into_its_own_kind_joins() -> None:
    hands = page("Назад").type("n").go("Потребител").type("n")
    hands.go("Назад").type("- down enter")
    assert hands.spans() == [("nav", "Назад към сайта\n  Вход  \n\nПотребител")]


def test_a_held_run_relabelled_joins_its_new_kind() -> None:
    hands = page("Назад").type("n f").go("Назад").type("- f")
    assert hands.spans() == [("form_login", "Назад към сайта\n  Вход")]


def test_to_the_end_and_to_the_start_in_two_keys() -> None:
    hands = page("Назад").type("f8 t")
    assert hands.spans() == [("teaser_list", PAGE[PAGE.index("Назад") :].strip())]
    hands.go("Лидерът").type("f7 h")
    hands.go("Той").type("f7 n")
    assert [label for label, _ in hands.spans()] == ["nav", "teaser_list"]


def test_repeat_on_blocks() -> None:
    hands = page("Назад").type('n " "')
    assert hands.spans() == [("nav", "Назад към сайта\n  Вход  \n\nПотребител")]
    hands.go("Назад").type('"')
    assert hands.spans()[0][1].endswith("Парола")
    hands.type('" "')
    assert hands.said == "All blocks below have a label."


def test_part_of_a_block() -> None:
    hands = page("Той")
    hands.desk.caret.hold_match((PAGE.index("Летището"), PAGE.index("\nНазад")))
    hands.type("c")
    assert hands.spans() == [("caption", "Летището беше затворено.")]
    hands.go("Той").type("b")
    assert hands.spans() == [("byline", "Той кацна сутринта. Летището беше затворено.")]


def test_a_match_with_space_at_its_edges_is_stripped() -> None:
    hands = page("Вход")
    hands.desk.caret.hold_match((PAGE.index("  Вход"), PAGE.index("Потребител")))
    assert hands.type("f").spans() == [("form_login", "Вход")]


def test_chinese_and_arabic_pages() -> None:
    hands = Hands("北京今天下雨。\n登录\n注册\n").go("登录").type("f f")
    assert hands.spans() == [("form_login", "登录\n注册")]
    hands.type("2").go("北").type("- right l")
    assert hands.spans("entities") == [("LOC", "北京")]
    hands = (
        Hands("وصل الرئيس إلى المدينة.\nتسجيل الدخول\n")
        .go("تسجيل")
        .type("f 2")
        .go("المدينة")
        .type("l")
    )
    assert hands.spans() == [("LOC", "المدينة"), ("form_login", "تسجيل الدخول")]


# --- other units and rules --------------------------------------------------------------------------


def test_overlaps_of_any_kind_and_aliases() -> None:
    hands = Hands("абвг", scheme=FREE).type("o - right л")
    assert hands.spans() == [("even", "аб")]
    hands = Hands("абвг", scheme=FREE).type("shift+right o shift+right e")
    assert hands.spans() == [("odd", "аб"), ("even", "бв")]
    hands.go("а").type("shift+right ж")
    assert hands.spans() == [("even", "аб"), ("odd", "аб"), ("even", "бв")]


def test_neighbouring_names_stay_two_where_overlap_is_none() -> None:
    hands = Hands("Рим Париж, Ким Чен-ун дойде", scheme=FREE).type("3 l right l")
    assert hands.spans() == [("LOC", "Рим"), ("LOC", "Париж")]
    hands.go("Ким").type("- right p").go("Париж").type("p")
    assert hands.spans() == [("LOC", "Рим"), ("PER", "Париж"), ("PER", "Ким Чен-ун")]


def test_a_name_that_loses_text_keeps_no_punctuation() -> None:
    hands = Hands("Рим, Ким Чен-ун!", scheme=FREE).type("3 - right right l").go("Ким")
    hands.type("shift+right p")
    assert hands.spans() == [("LOC", "Рим"), ("PER", "Ким Чен-ун")]


def test_sentences() -> None:
    hands = Hands("Той дойде. Тя не. Край!", scheme=FREE).type("2 c right d")
    assert hands.spans() == [("claim", "Той дойде."), ("doubt", "Тя не.")]
    check(hands)


def test_going_on_over_thousands_of_decided_blocks_is_found_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "".join(f"ред {n}\n" for n in range(2_000))
    log = FakeLog(text)
    edges = [0]
    for n in range(2_000):
        edges.append(edges[-1] + len(f"ред {n}\n"))
    for n in range(1_990):
        span = Span(f"s{n}", "boilerplate", "nav" if n % 2 else "ad", edges[n], edges[n + 1] - 1)
        log.heads["a0"][span.key] = (Kind.SPAN, "e", span.body(text))
    hands = Hands(log=log).type("h")
    assert hands.here == "ред 1990"
    calls = []
    real = hands.desk.sheet.over
    monkeypatch.setattr(hands.desk.sheet, "over", lambda *a: (calls.append(1), real(*a))[1])
    hands.go("ред 5\n").type("h")
    assert hands.here == "ред 1990"
    hands.go("ред 3\n").type("t")
    assert hands.here == "ред 1990"
    hands.go("ред 1990").type("t")
    assert hands.here == "ред 1991"
    hands.go("ред 7\n").type("s")
    assert hands.here == "ред 1991"
    assert len(calls) < 60
    hands.go("ред 9\n").type("backspace").go("ред 8\n").type("c")
    assert hands.here == "ред 9"


def test_keys_at_the_end_of_a_long_article_look_at_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key asks for as much text at the end of a megabyte as in a short article."""
    from annotator.text import units

    line = "Лидерът на КНДР пристигна във Владивосток. Той не каза нищо.\n"
    keys = "left right up down , . ( ) - left right escape p o backspace ctrl+z ctrl+y % !"

    def looked_at(text: str, spans: int) -> int:
        log = FakeLog(text)
        for n in range(spans):
            start = n * len(line) + 11
            span = Span(f"s{n}", "entities", "LOC", start, start + 4)
            log.heads["a0"][span.key] = (Kind.SPAN, "e", span.body(text))
        hands = Hands(log=log).type("2 ctrl+end")
        calls = []
        real = hands.desk.sheet.over

        def over(*args: Any) -> tuple[Span, ...]:
            found = real(*args)
            calls.append(1 + len(found))
            return found

        monkeypatch.setattr(hands.desk.sheet, "over", over)
        for name in ("next_word", "prev_word", "word_at", "next_sentence", "block_at"):
            count = getattr(units, name)
            monkeypatch.setattr(
                units, name, lambda *a, count=count: (calls.append(1), count(*a))[1]
            )
        hands.type(keys)
        monkeypatch.undo()
        return sum(calls)

    assert looked_at(line * 17_000, 10_000) <= 2 * looked_at(line * 20, 10)


def test_a_search_match_stays_selected_when_the_layer_changes() -> None:
    h = Hands("Кметът Ким каза това.")
    h.desk.caret.hold_match((7, 10))
    h.type("2 p")
    assert h.spans() == [("PER", "Ким")]
