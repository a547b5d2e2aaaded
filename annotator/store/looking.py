"""What is looked up in a project: articles by words and titles, precedents, rules, splits, views."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from annotator.model.annotation import Rule
from annotator.store import works
from annotator.store.part import Part
from annotator.store.queue import QueueRow

if TYPE_CHECKING:
    from annotator.model.split import Assigned
    from annotator.model.suggestion import Suggestion
    from annotator.store.finding import Hit
    from annotator.store.identities import Known
    from annotator.store.precedents import Precedents
    from annotator.store.recurring import Recurring
    from annotator.store.staffing import Staffing
    from annotator.store.texts import TextIndex
    from annotator.store.views import View


class Looking(Part):
    """The part of `Project` that only reads, for the annotator who opened it."""

    # --- finding articles

    def search(self, words: str, limit: int = 50, after: "Hit | int" = 0) -> "list[Hit]":
        """Articles with all these words, each with the place to go to; by number, a page at a time.

        Words in double quotes or joined by hyphens must follow one another; the last may be begun.
        `after` is the last hit of the page before.
        """
        from annotator.store import finding

        return finding.search(self._reader, words, limit, after)

    def titled(self, words: str, limit: int = 50, after: int = 0) -> list[QueueRow]:
        """Articles whose title has words that begin like these, by number, those after a number.

        The article whose id was given comes before them.
        """
        from annotator.store import finding

        return finding.titled(self._reader, self.actor, words, limit, after, self._stance_layer)

    def texts(self) -> "TextIndex":
        """The articles by the SHA-256 of their texts, as they are now."""
        from annotator.store.texts import TextIndex

        return TextIndex(self._reader)

    def recent(self, limit: int = 20) -> list[QueueRow]:
        """The articles this annotator decided something about last, newest first."""
        from annotator.store import finding

        return finding.recent(self._reader, self.actor, limit, self._stance_layer)

    # --- precedents and rules

    def precedents(self, surface: str, layer: str) -> "Precedents":
        """How this annotator labelled a string and its other forms in a layer so far."""
        from annotator.store import precedents

        return precedents.precedents(self._reader, self.actor, surface, layer)

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        """Those of the forms (`text.forms.form_key`) this annotator has labelled in a layer."""
        from annotator.store import precedents

        return precedents.known_forms(self._reader, self.actor, layer, forms)

    def labels_of(self, forms: Collection[str], layer: str) -> Mapping[str, Counter[str]]:
        """For each form this annotator has labelled in a layer, how often with which label."""
        from annotator.store import precedents

        return precedents.labels_of(self._reader, self.actor, layer, forms)

    def rules(self) -> tuple[Rule, ...]:
        """This annotator's rules for the whole project that stand, oldest first."""
        return works.rules(self._reader, self.actor)

    def suggestions(self, article_id: str) -> "tuple[Suggestion, ...]":
        """What is suggested to this annotator for an article, in reading order.

        By files, and by what suggesters learnt of this annotator. Nothing where `why_silent` says
        so nor in layers that are switched off (`assistance`), and nothing that is for somebody
        else alone.
        """
        from annotator.store import suggestions

        return suggestions.suggestions(cast("Staffing", self), article_id)

    def is_held_out(self, article_id: str) -> bool:
        """Whether an article is in the test split, where nothing may be suggested."""
        from annotator.store import suggestions

        return suggestions.is_held_out(self._reader, article_id)

    def recurring(
        self, article: str, layer: str, lines: Collection[str], actor: str = "", queue: bool = False
    ) -> "Recurring":
        """Where lines that look like an article's stand unlabelled in its source (`store.recurring`)."""
        from annotator.store import recurring

        return recurring.recurring(self._reader, actor or self.actor, article, layer, lines, queue)

    def versions(
        self, things: Iterable[tuple[str, str]], actor: str = ""
    ) -> dict[tuple[str, str], tuple[str, Mapping[str, Any] | None]]:
        """For articles and keys an annotator's version there: its event's id and its body."""
        from annotator.store import recurring

        return recurring.versions(self._reader, actor or self.actor, things)

    def identities(self, layer: str, group: str = "", surface: str = "") -> "list[Known]":
        """Identities this annotator gave in a layer, the most used first.

        The most used of the project, and whatever the event `group` or any form of `surface` has.
        """
        from annotator.store import identities

        return identities.identities(self._reader, self.actor, layer, group, surface)

    # --- splits of the data set

    def splits(self, ids: Iterable[str] | None = None) -> dict[str, str]:
        """The splits of some articles, or of all, by id; articles without one are left out."""
        from annotator.store import splits

        return splits.splits(self._reader, ids)

    def assigned(self, ids: Iterable[str] | None = None) -> "dict[str, Assigned]":
        """The same, with what each article was kept together with."""
        from annotator.store import splits

        return splits.assigned(self._reader, ids)

    def split_settings(self) -> dict[str, Any]:
        """How the project was split last; {} when it never was."""
        from annotator.store import splits

        return splits.settings(self._reader)

    # --- views of the queue

    def views(self) -> "list[View]":
        """The views of the queue this annotator keeps for the project on this machine."""
        from annotator.store import views

        return views.views(self.id, self.actor)

    def keep_view(self, view: "View") -> None:
        """Keep a view, instead of the one with its name."""
        from annotator.store import views

        views.keep(self.id, self.actor, view)

    def forget_view(self, name: str) -> None:
        """Keep a view no longer."""
        from annotator.store import views

        views.forget(self.id, self.actor, name)
