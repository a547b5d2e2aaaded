"""`annotator suggest PROJECT options`: what is suggested where and to whom."""

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.coach.setting import Setting, changed, setting
from annotator.model.scheme import StanceLayer
from annotator.model.suggesters import KINDS
from annotator.store.project import Project

CHANGES = ("blind", "off", "on", "without", "with_")
"""The options that change something."""


def run(args: Namespace) -> int:
    """Change what was asked for, then show what holds."""
    wanted = {name: getattr(args, name, None) for name in CHANGES}
    changing = any(value is not None and value != [] for value in wanted.values())
    settings = config.read()
    path = existing(args.project)
    actor = config.who(args.actor, settings)
    with Project.open(path, actor, readonly=not changing) as project:
        if changing:
            changed(project, **wanted)
        found = setting(project, settings.suggesters)
        if args.json:
            out.print_json(_json(found, project))
        else:
            _show(found, project, args.project)
    return 0


def _json(found: Setting, project: Project) -> dict[str, Any]:
    held = found.assistance
    return {
        "blind": held.blind,
        "off": sorted(held.off),
        "without": sorted(held.without),
        "layers": [layer.name for layer in project.scheme.span_layers],
        "suggesters": [each._asdict() for each in found.suggesters],
        "plugins": {name: _kind(each) for name, each in found.plugins.items()},
        "announced": list(found.announced),
        "notes": list(found.notes),
    }


def _show(found: Setting, project: Project, name: str) -> None:
    """In plain words, then the suggesters."""
    for line in _lines(found, project):
        out.say(line)
    rows = [
        (each.source, each.layer, "off" if each.layer in found.assistance.off else "on",
         out.number(each.articles), each.version or "—")
        for each in found.suggesters
    ]  # fmt: skip
    title = f"Suggesters, and what they learnt from {project.actor}"
    out.table(title, ("suggester", "layer", "", "learnt>", "version"), rows)
    for line in _plugins(found):
        out.say(line)
    out.say(f"`annotator suggest {name} options --help` tells how to change it.")


def _lines(found: Setting, project: Project) -> Iterator[str]:
    held = found.assistance
    if held.blind:
        yield f"Blind sample: {100 * held.blind:.4g} % of all articles get no suggestions."
    else:
        yield "Blind sample: none, so that what suggestions do to the labels cannot be measured."
    layers = [layer.name for layer in project.scheme.span_layers if layer.name not in held.off]
    yield f"Suggested in: {', '.join(layers) or 'no layer'}."
    if held.off:
        yield f"Switched off in: {', '.join(sorted(held.off))}."
    for layer in project.scheme.layers:
        if isinstance(layer, StanceLayer):
            yield f"Never suggested: {layer.name}, as a stance that is filled in leads."
    but = f" but {', '.join(sorted(held.without))}" if held.without else ""
    yield f"For: everybody{but}."


def _plugins(found: Setting) -> Iterator[str]:
    for name, each in found.plugins.items():
        yield f"{name}: {_kind(each)}, named in your configuration."
    spare = sorted({*found.announced} - {each.plugin for each in found.plugins.values()})
    if spare:
        yield f"Installed and not used: {', '.join(spare)} (docs/suggestions.md says how to)."
    yield from found.notes


def _kind(each: Any) -> str:
    """What a suggester of others is, in a word or two."""
    kind = next(kind for kind in KINDS if getattr(each, kind))
    return f"a {kind.replace('url', 'local address').replace('plugin', 'plug-in')}"
