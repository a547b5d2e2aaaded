"""`annotator` on a project that holds one article, with spans made beforehand."""

import shutil
import sys
from pathlib import Path

from annotator.model.annotation import Kind, Span, State
from annotator.model.article import Article
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme_file import preset
from benchmarks.program import Program
from benchmarks.texts import Mark, marks

ACTOR, ARTICLE, LAYER, LABEL = "bench", "flood", "entities", "PER"
COMMAND = str(Path(sys.executable).with_name("annotator"))
BATCH = 1000
"""Spans to an act: as much as the largest bulk act a person makes."""


def program(text: Path, made: list[Mark], folder: Path) -> Program:
    """A fresh copy of the project with these marks, and the program that opens it."""
    master = text.with_name(f"{text.stem}-{len(made)}.db")
    if not master.exists():
        prepare(master, text.read_text(encoding="utf-8"), len(made))
    project = folder / "project.db"
    shutil.copyfile(master, project)  # nobody has it open, and `prepare` left no journal
    return Program(
        "annotator",
        [COMMAND, str(project), "--as", ACTOR],
        opening=(b"2",),
        saved=lambda: _new(project, len(made)),
    )


def prepare(project_path: Path, text: str, n_spans: int) -> None:
    """A project of one article with `n_spans` entities, half of the words free."""
    from annotator.store.project import Project  # not at the top: the harness stays small to fork

    with Project.create(project_path, preset("news"), ACTOR) as project:
        article = Article(ARTICLE, text, title="Измерване", lang="bg", lang_source="import")
        for outcome in project.add([article]):
            assert outcome.result == "new", outcome
        spans = [_span(mark) for mark in marks(text, n_spans)]
        for at in range(0, len(spans), BATCH):
            drafts = [_draft(span, text) for span in spans[at : at + BATCH]]
            project.submit(Act("label", tuple(drafts))).result()
    journal = project_path.with_name(project_path.name + "-wal")
    if journal.exists() and journal.stat().st_size:
        raise RuntimeError(f"{journal} is left: the copies would lack what is in it")


def _span(mark: Mark) -> Span:
    return Span(new_id(), LAYER, mark.label, mark.start, mark.end)


def _draft(span: Span, text: str) -> Draft:
    return Draft(Kind.SPAN, span.key, ARTICLE, span.body(text))


def _new(path: Path, before: int) -> list[str]:
    """The words the run labelled, in text order, once every earlier span is still there."""
    from annotator.store.project import Project

    with Project.open(path, ACTOR, readonly=True) as project:
        article, work = project.article(ARTICLE), project.work(ARTICLE)
    text = article.text
    prepared = {(mark.start, mark.end, mark.label) for mark in marks(text, before)}
    found = [(span.start, span.end, span.label) for span in work.spans]
    assert prepared <= set(found), "spans made before the run are gone"
    assert work.status.state is not State.DONE
    return [text[start:end] for start, end, label in found if (start, end, label) not in prepared]
