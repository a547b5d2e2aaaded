"""The search of the whole project: hits as one types, each with its place; enter lands on it."""

from typing import TYPE_CHECKING

from annotator.store.finding import Hit
from annotator.text.visible import plain_line
from annotator.tui.lines import Line, piece
from annotator.tui.picking import Picker

if TYPE_CHECKING:
    from annotator.tui.work import WorkList

PAGE = 30
"""Hits looked up at once."""

Landing = tuple[str, int, int]
"""An article and the place in it."""


class FindScreen(Picker[Hit, Landing]):
    """Search in titles and texts of all articles; answers with the article and the place."""

    TITLE_LINE = "Search the project"
    PLACEHOLDER = 'words that all occur   "words that follow one another"'
    HEIGHT = 2

    def __init__(self, work: "WorkList") -> None:
        super().__init__()
        self._work = work

    def look(self, words: str, after: Hit | None) -> list[Hit]:
        """The next hits."""
        return self._work.project.search(words, PAGE, after or 0)

    def lines(self, item: Hit, chosen: bool, width: int) -> list[Line]:
        """The title with the article's number, then the text around the place."""
        mark, style = ("▶", "bold reverse") if chosen else (" ", "bold")
        title = plain_line(item.title, max(width - 12, 8)) or plain_line(item.article, 60)
        low = max(item.at - width // 4, 0)
        if low:  # with a whole word first
            low = item.snippet.find(" ", low, item.at) + 1 or low
        before = item.snippet[low : item.at]
        end = item.at + item.end - item.start
        return [
            (piece(f"{mark}{item.n:>8,} ", style if chosen else "dim"), piece(title, style)),
            (
                piece(f"          {before}", "dim"),
                piece(item.snippet[item.at : end], "bold underline"),
                piece(item.snippet[end:], "dim"),
            ),
        ]

    def answer(self, item: Hit) -> Landing:
        """Where to land."""
        return item.article, item.start, item.end

    def nothing(self, words: str) -> str:
        """Why there is nothing, and what the word index lacks."""
        left = self._work.project.unindexed()
        lack = (
            f" {left:,} articles are not indexed yet; import ends by indexing them." if left else ""
        )
        return f"No article has these words.{lack}" if words.strip() else lack.strip()
