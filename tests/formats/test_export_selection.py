"""Which articles and decisions go out: chosen, agreed, cut, renamed; and what that costs is said."""

from dataclasses import replace

import pytest
from formats_samples import BRIDGE, bridge, documents, find, news, several, span
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.document import Document, prove
from annotator.formats.label_map import NO_MAP, LabelMap, presets
from annotator.formats.losses import Losses
from annotator.formats.selection import ALL, Selection, scheme_as, selected
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError


def chosen(
    selection: Selection, docs: list[Document] | None = None
) -> tuple[list[Document], Losses]:
    losses = Losses()
    given_ = documents() if docs is None else docs
    return list(selected(given_, news(), selection, losses)), losses


def ids(selection: Selection, docs: list[Document] | None = None) -> list[str]:
    return [document.article.id for document in chosen(selection, docs)[0]]


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (ALL, ["bridge", "harbour#1", "untouched"]),
        (Selection(langs=("ru", "uk")), ["harbour#1"]),
        (Selection(sources=("Вести",)), ["bridge"]),
        (Selection(groups=("мост",)), ["bridge"]),
        (Selection(since="2026-03-06"), ["bridge"]),
        (Selection(since="2026-03-07"), []),
        (Selection(until="2026"), ["bridge"]),
        (Selection(until="2026-03"), ["bridge"]),
        (Selection(until="2026-02"), []),
        (Selection(states=("done",)), ["bridge", "harbour#1"]),
        (Selection(states=("skipped",)), []),
        (Selection(splits=("test",)), []),
    ],
)
def test_articles(selection, wanted):
    assert ids(selection) == wanted


def test_splits():
    docs = [replace(document, split="test") for document in documents()[:1]] + documents()[1:]
    assert ids(Selection(splits=("test", "dev")), docs) == ["bridge"]


def test_annotators():
    docs, _ = chosen(Selection(annotators=("boris",)), several())
    assert [[work.actor for work in document.works] for document in docs] == [
        ["boris"],
        ["boris"],
        [],
    ]


def test_layers_and_labels():
    docs, _ = chosen(Selection(layers=("entities",), labels=("LOC", "entities/PER")))
    work = docs[0].works[0]
    assert {(s.layer, s.label) for s in work.spans} == {("entities", "LOC"), ("entities", "PER")}
    assert work.looked == {"entities"}
    assert (work.stances, work.notes) == ((), ())
    docs, _ = chosen(Selection(labels=("PER", "stance/FAVOR")))
    assert {s.label for s in docs[0].works[0].spans} == {"PER"}
    assert {s.label for s in docs[0].works[0].stances} == {"FAVOR"}
    docs, _ = chosen(Selection(layers=("stance",)))
    assert docs[0].works[0].spans == ()
    assert len(docs[0].works[0].stances) == 3


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection(layers=("entity",)), "no layer 'entity'; it has: boilerplate, entities, stance"),
        (Selection(labels=("PERSON",)), "no label 'PERSON'"),
        (Selection(gold="best"), "no policy 'best' for gold; use adjudicated, majority or agreed"),
        (Selection(cut="nix"), "no profile 'nix'"),
    ],
)
def test_a_slip_of_the_finger_is_said(selection, says):
    with pytest.raises(AnnotatorError, match=says):
        chosen(selection)


def test_labels_are_renamed_and_what_the_map_does_not_name_is_counted():
    docs, losses = chosen(Selection(labelled_as=presets()["conll4"]))
    work = docs[0].works[0]
    assert {s.label for s in work.spans} == {"PER", "LOC", "ORG"}
    assert losses["label boilerplate/headline, which the map does not name"] == 2


def test_the_scheme_goes_out_with_the_same_names():
    scheme = scheme_as(news(), presets()["conll4"])
    layers = {layer.name: [label.name for label in layer.labels] for layer in scheme.layers}
    assert layers["entities"] == ["PER", "MISC", "ORG", "LOC"]
    assert layers["boilerplate"] == []
    assert len(layers["stance"]) == 5
    assert scheme_as(news(), NO_MAP) is news()


def test_a_selection_comes_back_from_its_facts():
    selection = Selection(
        langs=("bg",), since="2026", gold="agreed", labelled_as=presets()["conll4"], labels=("PER",)
    )
    again = Selection.of_facts(selection.facts())
    assert again.facts() == selection.facts()
    assert Selection.of_facts({}) == ALL


# --- gold


def work(actor: str, *spans: Span, looked: str = "entities", done: bool = True) -> Work:
    status = Status(State.DONE if done else State.STARTED)
    return Work("bridge", actor, sort_spans(spans), looked=frozenset({looked}), status=status)


LOM, VIDIN = span(BRIDGE, "entities", "LOC", "Лом"), span(BRIDGE, "entities", "LOC", "Видин")
ORG = LOM._replace(label="ORG", id="other")


@pytest.mark.parametrize(
    ("policy", "works", "wanted"),
    [
        ("agreed", [work("a", LOM, VIDIN), work("b", LOM)], [LOM]),
        ("majority", [work("a", LOM, VIDIN), work("b", LOM)], [LOM]),
        ("agreed", [work("a", LOM, VIDIN), work("b", LOM), work("c", LOM, VIDIN)], [LOM]),
        ("majority", [work("a", LOM, VIDIN), work("b", LOM), work("c", LOM, VIDIN)], [LOM, VIDIN]),
        ("majority", [work("a", LOM), work("b", ORG)], []),
        # who did not finish, nor looked, does not count
        ("agreed", [work("a", LOM), work("b", looked="stance", done=False)], [LOM]),
    ],
)
def test_gold_is_what_enough_annotators_have(policy, works, wanted):
    docs, _ = chosen(Selection(gold=policy), [Document(bridge(), tuple(works))])
    (gold,) = docs[0].works
    assert gold.actor == "gold"
    assert list(gold.spans) == wanted


def test_what_falls_away_is_counted():
    pair = Document(bridge(), (work("a", LOM), work("b", ORG)))
    _, losses = chosen(Selection(gold="agreed"), [pair])
    assert losses["entities span without enough agreement"] == 2
    assert losses.facts["gold"] == "agreed"
    _, losses = chosen(Selection(gold="agreed"), [Document(bridge(), (work("a", LOM),))])
    assert losses["gold from one annotator only"] == 1


def test_nobody_gives_no_gold():
    docs, _ = chosen(Selection(gold="agreed"), [Document(bridge(), ())])
    assert docs[0].works == ()


# --- boilerplate cut out


def test_boilerplate_is_cut_out_and_the_rest_stands_where_it_stood():
    docs, losses = chosen(Selection(cut="strict-body"))
    text, done = docs[0].article.text, docs[0].works[0]
    assert "Още" not in text
    assert "Обратно" not in text
    assert text.startswith("Кметът Йоан")
    old = {span.id: span for span in documents()[0].works[0].spans}
    entities = [s for s in done.spans if s.layer == "entities"]
    assert len(entities) == 6
    for s in entities:
        assert text[s.start : s.end] == BRIDGE[old[s.id].start : old[s.id].end]
    evidence = done.stances[0].evidence[0]
    assert text[evidence.start : evidence.end] == "„Чакахме го с години.“"
    assert losses["span in text that was cut out"] == 1  # Лом in the headline
    assert losses["note in text that was cut out"] == 1
    assert losses.facts["cut"] == "strict-body/1"
    assert losses.written["characters cut out"] > 0


def test_an_entity_across_a_cut_is_not_bent():
    start, end = find(BRIDGE, "в петък\nКметът")
    across = Span("x", "entities", "EVT", start, end)
    document = documents()[0]
    spans = sort_spans([*document.works[0].spans, across])
    docs, losses = chosen(
        Selection(cut="strict-body"),
        [Document(document.article, (replace(document.works[0], spans=spans),))],
    )
    assert "x" not in {s.id for s in docs[0].works[0].spans}
    assert losses["span across a cut"] == 1


def test_nobody_looked_for_boilerplate():
    docs, losses = chosen(Selection(cut="strict-body"), [documents()[2]])
    assert docs[0].article.text == documents()[2].article.text
    assert losses["article not cut, as nobody looked for boilerplate"] == 1


def test_two_annotators_are_not_cut_together():
    first = documents()[0]
    other = replace(first.works[0], actor="zoe")
    with pytest.raises(AnnotatorError, match="several annotators: choose one, or a gold policy"):
        chosen(Selection(cut="strict-body"), [Document(first.article, (first.works[0], other))])


@given(st.text(st.sampled_from("ab \r\nя😀"), min_size=1, max_size=40), st.data())
def test_every_cut_is_proved(text, data):
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    drawn = [tuple(sorted(p)) for p in data.draw(st.lists(places, max_size=6)) if p[0] != p[1]]
    cuts = data.draw(st.lists(places, max_size=3))
    spans = [Span(f"e{n}", "entities", "PER", *p) for n, p in enumerate(drawn)]
    spans += [
        Span(f"b{n}", "boilerplate", "nav", *sorted(p)) for n, p in enumerate(cuts) if p[0] != p[1]
    ]
    made = Work("a", "anna", sort_spans(spans), looked=frozenset({"boilerplate", "entities"}))
    docs, losses = chosen(Selection(cut="strict-body"), [Document(Article("a", text), (made,))])
    new, (left,) = docs[0].article.text, docs[0].works
    prove(docs[0])
    kept = {s.id: new[s.start : s.end] for s in left.spans if s.layer == "entities"}
    for n, place in enumerate(drawn):
        if f"e{n}" in kept:
            assert kept[f"e{n}"] == text[slice(*place)]
    lost = losses["span in text that was cut out"] + losses["span across a cut"]
    assert lost + len(kept) == len(drawn)


# --- what goes together with what


def test_a_chosen_layer_still_goes_out_without_boilerplate():
    for selection in (
        Selection(cut="strict-body", layers=("entities",)),
        Selection(cut="strict-body", labels=("LOC",)),
    ):
        docs, losses = chosen(selection)
        assert "Обратно" not in docs[0].article.text
        assert {s.layer for s in docs[0].works[0].spans} == {"entities"}
        assert losses.written["characters cut out"] > 0


def test_who_has_stances_only_is_not_cut_away():
    first = documents()[0]
    other = Work("bridge", "boris", (), first.works[0].stances[:1])
    with pytest.raises(AnnotatorError, match="several annotators"):
        chosen(Selection(cut="strict-body"), [Document(first.article, (first.works[0], other))])


def test_who_looked_at_names_only_says_nothing_about_boilerplate():
    docs, losses = chosen(
        Selection(cut="strict-body"), [Document(bridge(), (work("a", LOM, done=False),))]
    )
    assert docs[0].article.text == BRIDGE
    assert losses["article not cut, as nobody looked for boilerplate"] == 1


def test_the_same_span_twice_is_one_vote():
    twice = work("a", LOM, LOM._replace(id="again"))
    docs, _ = chosen(
        Selection(gold="majority"), [Document(bridge(), (twice, work("b"), work("c")))]
    )
    assert docs[0].works[0].spans == ()


def test_what_does_not_vote_is_counted():
    late = work("c", ORG, looked="stance", done=False)
    _, losses = chosen(Selection(gold="agreed"), [Document(bridge(), (work("a", LOM), late))])
    assert losses["entities of an annotator who had not finished it"] == 1


def test_gold_is_as_new_as_what_it_was_made_from():
    newer = replace(work("a", LOM), versions={"span:x": "0007", "time:a:bridge": "0009"})
    docs, _ = chosen(Selection(gold="agreed"), [Document(bridge(), (newer,))])
    assert max(docs[0].works[0].versions.values()) == "0007"


def test_a_map_sets_attributes_and_moves_nothing_to_another_layer():
    docs, _ = chosen(Selection(labelled_as=LabelMap({"LOC": "PER[norp]"})))
    assert all(s.attrs["norp"] is True for s in docs[0].works[0].spans)
    with pytest.raises(AnnotatorError, match="not move them to another layer"):
        chosen(Selection(labelled_as=LabelMap({"ORG": "boilerplate/nav"})))
