"""Articles from a table of somebody's SQLite database."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.cli.sources import Tick
from annotator.formats.sources.fields import UnfitError, article_of, field_of, text_field
from annotator.formats.sources.incoming import Incoming, ReadOptions, Refusal, shown
from annotator.model.errors import AnnotatorError
from annotator.store.foreign import KINDS, BadText, Foreign, Table

EVERY = 200
"""Rows between two ticks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which table is read, and how."""

    table: Table
    fields: Mapping[str, str]
    """Which column is what, beyond what names tell."""
    where: str
    """What to call the table to a person."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Values that could not come along, by what they are; filled while reading."""


def choose(database: Foreign, name: str | None, options: ReadOptions) -> Plan:
    """The table to read: the one named, or the only one with a column that holds texts.

    Tables come before views. A column holds texts when it is said to, when its name is known, or
    when it is the only one with long values. Without a column for the id, the primary key is it.

    Raises:
        AnnotatorError: no such table or column, or none or several that could be meant.
    """
    if name is not None:
        table = database.table(name)
        fields = _fields(database, table, options)
        if fields is None:
            raise AnnotatorError(
                f"Say with --text-column which column of {table.name} holds the text; "
                f"it has: {', '.join(table.columns)}."
            )
        return _plan(database, table, fields)
    for kind in KINDS:
        tables = [table for table in database.tables if table.kind == kind]
        fitting = [(t, f) for t in tables if (f := _fields(database, t, options)) is not None]
        if len(fitting) == 1:
            return _plan(database, *fitting[0])
        if fitting:
            names = ", ".join(table.name for table, _ in fitting)
            raise AnnotatorError(f"Say with --table which table of {database.path}: {names}.")
    names = ", ".join(table.name for table in database.tables) or "no tables at all"
    raise AnnotatorError(
        f"No table of {database.path} is known to hold texts (it has: {names}); "
        "say which with --table and --text-column."
    )


def read(database: Foreign, plan: Plan, options: ReadOptions, tick: Tick) -> Iterator[Incoming]:
    """An article for each row, or why it is none."""
    options = replace(options, fields=plan.fields)
    number = 0
    for record in database.rows(plan.table):
        number = record.number
        if number % EVERY == 0:
            tick(EVERY)
        yield _article(record.values, f"{plan.where}, row {number}", plan, options)
    tick(number % EVERY)


def _plan(database: Foreign, table: Table, fields: Mapping[str, str]) -> Plan:
    return Plan(table, fields, f"{shown(database.path)}, {table.kind} {table.name}")


def _fields(database: Foreign, table: Table, options: ReadOptions) -> dict[str, str] | None:
    """Which column is what, when the table can be read; None when its text is not known."""
    fields = dict(options.fields)
    missing = [name for name in fields.values() if name and name not in table.columns]
    if missing and fields.get("text") not in missing:
        names = ", ".join(table.columns)
        raise AnnotatorError(f"Table {table.name} has no column {missing[0]!r}; it has: {names}.")
    if not text_field(table.columns, options):
        guessed = "" if "text" in fields else database.longest_column(table)
        if not guessed:
            return None
        fields["text"] = guessed
    if "id" not in fields and table.key and not field_of("id", table.columns, options):
        fields["id"] = table.key
    return fields


def _article(values: Mapping[str, Any], where: str, plan: Plan, options: ReadOptions) -> Incoming:
    """The article in a row, or why it is none. Binary values beside the text are left out."""
    text = text_field(plan.table.columns, options)
    record: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, BadText):
            return Refusal(where, f"{name}: {_not_utf8(value)}")
        if isinstance(value, bytes):
            if name == text:
                return Refusal(where, f"{name} holds binary data, not text")
            plan.left_out[f"binary value of column {name}"] += 1
        else:
            record[name] = value
    if text not in record:
        return Refusal(where, f"{text} is NULL")
    try:
        return article_of(record, options, plan.table.name)
    except UnfitError as error:
        return Refusal(where, str(error))


def _not_utf8(value: bytes) -> str:
    try:
        value.decode()
    except UnicodeDecodeError as error:
        return f"byte 0x{value[error.start]:02x} at offset {error.start} is not UTF-8"
    return ""
