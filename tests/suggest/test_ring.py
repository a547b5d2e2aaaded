"""The candidate ring: what a text alone says may be a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.ring import CONTEXT, candidates
from annotator.text.clusters import CLUSTER
from annotator.text.forms import form_key

PIECES = [
    " ", " ", "\n", ". ", ", ", "«", "»", '"', "„", "“", "-", " — ", "(", ")", "2", "Варна", "Ана", "Нови", "море",
    "САЩ", "на", "де", "van", "The", "Times", "и\u0306", "\u0301", "👩\u200d👧", "東京", "「", "」", "سلام", "ไทย", "с", "Т.",
    "XVI", "\u200d", "\ud800", "\x00", "ხ", "Министерство", "Черно",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=60).map("".join)


def found(text, *known, **bounds):
    keys = {form_key(surface) for surface in known}
    return [text[one.start : one.end] for one in candidates(text, known=keys, **bounds)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("вчера в Нови Сад говори Ана Петрова.", ["Нови Сад", "Ана Петрова"]),
        ("срещу Шарл де Гол и Ludwig van Beethoven", ["Шарл де Гол", "Ludwig van Beethoven"]),
        ("от Bank of China и Nord Line 2", ["Bank of China", "Nord Line 2"]),
        ("с Т. Мей и Н.Р. Петров", ["Т. Мей", "Н.Р. Петров"]),
        ("при папа Йоан XXIII през XXI век", ["Йоан XXIII"]),
        ("на БАН, за ЮНЕСКО и в iPhone", ["БАН", "ЮНЕСКО", "iPhone"]),
        ("в САЩ Ана говори", ["САЩ", "Ана"]),
        ("вестник «Заря» и „Нова вечер“", ["Заря", "Нова вечер"]),
        ("фирма ООО «Заря» и «Восход» - 2", ["ООО «Заря»", "«Восход» - 2"]),
        ("каза: „Ще видим какво ще стане утре“.", []),
        ("край Черно море и в Европейския съюз", ["Черно море", "Европейския съюз"]),
        ("пред Върховния съд на Ирландия", ["Върховния съд на Ирландия"]),
        ("в Министерство юстиции и Министерство на отбраната", ["Министерство юстиции", "Министерство на отбраната"]),
        ("четете на mail.ru и в Nova.bg днес", ["Nova.bg"]),
        ("в The Guardian пише", ["The Guardian"]),
        ("東京の「新聞」と《人民》", ["新聞", "人民"]),
        ("„საქართველო“ და სხვა", ["საქართველო"]),
        ("без имена, 5 млн. лв.", []),
        ("", []),
    ],
)  # fmt: skip
def test_candidates(text, wanted):
    assert found(text) == wanted


def test_the_start_of_a_sentence():
    assert found("Градът спи. Днес вали. Вчера Ана пя.") == ["Ана"]
    assert found("Вали. Ямбол спи.") == []
    assert found("Вали в Ямбол. Ямбол спи.") == ["Ямбол", "Ямбол"]
    assert found("Пеем. Песента свърши, песента е стара.") == []
    assert found("Вали. Ана Петрова пя.") == ["Ана Петрова"]
    assert found("Президентът Янев пя.") == ["Янев"]
    assert found("Вали. Ямбол спи.", "Ямбола") == ["Ямбол"]


def test_lines_that_write_everything_with_capitals():
    assert found("СТРАШНА БУРЯ УДАРИ ЯМБОЛ\nстрашна буря удари град Ямбол, буря") == [
        "ЯМБОЛ",
        "Ямбол",
    ]
    title = "Heavy Storm Hits Varna And Leaves\nA heavy storm hits us; it leaves in Varna."
    assert found(title) == ["Varna", "Varna"]


def test_two_names_side_by_side():
    assert found("президентът на Украйна Петро Иванов") == ["Украйна", "Петро Иванов"]
    text = "в Ямбол Ана Петрова пя. От Ямбол до Варна. С Ана Петрова и хор."
    assert found(text) == ["Ямбол", "Ана Петрова", "Ямбол", "Варна", "Ана Петрова"]


def test_labelled_before():
    assert found("из черната кутия", "Черна кутия") == ["черната кутия"]
    assert found("има надежда", "Надежда") == []
    assert found("東京都に行く", "東京都", "東京") == ["東京都"]
    assert found("في بيروت اليوم", "بيروت") == ["بيروت"]
    assert found("თბილისი დღეს", "თბილისი") == ["თბილისი"]
    assert found("край Нови Сад Център", "Сад") == ["Нови Сад Център"]
    assert found("в Нови Сад", "нови\nсад") == ["Нови Сад"]


def test_says_why():
    text = "от БАН до Ямбол и «Заря» у Ана"
    whys = [one.why for one in candidates(text, known={form_key("Ана")})]
    assert whys == ["acronym", "capitals", "quoted", "known"]


@given(texts, st.data())
def test_candidates_are_whole_trimmed_and_in_order(text, data):
    words = st.sampled_from(text.split() or ["а"])
    known = {form_key(surface) for surface in data.draw(st.lists(words | texts, max_size=3))}
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    borders = {0, *(match.end() for match in CLUSTER.finditer(text))}
    last = 0
    for one in candidates(text, start, end, known):
        assert last <= one.start < one.end <= len(text)
        assert one.start < end
        assert one.end > start
        assert {one.start, one.end} <= borders
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        last = one.end


def test_a_screen_of_a_long_text_is_read_alone():
    between = "нищо тук. " * CONTEXT
    text = f"Вали в Ямбол. {between}Вали. Ямбол спи. {between}Вали в Ямбол."
    at = text.index("Ямбол", 20)
    assert found(text, start=at - 10, end=at + 20) == []
    assert found(text, start=0, end=40) == ["Ямбол"]
    huge = "Ана пя. " * 300_000
    assert len(found(huge, start=1_000_000, end=1_000_800)) <= 101
