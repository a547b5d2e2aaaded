"""Searching by words in any script."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.model.article import Article
from annotator.store import words
from annotator.store.filters import Filter
from annotator.store.project import Project

TEXTS = {
    "hyphen": "Ким Чен-ун и Ким Чен Ын",
    "han": "朝鲜领导人金正恩会见了客人",
    "kana": "これはテストです",
    "thai": "สวัสดีชาวโลก",
    "hindi": "यह हिन्दी में है",
    "hangul": "김정은 위원장",
    "arabic": "كيم جونغ أون",
    "cafe": "Cafe\u0301 Noir, été",
    "soft": "Воен\u00adна по\u200bмощ",
    "wide": "ＦＵＬＬ width",
    "quote": 'He said "it\'s (not) AND: *never*" 50%',
}


@pytest.fixture
def indexed(project: Project) -> Project:
    list(project.add(Article(name, text, title=f"titled {name}") for name, text in TEXTS.items()))
    assert project.unindexed() == 15
    assert [project.index_words(10), project.index_words(10), project.index_words(10)] == [10, 5, 0]
    assert project.unindexed() == 0
    return project


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("чен-ун", ["bg", "hyphen"]), ("ЧЕН", ["bg", "ru", "hyphen"]), ("ким ын", ["ru", "hyphen"]),
        ("金正恩", ["zh", "han"]), ("正恩", ["zh", "han"]), ("恩正", []), ("テスト", ["kana"]),
        ("ชาว", ["thai"]), ("हिन्दी", ["hindi"]), ("김정", ["hangul"]), ("김정 ", []), ("김정은 ", ["hangul"]),
        ("جونغ", ["arabic"]), ("café", ["cafe"]), ("cafe", ["cafe"]), ("été", ["cafe"]),
        ("военна", ["soft"]), ("помощ ", ["soft"]), ("full", ["wide"]), ("пхен", ["bg", "ru"]),
        ('"чен ын"', ["ru", "hyphen"]), ('"ын чен"', []), ("titled", list(TEXTS)), ("it's", ["quote"]),
        ("AND", ["quote"]), ("(not)", ["quote"]), ("col:x", []), ('"', []), ("--", []), ("*", []),
    ],
)  # fmt: skip
def test_what_is_found(indexed: Project, typed: str, found: list[str]) -> None:
    assert [row.id for row in indexed.page(Filter(words=typed))] == found
    assert indexed.count(Filter(words=typed)) == len(found)


def test_blank_words_are_no_condition(indexed: Project) -> None:
    assert indexed.count(Filter(words="  ")) == 15


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed=st.text(max_size=30) | st.text("\"'*()-:^+ ANDORNET{}\0\ud800ab金", max_size=30))
def test_nothing_typed_breaks_a_search(project: Project, typed: str) -> None:
    rows = project.page(Filter(words=typed))
    assert len(rows) in range(5)
    project.count(Filter(words=typed))


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_a_text_and_a_search_are_prepared_alike(text: str) -> None:
    assert words.indexed(words.indexed(text)).split() == words.indexed(text).split()


def test_the_pass_goes_on_where_it_stopped(project: Project) -> None:
    assert project.index_words(3) == 3
    assert project.page(Filter(words="pyongyang")) == []
    assert project.index_words(3) == 1
    assert [row.id for row in project.page(Filter(words="pyongyang"))] == ["en"]
