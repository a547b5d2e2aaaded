"""Short reads: every query is fetched whole at once, so that no read transaction stays open.

A read transaction left open keeps SQLite from reusing the write-ahead log, which then grows without
bound while others work.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from annotator.store import trouble
from annotator.store.address import Address, Place
from annotator.store.engine import TROUBLE, Connection, Row, reader_connection

if TYPE_CHECKING:
    from annotator.store.everybody import Shared
    from annotator.store.link import Link

Params = Sequence[Any] | dict[str, Any]
T = TypeVar("T")


class Reader:
    """A connection that cannot write, for one thread.

    One to a server that turns out to be lost, because the server was started anew since the last query,
    is made again once, and the query repeated.
    """

    def __init__(
        self,
        path: Place,
        readonly: bool = False,
        link: "Link | None" = None,
        conn: Connection | None = None,
    ) -> None:
        """Open the project at `path`, whose server `link` leads to; raises AnnotatorError if it cannot be.

        `conn` is a connection to it that is open already.
        """
        self.path = path
        self._link = link
        self._lost = False
        self._again = True
        try:
            self.conn: Connection = conn or reader_connection(path, readonly)
        except TROUBLE as error:
            raise trouble.explain(error, path) from error

    @classmethod
    def over(cls, conn: Connection, path: Place) -> "Reader":
        """One that reads through a connection that is open, in a transaction of whoever opened it."""
        made = cls.__new__(cls)
        made.path, made.conn = path, conn
        made._link, made._lost, made._again = None, False, False
        return made

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows of a query; raises AnnotatorError when the file is damaged or gone."""
        return self._asked(lambda: self.conn.execute(sql, params).fetchall())

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, None when there is none."""
        found = self.rows(sql, params)
        return found[0] if found else None

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, None when there is none."""
        found = self.rows(sql, params)
        return found[0][0] if found else None

    def everybody(self, what: "Shared", values: Sequence[Any] = ()) -> list[Row]:
        """What a query gives of everybody's work, also where one reads one's own only."""
        return self._asked(lambda: self.conn.everybody(what, values).fetchall())

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

    def has(self, name: str) -> bool:
        """Whether there is a table or an index of a name."""
        return self._asked(lambda: self.conn.has(name))

    @property
    def format(self) -> int:
        """The format of the project's tables."""
        return self._asked(lambda: self.conn.format)

    @property
    def home(self) -> str:
        """What a server calls the database, however it is addressed; "" for a file."""
        return self._asked(lambda: self.conn.home)

    def close(self) -> None:
        """Close the connection; the caller holds the lock, for this may tidy up the file."""
        self.conn.close()

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            if isinstance(self.path, Address):
                return self._of_server(ask)
            return ask()
        except (*TROUBLE, OverflowError) as error:
            raise trouble.explain(error, self.path) from error

    def _of_server(self, ask: Callable[[], T]) -> T:
        link = self._link
        if link is not None:
            link.refuse()
            self.conn.patience = link.patience
        if not self._lost:
            try:
                return ask()
            except TROUBLE as error:
                if getattr(error, "kind", "") != "lost" or not self._again:
                    raise
                self._lost = True
                self.conn.close()
                if self.conn.in_moment:
                    raise
                if link is not None and getattr(error, "slow", False):
                    link.lost(error)  # as long again is not waited
                    raise
        try:
            self._reach()
            return ask()
        except TROUBLE as error:
            if link is not None and getattr(error, "kind", "") == "lost":
                link.lost(error)
            raise

    def _reach(self) -> None:
        """Connect again."""
        link, path = self._link, self.path
        self.conn = link.connect(True) if link is not None else reader_connection(path)
        self.conn.patience = link.patience if link is not None else None
        self._lost = False
