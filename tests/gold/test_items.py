"""Items: what differs is one, what does not matter is none, and decisions find theirs again."""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.automatic import Rules, automatic
from annotator.gold.adjudication.items import NOTHING, Category, State, What
from annotator.gold.adjudication.making import items, voters
from annotator.gold.adjudication.proposals import to_decide
from annotator.gold.adjudication.variants import core
from annotator.model import annotation
from annotator.model.annotation import (
    AUTHOR,
    Evidence,
    Note,
    Party,
    Span,
    Stance,
    Status,
    Work,
    sort_spans,
)
from annotator.model.article import Article
from annotator.model.decision import Decided, Decision, Verdict
from annotator.model.scheme_change import find_layer, rename
from annotator.model.scheme_file import preset

TEXT = (
    "In talks, the European Commission said on Monday that Iran, Oman and others had agreed. " * 4
)
ARTICLE = Article("a1", TEXT, lang="en")
NEWS = preset("news")
DONE = Status(annotation.State.DONE)
IRAN = Party("entity", "Iran")
EVERYTHING = Rules(audit=0.0)


def span(name, start, end, label="ORG", layer="entities", **more):
    return Span(name, layer, label, start, end, **more)


def work(actor, *spans, stances=(), status=DONE, **more):
    return Work("a1", actor, sort_spans(spans), tuple(stances), status=status, **more)


def stance(label, *evidence, holder=AUTHOR, **more):
    return Stance(IRAN, label, holder, evidence=tuple(Evidence(*e) for e in evidence), **more)


def made(*works, decisions=()):
    return items(ARTICLE, works, NEWS, decisions)


def one(*works, decisions=()):
    (item,) = made(*works, decisions=decisions)
    return item


_events = count(1)


def decided(decision, actor="olga"):
    """A decision as the project hands it out, later than those before."""
    return Decided(decision, f"{next(_events):08}", actor)


def categories(*works):
    return [set(map(str, item.category)) for item in made(*works)]


places = st.tuples(st.integers(0, 60), st.integers(1, 15), st.sampled_from(["PER", "ORG"])).map(
    lambda t: (t[0], t[0] + t[1], t[2])
)


@st.composite
def teams(draw):
    """Some annotators' finished works on one article, with stances and evidence."""
    found = []
    for name in draw(st.sets(st.sampled_from(["iva", "marin", "olga", "petar"]), min_size=1)):
        own = draw(st.lists(places, max_size=7, unique=True))
        values = draw(
            st.dictionaries(
                st.sampled_from(["Iran", "Oman"]),
                st.tuples(st.sampled_from(["FAVOR", "AGAINST"]), st.integers(0, 3)),
                max_size=2,
            )
        )
        stances = [
            Stance(Party("entity", target), label, evidence=tuple(Evidence(9, 9 + n) for _ in "x" if n))
            for target, (label, n) in values.items()
        ]  # fmt: skip
        spans = [span(f"{name}{i}", *place) for i, place in enumerate(own)]
        found.append(work(name, *spans, stances=stances))
    return found


# --- what is an item


@settings(max_examples=50)
@given(teams())
def test_every_span_and_stance_of_every_voter_is_in_one_item(team):
    found = made(*team)
    keys = Counter(m for item in found if item.what is What.SPAN for m in item.members)
    assert keys == Counter(span.key for own in team for span in own.spans)
    parties = {item.members for item in found if item.what is What.STANCE}
    assert parties == {(s.target.ref, s.holder.ref) for own in team for s in own.stances}
    for item in found:
        given_by = Counter(name for variant in item.variants for name in variant.annotators)
        assert given_by == Counter(item.voters)
        codes = [variant.code for variant in item.variants]
        assert len(codes) == len(set(codes))
        assert NOTHING not in codes[:-1]
    assert len({item.key for item in found}) == len(found)


@settings(max_examples=50)
@given(teams(), st.randoms(use_true_random=False))
def test_no_order_changes_anything(team, random):
    shuffled = [replace(own, spans=tuple(random.sample(own.spans, len(own.spans)))) for own in team]
    random.shuffle(shuffled)
    assert made(*shuffled) == made(*team)


@settings(max_examples=40)
@given(teams(), st.integers(2, 4))
def test_of_those_who_agree_there_is_nothing_to_decide(team, number):
    first = team[0]
    alike = [
        replace(
            first,
            actor=f"n{n}",
            spans=tuple(span._replace(id=f"{span.id}-{n}") for span in first.spans),
        )
        for n in range(number)
    ]
    found = made(*alike)
    assert all(item.category == (Category.AGREE,) for item in found)
    assert to_decide(found, share=0.0) == ()
    accepted = [decided(d) for d in automatic(found, EVERYTHING)]
    assert {item.state for item in made(*alike, decisions=accepted)} <= {State.DECIDED}


@settings(max_examples=40)
@given(teams())
def test_remarks_never_matter(team):
    noted = [
        replace(
            own,
            notes=(Note("n1", "look again", flag=True, start=0, end=4),),
            stances=tuple(s._replace(note="hm", confidence=1) for s in own.stances),
            spans=tuple(s._replace(origin="gazetteer") for s in own.spans),
        )
        for own in team
    ]
    asked = [(item.key, item.inputs, item.category, item.state) for item in made(*noted)]
    assert asked == [(item.key, item.inputs, item.category, item.state) for item in made(*team)]


def test_items_are_in_reading_order():
    both = {"layer": "boilerplate", "label": "nav"}
    a = work("a", span("1", 30, 34), span("2", 0, 4), span("3", 50, 90, **both),
             stances=[stance("FAVOR", (40, 44))])  # fmt: skip
    found = made(a, work("b"))
    assert [(item.layer, item.what, item.start) for item in found] == [
        ("boilerplate", What.SPAN, 50),
        ("entities", What.SPAN, 0),
        ("entities", What.SPAN, 30),
        ("stance", What.STANCE, 40),
        ("stance", What.EVIDENCE, 40),
    ]


def test_how_annotators_differ():
    a = work("a", span("a1", 10, 33))
    assert categories(a, work("b", span("b1", 10, 33))) == [{"agree"}]
    assert categories(a, work("b")) == [{"missing"}]
    assert categories(a) == [{"single"}]
    assert categories(a, work("b", span("b1", 10, 33, "LOC"))) == [{"label"}]
    assert categories(a, work("b", span("b1", 10, 22))) == [{"boundary"}]
    assert categories(a, work("b", span("b1", 14, 33))) == [{"boundary", "trim"}]
    assert categories(a, work("b", span("b1", 10, 22, "LOC")), work("c")) == [
        {"boundary", "label", "missing"}
    ]


def test_an_article_before_a_name_is_trimmed_where_the_language_has_one():
    assert TEXT[10:33] == "the European Commission"
    assert core(TEXT, 10, 33, "en-GB") == core(TEXT, 13, 33) == (14, 33)
    assert core(TEXT, 10, 33, "bg") == (10, 33)
    assert core("l’Iran ", 0, 7, "fr") == (2, 6)
    assert core("The", 0, 3, "en") == (0, 3)


def test_touching_spans_are_two_items():
    assert categories(work("a", span("a1", 0, 5)), work("b", span("b1", 5, 9))) == [
        {"missing"},
        {"missing"},
    ]


def test_nested_and_crossing_spans():
    a = work("a", span("a1", 0, 30), span("a2", 0, 8, "LOC"))
    b = work("b", span("b1", 0, 30), span("b2", 4, 12, "LOC"))
    found = made(a, b)
    assert [[v.code for v in item.variants] for item in found] == [
        ["ORG 0-30"],
        ["LOC 0-8", "LOC 4-12"],
    ]


# --- who counts


def test_only_who_finished_the_layer_counts():
    looked = replace(
        work("a"), status=Status(annotation.State.OPEN), looked=frozenset({"entities"})
    )
    nothing = work("b", status=Status(annotation.State.OPEN))
    skipped = work("c", span("c1", 0, 4), status=Status(annotation.State.SKIPPED),
                   looked=frozenset({"entities"}))  # fmt: skip
    second, training = work("d #2", span("d1", 0, 4)), work("e #training", span("e1", 0, 4))
    team = [looked, nothing, skipped, second, training, work("f", span("f1", 0, 4))]
    assert [each.actor for each in voters(team, "entities")] == ["a", "f"]
    item = one(*team)
    assert item.voters == ("a", "f")
    assert [(v.code, v.annotators) for v in item.variants] == [
        ("ORG 0-4", ("f",)),
        (NOTHING, ("a",)),
    ]


def test_having_finished_with_nothing_is_not_the_same_as_not_having_begun():
    marked = work("a", span("a1", 0, 4))
    assert categories(marked, work("b")) == [{"missing"}]
    assert categories(marked, work("b", status=annotation.NEW_STATUS)) == [{"single"}]


# --- attributes


def test_attributes_make_no_difference_and_most_annotators_have_them_right():
    norp, plain = {"norp": True, "lemma": "Iran"}, {"lemma": "iran"}
    item = one(
        work("a", span("a1", 0, 4, attrs=plain)),
        work("b", span("b1", 0, 4, attrs=norp)),
        work("c", span("c1", 0, 4, attrs={**norp, "xid": "LOC-Iran"}, origin="tm")),
    )
    assert item.category == (Category.AGREE,)
    (variant,) = item.variants
    assert variant.span == span("a1", 0, 4, attrs={"norp": True, "lemma": "Iran"})


# --- stances and evidence


def test_stances_differ_in_value_or_are_missing():
    said = {"a": "FAVOR", "b": "AGAINST", "c": "FAVOR"}
    a, b, c = (work(name, stances=[stance(label)]) for name, label in said.items())
    (item,) = made(a, b, c, work("d"))
    assert item.category == (Category.STANCE, Category.TARGET_MISSING)
    assert [(v.code, v.annotators) for v in item.variants] == [
        ("FAVOR", ("a", "c")),
        ("AGAINST", ("b",)),
        (NOTHING, ("d",)),
    ]
    assert (item.start, item.end) == (0, 0)
    assert one(a, c).category == (Category.AGREE,)


def test_remarks_of_annotators_do_not_get_into_gold():
    a = work("a", stances=[stance("FAVOR", (0, 5), note="sure?", basis="quoted", confidence=3)])
    b, c = (work(n, stances=[stance("FAVOR", (0, 5), basis="implied")]) for n in "bc")
    value, evidence = made(a, b, c)
    assert value.variants[0].stance == stance("FAVOR", basis="implied")
    assert evidence.variants[0].stance == stance("FAVOR", basis="implied")


def test_names_that_differ_in_case_are_the_same_target():
    other = Stance(Party("entity", "IRAN"), "FAVOR")
    item = one(work("a", stances=[stance("FAVOR")]), work("b", stances=[other]))
    assert item.category == (Category.AGREE,)


def test_evidence_is_asked_for_once_the_value_is_settled():
    a = work("a", stances=[stance("FAVOR", (0, 5))])
    b = work("b", stances=[stance("FAVOR", (0, 9))])
    c = work("c", stances=[stance("AGAINST", (20, 30))])
    _, evidence = made(a, b)
    assert evidence.what is What.EVIDENCE
    assert evidence.category == (Category.EVIDENCE,)
    assert [v.code for v in evidence.variants] == ["0-5", "0-9"]
    (value,) = made(a, b, c)
    _, evidence = made(a, b, c, decisions=[decided(taking.take(value, "FAVOR"))])
    assert evidence.voters == ("a", "b")
    _, evidence = made(a, b, c, decisions=[decided(taking.take(value, "AGAINST"))])
    assert (evidence.voters, evidence.category) == (("c",), (Category.SINGLE,))
    assert len(made(a, b, c, decisions=[decided(taking.take(value))])) == 1


def test_who_marked_no_target_says_nothing_about_its_evidence():
    a = work("a", stances=[stance("FAVOR", (0, 5), (9, 12, "cue"))])
    b = work("b", stances=[stance("FAVOR")])
    value, evidence = made(a, b, work("c"))
    assert value.voters == ("a", "b", "c")
    assert evidence.voters == ("a", "b")
    assert [v.code for v in evidence.variants] == ["0-5 cue:9-12", NOTHING]


def test_without_any_evidence_there_is_none_to_settle():
    found = made(work("a", stances=[stance("FAVOR")]), work("b", stances=[stance("FAVOR")]))
    assert [item.what for item in found] == [What.STANCE]


def test_settled_evidence_is_of_the_value_it_was_settled_for():
    a = work("a", stances=[stance("FAVOR", (0, 5))])
    b = work("b", stances=[stance("AGAINST", (0, 5))])
    (value,) = made(a, b)
    first = decided(taking.take(value, "FAVOR"))
    shown = decided(taking.take(made(a, b, decisions=[first])[1], "0-5"))
    assert made(a, b, decisions=[first, shown])[1].state is State.DECIDED
    other = decided(taking.take(value, "AGAINST"))
    assert made(a, b, decisions=[other, shown])[1].state is State.STALE


# --- decisions find their items


@settings(max_examples=40)
@given(teams(), st.data())
def test_a_decision_is_read_back_as_it_was_written(team, data):
    for item in made(*team):
        codes = [variant.code for variant in item.variants]
        most = 2 if item.what is What.SPAN else 1
        chosen = data.draw(st.lists(st.sampled_from(codes), max_size=most, unique=True))
        decision = taking.take(item, *chosen)
        assert Decision.of(decision.key, decision.body(TEXT)) == decision


@settings(max_examples=40)
@given(teams(), st.data())
def test_a_changed_span_makes_its_item_stale_and_no_other(team, data):
    """Every annotator's spans lie far from each other, so that no other cluster can change."""
    shared = [span(f"s{n}", n * 20, n * 20 + 6) for n in range(data.draw(st.integers(1, 6)))]
    names = [own.actor for own in team]
    works = [work(n, *(s._replace(id=f"{s.id}-{n}") for s in shared)) for n in names]
    before = made(*works)
    log = [decided(taking.take(item, item.variants[0].code)) for item in before]
    assert {i.state for i in made(*works, decisions=log)} == {State.DECIDED}
    who = data.draw(st.integers(0, len(works) - 1))
    which = data.draw(st.integers(0, len(shared) - 1))
    spans = list(works[who].spans)
    spans[which] = spans[which]._replace(end=spans[which].end + 2)
    works[who] = replace(works[who], spans=tuple(spans))
    after = made(*works, decisions=log)
    assert [item.state for item in after] == [
        State.STALE if n == which else State.DECIDED for n in range(len(shared))
    ]
    assert [item.decided for item in after] == log


def test_one_more_who_agrees_leaves_it_decided():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 6))
    before = one(a, b)
    log = [decided(taking.take(before, "ORG 0-4"))]
    after = one(a, b, work("c", span("c1", 0, 6)), decisions=log)
    assert after.key != before.key
    assert (after.state, after.decided) == (State.DECIDED, log[0])
    assert one(a, b, work("c"), decisions=log).state is State.STALE
    assert one(a, b, work("c", span("c1", 1, 6)), decisions=log).state is State.STALE


def test_a_span_taken_away_leaves_its_decision_to_be_seen():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 4))
    log = [decided(taking.take(one(a, b), "ORG 0-4"))]
    lone = one(work("a"), work("b"), decisions=log)
    assert (lone.state, lone.variants, lone.decided) == (State.STALE, (), log[0])
    assert (lone.start, lone.end) == (0, 4)
    kept = decided(taking.keep(lone))
    assert one(work("a"), work("b"), decisions=[*log, kept]).state is State.DECIDED
    gone = decided(taking.take(lone))
    assert made(work("a"), work("b"), decisions=[*log, gone]) == ()


def test_the_same_spans_under_new_ids_are_decided_still():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 6))
    log = [decided(taking.take(one(a, b), "ORG 0-4"))]
    again = one(work("a", span("x1", 0, 4)), work("b", span("x2", 0, 6)), decisions=log)
    assert again.state is State.DECIDED


def test_an_item_that_fell_apart_is_stale_where_most_of_it_is():
    team = [work(n, span(f"{n}1", 0, 6)) for n in "abc"]
    log = [decided(taking.take(one(*team), "ORG 0-6"))]
    moved = work("c", span("c1", 40, 46))
    found = made(team[0], team[1], moved, decisions=log)
    assert [item.state for item in found] == [State.STALE, State.OPEN]


def test_an_item_that_fell_in_two_is_stale_where_what_was_decided_still_is():
    a, b = work("a", span("a1", 20, 26)), work("b", span("b1", 22, 28))
    log = [decided(taking.take(one(a, b), "ORG 22-28"))]
    found = made(work("a", span("a1", 0, 6)), b, decisions=log)
    assert [item.state for item in found] == [State.OPEN, State.STALE]


def test_items_that_grew_together_show_what_was_decided_about_each():
    a, b = work("a", span("a1", 0, 6)), work("b", span("b1", 10, 16))
    first, second = made(a, b)
    log = [decided(taking.take(first, "ORG 0-6")), decided(taking.take(second, "ORG 10-16"))]
    b = work("b", span("b1", 4, 16))
    item = one(a, b, decisions=log)
    assert (item.state, item.decided, item.others) == (State.STALE, log[1], (log[0],))
    new = decided(taking.take(item, "ORG 4-16"))
    assert set(new.decision.supersedes) == {log[0].event, log[1].event}
    item = one(a, b, decisions=[*log, new])
    assert (item.state, item.decided, item.others) == (State.DECIDED, new, ())
    again = decided(taking.take(item, "ORG 0-6"))
    item = one(a, b, decisions=[*log, again])  # its key is the same: only the newest is handed out
    assert (item.state, item.decided, item.others) == (State.DECIDED, again, ())


def test_what_another_decision_still_says_makes_it_stale():
    """As decided, but the span that came here left something else in gold."""
    a, b, c = work("a", span("a1", 0, 6)), work("b", span("b1", 10, 16)), work("c")
    first, second = made(a, b, c)
    log = [decided(taking.take(second, "ORG 10-16")), decided(taking.take(first, "ORG 0-6"))]
    item = one(a, work("b", span("b1", 0, 6)), c, decisions=log)
    assert item.inputs == first.inputs
    assert (item.state, item.decided, item.others) == (State.STALE, log[1], (log[0],))
    kept = decided(taking.keep(item))
    item = one(a, work("b", span("b1", 0, 6)), c, decisions=[*log, kept])
    assert (item.state, item.decided) == (State.DECIDED, kept)


def test_two_decisions_on_what_has_gone_are_seen_once():
    team = [work(n, span(f"{n}1", 0, end)) for n, end in zip("abc", (4, 6, 8), strict=True)]
    early = decided(taking.take(one(*team[:2]), "ORG 0-4"))
    late = decided(taking.take(one(*team), "ORG 0-8"))
    assert one(work("a"), work("b"), decisions=[early, late]).decided == late


def test_the_same_spans_decided_under_old_ids_and_new_ones():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 6))
    x, y = work("a", span("x1", 0, 4)), work("b", span("y1", 0, 6))
    early = decided(taking.take(one(a, b), "ORG 0-4"))
    late = decided(taking.take(one(x, y), "ORG 0-6"))
    item = one(x, y, decisions=[early, late])
    assert (item.state, item.decided, item.others) == (State.STALE, late, (early,))


def test_of_two_adjudicators_the_newer_holds():
    a, b, c = (work(n, span(f"{n}1", 0, end)) for n, end in zip("abc", (4, 6, 6), strict=True))
    early = decided(taking.take(one(a, b), "ORG 0-4"), "olga")
    late = decided(taking.take(one(a, b, c), "ORG 0-6"), "petar")
    for log in ([early, late], [late, early]):
        item = one(a, b, c, decisions=log)
        assert (item.state, item.decided, item.others) == (State.DECIDED, late, (early,))


def test_what_is_for_the_meeting_stays_so_and_what_was_passed_over_comes_back():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 6))
    item, more = one(a, b), work("c")
    talk, skip = [decided(taking.discuss(item))], [decided(taking.skip(item))]
    assert one(a, b, decisions=talk).state is State.DISCUSS
    assert one(a, b, more, decisions=talk).state is State.DISCUSS
    assert one(a, b, decisions=skip).state is State.SKIPPED
    assert one(a, b, more, decisions=skip).state is State.OPEN
    assert made(work("a"), work("b"), decisions=talk) == ()


def test_what_an_adjudicator_added_is_decided_until_somebody_has_it_too():
    new = span("new", 54, 58, "LOC")
    log = [decided(taking.added("a1", new))]
    item = one(work("a"), work("b"), decisions=log)
    assert (item.state, item.variants, item.start) == (State.DECIDED, (), 54)
    found = one(work("a", span("a1", 54, 58, "LOC")), work("b"), decisions=log)
    assert (found.state, found.decided) == (State.STALE, log[0])


def test_a_stance_that_an_adjudicator_added_has_its_evidence():
    log = [decided(d) for d in taking.added_stance("a1", "stance", stance("FAVOR", (0, 5)))]
    value, evidence = made(work("a"), work("b"), decisions=log)
    assert (value.what, value.state) == (What.STANCE, State.DECIDED)
    assert (evidence.what, evidence.state) == (What.EVIDENCE, State.DECIDED)
    found = made(work("a", stances=[stance("FAVOR")]), work("b"), decisions=log)
    assert found[0].state is State.STALE


def test_evidence_of_a_value_that_is_no_longer_gold_is_not_asked_about():
    log = [decided(d) for d in taking.added_stance("a1", "stance", stance("FAVOR", (0, 5)))]
    value = made(work("a"), work("b"), decisions=log)[0]
    log[0] = decided(taking.anew(value, stance=stance("AGAINST")))
    assert [item.what for item in made(work("a"), work("b"), decisions=log)] == [What.STANCE]


def test_a_stance_nobody_has_any_more_is_seen():
    a, b = work("a", stances=[stance("FAVOR")]), work("b", stances=[stance("AGAINST")])
    log = [decided(taking.take(one(a, b), "FAVOR"))]
    lone = one(work("a"), work("b"), decisions=log)
    assert (lone.what, lone.state, lone.variants) == (What.STANCE, State.STALE, ())


def test_a_label_with_another_name_makes_nothing_stale():
    a, b = work("a", span("a1", 0, 4)), work("b", span("b1", 0, 6))
    log = [decided(taking.take(one(a, b), "ORG 0-4"))]
    scheme = rename(NEWS, find_layer(NEWS, "entities"), "ORG", "GROUP").after
    renamed = [work("a", span("a1", 0, 4, "GROUP")), work("b", span("b1", 0, 6, "GROUP"))]
    (item,) = items(ARTICLE, renamed, scheme, log)
    assert item.state is State.DECIDED
    assert item.decided is not None
    assert item.decided.decision.spans == (span("a1", 0, 4, "GROUP"),)


# --- taking


def test_several_spans_may_be_gold_but_one_stance():
    item = one(work("a", span("a1", 0, 4)), work("b", span("b1", 0, 9)), work("c"))
    decision = taking.take(item, "ORG 0-4", "ORG 0-9")
    assert [s.id for s in decision.spans] == ["b1", "a1"]
    assert decision.adopted == ("a", "b")
    assert (decision.votes, decision.voters) == ({"ORG 0-4": 1, "ORG 0-9": 1, NOTHING: 1}, 3)
    assert taking.take(item).adopted == taking.take(item, NOTHING).adopted == ("c",)
    value = one(work("a", stances=[stance("FAVOR")]), work("b", stances=[stance("AGAINST")]))
    with pytest.raises(ValueError, match="one variant"):
        taking.take(value, "FAVOR", "AGAINST")
    with pytest.raises(KeyError):
        taking.take(value, "SOMETHING")


def test_only_what_was_decided_can_be_kept():
    a, b = work("a", span("a1", 0, 4)), work("b")
    with pytest.raises(ValueError, match="nothing was decided"):
        taking.keep(one(a, b))
    put_off = one(a, b, decisions=[decided(taking.discuss(one(a, b)))])
    with pytest.raises(ValueError, match="nothing was decided"):
        taking.keep(put_off)
    assert put_off.decided is not None
    assert put_off.decided.decision.verdict is Verdict.DISCUSS
