"""Rules of the house that a reader of the code would have to remember otherwise."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from store_help import label, span_draft

import annotator
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act
from annotator.store.engine import JOURNAL_LIMIT
from annotator.store.project import Project

pytestmark = pytest.mark.file_only

ROOT = Path(annotator.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
STORE = ROOT / "store"

OPENERS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "copy", "copy2", "copyfile",
           "copyfileobj", "move", "file_digest", "sendfile", "mmap", "ZipFile"}  # fmt: skip
"""Calls that open, copy or hash a file."""
CALLED = re.compile(rf"\b({'|'.join(sorted(OPENERS))})\b")

ALLOWED = {
    ("adjudicated.py", "remember_counts"): "the state folder",
    ("adjudicated.py", "remembered_counts"): "the state folder",
    ("bundle.py", "reading"): "a bundle, which is no database",
    ("bundle.py", "writing"): "a bundle, which is no database",
    ("sittings.py", "__init__"): "the lock file",
    ("backup.py", "_to_disk"): "a finished copy and its folder, which no connection has open",
    ("health.py", "_file_system"): "/proc/self/mountinfo",
    ("journal.py", "_locked"): "the side journal",
    ("journal.py", "_read"): "the side journal",
    ("lock.py", "__init__"): "the lock file",
    ("place.py", "refuse_network"): "/proc/self/mountinfo",
    ("remembered.py", "newest"): "the state folder",
    ("remembered.py", "remember"): "the state folder",
    ("views.py", "views"): "the state folder",
    ("views.py", "_write"): "the state folder",
    ("backup.py", "whole"): "moving.copy, which reads through a connection",
    ("receiving.py", "make"): "moving.copy, likewise",
    ("server.py", "put"): "PostgreSQL's COPY",
}


@cache
def source(module: Path) -> str:
    """A module as it is written, read once for all rules."""
    return module.read_text("utf-8")


def nodes(module: Path, words: Iterable[str]) -> Iterator[ast.AST]:
    """All nodes of a module that has one of these words anywhere; parsing the others is for nothing."""
    if any(word in source(module) for word in words):
        yield from ast.walk(ast.parse(source(module)))


def calls(module: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a module that opens files, with the name of the function it stands in."""
    if not CALLED.search(source(module)):
        return

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            here = child.name if isinstance(child, ast.FunctionDef) else inside
            if isinstance(child, ast.Call):
                yield here, child
            yield from walk(child, here)

    yield from walk(ast.parse(source(module)), "")


def name_of(call: ast.Call) -> str:
    """The last part of what is called."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_the_store_opens_no_file_but_through_sqlite() -> None:
    """Closing any plain descriptor of an open database drops the locks other processes rely on."""
    found = {
        (module.name, inside)
        for module in STORE.glob("*.py")
        for inside, call in calls(module)
        if name_of(call) in OPENERS
    }
    assert found <= ALLOWED.keys(), found - ALLOWED.keys()
    assert found >= ALLOWED.keys(), "an exception nobody needs any more"


PROJECT_FILE = re.compile(r"\bproject\b|\bdatabase\b|\.db\b")


def test_no_room_opens_the_project_file_itself() -> None:
    found = [
        f"{module.relative_to(ROOT)}:{call.lineno}: {said}"
        for module in MODULES
        if module.parent != STORE
        for _, call in calls(module)
        if name_of(call) in OPENERS
        and PROJECT_FILE.search(said := ast.unparse(call))
        and not re.match(r"(store\.|backup\.)?(Project|project|opened)\.(open|copy)\(", said)
    ]
    assert not found


def test_only_the_store_knows_sqlite() -> None:
    known = {"sqlite3", "pysqlite3", "sqlite_utils", "apsw"}
    for module in MODULES:
        for node in nodes(module, known):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            if known & {name.split(".")[0] for name in names}:
                assert module.parent == STORE, module


def test_every_transaction_is_immediate() -> None:
    """A deferred BEGIN that reads and then writes fails at once when another process wrote."""
    begun = 0
    for module in MODULES:
        if module.name == "server.py":  # whose own BEGIN waits for the project's lock
            continue
        for node in nodes(module, ("BEGIN",)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.strip()
                if re.match(r"BEGIN\b", text):
                    begun += 1
                    assert text == "BEGIN IMMEDIATE", (module, text)
    assert begun


WORDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "PRAGMA", "FROM", "WHERE")


def test_no_value_is_pasted_into_sql() -> None:
    """SQL is put together from constants of this room; values are bound."""
    allowed = re.compile(
        r"(\w+\.)?[A-Z_]+|NEWEST\.format\(.*\)|(criterion|c|lead)\.\w+|column|"
        r"by\.\w+(\(.*\))?|missing % '\w\.n'|condition\.replace\(.*\)|_meeting\(found, params\)|"
        r"', '\.join\(terms\)|behind|order_by|inner|tests|sets|meeting|source|near|number|body|bound|by|"
        r"order|edge|work|table|condition|start|name|newest|marks|had|sql|quoted|what|indexed|"
        r"where|rules|looked|layer|kind|sql_of|known|index|articles|','\.join\('\?' \* len\(without\)\)|TABLES\[name\]|columns"
    )
    for module in STORE.glob("*.py"):
        for node in nodes(module, WORDS):
            if isinstance(node, ast.JoinedStr):
                constant = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
                if re.search(rf"\b({'|'.join(WORDS)})\b", constant):
                    for part in node.values:
                        if isinstance(part, ast.FormattedValue):
                            assert allowed.fullmatch(ast.unparse(part.value)), (
                                module,
                                ast.unparse(part),
                            )


def test_reads_leave_no_transaction_open(project: Project, path: Path) -> None:
    """With a read transaction open the write-ahead log could not be reused and would only grow."""
    text = project.article("bg").text
    reads = [project.past_acts(), project.documents(), project.events_after({}), project.articles()]
    for number in range(600):
        drafts = tuple(span_draft(text, "bg", f"{number}-{i}", i, i + 5) for i in range(3))
        project.submit(Act("label", drafts)).result()
        project.page()
        next(reads[number % len(reads)], None)  # half-read, as a screen leaves them
        assert not project._reader.conn.in_transaction
    assert path.with_name("project.db-wal").stat().st_size <= JOURNAL_LIMIT


def test_a_clean_end_leaves_one_file(path: Path) -> None:
    with Project.open(path, "ann") as project:
        project.submit(label(project, "bg", "s")).result()
    assert sorted(p.name for p in path.parent.iterdir()) == ["project.db", "project.db.lock"]


@pytest.mark.parametrize(
    "pragma", ["synchronous", "journal_mode", "foreign_keys", "trusted_schema"]
)
def test_the_writer_is_set_up_for_durability(project: Project, pragma: str) -> None:
    value = project._writing.call(lambda conn: conn.execute(f"PRAGMA {pragma}").fetchall()[0][0])
    assert (
        value
        == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1, "trusted_schema": 0}[pragma]
    )


def test_the_reader_cannot_write(project: Project) -> None:
    with pytest.raises(AnnotatorError):
        project._reader.rows("DELETE FROM event")
    assert project.vector()


INSIDE = re.compile(r"(?<!\bself)\._(reader|writing|write)\b")
STATEMENT = re.compile(r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\b.+\bSET)\b")


def test_only_the_store_reaches_into_the_file():
    others = [path for path in MODULES if STORE not in path.parents]
    assert len(others) > 100
    lines = [(path, line) for path in others for line in source(path).splitlines()]
    assert not [each for each in lines if INSIDE.search(each[1])]
    assert not [each for each in lines if STATEMENT.search(each[1])]
