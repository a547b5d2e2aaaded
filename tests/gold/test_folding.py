"""Gold from decisions alone, with where it comes from, and how far an article has come."""

import json
from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.automatic import Rules, automatic
from annotator.gold.adjudication.folding import (
    Vote,
    clashes,
    evidence_key,
    gold,
    holding,
    provenance,
    stance_key,
    votes,
)
from annotator.gold.adjudication.items import NOTHING, State, What
from annotator.gold.adjudication.making import items
from annotator.gold.adjudication.progress import Stage, progress, total
from annotator.gold.adjudication.proposals import proposed
from annotator.model import annotation
from annotator.model.annotation import Evidence, Party, Span, Stance, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.decision import Decided, Decision, Method, Reason
from annotator.model.scheme import Overlap
from annotator.model.scheme_change import find_layer, rename
from annotator.model.scheme_file import preset

TEXT = "Тегеран заявил, что договор будет подписан в пятницу; Москва против. " * 3
ARTICLE = Article("a1", TEXT, lang="ru")
NEWS = preset("news")
LAYERS = tuple(layer.name for layer in NEWS.layers)
DONE = Status(annotation.State.DONE)
IRAN = Party("entity", "Тегеран")
ALL = Rules(audit=0.0)


def span(name, start, end, label="LOC", layer="entities", **more):
    return Span(name, layer, label, start, end, **more)


def work(actor, *spans, stances=(), status=DONE):
    return Work("a1", actor, sort_spans(spans), tuple(stances), status=status)


def stance(label, *evidence):
    return Stance(IRAN, label, evidence=tuple(Evidence(*e) for e in evidence))


def made(*works, log=()):
    return items(ARTICLE, works, NEWS, log)


_events = count(1)


def decided(decision, actor="olga"):
    return Decided(decision, f"{next(_events):08}", actor)


def bodies(own):
    """A work as it would be written down."""
    return json.dumps(
        {
            "spans": [{"id": s.id, **s.body(TEXT)} for s in own.spans],
            "stances": [s.body(TEXT) for s in own.stances],
            "looked": sorted(own.looked),
            "versions": dict(own.versions),
        }
    )


places = st.tuples(st.integers(0, 80), st.integers(1, 15), st.sampled_from(["PER", "LOC"])).map(
    lambda t: (t[0], t[0] + t[1], t[2])
)


@st.composite
def logs(draw):
    """Works of a few annotators, with the rules' decisions and some of a person's."""
    works = []
    for name in ("iva", "marin", "petar"):
        own = draw(st.lists(places, max_size=5, unique=True))
        value = draw(st.sampled_from([None, "FAVOR", "AGAINST"]))
        stances = [stance(value, (0, draw(st.sampled_from([7, 14]))))] if value else []
        spans = [span(f"{name}{n}", *place) for n, place in enumerate(own)]
        works.append(work(name, *spans, stances=stances))
    log = [decided(d) for d in automatic(proposed(made(*works)), ALL._replace(majority=0.5))]
    for _ in range(2):  # evidence is asked for in the second round
        for item in made(*works, log=log):
            if item.state is State.OPEN:
                codes = [variant.code for variant in item.variants]
                log.append(decided(taking.take(item, draw(st.sampled_from(codes)))))
    return works, log


def again(log):
    """The decisions after a way through JSON."""
    return [
        each._replace(
            decision=Decision.of(
                each.decision.key, json.loads(json.dumps(each.decision.body(TEXT)))
            )
        )
        for each in log
    ]


@settings(max_examples=40)
@given(logs(), st.randoms(use_true_random=False))
def test_gold_is_the_same_to_the_byte_however_often_it_is_made(pair, random):
    works, log = pair
    once = gold(ARTICLE, log, NEWS, looked=LAYERS)
    shuffled = again(log)
    random.shuffle(shuffled)
    assert bodies(gold(ARTICLE, shuffled, NEWS, looked=LAYERS)) == bodies(once)
    assert provenance(shuffled, NEWS) == provenance(log, NEWS)
    assert votes(shuffled) == votes(log)
    assert {item.state for item in made(*works, log=log)} <= {State.DECIDED}
    assert {s.key for s in once.spans} == set(once.versions)
    own = {(s.id, s.start, s.end, s.label) for each in works for s in each.spans}
    assert {(s.id, s.start, s.end, s.label) for s in once.spans} <= own


@settings(max_examples=50)
@given(logs())
def test_of_those_who_agree_gold_is_what_they_have(pair):
    (first, *_), _ = pair
    second = replace(
        first, actor="zoe", spans=tuple(s._replace(id=f"z{s.id}") for s in first.spans)
    )
    log = [decided(d) for d in automatic(made(first, second), ALL)]
    found = gold(ARTICLE, log, NEWS, looked=LAYERS)
    assert (found.spans, found.stances) == (first.spans, first.stances)
    assert found.status.state is annotation.State.DONE


def test_gold_says_what_it_comes_from():
    a = work("a", span("a1", 0, 7, origin="gazetteer"), stances=[stance("FAVOR", (0, 7))])
    b = work("b", span("b1", 0, 14), stances=[stance("FAVOR", (0, 7))])
    c = work("c", span("c1", 0, 7), stances=[stance("AGAINST", (0, 14))])
    entity, value = made(a, b, c)
    why = {"reason": Reason.BOUNDARY_RULE, "note": "the name only"}
    log = [decided(taking.take(entity, "LOC 0-7")._replace(**why)), decided(taking.take(value, "FAVOR"))]  # fmt: skip
    log.append(decided(taking.take(made(a, b, c, log=log)[2], "0-7"), "petar"))
    found = gold(ARTICLE, log, NEWS, looked=LAYERS)
    assert found.actor == "gold"
    assert found.spans == (span("a1", 0, 7, origin="gazetteer"),)
    assert found.stances == (stance("FAVOR", (0, 7)),)
    told = provenance(log, NEWS)
    assert set(told) == {"span:a1", stance_key(found.stances[0]), evidence_key(found.stances[0])}
    source = told["span:a1"]
    assert (source.decider, source.method, source.adopted) == ("olga", Method.MANUAL, ("a", "c"))
    assert (source.reason, source.note) == (Reason.BOUNDARY_RULE, "the name only")
    assert source.category == ("boundary",)
    assert told[evidence_key(found.stances[0])].decider == "petar"


def test_soft_labels_have_every_answer_with_its_share():
    team = [work("a", span("a1", 0, 7)), work("b", span("b1", 0, 7, "PER")), work("c"), work("d")]
    log = [decided(taking.take(made(*team)[0]))]
    (told,) = votes(log)
    assert (told.what, told.voters) == (What.SPAN, 4)
    assert told.votes == (
        Vote(NOTHING, 2, 0.5, True),
        Vote("LOC 0-7", 1, 0.25, False),
        Vote("PER 0-7", 1, 0.25, False),
    )
    values = [work("a", stances=[stance("FAVOR")]), work("b", stances=[stance("AGAINST")])]
    (told,) = votes([decided(taking.take(made(*values)[0]))])
    assert (told.what, {vote.gold for vote in told.votes}) == (What.STANCE, {False})


def test_put_off_and_passed_over_is_no_gold():
    item = made(work("a", span("a1", 0, 7)), work("b"))[0]
    log = [decided(taking.take(item, "LOC 0-7"))]
    assert len(gold(ARTICLE, log, NEWS).spans) == 1
    for later in (taking.discuss(item), taking.skip(item)):
        found = gold(ARTICLE, [*log, decided(later)], NEWS)
        assert (found.spans, found.status.state) == ((), annotation.State.NEW)


def test_a_decision_replaces_those_it_names_and_without_it_they_hold_again():
    a, b = work("a", span("a1", 0, 6)), work("b", span("b1", 10, 16))
    log = [decided(taking.take(item, item.variants[0].code)) for item in made(a, b)]
    (item,) = made(a, work("b", span("b1", 4, 16)), log=log)
    new = decided(taking.take(item, "LOC 4-16"))
    assert [s.start for s in gold(ARTICLE, log, NEWS).spans] == [0, 10]
    assert [s.start for s in gold(ARTICLE, [*log, new], NEWS).spans] == [4]


def test_two_adjudicators_who_did_not_know_of_each_other_give_one_span():
    a, b, c = (work(n, span(f"{n}1", 0, end)) for n, end in zip("abc", (7, 14, 14), strict=True))
    early = decided(taking.take(made(a, b)[0], "LOC 0-7"), "olga")
    late = decided(taking.take(made(a, b, c)[0], "LOC 0-14"), "petar")
    assert holding([late, early]) == (late,)
    assert [s.end for s in gold(ARTICLE, [early, late], NEWS).spans] == [14]
    narrow = decided(taking.take(made(a, b)[0], "LOC 0-7"), "olga")
    assert holding([late, narrow]) == (narrow,)  # about the same variants, and newer
    c = work("c", span("c1", 0, 10))
    wide = decided(taking.take(made(a, b, c)[0], "LOC 0-10"), "petar")
    assert holding([wide, narrow]) == (wide,)  # about all of its spans and more, and newer


def test_a_span_taken_moved_and_taken_again_is_there_twice_under_two_ids():
    a, b = work("a", span("a1", 0, 7)), work("b", span("b1", 0, 7))
    first = decided(taking.take(made(a, b)[0], "LOC 0-7"))
    moved = work("a", span("a1", 40, 47))
    stale, fresh = made(moved, b, log=[first])
    assert [(i.start, i.state) for i in (stale, fresh)] == [(0, State.STALE), (40, State.OPEN)]
    c = work("c", span("c1", 40, 47))
    taken = [decided(taking.take(i, "LOC 40-47")) for i in made(moved, c)]
    found = gold(ARTICLE, [first, *taken], NEWS)
    assert [s.start for s in found.spans] == [0, 40]
    assert found.spans[1].id == "a1"
    assert len({s.id for s in found.spans}) == 2


def test_equal_spans_of_two_decisions_are_one():
    log = [
        decided(taking.added("a1", span("n1", 0, 7))),
        decided(taking.added("a1", span("n2", 0, 7))),
    ]
    assert [s.id for s in gold(ARTICLE, log, NEWS).spans] == ["n2"]


def test_evidence_is_gold_with_the_value_it_shows():
    a = work("a", stances=[stance("FAVOR", (0, 7))])
    b = work("b", stances=[stance("AGAINST", (8, 14))])
    value = made(a, b)[0]
    log = [decided(taking.take(value, "FAVOR"))]
    log.append(decided(taking.take(made(a, b, log=log)[1], "0-7")))
    assert gold(ARTICLE, log, NEWS).stances == (stance("FAVOR", (0, 7)),)
    log.append(decided(taking.take(value, "AGAINST")))
    assert gold(ARTICLE, log, NEWS).stances == (stance("AGAINST"),)
    assert len(votes(log)) == 1
    log.append(decided(log[1].decision))  # somebody else, who did not know
    assert gold(ARTICLE, log, NEWS).stances == (stance("AGAINST"),)
    assert [told.what for told in votes(log)] == [What.STANCE]
    log.append(decided(taking.take(value)))
    assert gold(ARTICLE, log, NEWS).stances == ()


def test_what_an_adjudicator_made_is_gold():
    (item,) = made(work("a", span("a1", 0, 7)), work("b"))
    new = span("n1", 0, 14, "EVT")
    log = [decided(taking.anew(item, spans=[new]))]
    log += map(decided, taking.added_stance("a1", "stance", stance("FAVOR", (0, 7))))
    found = gold(ARTICLE, log, NEWS)
    assert (found.spans, found.stances) == ((new,), (stance("FAVOR", (0, 7)),))
    assert {told.method for told in provenance(log).values()} == {Method.NEW}


def test_a_label_with_another_name_has_it_in_gold_too():
    log = [decided(taking.added("a1", span("n1", 0, 7)))]
    scheme = rename(NEWS, find_layer(NEWS, "entities"), "LOC", "PLACE").after
    assert [s.label for s in gold(ARTICLE, log, scheme).spans] == ["PLACE"]
    assert [s.label for s in gold(ARTICLE, log, NEWS).spans] == ["LOC"]


def test_spans_that_cannot_stand_together_are_named():
    nav = {"layer": "boilerplate", "label": "nav"}
    found = work("gold", span("b1", 0, 20, **nav), span("b2", 10, 30, **nav), span("b3", 30, 40, **nav),
                 span("e1", 0, 10), span("e2", 2, 8), span("e3", 5, 12),
                 span("f1", 60, 70), span("f2", 64, 70), span("f3", 60, 64))  # fmt: skip
    assert {layer.name: layer.overlap for layer in NEWS.span_layers} == {
        "boilerplate": Overlap.NONE,
        "entities": Overlap.NESTED,
    }
    assert clashes(found, NEWS) == (("b1", "b2"), ("e1", "e3"), ("e2", "e3"))


# --- how far it has come


def stage_of(*works, log=(), wanted=2):
    return progress("a1", works, made(*works, log=log), NEWS, wanted, audit=0.0)


def test_an_article_goes_from_annotating_to_adjudicated():
    a, b = work("a", span("a1", 0, 7), span("a2", 20, 27)), work("b", span("b1", 0, 7))
    assert stage_of(a).stage is Stage.ANNOTATING
    assert stage_of(a, replace(b, status=annotation.NEW_STATUS)).stage is Stage.ANNOTATING
    ready = stage_of(a, b)
    assert ready.stage is Stage.READY
    assert (ready.items, ready.acceptable, ready.left, ready.agreement) == (2, 1, 1, 0.5)
    assert ready.categories == {"agree": 1, "missing": 1}
    assert ready.layers == ("boilerplate", "stance")
    log = [decided(d) for d in automatic(made(a, b), ALL)]
    half = stage_of(a, b, log=log)
    assert (half.stage, half.states) == (Stage.ADJUDICATING, {"decided": 1, "open": 1})
    log.append(decided(taking.take(made(a, b, log=log)[1])))
    whole = stage_of(a, b, log=log)
    assert (whole.stage, whole.layers, whole.left) == (Stage.ADJUDICATED, LAYERS, 0)
    assert whole.methods == {"manual": 1, "unanimous": 1}
    moved = work("b", span("b1", 0, 9))
    stale = stage_of(a, moved, log=log)
    assert (stale.stage, stale.left) == (Stage.STALE, 1)
    assert stale.layers == ("boilerplate", "stance")


def test_where_all_found_nothing_there_is_nothing_to_adjudicate():
    assert stage_of(work("a"), work("b")).stage is Stage.ADJUDICATED
    assert stage_of(work("a")).stage is Stage.ANNOTATING
    assert stage_of(work("a"), wanted=1).stage is Stage.ADJUDICATED
    nobody = stage_of()
    assert (nobody.stage, nobody.layers, nobody.agreement) == (Stage.ANNOTATING, (), None)


def test_figures_of_articles_add_up():
    a, b = work("a", span("a1", 0, 7), span("a2", 20, 27)), work("b", span("b1", 0, 7))
    log = [decided(d) for d in automatic(made(a, b), ALL)]
    both = total([stage_of(a, b), stage_of(a, b, log=log)])
    assert (both.articles, both.items, both.acceptable, both.left) == (2, 4, 1, 2)
    assert both.stages == {"adjudicating": 1, "ready": 1}
    assert both.states == {"decided": 1, "open": 3}
    assert both.methods == {"unanimous": 1}
