"""A server in a folder: made, started, asked, stopped; and what it refuses."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from pg_kit import free_port

from annotator.cli.main import main
from annotator.server import process
from annotator.server.cluster import Cluster

psycopg = pytest.importorskip("psycopg")


def root(cluster: Cluster, name: str = "postgres"):
    """A connection as the superuser, which the machine's root may have."""
    return psycopg.connect(cluster.url(name), autocommit=True)


def one(conn, sql):
    return conn.execute(sql).fetchone()[0]


@pytest.fixture
def started(house):
    """A server that runs, and the port it has."""
    port = free_port()
    house.furnish()
    ran = house.run("server", "start", "--data", house.server, "--port", port)
    assert (ran.code, ran.err) == (0, "")
    return Cluster(house.server), port


def test_start_makes_a_server_tells_the_next_step_and_stop_ends_it(house):
    port = free_port()
    ran = house.run("server", "start", "--data", house.server, "--port", port)
    assert (ran.code, ran.err) == (0, "")
    cluster = Cluster(house.server)
    lines = ran.out.splitlines()
    assert lines[0] == f"A new server was made in {house.server}."
    assert f"listens on 127.0.0.1, port {port}." in lines[1]
    assert f"annotator server init '{cluster.url('news')}'" in lines[2]
    assert f"postgresql://NAME@127.0.0.1:{port}/news" in lines[3]

    with closing(root(cluster)) as conn:
        assert one(conn, "SELECT current_user") == "postgres"
        for name, value in {
            "max_connections": "400",
            "synchronous_commit": "on",
            "fsync": "on",
            "data_checksums": "on",
            "server_encoding": "UTF8",
            "password_encryption": "scram-sha-256",
            "log_statement": "none",
        }.items():
            assert one(conn, f"SHOW {name}") == value
        words = ["é", "Б", "z", "\uffff", "😀", "A"]
        rows = conn.execute("SELECT w FROM unnest(%s::text[]) AS w ORDER BY w", (words,)).fetchall()
        assert [word for (word,) in rows] == sorted(words)

    again = house.run("server", "start", "--data", house.server)
    assert again.code == 0
    assert again.out.startswith("It runs already.")
    told = json.loads(house.run("server", "status", "--data", house.server, "--json").out)
    assert (told["running"], told["ready"], told["port"]) == (True, True, port)

    ran = house.run("server", "stop", "--data", house.server)
    assert (ran.code, ran.err) == (0, "")
    assert not cluster.is_running()
    ran = house.run("server", "status", "--data", house.server)
    assert ran.code == 1
    assert "does not run: annotator server start" in ran.out
    ran = house.run("server", "stop", "--data", house.server)
    assert (ran.code, ran.err) == (2, f"annotator: No server runs in {house.server}.\n")
    assert house.run("server", "start", "--data", house.server).code == 0
    assert cluster.status().listening.port == port, "it listens where it did before"


def test_nobody_comes_in_without_a_password_and_the_superuser_not_by_the_network(started):
    cluster, port = started
    with closing(root(cluster)) as conn:
        conn.execute("CREATE ROLE iva LOGIN PASSWORD 'tri-slivi-9'")
    for user, password, said in (
        ("iva", "wrong", "password authentication failed"),
        ("iva", None, "no password supplied"),
        ("postgres", "anything", "rejects"),
    ):
        with pytest.raises(psycopg.OperationalError, match=said):
            psycopg.connect(
                f"postgresql://{user}@127.0.0.1:{port}/postgres",
                password=password,
                passfile=os.devnull,
            )
    url = f"postgresql://iva@127.0.0.1:{port}/postgres"
    with closing(psycopg.connect(url, password="tri-slivi-9")) as conn:
        assert one(conn, "SELECT current_user") == "iva"


def command_lines(process: psutil.Process) -> Iterator[str]:
    """What a list of processes shows of one and its children, but for those that end meanwhile."""
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            yield " ".join(each.cmdline())


def test_neither_log_nor_processes_tell_passwords_or_texts(started):
    cluster, _ = started
    with closing(root(cluster)) as conn:
        conn.execute("CREATE TABLE t (w TEXT PRIMARY KEY)")
        conn.execute("CREATE ROLE iva LOGIN PASSWORD 'tri-slivi-9'")
        for sql in (
            "CREATE ROLE iva LOGIN PASSWORD 'tri-slivi-9'",
            "INSERT INTO t VALUES ('tri-slivi-9'), ('tri-slivi-9')",
            "ALTER ROLE iva PASSWORD 'tri-slivi-9' NONSENSE",
        ):
            with pytest.raises(psycopg.Error):
                conn.execute(sql)
        with pytest.raises(psycopg.Error):
            conn.execute("INSERT INTO t VALUES (%s), (%s)", ("tri-slivi-9", "tri-slivi-9"))
    log = cluster.log.read_text()
    assert "already exists" in log, "faults are told"
    assert "tri-slivi" not in log
    lines = list(command_lines(psutil.Process(cluster.status().pid)))
    assert len(lines) > 3, "the server has processes of its own"
    assert not any("slivi" in line for line in lines)
    assert cluster.log.stat().st_mode & 0o777 == 0o600
    assert cluster.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_in_the_foreground_a_signal_ends_it_in_order(house, number):
    house.furnish()
    port = free_port()
    words = ("server", "start", "--foreground", "--data", house.server, "--port", port)
    fork = house.begin(*words)
    assert f"port {port}" in fork.until("people's address")
    cluster = Cluster(house.server)
    with closing(root(cluster)) as conn:
        conn.execute("CREATE TABLE t AS SELECT 1 AS n")
        assert house.run("server", "start", "--foreground", "--data", house.server).err == (
            f"annotator: A server runs in {house.server} already.\n"
        )
        ran = fork.end(number)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("The server has ended.\n")
    assert not cluster.is_running()
    assert "database system is shut down" in cluster.log.read_text()


def test_in_the_foreground_the_end_of_the_server_is_told(house):
    house.furnish()
    fork = house.begin("server", "start", "--foreground", "--data", house.server,
                       "--port", free_port())  # fmt: skip
    fork.until("people's address")
    cluster = Cluster(house.server)
    os.kill(cluster.status().pid, signal.SIGKILL)
    ran = fork()
    assert ran.code == 2
    assert ran.err == (
        f"annotator: The server in {house.server} ended by itself; see {cluster.log}.\n"
    )


@pytest.mark.parametrize("pid", ["somebody else's", "gone"])
def test_what_a_power_cut_leaves_does_not_keep_it_from_starting(house, started, pid):
    cluster, _ = started
    with closing(root(cluster)) as conn:
        conn.execute("CREATE TABLE t AS SELECT 1 AS n")
    noted = cluster.data / "postmaster.pid"
    before = noted.read_text().split("\n", 1)
    cluster.stop(immediate=True)
    # a process of the same account has the number by now, as is usual in containers
    other = house.shelter.spawn(["/bin/sleep", "60"])
    if pid == "gone":
        other.kill()
        other.wait()
    noted.write_text(f"{other.pid}\n{before[1]}")
    noted.chmod(0o600)
    house.shelter.give(noted)
    port = cluster.status().listening.port
    for name in (f".s.PGSQL.{port}", f".s.PGSQL.{port}.lock"):
        (cluster.folder / name).write_text(f"{other.pid}\n{before[1]}")
        house.shelter.give(cluster.folder / name)
    assert not cluster.is_running()
    try:
        ran = house.run("server", "start", "--data", house.server)
        assert (ran.code, ran.err) == (0, "")
        with closing(root(cluster)) as conn:
            assert one(conn, "SELECT n FROM t") == 1
        if pid != "gone":
            assert other.poll() is None, "nothing was done to it"
    finally:
        other.kill()
        other.wait()


def test_a_server_started_by_postgresqls_own_tools_is_known(house, started):
    cluster, _ = started
    cluster.stop()
    programs = house.shelter.programs()
    words = [programs / "pg_ctl", "-D", cluster.data, "-w", "-l", cluster.log, "start"]
    assert house.shelter.spawn(words).wait(30) == 0
    assert not process.is_held(cluster.folder / "lock")
    assert house.run("server", "status", "--data", house.server).code == 0
    cluster.stop()
    assert not cluster.is_running()


def test_an_occupied_port_is_told(house):
    house.furnish()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = house.run("server", "start", "--data", house.server, "--port", port)
    assert ran.code == 2
    assert f"Port {port} is taken on this machine" in ran.err
    assert ran.err.count("\n") == 1
    assert not Cluster(house.server).is_running()
    assert house.run("server", "start", "--data", house.server, "--port", free_port()).code == 0


def test_a_long_path_has_its_socket_elsewhere(house):
    long = house.path / ("x" * 90) / "with, comma"
    long.parent.mkdir()
    house.shelter.give(long.parent)
    house.furnish(long)
    ran = house.run("server", "start", "--data", long, "--port", free_port())
    assert (ran.code, ran.err) == (0, "")
    cluster = Cluster(long)
    where = cluster.status().listening.socket
    try:
        assert where != long
        assert where.stat().st_mode & 0o777 == 0o700
        root(cluster).close()
        cluster.stop()
        where.rmdir()
        where.symlink_to(house.path)
        ran = house.run("server", "start", "--data", long)
        assert (ran.code, ran.out) == (2, "")
        assert "is not yours alone" in ran.err
    finally:
        where.unlink(missing_ok=True)


def test_a_folder_of_something_else_is_left_alone(house):
    for name, said in (("notes.txt", "holds something else (notes.txt)"),
                       ("PG_VERSION", "holds a PostgreSQL that was not made here")):  # fmt: skip
        folder = house.path / f"with {name}"
        folder.mkdir(mode=0o700)
        house.shelter.give(folder)
        (folder / name).write_text("18\n")
        ran = house.run("server", "start", "--data", folder)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err
        assert [each.name for each in folder.iterdir()] == [name]
    ran = house.run("server", "status", "--data", house.path / "nowhere")
    assert (ran.code, ran.err) == (2, f"annotator: There is no server in {house.path}/nowhere.\n")


def test_an_open_folder_and_one_of_another_version_are_refused(house):
    house.furnish()
    house.server.chmod(0o750)
    ran = house.run("server", "start", "--data", house.server)
    assert ran.code == 2
    assert f"chmod 700 {house.server}" in ran.err
    house.server.chmod(0o700)
    (house.server / "data" / "PG_VERSION").write_text("9\n")
    ran = house.run("server", "start", "--data", house.server)
    assert ran.code == 2
    assert "These data were written by PostgreSQL 9, and here is 1" in ran.err


def test_an_interrupted_start_of_a_new_server_is_begun_anew(house):
    house.server.mkdir(mode=0o700)
    for each in (house.server, house.server / "data.making", house.server / "data.making" / "x"):
        each.mkdir(exist_ok=True)
        house.shelter.give(each)
    assert house.call(lambda: Cluster(house.server).create() or 0)().code == 0
    assert sorted(each.name for each in house.server.iterdir()) == ["data", "lock", "server.conf"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused")
def test_root_is_refused_in_a_sentence(house, capfd):
    assert main(["server", "start", "--data", str(house.path / "r")]) == 2
    assert "PostgreSQL does not run as root" in capfd.readouterr().err
    assert not (house.path / "r").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_anothers_folder_is_refused(house):
    house.server.mkdir(mode=0o755)
    ran = house.run("server", "start", "--data", house.server)
    assert (ran.code, ran.out) == (2, "")
    assert f"{house.server} belongs to root" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--listen", "0.0.0.0"], "can be reached from other machines"),
        (["--listen", "*"], "can be reached from other machines"),
        (["--listen", "example"], "takes an address of this machine"),
        (["--listen", "127.0.0.1', fsync = 'off"], "takes an address of this machine"),
        (["--port", "0"], "from 1 to 65535"),
        (["--port", "70000"], "from 1 to 65535"),
    ],
)
def test_where_it_may_not_listen(house, words, said):
    ran = house.run("server", "start", "--data", house.server, *words)
    assert ran.code == 2
    assert said in ran.err
    assert not house.server.exists(), "nothing was made"


def test_the_network_takes_a_word_of_ones_own_and_is_warned_of(house):
    house.furnish()
    port = free_port()
    ran = house.run("server", "start", "--data", house.server, "--port", port,
                    "--listen", "0.0.0.0", "--network")  # fmt: skip
    assert ran.code == 0
    assert "not encrypted" in ran.err
    assert f"@127.0.0.1:{port}/news" in ran.out
    house.run("server", "stop", "--data", house.server)
    ran = house.run("server", "start", "--data", house.server)
    assert ran.err == "", "the next start is for this machine only"
    assert "listens on 127.0.0.1" in ran.out


def test_two_starts_at_once_make_one_server(house):
    house.furnish()
    port = free_port()
    forks = [house.begin("server", "start", "--data", house.server, "--port", port)
             for _ in range(2)]  # fmt: skip
    ran = [fork() for fork in forks]
    assert 0 in {each.code for each in ran}
    assert all(each.code == 0 or "already" in each.err for each in ran), ran
    assert Path(house.server, "data", "postmaster.pid").exists()
