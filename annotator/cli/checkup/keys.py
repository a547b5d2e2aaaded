"""Keys: two actions on one, and what a terminal or a multiplexer keeps for itself."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress

from annotator.cli.checkup.facts import Section
from annotator.config import Config
from annotator.desk.actions import ACTIONS, NEVER_BOUND, Action, remap
from annotator.desk.keynames import key_name

SECONDS = 2.0
"""How long tmux may take to answer."""


def look(settings: Config) -> Section:
    """What does not work about the keys in force."""
    section = Section("Keys")
    section.fact("actions", len(ACTIONS))
    section.fact("actions with other keys", sorted(settings.keys))
    clashes = problems(settings.keys)
    section.troubles += clashes
    if not clashes:
        with section.noting():
            actions = remap(settings.keys, ACTIONS)
            _kept(section, actions)
    return section


def problems(keys: Mapping[str, Iterable[str]]) -> list[str]:
    """All that is wrong with [keys], where the program itself stops at the first."""
    known = {action.name: action for action in ACTIONS}
    found = [f"[keys] names {name!r}, which is no action." for name in keys if name not in known]
    owners: dict[str, list[str]] = {}
    for name, action in known.items():
        for key in map(key_name, keys.get(name, action.keys)):
            owners.setdefault(key, []).append(name)
    for key, names in owners.items():
        if len(names) > 1:
            found.append(f"{key} is bound to both {' and '.join(names)}; change one in [keys].")
        if key in NEVER_BOUND:
            found.append(f"{key} cannot be bound to {names[0]}: terminals keep it.")
        if len(key) == 1 and key.isalnum() and (key, names[0]) != ("0", "nothing"):
            found.append(f"{key} cannot be bound to {names[0]}: letters are labels, digits layers.")
    return found


def _kept(section: Section, actions: tuple[Action, ...]) -> None:
    """Keys that never arrive here."""
    kept = multiplexer_keys()
    if not kept:
        return
    section.fact("kept by the multiplexer", sorted(kept))
    for action in actions:
        lost = [key for key in action.keys if key_name(key) in kept]
        if lost and len(lost) == len(action.keys):
            section.troubles.append(
                f"{', '.join(lost)} for {action.name} is kept by the multiplexer; give it another "
                f"key in [keys] or use the palette."
            )


def multiplexer_keys() -> frozenset[str]:
    """The prefix keys of the tmux or screen this runs in."""
    if os.environ.get("TMUX"):
        return frozenset(filter(None, map(key_of, (_tmux("prefix"), _tmux("prefix2"))))) or (
            frozenset({"ctrl+b"})
        )
    return frozenset({"ctrl+a"}) if os.environ.get("STY") else frozenset()


def key_of(name: str) -> str:
    """The key that tmux names (`C-b`, `M-x`) as the key table names it; "" for none."""
    modifiers = {"C": "ctrl", "M": "alt", "S": "shift"}
    *before, last = name.strip().split("-")
    if not last or last == "None":
        return ""
    return "+".join([*(modifiers.get(each, each) for each in before), last.lower()])


def _tmux(option: str) -> str:
    with suppress(OSError, subprocess.SubprocessError):
        asked = ["tmux", "show-options", "-gv", option]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=SECONDS, check=False)
        return done.stdout
    return ""
