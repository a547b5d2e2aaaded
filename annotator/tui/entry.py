"""The line people type into."""

from textual import events
from textual.widgets import Input

from annotator.text.visible import visible


class Entry(Input):
    """Textual's input, which nothing the terminal would obey gets into."""

    def on_paste(self, event: events.Paste) -> None:
        """Put in the first line pasted, without what cannot be shown."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(typeable(next(iter(event.text.splitlines()), "")))


def typeable(text: str) -> str:
    """A text without its invisible and control characters, tabs as spaces."""
    text = text.replace("\t", " ")
    return "".join(char for char, shown in zip(text, visible(text), strict=True) if char == shown)
