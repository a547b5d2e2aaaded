"""A widget of a few lines that repaints only the lines that changed."""

from collections.abc import Callable, Sequence

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


def line_segments(line: Line, width: int, ground: Style) -> list[Segment]:
    """A line's segments on a ground, cut or padded to exactly `width` cells."""
    segments = [Segment(visible(text), ground + style) for text, style in line]
    return list(Segment.adjust_line_length(segments, width, ground))


class Lines(Widget):
    """Lines of styled pieces, made for the size there is; only those that differ are repainted."""

    ALLOW_SELECT = False

    def __init__(
        self,
        make: Callable[[int, int], Sequence[Line]],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own parameter name
        classes: str | None = None,
    ) -> None:
        """`make` gives the lines for a width and height in cells."""
        super().__init__(id=id, classes=classes)
        self._make = make
        self._lines: list[Line] = []
        self._base: Style | None = None

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._base = None

    def on_resize(self) -> None:
        """Another size, other lines."""
        self.draw()

    def draw(self) -> None:
        """Make the lines again and repaint those that changed."""
        if not self.display or not self.size.width:
            return
        old, width = self._lines, self.size.width
        self._lines = new = list(self._make(width, self.size.height))
        for y in range(min(max(len(old), len(new)), self.size.height)):
            if old[y : y + 1] != new[y : y + 1]:
                self.refresh(Region(0, y, width, 1))

    def render_line(self, y: int) -> Strip:
        """One line, cut or padded to the widget's width."""
        width = self.size.width
        if self._base is None:
            self._base = self.rich_style
        line = self._lines[y] if y < len(self._lines) else ()
        return Strip(line_segments(line, width, self._base), width)
