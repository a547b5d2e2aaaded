"""A screen that gets its keys at once (`app.BaseApp.take`) and paints its view in the same step."""

from textual.screen import Screen
from textual.widget import Widget


class DirectScreen(Screen[None]):
    """A screen whose one view draws it all."""

    view: Widget

    @property
    def is_ready(self) -> bool:
        """Whether the view has its place on screen and nothing lies over it."""
        return self.is_current and not self._layout_required and bool(self.view.size)

    def paint_now(self) -> None:
        """Send what has changed to the terminal rather than leave it for Textual's next frame."""
        if self.view._repaint_required and self.is_ready and not self.app._batch_count:
            self.view._repaint_required = False
            self._compositor.update_widgets({self.view})
            self._compositor_refresh()
