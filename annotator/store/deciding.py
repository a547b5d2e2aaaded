"""A project's part about the gold standard: decisions on items, guidelines, releases."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.model.decision import PREFIX, Decided, Decision
from annotator.model.opinions import held
from annotator.store import opening
from annotator.store.part import Part
from annotator.store.standing import opinions

if TYPE_CHECKING:
    from annotator.model.article import Article
    from annotator.model.guideline_version import GuidelineVersion
    from annotator.model.release import Release
    from annotator.model.split import Assigned
    from annotator.store.guidelines import Kept, Versions
    from annotator.store.labels import LabelBook
    from annotator.store.rechecking import Complaint, Outdated
    from annotator.store.releases import Held


class Deciding(Part):
    """The part of `Project` about the gold standard: decisions on items, guidelines, releases."""

    def decisions(self, article: str) -> tuple[Decided, ...]:
        """The decisions on an article's items that stand, sorted by key; see `model.opinions.held`."""
        return self.decisions_without(article, "")

    def decisions_without(self, article: str, actor: str) -> tuple[Decided, ...]:
        """The decisions that would stand had somebody made none."""
        given = opinions(self._reader, article, PREFIX).values()
        others = ([row for row in rows if row[2] != actor] for rows in given)
        return tuple(
            held(Decided(Decision.of(key, body), event, who) for key, event, who, body in rows)
            for rows in others
            if rows
        )

    # --- guidelines

    def guidelines(self) -> "Kept":
        """The guidelines that hold: the newest version that was set, else the scheme's own."""
        from annotator.store import guidelines

        return guidelines.current(self._reader, self.scheme)

    def guideline_log(self) -> "list[Kept]":
        """Every version of the guidelines, oldest first; the scheme's own at the beginning."""
        from annotator.store import guidelines

        return guidelines.history(self._reader, self.scheme)

    def set_guidelines(self, new: "GuidelineVersion") -> None:
        """Make a text the project's guidelines; what this process saves from now on is under it.

        See `require` for who may.

        Raises:
            AnnotatorError: its version is not above the one that holds.
        """
        from annotator.store import guidelines

        guidelines.put(self._writing, self.scheme, new, self.actor)
        self.scheme = opening.scheme(self._reader)

    def guideline_versions(self) -> "Versions":
        """Under which version of the guidelines every event was made."""
        from annotator.store.guidelines import Versions

        return Versions(self._reader)

    def outdated(self, version: str = "") -> "Iterator[Outdated]":
        """Work and decisions that rest on guidelines from before a version; see `rechecking`.

        With "" every major version counts.
        """
        from annotator.store import rechecking

        return rechecking.outdated(self._reader, self.scheme, version)

    def guideline_problems(self) -> "Iterator[Complaint]":
        """Decisions that were marked as a problem of the guidelines, by article."""
        from annotator.store import rechecking

        return rechecking.complaints(self._reader)

    # --- releases

    def releases(self) -> "list[Release]":
        """Every release, oldest first."""
        from annotator.store import releases

        return releases.releases(self._reader)

    def release(self, version: str) -> "Release":
        """The release with a version; raises AnnotatorError when there is none."""
        from annotator.store import releases

        return releases.find(self._reader, version)

    def released(self, release: "Release") -> "Iterator[Held]":
        """The gold of a release, an article at a time, sorted by id."""
        from annotator.store import releases

        return releases.held(self._reader, release)

    def released_articles(self, release: "Release") -> "Iterator[tuple[Article, Held]]":
        """The same with the articles; AnnotatorError at the end when it is not what was released."""
        from annotator.store import releases

        return releases.proved(self._reader, release)

    def save_release(
        self,
        version: str,
        run: str,
        bodies: Iterable[tuple[str, Mapping[str, Any]]],
        saved: Callable[[int], object] = int,
    ) -> None:
        """Write the articles of a release that is being made; see `releases.save`."""
        from annotator.store import releases

        releases.save(self._writing, version, run, bodies, self.actor, saved)

    def finish_release(self, manifest: Mapping[str, Any]) -> None:
        """Make what was written a release; AnnotatorError when there is one of its version."""
        from annotator.store import releases

        releases.finish(self._writing, manifest, self.actor)

    # --- splits and labels

    def assign_splits(
        self,
        wanted: "Iterable[Assigned]",
        settings: Mapping[str, Any] | None = None,
        saved: Callable[[int], object] = int,
    ) -> int:
        """Give articles a split, for good; how many had none. See `splits.assign`."""
        from annotator.store import splits

        return splits.assign(self._writing, wanted, self.actor, settings, saved)

    @property
    def labels(self) -> "LabelBook":
        """What the scheme's labels are used for, and the schemes the project had."""
        from annotator.store.labels import LabelBook

        return LabelBook(self._reader, self.scheme)
