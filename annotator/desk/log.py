"""What the desk asks of a store."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Protocol

from annotator.model.annotation import Rule, Work
from annotator.model.article import Article
from annotator.model.event import Act, PastAct

if TYPE_CHECKING:
    from annotator.model.shown import Shown
    from annotator.model.suggestion import Suggestion
    from annotator.store.recurring import Recurring


def is_saved(future: "Future[Any] | None") -> bool:
    """Whether an act is in the log, at once or (`store.trouble.AwaitedError`) after waiting for it."""
    while future is not None and future.done():
        error = None if future.cancelled() else future.exception()
        if error is None:
            return True
        future = getattr(error, "sent", None)
    return False


class Log(Protocol):
    """What the desk asks of a store."""

    def article(self, article_id: str) -> Article:
        """The article."""

    def work(self, article_id: str) -> Work:
        """This annotator's decisions on it."""

    def submit(self, act: Act) -> Future[Any]:
        """Save an act; the future is done when it is durable."""

    def past_acts(self) -> Iterator[PastAct]:
        """This annotator's acts, newest first, read as needed."""

    def rules(self) -> tuple[Rule, ...]:
        """This annotator's rules that stand, oldest first."""

    def suggestions(self, article_id: str) -> "tuple[Suggestion, ...]":
        """What files and suggesters that learn suggest for the article; nothing where it is silent."""

    def why_silent(self, article_id: str) -> str:
        """Why nothing is to be suggested in the article, one sentence; "" where suggestions are welcome."""

    def shown(self, article_id: str) -> "list[Shown]":
        """What was suggested to this annotator in the article so far, as it was recorded."""

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        """Those of the forms (`text.forms.form_key`) this annotator has labelled in a layer."""

    def labels_of(self, forms: Collection[str], layer: str) -> Mapping[str, Mapping[str, int]]:
        """For each form the labels this annotator gave it in a layer, with counts."""

    def recurring(self, article_id: str, layer: str, lines: Collection[str]) -> "Recurring":
        """Where lines that look like these (`text.alike.look`) stand without a label elsewhere.

        In the source's other articles that this annotator has to do, has not finished, and in which
        suggestions are welcome.
        """

    def versions(
        self, things: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], tuple[str, Mapping[str, Any] | None]]:
        """For articles and keys this annotator's version there: its id and its body (None: removed).

        What was never there is left out.
        """
