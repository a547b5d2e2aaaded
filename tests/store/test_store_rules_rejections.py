"""Rules for the whole project and rejected suggestions: saved, undone, checked, taken in again."""

from pathlib import Path

import pytest
from store_help import caches, label, serious

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.writers import native_jsonl
from annotator.model.annotation import Kind, Rejection, Rule, State, Work
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.store.project import Project
from annotator.store.taking import Fate, Offered
from annotator.tui.work import WorkList


def rule_act(rule: Rule, on: bool = True, actor: str = "ann") -> Act:
    """An act that makes a rule, or takes it away."""
    draft = Draft(Kind.RULE, rule.key(actor), "", rule.body() if on else None)
    return Act("rule" if on else "remove rule", (draft,))


def reject_act(project: Project, article: str, rejection: Rejection, on: bool = True) -> Act:
    """An act that turns a suggestion down, or takes that back."""
    text = project.article(article).text
    key = rejection.key("ann", article)
    draft = Draft(Kind.REJECTION, key, article, rejection.body(text) if on else None)
    return Act("reject", (draft,))


PYONGYANG = Rule("entities", "LOC", "Пхенян")
KIM = Rule("entities", "PER", "Чен-ун")


def test_a_rule_knows_its_body_and_has_one_key_for_all_forms() -> None:
    assert Rule.of(PYONGYANG.body()) == PYONGYANG
    key = PYONGYANG.key("ann")
    assert key.startswith("rule:")
    assert key.endswith(":ann")
    assert len(key.split(":")[1]) == 16
    assert key == Rule("entities", "PER", "ПХЕНЯН").key("ann"), "one rule for a string and layer"
    assert key != Rule("names", "LOC", "Пхенян").key("ann")
    assert key != PYONGYANG.key("zoe")
    assert key != KIM.key("ann")


def test_a_rejection_knows_its_body_and_its_place() -> None:
    text = "Среща в Пхенян"
    rejection = Rejection("entities", "LOC", 8, 14)
    assert rejection.body(text)["text"] == "Пхенян"
    assert Rejection.of(rejection.body(text)) == rejection
    assert rejection.key("ann", "bg") == "rejection:entities:8-14:ann:bg"
    with pytest.raises(AnnotatorError, match="do not lie"):
        rejection.body("Среща")
    assert "sha256" in Rejection("entities", "LOC", 0, 300).body("дума " * 60)


def test_rules_stand_until_removed_and_are_ones_own(project: Project, path: Path) -> None:
    assert project.rules() == ()
    project.submit(rule_act(PYONGYANG)).result()
    project.submit(rule_act(KIM)).result()
    project.submit(rule_act(Rule("entities", "PER", "Ким"), actor="zoe"), "zoe").result()
    assert project.rules() == (PYONGYANG, KIM)
    project.submit(rule_act(PYONGYANG, on=False)).result()
    assert project.rules() == (KIM,)
    assert not serious(project)
    before = caches(path)
    project.rebuild()
    assert caches(path) == before
    with Project.open(path, "zoe") as other:
        assert [rule.surface for rule in other.rules()] == ["Ким"]
    assert project.scheme.name == "news", "a rule is no scheme"


def test_a_rule_builds_on_the_version_that_stands(project: Project, path: Path) -> None:
    made = project.submit(rule_act(PYONGYANG)).result()[0]
    project.close()
    with Project.open(path, "ann") as again:
        gone = again.submit(rule_act(PYONGYANG, on=False)).result()[0]
        assert gone.base == made.id
        back = again.submit(rule_act(PYONGYANG)).result()[0]
        assert back.base == gone.id


def test_the_acts_that_undo_reaches_hold_rules(project: Project) -> None:
    project.submit(label(project, "bg", "one")).result()
    made, gone = rule_act(PYONGYANG), rule_act(PYONGYANG, on=False)
    project.submit(made).result()
    project.submit(gone).result()
    past = list(project.past_acts())
    assert [act.verb for act in past] == ["remove rule", "rule", "label"], "the scheme is not one"
    change = past[0].changes[0]
    assert (change.kind, change.article, change.after) == (Kind.RULE, "", None)
    assert change.before == PYONGYANG.body()
    assert past[1].changes[0].before is None


def test_one_begins_where_one_worked_last_though_a_rule_came_after(project: Project) -> None:
    project.submit(label(project, "zh", "one", 0, 3)).result()
    project.submit(rule_act(PYONGYANG)).result()
    work = WorkList(project)
    assert work.first() == "zh"
    assert work.rules() == (PYONGYANG,)


def test_rejections_are_part_of_the_work(project: Project, path: Path) -> None:
    text = project.article("bg").text
    start = text.index("Пхенян")
    later = Rejection("entities", "LOC", start, start + 6)
    earlier = Rejection("entities", "PER", 0, 7)
    for rejection in (later, earlier):
        project.submit(reject_act(project, "bg", rejection)).result()
    work = project.work("bg")
    assert work.rejections == (earlier, later)
    assert work.status.state is State.STARTED
    assert set(work.versions) == {later.key("ann", "bg"), earlier.key("ann", "bg")}
    row = project.row("bg")
    assert row is not None
    assert (row.state, row.counts) == (State.STARTED, {})
    assert [w.rejections for w in project.works("bg")] == [(earlier, later)]
    project.submit(reject_act(project, "bg", later, on=False)).result()
    assert project.work("bg").rejections == (earlier,)
    assert not serious(project)
    before = caches(path)
    project.rebuild()
    assert caches(path) == before


def test_a_rejection_must_quote_its_text(project: Project) -> None:
    body = {"layer": "entities", "label": "LOC", "start": 0, "end": 7, "text": "Изход!!"}
    draft = Draft(Kind.REJECTION, "rejection:entities:0-7:ann:bg", "bg", body)
    with pytest.raises(AnnotatorError, match="do not cut what it quotes"):
        project.submit(Act("reject", (draft,))).result()


def test_an_export_says_what_stays_behind(project: Project) -> None:
    project.submit(label(project, "bg", "one")).result()
    project.submit(reject_act(project, "bg", Rejection("entities", "PER", 8, 14))).result()
    documents = [Document(s.article, s.works, s.recorded) for s in project.documents()]
    losses = Losses()
    parts = native_jsonl.parts(documents, project.scheme, Options(), losses)
    lines = [part for part in parts if not part.file]
    assert len(lines) == len(documents)
    assert losses.lines() == ["1 × rejected suggestions, which stay in the project (bg)"]


def test_work_that_comes_back_from_a_file_leaves_rejections_alone(project: Project) -> None:
    project.submit(label(project, "bg", "one")).result()
    for article in ("bg", "ru"):
        act = reject_act(project, article, Rejection("entities", "PER", 8, 14))
        project.submit(act).result()
    offered = [
        Offered(name, project.article(name).text, _as_exported(project, name))
        for name in ("bg", "ru")
    ]
    assert [taken.fate for taken in project.take(offered)] == [Fate.UNCHANGED] * 2
    assert len(project.work("bg").rejections) == 1
    assert len(project.work("bg").spans) == 1


def test_a_newer_file_replaces_what_an_import_brought_but_no_rejection(project: Project) -> None:
    text = project.article("bg").text
    project.submit(label(project, "bg", "one"), "zoe").result()
    first = _as_exported(project, "bg", "zoe")
    imported = Work("bg", "ann", first.spans, status=first.status)
    assert project.take([Offered("bg", text, imported)])[0].fate is Fate.TAKEN
    rejection = Rejection("entities", "PER", 8, 14)
    project.submit(reject_act(project, "bg", rejection)).result()
    emptied = Work("bg", "ann", status=first.status)
    assert project.take([Offered("bg", text, emptied)])[0].fate is Fate.TAKEN
    assert project.work("bg").spans == ()
    assert project.work("bg").rejections == (rejection,)


def _as_exported(project: Project, article: str, actor: str = "ann") -> Work:
    """The work as a native file brings it: without versions and rejections."""
    from annotator.formats.readers.native import document_of

    works = (project.work(article, actor),)
    document = Document(project.article(article), works)
    return document_of(native_jsonl.record(document, project.scheme)).works[0]
