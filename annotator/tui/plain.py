"""The one door for foreign text to the screen.

Textual parses markup in most of its widgets and passes control characters to the terminal; whatever
comes from an article, a file name, a label or an exception goes through here instead.
"""

from collections.abc import Iterable

from textual.content import Content

from annotator.text.visible import visible


def plain(text: str) -> Content:
    """Text as content that is shown as it is: no markup, control characters made visible."""
    return Content(visible(text))


def plain_rows(rows: Iterable[str]) -> Content:
    """Several rows of text, each shown as it is."""
    return Content("\n").join(plain(row) for row in rows)
