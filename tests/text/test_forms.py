"""The forms of a name: one key, a finer comparison, and where they occur."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odd_text import PIECES, odd, plain

from annotator.text.clusters import CLUSTER
from annotator.text.forms import form_key, occurrences, same_name

SAME = """
    Ким Чен Ын|Ким Чен Ына
    Ким Чен Ын|Ким Чен-Ыном
    Северная Корея|Северной Кореи
    София|Софии
    Варна|ВАРНА
    ВАРНА СИТИ|Варна Сити
    Велинград|Велинграда
    Павел|Павла
    Орёл|Орла
    Пётр|Петру
    Сибирь|Сибирью
    Карпаты|Карпатами
    Достоевский|Достоевского
    Асоциация|Асоциацията
    Върховен съд|Върховният съд
    Дунав|Дунавът
    Рената|Ренаты
    Львів|Львова
    Київ|Києва
    Прага|Празі
    Америка|Америці
    Казань|Казанню
    Чорне море|Чорного моря
    Србија|Србијом
    Нови Сад|Новог Сада
    Αθήνα|Αθηνών
    Αθήνα|ΑΘΗΝΑ
    Κώστας Βάρναλης|Κώστα Βάρναλη
    Қазақстан|Қазақстанның
    Қостанай|Қостанайда
    Астана|Астананың
    Алматы|Алматыға
    Merkel|Merkels
    Merkel|Merkel’s
    Ankara|Ankara'nın
    МИД|МИДа
    «Мир-2»|Мира - 2
    بيروت|بيروت
    東京|東京
"""
APART = """
    Иван|Иванов
    Сергей|Сергеев
    Рим|Римма
    Иран|Ирак
    Ливан|Ливия
    Мир-2|Мир-1
    Нов Сад|Сад
    ЕС|ес
    ИРАН|Иран
    C|C++
    А|а
    A|Á
    東京|京都
    بيروت|بيروتي
    José|Jose
    ...|!
"""


def pairs(listing):
    return [tuple(line.strip().split("|")) for line in listing.strip().split("\n")]


@pytest.mark.parametrize(("one", "other"), pairs(SAME))
def test_forms_of_one_name(one, other):
    assert form_key(one) == form_key(other)
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_other_names(one, other):
    assert not same_name(one, other)
    assert not same_name(other, one)


@given(odd | plain, odd | plain)
@example("\u0301", "")
def test_a_key_is_settled_and_names_of_one_name_share_it(one, other):
    assert bool(form_key(one)) == bool(one.strip())
    assert same_name(one, one)
    if same_name(one, other):
        assert same_name(other, one)
        assert one == other or form_key(one) == form_key(other)


def found(text, surface, **bounds):
    return [text[start:end] for start, end in occurrences(text, surface, **bounds)]


@pytest.mark.parametrize(
    ("surface", "text", "wanted"),
    [
        (
            "Ким Чен Ын",
            "Ким Чен Ына и Ким\nЧен  Ыном; Кимчен Ын, Ким\n\nЧен Ын",
            ["Ким Чен Ына", "Ким\nЧен  Ыном"],
        ),
        ("Газпром", "Газпрому, ГАЗПРОМ, Газпромбанк, неГазпром", ["Газпрому", "ГАЗПРОМ"]),
        ("«Вега»", 'в «Веге», от Веги и "Вега"', ["«Веге»", "Веги", '"Вега"']),
        ("Надежда", "Надеждата на Надежда е надежда", ["Надеждата", "Надежда"]),
        ("новина", "Новина за новината", ["Новина", "новината"]),
        ("Мир-2", "„Мир“ 2, Мир 2, Мир 1, мира - 2", ["„Мир“ 2", "Мир 2", "мира - 2"]),
        ("МИД", "МИД, мид, МИДа, МИДЛ", ["МИД", "МИДа"]),
        ("А", "А а Аа", ["А"]),
        ("C++", "C, C++ и c++11", ["C++"]),
        ("Jr.", "Ken Jr. and Jr", ["Jr.", "Jr"]),
        ("Όμηρος", "του Ομήρου, ΟΜΗΡΟΣ", ["Ομήρου", "ΟΜΗΡΟΣ"]),
        ("O'Neil", "O’Neil, O'Neil's, Neil", ["O’Neil", "O'Neil's"]),
        ("東京", "東京都と東京", ["東京", "東京"]),
        ("ไทย", "คนไทยในไทย", ["ไทย", "ไทย"]),
        ("서울", "서울에서 서울은", ["서울", "서울"]),
        ("😀", "a😀 😀👍🏽", ["😀", "😀"]),
        (" ", "a b", []),
    ],
)
def test_occurrences(surface, text, wanted):
    assert found(text, surface) == wanted


def test_only_within_the_bounds():
    text = "Варна, Варна, Варна"
    assert list(occurrences(text, "Варна", 1, 13)) == [(7, 12)]
    assert list(occurrences(text, "Варна", 7, 17)) == [(7, 12)]
    assert found(text, "«Варна»", end=5) == ["Варна"]


@given(odd | plain, st.data())
@example("".join(PIECES), None)
def test_occurrences_are_whole_and_in_order(text, data):
    words = text.split()
    surface = "ไทย" if data is None else data.draw(st.sampled_from(words or ["а"]) | odd)
    borders = {0, *(match.end() for match in CLUSTER.finditer(text))}
    last = 0
    for start, end in occurrences(text, surface):
        assert last <= start < end <= len(text)
        assert {start, end} <= borders
        last = end


@given(
    st.sampled_from(["Ана", "Нови Сад", "Чен-ун", "Ο Όμηρος", "Kim Jong-un", "Орёл", "م س", "Қазақ", "Т. Мей", "«Ъ»"]),
    plain,
    plain,
)  # fmt: skip
def test_a_surface_occurs_where_it_stands(surface, before, after):
    text = f"{before}\n\n{surface}\n\n{after}"
    start = len(before) + 2
    assert (start, start + len(surface)) in set(occurrences(text, surface))


def test_a_long_text_is_read_once():
    text = "и Пакистана не на и " * 100_000
    assert sum(1 for _ in occurrences(text, "Пакистан")) == 100_000
    assert not list(occurrences("а" * 1_000_000, "Ана"))
