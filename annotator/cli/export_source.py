"""What an export is made from: the project as it is, its gold, or a release of it."""

from collections.abc import Iterator
from dataclasses import replace

from annotator.cli import out
from annotator.cli.bars import Phase
from annotator.formats.document import Document
from annotator.formats.selection import Selection
from annotator.lead.gilding import gild, unasked
from annotator.model.errors import AnnotatorError
from annotator.model.release import ACTOR, ADJUDICATED, Frozen, Release
from annotator.model.scheme import Scheme
from annotator.store.project import Project


def source(
    project: Project, selection: Selection, phase: Phase
) -> tuple[Iterator[Document], Scheme]:
    """The documents a selection speaks of, sorted by id, and the scheme they go out with.

    Raises:
        AnnotatorError: there is no such release, or the selection cannot be of gold or a release.
    """
    _refuse(selection)
    if selection.release:
        release = project.release(selection.release)
        lost = project.withdrawn_from(release)
        if lost:
            what = out.counted(lost, "article")
            out.say(f"Withdrawn since release {release.version} and left out: {what}.", err=True)
        return released(project, release, phase), release.scheme()
    return documents(project, phase, selection.gold), project.scheme


def _refuse(selection: Selection) -> None:
    """What is decided, or frozen, is nobody's own work: whose it was cannot be chosen any more."""
    decided = "--release" if selection.release else "--gold adjudicated"
    if not selection.release and selection.gold != ADJUDICATED:
        return
    for flag, is_given in (
        ("--annotator", selection.annotators),
        ("--status", selection.states),
        ("--gold", selection.release and selection.gold),
    ):
        if is_given:
            raise AnnotatorError(f"{decided} says whose decisions go out; leave {flag} away.")


def documents(project: Project, phase: Phase, gold: str = "") -> Iterator[Document]:
    """Every article with everybody's decisions, sorted by id.

    With a policy of gold answers to hidden questions are not among them; adjudicated gold is made.
    """
    for stored in project.documents():
        made = gild(project, stored) if gold == ADJUDICATED else None
        works = unasked(project, stored.article.id, stored.works) if gold else stored.works
        yield Document(
            stored.article,
            works,
            stored.recorded,
            stored.sha256,
            stored.split,
            gold=made,
        )
        phase.advance(1)


def released(project: Project, release: Release, phase: Phase) -> Iterator[Document]:
    """The articles of a release with its gold, as they were then: language and split too.

    Raises:
        AnnotatorError: something of it is not what was released.
    """
    for article, held in project.released_articles(release):
        frozen = Frozen.of(held.article, held.body)
        then = replace(article, lang=frozen.lang, lang_source=frozen.lang_source)
        recorded = {(ACTOR, f"span:{span['id']}"): span for span in held.body["spans"]}
        works = (frozen.work,)
        yield Document(then, works, recorded, frozen.sha256, frozen.split, frozen.items)
        phase.advance(1)
