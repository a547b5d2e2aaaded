"""The plug-in for Russian names: what it finds, where it is silent, what it needs."""

import os
import sys
from importlib.util import find_spec

import annotator_slovnet
import pytest
from annotator_slovnet import SCORES, Slovnet

from annotator.model.errors import AnnotatorError

needs_weights = pytest.mark.skipif(
    not all(map(find_spec, ("slovnet", "navec", "natasha"))),
    reason="slovnet, navec or natasha is not installed",
)
LABELS = ["PER", "LOC", "ORG"]
TEXT = (
    "Меню\n\n"
    "Вчера в Саратове губернатор Пётр Иванович Лапшин встретился с Мариной Озеровой.\n"
    "  Она представляет компанию «Газпром».\r\n"
    "***\n"
    "Затем делегация вылетела в Казахстан."
)


def found(text, lang="ru"):
    guesses = Slovnet("entities", LABELS, {}).suggest(text, lang)
    return [(text[guess.start : guess.end], guess.label) for guess in guesses]


@needs_weights
def test_russian_names_are_found_where_they_stand():
    assert found(TEXT) == [
        ("Саратове", "LOC"),
        ("Пётр Иванович Лапшин", "PER"),
        ("Мариной Озеровой", "PER"),
        ("Газпром", "ORG"),
        ("Казахстан", "LOC"),
    ]
    assert found(TEXT, "ru-RU") == found(TEXT)


@needs_weights
def test_every_guess_has_the_measured_score_of_its_label_and_none_is_sure():
    for guess in Slovnet("entities", LABELS, {}).suggest(TEXT, "ru"):
        assert guess.score == SCORES[guess.label]
        assert not guess.sure


@pytest.mark.parametrize("lang", ["", "bg", "uk", "en", "rue"])
def test_it_is_silent_in_other_languages_and_loads_nothing_for_them(lang, monkeypatch):
    def never():
        raise AssertionError("loaded")

    monkeypatch.setattr(annotator_slovnet, "_network", never)
    assert found(TEXT, lang) == []


@needs_weights
@pytest.mark.parametrize(
    "text", ["", " \n\n", "***", "\u200b\n\x00", "1234", "_", "\ud800а", "é" * 9000, "Я" * 9000]
)
def test_odd_texts_are_no_trouble(text):
    assert all(
        0 <= g.start < g.end <= len(text) for g in Slovnet("e", LABELS, {}).suggest(text, "ru")
    )


@needs_weights
def test_long_lines_are_cut_between_words_and_offsets_hold():
    text = "Виктор Петров сказал. " * 400
    names = found(text)
    assert len(names) >= 390
    assert set(names) <= {("Виктор Петров", "PER"), ("Петров", "PER"), ("Виктор", "PER")}
    assert names.count(("Виктор Петров", "PER")) >= 390


@needs_weights
def test_natasha_itself_is_not_run():
    found(TEXT)
    assert "natasha" not in sys.modules
    assert "pymorphy2" not in sys.modules


@needs_weights
def test_the_environment_is_left_as_it_was(monkeypatch):
    monkeypatch.delenv(annotator_slovnet.THREADS, raising=False)
    annotator_slovnet._network.cache_clear()
    found("Москва")
    assert annotator_slovnet.THREADS not in os.environ
    monkeypatch.setenv(annotator_slovnet.THREADS, "2")
    annotator_slovnet._network.cache_clear()
    found("Москва")
    assert os.environ[annotator_slovnet.THREADS] == "2"


def test_weights_that_are_not_there_are_a_sentence(monkeypatch):
    monkeypatch.setattr(annotator_slovnet, "find_spec", lambda name: None)
    annotator_slovnet._network.cache_clear()
    try:
        with pytest.raises(AnnotatorError, match="install natasha"):
            annotator_slovnet._data()
    finally:
        annotator_slovnet._network.cache_clear()


def test_options_are_refused_as_there_are_none():
    with pytest.raises(AnnotatorError, match="no options, such as speed"):
        Slovnet("entities", LABELS, {"speed": 1})


@needs_weights
def test_the_version_names_what_guesses_come_from():
    slovnet = Slovnet("entities", LABELS, {})
    assert slovnet.version.startswith("slovnet 0.")
    assert slovnet.save() == b""
    assert not slovnet.is_stale
