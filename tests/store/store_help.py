"""What the store's tests make their acts and checks with."""

from pathlib import Path

from annotator.model.annotation import (
    Evidence,
    Kind,
    Party,
    Span,
    Stance,
    State,
    Status,
    looked_key,
)
from annotator.model.event import Act, Draft
from annotator.store.address import Address, place_of
from annotator.store.engine import (
    MODULE,
    Connection,
    FileConnection,
    Row,
    connect,
    reader_connection,
    writer_connection,
)
from annotator.store.project import Project

CACHES = {
    "identity": """SELECT actor, layer, form, xid, lemma, label, uses FROM identity
                   ORDER BY actor, layer, form, xid, lemma, label""",
    "precedent": """SELECT actor, layer, form, label, event, n, key FROM precedent
                    ORDER BY actor, layer, form, label, event""",
    "head": "SELECT article, actor, key, event, kind, body FROM head ORDER BY article, actor, key",
    "tally": "SELECT what, value, articles FROM tally WHERE articles > 0 ORDER BY what, value",
    "work": "SELECT actor, n, state, seconds, newest, counts, looked FROM work ORDER BY actor, n",
}


def span_draft(
    text: str, article: str, span_id: str, start: int, end: int, base: str = ""
) -> Draft:
    """A new version of a span."""
    span = Span(span_id, "entities", "PER", start, end)
    return Draft(Kind.SPAN, span.key, article, span.body(text), base)


def label(project: Project, article: str, span_id: str, start: int = 0, end: int = 5) -> Act:
    """An act that puts one span on an article."""
    text = project.article(article).text
    return Act("label", (span_draft(text, article, span_id, start, end),))


def stance_draft(text: str, article: str, actor: str, name: str, value: str) -> Draft:
    """A stance with a piece of evidence."""
    stance = Stance(Party("entity", name), value, evidence=(Evidence(0, min(4, len(text))),))
    return Draft(Kind.STANCE, stance.key(actor, article), article, stance.body(text))


def status_draft(article: str, actor: str, state: State, seconds: int = 0) -> Draft:
    """A status said by an annotator."""
    body = Status(state, "", seconds).body()
    return Draft(Kind.STATUS, Status.key(actor, article), article, body)


def looked_draft(article: str, actor: str, layer: str, yes: bool = True) -> Draft:
    """A layer declared looked at, or no longer."""
    body = {"layer": layer} if yes else None
    return Draft(Kind.LOOKED, looked_key(actor, article, layer), article, body)


def caches(path: Path) -> dict[str, list[Row]]:
    """All rows of the caches."""
    conn = reader_connection(place_of(path), readonly=True)
    found = {name: conn.execute(sql).fetchall() for name, sql in CACHES.items()}
    conn.close()
    return found


def in_memory() -> FileConnection:
    """An empty database in memory, as a project file's connection is."""
    found: FileConnection = MODULE.connect(":memory:", isolation_level=None, factory=FileConnection)
    return found


def tamper(path: Path, sql: str, *values: object) -> int:
    """Change a closed project behind its back, whatever holds its tables together; how many rows."""
    place = place_of(path)
    if isinstance(place, Address):
        conn: Connection = writer_connection(place)
        conn.execute("SET session_replication_role = replica")
        changed = conn.execute(sql, values).rowcount
    else:
        conn = connect(place, "rw")
        changed = conn.execute(sql, values).rowcount
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    conn.close()
    return changed


def serious(project: Project) -> list[str]:
    """The errors of a check."""
    return [str(p) for p in project.verify() if p.severity == "error"]
