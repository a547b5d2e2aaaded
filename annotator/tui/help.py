"""The page of keys that work now, made from the action table and the scheme."""

from textual.content import Content

from annotator.desk.actions import key_sign
from annotator.desk.desk import Desk
from annotator.desk.keyboard import Keyboard
from annotator.desk.layouts import native
from annotator.model.scheme import SpanLayer
from annotator.tui.plain import plain


def keys_page(desk: Desk, keyboard: Keyboard) -> Content:
    """Labels of the layer first, then the actions by group."""
    layer = desk.layer
    labels = layer.labels if isinstance(layer, SpanLayer) else layer.values
    lines = [f"{layer.title}: a letter labels", ""]
    for label in labels:
        typed = native(keyboard.layout, label.key)
        key = label.key if typed in ("", label.key) else f"{label.key} ({typed})"
        lines.append(
            f"  {key:<8}{label.title}" + (f": {label.description}" if label.description else "")
        )
    lines += ["", f"1-{len(desk.scheme.layers)} choose a layer"]
    group = ""
    for action in keyboard.actions:
        if action.group != group:
            group = action.group
            lines += ["", group, ""]
        keys = "  ".join(key_sign(key) for key in action.keys) or "palette"
        lines.append(f"  {keys:<22}{action.help}")
    return plain_lines(lines)


def plain_lines(lines: list[str]) -> Content:
    """Lines of foreign text, each made safe on its own."""
    return Content("\n").join(plain(line) for line in lines)
