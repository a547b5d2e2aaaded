"""The store's statements as PostgreSQL takes them.

They are written once, in SQL that both engines take with the same meaning (a test keeps to it). What is
left to change is spelling: how values are bound, hints for SQLite's planner, the names of types and of
primary keys, and two functions.
"""

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")|(?P<number>\?\d+)|(?P<next>\?)"""
    r"""|(?P<name>(?<![:\w]):[a-zA-Z_]\w*)|(?P<percent>%)"""
)
_SPELLING = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"\s+INDEXED\s+BY\s+\w+", ""),
        (r"\bCROSS\s+JOIN\b", "JOIN"),  # always with an ON
        (r"(?<=[\s(=,])\+(?=[a-z]\w*\.\w)", ""),  # keeps SQLite's planner from an index
        (r"\binstr\(", "strpos("),
        (r"\bINTEGER\b", "BIGINT"),
        (r"\bREAL\b", "DOUBLE PRECISION"),
        (r"\bBLOB\b", "BYTEA"),
        (r"\)\s*STRICT(,\s*WITHOUT\s+ROWID)?\s*$", ")"),
    )
)
_MET = re.compile(r"\b(INSERT\s+INTO\s+(\w+)\b.*?\bON\s+CONFLICT)\s*\([^)]*\)", re.DOTALL)
_COLUMN_OF_TEXT = re.compile(r"\bTEXT\b")


@lru_cache(2048)
def translate(sql: str) -> str:
    """A statement for psycopg; its values are those `values` makes of SQLite's."""
    for pattern, other in _SPELLING:
        sql = pattern.sub(other, sql)
    # by name, for it may be one over hashes (`room_on_server`)
    sql = _MET.sub(r"\1 ON CONSTRAINT \2_pkey", sql)
    if sql.lstrip().startswith("CREATE TABLE"):
        # code point order, as in SQLite, whatever the database's own order is
        sql = _COLUMN_OF_TEXT.sub('TEXT COLLATE "C"', sql)
    return _TOKEN.sub(_bound, sql)


def _bound(token: re.Match[str]) -> str:
    found = token[0]
    match token.lastgroup:
        case "text":
            return found.replace("%", "%%")
        case "number":
            return f"%(_{found[1:]})s"
        case "next":
            return "%s"
        case "name":
            return f"%({found[1:]})s"
    return "%%"


_NUMBERED = re.compile(r"\?\d")


def is_numbered(sql: str) -> bool:
    """Whether a statement's values have numbers (`?1`), as in SQLite's spelling."""
    return _NUMBERED.search(sql) is not None
