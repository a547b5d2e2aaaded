"""The label memory: forms found, refusals remembered, nothing nested, kept as JSON."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.suggest.entities.memory import Memory
from annotator.suggest.entities.words import Words, key_of, sound_of
from annotator.suggest.protocol import Finished, Labelled
from annotator.text.forms import is_border


def finished(marked: str, lang: str, **attrs) -> Finished:
    """An article whose names stand in square brackets with their label: `[ORG Банка]`."""
    text, spans = "", []
    for at, part in enumerate(marked.replace("]", "[").split("[")):
        if at % 2:
            label, surface = part.split(" ", 1)
            spans.append(Labelled(len(text), len(text) + len(surface), label, attrs))
            part = surface
        text += part
    return Finished(text, "names", tuple(spans), lang)


def refused(article: Finished, surface: str, label: str) -> Finished:
    start = article.text.index(surface)
    return article._replace(rejected=(Labelled(start, start + len(surface), label),))


def remembering(*articles: Finished) -> Memory:
    memory = Memory("names")
    for article in articles:
        memory.learn(article)
    return memory


def found(memory: Memory, text: str, lang: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.label) for one in memory.suggest(text, lang)]


FORMS = [
    ("bg", "[PER Стоян Велев] откри моста.", "Срещата със Стоян Велев беше кратка.", "Стоян Велев"),
    ("bg", "[ORG Речният съюз] реши.", "Решението на Речния съюз е прието.", "Речния съюз"),
    ("ru", "В [LOC Ледогорск] приехали.", "Мэр Ледогорска уехал из Ледогорска.", "Ледогорска"),
    ("ru", "[PER Вера Сомова] пришла.", "Вчера Веру Сомову встретили.", "Веру Сомову"),
    ("ru", "Это [ORG РЦБ].", "Доклад РЦБ готов.", "РЦБ"),
    ("uk", "[LOC Калинівка] далеко.", "Дорога до Калинівки відкрита.", "Калинівки"),
    ("uk", "[PER Остап Гринько] каже.", "Разом з Остапом Гриньком.", "Остапом Гриньком"),
    ("pl", "[LOC Warszawa] śpi.", "Mieszkam w Warszawie od lat.", "Warszawie"),
    ("pl", "[PER Jan Kowalski] milczy.", "Widziano Jana Kowalskiego z psem.", "Jana Kowalskiego"),
    ("pl", "[LOC Kraków] rośnie.", "W Krakowie pada.", "Krakowie"),
    ("el", "Η [LOC Αθήνα] ζει.", "Οι δρόμοι της Αθήνας είναι άδειοι.", "Αθήνας"),
    ("el", "Ο [PER Νίκος Βέργος] ήρθε.", "Μίλησε με τον Νίκο Βέργο χθες.", "Νίκο Βέργο"),
    ("tr", "[LOC İstanbul] uyanıyor.", "Dün İstanbul'da yağmur yağdı.", "İstanbul'da"),
    ("tr", "[PER Ayşe Korkut] geldi.", "Bugün Ayşe Korkut'un evi yandı.", "Ayşe Korkut'un"),
    ("el", "Η [LOC Βάλτα] ζει.", "Δρόμοι των Βαλτών και της ΒΑΛΤΑΣ.", "Βαλτών"),
    ("el", "Η [LOC Βάλτα] ζει.", "ΔΡΟΜΟΙ ΤΗΣ ΒΑΛΤΑΣ", "ΒΑΛΤΑΣ"),
    ("tr", "[LOC İrmik'in] yolları.", "Bugün İrmik uyanıyor.", "İrmik"),
    ("tr", "[LOC Sazova] uyanıyor.", "Dün Sazova’dan geldi.", "Sazova’dan"),
    ("tr", "[LOC İrmik] uyanıyor.", "İRMİK'TE YANGIN", "İRMİK'TE"),
    ("tr", "[PER Ayça Korkmazlı] geldi.", "AYÇA KORKMAZLI GELDİ", "AYÇA KORKMAZLI"),
    ("kk", "[LOC Қамысты] тұр.", "Кеше Қамыстыға барды.", "Қамыстыға"),
    ("kk", "[PER Айгүл Сазанова] келді.", "Айгүл Сазанованың үйі.", "Айгүл Сазанованың"),
    ("ru", "В [LOC Ледогорск] приехали.", "ПОЖАР В ЛЕДОГОРСКЕ", "ЛЕДОГОРСКЕ"),
    ("ru", "[PER Вера Сомова] пришла.", "ВЕРЕ СОМОВОЙ ПОМОГЛИ", "ВЕРЕ СОМОВОЙ"),
    ("uk", "[LOC Калинівка] далеко.", "ПОЖЕЖА В КАЛИНІВЦІ", "КАЛИНІВЦІ"),
    ("zh", "[LOC 河城]很远。", "他住在河城附近。", "河城"),
]


@pytest.mark.parametrize(("lang", "taught", "text", "surface"), FORMS)
def test_inflected_forms_are_found(lang, taught, text, surface):
    names = found(remembering(finished(taught, lang)), text, lang)
    assert (surface, finished(taught, lang).spans[0].label) in names


@pytest.mark.parametrize(
    ("lang", "taught", "text"),
    [
        ("ru", "[PER Надежда] пришла.", "Нет у меня надежды, и надежда мертва."),
        ("ru", "Это [ORG РЦБ].", "Это РЦД и рцб."),
        ("pl", "[PER Kot] przyszedł.", "To jest kot i Kotlina."),
        ("tr", "[LOC Irmak] burada.", "Bu ırmak geniş."),
        ("bg", "[LOC Видин] е тук.", "Той е виден учен. Видинската крепост."),
    ],
)
def test_other_words_are_not(lang, taught, text):
    assert found(remembering(finished(taught, lang)), text, lang) == []


def test_the_longest_surface_goes_first():
    memory = remembering(
        finished("[ORG Съюз] и [ORG Съюз на реките] и [LOC Реките].", "bg"),
    )
    assert found(memory, "Днес Съюз на реките спечели.", "bg") == [("Съюз на реките", "ORG")]


def test_hyphens_spaces_and_quotes_do_not_matter():
    memory = remembering(finished("[ORG «Южный  поток» - 2] готов.", "ru"))
    assert found(memory, "О «Южном потоке»-2 молчат.", "ru") == [("«Южном потоке»-2", "ORG")]
    quoted = remembering(finished("Газета [ORG «Заря»] вышла.", "ru"))
    assert found(quoted, "Читали «Зарю» вчера, и Заря ответила.", "ru") == [
        ("«Зарю»", "ORG"),
        ("Заря", "ORG"),
    ]


def test_the_score_is_the_smoothed_share_of_sightings():
    memory = remembering(finished("[LOC Видра] и [LOC Видра].", "bg"))
    assert memory.suggest("Видра", "bg")[0].score == pytest.approx(3 / 4)
    memory.learn(finished("Видра не е град.", "bg"))
    assert memory.suggest("Видра", "bg")[0].score == pytest.approx(3 / 5)
    memory.learn(finished("Видра и Видра плуват.", "bg"))
    assert memory.suggest("Видра", "bg") == []


def test_what_lies_in_a_longer_label_is_not_passed_over():
    memory = remembering(finished("[LOC Видра]. [ORG Банка Видра]. [ORG Банка Видра].", "bg"))
    assert memory.suggest("Видра", "bg")[0].score == pytest.approx(2 / 3)


def test_a_refused_suggestion_does_not_come_again():
    memory = remembering(finished("[LOC Видра] е град.", "bg"))
    memory.learn(refused(finished("Видра плува.", "bg"), "Видра", "LOC"))
    assert memory.suggest("Видра", "bg") == []
    memory.learn(refused(finished("Тук е Видра.", "bg"), "Видра", "LOC"))
    memory.learn(finished("[LOC Видра] е град.", "bg"))
    assert memory.suggest("Видра", "bg") == [], "two refusals outweigh two labels"
    for _ in range(6):
        memory.learn(finished("[LOC Видра] е град.", "bg"))
    assert found(memory, "Видра", "bg") == [("Видра", "LOC")], "people may change their mind"


def test_a_refusal_in_one_language_is_none_in_another():
    memory = remembering(finished("[LOC Ладога] тут.", "ru"))
    memory.learn(refused(finished("Ладога е дума.", "bg"), "Ладога", "LOC"))
    assert found(memory, "Ладога", "bg") == []
    assert found(memory, "Ладога", "ru") == [("Ладога", "LOC")]


def test_a_language_of_its_own_goes_before_the_rest():
    memory = remembering(
        finished("[LOC Марка]. [LOC Марка]. [LOC Марка].", "ru"), finished("[PER Марка].", "bg")
    )
    assert found(memory, "Марка", "bg") == [("Марка", "PER")]
    assert found(memory, "Марка", "uk") == [("Марка", "LOC")]


def test_identities_come_with_the_span_and_across_languages():
    memory = remembering(
        finished("[LOC Украйна] е голяма.", "bg", xid="LOC-Ukraine", lemma="Украйна"),
        finished("[PER Велев] дойде.", "bg", xid="PER-Velev", lemma="Велев"),
        finished("[LOC Украина] большая.", "ru"),
    )
    assert memory.suggest("Велева няма.", "bg")[0].attrs == {"xid": "PER-Velev", "lemma": "Велев"}
    assert memory.suggest("Без Велева.", "ru")[0].attrs == {"xid": "PER-Velev"}
    assert memory.suggest("В Украине.", "ru")[0].attrs == {"xid": "LOC-Ukraine"}


@pytest.mark.parametrize(
    ("lang", "text", "surface"),
    [("ru", "Жители Видрии ждут.", "Видрии"), ("uk", "Мешканці Відрії чекають.", "Відрії")],
)
def test_a_link_of_one_slavic_language_is_proposed_in_the_others(lang, text, surface):
    taught = finished("[LOC Видрия] е тук.", "bg", xid="LOC-Vidria", lemma="Видрия")
    memory = remembering(taught)
    assert memory.identity_of(surface, "LOC", lang) == {"xid": "LOC-Vidria"}
    assert memory.identity_of(surface, "PER", lang) == {}, "another kind of thing"
    assert memory.identity_of(surface.lower(), "LOC", lang) == {}, "no name"
    memory.learn(finished("[LOC Vydrija] daleko.", "pl", xid="LOC-Other"))
    assert memory.identity_of("Відрії", "LOC", "uk") == {}, "two sound like it"
    assert memory.identity_of("Видрията", "LOC", "bg")["xid"] == "LOC-Vidria", "its own goes first"


def test_an_identity_that_is_disputed_is_not_proposed():
    memory = remembering(
        finished("[PER Велев] дойде.", "bg", xid="PER-1"),
        finished("[PER Велев] дойде.", "bg", xid="PER-2"),
    )
    assert memory.suggest("Велев", "bg")[0].attrs == {}
    memory.learn(finished("[PER Велев] дойде.", "bg", xid="PER-2"))
    assert memory.suggest("Велев", "bg")[0].attrs == {"xid": "PER-2"}


AWKWARD = [
    ("bg", "🙂👩‍👩‍👧 [LOC Видра]\r\n[PER Елена Ё́жова]\r\n🇧🇬[LOC Видра]!"),
    ("ru", "И\u0306од и [LOC Тро\u0301ицк]\u200b — [ORG «Йод»]\r\n\r\n"),
    ("pl", "W [LOC Ło\u0301dz\u0301] 🧑🏽‍🚀 i [LOC Łódź]."),
]


@pytest.mark.parametrize(("lang", "marked"), AWKWARD)
def test_offsets_are_exact(lang, marked):
    article = finished(marked, lang)
    guesses = remembering(article).suggest(article.text, lang)
    assert {one[:3] for one in article.spans} <= {one[:3] for one in guesses}
    for one in guesses:
        assert is_border(article.text, one.start)
        assert is_border(article.text, one.end)


def test_it_is_kept_as_json():
    memory = remembering(
        finished("[LOC Видра] и [PER Велев].", "bg", xid="X"),
        refused(finished("Видра [LOC Ледогорск] Велев.", "ru"), "Видра", "LOC"),
    )
    again = Memory.of_json(json.loads(json.dumps(memory.to_json())))
    assert again.to_json() == memory.to_json()
    assert again.version == memory.version
    text = "Видра, Велев и Ледогорск."
    assert again.suggest(text, "bg") == memory.suggest(text, "bg")
    other = Memory()
    other.load(memory.save())
    assert other.save() == memory.save()


@pytest.mark.parametrize(
    "saved",
    [
        b"", b"{}", b"[]", b"\xff\xfe", b"null", b"[" * 100_000,
        b'{"format":2}',
        b'{"format":1,"layer":"a","articles":0,"digest":0,"surfaces":{"bg":{"A":[1]}}}',
        b'{"format":1,"layer":"a","articles":0,"digest":0,"surfaces":{"bg":{"A":[{"L":"x"},{},0,{}]}}}',
        b'{"format":1,"layer":"a","articles":0,"digest":0,"surfaces":{"bg":{"A":[{},{},0,{"L":{"no json":1}}]}}}',
    ],
)  # fmt: skip
def test_other_bytes_are_refused_and_nothing_is_lost(saved):
    memory = remembering(finished("[LOC Видра].", "bg"))
    with pytest.raises(AnnotatorError):
        memory.load(saved)
    assert found(memory, "Видра", "bg") == [("Видра", "LOC")]


def test_counts_add_up():
    one, other = finished("[LOC Видра].", "bg", xid="X"), finished("[LOC Видра]. Велев.", "bg")
    both = remembering(one)
    both.merge(remembering(other))
    assert both.to_json()["surfaces"] == remembering(one, other).to_json()["surfaces"]


def test_a_forgotten_article_leaves_nothing():
    kept, gone = (
        finished("[LOC Видра].", "bg"),
        finished("[LOC Видра]. [PER Велев].", "bg", xid="X"),
    )
    memory = remembering(kept, gone)
    before = memory.version
    memory.forget(gone)
    assert memory.to_json()["surfaces"] == remembering(kept).to_json()["surfaces"]
    assert memory.version != before


def test_refitting_does_not_depend_on_the_order():
    articles = [
        finished("Видра плува.", "bg"),
        finished("[LOC Видра] и Велев.", "bg"),
        finished("[PER Велев] пее.", "bg"),
    ]
    memory, other = Memory("names"), Memory("names")
    memory.refit(articles)
    other.refit(articles[::-1])
    assert memory.to_json()["surfaces"] == other.to_json()["surfaces"]
    assert memory.suggest("Видра", "bg")[0].score == pytest.approx(2 / 4)


def test_the_version_changes_with_everything_learnt():
    memory = Memory("names")
    versions = {memory.version}
    for text in ("", "Видра", "[LOC Видра]", "[LOC Видра]"):
        memory.learn(finished(text, "bg"))
        versions.add(memory.version)
    assert len(versions) == 5


ALPHABET = "АаБбв «»\"-'\n\r.🙂\u0301\u200dŁć河İı1"


@settings(max_examples=150)
@given(st.data())
def test_guesses_never_overlap_and_cut_nothing(data):
    text = data.draw(st.text(ALPHABET, max_size=60))
    spans = []
    for _ in range(data.draw(st.integers(0, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        spans.append(Labelled(start, end, data.draw(st.sampled_from("AB"))))
    lang = data.draw(st.sampled_from(["bg", "pl", ""]))
    memory = remembering(Finished(text, "names", tuple(spans), lang))
    unseen = data.draw(st.text(ALPHABET, max_size=60)) + text
    reached = 0
    for guess in memory.suggest(unseen, lang):
        assert reached <= guess.start < guess.end <= len(unseen)
        assert is_border(unseen, guess.start)
        assert is_border(unseen, guess.end)
        assert 0.5 <= guess.score <= 1
        reached = guess.end


HOSTILE = [
    "А" * 50_000,
    "А " * 10_000,
    "А-" * 10_000,
    "\u0301" * 50_000,
    "А'" * 20_000,
    "«" * 50_000,
    "🏳️‍🌈" * 5_000,
    "\n" * 50_000,
    "河" * 10_000,
    "\x00\x1b[31m\ud800" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_no_longer_than_their_length(text):
    memory = remembering(finished("[LOC А А] и [LOC А А А А А А А А А А] [PER 河河].", "bg"))
    memory.learn(Finished(text, "names", (Labelled(0, 1, "LOC"), Labelled(0, 90, "LOC")), "bg"))
    guesses = memory.suggest(text, "bg")
    assert all(one.end <= two.start for one, two in pairwise(guesses))
    other = Memory()
    other.load(memory.save())
    assert other.suggest(text, "bg") == guesses


def test_an_article_can_be_looked_at_as_if_it_were_new():
    labelled, passed = finished("[LOC Видра]. [LOC Видра].", "bg"), finished("Видра, Видра.", "bg")
    memory = remembering(labelled, passed, passed)
    words = Words("Видра", False)
    assert memory.hits(words, "bg") == []
    [(_, said)] = memory.hits(words, "bg", memory.own(passed))
    assert said.score == pytest.approx(3 / 6)
    assert memory.hits(words, "bg", memory.own(labelled)) == []


def test_pieces_keep_their_places():
    words = Words("Нью-Йорк, О'Нил\r\n河城 3,5%")
    assert words.words == ["Нью", "-", "Йорк", ",", "О'Нил", "河", "城", "3", ",", "5", "%"]
    assert all(words.text[a:b] == w for (a, b), w in zip(words.spans, words.words, strict=True))


def test_keys_of_languages_do_not_mix():
    assert key_of("Warszawie", slavic=True) == key_of("Warszawą", slavic=True)
    assert key_of("Berline") != key_of("Berlin")
    assert key_of("Praga", slavic=True) == key_of("Pradze", slavic=True)
    assert key_of("Marek", slavic=True) == key_of("Marka", slavic=True)
    assert key_of("—") == ""


def test_names_sound_alike_across_letters():
    assert sound_of("Украйна") == sound_of("Украина") == sound_of("Ukraine")
    assert sound_of("А") == ""
