"""Identity: one entity under all its names, given, renamed and merged in one act; what is offered."""

import random
from concurrent.futures import Future

import pytest
from desk_kit import FakeLog, Hands, check, put

from annotator.desk.completion import Candidate, Completion, proposal
from annotator.desk.entities import Entity
from annotator.desk.identity import Subject, give, subject
from annotator.desk.sheet import Sheet
from annotator.model.annotation import Kind, Party, Span
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme_file import parse
from annotator.store.identities import Known
from annotator.text.forms import form_key

TEXT = (
    "Мария Зорина отвори библиотеката в Ракита.\n"
    "Градът чака Мария Зорина от години, каза Петко. РАКИТА празнува.\n"
    "Зорина благодари. Без Мария Зорина няма да има читалня, каза Петко.\n"
)
SCHEME = parse("""
name = "who"
version = 1

[[layers]]
name = "names"
unit = "word"
overlap = "nested"
attributes = ["xid", "lemma"]
labels = [{ name = "PER", key = "p" }, { name = "LOC", key = "l" }]

[[layers]]
name = "plain"
unit = "word"
overlap = "nested"
labels = [{ name = "X", key = "x" }]

[[layers]]
name = "lemmas"
unit = "word"
overlap = "nested"
attributes = ["lemma"]
labels = [{ name = "N", key = "n" }]

[[layers]]
name = "stance"
kind = "stance"
entity_layer = "names"
targets = ["Читалнята е нужна"]
values = [{ name = "FAVOR", key = "f" }, { name = "AGAINST", key = "a" }, { name = "NONE", key = "o" }]
""")


def mark(log: FakeLog, label: str, surface: str, **attrs: str) -> list[Span]:
    """Every place of a surface, labelled."""
    made = []
    text, start = log.articles["a0"].text, -1
    while (start := text.find(surface, start + 1)) >= 0:
        span = Span(new_id(), "names", label, start, start + len(surface), attrs)
        made.append(span)
    for span in made:
        _save(log, span)
    return made


def _save(log: FakeLog, span: Span) -> None:
    body = span.body(log.articles["a0"].text)
    log._save(Act("import", (Draft(Kind.SPAN, span.key, "a0", body),)), Future())


@pytest.fixture
def h() -> Hands:
    """Maria Zorina three times, once by her surname; Rakita twice; Petko twice."""
    log = FakeLog(TEXT)
    mark(log, "PER", "Мария Зорина")
    mark(log, "LOC", "Ракита")
    mark(log, "LOC", "РАКИТА")
    mark(log, "PER", "Петко")
    put(log, "a0", ("names", "PER", "Зорина благодари"))
    hands = Hands(log=log, scheme=SCHEME)
    surname = next(
        s
        for s in hands.desk.sheet.spans.values()
        if hands.text[s.start : s.end] == "Зорина благодари"
    )
    _save(log, surname._replace(end=surname.start + len("Зорина")))
    hands.restart()
    return hands


def about(h: Hands, words: str, at: int = 0) -> Subject:
    place = -1
    for _ in range(at + 1):
        place = h.text.index(words, place + 1)
    h.desk.caret.move_to(place)
    found = subject(h.desk)
    assert found is not None
    return found


def attrs(h: Hands) -> list[tuple[str, dict[str, str]]]:
    spans = sorted(h.desk.sheet.spans.values(), key=lambda s: s.start)
    return [(h.text[s.start : s.end], dict(s.attrs)) for s in spans if s.attrs]


def groups(h: Hands) -> dict[str, int]:
    known = h.desk.sheet.entities("names")
    return {entity.name: len(entity.spans) for entity in known.groups.values()}


def targets(h: Hands) -> list[str]:
    h.type("4")
    h.desk.stances.refresh()
    return [
        row.name + (f"={row.stance.label}" if row.stance else "") + ("!" if row.orphan else "")
        for row in h.desk.stances.rows
    ][1:]


# --- groups


def test_forms_of_a_name_are_one_entity() -> None:
    log = FakeLog("Видяхме Ким Чен Ына. Ким Чен Ын кивна. Снимка: КИМ ЧЕН ЫН.")
    mark(log, "PER", "Ким Чен Ына")
    put(log, "a0", ("names", "PER", "Ким Чен Ын кивна"))
    mark(log, "PER", "КИМ ЧЕН ЫН")
    h = Hands(log=log, scheme=SCHEME)
    wide = next(s for s in h.desk.sheet.spans.values() if h.text[s.start : s.end].endswith("кивна"))
    _save(log, wide._replace(end=wide.end - len(" кивна")))
    h.restart()
    assert groups(h) == {"Ким Чен Ын": 3}


def test_groups_follow_every_act(h: Hands) -> None:
    assert groups(h) == {"Мария Зорина": 3, "Ракита": 2, "Петко": 2, "Зорина": 1}
    give(h.desk, about(h, "Петко"), "PER-Petko", "Петко")
    h.go("Петко").type("backspace")
    h.go("Градът").type("l")
    h.go("Ракита").type("p")
    h.type("ctrl+z ctrl+z ctrl+z ctrl+z")
    incremental = groups(h)
    h.restart()
    assert groups(h) == incremental == {"Мария Зорина": 3, "Ракита": 2, "Петко": 2, "Зорина": 1}


def test_a_long_stretch_is_no_entity() -> None:
    log = FakeLog("слово " * 60)
    put(log, "a0", ("names", "PER", ("слово " * 60).strip()))
    h = Hands(log=log, scheme=SCHEME)
    assert groups(h) == {}
    found = about(h, "слово")
    assert found.mentions == 1
    give(h.desk, found, "PER-X", "")
    assert len(attrs(h)) == 1
    h.type("ctrl+z")
    assert attrs(h) == []


# --- giving


def test_an_identity_goes_to_all_mentions_and_is_one_act(h: Hands) -> None:
    found = about(h, "Мария Зорина", 1)
    assert (found.surface, found.mentions, found.xid) == ("Мария Зорина", 3, "")
    give(h.desk, found, "PER-Mariya-Zorina", "Мария Зорина")
    assert h.said == "PER-Mariya-Zorina: 3 mentions."
    both = {"xid": "PER-Mariya-Zorina", "lemma": "Мария Зорина"}
    assert attrs(h) == [("Мария Зорина", both)] * 3
    check(h)
    h.type("ctrl+z")
    assert attrs(h) == []
    h.type("ctrl+y")
    assert len(attrs(h)) == 3


def test_only_this_mention(h: Hands) -> None:
    give(h.desk, about(h, "Петко", 1), "PER-Petko-Two", "", only=True)
    assert h.said == "PER-Petko-Two: 1 of 2 mentions."
    assert groups(h)["Петко"] == groups(h)["PER-Petko-Two"] == 1
    give(h.desk, about(h, "Петко", 0), "PER-Petko-One", "")
    assert {xid for _, a in attrs(h) for xid in [a["xid"]]} == {"PER-Petko-One", "PER-Petko-Two"}


def test_the_same_again_changes_nothing(h: Hands) -> None:
    give(h.desk, about(h, "Петко"), "PER-Petko", "Петко")
    acts = len(h.log.acts)
    give(h.desk, about(h, "Петко"), " PER-Petko ", "Петко")
    assert len(h.log.acts) == acts
    assert h.said == "“Петко” is PER-Petko already."


def test_one_name_under_two_labels_is_two_things(h: Hands) -> None:
    h.go("РАКИТА").type("p")
    stance(h, "Ракита", "f")
    h.type("1")
    found = about(h, "Ракита")
    assert (found.mentions, groups(h)["Ракита"]) == (1, 2)
    give(h.desk, found, "LOC-Rakita", "")
    assert [surface for surface, _ in attrs(h)] == ["Ракита"]
    assert h.stances() == [("Ракита", "author", "FAVOR")], "it may be of the one that is left"
    check(h)


def test_groups_kept_up_are_groups_made_anew(h: Hands) -> None:
    chance = random.Random(7)
    words = ("Мария Зорина", "Ракита", "РАКИТА", "Петко", "Зорина благодари")
    for _ in range(60):
        h.go(chance.choice(words))
        if chance.random() < 0.5:
            h.type(chance.choice(("p", "l", "backspace", "ctrl+z", "ctrl+y", "shift+right p")))
        elif (found := subject(h.desk)) is not None:
            xid = chance.choice(("PER-A", "per-a", "PER-B", ""))
            give(h.desk, found, xid, chance.choice(("Зорина", "")), chance.random() < 0.3)
        kept = [(e.name, e.form, len(e.spans)) for e in all_of(h)]
        again = Sheet(h.desk.sheet.article, h.log.work("a0"))
        made = [(e.name, e.form, len(e.spans)) for e in all_of(h, again)]
        assert sorted(kept) == sorted(made)


def all_of(h: Hands, sheet: Sheet | None = None) -> list[Entity]:
    return list((sheet or h.desk.sheet).entities("names").groups.values())


def test_taking_an_identity_away(h: Hands) -> None:
    give(h.desk, about(h, "Петко"), "PER-Petko", "Петко")
    give(h.desk, about(h, "Петко"), "", "")
    assert attrs(h) == []
    assert groups(h)["Петко"] == 2


def test_other_attributes_stay() -> None:
    log = FakeLog(TEXT)
    put(log, "a0", ("names", "LOC", "Ракита"), attrs={"metonymy": "yes", "lemma": "Ракита"})
    h = Hands(log=log, scheme=SCHEME)
    give(h.desk, about(h, "Ракита"), "LOC-Rakita", "")
    assert attrs(h) == [("Ракита", {"metonymy": "yes", "xid": "LOC-Rakita"})]


def test_the_lemma_is_of_the_form_the_id_of_the_entity(h: Hands) -> None:
    give(h.desk, about(h, "Мария Зорина"), "PER-MZ", "Мария Зорина")
    give(h.desk, about(h, "Зорина благодари"), "PER-MZ", "Зорина")
    assert groups(h)["PER-MZ"] == 4
    lemmas = {surface: a["lemma"] for surface, a in attrs(h)}
    assert lemmas == {"Мария Зорина": "Мария Зорина", "Зорина": "Зорина"}
    give(h.desk, about(h, "Зорина благодари"), "PER-Zorina", "Зорина")
    assert groups(h)["PER-Zorina"] == 4
    lemmas = {surface: a["lemma"] for surface, a in attrs(h)}
    assert lemmas == {"Мария Зорина": "Мария Зорина", "Зорина": "Зорина"}


def test_a_new_mention_of_a_known_form_has_its_identity_at_once(h: Hands) -> None:
    h.go("Петко").type("backspace")
    give(h.desk, about(h, "Петко", 1), "PER-Petko", "Петко")
    h.go("Петко").type("p")
    assert [a["xid"] for surface, a in attrs(h) if surface == "Петко"] == ["PER-Petko"] * 2
    h.restart()
    assert groups(h)["PER-Petko"] == 2
    h.go("Петко").type("backspace l")
    assert len([1 for surface, a in attrs(h) if surface == "Петко"]) == 1, (
        "another label: another thing"
    )


def test_what_was_told_apart_is_not_guessed(h: Hands) -> None:
    give(h.desk, about(h, "Мария Зорина"), "PER-One", "", only=True)
    h.go("Мария Зорина").type("backspace")
    h.desk.caret.hold_match((0, len("Мария Зорина")))
    h.type("p")
    assert attrs(h) == [], "two mentions without an id say that the name is not enough"


def test_in_another_layer_or_without_an_annotation(h: Hands) -> None:
    h.type("2")
    assert subject(h.desk) is None
    assert "carries no identities" in h.said
    h.type("1").go("чака")
    assert subject(h.desk) is None
    assert h.said.startswith("Nothing here to identify")
    h.type("l").go("години")
    found = subject(h.desk)
    assert found is not None
    assert found.surface == "чака", "the one labelled last"
    h.type("4")
    assert h.desk.stances.current is not None
    assert subject(h.desk) is None, "a proposition is no entity"
    h.type("down")
    found = subject(h.desk)
    assert found is not None
    assert found.surface == "Мария Зорина"


def test_a_scheme_with_lemmas_alone(h: Hands) -> None:
    h.type("3").go("Петко").type("n")
    found = subject(h.desk)
    assert found is not None
    assert found.fields == ("lemma",)
    give(h.desk, found, "ignored", "петко")
    assert attrs(h) == [("Петко", {"lemma": "петко"})]
    completion = Completion(h.desk.sheet, about(h, "Петко"), [Known("", "Петър", "N", 4)])
    assert [c.name for c in completion.ranked("пет")] == ["петко", "Петър", "пет"]
    assert completion.lemma(completion.ranked("Петър")[0]) == "Петър"


# --- merging and stances


def stance(h: Hands, name: str, value: str) -> None:
    h.type("4")
    h.desk.stances.refresh()
    h.desk.stances.row = [row.name for row in h.desk.stances.rows].index(name)
    h.type(value)


def test_a_stance_moves_with_a_rename(h: Hands) -> None:
    stance(h, "Петко", "f")
    h.type("1")
    give(h.desk, about(h, "Петко"), "PER-Petko", "")
    assert "PER-Petko=FAVOR" in targets(h)
    h.type("1")
    give(h.desk, about(h, "Петко"), "PER-Petko-Ivanov", "")
    assert "PER-Petko-Ivanov=FAVOR" in targets(h)
    assert h.stances() == [("PER-Petko-Ivanov", "author", "FAVOR")]
    h.type("ctrl+z ctrl+z")
    assert h.stances() == [("Петко", "author", "FAVOR")]
    assert attrs(h) == []


def test_merging_is_one_act_and_its_own_stance_stays(h: Hands) -> None:
    give(h.desk, about(h, "Мария Зорина"), "PER-MZ", "")
    stance(h, "PER-MZ", "f")
    stance(h, "Зорина", "a")
    before = h.log.state()
    h.type("1")
    give(h.desk, about(h, "Зорина благодари"), "PER-MZ", "")
    assert "Its own stance stays, that of Зорина went" in h.said
    assert groups(h)["PER-MZ"] == 4
    assert targets(h).count("PER-MZ=FAVOR") == 1
    assert h.stances() == [("PER-MZ", "author", "FAVOR")]
    check(h)
    h.type("ctrl+z")
    assert h.log.state() == before
    assert "Зорина=AGAINST" in targets(h)


def test_a_merged_stance_without_a_rival_moves(h: Hands) -> None:
    give(h.desk, about(h, "Мария Зорина"), "PER-MZ", "")
    stance(h, "Зорина", "a")
    assert targets(h).count("PER-MZ") == 1
    h.type("1")
    give(h.desk, about(h, "Зорина благодари"), "per-mz", "")
    assert h.stances() == [("PER-MZ", "author", "AGAINST")]
    assert [row for row in targets(h) if row.casefold().startswith("per-mz")] == ["PER-MZ=AGAINST"]


def test_holders_are_renamed_too(h: Hands) -> None:
    h.type("4")
    h.desk.stances.open_row(Party("entity", "Ракита"), Party("quoted", "Петко"))
    h.type("f 1")
    give(h.desk, about(h, "Петко"), "PER-Petko", "")
    assert h.stances() == [("Ракита", "PER-Petko", "FAVOR")]
    h.type("1")
    give(h.desk, about(h, "Ракита"), "LOC-Rakita", "")
    assert h.stances() == [("LOC-Rakita", "PER-Petko", "FAVOR")]


def test_from_the_grid_itself(h: Hands) -> None:
    h.type("4")
    h.desk.stances.open_row(Party("entity", "Петко"), Party("unknown"))
    h.desk.stances.row = [row.name for row in h.desk.stances.rows].index("Зорина")
    found = subject(h.desk)
    assert found is not None
    give(h.desk, found, "PER-MZ", "")
    row = h.desk.stances.current
    assert row is not None
    assert "PER-MZ" in [row.name for row in h.desk.stances.rows]
    h.desk.stances.row = [row.name for row in h.desk.stances.rows].index("Петко")
    found = subject(h.desk)
    assert found is not None
    give(h.desk, found, "PER-Petko", "")
    names = [(row.name, row.holder.kind) for row in h.desk.stances.rows]
    assert ("PER-Petko", "unknown") in names
    assert not any(name == "Петко" for name, _ in names)
    check(h)


def test_only_this_mention_leaves_the_stance(h: Hands) -> None:
    stance(h, "Петко", "f")
    h.type("1")
    give(h.desk, about(h, "Петко", 1), "PER-Other", "", only=True)
    assert h.stances() == [("Петко", "author", "FAVOR")]
    assert sorted(row for row in targets(h) if "Петко" in row or "Other" in row) == [
        "PER-Other", "Петко=FAVOR",
    ]  # fmt: skip


# --- what is offered


SHELF = (
    Known("PER-Ivan-Petrov", "Иван Петров", "PER", 900),
    Known("PER-Mariya-Zorina", "Maria Zorina", "PER", 3),
    Known("PER-Marin-Zorev", "", "PER", 5),
    Known("LOC-Rakita", "Ракитово", "LOC", 7, 2),
    Known("PER-Petko-Slaveykov", "Петко", "PER", 1, 0, (form_key("Петко"),)),
    Known("PER-Petko-Petkov", "Петко Петков", "PER", 40),
    Known("Q219", "България", "LOC", 50, 5),
)


def offered(h: Hands, words: str, typed: str = "") -> list[str]:
    ranked = Completion(h.desk.sheet, about(h, words), SHELF).ranked(typed)
    return [("+" if c.is_new else "") + c.name for c in ranked]


def test_names_like_it_in_another_script_come_first(h: Hands) -> None:
    found = offered(h, "Мария Зорина")
    assert found[0] == "PER-Mariya-Zorina"
    assert found.index("PER-Marin-Zorev") < found.index("Q219")
    assert found[-1] == "", "and no identity at all last"
    assert offered(h, "Ракита")[0] == "LOC-Rakita"


def test_what_this_very_name_was_before_comes_before_what_is_used_more(h: Hands) -> None:
    assert offered(h, "Петко")[:2] == ["PER-Petko-Slaveykov", "PER-Petko-Petkov"]


def test_a_name_nobody_knows_is_offered_as_new(h: Hands) -> None:
    h.go("читалня").type("l")
    assert offered(h, "читалня")[0] == "+LOC-Chitalnya"
    assert "Q219" in offered(h, "читалня"), "the event group's are there to choose"
    assert "PER-Ivan-Petrov" not in offered(h, "читалня")


def test_typing_narrows(h: Hands) -> None:
    assert offered(h, "Петко", "ivan")[0] == "PER-Ivan-Petrov"
    assert offered(h, "Петко", "Иван")[0] == "PER-Ivan-Petrov"
    assert offered(h, "Петко", "petr")[0] == "PER-Ivan-Petrov"
    assert offered(h, "Петко", "Q2")[0] == "Q219"
    assert offered(h, "Петко", "PER-Petko-Todorov")[0] == "+PER-Petko-Todorov"
    assert offered(h, "Петко", "PER-Petko-")[:2] == ["PER-Petko-Petkov", "PER-Petko-Slaveykov"]
    assert "+Q219" not in offered(h, "Петко", "q219")
    assert offered(h, "Петко", "Чудомир")[0] == "+PER-Chudomir"
    assert offered(h, "Петко", "[")[0] == "+PER", "no pattern"


def test_what_it_is_now_stands_first(h: Hands) -> None:
    give(h.desk, about(h, "Петко"), "PER-Somebody-Else", "")
    found = Completion(h.desk.sheet, about(h, "Петко"), SHELF).ranked("")
    assert found[0].name == "PER-Somebody-Else"
    assert (found[0].here, found[0].uses) == (2, 2)


def test_the_article_s_own_are_offered_and_counted(h: Hands) -> None:
    give(h.desk, about(h, "Ракита"), "LOC-Rakita", "Ракита")
    ranked = Completion(h.desk.sheet, about(h, "Петко"), SHELF).ranked("rakita")
    assert (ranked[0].name, ranked[0].here, ranked[0].in_group, ranked[0].uses) == (
        "LOC-Rakita", 2, 0, 7,
    )  # fmt: skip


def test_the_lemma_that_goes_without_saying(h: Hands) -> None:
    completion = Completion(h.desk.sheet, about(h, "Петко"), SHELF)
    by_name = {c.name: c for c in completion.ranked("") + completion.ranked("zorina")}
    assert completion.lemma(by_name["PER-Petko-Slaveykov"]) == "Петко"
    assert completion.lemma(by_name["PER-Petko-Petkov"]) == "", "another name of his"
    assert completion.lemma(Candidate("", "")) == ""
    give(h.desk, about(h, "Петко"), "PER-P", "Петко Л.")
    completion = Completion(h.desk.sheet, about(h, "Петко"), SHELF)
    assert completion.lemma(by_name["PER-Mariya-Zorina"]) == "Петко Л."


@pytest.mark.parametrize(
    ("label", "name", "xid"),
    [
        ("PER", "Мария Зорина-Станева", "PER-Mariya-Zorina-Staneva"),
        ("LOC", "Αθήνα", "LOC-Athina"),
        ("ORG", "„Лъч“ ООД", "ORG-Lach-OOD"),
        ("PER", "…", "PER"),
        ("LOC", "北京", "LOC-北京"),
    ],
)
def test_proposed_ids(label: str, name: str, xid: str) -> None:
    assert proposal(label, name) == xid
