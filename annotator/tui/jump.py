"""Open an article: those worked on last, or those whose title has what one types."""

from typing import TYPE_CHECKING

from annotator.store.queue import QueueRow
from annotator.tui.article_line import article_line
from annotator.tui.lines import Line
from annotator.tui.picking import Picker

if TYPE_CHECKING:
    from annotator.tui.work import WorkList

PAGE = 50
"""Titles looked up at once."""


class JumpScreen(Picker[QueueRow, str]):
    """Recent articles until something is typed, then titles; answers with the article's id."""

    TITLE_LINE = "Open an article"
    PLACEHOLDER = "part of a title, or an id; below are the articles opened last"

    def __init__(self, work: "WorkList", here: str | None = None) -> None:
        """`here` is the article one is at, which is not offered among the recent ones."""
        super().__init__()
        self._work = work
        self._here = here

    def look(self, words: str, after: QueueRow | None) -> list[QueueRow]:
        """Recent ones, or a page of titles."""
        if words.strip():
            return self._work.project.titled(words, PAGE, after.n if after else 0)
        recent = [] if after else self._work.recent()
        return [row for row in recent if row.id != self._here]

    def lines(self, item: QueueRow, chosen: bool, width: int) -> list[Line]:
        """As in the queue."""
        return [article_line(item, chosen, width)]

    def answer(self, item: QueueRow) -> str:
        """Its id."""
        return item.id

    def nothing(self, words: str) -> str:
        """Why there is nothing."""
        left = self._work.project.unindexed()
        lack = (
            f" {left:,} articles are not indexed yet; import ends by indexing them." if left else ""
        )
        return f"No title has this.{lack}" if words.strip() else "No other article was opened yet."
