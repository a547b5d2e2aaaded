"""The configuration in force, and where each value of it comes from."""

import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from annotator import config
from annotator.cli.checkup.facts import DEFAULT, ENVIRONMENT, FILE, OPTION, SYSTEM, Section, Value
from annotator.config import Config
from annotator.model.suggesters import SuggesterSettings

VARIABLES = (config.VARIABLE, "ANNOTATOR_DEBUG", "NO_COLOR", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
"""Environment variables that change what the program does; shown when they are set."""


def look(args: Namespace) -> tuple[Section, Config, str]:
    """The section, the configuration (defaults where the file is refused) and who one is."""
    section = Section("Settings")
    path = config.config_path()
    section.fact("file", str(path), ENVIRONMENT if os.environ.get(config.VARIABLE) else DEFAULT)
    section.fact("file is there", path.is_file())
    settings = Config()
    with section.noting():
        settings = config.read(path)
    given = config.given(path) if not section.troubles else frozenset()
    actor = _annotator(section, args, settings)
    for each in fields(Config):
        if each.name != "annotator":
            source = FILE if each.name in given else DEFAULT
            section.fact(each.name, _value(getattr(settings, each.name)), source)
    if not args.mouse:
        section.fact("mouse here", False, OPTION)
    for name in VARIABLES:
        if name in os.environ:
            section.fact(f"${name}", os.environ[name], ENVIRONMENT)
    _names(section, settings)
    return section, settings, actor


def _annotator(section: Section, args: Namespace, settings: Config) -> str:
    """Who one is: the option before the file before the login name."""
    actor = ""
    with section.noting():
        actor = config.who(args.actor, settings)
    source = OPTION if args.actor is not None else FILE if settings.annotator else SYSTEM
    section.fact("annotator", actor, source)
    return actor


def _names(section: Section, settings: Config) -> None:
    """Names that only the screen's rooms know."""
    with section.noting():
        from annotator.desk.layouts import layout_named

        section.fact("keyboard layout", layout_named(settings.layout).title, SYSTEM)
    if not settings.layout:
        section.notes.append(
            "No keyboard layout is set: the first Cyrillic or Greek letter asks for six keys, "
            "and `keyboard layout` in the palette does so at any time."
        )
    with section.noting():
        from annotator.tui.app import known_theme

        known_theme(settings.theme)


def _value(value: Any) -> Value:
    """A setting as a fact's value."""
    if isinstance(value, Mapping):
        return [f"{name}={_listed(each)}" for name, each in value.items()]
    return list(value) if isinstance(value, tuple) else value


def _listed(value: object) -> str:
    if isinstance(value, SuggesterSettings):
        return value.plugin or value.url or " ".join(value.command)
    return ",".join(value) or "palette" if isinstance(value, tuple) else str(value)
