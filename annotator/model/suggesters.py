"""Suggesters of others, as a person's own configuration names them; none without.

They are named there and never in a project file: whoever opens somebody's project must not thereby
run what that somebody wrote down.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from annotator.model.errors import AnnotatorError
from annotator.model.spent import NOTHING

TIMEOUTS = (0.1, 600.0)
"""The least and the most seconds an article may take."""
KINDS = ("plugin", "command", "url")
"""What a suggester may be; each is exactly one of them."""
RESERVED = ("names", "memory", "boilerplate")
"""Names of the suggesters that are always there (a test keeps them alike)."""

_NAME = re.compile(r"[\w.-]{1,40}")


class SuggesterSettings(NamedTuple):
    """One table `[suggesters.NAME]`: a plug-in, a local command or an address on this machine."""

    plugin: str = ""
    """The name a plug-in was announced under; "" where it is none."""
    command: tuple[str, ...] = ()
    """A program and its arguments; empty where it is none."""
    url: str = ""
    """An HTTP address on the loopback interface; "" where it is none."""
    layers: tuple[str, ...] = ()
    """The layers it suggests in; empty for all layers of spans but those of blocks."""
    timeout: float = 10.0
    """Seconds an article may take."""
    labels: Mapping[str, str | None] = NOTHING
    """The layer's label for a label of the suggester's; "" for none yet, None to leave such out."""
    sure: float | None = None
    """The score from which on its suggestions may be confirmed in a lump; None for never."""
    options: Mapping[str, Any] = NOTHING
    """What a plug-in is told besides, as its own manual says."""


class Address(NamedTuple):
    """Where an HTTP suggester listens."""

    host: str
    """`localhost` or a loopback address, an IPv6 one without brackets."""
    port: int
    target: str
    """Path and query."""


def parse_suggester(name: str, table: object) -> SuggesterSettings:
    """The settings in a table `[suggesters.NAME]` of the configuration file.

    Raises:
        AnnotatorError: the name or a setting is unknown or unfit; the sentence begins with the table.
    """
    where = f"[suggesters.{name}]"
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise AnnotatorError(
            f"[suggesters] {name[:60]!r} cannot be a suggester's name: use 1 to 40 letters, digits, "
            f"dots and dashes, and none of {', '.join(RESERVED)}."
        )
    if not isinstance(table, dict):
        raise AnnotatorError(f'{where} is a table: put plugin = "..." below that line.')
    for key in table:
        if key not in _CHECKS:
            raise AnnotatorError(
                f"{where} unknown setting {key!r}; there are {', '.join(_CHECKS)}."
            )
    if sum(kind in table for kind in KINDS) != 1:
        raise AnnotatorError(f"{where} takes exactly one of {', '.join(KINDS)}.")
    if "options" in table and "plugin" not in table:
        raise AnnotatorError(f"{where} options are for plug-ins; give a command its arguments.")
    return SuggesterSettings(
        **{key: _CHECKS[key](f"{where} {key}", value) for key, value in table.items()}
    )


def parse_address(url: str) -> Address:
    """The parts of an HTTP address, which must be on the loopback interface of this machine.

    Raises:
        AnnotatorError: it is no such address; the sentence begins with "takes".
    """
    import ipaddress  # rarely needed, and not at start
    from urllib.parse import urlsplit

    wrong = AnnotatorError(
        'takes an address on this machine, such as "http://127.0.0.1:8080/suggest": '
        f"127.0.0.0/8, [::1] or localhost, not {url[:100]!r}."
    )
    if not url.isascii() or not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise wrong from None
    if parts.scheme != "http" or not local or "@" in parts.netloc or parts.fragment or port == 0:
        raise wrong
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(host, port or 80, target)


def _text(where: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise AnnotatorError(f"{where} takes a text in quotes.")
    return value


def _command(where: str, value: object) -> tuple[str, ...]:
    """Never one string: that would need a shell's rules to be taken apart."""
    parts = [part for part in value if isinstance(part, str)] if isinstance(value, list) else []
    if parts == value and parts and parts[0].strip() and not any("\0" in part for part in parts):
        return tuple(parts)
    raise AnnotatorError(
        f'{where} takes a list, the program and its arguments: ["python3", "/home/me/ask.py"].'
    )


def _url(where: str, value: object) -> str:
    url = _text(where, value)
    try:
        parse_address(url)
    except AnnotatorError as error:
        raise AnnotatorError(f"{where} {error}") from None
    return url


def _names(where: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise AnnotatorError(f'{where} takes a list of names, such as ["entities"].')
    return tuple(dict.fromkeys(value))


def _number(value: object, least: float, most: float) -> float | None:
    """The value when it is a number within bounds, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return None
    return float(value)


def _timeout(where: str, value: object) -> float:
    seconds = _number(value, *TIMEOUTS)
    if seconds is None:
        raise AnnotatorError(
            f"{where} takes a number of seconds from {TIMEOUTS[0]:g} to {TIMEOUTS[1]:g}."
        )
    return seconds


def _sure(where: str, value: object) -> float:
    score = _number(value, 0, 1)
    if score is None:
        raise AnnotatorError(f"{where} takes a score from 0 to 1, such as 0.95.")
    return score


def _labels(where: str, value: object) -> dict[str, str | None]:
    if not isinstance(value, dict) or not all(
        isinstance(each, str) or each is False for each in value.values()
    ):
        raise AnnotatorError(
            f'{where} is a table from its labels to yours, such as {{ PER = "person", ORG = false }}.'
        )
    return {theirs: None if ours is False else ours for theirs, ours in value.items()}


def _options(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise AnnotatorError(f"{where} is a table of what the plug-in's manual names.")
    return dict(value)


_CHECKS: Mapping[str, Any] = {
    "plugin": _text,
    "command": _command,
    "url": _url,
    "layers": _names,
    "timeout": _timeout,
    "labels": _labels,
    "sure": _sure,
    "options": _options,
}
