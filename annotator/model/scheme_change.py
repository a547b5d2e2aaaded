"""Changing a scheme while work goes on: labels added, renamed, retired, split.

A label is never forgotten. One that is given up stays in the scheme as retired, so that what has it
is still shown with title and colour, and says what stands in its place: with one label there, a
successor, old annotations can be relabelled; with several, or none, a person has to decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from string import ascii_lowercase

from annotator.model.errors import AnnotatorError
from annotator.model.guidelines import with_heading
from annotator.model.scheme import COLORS, Label, Layer, Scheme, SpanLayer
from annotator.model.scheme_file import parse
from annotator.model.scheme_print import to_toml

LETTERS = ascii_lowercase.replace("q", "")
"""The letters that can be keys."""


@dataclass(frozen=True, slots=True)
class SchemeChange:
    """A change of a scheme, not made yet."""

    op: str
    """add, rename, retire, split or load."""
    words: str
    """What it does in one line, for people and the history."""
    before: Scheme
    after: Scheme
    """The same as `before` when there is nothing to change."""

    @property
    def changes(self) -> bool:
        """Whether the scheme becomes another one."""
        return self.after is not self.before


def successor(layer: Layer, name: str) -> str:
    """The label that stands in a label's place: itself, unless it is retired into one other.

    A label retired into another that was retired in turn leads on to that one's.
    """
    seen = {name}
    while (label := layer.label(name)) is not None and label.retired and len(label.into) == 1:
        name = label.into[0]
        if name in seen:
            break
        seen.add(name)
    return name


def formerly(layer: Layer, name: str) -> tuple[str, ...]:
    """The retired labels that a label is the successor of."""
    return tuple(
        x.name for x in layer.labels if x.name != name and successor(layer, x.name) == name
    )


def choices(layer: Layer, name: str) -> tuple[str, ...]:
    """What can be given in place of a retired label that has no one successor; () for any label."""
    label = layer.label(name)
    into = label.into if label else ()
    found = dict.fromkeys(successor(layer, each) for each in into)
    return tuple(x for x in found if (known := layer.label(x)) is not None and not known.retired)


def find_layer(scheme: Scheme, name: str, label: str = "") -> Layer:
    """The layer called `name`; without a name the only one that has the label.

    Raises:
        AnnotatorError: there is none, or the label is in several.
    """
    listed = ", ".join(layer.name for layer in scheme.layers)
    if name:
        layer = scheme.layer(name)
        if layer is None:
            raise AnnotatorError(f"The scheme has no layer {name!r}; it has: {listed}.")
        return layer
    found = [layer for layer in scheme.layers if layer.label(label) is not None]
    if not found:
        raise AnnotatorError(f"No layer has a label {label!r}; {_all_labels(scheme)}.")
    if len(found) > 1:
        both = " and ".join(layer.name for layer in found)
        raise AnnotatorError(f"The label {label!r} is in {both}; say which with --layer.")
    return found[0]


def add(scheme: Scheme, layer: Layer, label: Label) -> SchemeChange:
    """A new label at the end of a layer, or a retired one of its name to be given again.

    Without a key it gets the first free letter of its name.

    Raises:
        AnnotatorError: the name or the key is taken, or one of its fields is not possible.
    """
    old = layer.label(label.name)
    if old is not None and not old.retired:
        raise AnnotatorError(f"{layer.name} has a label {label.name!r} already.")
    _new_name(layer, label.name)
    if old is not None:
        title = old.title if label.title in ("", old.name) else label.title
        label = label._replace(title=title, color=label.color or old.color)
    made = _made(layer, label, layer.labels)
    labels = [x for x in layer.labels if x.name != label.name]
    words = f"add {layer.name}/{made.name} on the key {made.key}"
    return _change("add", words, scheme, layer, [*labels, made])


def rename(scheme: Scheme, layer: Layer, old: str, new: str, title: str = "") -> SchemeChange:
    """Another name for a label; the old one stays, retired, with the new one in its place.

    Raises:
        AnnotatorError: there is no such label, or the new name is taken or not possible.
    """
    label = _known(layer, old)
    words = f"rename {layer.name}/{old} to {new}"
    if label.retired and label.into == (new,):
        return SchemeChange("rename", words, scheme, scheme)
    _not_retired(layer, label)
    taken = layer.label(new)
    if taken is not None and not taken.retired:
        raise AnnotatorError(
            f"{layer.name} has a label {new!r} already; to make one of both, "
            f"retire {old} --into {new}."
        )
    _new_name(layer, new)
    named = label._replace(name=new, title=title or (new if label.title == old else label.title))
    labels = [named if x.name == old else x for x in layer.labels if x.name != new]
    labels.append(_retired(label, (new,)))
    guidelines = with_heading(scheme.guidelines, layer.name, old, new)
    return _change("rename", words, scheme, _absent(layer, old, new), labels, guidelines)


def retire(scheme: Scheme, layer: Layer, name: str, into: str = "") -> SchemeChange:
    """Give a label up; what has it is relabelled with `into`, or is listed to be decided again.

    Raises:
        AnnotatorError: there is no such label, or it is the last one or has another successor.
    """
    label = _known(layer, name)
    words = f"retire {layer.name}/{name}" + (f" into {into}" if into else "")
    if into:
        _not_retired(layer, _known(layer, into))
        _another(name, into)
    if label.retired and label.into == ((into,) if into else ()):
        return SchemeChange("retire", words, scheme, scheme)
    if label.retired and label.into:
        _not_retired(layer, label)
    if not into and name == getattr(layer, "absent", ""):
        raise AnnotatorError(
            f"{name!r} is the value for what is not discussed; say with --into what takes its place."
        )
    labels = [_retired(label, (into,) if into else ()) if x is label else x for x in layer.labels]
    return _change("retire", words, scheme, _absent(layer, name, into), labels)


def split(
    scheme: Scheme, layer: Layer, name: str, parts: Sequence[tuple[str, str]]
) -> SchemeChange:
    """Several labels (name and key, "" for any key) in the place of one, which a person chooses from.

    Raises:
        AnnotatorError: there is no such label, or the parts are not two or more other ones.
    """
    label = _known(layer, name)
    names = tuple(part for part, _ in parts)
    words = f"split {layer.name}/{name} into {', '.join(names)}"
    if label.retired and label.into == names:
        return SchemeChange("split", words, scheme, scheme)
    if label.retired and label.into:
        _not_retired(layer, label)
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise AnnotatorError(f"Split {name!r} into two or more different labels.")
    if name == getattr(layer, "absent", ""):
        raise AnnotatorError(f"{name!r} is the value for what is not discussed and stays whole.")
    labels = [_retired(label, names) if x is label else x for x in layer.labels]
    for part, key in parts:
        _another(name, part)
        known = layer.label(part)
        if known is None:
            _new_name(layer, part)
            labels.append(_made(layer, Label(part, key, part, ""), labels))
        else:
            _not_retired(layer, known)
            if key and key != known.key:
                raise AnnotatorError(f"{part!r} is there already, on the key {known.key}.")
    return _change("split", words, scheme, layer, labels)


def renewed(
    scheme: Scheme, layers: Iterable[Layer], guidelines: str | None = None, version: int = 0
) -> Scheme:
    """The scheme with other layers, checked anew, and its version raised by one (or to `version`)."""
    version = version or scheme.version + 1
    text = scheme.guidelines if guidelines is None else guidelines
    made = replace(scheme, layers=tuple(layers), version=version, guidelines=text)
    return parse(to_toml(made), text, "the changed scheme")


def _change(
    op: str,
    words: str,
    scheme: Scheme,
    layer: Layer,
    labels: Sequence[Label],
    guidelines: str | None = None,
) -> SchemeChange:
    """The change that gives a layer other labels."""
    made: Layer
    if isinstance(layer, SpanLayer):
        made = replace(layer, labels=tuple(labels))
    else:
        made = replace(layer, values=tuple(labels))
    layers = [made if x.name == layer.name else x for x in scheme.layers]
    return SchemeChange(op, words, scheme, renewed(scheme, layers, guidelines))


def _made(layer: Layer, label: Label, beside: Iterable[Label]) -> Label:
    """A new label with key, title and colour filled in, its letters proved to be free."""
    others = [x for x in beside if x.name != label.name]
    taken = {letter: x.name for x in others for letter in (x.key, *x.aliases) if letter}
    free = [x for x in LETTERS if x not in taken]
    if not free:
        raise AnnotatorError(f"{layer.name} has no letter left for {label.name!r}; retire a label.")
    key = label.key or next((x for x in label.name.lower() if x in free), free[0])
    for letter in (key, *label.aliases):
        if letter in taken:
            raise AnnotatorError(
                f"The key {letter!r} stands for {taken[letter]!r} already; free are {' '.join(free)}."
            )
    color = label.color or COLORS[len(others) % len(COLORS)]
    return label._replace(key=key, title=label.title or label.name, color=color)


def _retired(label: Label, into: tuple[str, ...]) -> Label:
    return label._replace(key="", aliases=(), retired=True, into=into)


def _absent(layer: Layer, old: str, new: str) -> Layer:
    """The layer, with another value for "not discussed" where that one goes."""
    if isinstance(layer, SpanLayer) or layer.absent != old or not new:
        return layer
    return replace(layer, absent=new)


def _known(layer: Layer, name: str) -> Label:
    label = layer.label(name)
    if label is None:
        names = ", ".join(x.name for x in layer.labels)
        raise AnnotatorError(f"{layer.name} has no label {name!r}; it has: {names}.")
    return label


def _not_retired(layer: Layer, label: Label) -> None:
    if label.retired:
        into = f" into {', '.join(label.into)}" if label.into else ""
        raise AnnotatorError(f"{layer.name}/{label.name} is retired{into} already.")


def _another(name: str, other: str) -> None:
    if name == other:
        raise AnnotatorError(
            f"{name!r} cannot stand in its own place: what was decided again could not be told "
            "from what was not. Choose another name."
        )


def _new_name(layer: Layer, name: str) -> None:
    """Names that differ in case only would be taken for one another."""
    for label in layer.labels:
        if label.name != name and label.name.casefold() == name.casefold():
            raise AnnotatorError(
                f"{layer.name} has {label.name!r}, and {name!r} differs from it in case only."
            )


def _all_labels(scheme: Scheme) -> str:
    listed = (f"{x.name}: {' '.join(label.name for label in x.labels)}" for x in scheme.layers)
    return "there are " + "; ".join(listed)
