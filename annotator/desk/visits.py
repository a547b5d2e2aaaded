"""Visits: going to look at a place, also in another article, and coming back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

KEPT = 50
"""So many places one came from are remembered."""


class Visits:
    """The places left behind by jumps."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._left: list[tuple[str, int]] = []

    def go(self, article: str, start: int, end: int) -> None:
        """Go to a stretch of an article (an empty one: its beginning), remembering where one was.

        Raises:
            AnnotatorError: there is no such article.
        """
        desk = self._desk
        here = (desk.sheet.article.id, desk.caret.range[0])
        self._open(article)
        self._left = [*self._left[-KEPT:], here]
        if start < end <= len(desk.caret.text):
            desk.caret.hold_match((start, end))
        desk.say("back (F12) returns to where you were.")

    def back(self) -> None:
        """Back to where the last jump began."""
        if not self._left:
            self._desk.say("There is no place to go back to.")
            return
        article, offset = self._left.pop()
        self._open(article)
        self._desk.caret.move_to(offset)

    def renew(self) -> None:
        """Read the article's decisions again, which another sitting changed; the caret stays."""
        desk = self._desk
        place = desk.caret.target[0]
        desk.open(desk.sheet.article.id)
        desk.caret.move_to(place)
        desk.say("You changed this article in another window: it is shown as it is now.")

    def _open(self, article: str) -> None:
        if article != self._desk.sheet.article.id:
            self._desk.open(article)
