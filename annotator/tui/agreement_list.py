"""The articles behind a number: id, title, its own number, its share of the disagreement."""

from collections.abc import Callable, Sequence

from annotator.gold.agreement.report import Metric
from annotator.lead.agreement_tracing import Asked, Traced
from annotator.lead.agreement_words import decimal, share
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_sight import fit
from annotator.tui.agreement_place import CURSOR, MARK, Link, Opened, Place, moved, window
from annotator.tui.lines import Line, Piece, piece

BAR = 10
"""Cells of a share's bar, where there is room."""
WIDE = 100


class Articles(Place):
    """A list of articles with the cursor on one."""

    hint = "↑↓ PgUp PgDn move   ⏎ their work side by side   F2 explain   esc back   F1 keys"

    def __init__(
        self, title: str, asked: Asked, rows: Sequence[Traced], title_of: Callable[[str], str]
    ) -> None:
        """`title_of` gives an article's title; it is asked for those that are painted only."""
        self.name = title
        self.asked = asked
        self.rows = tuple(rows)
        self.waiting = ""
        """What is being done to find more of them."""
        self.plain = False
        """Whether there are no numbers to them."""
        self.stand_in: Metric | None = None
        """The measure whose numbers these are, where it is not the one opened."""
        self.row = 0
        self._title_of = title_of
        self._top, self._page = 0, 10

    def replace(self, rows: Sequence[Traced]) -> None:
        """All of them were found; the cursor stays on its article."""
        here = self.rows[self.row].article if self.rows else ""
        self.rows, self.waiting = tuple(rows), ""
        names = [each.article for each in self.rows]
        self.row = names.index(here) if here in names else 0

    def go(self, motion: str) -> None:
        """Up and down."""
        if motion not in ("left", "right"):
            self.row = moved(self.row, motion, max(len(self.rows), 1), self._page)

    @property
    def link(self) -> Link | None:
        """The article under the cursor."""
        return Opened(self.rows[self.row].article, self.asked) if self.rows else None

    def lines(self, width: int, height: int) -> list[Line]:
        """A line for each article."""
        if not self.rows:
            return [(), (piece(f"  {self.waiting or 'No article: there is nothing against it.'}"),)]
        room = max(height - 3, 1)
        self._page = max(room - 1, 1)
        self._top = window(self.row, self._top, len(self.rows), room)
        shown = range(self._top, min(self._top + room, len(self.rows)))
        first = max(len(plain_line(self.rows[n].article, 30)) for n in shown)
        first = max(8, min(first, 30, width // 4))
        lines = [self._heads(first, width)]
        lines += [self._line(n, first, width) for n in shown]
        left = len(self.rows) - shown.stop
        more = f"  … {left:,} more   " if left else "  "
        return [*lines, (piece(f"{more}{self.waiting}", "dim"),)][:height]

    def _numbers(self, row: Traced, width: int) -> str:
        if self.plain:
            return ""
        own = decimal(row.value)
        if self.asked.cell is not None:
            own = f"{row.value:.0f} ×" if row.value is not None else ""
        bar = fit("█" * round(row.share * BAR) or "▏", BAR) if width >= WIDE else ""
        return f"{own:>7} {share(row.share):>8}  {bar}"

    def _heads(self, first: int, width: int) -> Line:
        own = "times" if self.asked.cell is not None else "own"
        right = "" if self.plain else f"{own:>7} {'share':>8}  " + " " * (BAR * (width >= WIDE))
        room = max(width - 4 - first - len(right), 4)
        return (
            piece("  " + fit("article", first) + "  ", "bold"),
            piece(fit("title", room), "bold"),
            piece(right, "bold"),
        )

    def _line(self, n: int, first: int, width: int) -> Line:
        row, here = self.rows[n], n == self.row
        right = self._numbers(row, width)
        room = max(width - 4 - first - len(right), 4)
        title = plain_line(self._title_of(row.article), room)
        found: list[Piece] = [
            piece("▶ " if here else "  ", MARK),
            piece(fit(plain_line(row.article, first), first), CURSOR if here else "bold"),
            piece("  " + fit(title, room)),
            piece(right),
        ]
        return tuple(found)
