"""The gold that annotators' work is held against: a release's, or what is adjudicated by now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.lead.gilding import gild
from annotator.model.annotation import Work
from annotator.model.release import Frozen, Release
from annotator.model.scheme import Scheme
from annotator.store import adjudicated as decided
from annotator.store import released_gold
from annotator.store.documents import Stored

if TYPE_CHECKING:
    from annotator.store.project import Project


class Gold:
    """Where gold comes from."""

    words = "nothing"
    """What it is, for people."""

    def works(self) -> Iterator[tuple[str, Work]]:
        """Every article with gold, and its gold."""
        raise NotImplementedError

    def work(self, article: str) -> Work | None:
        """One article's gold; None when it has none."""
        raise NotImplementedError

    def articles(self) -> list[str]:
        """The ids of the articles with gold."""
        return [article for article, _ in self.works()]

    def possible(self) -> set[str]:
        """The ids of articles that may have gold, found quickly: all that have are among them."""
        return set(self.articles())

    def outdated(self, scheme: Scheme) -> tuple[str, ...]:  # noqa: ARG002 - for releases
        """Labels of the gold that the scheme has no more: what has them can only differ."""
        return ()


class Released(Gold):
    """The gold of a release, which never changes."""

    def __init__(self, project: "Project", release: Release) -> None:
        self._project = project
        self.release = release
        self.words = f"release {release.version}"

    def works(self) -> Iterator[tuple[str, Work]]:
        """Every article of the release."""
        for held in self._project.released(self.release):
            yield held.article, Frozen.of(held.article, held.body).work

    def work(self, article: str) -> Work | None:
        """One article's."""
        found = released_gold.gold_of(self._project, self.release, article)
        return None if found is None else found.work

    def articles(self) -> list[str]:
        """The articles of the release, in the order of the queue."""
        return released_gold.articles_of(self._project, self.release)

    def outdated(self, scheme: Scheme) -> tuple[str, ...]:
        """Labels that were renamed or given up since."""
        known = {(layer.name, label.name) for layer in scheme.layers for label in layer.labels}
        then = self.release.scheme()
        return tuple(
            f"{layer.name}/{label.name}"
            for layer in then.layers
            for label in layer.labels
            if (layer.name, label.name) not in known
        )


class Adjudicated(Gold):
    """What is decided to the end now, layer by layer."""

    words = "what is adjudicated"

    def __init__(self, project: "Project") -> None:
        self._project = project

    def works(self) -> Iterator[tuple[str, Work]]:
        """Every article with a layer that is decided."""
        for stored in self._project.documents(worked=True):
            gold = self._gold(stored)
            if gold is not None:
                yield stored.article.id, gold

    def work(self, article: str) -> Work | None:
        """One article's."""
        project = self._project
        read = project.article(article)
        return self._gold(Stored(read, project.works(article), {}, ""))

    def possible(self) -> set[str]:
        """Those of which anything was decided."""
        return decided.touched(self._project)

    def _gold(self, stored: Stored) -> Work | None:
        if not self._project.decisions(stored.article.id):
            return None
        return gild(self._project, stored).work


def gold(project: "Project", adjudicated: bool = False, version: str = "") -> Gold | None:
    """The gold to hold work against; None when there is no release yet.

    Args:
        project: an open project.
        adjudicated: what is decided now rather than a release.
        version: of the release; "" is the newest.

    Raises:
        AnnotatorError: there is no release of that version.
    """
    if adjudicated:
        return Adjudicated(project)
    if version:
        return Released(project, project.release(version))
    releases = project.releases()
    return Released(project, releases[-1]) if releases else None
