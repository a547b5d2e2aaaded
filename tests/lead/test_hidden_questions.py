"""Answers to hidden questions: no votes in adjudication, and compared with nobody's work."""

from pathlib import Path

import pytest
from quality_kit import LEAD, NOVA, finish, released
from release_kit import JUDGE

from annotator.gold.agreement.report import EVERYTHING, Report, Scope
from annotator.gold.quality import LayerQuality
from annotator.lead.adjudication_queue import Options, Waiting
from annotator.lead.known_gold import gold
from annotator.lead.measuring import measure
from annotator.lead.quality import quality
from annotator.model.slot import Slot, Why
from annotator.store.adjudicated import finished
from annotator.store.project import Project

WRONG = (("ORG", "Anna Velkova"), ("LOC", "Novobryag"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return released(tmp_path / "p.db")


def give(path: Path, name: str, *articles: str, why: Why = Why.GOLD) -> None:
    with Project.open(path, LEAD) as project:
        assert project.assign(Slot(article, name, why=why) for article in articles)


def laid_out(path: Path) -> list[tuple[object, ...]]:
    """What an adjudicator gets to see of an article that is asked."""
    with Project.open(path, JUDGE) as project:
        waiting = Waiting(project, Options())
        table = waiting.table(waiting.place("bridge"))
        return [(item.key, item.state, item.variants) for item in table.items]


def agreement(path: Path, scope: Scope = EVERYTHING) -> Report:
    with Project.open(path, LEAD, readonly=True) as project:
        return measure(project, scope)


def of(path: Path, name: str) -> LayerQuality:
    with Project.open(path, LEAD) as project:
        report = quality(project, gold(project))
    (person,) = (each for each in report.people if each.name == name)
    (found,) = (each for each in person.layers if each.layer == "entities")
    return found


def test_an_adjudicator_sees_no_answer_and_nothing_is_decided_anew(path: Path) -> None:
    before = laid_out(path)
    give(path, NOVA, "bridge")
    finish(path, NOVA, "bridge", *WRONG)
    assert laid_out(path) == before


def test_an_answer_makes_no_article_ready_and_nobody_waits_for_it(path: Path) -> None:
    finish(path, "mila", "harbour")
    give(path, NOVA, "harbour")
    finish(path, NOVA, "harbour")
    with Project.open(path, LEAD) as project:
        (ready,) = (each for each in finished(project) if each.article == "harbour")
        assert (ready.finished, ready.is_ready) == (("mila",), False)
    give(path, "mila", "harbour", why=Why.WORK)
    give(path, "petar", "harbour")
    with Project.open(path, LEAD) as project:
        (ready,) = (each for each in finished(project) if each.article == "harbour")
        assert (ready.wanted, ready.is_ready) == (1, True), "petar's answer is not waited for"


def test_agreement_compares_an_answer_with_nobody(path: Path) -> None:
    before, only = agreement(path), Scope(annotators=("iva", NOVA))
    give(path, NOVA, "bridge")
    finish(path, NOVA, "bridge", *WRONG)
    assert agreement(path) == before
    assert [layer.figures for layer in agreement(path, only).layers] == [
        layer.figures for layer in agreement(path, Scope(annotators=("iva",))).layers
    ]


def test_the_same_work_counts_when_it_is_no_answer(path: Path) -> None:
    before, seen = agreement(path), laid_out(path)
    finish(path, NOVA, "bridge", *WRONG)
    assert agreement(path) != before, "what is left out above would have told"
    assert laid_out(path) != seen
    give(path, NOVA, "bridge")
    assert agreement(path) == before, "by what holds now, whatever was counted and kept"
    assert laid_out(path) == seen


def test_quality_holds_an_answer_against_gold_only(path: Path) -> None:
    before = of(path, "iva")
    give(path, NOVA, "bridge")
    finish(path, NOVA, "bridge", *WRONG)
    assert of(path, "iva") == before, "nor does it change the others' numbers"
    nova = of(path, NOVA)
    assert nova.hidden is not None
    assert nova.hidden.counts.articles == 1
    assert (nova.others.value, nova.others.n_articles) == (None, 0)
    assert (nova.rest.value, nova.rest.n_articles) == (None, 0)
