"""From every number of a report to its articles: the report's own, and all of a cell's count."""

from collections.abc import Iterator
from pathlib import Path

import adjudication_kit as kit
import pytest

from annotator.gold.agreement.report import EVERYTHING, By, Metric, Report, Scope
from annotator.lead.agreement_beside import Beside, check_blind
from annotator.lead.agreement_tracing import Asked, compared, trace, traceable
from annotator.lead.measuring import measure
from annotator.model.annotation import Kind, Status
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store.project import Project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    scheme = preset("news")
    found = [kit.known(article, scheme) for article in kit.articles(30)[-6:]]
    path = kit.make(tmp_path_factory.mktemp("traced") / "p.db", found, scheme)
    with Project.open(path, kit.JUDGE) as project:
        drafts = tuple(kit.drafts(found[0].article, "iva #2", ()))
        project.record(Act("label", drafts), "iva #2")
        slots = [
            Slot(each.article.id, name, "pilot" if n < 3 else "main")
            for n, each in enumerate(found)
            for name in ("iva", "mila")
        ]
        project.record(
            Act("assign", tuple(Draft(Kind.SLOT, s.key, s.article, s.body()) for s in slots))
        )
        yield project


@pytest.fixture(scope="module")
def measured(project: Project) -> Report:
    return measure(project)


def test_a_layers_numbers_have_the_reports_articles(project: Project, measured: Report) -> None:
    for layer in measured.layers:
        for metric, worst in layer.worst.items():
            found = trace(project, EVERYTHING, Asked(layer.layer, metric))
            assert [tuple(each) for each in found] == [tuple(each) for each in worst]


def test_a_groups_numbers_have_the_reports_articles_and_more(
    project: Project, measured: Report
) -> None:
    seen = 0
    for layer in measured.layers:
        for by, rows in layer.by.items():
            for row in rows:
                for metric, worst in row.worst.items():
                    found = trace(project, EVERYTHING, Asked(layer.layer, metric, by, row.group))
                    assert [tuple(e) for e in found[:5]] == [tuple(e) for e in worst]
                    seen += 1
    assert seen > 50
    assert {by for layer in measured.layers for by in layer.by if layer.by[by]} == set(By)


def test_shares_of_all_articles_are_everything(project: Project, measured: Report) -> None:
    for layer in measured.layers:
        found = trace(project, EVERYTHING, Asked(layer.layer, layer.headline[0]))
        assert sum(each.share for each in found) == pytest.approx(1.0)


def test_a_cells_articles_add_up_to_its_count(project: Project, measured: Report) -> None:
    for layer in measured.layers:
        labels, counts = layer.confusion
        for i, one in enumerate(labels):
            for j, other in enumerate(labels):
                found = trace(project, EVERYTHING, Asked(layer.layer, cell=(one, other)))
                times = sum(each.value or 0 for each in found)
                # an agreement stands in the confusion twice, once from each side
                assert times * (2 if i == j else 1) == counts[i][j]
                assert not found or sum(each.share for each in found) == pytest.approx(1.0)


def test_a_second_pass_is_compared_with_the_first(project: Project, measured: Report) -> None:
    layer = measured.layer("entities")
    assert layer is not None
    (again,) = layer.again
    asked = Asked("entities", Metric.STRICT_F1, person="iva")
    found = trace(project, EVERYTHING, asked)
    assert [tuple(each) for each in found] == [tuple(e) for e in again.worst[Metric.STRICT_F1]]
    (article,) = (each.article for each in found)
    assert compared(project, EVERYTHING, asked, article) == (("iva", "iva #2"),)
    beside = Beside(project, article, "entities", ["iva", "iva #2"])
    assert sorted(beside.table.letters) == ["iva", "iva (2)"]
    assert beside.order, "nothing was marked the second time"


def test_only_whose_work_counts_is_compared(project: Project) -> None:
    whole = Asked("entities", Metric.STRICT_F1)
    names = {article.id for article in project.articles()}
    first, last = min(names), max(names)
    assert compared(project, EVERYTHING, whole, first) == (("iva", "mila", "petar"),)
    pair = whole._replace(by=By.PAIR, group=("iva", "petar"))
    assert compared(project, EVERYTHING, pair, first) == (("iva", "petar"),)
    pilot = whole._replace(by=By.ROUND, group=("pilot",))
    assert {compared(project, EVERYTHING, pilot, name) for name in (first, last)} == {
        (), (("iva", "mila"),)
    }  # fmt: skip
    only = Scope(annotators=("mila", "petar"))
    assert compared(project, only, whole, first) == (("mila", "petar"),)


def test_what_stands_in_for_a_number_without_articles() -> None:
    assert traceable(Metric.KAPPA, [Metric.ALPHA, Metric.PERCENT]) is Metric.PERCENT
    assert traceable(Metric.U_ALPHA, [Metric.STRICT_F1, Metric.PARTIAL_F1]) is Metric.STRICT_F1
    assert traceable(Metric.ALPHA, [Metric.ALPHA]) is Metric.ALPHA
    assert traceable(Metric.ALPHA, []) is None


def test_one_goes_through_what_differs_only(project: Project) -> None:
    article = min(each.id for each in project.articles())
    beside = Beside(project, article, "entities", kit.ANNOTATORS)
    differing = len(beside.order)
    assert 0 < differing == beside.differing
    beside.go(1_000_000)
    assert beside.place == differing - 1
    beside.turn()
    assert len(beside.order) > differing
    assert all(beside.table.by_key[key].layer == "entities" for key in beside.order)
    beside.turn()
    assert len(beside.order) == differing


def test_who_is_still_to_do_an_article_does_not_see_others_work(tmp_path: Path) -> None:
    scheme = preset("news")
    found = [kit.known(article, scheme) for article in kit.articles(2)]
    path = kit.make(tmp_path / "p.db", found, scheme)
    one, two = (each.article.id for each in found)
    with Project.open(path, "olga") as project:
        check_blind(project, one)
        given = Slot(one, "olga")
        begun = Draft(Kind.STATUS, Status.key("olga", two), two, Status("open").body())
        project.record(Act("assign", (Draft(Kind.SLOT, given.key, one, given.body()), begun)))
        for article in (one, two):
            with pytest.raises(AnnotatorError, match=f"still to finish {article} yourself"):
                Beside(project, article, "entities", kit.ANNOTATORS)
        for article in (one, two):
            done = Draft(Kind.STATUS, Status.key("olga", article), article, Status("done").body())
            project.record(Act("done", (done,)))
            check_blind(project, article)
    with Project.open(path, "iva") as project:
        check_blind(project, one)
        second = Slot(one, "iva #2")
        project.record(Act("assign", (Draft(Kind.SLOT, second.key, one, second.body()),)))
        with pytest.raises(AnnotatorError, match="still to finish"):
            check_blind(project, one)
