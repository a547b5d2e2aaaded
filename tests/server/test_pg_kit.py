"""The servers of the tests themselves: quick to have, gone afterwards, true to their promises."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

psycopg = pytest.importorskip("psycopg")

OPENED = """\
import sys
sys.path.insert(0, {tests!r})
from pg_kit import TestServer
server = TestServer()
server.start()
print(server.folder, server.pid, server.watch_pid, flush=True)
sys.stdin.readline()
"""


def test_each_database_is_new_and_sorts_by_code_point(pg_url):
    first, second = pg_url(), pg_url()
    assert first != second
    with psycopg.connect(first) as conn:
        conn.execute("CREATE TABLE t (w TEXT)")
        conn.execute("INSERT INTO t VALUES ('é'), ('Б'), ('z'), (U&'\\FFFF'), ('😀'), ('A')")
        words = [word for (word,) in conn.execute("SELECT w FROM t ORDER BY w")]
        assert words == sorted(words)
    with psycopg.connect(second) as conn:
        assert conn.execute("SELECT to_regclass('t')").fetchone() == (None,)


def test_a_database_is_a_copy_of_its_template(pg_server):
    four = pg_server.make_database("four")
    pg_server.execute("CREATE TABLE t AS SELECT 4 AS n", database=four)
    copy = pg_server.make_database(template=four)
    try:
        assert pg_server.execute("SELECT n FROM t", database=copy) == [(4,)]
    finally:
        pg_server.drop(copy)
        pg_server.drop(four)


@pytest.mark.parametrize("end", ["fast", "immediate", "kill"])
def test_what_was_committed_outlives_every_end(pg_team, end):
    name = pg_team.make_database()
    pg_team.execute("CREATE TABLE t AS SELECT 1 AS n", database=name)
    if end == "kill":
        pg_team.kill()
    else:
        pg_team.stop(end)
    assert not pg_team.is_running
    pg_team.start()
    assert pg_team.execute("SELECT n FROM t", database=name) == [(1,)]
    pg_team.drop(name)


@pytest.mark.parametrize("tcp", [False, True])
def test_a_team_needs_its_passwords(pg_team, tcp, monkeypatch):
    monkeypatch.setenv("PGPASSFILE", os.devnull)
    url = pg_team.url(tcp=tcp)
    assert pg_team.password not in url
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)
    path = pg_team.pass_file({"postgres": pg_team.password})
    monkeypatch.setenv("PGPASSFILE", str(path))
    psycopg.connect(url).close()


def test_nothing_stays_when_the_tests_are_killed(pg_server):
    source = OPENED.format(tests=str(Path(__file__).parents[1]))
    tests = subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    folder, *pids = tests.stdout.readline().split()
    left = [psutil.Process(int(pid)) for pid in pids]
    assert Path(folder, "data", "PG_VERSION").exists()
    tests.send_signal(signal.SIGKILL)
    tests.communicate()
    assert psutil.wait_procs(left, timeout=30)[1] == []
    assert not Path(folder).exists()
