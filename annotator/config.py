"""The configuration of a person on a machine: who they are, their keyboard, the look.

One TOML file, `config.toml` in the user's configuration folder or whatever `$ANNOTATOR_CONFIG`
names; without a file everything has its default::

    annotator = "iva"
    layout = "bg-phonetic"
    mouse = true
    theme = "textual-dark"
    width = 90

    sticky = ["layer", "queue"]
    remember = ["layer"]

    suggest = true

    [keys]
    done = ["ctrl+d", "f10"]

    [units]
    entities = "grapheme"

    [suggesters.slovnet]
    plugin = "slovnet"

Whether a layout, theme or action of that name exists is for the rooms that have them to say.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import SuggesterSettings, parse_suggester

VARIABLE = "ANNOTATOR_CONFIG"
"""The environment variable that names another file."""

WIDTHS = range(20, 401)
"""The reading widths allowed, in terminal cells."""

STAYS = ("layer", "queue", "panel")
"""What can stay as it is: the layer, the queue's filter and order, the panel shown or hidden."""

UNITS = ("grapheme", "word", "sentence", "block")
"""The units a cursor can move by (`model.scheme.Unit`; a test keeps the two alike)."""

_LAYOUT_LINE = re.compile(
    r"""^(?P<before>[ \t]*(?:layout|"layout"|'layout')[ \t]*=[ \t]*)(?:"[^"\r\n]*"|'[^'\r\n]*')""",
    re.MULTILINE,
)
_TABLE_LINE = re.compile(r"^[ \t]*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says, checked; the fields are its settings."""

    annotator: str = ""
    """The annotator's name; "" leaves it to `--as` or the login name."""
    layout: str = ""
    """The keyboard layout's name; "" as long as none was chosen."""
    mouse: bool = True
    """Whether the mouse works in the application rather than in the terminal."""
    theme: str = ""
    """The colour theme's name; "" for the application's own."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Keys that replace an action's own, by the action's name; none leaves it to the palette."""
    width: int = 90
    """The reading width in cells."""
    sticky: tuple[str, ...] = STAYS
    """Which of `STAYS` are the same in the next article."""
    remember: tuple[str, ...] = ()
    """Which of `STAYS` are the same at the next start."""
    units: Mapping[str, str] = field(default_factory=dict)
    """What the cursor moves by in layers of spans, by their names, where not as the scheme says."""
    suggest: bool = True
    """Whether anything is suggested at this person's desk."""
    suggesters: Mapping[str, SuggesterSettings] = field(default_factory=dict)
    """Suggesters of others that are used besides, by the name their suggestions get as source."""


def config_path() -> Path:
    """Where the configuration is, whether there is a file or not."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    import platformdirs  # not needed when the variable is set, as in scripts and tests

    return Path(platformdirs.user_config_dir("annotator")) / "config.toml"


def read(path: Path | None = None) -> Config:
    """The configuration in a file, by default in `config_path()`; all defaults without one.

    Raises:
        AnnotatorError: the file cannot be read, is not TOML, or has an unknown or unfit setting.
    """
    path = path or config_path()
    settings = _parse(_text(path), path)
    known = [each.name for each in fields(Config)]
    for name in settings:
        if name not in known:
            raise AnnotatorError(f"{path}: unknown setting {name!r}; {_hint(name, known)}")
    return Config(**{name: _CHECKS[name](path, name, value) for name, value in settings.items()})


def given(path: Path) -> frozenset[str]:
    """The names of the settings that the file gives; raises as `read` does."""
    return frozenset(_parse(_text(path), path))


def save_layout(name: str, path: Path | None = None) -> None:
    """Set `layout` in the configuration file and leave every other character of it as it is.

    The file (made when missing) is replaced in one step, so that a crash leaves the old or the new
    one; a link stays a link. The layout's name is the caller's to check.

    Raises:
        AnnotatorError: the file cannot be read or written, or its line for `layout` is spelt in a way
            that only a person can change.
    """
    path = path or config_path()
    if path.exists() and not path.is_file():
        raise AnnotatorError(
            f"{path} is not a file; set ${VARIABLE} to a file that can be written."
        )
    old = _text(path)
    new = _with_layout(old, name)
    if _parse_or_none(new) != {**_parse(old, path), "layout": name}:
        raise AnnotatorError(
            f"The layout could not be saved: please set layout = {_quoted(name)} in {path}."
        )
    _replace(path.resolve(), new)


def who(option: str | None, config: Config) -> str:
    """The annotator's name: `--as`, else the configuration's, else the login name.

    Raises:
        AnnotatorError: the first of them that is there is no valid name, or none is there.
    """
    if option is not None:
        return valid_name(option)
    if config.annotator:
        return valid_name(config.annotator)
    return valid_name(_login())


def _login() -> str:
    """The login name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, as in some containers
        raise AnnotatorError(
            "This system knows no login name: say who you are with --as NAME, "
            'or set annotator = "NAME" in the configuration file.'
        ) from None


def _text(path: Path) -> str:
    """The file's text with its own line ends; "" when there is no file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise AnnotatorError(
            f"{path} is not UTF-8 at byte {error.start}; save it as such."
        ) from None
    except OSError as error:
        raise AnnotatorError(f"{path} cannot be read: {error.strerror}.") from None


def _parse(text: str, path: Path) -> dict[str, Any]:
    """The settings in the file's text."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnnotatorError(f"{path} is not valid TOML: {error}.") from None
    except ValueError:  # Python reads no number of more than some thousand digits
        raise AnnotatorError(
            f"{path} is not valid TOML: it has a number that is too long."
        ) from None
    except RecursionError:
        raise AnnotatorError(f"{path} is not valid TOML: it is nested too deeply.") from None


def _parse_or_none(text: str) -> dict[str, Any] | None:
    """The settings in a text, None when it is not TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # also what TOML allows and Python does not read
        return None


def _hint(name: str, known: list[str]) -> str:
    """The end of a sentence: the known name that was probably meant, else all of them."""
    import difflib  # only on the way to an error

    near = difflib.get_close_matches(name.casefold(), known, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."


def _string(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise AnnotatorError(f'{path}: {name} takes a text in quotes, such as {name} = "...".')
    return value


def _name(path: Path, name: str, value: object) -> str:
    text = _string(path, name, value)
    try:
        return valid_name(text) if text else ""
    except AnnotatorError as error:
        raise AnnotatorError(f"{path}: {error}") from None


def _switch(path: Path, name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise AnnotatorError(f"{path}: {name} takes true or false.")
    return value


def _width(path: Path, name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in WIDTHS:
        raise AnnotatorError(
            f"{path}: {name} takes a whole number from {WIDTHS[0]} to {WIDTHS[-1]} (cells)."
        )
    return value


def _keys(path: Path, name: str, value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise AnnotatorError(
            f'{path}: write {name} as a table: [{name}] and action = ["key"] lines.'
        )
    return {action: _key_list(path, action, keys) for action, keys in value.items()}


def _stays(path: Path, name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or any(each not in STAYS for each in value):
        listed = ", ".join(f'"{each}"' for each in STAYS)
        raise AnnotatorError(f"{path}: {name} takes a list with any of {listed}.")
    return tuple(dict.fromkeys(value))


def _units(path: Path, name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or any(each not in UNITS for each in value.values()):
        raise AnnotatorError(
            f'{path}: write {name} as a table: [{name}] and layer = "unit" lines; '
            f"units are {', '.join(UNITS)}."
        )
    return dict(value)


def _suggesters(path: Path, name: str, value: object) -> dict[str, SuggesterSettings]:
    if not isinstance(value, dict):
        raise AnnotatorError(f"{path}: write {name} as tables, each below a line [{name}.NAME].")
    try:
        return {each: parse_suggester(each, table) for each, table in value.items()}
    except AnnotatorError as error:
        raise AnnotatorError(f"{path}: {error}") from None


def _key_list(path: Path, action: str, keys: object) -> tuple[str, ...]:
    """An action's keys; a single one may stand without its list."""
    listed = [keys] if isinstance(keys, str) else keys
    if not isinstance(listed, list) or not all(isinstance(key, str) and key for key in listed):
        raise AnnotatorError(f'{path}: [keys] {action} takes a list of keys, such as ["ctrl+e"].')
    return tuple(listed)


_CHECKS: Mapping[str, Any] = {
    "annotator": _name,
    "layout": _string,
    "mouse": _switch,
    "theme": _string,
    "keys": _keys,
    "width": _width,
    "sticky": _stays,
    "remember": _stays,
    "units": _units,
    "suggest": _switch,
    "suggesters": _suggesters,
}


def _quoted(name: str) -> str:
    """A TOML string; layout names need no escapes, others fail the check on the result."""
    return f'"{name}"'


def _with_layout(text: str, name: str) -> str:
    """The text with its one line for `layout` changed, or with such a line put in.

    A new line goes to the top, where it cannot fall into a table.
    """
    table = _TABLE_LINE.search(text)
    top = table.start() if table else len(text)
    line = _LAYOUT_LINE.search(text, 0, top)
    if line:
        return f"{text[: line.start()]}{line['before']}{_quoted(name)}{text[line.end() :]}"
    end = "\r\n" if "\r\n" in text else "\n"
    return f"layout = {_quoted(name)}{end}{text}"


def _replace(path: Path, text: str) -> None:
    """Put `text` into the file in one step, with the old file's permissions."""
    import tempfile  # costs more to import than all the rest here, and is rarely needed

    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        with open(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o7777)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise AnnotatorError(f"{path} cannot be written: {error.strerror}.") from None
