"""Releases in the log: all or none, exactly as written, whatever is decided, merged or killed later."""

from pathlib import Path
from typing import Any

import pytest
from release_kit import LEAD, annotated, save, span_draft
from store_help import tamper

from annotator.model.annotation import Span, State, Status, Work
from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.release import ACTOR, Frozen
from annotator.model.scheme_file import preset
from annotator.store import releases
from annotator.store.project import Project
from annotator.store.releases import Held, Sum, digest_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return annotated(tmp_path / "p.db")


def body(article: Article, label: str = "PER") -> dict[str, Any]:
    """Gold with one span."""
    span = Span("s", "entities", label, 0, 4)
    work = Work(
        article.id, ACTOR, (span,), looked=frozenset(["entities"]), status=Status(State.STARTED)
    )
    return Frozen(article.id, article.sha256, "en", "", "", work, ()).body(article.text)


def manifest(version: str, run: str, bodies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    gold = Sum()
    for article, one in sorted(bodies.items()):
        gold.add(article, digest_of(one))
    return {
        "version": version,
        "run": run,
        "digest": gold.digest,
        "articles": {"count": len(bodies)},
    }


def bodies_of(project: Project, label: str = "PER", without: str = "") -> dict[str, dict[str, Any]]:
    return {a.id: body(a, label) for a in project.articles() if a.id != without}


def make(path: Path, version: str, run: str, label: str = "PER", actor: str = LEAD) -> None:
    with Project.open(path, actor) as project:
        made = bodies_of(project, label)
        project.save_release(version, run, made.items())
        project.finish_release(manifest(version, run, made))


def labels(path: Path, version: str) -> list[tuple[str, str]]:
    with Project.open(path, readonly=True) as project:
        found = project.released_articles(project.release(version))
        return [(article.id, held.body["spans"][0]["label"]) for article, held in found]


def test_what_was_released_comes_back_in_order(path):
    make(path, "1.0", "r1")
    with Project.open(path, readonly=True) as project:
        (release,) = project.releases()
        assert (release.version, release.actor, release.run) == ("1.0", LEAD, "r1")
        assert release.time > 1.7e9
        held = list(project.released(release))
        assert [each.article for each in held] == sorted(each.article for each in held)
        made = bodies_of(project)
        assert {
            each.article: {k: v for k, v in each.body.items() if k != "run"} for each in held
        } == made
        assert [article.id for article, _ in project.released_articles(release)] == [*made]
        assert not [p for p in project.verify() if p.severity == "error"]


def test_releases_are_nobodys_annotations(path):
    with Project.open(path, readonly=True) as project:
        before = [project.works(name) for name in ("bridge", "tunnel")]
        actors = project.actors()
    make(path, "1.0", "r1", actor="new")
    with Project.open(path, readonly=True) as project:
        assert [project.works(name) for name in ("bridge", "tunnel")] == before
        assert project.actors() == actors
    with Project.open(path, "new") as project:
        assert list(project.past_acts()) == [], "and undo does not reach them"


def test_a_run_that_was_killed_is_no_release_and_leaves_the_version_free(path):
    with Project.open(path, LEAD) as project:
        project.save_release("1.0", "dead", bodies_of(project, "ORG").items())
        assert project.releases() == []
        with pytest.raises(AnnotatorError, match=r"no release .1\.0."):
            project.release("1.0")
        made = bodies_of(project, without="ferry")
        project.save_release("1.0", "r1", made.items())
        project.finish_release(manifest("1.0", "r1", made))
    assert labels(path, "1.0") == [("bridge", "PER"), ("tunnel", "PER")], "nothing of the dead run"


def test_somebody_elses_killed_run_is_not_mixed_in(path):
    with Project.open(path, "zoe") as project:
        project.save_release("1.0", "dead", bodies_of(project, "ORG").items())
    make(path, "1.0", "r1")
    assert {label for _, label in labels(path, "1.0")} == {"PER"}


def test_a_version_is_never_used_again(path):
    make(path, "1.0", "r1")
    with pytest.raises(AnnotatorError, match=r"release 1\.0 already"):
        make(path, "1.0", "r2", "ORG")
    assert {label for _, label in labels(path, "1.0")} == {"PER"}, "its articles are not touched"
    make(path, "1.0.1", "r3", "ORG")
    assert {label for _, label in labels(path, "1.0.1")} == {"ORG"}


def test_two_copies_that_made_the_same_version_keep_both(path):
    """As merging leaves them: both runs in one log, written at the same time by the same person."""
    with Project.open(path, LEAD) as one, Project.open(path, LEAD) as other:
        mine, theirs = bodies_of(one), bodies_of(other, "ORG")
        names = sorted(mine)
        one.save_release("1.0", "r1", [(name, mine[name]) for name in names[:2]])
        other.save_release("1.0", "r2", theirs.items())
        one.save_release("1.0", "r1", [(name, mine[name]) for name in names[2:]])
        one.finish_release(manifest("1.0", "r1", mine))
        told = manifest("1.0", "r2", theirs)

        def late(conn: Any, chain: Any) -> None:  # as it comes in with a merge, unasked
            from annotator.model.annotation import Kind
            from annotator.model.event import Act, Draft

            draft = Draft(Kind.RELEASE, "release:1.0", "", told)
            chain.step(chain.save(conn, Act("release", (draft,)), LEAD))

        other._writing.write(late)
    with Project.open(path, readonly=True) as project:
        assert [each.version for each in project.releases()] == ["1.0", "1.0~r2"]
    assert {label for _, label in labels(path, "1.0")} == {"PER"}
    assert {label for _, label in labels(path, "1.0~r2")} == {"ORG"}


def test_later_work_changes_nothing(path):
    make(path, "1.0", "r1")
    with Project.open(path, readonly=True) as project:
        before = list(project.released(project.release("1.0")))
    save(path, "iva", span_draft("bridge", "LOC", "Novobryag"))
    make(path, "1.1", "r2", "ORG")
    with Project.open(path, LEAD) as project:
        project.rebuild()
        project.set_language("bridge", "bg")
        assert list(project.released(project.release("1.0"))) == before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE event SET body = replace(body, '\"PER\"', '\"LOC\"') WHERE kind = 'release' AND article = 'ferry'",
        "DELETE FROM event WHERE kind = 'release' AND article = 'ferry'",
        "UPDATE event SET body = replace(body, '\"run\":\"r1\"', '\"run\":\"r2\"') WHERE kind = 'release' AND article = 'ferry'",
    ],
)
def test_a_release_that_is_not_whole_is_not_given_out(path, harm):
    make(path, "1.0", "r1")
    assert tamper(path, harm) == 1
    with pytest.raises(AnnotatorError, match="is not what was released"):
        labels(path, "1.0")


def test_articles_that_were_withdrawn_are_in_it_no_more(path):
    with Project.open(path, LEAD) as project:
        project.save_release("1.0", "dead", bodies_of(project, "ORG").items())
    make(path, "1.0", "r1")
    with Project.open(path, LEAD) as project:
        assert project.withdrawn_from(project.release("1.0")) == 0
        project.withdraw("ferry", "asked for")
        assert project.withdrawn_from(project.release("1.0")) == 1
    assert labels(path, "1.0") == [("bridge", "PER"), ("tunnel", "PER")]
    harm = "DELETE FROM event WHERE kind = 'release' AND article = 'bridge'"
    assert tamper(path, harm) == 2
    with pytest.raises(AnnotatorError, match="is not what was released"):
        labels(path, "1.0")


def test_quotes_are_proved_when_it_is_written(path):
    with Project.open(path, LEAD) as project:
        made = bodies_of(project)
        made["ferry"]["spans"][0]["text"] = "else"
        with pytest.raises(AnnotatorError, match="do not cut what it quotes"):
            project.save_release("1.0", "r1", made.items())
        assert project.releases() == []


def test_the_sum_is_that_of_ids_and_digests():
    total = Sum()
    total.add("a", "1")
    total.add("b", "2")
    assert total.digest == text_sha256("a\t1\nb\t2\n")
    assert digest_of({"x": 1, "run": "r"}) == Held("a", {"run": "s", "x": 1}).digest
    assert digest_of({"x": 1}) != digest_of({"x": 2})


def test_many_articles_come_page_by_page(tmp_path, monkeypatch):
    monkeypatch.setattr(releases, "BATCH", 7)
    with Project.create(tmp_path / "p.db", preset("minimal"), LEAD) as project:
        list(project.add(Article(f"a{n:02}", f"text number {n}") for n in range(23)))
        made = bodies_of(project)
        steps: list[int] = []
        project.save_release("1.0", "r1", made.items(), steps.append)
        project.finish_release(manifest("1.0", "r1", made))
        assert steps == [7, 7, 7, 2]
        assert [held.article for held in project.released(project.release("1.0"))] == [*made]
