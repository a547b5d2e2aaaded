"""The stance grid by its keys: rows, values, holders, evidence, and what becomes of a gone target."""

from dataclasses import replace

from desk_kit import FakeLog, Hands, check, put

from annotator.desk.columns import lettered
from annotator.desk.grid import COLUMNS, Column
from annotator.desk.hints import LETTERS
from annotator.desk.stances import ANOTHER_HOLDER, MOVE, StanceHand
from annotator.model.annotation import AUTHOR, Party
from annotator.model.scheme_file import parse

TEXT = (
    "Киев обяви мерки. Москва отговори остро.\n"
    "„Киев греши“, каза Песков. КИЕВ мълчи.\n"
    "Москва и 北京 се разбраха.\n"
)
SCHEME = parse("""
name = "sides"
version = 1

[[layers]]
name = "names"
unit = "word"
overlap = "nested"
labels = [{ name = "PER", key = "p" }, { name = "LOC", key = "l" }]

[[layers]]
name = "stance"
kind = "stance"
entity_layer = "names"
holders = ["author", "quoted", "unknown"]
targets = ["Мерките са нужни", "ЕС"]
values = [{ name = "FAVOR", key = "f" }, { name = "AGAINST", key = "a" }, { name = "NONE", key = "o" }]
""")


def hands(*names: str) -> Hands:
    """Labelled names, and the grid."""
    h = Hands(TEXT, scheme=SCHEME)
    for name in names or ("Киев", "Москва", "Песков"):
        start = -1
        while (start := TEXT.find(name, start + 1)) >= 0:
            h.desk.caret.move_to(start)
            h.type("p" if name == "Песков" else "l")
    h.type("2")
    check(h)
    return h


def rows(h: Hands) -> list[str]:
    return [
        row.target.name
        + ("" if row.holder == AUTHOR else f"/{row.holder.name or row.holder.kind}")
        + (f"={row.stance.label}" if row.stance else "")
        + ("!" if row.orphan else "")
        for row in h.desk.stances.rows
    ]


def test_rows_are_the_scheme_s_targets_and_the_entities_by_mentions() -> None:
    assert rows(hands("Киев", "Москва", "Песков")) == [
        "Мерките са нужни", "ЕС", "Киев", "Москва", "Песков",
    ]  # fmt: skip
    assert rows(hands("Москва", "Киев", "北", "КИЕВ"))[2:] == ["Киев", "Москва", "北"]
    assert rows(hands("Песков", "Москва"))[2:] == ["Москва", "Песков"]


def test_identity_goes_before_the_surface() -> None:
    log = FakeLog(TEXT)
    put(log, "a0", ("names", "LOC", "Киев"), attrs={"lemma": "Киев", "xid": "LOC-Kyiv"})
    put(log, "a0", ("names", "LOC", "КИЕВ"), attrs={"xid": "LOC-Kyiv"})
    put(log, "a0", ("names", "LOC", "Москва"), attrs={"lemma": "Москва (град)"})
    h = Hands(log=log, scheme=SCHEME).type("2")
    assert rows(h)[2:] == ["LOC-Kyiv", "Москва (град)"]
    assert [h.text[s:e] for s, e in h.desk.stances.mentions(h.desk.stances.rows[2])] == [
        "Киев",
        "КИЕВ",
    ]


def test_a_letter_gives_the_value_and_the_same_letter_changes_nothing() -> None:
    h = hands().type("down down f")
    assert h.stances() == [("Киев", "author", "FAVOR")]
    acts = len(h.log.acts)
    h.type("f f")
    assert len(h.log.acts) == acts
    h.type("a")
    assert h.stances() == [("Киев", "author", "AGAINST")]
    h.type("x")
    assert h.said == "No label on x in stance."
    h.type("backspace backspace")
    assert h.stances() == []
    assert h.said == "No stance on this row."


def test_the_caret_follows_the_row() -> None:
    h = hands().type("down down down")
    assert h.here == "Москва отговори остро."
    h.type("down")
    assert h.here == "„Киев греши“, каза Песков."
    h.type("up % ")
    assert h.here == "Москва и 北京 се разбраха."
    h.type("%")
    assert h.here == "Москва отговори остро."
    h.type("up up %")
    assert h.said == "The article does not name this row's target."


def test_columns() -> None:
    h = hands()
    seen = [h.desk.stances.column]
    for _ in range(6):
        h.type("right")
        seen.append(h.desk.stances.column)
    assert seen == [*COLUMNS[1:], COLUMNS[-1], COLUMNS[-1]]
    for _ in range(8):
        h.type("left")
    assert h.desk.stances.column is Column.TARGET


def test_repeat_goes_down_the_rows() -> None:
    h = hands().type('" down down a " "')
    assert rows(h)[2:] == ["Киев=AGAINST", "Москва=AGAINST", "Песков=AGAINST"]
    assert h.type('"').said == "This is the last row."


def test_evidence_is_attached_and_detached_with_space() -> None:
    h = hands().type("down down")
    h.type("a ) ) space space")
    assert evidence(h) == ["„Киев греши“, каза Песков."]
    h.type("( ( space space")
    assert evidence(h) == ["Киев обяви мерки.", "„Киев греши“, каза Песков."]
    h.type("space space")
    assert evidence(h) == ["„Киев греши“, каза Песков."]
    h.type("ctrl+z")
    assert len(evidence(h)) == 2
    h.type("right right right right")
    assert h.desk.stances.column is Column.EVIDENCE
    titles = [choice.title for choice in h.desk.stances.choices()]
    assert titles == ["detach: Киев обяви мерки.", "detach: „Киев греши“, каза Песков."]
    h.desk.stances.choose(h.desk.stances.choices()[0].value)
    assert evidence(h) == ["„Киев греши“, каза Песков."]
    h.type("backspace")
    assert evidence(h) == []
    assert h.stances() == [("Киев", "author", "AGAINST")]


def evidence(h: Hands) -> list[str]:
    row = h.desk.stances.current
    assert row is not None
    assert row.stance is not None
    return [h.text[e.start : e.end] for e in row.stance.evidence]


def test_evidence_by_words_and_characters_and_from_a_search() -> None:
    h = hands().type("down down a - right space")
    assert evidence(h) == ["Киев обяви"]
    h.type("- right right - left enter")
    assert "Киев обяви мерк" in evidence(h)
    assert not h.desk.caret.selecting
    start = TEXT.index("се разбраха")
    h.desk.caret.hold_match((start, start + 11))
    h.type("space")
    assert "се разбраха" in evidence(h)
    h.desk.caret.hold_match((start, start + 11))
    h.type("- left space")
    assert "се" in evidence(h)


def test_no_space_only_evidence() -> None:
    h = hands().type("f")
    h.desk.caret.hold_match((4, 5))
    h.type("space")
    assert h.said == "There is nothing to attach here."


def test_what_changed_is_painted_again() -> None:
    h = hands().type("down down a")
    h.desk.caret.touched.clear()
    h.type("space space")
    assert (0, 17) in h.desk.caret.touched
    h.desk.caret.touched.clear()
    h.type("ctrl+z")
    assert (0, 17) in h.desk.caret.touched


def test_another_holder_has_a_row_of_its_own() -> None:
    h = hands().type("down down a left")
    assert h.desk.stances.choices()[0].value == ANOTHER_HOLDER
    holders = h.desk.stances.holders_for_new_row()
    assert [c.title for c in holders][:2] == ["Киев (quoted)", "Москва (quoted)"]
    peskov = next(c.value for c in holders if "Песков" in c.title)
    assert isinstance(peskov, Party)
    h.desk.stances.open_row(h.desk.stances.rows[2].target, peskov)
    assert rows(h)[2:4] == ["Киев=AGAINST", "Киев/Песков"]
    h.type("f")
    assert h.stances() == [("Киев", "author", "AGAINST"), ("Киев", "Песков", "FAVOR")]
    check(h)
    row = h.desk.stances.current
    assert row is not None
    assert row.stance is not None
    assert row.stance.basis == "quoted"
    assert peskov.ref not in {c.value.ref for c in h.desk.stances.holders_for_new_row()}
    h.type("backspace")
    assert rows(h)[2:4] == ["Киев=AGAINST", "Киев/Песков"]
    h.restart()
    h.type("2")
    assert rows(h)[2:4] == ["Киев=AGAINST", "Москва"]


def choose(h: Hands, column: Column, value: object) -> None:
    h.desk.stances.column = column
    assert value in [choice.value for choice in h.desk.stances.choices()]
    h.desk.stances.choose(value)
    check(h)


def test_the_other_columns() -> None:
    h = hands().type("down down")
    choose(h, Column.VALUE, "AGAINST")
    choose(h, Column.CONFIDENCE, 3)
    choose(h, Column.BASIS, "implied")
    choose(h, Column.HOLDER, Party("quoted", "Москва"))
    (stance,) = h.desk.sheet.stances.values()
    assert (stance.label, stance.confidence, stance.basis) == ("AGAINST", 3, "quoted")
    assert stance.holder == Party("quoted", "Москва")
    assert rows(h)[2] == "Киев/Москва=AGAINST"
    assert h.desk.stances.row == 2
    for _ in range(4):
        h.type("ctrl+z")
    assert h.stances() == []
    choose(h, Column.HOLDER, Party("unknown"))
    assert rows(h)[2] == "Киев/unknown"
    h.type("f")
    assert h.stances() == [("Киев", "unknown", "FAVOR")]
    h.desk.stances.column = Column.CONFIDENCE
    h.type("up")
    h.desk.stances.choose(1)
    assert h.said == "Give this row a value first."


def test_a_holder_cannot_have_two_rows_for_a_target() -> None:
    h = hands().type("down down a")
    h.desk.stances.open_row(h.desk.stances.rows[2].target, Party("unknown"))
    h.type("f")
    choose(h, Column.HOLDER, AUTHOR)
    assert h.said == "Киев has a row for author already."
    assert len(h.stances()) == 2


def test_a_gone_entity_leaves_an_orphan_that_can_be_removed() -> None:
    h = hands().type("down down down down f")
    assert rows(h)[-1] == "Песков=FAVOR"
    h.type("1").go("Песков").type("backspace 2")
    assert rows(h)[-1] == "Песков=FAVOR!"
    h.type("backspace")
    assert rows(h)[-1] == "Москва"
    check(h)
    h.type("ctrl+z ctrl+z")
    assert rows(h)[-1] == "Песков=FAVOR"


def test_a_target_of_one_s_own() -> None:
    h = hands()
    h.desk.stances.open_row(Party("proposition", "Санкциите помагат"), AUTHOR)
    assert rows(h)[-1] == "Санкциите помагат"
    h.type("a")
    assert h.stances() == [("Санкциите помагат", "author", "AGAINST")]
    h.desk.stances.open_row(Party("proposition", "САНКЦИИТЕ помагат"), AUTHOR)
    assert len(rows(h)) == 6
    check(h)


def test_nothing_more_makes_the_rest_not_discussed() -> None:
    h = hands().type("down down f 0")
    assert [value for _, _, value in h.stances()] == ["NONE", "FAVOR", "NONE", "NONE", "NONE"]
    assert h.desk.sheet.looked == {"stance"}
    h.type("ctrl+z")
    assert h.stances() == [("Киев", "author", "FAVOR")]
    assert h.desk.sheet.looked == set()


def test_an_empty_grid() -> None:
    h = Hands(TEXT).type("3 up down left right f a backspace space space % 0")
    assert h.stances() == []
    h.type("f")
    assert h.said.startswith("No target yet")
    assert h.desk.stances.current is None
    assert h.desk.stances.holders_for_new_row() == []


def test_a_grid_of_another_layer_is_not_made(monkeypatch) -> None:
    made = []
    real = StanceHand.refresh
    monkeypatch.setattr(StanceHand, "refresh", lambda hand: (made.append(1), real(hand)))
    h = Hands(TEXT, scheme=SCHEME).type("l right right l backspace ctrl+z 0")
    h.desk.open("a0")
    assert made == []
    h.type("2")
    assert len(made) == 1
    h.type("f a f down down f a space space left right ) (")
    assert len(made) == 1, "a value changes its row alone"
    h.desk.open("a0")
    assert len(made) == 2


def test_a_changed_row_is_the_same_as_a_grid_made_anew() -> None:
    h = hands().type("f down a down space space f space space ) space space a down o")
    now = list(h.desk.stances.rows)
    h.desk.stances.refresh()
    assert now == h.desk.stances.rows


def test_rows_of_one_target_stay_in_order() -> None:
    h = hands().type("down down")
    target = h.desk.stances.rows[2].target
    h.desk.stances.open_row(target, Party("unknown"))
    h.desk.stances.open_row(target, Party("quoted", "Песков"))
    for keys in ("f", "up a", "backspace", "ctrl+z", "down o backspace"):
        h.type(keys)
        now = list(h.desk.stances.rows)
        h.desk.stances.refresh()
        assert now == h.desk.stances.rows
        check(h)


def ordered(text: str, title: str, *names: str) -> list[str]:
    """The targets of an article with this title, its names labelled where they stand first."""
    log = FakeLog(text)
    log.articles["a0"] = replace(log.articles["a0"], title=title)
    for name in names:
        put(log, "a0", ("names", "LOC", name))
    return rows(Hands(log=log, scheme=SCHEME).type("2"))[2:]


def test_entities_of_the_headline_come_first() -> None:
    text = "Новина дня\nВ Полянах тихо, поляне спят. Озёрск спорит. Поляны молчат.\n"
    names = ("Полянах", "Озёрск", "Поляны")
    assert ordered(text, "", *names) == ["Поляны", "Озёрск"]
    assert ordered(text, "Мэр Озёрска ушёл", *names) == ["Озёрск", "Поляны"]
    assert ordered("\n \nЧто скажет Озёрск\n" + text, "", *names) == ["Озёрск", "Поляны"]
    assert ordered("Что скажет Озёрск\n" + text, "В Полянах", *names) == ["Поляны", "Озёрск"]


def test_a_name_of_several_words_in_the_headline() -> None:
    text = "Ново: Иво Дъбов, Ана Клен и Клен.\n"
    assert ordered(text, "Говори Ана Клен пред нас", "Иво Дъбов", "Ана Клен")[0] == "Ана Клен"


def test_a_stance_stays_with_its_entity_when_another_form_becomes_the_name() -> None:
    text = "В Киеве снег. Киев ждёт. Киев спит. Писать в Киеве.\n"
    h = Hands(text, scheme=SCHEME).go("Киеве").type("l 2 down down f")
    assert h.stances() == [("Киеве", "author", "FAVOR")]
    h.type("1").go("Киев ждёт").type("l").go("Киев спит").type("l 2 up down")
    assert [(row.name, row.orphan) for row in h.desk.stances.rows[2:]] == [("Киев", False)]
    assert len(h.desk.stances.mentions(h.desk.stances.rows[2])) == 3
    h.type("up down a")
    assert h.stances() == [("Киеве", "author", "AGAINST")]
    h.type("backspace")
    assert rows(h)[2:] == ["Киев"]
    h.type("f 0")
    assert ("Киев", "author", "FAVOR") in h.stances()
    check(h)


def test_a_gone_target_s_stance_is_moved_with_its_evidence() -> None:
    h = hands().type("down down down down f - right enter")
    found = evidence(h)
    assert len(found) == 1
    h.type("1").go("Песков").type("backspace 2 up down down down down")
    assert h.said.startswith("Песков is not labelled any more")
    h.desk.stances.column = Column.TARGET
    titles = [choice.title for choice in h.desk.stances.choices()]
    assert titles[:4] == ["to Мерките са нужни", "to ЕС", "to Киев", "to Москва"]
    h.desk.stances.choose(h.desk.stances.choices()[2].value)
    assert rows(h) == ["Мерките са нужни", "ЕС", "Киев=FAVOR", "Москва"]
    assert evidence(h) == found
    h.type("ctrl+z")
    assert rows(h)[-1] == "Песков=FAVOR!"
    check(h)


def test_any_stance_can_be_moved_but_not_onto_another() -> None:
    h = hands().type("down down f down a")
    h.desk.stances.column = Column.TARGET
    assert MOVE in [choice.value for choice in h.desk.stances.choices()]
    to = {choice.title: choice.value for choice in h.desk.stances.other_targets()}
    assert "to Москва" not in to
    h.desk.stances.choose(to["to Киев"])
    assert h.said == "Киев has a stance of author already; remove one of them."
    h.desk.stances.choose(to["to ЕС"])
    assert h.stances() == [("ЕС", "author", "AGAINST"), ("Киев", "author", "FAVOR")]
    assert rows(h)[h.desk.stances.row] == "ЕС=AGAINST"


def test_on_a_row_without_a_value_space_puts_tags_on_the_rows() -> None:
    h = hands().type("space")
    rows = h.desk.stances.rows
    assert set(h.desk.hints.rows.values()) == set(range(1, len(rows)))
    tag = next(t for t, row in h.desk.hints.rows.items() if row == len(rows) - 1)
    assert h.desk.hints.tag_of_row(len(rows) - 1) == tag
    h.type(" ".join(tag))
    assert h.desk.stances.row == len(rows) - 1
    assert not h.desk.hints.active
    h.type("space space")
    assert (h.desk.hints.active, h.stances()) == (False, [])


def test_choices_have_a_letter_each() -> None:
    assert lettered(["explicit", "quoted", "implied"]) == ["explicit", "quoted", "implied"]
    assert lettered(["Киев", "Ким"]) == ["a  Киев", "s  Ким"]
    many = lettered([f"име {n}" for n in range(40)])
    assert len(many) == 40
    assert len({title[0] for title in many[: len(LETTERS)]}) == len(LETTERS)
    assert many[-1] == "име 39"
