"""Suggesters of others: plug-ins that installed packages announce, commands, local addresses.

None is used unless the person's own configuration names it, and none can do more harm than be left
out: whatever is missing or broken becomes a sentence.

A package announces a plug-in as an entry point of the group `GROUP`, which names a factory: called
with the layer's name, its labels and the options of the configuration, it gives a `Suggester` whose
attribute `api` is `API`.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer, Unit
from annotator.model.suggesters import SuggesterSettings
from annotator.suggest.guarded import Guarded, LateError, told, what_to_do, within
from annotator.suggest.outside import Outside
from annotator.suggest.protocol import Suggester

if TYPE_CHECKING:  # slow to import, and rarely needed
    from importlib.metadata import EntryPoint

GROUP = "annotator.suggesters"
"""The group of entry points that plug-ins announce themselves in."""
API = 1
"""The version of the protocol, which a plug-in has as its attribute `api`."""
LOADING = 60.0
"""Seconds a plug-in may take to be imported and made; what is dear belongs into its first call."""
NEEDED = ("learn", "refit", "suggest", "save", "load")
"""The methods a plug-in has."""


def load(
    settings: Mapping[str, SuggesterSettings], layers: Sequence[SpanLayer]
) -> tuple[list[tuple[str, Suggester]], list[str]]:
    """The suggesters that a configuration names, bound to the layers of a project.

    Imports the plug-ins, which may take a second: call it where nobody waits, in the worker.

    Args:
        settings: the tables of the configuration by their names (`Config.suggesters`).
        layers: the project's; those of stance are passed over.

    Returns:
        Names of layers with their suggesters, each a `guarded.Guarded` under its name in the
        configuration; and a sentence for people about each that is left out.
    """
    found: list[tuple[str, Suggester]] = []
    missing: list[str] = []
    for name, each in settings.items():
        try:
            found += _bound(name, each, layers)
        except AnnotatorError as error:
            missing.append(str(error))
    return found, missing


def _bound(
    name: str, settings: SuggesterSettings, layers: Sequence[SpanLayer]
) -> list[tuple[str, Suggester]]:
    """A suggester for each layer it is for; raises AnnotatorError when it cannot be had."""
    fitting = _fitting(name, settings, layers)
    if not settings.plugin:
        return [
            (layer.name, Guarded(name, _outside(name, layer, settings), layer, settings))
            for layer in fitting
        ]
    entry = _entry(name, settings.plugin)
    who, package = f"The suggester {name} ({_package(entry)})", _package(entry)
    factory = _tried(who, name, entry.load)
    bound: list[tuple[str, Suggester]] = []
    for layer in fitting:
        made = _tried(who, name, partial(_made, factory, layer, settings))
        _check(who, name, made)
        bound.append((layer.name, Guarded(name, made, layer, settings, package)))
    return bound


def _fitting(
    name: str, settings: SuggesterSettings, layers: Sequence[SpanLayer]
) -> list[SpanLayer]:
    """The layers of spans it is named for, by default all but those of blocks."""
    spans = [layer for layer in layers if isinstance(layer, SpanLayer)]
    if not settings.layers:
        return [layer for layer in spans if layer.unit is not Unit.BLOCK]
    found = [layer for layer in spans if layer.name in settings.layers]
    if not found:
        raise AnnotatorError(
            f"The suggester {name} does nothing in this project: its layers are "
            f"{', '.join(settings.layers)}, the project's {', '.join(x.name for x in spans)}."
        )
    return found


def _outside(name: str, layer: SpanLayer, settings: SuggesterSettings) -> Suggester:
    return Outside(name, layer.name, [label.name for label in layer.active], settings)


def _made(factory: Callable[..., Any], layer: SpanLayer, settings: SuggesterSettings) -> Any:
    """What a plug-in's factory gives for a layer."""
    return factory(layer.name, [label.name for label in layer.active], dict(settings.options))


def _entry(name: str, plugin: str) -> "EntryPoint":
    """The one entry point of a name; raises AnnotatorError without one and with several."""
    from importlib.metadata import entry_points

    try:
        announced = list(entry_points(group=GROUP))
    except Exception as error:  # what is installed may be damaged in any way
        raise AnnotatorError(
            f"The suggester {name}: what is installed cannot be listed ({told(error)})."
        ) from None
    found = [each for each in announced if each.name == plugin]
    if not found:
        others = ", ".join(sorted({each.name for each in announced})) or "none"
        raise AnnotatorError(
            f"The suggester {name}: no installed package announces the plug-in {plugin!r} "
            f"(there are: {others}). Install it where annotator is installed, or take "
            f"[suggesters.{name}] out of your configuration."
        )
    if len(found) > 1:
        packages = " and ".join(sorted(_package(each) for each in found))
        raise AnnotatorError(
            f"The suggester {name}: {packages} both announce the plug-in {plugin!r}; "
            "uninstall one of them."
        )
    return found[0]


def _package(entry: "EntryPoint") -> str:
    """The package an entry point comes with: name and version."""
    try:
        return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value
    except Exception:  # its metadata may be damaged in any way
        return entry.value


def _tried(who: str, name: str, call: Callable[[], Any]) -> Any:
    """What a call of somebody else's code gives; raises AnnotatorError whatever else it does."""
    try:
        return within(call, LOADING, _forget)
    except LateError:
        raise AnnotatorError(
            f"{who} was not ready after {LOADING:g} seconds. {what_to_do(name)}"
        ) from None
    except AnnotatorError as error:
        raise AnnotatorError(f"{who}: {error}") from None
    except Exception as error:  # of somebody else's code anything may come
        raise AnnotatorError(f"{who} cannot be used: {told(error)}. {what_to_do(name)}") from None


def _forget(thread: threading.Thread) -> None:
    """What does not come to its end in time is left to itself: nothing can stop it."""


def _check(who: str, name: str, made: Any) -> None:
    """Refuse what has another version of the protocol, or lacks a part of it."""
    version = _tried(who, name, lambda: getattr(made, "api", None))
    if type(version) is not int or version != API:
        has = f"version {version}" if type(version) is int else "no version"
        raise AnnotatorError(
            f"{who} cannot be used: it has {has} of the suggesters' protocol (api), this annotator "
            f"has version {API}. Install a version of it for this annotator."
        )
    lacks = _tried(who, name, lambda: [m for m in NEEDED if not callable(getattr(made, m, None))])
    lacks += _tried(who, name, lambda: [a for a in ("version", "is_stale") if not hasattr(made, a)])
    if lacks:
        raise AnnotatorError(
            f"{who} cannot be used: it has no {', '.join(lacks)}. {what_to_do(name)}"
        )
