"""Versions: of the program, Python, SQLite and the libraries."""

import platform
import re
from importlib import metadata

from annotator import __version__
from annotator.cli.checkup.facts import Section
from annotator.store import engine

LIBRARIES = {
    "textual": "8.2",
    "rich": "14",
    "sqlite-utils": "4.2",
    "langdetect": "1.0.9",
    "regex": "2024.5",
    "razdel": "0.5",
    "selectolax": "0.4",
    "platformdirs": "4",
}
"""The oldest version of each library that will do; a test holds this beside pyproject.toml."""
PINNED = {"textual": "9", "sqlite-utils": "5", "razdel": "0.6"}
"""The first version of some that will not."""


def look() -> Section:
    """The versions in force, and those that will not do."""
    section = Section("Versions")
    section.fact("version", __version__)
    section.fact("Python", platform.python_version())
    section.fact("system", platform.platform(terse=True))
    section.fact("SQLite", f"{engine.VERSION} ({engine.MODULE.__name__.partition('.')[0]})")
    if not engine.fixed_library():
        section.troubles.append(
            f"SQLite {engine.VERSION} can damage files when two programs tidy up at once: "
            "install `pysqlite3` 0.6.1 or later (SQLite 3.51.3)."
        )
    for name in LIBRARIES:
        _library(section, name)
    return section


def _library(section: Section, name: str) -> None:
    low, high = LIBRARIES[name], PINNED.get(name, "")
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        section.troubles.append(f"The library {name} is not installed: install annotator-tui anew.")
        return
    section.fact(name, version)
    if number(version) < number(low) or (high and number(version) >= number(high)):
        wanted = f"{low} or later" + (f", below {high}" if high else "")
        section.troubles.append(f"{name} {version} is not what was tested; install {wanted}.")


def number(version: str) -> tuple[int, ...]:
    """A version's numbers, for comparing."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
