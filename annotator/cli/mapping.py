"""Labels of other tools that nobody knows here: asked for, added to the scheme, or refused."""

import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from annotator.cli import out
from annotator.cli.foreign import Name, Seen
from annotator.formats.label_map import LEAVE_OUT
from annotator.formats.labelling import name_of
from annotator.model import scheme_change
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Scheme
from annotator.model.scheme_change import SchemeChange

ADD = "+"
"""The answer that adds a label to the scheme under its own name."""


def unknown_sentence(unknown: Iterable[Name]) -> str:
    """What to do about labels that nobody knows."""
    names = [name_of(*name) for name in unknown]
    listed = ", ".join(names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return (
        f"The file has labels the scheme does not know: {listed}{more}. Say what they mean with "
        f"--map-label '{names[0]}=LABEL' ('-' leaves a label out) or --map FILE, or add them to the "
        "scheme with --new-labels. Nothing was imported."
    )


def ask(
    seen: Seen, scheme: Scheme, read: Callable[[], str] | None = None, stream: TextIO | None = None
) -> dict[Name, str]:
    """Ask for each unknown label; the answers by label, `+` for those to add.

    Raises:
        AnnotatorError: the input ended before everything was answered.
    """
    stream = stream or sys.stderr
    read = read or sys.stdin.readline
    known = sorted({label.name for layer in scheme.span_layers for label in layer.active})
    print(
        f"Labels here: {', '.join(known)}. {LEAVE_OUT} leaves a label out, {ADD} adds it as it is.",
        file=stream,
    )
    answers: dict[Name, str] = {}
    for name, count in seen.unknown.items():
        quotes = "; ".join(out.safe(quote[:40]) for quote in seen.examples.get(name, ()))
        answers[name] = _answer(out.safe(name_of(*name)), count, quotes, known, read, stream)
    return answers


def _answer(
    name: str, count: int, quotes: str, known: list[str], read: Callable[[], str], stream: TextIO
) -> str:
    like = f", such as {quotes}" if quotes else ""
    while True:
        print(f"{name} ({out.number(count)} times{like}) = ", end="", file=stream, flush=True)
        line = read()
        if not line:
            raise AnnotatorError(
                "The input ended before all labels were mapped; nothing was imported."
            )
        answer = line.strip()
        if answer in (LEAVE_OUT, ADD) or answer.rpartition("/")[2] in known:
            return answer
        print(f"There is no label {out.safe(answer)!r}.", file=stream)


def additions(scheme: Scheme, names: Iterable[Name], layer: str) -> list[SchemeChange]:
    """The changes that add labels to a layer, one after another.

    A label of a layer that the scheme has too goes there.

    Raises:
        AnnotatorError: a name is no label's, or the layer has no letter left.
    """
    changes: list[SchemeChange] = []
    known = {each.name for each in scheme.span_layers}
    for said, label in names:
        target = said if said in known else layer or _usual(scheme)
        found = scheme_change.find_layer(scheme, target)
        if found.label(label) is not None:
            continue
        change = scheme_change.add(scheme, found, Label(label, "", "", ""))
        changes.append(change)
        scheme = change.after
    return changes


def _usual(scheme: Scheme) -> str:
    """The layer new labels go to: entities, else the first of spans."""
    names = [layer.name for layer in scheme.span_layers]
    if not names:
        raise AnnotatorError(f"The scheme {scheme.name!r} has no span layer for labels.")
    return "entities" if "entities" in names else names[0]
