"""Fewer ways to a server and back: questions asked together beforehand, and writes sent together behind.

An act asks a dozen things and writes half a dozen rows, while all others wait for the lock. What it will
ask is known when it begins (`ahead`), and nobody waits for what it writes before the COMMIT (`later`).
So an act takes three ways there and back as a rule, however many things are in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from annotator.store.dialect import is_numbered, translate

if TYPE_CHECKING:
    import psycopg

    from annotator.store.everybody import Shared

MOST = 64
"""Of more rows than these none is held back."""
_READS = ("SELECT", "WITH")


class Together:
    """The part of a server's connection that asks and writes several things at once."""

    raw: "psycopg.Connection[Any]"

    def __init__(self) -> None:
        self._later: list[tuple[str, Any]] = []
        """What is to be written, translated, with its values."""
        self._answers: dict[tuple[Any, ...], psycopg.Cursor[Any]] = {}
        """What was asked beforehand and nobody has asked for yet."""

    @property
    def in_transaction(self) -> bool:
        """See `engine.Connection`."""
        raise NotImplementedError  # `ServerConnection` has it

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> "psycopg.Cursor[Any]":
        """See `engine.Connection`."""
        raise NotImplementedError  # `ServerConnection` has it

    def run(self, sql: Any, parameters: Any = None) -> "psycopg.Cursor[Any]":
        """Run a statement in PostgreSQL's own words; raises ServerError."""
        raise NotImplementedError  # `ServerConnection` has it

    def later(self, sql: str, parameters: Iterable[Any]) -> None:
        """Run a statement for each of these values: before the next one or the COMMIT, together with it."""
        rows = iter(parameters)
        some = list(islice(rows, MOST + 1))
        if len(some) > MOST or not self.in_transaction:
            self.executemany(sql, chain(some, rows))
            return
        self._answers.clear()
        self._later += [(translate(sql), bound(sql, row)) for row in some]

    def ahead(self, questions: "Iterable[tuple[str | Shared, Sequence[Any]]]") -> None:
        """Ask what `execute` and `everybody` will be asked; the answers hold until something is written."""
        wanted = {(what, *values): None for what, values in questions}
        asked = [as_asked(what, values) for what, *values in wanted]
        waiting, self._later, self._answers = self._later, [], {}
        found = self._in_one_go([*waiting, *asked])[len(waiting) :]
        self._answers = dict(zip(wanted, found, strict=True))

    def _answer(self, what: "str | Shared", values: Any) -> "psycopg.Cursor[Any] | None":
        """What was asked beforehand."""
        if not self._answers or isinstance(values, Mapping):
            return None
        return self._answers.pop((what, *values), None)

    def _run(self, sql: Any, parameters: Any) -> "psycopg.Cursor[Any]":
        """Run a statement, and before it in one go what was put off; an error is psycopg's."""
        if self._answers and not (isinstance(sql, str) and sql.lstrip().startswith(_READS)):
            self._answers.clear()
        if not self._later:
            return self.raw.execute(sql, parameters)
        waiting, self._later = self._later, []
        if isinstance(sql, str) and sql.startswith("ROLLBACK"):  # none of it was to happen
            return self.raw.execute(sql, parameters)
        return self._in_one_go([*waiting, (sql, parameters)])[-1]

    def _in_one_go(self, statements: "Sequence[tuple[Any, Any]]") -> "list[psycopg.Cursor[Any]]":
        with self.raw.pipeline():
            return [self.raw.execute(sql, values) for sql, values in statements]

    def _send(self) -> None:
        """What was put off is written now."""
        self._answers.clear()
        waiting, self._later = self._later, []
        if waiting:
            self._in_one_go(waiting)


def as_asked(what: "str | Shared", values: Sequence[Any]) -> tuple[str, Any]:
    """A question as it is sent: the store's SQL translated, or the function that everybody may call."""
    if isinstance(what, str):
        return translate(what), bound(what, values)
    name, marks = what.name, ", ".join(["%s"] * len(values))
    return f"SELECT * FROM {name}({marks})", values


def bound(sql: str, given: Any) -> Any:
    """Values as `translate` binds them; truths are numbers, as in a file."""
    if isinstance(given, Mapping):
        return {name: _plain(value) for name, value in given.items()}
    values = [_plain(value) for value in given]
    if is_numbered(sql):
        return {f"_{number}": value for number, value in enumerate(values, 1)}
    return values


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value
