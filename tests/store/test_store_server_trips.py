"""How often an act goes to a server and back, and that nothing is missed by asking and writing together."""

from collections.abc import Iterator

import pytest
from cut_proxy import CutProxy
from pg_kit import TestServer
from store_help import label, serious, span_draft, status_draft

from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.event import Act
from annotator.model.scheme_file import preset
from annotator.store.address import place_of
from annotator.store.engine import Connection, IntegrityError, OperationalError, writer_connection
from annotator.store.everybody import NEWEST
from annotator.store.project import Project

ADD = "INSERT INTO project (name, value) VALUES (?, ?)"
GET = "SELECT value FROM project WHERE name = ?"
TRIPS = 3
"""The lock; all that is asked; all that is written and the COMMIT."""


@pytest.fixture
def name(pg_server: TestServer) -> Iterator[str]:
    name = pg_server.make_database()
    with Project.create(pg_server.url(name), preset("news"), "ann") as project:
        list(project.add([Article("bg", "Срещата се проведе в Пхенян. " * 20, lang="bg")]))
    yield name
    pg_server.drop(name)


@pytest.fixture
def conn(pg_server: TestServer, name: str) -> Iterator[Connection]:
    conn = writer_connection(place_of(pg_server.url(name)))
    conn.begin()
    yield conn
    conn.close()


def test_an_act_takes_three_trips_however_much_is_in_it(pg_server: TestServer, name: str) -> None:
    with (
        CutProxy(pg_server.folder / f".s.PGSQL.{pg_server.port}") as proxy,
        Project.open(proxy.url(name), "ann") as project,
    ):
        text = project.article("bg").text
        project.prepare(project.article("bg"))
        first = project.submit(label(project, "bg", "s0")).result()  # with the session's event
        spans = tuple(span_draft(text, "bg", f"t{n}", n, n + 8) for n in range(10))
        for act in (
            Act("label", (span_draft(text, "bg", "new", 3, 8),)),
            Act("relabel", (span_draft(text, "bg", "s0", 3, 9, first[-1].id),)),
            Act("label", spans),
            Act("done", (status_draft("bg", "ann", State.DONE),)),
        ):
            before = proxy.trips
            project.submit(act).result()
            assert proxy.trips - before <= TRIPS
        assert len(project.work("bg").spans) == 12
        assert not serious(project)


def test_what_is_written_later_is_there_for_the_next_question(conn: Connection) -> None:
    conn.ahead([(GET, ("a",)), (GET, ("format",)), (NEWEST, ())])
    assert conn.execute(GET, ("format",)).fetchone()
    conn.later(ADD, [("a", "1"), ("b", "2")])
    assert conn.execute(GET, ("a",)).fetchone() == ("1",), "the old answer holds no more"
    conn.later(ADD, [("c", "3")])
    conn.ahead([(GET, ("c",))])
    assert conn.execute(GET, ("c",)).fetchone() == ("3",)
    conn.later(ADD, [("d", "4")])
    conn.executemany(ADD, [("e", "5")])
    conn.execute("COMMIT")
    assert conn.execute("SELECT count(*) FROM project WHERE length(name) = 1").fetchone() == (5,)


def test_what_was_to_be_written_is_not_when_it_is_taken_back(conn: Connection) -> None:
    conn.later(ADD, [("a", "1")])
    conn.execute("ROLLBACK")
    conn.begin()
    assert conn.execute(GET, ("a",)).fetchone() is None
    conn.later(ADD, [("a", "1")])
    conn.execute("SAVEPOINT one")
    conn.later(ADD, [("b", "1")])
    conn.execute("ROLLBACK TO one")
    conn.execute("COMMIT")
    found = conn.execute("SELECT name FROM project WHERE length(name) = 1").fetchall()
    assert found == [("a",)]


def test_a_write_that_fails_lets_nothing_be_committed(conn: Connection) -> None:
    conn.later(ADD, [("a", "1")])
    conn.later(ADD, [("a", "again")])
    conn.later(ADD, [("b", "1")])
    with pytest.raises(IntegrityError):
        conn.execute("COMMIT")
    assert conn.in_transaction
    conn.execute("ROLLBACK")
    assert conn.execute(GET, ("a",)).fetchone() is None
    conn.begin()
    conn.ahead([(GET, ("a",))])
    with pytest.raises(OperationalError):
        conn.ahead([("SELECT 1 FROM nowhere", ())])
    conn.execute("ROLLBACK")


def test_many_rows_are_not_held_back(conn: Connection) -> None:
    conn.later(ADD, ((f"n{n}", str(n)) for n in range(1000)))
    conn.later(ADD, [(f"m{n}", str(n)) for n in range(1000)])
    conn.execute("COMMIT")
    sql = "SELECT count(*) FROM project WHERE substr(name, 1, 1) IN ('n', 'm')"
    assert conn.execute(sql).fetchone() == (2000,)
