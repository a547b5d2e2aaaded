"""Names from memory and model together: what is learnt, what is kept, and what goes without the library."""

import json
import subprocess
import sys
from itertools import pairwise

import pytest

from annotator.model.errors import AnnotatorError
from annotator.suggest.entities import crf
from annotator.suggest.entities.features import LONGEST, features, lines
from annotator.suggest.entities.names import Names
from annotator.suggest.entities.places import places
from annotator.suggest.entities.words import Words
from annotator.suggest.protocol import Finished, Guess, Labelled, Suggester
from annotator.text.forms import is_border

PEOPLE = [
    "Вера Сомова", "Иван Ледов", "Анна Белова", "Пётр Громов", "Олег Стужин", "Нина Рекова",
    "Егор Мостов", "Лида Ярцева", "Фома Чижов", "Зоя Кленова",
]  # fmt: skip
TOWNS = ["Ледогорск", "Тихвино", "Белореч", "Чернолес", "Сосновск", "Камышин", "Озёрск", "Рудня"]


def article(number: int, lang: str = "ru") -> Finished:
    """An article of our own: people speak in towns, and no name has a word in common with another."""
    person, other = PEOPLE[number % len(PEOPLE)], PEOPLE[(number + 3) % len(PEOPLE)]
    town = TOWNS[number % len(TOWNS)]
    text, spans = "", []
    for part, label in [
        ("Вчера в городе ", ""), (town, "LOC"), (" прошла встреча. Об этом сообщила ", ""),
        (person, "PER"), (", директор завода.\r\nПо словам директора, ", ""), (other, "PER"),
        (" приедет в город ", ""), (town, "LOC"), (" завтра 🙂.\n", ""),
    ]:  # fmt: skip
        if label:
            spans.append(Labelled(len(text), len(text) + len(part), label, {"xid": part}))
        text += part
    return Finished(text, "names", tuple(spans), lang)


def taught(count: int = 10) -> Names:
    names = Names("names")
    for number in range(count):
        names.learn(article(number))
    names.refit([article(number) for number in range(count)])
    return names


UNSEEN = "Вчера в городе Верхозим прошла встреча. Об этом сообщила Клара Птицына, директор завода."


@pytest.fixture(scope="module")
def names() -> Names:
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    return taught()


def labels(guesses: list[Guess], text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in guesses]


def test_a_name_never_seen_is_found_by_where_it_stands(names):
    assert names.memory.suggest(UNSEEN, "ru") == []
    assert labels(names.suggest(UNSEEN, "ru"), UNSEEN) == [
        ("Верхозим", "LOC"),
        ("Клара Птицына", "PER"),
    ]


def test_also_in_a_language_without_articles(names):
    assert ("Клара Птицына", "PER") in labels(names.suggest(UNSEEN, "uk"), UNSEEN)


def test_a_known_name_comes_with_its_identity(names):
    text = "Об этом сообщила Вера Сомова, директор завода."
    guess = names.suggest(text, "ru")[0]
    assert (text[guess.start : guess.end], guess.label) == ("Вера Сомова", "PER")
    assert guess.attrs == {"xid": "Вера Сомова"}
    assert guess.suggestion("names", names.name, names.version).label == "PER"


def test_what_the_model_overlooks_the_memory_adds(names):
    text = "яблоки груши сливы Ледогорска вишни"
    names = taught()
    names._model = Silent()
    guesses = names.suggest(text, "ru")
    assert [(one.label, one.why) for one in guesses] == [("LOC", "memory: LOC 4 of 4 times")]
    assert guesses[0].score < 0.8
    assert not guesses[0].sure


def test_what_was_refused_the_model_does_not_suggest_again():
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    names = taught()
    start = UNSEEN.index("Верхозим")
    refused = (Labelled(start, start + len("Верхозим"), "LOC"),)
    names.learn(Finished(UNSEEN, "names", (), "ru", refused))
    assert ("Верхозим", "LOC") not in labels(names.suggest(UNSEEN, "ru"), UNSEEN)
    other = UNSEEN.replace("Верхозим", "Верхозиме")
    assert ("Верхозиме", "LOC") not in labels(names.suggest(other, "ru"), other)
    assert ("Верхозим", "LOC") in labels(names.suggest(UNSEEN, "uk"), UNSEEN), "in Russian only"


class Silent:
    """A model that finds nothing, or what it was told to find in every line."""

    def __init__(self, *found: crf.Tagged) -> None:
        self._found = list(found)

    def tag(self, features):
        return [one for one in self._found if one.last < len(features)]


def test_where_only_the_stretch_is_likely_there_is_no_label():
    names = taught(0)
    names._model = Silent(crf.Tagged(0, 1, "PER", 0.4, 0.9), crf.Tagged(3, 3, "LOC", 0.4, 0.3))
    text = "Клара Птицына и Верхозим"
    guesses = names.suggest(text, "ru")
    assert labels(guesses, text) == [("Клара Птицына", "")]
    candidate = guesses[0]._replace(sure=True).suggestion("names", "names", "1")
    assert (candidate.label, candidate.sure) == ("", False)
    assert guesses[0].why == "model: a name of some kind"


def test_a_sure_memory_names_what_the_model_only_suspects():
    names = taught(0)
    names.learn(article(0))
    names._model = Silent(crf.Tagged(0, 0, "PER", 0.4, 0.9))
    assert [one.label for one in names.suggest("Ледогорску трудно", "ru")] == ["LOC"]


def test_no_guesses_overlap_whatever_model_and_memory_say():
    names = taught(0)
    names.learn(article(0))
    found = [crf.Tagged(at, at + 1, "PER", 0.9, 0.9) for at in range(0, 40, 3)]
    names._model = Silent(*found)
    for text in (article(0).text, article(5).text * 3):
        guesses = names.suggest(text, "ru")
        assert guesses
        assert all(one.end <= two.start for one, two in pairwise(guesses))


def test_the_same_articles_give_the_same_model(names):
    again = taught()
    assert again.save() == names.save()
    assert again.version == names.version
    assert taught(9).version != names.version


def test_it_is_kept_byte_for_byte(names):
    other = Names()
    other.load(names.save())
    assert other.save() == names.save()
    assert (other.layer, other.version, other.fitted_to) == ("names", names.version, 10)
    for text in (UNSEEN, article(3).text, "А в Китае тихо."):
        assert other.suggest(text, "ru") == names.suggest(text, "ru")


def test_damaged_bytes_are_refused_and_nothing_is_lost(names):
    saved = names.save()
    other = Names()
    other.load(saved)
    middle = len(saved) // 2
    for bad in (b"", saved[:-1], saved[:middle], saved + b"x", b"{}" * 50,
                saved[:middle] + b"\0" + saved[middle + 1 :] + b"\0"):  # fmt: skip
        with pytest.raises(AnnotatorError):
            other.load(bad)
    assert other.suggest(UNSEEN, "ru") == names.suggest(UNSEEN, "ru")


def test_fitting_is_due_when_a_quarter_more_is_learnt(names):
    other = Names()
    other.load(names.save())
    assert not other.is_stale
    other.learn(article(1))
    other.learn(article(2))
    assert not other.is_stale
    other.learn(article(4))
    assert other.is_stale


def test_articles_with_nothing_found_fit_no_model():
    names = Names("names")
    names.refit([Finished("Ничего нет.", "names"), Finished("", "names"), Finished("\n", "names")])
    assert names.suggest("Ничего нет.", "ru") == []


def test_without_the_library_the_memory_works_alone_and_a_sentence_says_so(monkeypatch, names):
    saved = names.save()
    monkeypatch.setattr(crf, "is_there", lambda: False)
    alone = taught()
    assert alone.note.endswith(".")
    assert "annotator-tui[suggest]" in alone.note
    assert not alone.is_stale
    assert labels(alone.suggest("Был в Ледогорске.", "ru"), "Был в Ледогорске.") == [
        ("Ледогорске", "LOC")
    ]
    assert alone.suggest(UNSEEN, "ru") == []
    assert labels(alone.suggest("Был в Венгрии.", "ru"), "Был в Венгрии.") == [("Венгрии", "")]
    alone.load(saved)
    assert alone.suggest(UNSEEN, "ru") == []
    assert alone.save() == saved, "a model that cannot be used here is not lost"


def test_with_it_there_is_nothing_to_say(names):
    assert names.note == ""


def test_the_library_is_imported_only_when_needed():
    code = (
        "import sys, annotator.suggest.entities.names as n\n"
        "names = n.Names(); names.suggest('Абв', 'bg'); names.load(names.save())\n"
        "print('pycrfsuite' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_training_sees_an_article_as_if_it_were_new():
    """Else the model would trust the memory, which knows every name it is fitted to."""
    names = Names("names")
    names.memory.refit([article(0), article(1)])
    seen = [
        one for sequence, _ in names._sequences(article(0)) for word in sequence for one in word
    ]
    assert not any(one.startswith("m=") for one in seen)
    names.memory.learn(article(0))
    seen = [
        one for sequence, _ in names._sequences(article(0)) for word in sequence for one in word
    ]
    assert "m=BLOC" in seen


def test_tags_and_spans_are_the_same():
    spans = [(0, 0, "A"), (1, 3, "A"), (5, 6, "B-C")]
    tags = crf.tags_of(8, spans)
    assert tags == ["B-A", "B-A", "I-A", "I-A", "O", "B-B-C", "I-B-C", "O"]
    assert crf._runs(tags) == spans
    assert crf._runs(["I-A", "I-B", "O"]) == [(0, 0, "A"), (1, 1, "B")]


def test_nested_spans_are_learnt_by_the_outermost(names):
    text = "Банк Речного города открыт."
    whole, inner = Labelled(0, 19, "ORG"), Labelled(5, 19, "LOC")
    odd = Labelled(20, 20, "LOC")
    nested = Finished(text, "names", (inner, whole, odd), "ru")
    tags = [tag for _, line in Names("names")._sequences(nested) for tag in line]
    assert tags == ["B-ORG", "I-ORG", "I-ORG", "O", "O"]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "А" * 30_000, "А " * 5_000, "\u0301" * 20_000, "🏳️‍🌈" * 2_000, "\ud800\x00" * 2_000,
     "Вчера\r\n" * 1_500, "河城" * 3_000],
    ids=range(9),
)  # fmt: skip
def test_hostile_texts(names, text):
    guesses = names.suggest(text, "ru")
    assert all(one.end <= two.start for one, two in pairwise(guesses))
    assert all(is_border(text, one.start) and is_border(text, one.end) for one in guesses[:50])


def test_lines_are_sequences_and_no_longer_than_they_may_be():
    words = Words("а б\n\nв\r\nг " + "д " * (LONGEST + 5))
    found = [(line.begin, line.end) for line in lines(words)]
    assert found[0] == (0, 2)
    assert [begin for begin, _ in found[1:]] == [end for _, end in found[:-1]]
    assert max(end - begin for begin, end in found) == LONGEST
    assert found[-1][1] == len(words.words) == len(features(words, "bg", [], []))
    assert lines(Words("")) == []


@pytest.mark.parametrize(
    ("lang", "text", "surfaces"),
    [
        ("bg", "В Унгария и САЩ, и в Южна Корея.", ["Унгария", "Южна Корея"]),
        ("ru", "Из Венгрии в Северную Македонию.", ["Венгрии", "Северную Македонию"]),
        ("uk", "З Угорщини до Швеції.", ["Угорщини", "Швеції"]),
        ("pl", "Z Węgier do Szwecji.", ["Szwecji"]),
        ("de", "Von Ungarn nach Schweden.", ["Ungarn", "Schweden"]),
        ("xx", "Von Ungarn nach Schweden.", []),
    ],
)
def test_countries_are_known_in_their_cases(lang, text, surfaces):
    words = Words(text, lang == "pl")
    spans = [(words.spans[first][0], words.spans[last][1]) for first, last in places(words, lang)]
    found = [text[start:end] for start, end in spans]
    assert set(surfaces) <= set(found)
    assert surfaces or not found


def test_place_names_are_there_before_anything_is_learnt():
    names, text = Names("names"), "Из Венгрии в Венгрию и Ледогорск."
    assert labels(names.suggest(text, "ru"), text) == [("Венгрии", ""), ("Венгрию", "")]
    assert {one.why for one in names.suggest(text, "ru")} == {"place name"}
    assert not any(one.sure for one in names.suggest(text, "ru"))
    start = text.index("Венгрию")
    names.learn(Finished(text, "names", (Labelled(start, start + 7, "GEO"),), "ru"))
    assert labels(names.suggest("В Швеции.", "ru"), "В Швеции.") == [("Швеции", "GEO")]
    for _ in range(3):
        names.learn(Finished("Из Венгрии в Венгрию.", "names", (), "ru"))
    assert names.suggest("В Швеции.", "ru") == [], "place names are passed over here"


def test_a_refused_place_name_does_not_come_again():
    names, text = Names("names"), "Из Венгрии."
    names.learn(Finished(text, "names", (), "ru", (Labelled(3, 10, ""),)))
    assert names.suggest(text, "ru") == []


def test_memory_and_names_keep_the_protocol(names):
    for suggester in (names, names.memory):
        kept: Suggester = suggester
        assert kept.name
        assert kept.version
        assert kept.suggest("", "ru") == []


def test_on_real_articles(shared_data, names):
    """A floor far below what `benchmarks.suggestions entities` measures: nothing is broken."""
    path = shared_data / "ner" / "slavicner_uk.jsonl"
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:60]]
    articles = [
        Finished(one["text"], "ner", tuple(Labelled(s["start"], s["end"], s["label"], s["attrs"])
                 for s in one["spans"]), "uk")
        for one in read
    ]  # fmt: skip
    real = Names("ner")
    real.refit(articles[:40])
    right = wrong = missed = 0
    for one in articles[40:]:
        gold = {span[:3] for span in one.spans}
        found = {guess[:3] for guess in real.suggest(one.text, "uk") if guess.label}
        right, wrong, missed = (
            right + len(found & gold), wrong + len(found - gold), missed + len(gold - found),
        )  # fmt: skip
    assert 2 * right / (2 * right + wrong + missed) > 0.6
