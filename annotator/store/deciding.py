"""A project's part about the gold standard: decisions on items, guidelines, releases."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from annotator.model.decision import PREFIX, Decided, Decision
from annotator.store.part import Part
from annotator.store.standing import standing

if TYPE_CHECKING:
    from annotator.model.split import Assigned
    from annotator.store.labels import LabelBook


class Deciding(Part):
    """The part of `Project` about the gold standard: decisions on items, guidelines, releases."""

    def decisions(self, article: str) -> tuple[Decided, ...]:
        """The decisions on an article's items that stand, sorted by key."""
        rows = standing(self._reader, article, PREFIX)
        return tuple(
            Decided(Decision.of(key, body), event, actor) for key, event, actor, body in rows
        )

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
