"""A widget of a few lines that repaints only the lines that changed."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.text.visible import visible

Piece = tuple[str, Style]
"""Text (made safe when painted) and how it looks."""
Line = tuple[Piece, ...]


def piece(text: str, style: str | Style = "") -> Piece:
    """A piece of a line, its style by Rich's style words."""
    return text, style if isinstance(style, Style) else style_of(style)


_STYLES: dict[str, Style] = {}


def style_of(words: str) -> Style:
    """A Rich style by its words, parsed once."""
    found = _STYLES.get(words)
    if found is None:
        found = _STYLES[words] = Style.parse(words)
    return found


class Lines(Widget):
    """Lines of styled pieces; `show` repaints those that differ from before."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own parameter name
        super().__init__(id=id, classes=classes)
        self._lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines from the top, blank ones below."""
        old = self._lines
        self._lines = list(lines)
        for y in range(min(max(len(old), len(lines)), self.size.height)):
            before = old[y] if y < len(old) else ()
            now = lines[y] if y < len(lines) else ()
            if before != now:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One line, cut or padded to the widget's width."""
        width = self.size.width
        base = self.rich_style
        if y >= len(self._lines):
            return Strip.blank(width, base)
        segments = [Segment(visible(text), base + style) for text, style in self._lines[y]]
        return Strip(segments).adjust_cell_length(width, base)
