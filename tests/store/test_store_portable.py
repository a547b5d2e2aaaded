"""The store's SQL is written once for two engines: what only one of them takes, or takes otherwise, stays out.

`annotator.store.dialect` changes spelling alone (how values are bound, hints, types, `instr`), so that a
statement must mean the same in SQLite and in PostgreSQL as it stands. What a look at the text cannot
tell (types, columns that are not grouped by) the tests on a server do.
"""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import annotator

STORE = Path(annotator.__file__).parent / "store"
OF_ONE_ENGINE = {
    "accounts.py": "a server's roles",
    "backup.py": "copies a file, or has a server's own tools do it",
    "care_in_file.py": "what a file needs now and then",
    "care_on_server.py": "what a server's database needs now and then",
    "engine.py": "the connection to a file",
    "folding.py": "an index of SQLite's in memory",
    "foreign.py": "other people's SQLite files",
    "grants.py": "what roles may do on a server",
    "header.py": "two numbers in a file's header",
    "hosting.py": "what a server has for a project on it",
    "migrations.py": "tables, of which `dialect` renders the types",
    "notices.py": "a server's triggers",
    "room_on_server.py": "a server's indexes",
    "server.py": "the connection to a server",
    "sittings_on_server.py": "who sits at a server",
    "words_in_file.py": "the word index of a file",
    "words_on_server.py": "the word index on a server",
}
"""Modules whose statements one engine alone gets, and why."""

_KEYWORD = re.compile(
    r"\b(SELECT|FROM|WHERE|JOIN|INSERT|UPDATE|DELETE|REPLACE|VALUES|CONFLICT|CASE|AND|OR|NOT|IN|IS|"
    r"EXISTS|LIKE|GLOB|LIMIT|UNION|HAVING|PRAGMA|SAVEPOINT)\b|\b(instr|json_\w+|coalesce|ifnull)\("
)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_TRUTH = re.compile(r"[<>=]|\b(AND|OR|NOT|IN|IS|LIKE|BETWEEN|EXISTS|true|false)\b")


class Rule(NamedTuple):
    """One thing that must not be in a statement."""

    why: str
    bad: tuple[str, ...]
    """What must be found, each of them."""
    good: tuple[str, ...]
    """What must not be."""
    found: Callable[[str], str | None]
    """The fragment in a statement (its texts are `'…'`, what is put in is `{…}`), None where it is fine."""


def _by(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern)

    def search(sql: str) -> str | None:
        match = compiled.search(sql)
        return match[0] if match else None

    return search


def _closed(sql: str, start: int) -> int:
    """Where the parenthesis that opens at `start` closes; -1 when it does not."""
    depth = 0
    for at in range(start, len(sql)):
        depth += (sql[at] == "(") - (sql[at] == ")")
        if not depth:
            return at
    return -1


def _inside(sql: str, before: str) -> Iterator[tuple[str, str]]:
    """What stands in the parentheses behind a pattern, and what follows them."""
    for match in re.finditer(before + r"\s*\(", sql):
        end = _closed(sql, match.end() - 1)
        if end > 0:
            yield sql[match.end() : end], sql[end + 1 :]


def _flat(sql: str) -> str:
    """A statement without what stands in parentheses or in CASE."""
    for _ in range(20):
        shorter = re.sub(r"\([^()]*\)", "…", sql)
        shorter = re.sub(r"\bCASE\b(?:(?!\bCASE\b|\bEND\b).)*\bEND\b", "…", shorter, flags=re.S)
        if shorter == sql:
            break
        sql = shorter
    return sql


def _several(sql: str) -> str | None:
    return next(
        (f"max/min({a})" for a, _ in _inside(sql, r"\b(?:max|min)") if "," in _flat(a)), None
    )


def _counted(sql: str) -> str | None:
    for inner, _ in _inside(sql, r"\b(?:sum|count|avg)"):
        if _TRUTH.search(_flat(inner)):
            return f"sum/count({inner})"
    return None


def _listed(sql: str) -> str | None:
    """A truth among the columns of a SELECT, however deep."""
    parts = [sql, *(inner for inner, _ in _inside(sql, ""))]
    for part in parts:
        for match in re.finditer(
            r"\bSELECT\b(.*?)(?=\b(?:FROM|WHERE|UNION)\b|$)", _columns(part), re.S
        ):
            if found := _TRUTH.search(match[1]):
                return f"SELECT … {match[1][max(0, found.start() - 30) : found.end() + 10]}"
    return None


def _columns(sql: str) -> str:
    """A statement in which truths in parentheses stay truths, and queries in them are columns."""
    for _ in range(20):
        shorter = re.sub(r"\bCASE\b(?:(?!\bCASE\b|\bEND\b).)*\bEND\b", "…", sql, flags=re.S)
        shorter = re.sub(r"\w\([^()]*\)|\(\s*(?:SELECT|WITH|WHERE)\b[^()]*\)", "…", shorter)
        shorter = re.sub(r"\(([^()]*)\)", r" \1 ", shorter)
        if shorter == sql:
            break
        sql = shorter
    return sql


def _unnamed(sql: str) -> str | None:
    after = re.compile(
        r"\s*(?:AS\s+)?(?!(?:WHERE|ORDER|GROUP|LIMIT|JOIN|CROSS|LEFT|ON|UNION|EXCEPT)\b)[\w{]"
    )
    for inner, rest in _inside(sql, r"\b(?:FROM|JOIN)"):
        if not after.match(rest):
            return f"({inner}){rest[:10]}"
    return None


def _marks(sql: str) -> str | None:
    both = re.search(r"\?\d", sql) and re.search(r"\?(?!\d)", sql)
    return "? beside ?1" if both else None


RULES = {
    "put": Rule(
        "only SQLite has REPLACE and OR IGNORE: ON CONFLICT ... DO UPDATE or NOTHING",
        ("REPLACE INTO t (a) VALUES (?)", "INSERT OR IGNORE INTO t (a) VALUES (?)"),
        ("INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING", "SELECT replace(a, b, c) FROM t"),
        _by(r"\bREPLACE\s+INTO\b|\b(INSERT|UPDATE)\s+OR\b"),
    ),
    "functions": Rule(
        "a function that only one engine has: coalesce, CASE, instr(...) > 0, or Python",
        ("SELECT ifnull(a, b) FROM t", "SELECT greatest(a, b) FROM t", "WHERE strpos(a, b) > 0"),
        ("SELECT coalesce(a, instr(a, b)) FROM t",),
        _by(r"\b(ifnull|iif|typeof|hex|printf|unicode|char|quote|total|changes|last_insert_rowid|random|"
            r"datetime|strftime|julianday|greatest|least|strpos|position|likely|unlikely|group_concat|"
            r"string_agg|array_agg|glob)\("),
    ),
    "several": Rule(
        "max and min of several values are aggregates in PostgreSQL: CASE",
        ("SELECT max(a, 0) FROM t", "SELECT min(coalesce(a, b), c) FROM t"),
        ("SELECT max(coalesce(a, b)) FROM t", "SELECT max(a), b FROM t"),
        _several,
    ),
    "instr": Rule(
        "a number is no truth in PostgreSQL: instr(...) > 0",
        ("WHERE instr(a, b) AND c = 1", "WHERE c = 1 AND instr(f(a), b)"),
        ("WHERE instr(a, b) > 0", "WHERE instr(f(a), b) = 0"),
        _by(r"\binstr\((?:[^()]|\([^()]*\))*\)(?!\s*[<>=])"),
    ),
    "patterns": Rule(
        "only SQLite has GLOB, and takes a for A in LIKE: instr(x, ?) > 0, substr(x, 1, n) = ?",
        ("WHERE a GLOB ?", "WHERE a LIKE 'b%'", "WHERE a NOT LIKE ?", "WHERE a REGEXP ?", "WHERE a ILIKE ?"),
        ("WHERE substr(a, 1, 3) = 'LIKE'",),
        _by(r"\b(GLOB|LIKE|REGEXP|ILIKE|SIMILAR TO)\b"),
    ),
    "counted truths": Rule(
        "a truth is no number in PostgreSQL: sum(CASE WHEN ... THEN 1 ELSE 0 END) or count(*) FILTER",
        ("SELECT sum(a = 1) FROM t", "SELECT sum(kind IN ('a', 'b')) FROM t", "SELECT sum(a IS NULL) FROM t"),
        ("SELECT sum(CASE WHEN a = 1 THEN 1 ELSE 0 END) FROM t", "SELECT count(*) FILTER (WHERE a = 1) FROM t"),
        _counted,
    ),
    "listed truths": Rule(
        "a truth among the columns is a number in SQLite alone: CASE WHEN ... THEN 1 ELSE 0 END",
        ("SELECT a = 1 FROM t", "SELECT n, EXISTS (SELECT 1 FROM t) FROM u", "SELECT 1, (a OR b) FROM t",
         "SELECT n FROM (SELECT n, b > 1 AS c FROM t) s"),
        ("SELECT CASE WHEN a = 1 THEN 1 ELSE 0 END FROM t WHERE a = 1",
         "SELECT n, (SELECT b FROM u WHERE u.n = t.n) FROM t", "SELECT count(*) FILTER (WHERE a = 1) FROM t"),
        _listed,
    ),
    "empty": Rule(
        "PostgreSQL takes no list of no values",
        ("WHERE a IN ()",),
        ("WHERE a IN (?,?)", "WHERE a IN ({…})"),
        _by(r"\bIN\s*\(\s*\)"),
    ),
    "limit": Rule(
        "PostgreSQL takes no LIMIT below 0, and no OFFSET behind a comma: leave it out where there is none",
        ("SELECT a FROM t LIMIT -1", "SELECT a FROM t LIMIT ?, ?"),
        ("SELECT a FROM t LIMIT ?", "(SELECT a FROM t LIMIT 1), b"),
        _by(r"\bLIMIT\s+-|\bLIMIT\s+[\w:?]+\s*,"),
    ),
    "is": Rule(
        "IS compares values in SQLite alone: IS [NOT] DISTINCT FROM",
        ("WHERE a IS ?", "WHERE a IS NOT b", "WHERE a IS {…}", "WHERE a ISNULL"),
        ("WHERE a IS NULL AND b IS NOT NULL AND a IS NOT DISTINCT FROM b",),
        _by(r"\bIS\s+(NOT\s+)?(?!NOT\b|NULL\b|DISTINCT\b)\S|\b(ISNULL|NOTNULL)\b"),
    ),
    "numbers as truths": Rule(
        "a number is no truth in PostgreSQL: WHERE true, given = 1",
        ("WHERE 1 AND a = 1", "WHERE 1", "WHERE s.given", "WHERE a = 1 AND NOT free", "CASE WHEN given THEN 1 END"),
        ("WHERE true AND s.given = 1", "WHERE p.free > 0", "LIMIT 1"),
        _by(r"\b(WHERE|AND|OR|NOT|WHEN|ON)\s+(\d+\b(?!\s*[-+*/<>=])|(\w+\.)?(given|free)\b(?!\s*[<>=]))"),
    ),
    "bytes": Rule(
        "bytes are spelt otherwise in PostgreSQL: bind b''",
        ("SELECT x'' FROM t", "SELECT X'00ff' FROM t"),
        ("SELECT a, 'x' FROM t",),
        _by(r"(?<!\w)[xX]'"),
    ),
    "json": Rule(
        "of JSON there is json_extract alone: unnest in Python, bind values one by one",
        ("FROM json_each(?) j", "SELECT a ->> 'b' FROM t", "SELECT json_remove(a, b) FROM t"),
        ("SELECT json_extract(a, '$.b') FROM t",),
        _by(r"\bjsonb?_(?!extract\()\w+\(|->"),
    ),
    "json numbers": Rule(
        "json_extract gives text on a server: CAST(json_extract(...) AS INTEGER)",
        ("WHERE json_extract(a, '$.b') > 3", "WHERE 3 < json_extract(a, '$.b')", "SELECT sum(json_extract(a, '$.b')) FROM t"),
        ("WHERE CAST(json_extract(a, '$.b') AS INTEGER) > 3", "WHERE json_extract(a, '$.b') = '3'"),
        _by(r"\bjson_extract\([^()]*\)\s*[<>=]+\s*\d|\d\s*[<>=]+\s*json_extract\(|\b(sum|avg)\(json_extract"),
    ),
    "cross": Rule(
        "CROSS JOIN is SQLite's hint for JOIN, which takes an ON: ON true",
        ("FROM a CROSS JOIN b WHERE a.n = b.n", "FROM a CROSS JOIN b x", "FROM a CROSS JOIN b CROSS JOIN c ON true"),
        ("FROM a CROSS JOIN b ON a.n = b.n", "FROM a CROSS JOIN b AS x INDEXED BY y ON true",
         "FROM a CROSS JOIN (SELECT 1) x ON true", "FROM a CROSS JOIN b c{…} ON true"),
        lambda sql: _by(r"(?s)\bCROSS\s+JOIN\b(?:(?!\b(?:ON|JOIN|WHERE|GROUP|ORDER|LIMIT|UNION)\b).)*"
                        r"(?!\bON\b)(?=\b(?:JOIN|WHERE|GROUP|ORDER|LIMIT|UNION)\b|$)")(_flat(sql)),
    ),
    "substr": Rule(
        "a place below 0 is no place from the end in PostgreSQL, and a length below 0 is an error",
        ("SELECT substr(a, -8) FROM t", "WHERE substr(f(a), -1) = 'x'", "SELECT substr(a, 1, -2) FROM t"),
        ("SELECT substr(a, length(a) - 7) FROM t",),
        _by(r"\bsubstr\((?:[^()]|\([^()]*\))*,\s*-"),
    ),
    "columns": Rule(
        "an INSERT that names no columns leans on their order, and on NULL for a number",
        ("INSERT INTO t VALUES (?,?)", "INSERT INTO t SELECT a FROM u"),
        ("INSERT INTO t (a, b) VALUES (?,?)", "INSERT INTO t ({…}) SELECT 1"),
        _by(r"\bINSERT\s+INTO\s+[\w{}…]+\s+(VALUES|SELECT)\b"),
    ),
    "rowid": Rule(
        "rows have no number of their own in PostgreSQL; only the tables of words in a file have one",
        ("SELECT rowid FROM t", "ORDER BY t.oid"),
        ("SELECT n FROM t", "SELECT rowid FROM t_fts"),
        lambda sql: None if "_fts" in sql or "rowid, words" in sql else _by(r"\b(_rowid_|rowid|oid)\b")(sql),
    ),
    "own column": Rule(
        "which of the two is meant is not clear to PostgreSQL: SET n = t.n + ...",
        ("INSERT INTO t (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = n + 1",
         "INSERT INTO t (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET m = excluded.m, n = n + excluded.n"),
        ("INSERT INTO t (n) VALUES (1) ON CONFLICT (n) DO UPDATE SET n = t.n + excluded.n",),
        _by(r"\bDO\s+UPDATE\s+SET\b[^;]*\b(\w+)\s*=\s*\1\b(?!\.)"),
    ),
    "unnamed": Rule(
        "before PostgreSQL 16 a query in FROM needs a name",
        ("SELECT a FROM (SELECT a FROM t)", "SELECT a FROM (SELECT a FROM t) WHERE a = 1"),
        ("SELECT a FROM (SELECT a FROM t) s WHERE a = 1", "SELECT a FROM (SELECT a FROM t) {…}"),
        _unnamed,
    ),
    "marks": Rule(
        "psycopg binds by number or by place, not both in one statement",
        ("WHERE a = ?1 AND b IN (?,?)",),
        ("WHERE a = ?1 AND b = ?2", "WHERE a = ?"),
        _marks,
    ),
    "untyped": Rule(
        "PostgreSQL cannot tell the type of a value that stands alone: CAST(? AS TEXT)",
        ("SELECT ? FROM t", "SELECT a, ? FROM t", "WHERE ? IS NULL", "SELECT ?1, a FROM t"),
        ("SELECT CAST(? AS TEXT) FROM t", "INSERT INTO t (a) VALUES (?,?)", "WHERE a IN (?, ?)"),
        lambda sql: _by(r"(?:\?\d*|(?<!:):[a-z]\w*)\s+IS\b")(sql)
        or _by(r"\bSELECT\s(?:(?!\bFROM\b|\bWHERE\b|\bON\b).)*?(?<=[\s,])(?:\?\d*|:[a-z]\w*)\s*(?=,|FROM\b|$)")(_flat(sql)),
    ),
    "spelling": Rule(
        "== and double quotes around a text are SQLite's own",
        ("WHERE a == 1", 'WHERE a = "b"'),
        ("WHERE a = 1 AND b <= 2", "WHERE a = '\"b\"'"),
        _by(r"==|[=<>]\s*\""),
    ),
    "schema": Rule(
        "PostgreSQL has no sqlite_schema: a connection's `has`",
        ("SELECT 1 FROM sqlite_schema WHERE name = ?", "SELECT 1 FROM sqlite_master"),
        ("SELECT a FROM t",),
        _by(r"\bsqlite_(schema|master)\b"),
    ),
}  # fmt: skip


def _quoted(sql: str) -> str:
    """A statement whose texts are `'…'`, but for the bytes' own spelling."""
    return _TEXT.sub("'…'", sql)


def _strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of every string but docstrings; what is put into one is `{…}`."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if id(node) in said or id(node) in inner:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, re.sub(r"\{(\w*)\}", "{…}", node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (str(p.value) if isinstance(p, ast.Constant) else "{…}" for p in node.values)
            yield node.lineno, "".join(parts)


@cache
def statements() -> list[tuple[str, int, str]]:
    """Module, line and text of all SQL of the store; what stands in quotes is `'…'`."""
    found = []
    for module in sorted(STORE.glob("*.py")):
        if module.name not in OF_ONE_ENGINE:
            for line, text in _strings(ast.parse(module.read_text("utf-8"))):
                if _KEYWORD.search(text) and not re.fullmatch(r"[A-Z ]+", text):
                    found.append((module.name, line, _quoted(text)))
    return found


def test_there_are_statements_to_look_at() -> None:
    assert len(statements()) > 200
    for name in OF_ONE_ENGINE:
        assert (STORE / name).exists(), name


@pytest.mark.parametrize("name", RULES)
def test_the_stores_sql_is_both_engines(name: str) -> None:
    rule = RULES[name]
    wrong = [
        f"{module}:{line}: {fragment!r}"
        for module, line, sql in statements()
        if (fragment := rule.found(sql)) is not None
    ]
    assert not wrong, f"{rule.why}\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_finds_what_it_forbids_and_nothing_else(name: str) -> None:
    rule = RULES[name]
    assert [sql for sql in rule.bad if rule.found(_quoted(sql)) is None] == []
    assert [sql for sql in rule.good if rule.found(_quoted(sql)) is not None] == []
