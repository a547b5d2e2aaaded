"""Tables of other people's SQLite databases, read and never written.

The database is opened read-only and without trust in its schema; any table or view is read row by
row, whatever it is called and whatever its cells hold.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from annotator.model.errors import AnnotatorError
from annotator.store.engine import APPLICATION_ID, TROUBLE, Error, file_reader

KINDS = ("table", "virtual", "view")
"""What can be read, the likelier place of articles first; shadow tables are an index's insides."""

SUFFIXES = (".db", ".sqlite", ".sqlite3", ".db3")
"""How files of databases usually end."""

SMALLEST = 512
"""Bytes in the smallest page, and so in the smallest database."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view."""

    name: str
    kind: str
    """One of `KINDS`."""
    columns: tuple[str, ...]
    key: str
    """The one column that is the primary key; "" when there is none or it has several columns."""


class BadText(bytes):
    """The bytes of a text that is not UTF-8."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row."""

    number: int
    """Counted from 1 in the order of reading."""
    values: Mapping[str, Any]
    """By column; NULL is left out. Blobs are `bytes`, text that is not UTF-8 is `BadText`."""


class Foreign:
    """A database open for reading its tables."""

    def __init__(self, path: Path) -> None:
        """Open the database at `path`.

        Raises:
            AnnotatorError: there is none, it cannot be read, or it is an annotator project.
        """
        from sqlite_utils import Database  # a tenth of a second, and only imports need it

        if not path.is_file():
            raise AnnotatorError(f"There is no database {path}.")
        self.path = path
        try:
            self._conn = file_reader(self.path, readonly=True)
        except TROUBLE as error:
            raise _explain(error, path) from error
        self._conn.text_factory = _text
        self._db = Database(self._conn, recursive_triggers=False, execute_plugins=False)
        try:
            owner = self._conn.execute("PRAGMA application_id").fetchall()[0][0]
            self.tables = tuple(self._tables())
            """Everything that can be read, in the order of `KINDS` and of names."""
        except TROUBLE as error:
            self.close()
            raise _explain(error, path) from error
        if owner == APPLICATION_ID:
            self.close()
            raise AnnotatorError(
                f"{path} is an annotator project: export it as jsonl and import that file."
            )

    def table(self, name: str) -> Table:
        """The table or view of this name; AnnotatorError with the list when there is none."""
        for table in self.tables:
            if table.name.casefold() == name.casefold():
                return table
        names = ", ".join(table.name for table in self.tables) or "none at all"
        raise AnnotatorError(f"{self.path} has no table {name!r}; it has: {names}.")

    def count(self, table: Table) -> int:
        """How many rows a table has; 0 when only reading it will tell.

        The rows of a view have to be made to be counted, and a damaged table gives what it can.
        """
        if table.kind == "view":
            return 0
        try:
            return int(self._db.table(table.name).count)
        except TROUBLE:
            return 0

    def rows(self, table: Table) -> Iterator[Record]:
        """Every row, one in memory at a time.

        Raises:
            AnnotatorError: the database turns out to be damaged on the way.
        """
        quoted = '"' + table.name.replace('"', '""') + '"'
        try:
            cursor = self._conn.execute(f"SELECT * FROM {quoted}")
            names = [column[0] for column in cursor.description]
            for number, row in enumerate(cursor, 1):
                pairs = zip(names, row, strict=True)
                yield Record(number, {name: value for name, value in pairs if value is not None})
        except TROUBLE as error:
            raise _explain(error, self.path) from error

    def longest_column(self, table: Table, letters: int = 200, sample: int = 100) -> str:
        """The one column whose values are long texts (half of them `letters` or more); else ""."""
        lengths: dict[str, list[int]] = {name: [] for name in table.columns}
        for record in islice(self.rows(table), sample):
            for name, value in record.values.items():
                lengths[name].append(len(value) if isinstance(value, str) else 0)
        long = [n for n, found in lengths.items() if found and _median(found) >= letters]
        return long[0] if len(long) == 1 else ""

    def close(self) -> None:
        """Let go of the database; a second call does nothing."""
        with suppress(Error):
            self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _tables(self) -> Iterator[Table]:
        sql = "SELECT type, name FROM pragma_table_list WHERE schema = 'main'"
        listed = [row for row in self._conn.execute(sql).fetchall() if row[0] in KINDS]
        for kind, name in sorted(listed, key=lambda row: (KINDS.index(row[0]), row[1])):
            if isinstance(name, str) and not name.casefold().startswith("sqlite_"):
                yield self._table(kind, name)

    def _table(self, kind: str, name: str) -> Table:
        """A table with its columns; a view that no longer works has none."""
        try:
            found = self._db.view(name).columns if kind == "view" else self._db.table(name).columns
        except TROUBLE:
            return Table(name, kind, (), "")
        keys = [column.name for column in found if column.is_pk]
        key = keys[0] if len(keys) == 1 else ""
        return Table(name, kind, tuple(column.name for column in found), key)


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database: SQLite reads it, or it is empty and named like one.

    SQLite is asked, and not the first bytes: closing a plain descriptor of a file this process has
    open through SQLite would drop its locks.
    """
    try:
        if not path.is_file():
            return False
        size = path.stat().st_size
        if not size:
            return path.suffix.lower() in SUFFIXES
        if size < SMALLEST:
            return False
        conn = file_reader(path, readonly=True)
    except OSError:
        return False
    except TROUBLE as error:
        return _is_damaged(error)
    try:
        conn.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except TROUBLE as error:
        return _is_damaged(error)
    finally:
        conn.close()
    return True


def _is_damaged(error: Exception) -> bool:
    """Whether SQLite's error says that the file is a database all the same."""
    return not any(words in str(error) for words in ("not a database", "unable to open"))


def _text(data: bytes) -> str | bytes:
    """The text of a cell, or its bytes when they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return BadText(data)


def _median(numbers: list[int]) -> int:
    return sorted(numbers)[len(numbers) // 2]


def _explain(error: Exception, path: Path) -> AnnotatorError:
    """One plain sentence for what SQLite reported about the database at `path`."""
    text = str(error)
    if "not a database" in text:
        return AnnotatorError(f"{path} is not an SQLite database, or it is encrypted.")
    if "malformed" in text:
        return AnnotatorError(f"{path} is damaged: {text}; mend it with `sqlite3 {path} .recover`.")
    return AnnotatorError(f"{path} could not be read: {text}.")
