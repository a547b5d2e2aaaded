"""One table of a scheme file, read with care: every fault becomes a sentence, none stops the rest.

A scheme's author should see all that is wrong at once, so that a reader notes each fault and goes on
with a stand-in; whoever holds the list of faults decides in the end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NAME = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
"""What a scheme, layer, label or attribute may be called: it goes into keys, files and tag columns."""


class Table:
    """A TOML table at a named place, whose fields are asked for one by one.

    Args:
        values: the table as `tomllib` read it.
        place: the file and the way to the table, as people would say it.
        faults: collects one sentence for each fault, shared by all tables of a file.
    """

    def __init__(self, values: Mapping[str, Any], place: str, faults: list[str]) -> None:
        self.place = place
        self._values = values
        self._faults = faults
        self._asked: list[str] = []

    def fault(self, sentence: str) -> None:
        """Note a fault of this table: what is wrong and what to do, without the place."""
        self._faults.append(f"{self.place}: {sentence}")

    def text(self, field: str, default: str | None = None) -> str:
        """A field's text; without `default` it has to be there, and it is never blank."""
        value = self._get(field)
        if value is None:
            if default is None:
                self.fault(f'the field "{field}" is missing; add {field} = "...".')
            return default or ""
        if not isinstance(value, str):
            self.fault(f'"{field}" is {_kind(value)}; write it as text between quotes.')
            return default or ""
        if not value.strip() or not value.isprintable():
            self.fault(
                f'"{field}" is blank or not one printable line; write its text or remove it.'
            )
        return value

    def name(self) -> str:
        """The field `name`, checked against `NAME`."""
        name = self.text("name")
        if name.strip() and not NAME.match(name):
            self.fault(
                f"the name {name[:60]!r} is not allowed; "
                "use 1 to 40 of the letters A-Z a-z, digits, _ and -."
            )
        return name

    def version(self) -> int:
        """The field `version`: a whole number from 1."""
        value = self._get("version")
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.fault('"version" has to be a whole number from 1; write for example version = 1.')
        return 1

    def switch(self, field: str) -> bool:
        """A field that is true or false, false when it is left out."""
        value = self._get(field)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(f'"{field}" has to be true or false; write {field} = true or remove it.')
        return False

    def choice(self, field: str, allowed: Sequence[str], default: str) -> str:
        """A field that is one of `allowed`."""
        value = self.text(field, default)
        if value in allowed or not value.strip():
            return value
        self.fault(f"the {field} {value!r} is unknown; use one of {', '.join(allowed)}.")
        return default

    def texts(
        self, field: str, default: Sequence[str] = (), allowed: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """A list of different texts, each one of `allowed` where that is given."""
        value = self._get(field)
        if value is None:
            return tuple(default)
        if not isinstance(value, list) or not all(_is_line(item) for item in value):
            self.fault(f'"{field}" has to be a list of texts, such as {field} = ["one", "two"].')
            return tuple(default)
        for item in value:
            if allowed and item not in allowed:
                self.fault(f"{item!r} in {field} is unknown; use {', '.join(allowed)}.")
        if len({item.casefold() for item in value}) < len(value):
            self.fault(f'"{field}" holds the same text twice; keep one of them.')
        return tuple(value)

    def tables(self, field: str, what: str) -> "Iterator[Table]":
        """The tables of a list field; each is placed by its name or, without one, its number."""
        value = self._get(field)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(f'"{field}" is missing or not a list; add at least one {what} to {field}.')
            return
        if not value:
            self.fault(f'"{field}" is empty; add at least one {what}.')
        for number, item in enumerate(value, 1):
            name = item.get("name")
            called = f'{what} "{name}"' if _is_line(name) else f"{what} {number}"
            yield Table(item, f"{self.place}, {called}", self._faults)

    def done(self) -> None:
        """Say which fields nobody asked for; call it when all known ones have been read."""
        unknown = [field for field in self._values if field not in self._asked]
        if not unknown:
            return
        from difflib import get_close_matches  # only a faulty scheme needs it

        for field in unknown:
            near = get_close_matches(field.lower(), self._asked, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"use {', '.join(self._asked)}."
            self.fault(f"the field {field[:60]!r} is unknown; {hint}")

    def _get(self, field: str) -> Any:
        self._asked.append(field)
        return self._values.get(field)


def _is_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _kind(value: object) -> str:
    """What a TOML value that is not text is, in plain words."""
    if isinstance(value, bool):
        return "true or false"
    words = {int: "a number", float: "a number", list: "a list", dict: "a table"}
    return words.get(type(value), "a date or time")
