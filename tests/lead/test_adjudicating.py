"""The adjudicator's desk without a screen."""

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import adjudication_kit as kit
import pytest
from engines import copy_project

from annotator.gold.adjudication import folding
from annotator.gold.adjudication.items import Category, Item, State, What
from annotator.lead import adjudication_filter as filters
from annotator.lead.accepting import accept
from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_filter import Show, Wanted, parse, written
from annotator.lead.adjudication_queue import Options, Waiting, is_drawn
from annotator.lead.adjudication_report import report
from annotator.lead.adjudication_table import is_tie, letters, numbered
from annotator.lead.discussing import to_discuss
from annotator.model.annotation import (
    Evidence,
    Kind,
    Party,
    Span,
    Stance,
    Status,
)
from annotator.model.annotation import (
    State as Status_,
)
from annotator.model.article import Article
from annotator.model.decision import Decision, Method, Reason, Verdict
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, Event
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project

SCHEME = preset("news")
TEXT = "Wise European Commission met Anna Velkova in Novobryag. The bridge is a bad idea.\n"
PLACE = {word: (TEXT.index(word), TEXT.index(word) + len(word)) for word in (
    "Wise European Commission", "European Commission", "Anna Velkova", "Novobryag", "met", "bridge",
)}  # fmt: skip
NO_AUDIT = Options(audit=0)
WORK: dict[str, list[tuple[str, str]]] = {
    "iva": [("ORG", "European Commission"), ("PER", "Anna Velkova"), ("LOC", "Novobryag")],
    "mila": [("ORG", "Wise European Commission"), ("PER", "Anna Velkova"), ("ORG", "Novobryag")],
    "petar": [("ORG", "European Commission"), ("PER", "Anna Velkova")],
}
"""A boundary; agreed; missing and label: a tie between label ORG and LOC."""


def given(name: str, article: str = "a", stance: str = "AGAINST") -> list[Span | Stance]:
    """An annotator's work as values."""
    spans: list[Span | Stance] = [
        Span(f"{name}-{article}-{n}", "entities", label, *PLACE[words])
        for n, (label, words) in enumerate(WORK.get(name, WORK["iva"]))
    ]
    target = Party("proposition", "The bridge")
    return [*spans, Stance(target, stance, evidence=(Evidence(55, 80),))]


def make(
    path: Path, articles: tuple[str, ...] = ("a", "b"), names: tuple[str, ...] = tuple(WORK)
) -> Path:
    """A project of equal articles that these annotators finished."""
    with Project.create(path, SCHEME, "vera") as project:
        list(project.add(Article(name, TEXT, f"Title {name}", lang="en") for name in articles))
        for article, name in itertools.product(articles, names):
            finish(project, article, name, "FAVOR" if name == "petar" else "AGAINST")
    return path


def finish(project: Project, article: str, name: str, stance: str = "AGAINST") -> None:
    values = given(name, article, stance)
    project.record(Act("label", tuple(kit.drafts(project.article(article), name, values))), name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "p.db")


class Clock:
    """Tells the seconds it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def sitting(
    path: Path, actor: str = "vera", options: Options = NO_AUDIT, clock: Clock | None = None
) -> Iterator[Adjudicating]:
    """A desk that has begun; all is saved in the end."""
    with Project.open(path, actor) as project:
        desk = Adjudicating(project, options, clock or Clock())
        desk.begin()
        yield desk
        desk.leave()


def standing(path: Path, article: str = "a") -> dict[str, tuple[Decision, str]]:
    """Decisions that hold, by key, with who made them."""
    with Project.open(path, readonly=True) as project:
        return {d.decision.key: (d.decision, d.actor) for d in project.decisions(article)}


def enter(desk: Adjudicating) -> None:
    """Take what is pointed at; on a tie point at it by hand first."""
    if desk.item is not None and is_tie(desk.item):
        desk.choose(1)
        desk.choose(-1)
    desk.accept()


def current(desk: Adjudicating) -> Item:
    assert desk.item is not None, desk.message
    return desk.item


def go_to(desk: Adjudicating, category: Category, what: What = What.SPAN) -> Item:
    """The article's open item of a category."""
    for _ in range(20):
        item = current(desk)
        if category in item.category and item.what is what and item.state is State.OPEN:
            return item
        desk.next()
    raise AssertionError(category)


# --- the way


def test_only_what_they_differ_on_is_gone_through_surest_first(path: Path) -> None:
    with sitting(path) as desk:
        assert desk.table is not None
        seen = [desk.table.by_key[key] for key in desk.order]
        assert [item.category for item in seen] == [
            (Category.BOUNDARY,),
            (Category.STANCE,),
            (Category.MISSING, Category.LABEL),
        ]
        assert desk.left == 3
        assert desk.agreed == 1
        assert current(desk) == seen[0]


def test_deciding_goes_on_to_the_next_item_and_the_next_article(path: Path) -> None:
    with sitting(path) as desk:
        for _ in range(3):
            enter(desk)
            assert desk.message == ""
        # the evidence for the value taken, of those who gave it, is agreed on
        assert desk.table is not None
        assert desk.table.article.id == "b"
        desk.previous_article()
        assert desk.table.article.id == "b"
        assert desk.message == "This is the only article left."
        for _ in range(3):
            enter(desk)
        assert desk.message.startswith("Nothing left that the filter lets through")


def test_enter_takes_the_proposal_and_a_digit_another(path: Path) -> None:
    with sitting(path) as desk:
        boundary = current(desk)
        assert desk.proposal == boundary.variants[0]
        enter(desk)
        label = go_to(desk, Category.LABEL)
        assert desk.proposal is None
        desk.take(2)
    found = standing(path)
    decision, actor = found[boundary.key]
    assert actor == "vera"
    assert [(s.label, s.start, s.end) for s in decision.spans] == [("ORG", 5, 24)]
    assert decision.adopted == ("iva", "petar")
    assert decision.method is Method.MANUAL
    assert decision.votes == {"ORG 5-24": 2, "ORG 0-24": 1}
    assert decision.voters == 3
    assert decision.category == ("boundary",)
    taken = numbered(label)[1]
    assert found[label.key][0].spans == (taken.span,)
    assert found[label.key][0].adopted == taken.annotators


def test_enter_takes_nothing_by_itself_where_votes_are_equal(path: Path) -> None:
    with sitting(path) as desk:
        item = go_to(desk, Category.LABEL)
        assert is_tie(item)
        desk.accept()
        assert current(desk).key == item.key
        assert "press a digit" in desk.message
        assert item.key not in standing(path)
        desk.choose(1)
        desk.accept()
        assert current(desk).key != item.key
    assert standing(path)[item.key][0].spans[0].label == item.variants[1].span.label


def test_nothing_is_a_decision(path: Path) -> None:
    with sitting(path) as desk:
        item = go_to(desk, Category.MISSING)
        desk.nothing()
    decision, _ = standing(path)[item.key]
    assert decision.verdict is Verdict.DECIDED
    assert decision.spans == ()
    assert decision.adopted == ("petar",)


def test_several_variants_are_kept_together(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        desk.keep_several()
        assert desk.picking
        desk.take(1)
        desk.take(2)
        desk.take(2)
        desk.take(2)
        assert desk.several == {variant.code for variant in item.variants}
        enter(desk)
        assert not desk.several
    assert len(standing(path)[item.key][0].spans) == 2


def test_a_stance_is_not_kept_in_several_values(path: Path) -> None:
    with sitting(path) as desk:
        go_to(desk, Category.STANCE, What.STANCE)
        desk.keep_several()
        assert desk.message == "Only annotations of text can be kept together."


def test_what_was_edited_is_new_unless_somebody_has_it(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        desk.give(spans=[Span("new", "entities", "ORG", 5, 13)])
        stance = go_to(desk, Category.STANCE, What.STANCE)
        assert stance.variants[0].stance is not None
        desk.give(stance=stance.variants[0].stance._replace(label="MIXED"))
        other = go_to(desk, Category.LABEL)
        variant = numbered(other)[0]
        assert variant.span is not None
        desk.give(spans=[variant.span._replace(id="copy")])
    found = standing(path)
    assert found[item.key][0].method is Method.NEW
    assert found[item.key][0].adopted == ()
    assert found[other.key][0].method is Method.MANUAL
    assert found[other.key][0].adopted == variant.annotators
    made = found[stance.key][0].stance
    assert made is not None
    assert made.label == "MIXED"


def test_the_time_on_screen_is_recorded_and_capped(path: Path) -> None:
    clock = Clock()
    with sitting(path, clock=clock) as desk:
        first = current(desk)
        clock.now += 2.5
        enter(desk)
        second = current(desk)
        clock.now += 86400
        enter(desk)
    found = standing(path)
    assert found[first.key][0].milliseconds == 2500
    assert found[second.key][0].milliseconds == 300_000


# --- names


def test_letters_are_shuffled_in_each_article_and_always_the_same() -> None:
    names = {"iva", "mila", "petar"}
    made = {tuple(sorted(letters(f"article {n}", names).items())) for n in range(60)}
    assert len(made) == 6
    assert letters("x", ["petar", "iva", "mila"]) == letters("x", names)
    assert set(letters("x", names).values()) == {"A", "B", "C"}


def test_showing_names_is_recorded(path: Path) -> None:
    with sitting(path) as desk:
        first = current(desk)
        enter(desk)
        desk.show_names()
        second = current(desk)
        enter(desk)
    found = standing(path)
    assert not found[first.key][0].named
    assert found[second.key][0].named


def test_names_that_were_seen_count_though_they_are_hidden_again(path: Path) -> None:
    with sitting(path) as desk:
        first = current(desk)
        desk.show_names()
        desk.show_names()
        enter(desk)
        second = current(desk)
        enter(desk)
    found = standing(path)
    assert found[first.key][0].named
    assert not found[second.key][0].named


def test_the_model_proposes_and_its_posterior_is_recorded(tmp_path: Path) -> None:
    known = [kit.known(article, SCHEME) for article in kit.articles(30)[17:]]
    path = kit.make(tmp_path / "p.db", known)
    with Project.open(path, "vera") as project:
        desk = Adjudicating(project, NO_AUDIT)
        desk.waiting.ask_model()
        desk.begin()
        desk.filter(parse("layer:entities category:label"))
        item = current(desk)
        assert item.proposal is not None
        assert item.proposal.method is Method.MODEL
        name = item.article
        enter(desk)
        desk.leave()
    decision, _ = standing(path, name)[item.key]
    assert decision.method is Method.MANUAL
    assert decision.posterior == item.proposal.confidence


def test_a_blind_proposal_shows_first_and_is_taken_then(path: Path) -> None:
    with sitting(path, options=Options(audit=0, blind=True)) as desk:
        item = current(desk)
        assert desk.proposal is None
        enter(desk)
        assert desk.proposal == item.variants[0]
        assert current(desk) == item
        enter(desk)
        assert current(desk) != item
        assert desk.proposal is None


# --- notes, discussion


def test_a_remark_on_an_open_item_puts_it_on_the_list_and_stays_with_the_decision(
    path: Path,
) -> None:
    with sitting(path) as desk:
        item = current(desk)
        desk.remark(note="ask the editors", reason=Reason.BOUNDARY_RULE, guideline=True)
        assert current(desk).key == item.key
        assert current(desk).state is State.DISCUSS
        enter(desk)
    decision, _ = standing(path)[item.key]
    assert decision.verdict is Verdict.DECIDED
    assert (decision.note, decision.reason, decision.guideline) == (
        "ask the editors", Reason.BOUNDARY_RULE, True
    )  # fmt: skip


def test_a_remark_on_a_decided_item_leaves_it_decided(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
        desk.filter(parse("state:decided"))
        assert current(desk).key == item.key
        desk.remark(note="quite sure")
        desk.remark(note="")
        desk.remark(note="sure")
    decision, _ = standing(path)[item.key]
    assert decision.spans
    assert decision.note == "sure"


def test_the_list_for_the_meeting(path: Path) -> None:
    with sitting(path) as desk:
        desk.discuss()
        desk.remark(note="is *the* part of it?")
        desk.skip()
    with Project.open(path, readonly=True) as project:
        text, count = to_discuss(project, Options(own=True))
    assert count == 1
    assert text.startswith("# To discuss: 1 item\n")
    assert "**Wise European Commission**" in text
    assert "2 of 3" in text
    for name in WORK:
        assert name not in text


def test_hostile_text_is_inert_in_the_list(tmp_path: Path) -> None:
    text = "Evil <script>alert(1)</script> [x](javascript:1) \x1b]0;pwn\x07 `code` Novobryag\n"
    path = tmp_path / "p.db"
    with Project.create(path, SCHEME, "vera") as project:
        list(project.add([Article("a", text, "Title *<b>*\x1b[31m")]))
        for n, name in enumerate(("iva", "mila")):
            spans = [Span(f"s{n}", "entities", ("PER", "ORG")[n], 0, len(text) - 1)]
            project.record(Act("label", tuple(kit.drafts(project.article("a"), name, spans))), name)
    with sitting(path) as desk:
        desk.discuss()
    with Project.open(path, readonly=True) as project:
        made, _ = to_discuss(project, Options())
    assert "\x1b" not in made
    assert "<script>" not in made
    assert "[x](" not in made


# --- many at once


def test_what_all_agree_on_is_accepted_as_one_act_and_undone_as_one(path: Path) -> None:
    with sitting(path) as desk:
        assert desk.count_unanimous() == 1
        assert desk.accept_unanimous() == 1
        assert desk.agreed == 0
        desk.leave()
        (decision,) = (d for d, _ in standing(path).values())
        assert decision.method is Method.UNANIMOUS
        assert decision.milliseconds == 0
        desk.undo()
    assert standing(path) == {}


def test_majorities_are_marked_as_such(path: Path) -> None:
    with sitting(path) as desk:
        count = desk.count_majority()
        assert desk.accept_majority() == count == 2
    methods = {d.method for d, _ in standing(path).values()}
    assert methods == {Method.MAJORITY}


def test_the_audit_sample_stays_to_be_looked_at(path: Path) -> None:
    with sitting(path, options=Options(audit=1.0)) as desk:
        assert desk.agreed == 0
        assert any(Category.AGREE in desk.table.by_key[key].category for key in desk.order)  # type: ignore[union-attr]


def test_accepting_everywhere_saves_each_article_as_an_act(path: Path) -> None:
    from annotator.gold.adjudication.automatic import Rules

    with Project.open(path, "vera") as project:
        waiting = Waiting(project, NO_AUDIT)
        *_, dry = accept(project, waiting, Rules(audit=0), dry_run=True)
        assert standing(path) == {}
        *_, found = accept(project, waiting, Rules(audit=0))
        assert (found.articles, found.changed, dict(found.methods)) == (2, 2, {"unanimous": 2})
        assert dry.methods == found.methods
        acts = {event.act for event in project.history("a", "vera") if event.kind is Kind.DECISION}
        assert len(acts) == 1
    before = {name: standing(path, name) for name in ("a", "b")}
    with sitting(path) as desk:
        desk.undo()
        finish_turning(desk)
        assert desk.message == "Taken back in 2 articles."
        assert standing(path) == standing(path, "b") == {}
        desk.redo()
        finish_turning(desk)
        assert desk.message == "Done again in 2 articles."
        assert {name: standing(path, name) for name in before} == before
        desk.undo()
        finish_turning(desk)
        desk.undo()
        assert desk.message == "Nothing to undo."
    with sitting(path) as desk:  # also the next day
        desk.redo()
        finish_turning(desk)
        desk.undo()
        finish_turning(desk)
    assert standing(path) == standing(path, "b") == {}


def finish_turning(desk: Adjudicating) -> None:
    while desk.turning is not None:
        desk.go_on(1)


def test_what_somebody_else_decided_since_stays_when_all_is_taken_back(path: Path) -> None:
    from annotator.gold.adjudication.automatic import Rules

    with Project.open(path, "vera") as project:
        list(accept(project, Waiting(project, NO_AUDIT), Rules(audit=0)))
    with sitting(path, "olga") as other:
        other.filter(parse("state:decided"))
        item = current(other)
        other.nothing()
    with sitting(path) as desk:
        desk.undo()
        finish_turning(desk)
        assert "1 items that somebody else decided since stay" in desk.message
    assert [who for _, who in (standing(path) | standing(path, "b")).values()] == ["olga"]
    assert item.key in standing(path, item.article)


def test_a_decision_made_after_all_was_accepted_is_taken_back_alone(path: Path) -> None:
    from annotator.gold.adjudication.automatic import Rules

    with sitting(path) as desk:
        list(accept(desk.project, desk.waiting, Rules(audit=0)))
        desk.read_again()
        item = current(desk)
        enter(desk)
        desk.undo()
        assert desk.turning is None
        desk.leave()
        assert item.key not in standing(path)
        assert len(standing(path)) == len(standing(path, "b")) == 1


# --- undo


def test_undo_and_redo_reach_across_articles_and_restarts(path: Path) -> None:
    with sitting(path) as desk:
        for _ in range(4):
            enter(desk)
        assert desk.table is not None
        assert desk.table.article.id == "b"
    with sitting(path) as desk:
        assert desk.table is not None
        desk.undo()
        assert (desk.table.article.id, desk.message) == ("b", "Undone.")
        assert current(desk).state is State.OPEN
        desk.undo()
        assert desk.table.article.id == "a"
    assert len(standing(path)) == 2
    with sitting(path) as desk:
        desk.redo()
        desk.redo()
        assert desk.message == "Done again."
        desk.redo()
        assert desk.message == "Nothing to do again."
    assert len(standing(path)) == 3
    assert len(standing(path, "b")) == 1
    with sitting(path) as desk:
        for _ in range(4):
            desk.undo()
            assert desk.message == "Undone."
        desk.undo()
        assert desk.message == "Nothing to undo."
    assert standing(path) == standing(path, "b") == {}


def test_undoing_a_stance_takes_the_item_of_its_evidence_away_again(path: Path) -> None:
    with sitting(path) as desk:
        desk.filter(parse("layer:stance"))
        stance = current(desk)
        desk.take(2)
        assert desk.table is not None
        evidence = [item for item in desk.table.items if item.what is What.EVIDENCE]
        assert [item.category for item in evidence] == [(Category.SINGLE,)]
        assert current(desk).key == evidence[0].key
        enter(desk)
        desk.undo()
        desk.undo()
        assert current(desk).key == stance.key
        assert not [item for item in desk.table.items if item.what is What.EVIDENCE]
        enter(desk)


def test_a_new_decision_ends_what_can_be_done_again(path: Path) -> None:
    with sitting(path) as desk:
        enter(desk)
        desk.undo()
        desk.nothing()
        desk.redo()
        assert desk.message == "Nothing to do again."


def test_what_somebody_else_decided_since_is_not_undone(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
    with sitting(path, "olga") as other:
        other.filter(parse("state:decided"))
        assert current(other).key == item.key
        other.nothing()
    with sitting(path) as desk:
        desk.undo()
        assert desk.message == "Somebody else has decided this since; nothing was changed."
    assert standing(path)[item.key][1] == "olga"


def test_undo_lets_what_another_had_decided_stand_again(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
    first = standing(path)[item.key]
    with sitting(path, "olga") as other:
        other.filter(parse("state:decided"))
        other.nothing()
        other.undo()
        assert other.table is not None
        shown = other.table.by_key[item.key].decided
        assert shown is not None
        assert shown.actor == "vera"
        other.leave()
        assert standing(path)[item.key] == first
        other.redo()
        assert other.message == "Done again."
        other.leave()
        assert standing(path)[item.key][1] == "olga"
        other.undo()
    assert standing(path)[item.key] == first
    with sitting(path, "olga") as other:  # the next day, from the log
        other.redo()
        other.leave()
        assert standing(path)[item.key][1] == "olga"
        other.undo()
        other.leave()
        history = other.project.history(item.article, "olga")
        made = [e.body for e in history if e.key == item.key]
        assert [body is None for body in made] == [False, True] * 3
    assert standing(path)[item.key] == first


def test_undo_brings_back_ones_own_former_decision(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
        desk.filter(parse("state:decided"))
        desk.nothing()
        desk.undo()
    decision, who = standing(path)[item.key]
    assert who == "vera"
    assert decision.spans


def test_annotators_acts_are_not_undone_here(path: Path) -> None:
    with sitting(path, "iva", Options(audit=0, own=True)) as desk:
        desk.undo()
        assert desk.message == "Nothing to undo."


def test_the_same_decisions_whatever_was_undone_between(path: Path, tmp_path: Path) -> None:
    plain = make(tmp_path / "plain.db")
    with sitting(plain) as desk:
        while desk.left:
            enter(desk)
    with sitting(path) as desk:
        while desk.left:
            enter(desk)
            desk.undo()
            desk.redo()
            desk.undo()
            enter(desk)
    for article in ("a", "b"):
        made = [bodies(each, article) for each in (plain, path)]
        assert made[0] == made[1]


def bodies(path: Path, article: str) -> str:
    """The decisions on an article as JSON, without the time they took."""
    found = [d._replace(milliseconds=0).body(TEXT) for d, _ in standing(path, article).values()]
    return json.dumps(found, sort_keys=True)


# --- staleness


def test_an_annotators_change_makes_exactly_its_item_stale(path: Path) -> None:
    with sitting(path) as desk:
        while desk.table is not None and desk.table.article.id == "a":
            enter(desk)
    before = {key: d for key, (d, _) in standing(path).items()}
    with Project.open(path, "mila") as project:
        span = next(s for s in project.work("a").spans if s.start == 0)
        moved = span._replace(start=5, end=13)
        project.record(Act("label", (Draft(Kind.SPAN, span.key, "a", moved.body(TEXT)),)))
    with sitting(path) as desk:
        assert desk.table is not None
        assert desk.table.article.id == "a"
        stale = [item for item in desk.table.items if item.state is State.STALE]
        assert stale == [current(desk)]
        assert stale[0].decided is not None
        assert stale[0].decided.decision == before[stale[0].decided.decision.key]
        assert desk.order[0] == stale[0].key
        desk.keep()
    again = standing(path)
    assert set(again) == set(before)
    assert again[stale[0].key][0].spans == before[stale[0].key].spans
    assert again[stale[0].key][0].inputs == stale[0].inputs != before[stale[0].key].inputs


def test_a_change_while_the_article_is_open_shows_when_it_is_opened_again(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
        desk.leave()
        with Project.open(path, "petar") as project:
            span = next(s for s in project.work("a").spans if s.label == "ORG")
            project.record(Act("remove", (Draft(Kind.SPAN, span.key, "a", None),)))
        desk.next_article()
        assert desk.table is not None
        assert desk.table.article.id == "b"
        desk.next_article()
        assert desk.table.article.id == "a"
        assert current(desk).state is State.STALE
        assert current(desk).decided is not None
        assert current(desk).decided.decision.item == item.key  # type: ignore[union-attr]


def test_what_is_superseded_on_its_way_to_the_log_has_its_id(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
        desk.leave()
        with Project.open(path, "petar") as project:
            span = next(s for s in project.work("a").spans if s.label == "ORG")
            project.record(Act("remove", (Draft(Kind.SPAN, span.key, "a", None),)))
        desk.next_article()
        desk.next_article()
        enter(desk)
        desk.leave()
        events = {e.id for e in desk.project.history("a", "vera") if e.key == item.key}
        for decision, _ in standing(path).values():
            assert set(decision.supersedes) <= events


# --- who


def test_nobody_adjudicates_what_they_annotated(path: Path) -> None:
    with Project.open(path, "iva") as project:
        desk = Adjudicating(project, NO_AUDIT)
        desk.begin()
        assert desk.item is None
        assert "You annotated all 2 articles that are ready yourself" in desk.message
        with pytest.raises(AnnotatorError, match="You annotated a yourself"):
            desk.begin("a")
        with pytest.raises(AnnotatorError):
            enter(desk)
    with sitting(path, "iva", Options(audit=0, own=True)) as desk:
        enter(desk)
    with Project.open(path, readonly=True) as project:
        assert report(project, Options(own=True)).own == 1


def test_a_second_pass_is_the_same_person_and_no_annotator(path: Path) -> None:
    with Project.open(path, "olga #2") as project:
        finish(project, "a", "olga #2")
    with Project.open(path, "olga") as project:
        desk = Adjudicating(project, NO_AUDIT)
        assert [each.article for each in desk.waiting.articles] == ["b"]
        assert desk.waiting.articles[0].finished == ("iva", "mila", "petar")


def test_only_an_adjudicator_may(path: Path) -> None:
    with Project.open(path, "vera") as project:
        for person in (Person("boss", Role.LEAD), Person("olga", Role.ADJUDICATOR)):
            project.record(Act("people", (Draft(Kind.PERSON, person.key, "", person.body()),)))
        with pytest.raises(AnnotatorError, match="Only adjudicators may adjudicate"):
            Adjudicating(project, NO_AUDIT)
    with sitting(path, "olga") as desk:
        enter(desk)
        assert desk.message == ""


def test_articles_wait_until_enough_have_finished(tmp_path: Path) -> None:
    path = make(tmp_path / "p.db", ("a",), ("iva",))
    with Project.open(path, "vera") as project:
        desk = Adjudicating(project, NO_AUDIT)
        desk.begin()
        assert desk.message.startswith("No article is ready")
        with pytest.raises(AnnotatorError, match="a is not ready"):
            desk.begin("a")
        with pytest.raises(AnnotatorError, match="no article"):
            desk.begin("nowhere")
    with sitting(path, options=Options(audit=0, review=True)) as desk:
        assert current(desk).category == (Category.SINGLE,)
        assert desk.left == 5
    with Project.open(path, "vera") as project:
        finish(project, "a", "mila")
    with sitting(path) as desk:
        assert desk.left
    with Project.open(path, "vera") as project:
        assert not Adjudicating(project, Options(audit=0, wanted=3)).waiting.articles


def test_those_assigned_are_waited_for_but_not_who_skipped(tmp_path: Path) -> None:
    from annotator.model.slot import Slot

    path = make(tmp_path / "p.db", ("a",), ("iva", "mila"))
    with Project.open(path, "vera") as project:
        slots = [Slot("a", name) for name in ("iva", "mila", "petar")]
        project.record(Act("assign", tuple(Draft(Kind.SLOT, s.key, "a", s.body()) for s in slots)))
        assert not Adjudicating(project, NO_AUDIT).waiting.articles
        skipped = Status(Status_.SKIPPED, "broken", 3)
        draft = Draft(Kind.STATUS, Status.key("petar", "a"), "a", skipped.body())
        project.record(Act("skip", (draft,)), "petar")
        assert [each.wanted for each in Adjudicating(project, NO_AUDIT).waiting.articles] == [2]


# --- what nobody has


def test_a_span_nobody_has_is_added_shown_and_taken_back(path: Path) -> None:
    with sitting(path, clock=(clock := Clock())) as desk:
        before, count = current(desk), len(desk.order)
        clock.now += 3
        desk.add(Span("new", "entities", "ORG", *PLACE["bridge"]))
        assert desk.message == "Added; u takes it back."
        item = current(desk)
        assert (item.state, item.variants, item.start) == (State.DECIDED, (), PLACE["bridge"][0])
        assert item.decided is not None
        assert item.decided.decision.method is Method.NEW
        assert item.decided.decision.milliseconds == 3000
        desk.next()
        assert current(desk).key == before.key
        assert desk.left == count
        desk.undo()
        assert desk.message == "Undone."
        assert item.key not in desk.order
        desk.redo()
        assert current(desk).key == item.key
        desk.leave()
        work = folding.gold(desk.project.article("a"), desk.project.decisions("a"), SCHEME)
        assert [TEXT[s.start : s.end] for s in work.spans] == ["bridge"]


def test_an_added_span_can_be_dropped_later(path: Path) -> None:
    with sitting(path) as desk:
        desk.add(Span("new", "entities", "ORG", *PLACE["bridge"]))
    with sitting(path) as desk:
        desk.filter(parse("state:decided"))
        desk.nothing()
        desk.leave()
        work = folding.gold(desk.project.article("a"), desk.project.decisions("a"), SCHEME)
    assert work.spans == ()


def test_what_an_annotator_has_is_not_added_but_shown(path: Path) -> None:
    with sitting(path) as desk:
        desk.add(Span("new", "entities", "LOC", *PLACE["Novobryag"]))
        assert "among the variants already" in desk.message
        assert "LOC" in {v.span.label for v in current(desk).variants if v.span}
    assert standing(path) == {}


def test_majorities_that_cannot_stand_together_are_said(path: Path) -> None:
    with sitting(path) as desk:
        desk.add(Span("x", "entities", "ORG", PLACE["Anna Velkova"][0] + 5, PLACE["Novobryag"][1]))
        desk.undo()
        desk.redo()
        assert desk.accept_unanimous() == 1  # Anna Velkova
        assert "cannot both stand in this layer" in desk.message


def test_an_added_span_that_cannot_stand_is_said(path: Path) -> None:
    with sitting(path) as desk:
        desk.add(Span("x", "entities", "ORG", 5, PLACE["met"][1]))
        desk.add(Span("y", "entities", "LOC", 14, PLACE["Novobryag"][1]))
        assert "cannot both stand in this layer" in desk.message


def test_a_stance_nobody_gave_is_added_with_its_evidence(path: Path) -> None:
    new = Stance(Party("entity", "Novobryag"), "FAVOR", evidence=(Evidence(55, 80),))
    with sitting(path) as desk:
        desk.add_stance("stance", new)
        assert current(desk).what is What.STANCE
        assert current(desk).state is State.DECIDED
        desk.leave()
        work = folding.gold(desk.project.article("a"), desk.project.decisions("a"), SCHEME)
        assert [(s.target, s.label, s.evidence) for s in work.stances] == [
            (new.target, "FAVOR", new.evidence)
        ]
        desk.undo()
        desk.leave()
        assert standing(path) == {}
        desk.add_stance("stance", Stance(Party("proposition", "The bridge"), "FAVOR"))
        assert "a row for this already" in desk.message
        assert current(desk).members[0] == "proposition:the bridge"
    assert standing(path) == {}


# --- what holds together, what is remembered


def test_gold_that_cannot_stand_together_is_said(path: Path) -> None:
    with sitting(path) as desk:
        desk.keep_several()
        desk.take(1)
        desk.take(2)
        enter(desk)
        assert desk.message == ""  # one lies in the other
        desk.undo()
        desk.say("")
        desk.give(spans=[Span("x", "entities", "ORG", 5, PLACE["met"][1])])
        assert desk.message == ""
        label = go_to(desk, Category.LABEL)
        assert label.article == "a"
        desk.give(spans=[Span("y", "entities", "LOC", 14, PLACE["Novobryag"][1])])
        assert "cannot both stand in this layer" in desk.message


def test_finished_articles_are_passed_over_by_what_is_remembered(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sitting(path) as desk:
        while desk.table is not None and desk.table.article.id == "a":
            enter(desk)
        desk.leave()
        desk.waiting.count(0, Wanted())
        desk.waiting.remember()
    read: list[str] = []
    table = Waiting.table

    def noted(self: Waiting, place: int) -> object:
        read.append(self.articles[place].article)
        return table(self, place)

    monkeypatch.setattr(Waiting, "table", noted)
    with sitting(path) as desk:
        assert desk.table is not None
        assert desk.table.article.id == "b"
    assert "a" not in read
    with Project.open(path, "mila") as project:
        span = next(s for s in project.work("a").spans if s.start == 0)
        project.record(Act("remove", (Draft(Kind.SPAN, span.key, "a", None),)))
    with sitting(path) as desk:
        assert desk.table is not None
        assert desk.table.article.id == "a"


# --- a second opinion


SECOND = Options(audit=0, second=1.0)


def decide_all(path: Path, actor: str = "vera") -> None:
    with sitting(path, actor) as desk:
        while desk.left:
            enter(desk)


def test_a_second_opinion_sees_nothing_of_the_first_and_both_are_kept(path: Path) -> None:
    decide_all(path)
    before = standing(path)
    with sitting(path, "olga", SECOND) as desk:
        assert desk.table is not None
        count = len(desk.order)
        assert count >= 3
        assert {desk.table.by_key[key].state for key in desk.order} == {State.OPEN}
        assert desk.proposal is None
        item = current(desk)
        desk.nothing()
        while desk.table.article.id == "a" and desk.left:
            enter(desk)
            enter(desk) if desk.item and desk.proposal else None
    with Project.open(path, readonly=True) as project:
        found = report(project, Options(own=True))
        (pair,) = found.pairs
        assert (pair.one, pair.other) == ("olga", "vera")
        assert pair.items > pair.same > 0
        assert ("a", item.key) in found.differing
        assert {e.actor for e in project.history("a") if e.key == item.key} == {"vera", "olga"}
        (disputed,) = [each for each in found.disputed if each.item == item.key]
        assert disputed.article == "a"
        assert disputed.opinions[0][0] == "vera"
        assert "European Commission" in disputed.opinions[0][1]
        assert disputed.opinions[1] == ("olga", "nothing")
        work = folding.gold(project.article("a"), project.decisions("a"), SCHEME)
        text = [TEXT[span.start : span.end] for span in work.spans]
    assert not any("European Commission" in words for words in text)  # neither is gold
    same = {d.item for d, who in standing(path).values() if who == "vera"}
    assert len(same) == pair.same
    assert {key: standing(path)[key] for key in same} == {key: before[key] for key in same}


def test_two_opinions_are_to_be_discussed_until_somebody_settles_them(path: Path) -> None:
    decide_all(path)
    with sitting(path, "olga", SECOND) as desk:
        item = current(desk)
        desk.nothing()
    with sitting(path, "petar") as desk:
        assert desk.waiting.articles == []
    with sitting(path, "nina") as desk:
        desk.filter(parse("state:disputed"))
        assert current(desk).key == item.key
        assert current(desk).state is State.DISCUSS
        desk.discuss()
        assert "already" in desk.message
        desk.skip()
        desk.remark(note="hm")
        assert current(desk).key == item.key
        desk.take(1)
        assert desk.message.startswith("Nothing left")
        desk.leave()
        decision, who = standing(path)[item.key]
        assert (who, decision.settles, decision.second) == ("nina", ("olga", "vera"), False)
        found = report(desk.project, Options(own=True))
        assert found.disputed == ()
        assert [(p.one, p.other) for p in found.pairs if p.same < p.items] == [("olga", "vera")]
        desk.undo()
        desk.leave()
        assert report(desk.project, Options(own=True)).disputed != ()


def test_the_first_adjudicator_may_settle_it_and_take_that_back(path: Path) -> None:
    decide_all(path)
    with sitting(path, "olga", SECOND) as desk:
        item = current(desk)
        desk.nothing()
    with sitting(path) as desk:
        desk.filter(parse("state:disputed"))
        desk.nothing()
        desk.leave()
        assert standing(path)[item.key][0].spans == ()
        found = report(desk.project, Options(own=True))
        assert sum(p.items - p.same for p in found.pairs) == 1  # they differed, though not any more
        desk.undo()
    with Project.open(path, readonly=True) as project:
        (one,) = report(project, Options(own=True)).disputed
        assert [who for who, _ in one.opinions] == ["vera", "olga"]


def test_both_opinions_are_on_the_list_for_the_meeting(path: Path) -> None:
    decide_all(path)
    with sitting(path, "olga", SECOND) as desk:
        desk.nothing()
    with Project.open(path, readonly=True) as project:
        words, count = to_discuss(project, Options(own=True))
    assert count == 1
    assert "Two opinions: vera: ORG “European Commission”; olga: nothing" in words


def test_a_decision_says_that_its_maker_annotated_the_article(path: Path) -> None:
    with sitting(path, "iva", Options(audit=0, own=True)) as desk:
        enter(desk)
        desk.accept_majority()
    with sitting(path) as desk:
        desk.next_article()
        enter(desk)
    assert {decision.own for decision, _ in standing(path).values()} == {True}
    assert {decision.own for decision, _ in standing(path, "b").values()} == {False}
    with Project.open(path, readonly=True) as project:
        assert report(project, Options(own=True)).own == 1  # what a rule took is nobody's judgement


@pytest.mark.parametrize("turned", [False, True])
def test_copies_that_decided_apart_come_to_the_same(tmp_path: Path, turned: bool) -> None:
    """Undo and second opinions on two copies: merging either way, and rebuilding, changes nothing."""
    one, other = make(tmp_path / "one.db"), tmp_path / "other.db"
    decide_all(one)
    copy_project(one, other)
    with sitting(one, "olga", SECOND) as desk:
        desk.nothing()
        desk.next()
        desk.nothing()
        desk.undo()
    with sitting(other) as desk:
        desk.filter(parse("state:decided"))
        desk.nothing()
        desk.undo()
    target, source = (other, one) if turned else (one, other)
    with Project.open(target, "vera") as project:
        project.merge(source)
        merged = project.decisions("a")
        project.rebuild()
        assert project.decisions("a") == merged
    assert [each.decision.key for each in merged if each.disputed]
    assert {each.actor for each in merged if not each.disputed} == {"vera"}
    with Project.open(source, "vera") as project:
        project.merge(target)
        assert project.decisions("a") == merged


def test_taking_a_second_opinion_back_leaves_the_first(path: Path) -> None:
    with sitting(path) as desk:
        item = current(desk)
        enter(desk)
    first = standing(path)[item.key][0]
    with sitting(path, "olga", Options(audit=0, second=1.0)) as desk:
        assert current(desk).key == item.key
        desk.nothing()
        desk.undo()
    assert standing(path)[item.key][0] == first
    with Project.open(path, readonly=True) as project:
        assert report(project, Options(own=True)).pairs == ()
    with sitting(path, "olga", Options(audit=0, second=1.0)) as desk:
        assert current(desk).key == item.key
        assert current(desk).state is State.OPEN


def test_the_share_for_a_second_opinion_goes_by_the_key() -> None:
    keys = [f"item:entities:{n:016x}" for n in range(2000)]
    drawn = [key for key in keys if is_drawn(key, 0.1)]
    assert 150 < len(drawn) < 250
    assert set(drawn) <= {key for key in keys if is_drawn(key, 0.2)}
    assert not any(is_drawn(key, 0.0) for key in keys)
    assert all(is_drawn(key, 1.0) for key in keys)


# --- filters


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("category:boundary", 1),
        ("category:label", 1),
        ("category:agree state:all", 1),
        ("layer:stance", 1),
        ("label:LOC", 1),
        ("label:AGAINST", 1),
        ("pair:iva,mila", 2),
        ("pair:petar,iva", 2),
        ("novobryag", 1),
        ("the bridge", 1),
        ("state:discuss", 0),
        ("reason:slip", 0),
    ],
)
def test_filters(path: Path, line: str, count: int) -> None:
    with sitting(path) as desk:
        desk.filter(parse(line))
        assert desk.left == count
        assert desk.named == ("pair" in line)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(category="label", label="PER", show=Show.DISCUSS, text="two words"),
        Wanted(pair=("iva", "mila"), order=filters.Order.PLACE, reason="slip", layer="names of x"),
    ],
)
def test_a_filter_is_written_as_it_is_read(wanted: Wanted) -> None:
    assert parse(written(wanted)) == wanted


@pytest.mark.parametrize("line", ["colour:red", "category:odd", "state:x", "pair:iva", "order:up"])
def test_a_filter_that_means_nothing_is_refused(line: str) -> None:
    with pytest.raises(AnnotatorError):
        parse(line)


def test_stale_discussed_and_skipped_items_can_be_asked_for(path: Path) -> None:
    with sitting(path) as desk:
        first = current(desk)
        desk.discuss()
        second = current(desk)
        desk.skip()
        desk.filter(parse("state:discuss"))
        assert current(desk).key == first.key
        desk.filter(parse("state:skipped"))
        assert current(desk).key == second.key


# --- gold


def test_all_decided_is_the_gold(path: Path) -> None:
    with sitting(path) as desk:
        while desk.left:
            enter(desk)
        desk.accept_unanimous()
        desk.previous_article()
    with Project.open(path, readonly=True) as project:
        work = folding.gold(project.article("a"), project.decisions("a"), SCHEME)
    found = [(s.label, TEXT[s.start : s.end]) for s in work.spans]
    assert ("ORG", "European Commission") in found
    assert [s.label for s in work.stances] == ["AGAINST"]


def test_an_unsaved_decision_is_still_on_the_table_when_the_article_is_opened_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    with Project.open(path, "vera") as project:
        desk = Adjudicating(project, NO_AUDIT, Clock())
        desk.begin()
        item = current(desk)
        future: Future[tuple[object, ...]] = Future()
        monkeypatch.setattr(project, "submit", lambda act: future)
        enter(desk)
        desk.next_article()
        desk.reopen()
        desk.previous_article()
        assert desk.table is not None
        assert desk.table.article.id == "a"
        assert desk.table.by_key[item.key].state is State.DECIDED
        future.set_exception(AnnotatorError("The disk is full."))
        desk.reopen()
        assert desk.table.by_key[item.key].state is State.DECIDED
        with pytest.raises(AnnotatorError, match="disk is full"):
            desk.leave()


def test_the_last_item_is_decided_though_its_article_was_laid_out_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on its way to the log counts, also when another look at the article lays it out anew."""

    path = make(tmp_path / "one.db", ("a",))
    with Project.open(path, "vera") as project:
        desk = Adjudicating(project, NO_AUDIT, Clock())
        desk.begin()
        while desk.left > 1:
            desk.take(1)
        desk.leave()
        desk.preload()
        desk.waiting.table(0)  # saved by now: another table than the one on the screen
        item = current(desk)
        monkeypatch.setattr(project, "submit", lambda act: Future())
        desk.take(1)
        assert desk.message.startswith("Nothing left")
        assert desk.table is not None
        assert desk.table.by_key[item.key].state is State.DECIDED
        assert desk.left == 0
        desk.saving = None


def test_what_was_saved_while_an_article_was_read_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decision that is saved between two looks at the file is in one of them."""
    with Project.open(path, "vera") as project:
        desk = Adjudicating(project, NO_AUDIT, Clock())
        desk.begin()
        item = current(desk)
        held: Future[tuple[Event, ...]] = Future()
        acts: list[Act] = []
        submit, read = project.submit, project.decisions
        monkeypatch.setattr(project, "submit", lambda act: (acts.append(act), held)[1])
        desk.take(1)
        desk.waiting.forget("a")

        def slow(article: str) -> object:
            found = read(article)  # what was there before it was saved
            while acts:
                held.set_result(submit(acts.pop()).result())
            return found

        monkeypatch.setattr(project, "decisions", slow)
        place = desk.waiting.places["a"]
        assert desk.waiting.table(place).by_key[item.key].state is State.DECIDED
