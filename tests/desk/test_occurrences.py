"""Every occurrence: shown before anything is kept, confirmed at once or one by one, undone whole."""

from desk_kit import FakeLog, Hands

from annotator.model.annotation import Kind, State

TEXT = (
    "Иван Петров откри моста. Хората питат Иван Петров за цената.\n"
    "Без Ивана Петрова нямаше да има мост. ИВАН ПЕТРОВ МЪЛЧИ.\n"
    "Петър Иванов чака.\n"
)


def proposed(h: Hands) -> list[tuple[str, str]]:
    text = h.desk.caret.text
    return [(p.label, text[p.start : p.end]) for p in h.desk.proposals.between(0, len(text))]


def label_first(log: FakeLog | None = None, *texts: str) -> Hands:
    return Hands(*(texts or (TEXT,)), log=log).type("2 shift+right p")


def test_the_other_occurrences_are_suggested_and_nothing_is_kept_yet() -> None:
    h = label_first().type("=")
    assert proposed(h) == [
        ("PER", "Иван Петров"),
        ("PER", "Ивана Петрова"),
        ("PER", "ИВАН ПЕТРОВ"),
    ]
    assert h.spans() == [("PER", "Иван Петров")]
    assert h.said == (
        "3 more: + labels those on screen, tab goes to the next. Suggested in unfinished articles too."
    )


def test_plus_confirms_what_is_on_screen_as_one_act() -> None:
    h = label_first().type("= +")
    assert len(h.spans()) == 4
    assert h.said == "3 labelled."
    origins = [span.origin for span in h.desk.sheet.spans.values()]
    assert sorted(origins) == ["hand", "occurrence", "occurrence", "occurrence"]
    h.type("ctrl+z")
    assert h.spans() == [("PER", "Иван Петров")]
    assert len(proposed(h)) == 3
    h.type("ctrl+z")
    assert proposed(h) == []
    h.type("ctrl+y ctrl+y")
    assert len(h.spans()) == 4


def test_plus_leaves_what_is_below_the_screen() -> None:
    h = label_first()
    h.desk.wrap(80)
    h.desk.window.height = 1
    h.type("= +")
    assert [text for _, text in h.spans()] == ["Иван Петров", "Иван Петров"]
    assert len(proposed(h)) == 2


def test_one_by_one_enter_confirms_a_letter_relabels_backspace_rejects() -> None:
    h = label_first().type("= tab enter")
    assert len(h.spans()) == 2
    h.type("o")
    assert h.spans()[2] == ("ORG", "Ивана Петрова")
    h.type("backspace")
    assert len(h.spans()) == 3
    assert proposed(h) == []
    h.type("ctrl+z")
    assert proposed(h) == [("PER", "ИВАН ПЕТРОВ")]


def test_a_rejection_is_remembered_after_a_restart() -> None:
    h = label_first().type("= tab backspace")
    assert len(proposed(h)) == 2
    h.restart()
    h.type("2")
    assert len(proposed(h)) == 2
    assert h.log.state()  # it is in the log, not in memory only
    assert any(k is Kind.REJECTION for heads in h.log.heads.values() for k, _, _ in heads.values())


def test_other_unfinished_articles_get_the_suggestion_and_finished_ones_none() -> None:
    other = "Гостува ни Иван Петров."
    h = label_first(None, TEXT, other, other).type("=")
    h.desk.open("a1")
    assert proposed(h) == [("PER", "Иван Петров")]
    h.desk.open("a2")
    h.desk.finish()
    assert h.desk.sheet.status.state is State.DONE
    assert proposed(h) == []
    h.desk.open("a0")
    h.type("ctrl+z")  # the done of a2
    h.type("ctrl+z")  # the rule
    h.desk.open("a1")
    assert proposed(h) == []


def test_a_string_labelled_in_two_ways_is_not_spread() -> None:
    text = "София говори. София е град. София чака."
    h = Hands(text, "София спи.").type("2 p right right l")
    assert h.spans() == [("PER", "София"), ("LOC", "София")]
    h.type("=")
    assert "also labelled PER" in h.said
    assert proposed(h) == [("LOC", "София")]
    h.type("+")
    assert len(h.spans()) == 2
    assert "1 unsure" in h.said
    h.type("tab enter")
    assert len(h.spans()) == 3
    h.desk.open("a1")
    assert proposed(h) == []


def test_a_single_character_is_exact_and_stays_here() -> None:
    h = Hands("Х пише. х е буква. Х чете.", "Х спи.").type("2 p =")
    assert proposed(h) == [("PER", "Х")]
    h.desk.open("a1")
    assert proposed(h) == []


def test_without_a_label_all_are_picked_and_one_letter_labels_them() -> None:
    h = Hands(TEXT, "Иван Петров.").type("2 shift+right =")
    assert len(h.desk.picks.ranges) == 4
    assert h.spans() == []
    h.type("p")
    assert len(h.spans()) == 4
    assert h.said == "4 labelled PER. Suggested in unfinished articles too."
    h.desk.open("a1")
    assert proposed(h) == [("PER", "Иван Петров")]
    h.desk.open("a0")
    h.type("ctrl+z")
    assert h.spans() == []
    h.desk.open("a1")
    assert proposed(h) == []


def test_escape_lets_go_of_what_is_picked() -> None:
    h = Hands(TEXT).type("2 shift+right = escape p")
    assert len(h.spans()) == 1


def test_a_searchs_matches_are_picked_as_they_are() -> None:
    from annotator.desk.search import Search

    h = Hands(TEXT).type("2")
    search = Search(TEXT, "мост\\w*", True)
    match = search.after(0)
    assert match is not None
    h.desk.caret.hold_match(match)
    h.desk.found(search, match)
    h.type("= e")
    assert h.spans() == [("EVT", "моста"), ("EVT", "мост")]
    h.type("ctrl+z")
    assert h.spans() == []


def test_like_blocks_are_picked_whatever_their_numbers() -> None:
    text = "преди 2 часа\nНовина за моста\nпреди 15 часа\nДруга новина\nПреди 3 часа"
    h = Hands(text).type("=")
    assert len(h.desk.picks.ranges) == 3
    h.type("o")
    assert [t for _, t in h.spans()] == ["преди 2 часа", "преди 15 часа", "Преди 3 часа"]


def test_neighbouring_blocks_picked_together_join_and_undo_whole() -> None:
    h = Hands("Вход\nВход\nВход\nТекст\nВход").type("down o ctrl+home = o")
    assert [t for _, t in h.spans()] == ["Вход\nВход\nВход", "Вход"]
    h.type("ctrl+z")
    assert [t for _, t in h.spans()] == ["Вход"]


def test_invert_picks_everything_else() -> None:
    h = Hands("Меню\nТекст\nФутър").type("down")
    h.desk.run("invert")
    h.type("o")
    assert [t for _, t in h.spans()] == ["Меню", "Футър"]


HELD_OUT = "This article is held out for testing: nothing is suggested here."


def test_in_an_article_held_out_for_testing_rules_suggest_nothing() -> None:
    log = FakeLog(TEXT, TEXT, TEXT)
    log.held_out.add("a1")
    h = label_first(log).type("=")
    h.desk.open("a1")
    assert proposed(h) == []
    h.go("Иван Петров")
    assert h.desk.proposals.here is None
    h.type("+")
    assert h.spans() == []
    h.desk.open("a2")
    assert len(proposed(h)) == 4


def test_every_occurrence_in_an_article_held_out_says_so_and_serves_the_others() -> None:
    log = FakeLog(TEXT, TEXT)
    log.held_out.add("a0")
    h = label_first(log).type("=")
    assert h.said == f"{HELD_OUT} Suggested in other unfinished articles."
    assert proposed(h) == []
    h.desk.open("a1")
    assert len(proposed(h)) == 4
    h.type("ctrl+z")
    assert proposed(h) == []


def test_an_unsure_name_in_an_article_held_out_is_suggested_nowhere() -> None:
    log = FakeLog("София говори. София е град. София чака.", "София спи.")
    log.held_out.add("a0")
    h = Hands(log=log).type("2 p right right l =")
    assert h.said == HELD_OUT
    assert proposed(h) == []
    h.desk.open("a1")
    assert proposed(h) == []


def test_picks_and_candidates_stay_in_an_article_held_out() -> None:
    log = FakeLog(TEXT)
    log.held_out.add("a0")
    h = Hands(log=log).type("2 shift+right =")
    assert h.said.startswith("4 picked")
    h.type("p")
    assert len(h.spans()) == 4
    h = Hands(log=FakeLog("Вчера Тодор Жеков мълча."))
    h.log.held_out.add("a0")
    h.type("2 tab")
    assert h.here == "Тодор Жеков"


def test_whether_it_is_silent_is_asked_once_for_an_article() -> None:
    log = FakeLog(TEXT, TEXT)
    h = label_first(log)
    for keys in ("=", "1 2", "tab p ="):
        h.type(keys)
        proposed(h)
    assert log.asked_held_out == ["a0"]
    h.desk.open("a1")
    for _ in range(3):
        assert len(proposed(h)) == 4
    assert log.asked_held_out == ["a0", "a1"]
