"""The word index of a file: two tables of SQLite's FTS5.

They are contentless: the index holds no second copy of the texts, and must be told what goes.
"""

from collections.abc import Iterable

from annotator.store.engine import SORTER, WRITER_CACHE, Connection
from annotator.store.words import TABLES, TITLE_INDEX, Piece, Sought


class WordsInFile:
    """See `words.Words`."""

    def add(self, conn: Connection, name: str, rows: Iterable[tuple[int, str]]) -> None:
        """Index prepared texts."""
        conn.executemany(f"INSERT INTO {TABLES[name]} (rowid, words) VALUES (?,?)", rows)

    def remove(self, conn: Connection, name: str, n: int, said: str) -> None:
        """Take an article out again."""
        table = TABLES[name]
        sql = f"INSERT INTO {table} ({table}, rowid, words) VALUES ('delete', ?, ?)"
        conn.execute(sql, (n, said))

    def sought(self, name: str, wanted: list[Piece]) -> Sought | None:
        """What finds articles by a query of FTS5's."""
        table = TABLES[name]
        where = f"{table} WHERE {table} MATCH ?"
        test = f"(SELECT 1 FROM {where} AND {table}.rowid = a.n) IS NOT NULL"
        return Sought(where, f"{table}.rowid", test, (" AND ".join(map(_term, wanted)),))

    def done(self, conn: Connection) -> None:
        """Sort titles: kept from then on; during a large import it would cost as much as the rows."""
        conn.execute(f"PRAGMA cache_size = -{SORTER}")
        conn.execute(TITLE_INDEX)
        conn.execute(f"PRAGMA cache_size = -{WRITER_CACHE}")


def _term(piece: Piece) -> str:
    return '"' + piece.words.replace('"', '""') + '"' + (" *" if piece.begun else "")


INDEX = WordsInFile()
