"""The least a Textual app can be: it paints one Static. `python baseline_empty.py WORD`."""

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(sys.argv[1], markup=False)


if __name__ == "__main__":
    Empty().run()
