"""Short reads: every query is fetched whole at once, so that no read transaction stays open.

A read transaction left open keeps SQLite from reusing the write-ahead log, which then grows without
bound while others work.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.store import trouble
from annotator.store.engine import TROUBLE, Connection, Row, reader_connection

Params = Sequence[Any] | dict[str, Any]


class Reader:
    """A connection that cannot write, for one thread."""

    def __init__(self, path: Path, readonly: bool = False) -> None:
        """Open `path`; raises AnnotatorError when it cannot be."""
        self.path = path
        try:
            self.conn: Connection = reader_connection(path, readonly)
        except TROUBLE as error:
            raise trouble.explain(error, path) from error

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query; raises AnnotatorError when the file is damaged or gone."""
        try:
            return self.conn.execute(sql, params).fetchall()
        except (*TROUBLE, OverflowError) as error:
            raise trouble.explain(error, self.path) from error

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, None when there is none."""
        found = self.rows(sql, params)
        return found[0] if found else None

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, None when there is none."""
        found = self.rows(sql, params)
        return found[0][0] if found else None

    def pages(
        self, sql: str, start: tuple[Any, ...], size: int = 500, fixed: tuple[Any, ...] = ()
    ) -> Iterator[Row]:
        """Rows of a long query, read in short ones.

        The query's parameters are `fixed`, the last row's first columns (`start` at first) and the
        page size; it gives the rows after those columns, in their order.
        """
        while True:
            page = self.rows(sql, (*fixed, *start, size))
            yield from page
            if len(page) < size:
                return
            start = page[-1][: len(start)]

    def close(self) -> None:
        """Close the connection; the caller holds the lock, for this may tidy up the file."""
        self.conn.close()
