"""The labelling configuration of a Label Studio project: which controls there are, as XML."""

from typing import Any
from xml.sax.saxutils import escape

from annotator.model.scheme import Label, Scheme

CHOICES = "choices"
TEXT_AREA = "textarea"

FLAGS = ("norp", "uncertain")
"""Attributes that are yes or no, whether or not one of them is in what goes out."""

COLORS = {
    "red": "#d64545",
    "green": "#3f9142",
    "yellow": "#e0a800",
    "blue": "#3867d6",
    "magenta": "#b03fb0",
    "cyan": "#1d9fb0",
    "white": "#8d7b68",
    "gray": "#707070",
}
"""Shades that can be seen on white paper, by the names schemes use."""


class Config:
    """The controls of an export; it learns what the scheme does not know from what goes out."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._labels: dict[str, dict[str, Label | None]] = {
            layer.name: {label.name: label for label in layer.labels}
            for layer in scheme.span_layers
        }
        self._kinds: dict[str, str] = {}
        taken = {layer.name for layer in scheme.layers}
        taken |= {name for layer in scheme.span_layers for name in layer.attributes}
        self.text = _free("text", taken)
        """The name of the text, which all regions are over."""
        self.annotator = _free("annotator", taken)
        """The control for who annotated."""
        self.notes = _free("notes", taken)
        stance = scheme.stance_layer
        self.stances = stance.name if stance else _free("stance", taken)

    def labels(self, layer: str, label: str) -> str:
        """The control of a layer, which has a label from now on."""
        self._labels.setdefault(layer, {}).setdefault(label, None)
        return layer

    def attribute(self, name: str, value: Any) -> tuple[str, str]:
        """The control of an attribute and its kind, which its first value decides."""
        kind = CHOICES if isinstance(value, bool) or name in FLAGS else TEXT_AREA
        return self._attribute(name), self._kinds.setdefault(name, kind)

    def _attribute(self, name: str) -> str:
        """Its own name, unless a layer or another control has it."""
        others = {*self._labels, self.text, self.annotator, self.notes, self.stances}
        return _free(name, others)

    def xml(self) -> str:
        """The configuration, one element a line."""
        lines = ["<View>"]
        hotkeys = _Hotkeys()
        for name, labels in self._labels.items():
            layer = self._scheme.layer(name)
            lines += [f"  {_tag('Header', value=layer.title if layer else name)}"]
            lines += [f"  {_open('Labels', name=name, toName=self.text)}"]
            lines += [f"    {_label(each, about, hotkeys)}" for each, about in labels.items()]
            lines += ["  </Labels>"]
        text = {"name": self.text, "value": "$text", "granularity": "symbol"}
        lines += [f"  {_tag('Text', **text, valueType='text', saveTextResult='yes')}"]
        lines += self._of_regions()
        lines += self._of_task()
        return "\n".join([*lines, "</View>", ""])

    def _of_regions(self) -> list[str]:
        """The attributes: those of the scheme, and others that were met."""
        names = [name for layer in self._scheme.span_layers for name in layer.attributes]
        lines = []
        for name in dict.fromkeys([*names, *sorted(self._kinds)]):
            kind = self._kinds.get(name, CHOICES if name in FLAGS else TEXT_AREA)
            control = {"name": self._attribute(name), "toName": self.text, "perRegion": "true"}
            having = [layer for layer in self._scheme.span_layers if name in layer.attributes]
            if len(having) == 1 and len(self._labels) > 1:
                control["whenTagName"] = having[0].name
            lines += [f"  {_tag('Header', value=name, size='6')}"]
            if kind == CHOICES:
                choices = [f"    {_tag('Choice', value=value)}" for value in ("true", "false")]
                open_ = _open("Choices", **control, choice="single", showInline="true")
                lines += [f"  {open_}", *choices, "  </Choices>"]
            else:
                lines += [f"  {_tag('TextArea', **control, editable='true')}"]
        return lines

    def _of_task(self) -> list[str]:
        lines = []
        for name, title in (
            (self.stances, "Stances, each as JSON"),
            (self.notes, "Notes and flags, each as JSON"),
            (self.annotator, "Annotator"),
        ):
            control = _tag("TextArea", name=name, toName=self.text, editable="true")
            lines += [f"  {_tag('Header', value=title, size='6')}", f"  {control}"]
        return lines


class _Hotkeys:
    """Keys for labels: a project has one set, so a letter taken already goes with Shift."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, key: str) -> dict[str, str]:
        for hotkey in (key, f"shift+{key}") if key else ():
            if hotkey not in self._taken:
                self._taken.add(hotkey)
                return {"hotkey": hotkey}
        return {}


def _label(name: str, about: Label | None, hotkeys: _Hotkeys) -> str:
    color = COLORS.get(about.color if about else "", COLORS["gray"])
    return _tag("Label", value=name, background=color, **hotkeys(about.key if about else ""))


def _tag(element: str, /, **attributes: str) -> str:
    return _open(element, **attributes)[:-1] + "/>"


def _open(element: str, /, **attributes: str) -> str:
    # Always double quotes: Label Studio finds names by a pattern that knows no others.
    marks = {'"': "&quot;"}
    given = "".join(f' {key}="{escape(value, marks)}"' for key, value in attributes.items())
    return f"<{element}{given}>"


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-"
    return name
