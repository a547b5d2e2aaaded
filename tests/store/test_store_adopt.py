"""A changed text takes its article's place; what annotators marked is offered to each of them alone."""

from pathlib import Path

import pytest
from store_help import serious, status_draft

from annotator.model.annotation import Evidence, Kind, Party, Span, Stance, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.model.split import Assigned
from annotator.store.filters import Filter
from annotator.store.gone import Why
from annotator.store.project import Project

OLD = "Реклама\nИван Петров се срещна с Мария в Бургас.\nИзчезващ ред за Петко.\n"
NEW = "Обновено\nРеклама\nИван Петров се срещна с Мария Илиева в Бургас.\n"
NEWER = "Обновено пак\nИван Петров се срещна с Мария Илиева в Бургас.\n"


def draft(text: str, article: str, name: str, label: str, surface: str, layer="entities") -> Draft:
    start = text.index(surface)
    attrs = {"lemma": surface.upper()} if surface == "Бургас" else {}
    span = Span(name, layer, label, start, start + len(surface), attrs)
    return Draft(Kind.SPAN, span.key, article, span.body(text))


def stance(text: str, actor: str, *surfaces: str) -> Draft:
    places = tuple(Evidence(text.index(s), text.index(s) + len(s)) for s in surfaces)
    made = Stance(Party("entity", "Иван"), "favor", evidence=places)
    return Draft(Kind.STANCE, made.key(actor, "a"), "a", made.body(text))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with Project.create(path, preset("news"), "lena") as project:
        list(project.add([Article("a", OLD, lang="bg"), Article("b", "Друга статия.", lang="bg")]))
        iva = (
            draft(OLD, "a", "s1", "PER", "Иван Петров"),
            draft(OLD, "a", "s2", "LOC", "Бургас"),
            draft(OLD, "a", "s3", "PER", "Петко"),
            draft(OLD, "a", "s4", "teaser", "Реклама", "boilerplate"),
            stance(OLD, "iva", "се срещна", "Изчезващ"),
            status_draft("a", "iva", State.DONE),
        )
        project.record(Act("label", iva), "iva")
        boris = (draft(OLD, "a", "b1", "ORG", "Иван Петров"), draft(OLD, "a", "b2", "PER", "Мария"))
        project.record(Act("label", boris), "boris")
        project.record(Act("label", (draft(OLD, "a", "p1", "PER", "Мария"),)), "iva #2")
        project.assign(
            [Slot("a", "iva"), Slot("a", "boris"), Slot("a", "iva #2"), Slot("b", "iva")]
        )
        project.assign_splits([Assigned("a", "train")])
        list(project.add([Article("a", NEW, lang="bg")]))
    return path


@pytest.fixture
def new(path: Path) -> str:
    with Project.open(path, "lena", readonly=True) as project:
        [(old, name)] = project.changed_texts()
        assert old == "a"
        return name


def suggested(path: Path, actor: str, article: str) -> list[tuple[str, str]]:
    with Project.open(path, actor, readonly=True) as project:
        text = project.article(article).text
        return [(s.label, text[s.start : s.end]) for s in project.suggestions(article)]


def test_what_was_marked_is_offered_to_each_alone(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        done = project.adopt(new)
        assert {c.actor: (c.found, c.lost) for c in done.carried} == {
            "iva": (3, (("entities", "PER", "Петко"),)),
            "boris": (2, ()),
        }
        iva = next(c for c in done.carried if c.actor == "iva")
        assert (iva.stances, iva.evidence, iva.evidence_found) == (1, 2, 1)
        assert serious(project) == []
        project.rebuild()
        assert serious(project) == []
    assert suggested(path, "iva", new) == [
        ("teaser", "Реклама"), ("PER", "Иван Петров"), ("LOC", "Бургас")
    ]  # fmt: skip
    assert suggested(path, "boris", new) == [("ORG", "Иван Петров"), ("PER", "Мария")]
    assert suggested(path, "lena", new) == []
    with Project.open(path, "iva", readonly=True) as project:
        [place] = [s for s in project.suggestions(new) if s.label == "LOC"]
        assert (place.source, place.attrs) == ("earlier version", {"lemma": "БУРГАС"})


def test_the_old_one_is_left_out_and_the_new_one_in_its_place(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        done = project.adopt(new)
        assert (done.old, done.slots, done.split) == ("a", ("boris", "iva"), "train")
        assert project.gone()["a"].why is Why.REPLACED
        assert project.gone()["a"].by == new
        assert [row.id for row in project.page()] == ["b", new]
        assert project.count() == 2
        assert project.languages() == {"bg": 2}
        assert [stored.article.id for stored in project.documents()] == [new, "b"]
        assert {slot.article for slot in project.slots()} == {"b", new}
        assert {slot.annotator for slot in project.slots([new])} == {"boris", "iva"}
        assert project.loads()["iva"].assigned == 2
        assert project.splits()[new] == "train"
        assert project.changed_texts() == []
        assert [each.actor for each in project.progress().actors] == []
        assert project.article("a").text == OLD
        assert len(project.work("a", "iva").spans) == 4
    with Project.open(path, "iva") as project:
        assert [row.id for row in project.page(Filter(assigned="me"))] == ["b", new]


def test_nothing_is_written_by_a_dry_run(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        before = project.vector()
        told = project.adopt(new, dry_run=True)
        assert project.vector() == before
        assert project.adopt(new) == told


def test_undo_puts_everything_back(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.adopt(new)
        back = project.unadopt(new)
        assert (back.old, back.slots) == ("a", ("boris", "iva"))
        assert project.gone() == {}
        assert [row.id for row in project.page()] == ["a", "b", new]
        assert list(project.slots([new])) == []
        assert project.progress().actors[0].states == {"started": 1}
        assert project.changed_texts() == [("a", new)]
        assert serious(project) == []
        with pytest.raises(AnnotatorError, match="is not adopted"):
            project.unadopt(new)
        assert project.adopt(new).carried
        assert project.gone()["a"].by == new
    assert len(suggested(path, "iva", new)) == 3


def test_undo_leaves_work_that_was_begun_assigned(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.adopt(new)
        project.record(Act("label", (draft(NEW, new, "n1", "PER", "Мария Илиева"),)), "iva")
        assert project.unadopt(new).slots == ("boris",)
        assert [slot.annotator for slot in project.slots([new])] == ["iva"]
    assert suggested(path, "iva", new) == []


def test_a_later_change_goes_on_from_the_text_in_place(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.adopt(new)
        project.record(Act("label", (draft(NEW, new, "n1", "PER", "Мария Илиева"),)), "iva")
        list(project.add([Article("a", NEWER)]))
        [(old, newest)] = project.changed_texts()
        assert old == new
        project.adopt(newest)
        assert [row.id for row in project.page()] == ["b", newest]
        assert project.gone()[new].by == newest
        assert suggested(path, "iva", newest) == [
            ("PER", "Иван Петров"), ("PER", "Мария Илиева"), ("LOC", "Бургас")
        ]  # fmt: skip
        assert suggested(path, "boris", newest) == [("ORG", "Иван Петров"), ("PER", "Мария")]
        project.unadopt(newest)
        assert [row.id for row in project.page()] == ["b", new, newest]


def test_of_two_changes_the_newer_takes_the_older_along(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        list(project.add([Article("a", NEWER)]))
        project.record(Act("label", (draft(NEW, new, "n1", "PER", "Мария Илиева"),)), "olga")
        newest = dict(project.changed_texts())["a"]
        done = project.adopt(newest)
        assert done.also == (new,)
        assert {each.actor for each in done.carried} == {"iva", "boris", "olga"}
        assert [row.id for row in project.page()] == ["b", newest]
        project.unadopt(newest)
        assert [row.id for row in project.page()] == ["a", "b", new, newest]


def test_in_the_test_split_nothing_is_suggested(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.assign_splits([Assigned(new, "test")])
        done = project.adopt(new)
        assert done.held_out
        assert project.gone()["a"].by == new
    assert suggested(path, "iva", new) == []


def test_what_cannot_be_adopted_is_said(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        with pytest.raises(AnnotatorError, match="no changed text of an article"):
            project.adopt("b")
        with pytest.raises(AnnotatorError, match="no article 'nope'"):
            project.adopt("nope")
        list(project.add([Article("b@12345678", "no hash of it")]))
        with pytest.raises(AnnotatorError, match="no changed text of an article"):
            project.adopt("b@12345678")
        project.adopt(new)
        with pytest.raises(AnnotatorError, match="adopted already"):
            project.adopt(new)


def test_a_withdrawn_article_has_no_changed_text(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.withdraw("a", "")
        assert project.changed_texts() == []
        with pytest.raises(AnnotatorError, match="no changed text"):
            project.adopt(new)


def test_the_text_in_place_can_be_withdrawn_and_the_old_one_too(path: Path, new: str) -> None:
    with Project.open(path, "lena") as project:
        project.adopt(new)
        project.withdraw("a", "")
        project.withdraw(new, "")
        project.scrub()
        assert [row.id for row in project.page()] == ["b"]
        assert {each.why for each in project.gone().values()} == {Why.WITHDRAWN}
        assert serious(project) == []
        project.rebuild()
        assert serious(project) == []


def test_a_handout_holds_only_its_own_suggestions(path: Path, new: str, tmp_path: Path) -> None:
    from annotator.store.handing import handed_out

    with Project.open(path, "lena") as project:
        project.adopt(new)
        rows = list(handed_out(project._reader, "iva"))
    suggestions = [row[9] for row in rows if row[8] == "suggestion"]
    assert len(suggestions) == 3
    assert all('"for":"iva"' in body for body in suggestions)
