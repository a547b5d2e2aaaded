"""`annotator server init, add, remove, password, people`, and who one is on a server."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from pg_kit import TestServer

from annotator.cli import connecting, passwords
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.store import accounts, grants, secret, server
from annotator.store.accounts import Account
from annotator.store.address import Address, place_of
from annotator.store.project import Project

pytestmark = pytest.mark.file_only  # these make their own projects on a server

Cli = Callable[..., Any]


class Place:
    """A project's name on the server, and its addresses."""

    def __init__(self, server: TestServer) -> None:
        self.server = server
        self.tag = token_hex(3)
        self.name = f"p{self.tag}"
        self.url = server.url(self.name, tcp=True)

    def login(self, person: str) -> str:
        return f"{person}_{self.tag}"

    def of(self, person: str) -> str:
        return self.server.url(self.name, self.login(person), tcp=True)


def address(url: str) -> Address:
    place = place_of(url)
    assert isinstance(place, Address)
    return place


def cleared(made: Place) -> None:
    """Nothing is left of a project and its roles."""
    made.server.drop(made.name)
    roles = made.server.execute(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"%{made.tag}%"]
    )
    for (role,) in roles:
        made.server.execute(f'DROP OWNED BY "{role}"')
    for (role,) in roles:
        made.server.execute(f'DROP ROLE "{role}"')


@pytest.fixture(autouse=True)
def _known(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the commands knows the password of the server's owner, and no other."""
    monkeypatch.setattr(secret, "_KEPT", {})
    if {"place", "project"} & set(request.fixturenames):
        team: TestServer = request.getfixturevalue("pg_team")
        monkeypatch.setenv("PGPASSFILE", str(team.pass_file({"postgres": team.password})))


@pytest.fixture
def place(pg_team: TestServer) -> Iterator[Place]:
    """A name for a project."""
    made = Place(pg_team)
    yield made
    cleared(made)


@pytest.fixture(scope="module")
def _shared(_team: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if not _team.is_running:
        _team.start()
    made = Place(_team)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(_team.pass_file({"postgres": _team.password})))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        with Project.create(made.url, preset("minimal"), "vera") as project:
            project.set_people({"vera": Role.LEAD})
        accounts.set_up(address(made.url), "vera")
    yield made
    cleared(made)


@pytest.fixture
def project(pg_team: TestServer, _shared: Place) -> Iterator[Place]:
    """A project that vera leads, alone."""
    yield _shared
    url = address(_shared.url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(pg_team.pass_file({"postgres": pg_team.password})))
        for each in accounts.logins(url):
            if each.name != "vera":
                accounts.remove(url, each.name)
        with Project.open(_shared.url, "vera") as opened:
            opened.set_people({name: None for name in opened.people() if name != "vera"})


def added(cli: Cli, project: Place, person: str, role: str = "annotator") -> Path:
    """Give somebody a login; the file with their password."""
    file = Path(f"{person}.pgpass")
    done = cli("server", "add", project.url, person, "--role", role, "--login", project.login(person),
               "--password-file", file)  # fmt: skip
    assert done.code == 0, done
    assert project.login(person) in done.out
    return file


def word_in(file: Path) -> str:
    return file.read_text().rstrip("\n").rpartition(":")[2]


def test_a_project_is_made_once_and_its_roles_brought_up_to_date(place: Place, cli: Cli) -> None:
    made = cli("server", "init", place.url, "--as", "vera", "--scheme", "minimal")
    assert made.code == 0
    assert "led by vera" in made.out
    again = cli("server", "init", place.url)
    assert again.code == 0
    assert "up to date" in again.out
    assert cli("server", "init", place.url, "--scheme", "news").code == 2
    people = json.loads(cli("people", place.url, "--json").out)
    assert [(each["name"], each["role"]) for each in people] == [("vera", "lead")]
    owners = place.server.execute(
        "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'", database=place.name
    )
    assert owners == [(grants.group(place.name, grants.OWNER),)]


def test_members_of_an_earlier_project_of_that_name_are_put_out(place: Place, cli: Cli) -> None:
    import psycopg

    assert cli("server", "init", place.url, "--as", "vera").code == 0
    word = word_in(added(cli, place, "boris"))
    place.server.connect(place.name, place.login("boris"), word).close()
    place.server.drop(place.name)
    assert cli("server", "init", place.url, "--as", "vera").code == 0
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        place.server.connect(place.name, place.login("boris"), word)


def test_somebody_gets_a_login_and_a_password_that_nobody_else_sees(
    project: Place, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = project.server
    team.execute("ALTER SYSTEM SET log_statement = 'all'")
    team.execute("SELECT pg_reload_conf()")
    try:
        file = added(cli, project, "boris")
    finally:
        team.execute("ALTER SYSTEM RESET log_statement")
        team.execute("SELECT pg_reload_conf()")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == f"*:*:*:{project.login('boris')}:{word_in(file)}\n"
    assert len(word_in(file)) >= 20
    log = team.log.read_text()
    assert "PASSWORD 'SCRAM-SHA-256$" in log
    assert word_in(file) not in log
    monkeypatch.setenv("PGPASSFILE", str(file))
    status = cli("status", project.of("boris"))
    assert status.code == 0, status
    people = json.loads(cli("people", project.of("boris"), "--json").out)
    assert [(each["name"], each["role"]) for each in people] == [
        ("boris", "annotator"),
        ("vera", "lead"),
    ]


def test_a_file_that_is_there_stays_and_nothing_is_made(project: Place, cli: Cli) -> None:
    Path("there").write_text("mine")
    done = cli("server", "add", project.url, "boris", "--password-file", "there")
    assert done.code == 2
    assert Path("there").read_text() == "mine"
    assert not project.server.execute("SELECT 1 FROM pg_roles WHERE rolname = 'boris'")


def test_a_password_is_shown_on_a_terminal_only(project: Place, cli: Cli) -> None:
    done = cli("server", "add", project.url, "boris", "--show")
    assert done.code == 2
    assert "on a terminal only" in done.err
    done = cli("server", "add", project.url, "boris")
    assert done.code == 2
    assert "no terminal" in done.err


@pytest.mark.parametrize(
    ("typed", "told"),
    [(["short"], "at least"), (["long enough it is", "another one it is"], "not the same")],
)
def test_a_typed_password_is_typed_twice(
    typed: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = iter(typed)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: next(words))
    with pytest.raises(AnnotatorError, match=told):
        passwords._typed()


def test_another_password_lets_in_and_the_old_one_no_more(
    project: Place, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = added(cli, project, "boris")
    done = cli("server", "password", project.url, "boris", "--password-file", "new")
    assert done.code == 0, done
    assert cli("server", "password", project.url, "nobody", "--password-file", "x").code == 2
    monkeypatch.setenv("PGPASSFILE", str(old))
    refused = cli("status", project.of("boris"))
    assert refused.code == 2
    assert "does not let you in" in refused.err
    monkeypatch.setenv("PGPASSFILE", "new")
    assert cli("status", project.of("boris")).code == 0


def test_who_is_removed_is_put_off_and_their_work_stays(project: Place, cli: Cli) -> None:
    import psycopg

    word = word_in(added(cli, project, "boris"))
    login = project.login("boris")
    conn = project.server.connect(project.name, login, word)
    assert cli("server", "remove", project.url, "boris").code == 0
    with pytest.raises(psycopg.OperationalError):
        conn.execute("SELECT 1")
    conn.close()
    with pytest.raises(psycopg.OperationalError, match=r"authentication failed|does not exist"):
        project.server.connect(project.name, login, word)
    assert cli("server", "remove", project.url, "boris").code == 2
    assert [each["name"] for each in json.loads(cli("people", project.url, "--json").out)] == [
        "vera"
    ]


def test_a_login_may_be_for_two_projects(project: Place, cli: Cli) -> None:
    added(cli, project, "boris")
    other = Place(project.server)
    try:
        assert cli("server", "init", other.url, "--as", "vera").code == 0
        login = project.login("boris")
        done = cli("server", "add", other.url, "boris", "--login", login)
        assert done.code == 0
        assert "keeps its password" in done.out
        assert cli("server", "add", project.url, "iva", "--login", login).code == 2
        assert cli("server", "add", project.url, "iva", "--login", "postgres").code == 2
        assert cli("server", "remove", other.url, "boris").code == 0
        assert project.server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [login])
    finally:
        cleared(other)


def test_the_list_tells_who_is_connected(
    project: Place, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    boris = added(cli, project, "boris")
    vera = added(cli, project, "gala", "lead")
    with project.server.connect(project.name, project.login("boris"), word_in(boris)):
        found = json.loads(cli("server", "people", project.url, "--json").out)
        assert [(each["name"], each["role"], each["connected"]) for each in found] == [
            ("boris", "annotator", 1), ("gala", "lead", 0), ("vera", "lead", 0)]  # fmt: skip
    assert "never" in cli("server", "people", project.url).out
    monkeypatch.setenv("PGPASSFILE", str(vera))
    assert cli("server", "people", project.of("gala")).code == 0
    monkeypatch.setenv("PGPASSFILE", str(boris))
    refused = cli("server", "people", project.of("boris"))
    assert refused.code == 2
    assert "may not manage" in refused.err
    assert cli("server", "add", project.of("boris"), "x", "--password-file", "x").code == 2


def test_who_may_not_make_roles_is_told_so(place: Place, cli: Cli, monkeypatch) -> None:
    login = place.login("poor")
    place.server.execute(f"CREATE ROLE {login} LOGIN CREATEDB PASSWORD 'word'")
    monkeypatch.setenv("PGPASSFILE", str(place.server.pass_file({login: "word"})))
    done = cli("server", "init", place.of("poor"), "--as", "vera")
    assert done.code == 2
    assert "may not manage" in done.err


def test_who_may_make_roles_and_databases_needs_no_more(
    place: Place, cli: Cli, monkeypatch
) -> None:
    login = place.login("chief")
    place.server.execute(f"CREATE ROLE {login} LOGIN CREATEDB CREATEROLE PASSWORD 'word'")
    monkeypatch.setenv("PGPASSFILE", str(place.server.pass_file({login: "word"})))
    for _ in range(2):
        done = cli("server", "init", place.of("chief"), "--as", "vera")
        assert done.code == 0, done
    done = cli("server", "add", place.of("chief"), "boris", "--login", place.login("boris"),
               "--password-file", "b")  # fmt: skip
    assert done.code == 0, done
    assert cli("server", "remove", place.of("chief"), "boris").code == 0


# --- who one is


def test_an_account_says_who_one_is(project: Place, cli: Cli, monkeypatch) -> None:
    boris, gala = added(cli, project, "boris"), added(cli, project, "gala", "lead")
    monkeypatch.setenv("PGPASSFILE", str(boris))
    refused = cli("history", project.of("boris"), "x", "--as", "vera")
    assert refused.code == 2
    assert refused.err == (
        f"annotator: You are boris in {project.name}, whatever --as says: its leads alone may say who they are.\n"
    )
    refused = cli("people", project.of("boris"), "--add", "x")
    assert "boris is annotator" in refused.err  # not iva, as the configuration says
    monkeypatch.setenv("PGPASSFILE", str(gala))
    assert cli("people", project.of("gala"), "--add", "x").code == 0
    assert cli("people", project.of("gala"), "--add", "y", "--as", "vera").code == 0


@pytest.mark.parametrize(
    ("given", "role", "named"),
    [
        (None, Role.ANNOTATOR, "iva"),
        ("iva", Role.ANNOTATOR, "iva"),
        ("iva #2", Role.ANNOTATOR, "iva #2"),
        ("bela", Role.ANNOTATOR, ""),
        ("bela", Role.ADJUDICATOR, ""),
        ("bela", Role.LEAD, "bela"),
        (None, Role.LEAD, "iva"),
    ],
)
def test_leads_alone_say_who_they_are(given: str | None, role: Role, named: str) -> None:
    place = Address("postgresql://h/news")
    if named:
        assert connecting._named(given, Account("iva", role), place) == named
    else:
        with pytest.raises(AnnotatorError, match="You are iva in news"):
            connecting._named(given, Account("iva", role), place)


# --- passwords that are asked for


def test_a_password_is_asked_for_once_and_stays_in_memory(
    project: Place, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = word_in(added(cli, project, "boris"))
    asked: list[str] = []
    monkeypatch.setenv("PGPASSFILE", "nothing")
    refused = cli("status", project.of("boris"))
    assert refused.code == 2
    assert "no password supplied" in refused.err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or word)
    assert cli("status", project.of("boris")).code == 0
    assert asked == [f"Password for {project.of('boris')}: "]
    place = address(project.of("boris"))
    assert not any(word in value for value in os.environ.values())
    assert (secret.environment(place) or {})["PGPASSWORD"] == word
    assert word not in repr(place)
    assert secret.environment(address(project.url)) is None


def test_the_suggesters_process_gets_it_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.coach import companion, starting

    place, started = Address("postgresql://iva@h/news"), []
    monkeypatch.setattr(secret, "_KEPT", {})
    secret.keep(place, "hidden word")
    monkeypatch.setattr("subprocess.Popen", lambda *a, **o: started.append((a, o)) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        companion.Companion(place, "iva", print, print)._start()
    ((words,), options) = started[0]
    assert options["env"]["PGPASSWORD"] == "hidden word"
    assert "hidden" not in " ".join(words + starting.command(place, "iva"))


# --- the way there


def test_a_server_that_does_not_encrypt_is_refused_where_that_is_asked(
    project: Place, cli: Cli
) -> None:
    done = cli("status", f"{project.url}?sslmode=verify-full&sslrootcert=system")
    assert done.code == 2
    assert "would not be as safe as its address asks" in done.err
    assert "SSL" in done.err


def test_tls_parameters_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "sslmode=verify-full&sslrootcert=/ca.crt&sslcert=/me.crt&sslkey=/me.key"
    seen: list[str] = []
    monkeypatch.setattr(server._Line, "connect", lambda url, **_: seen.append(url) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        server.connect(address(f"postgresql://iva@h/news?{asked}"))
    assert seen == [f"postgresql://iva@h/news?{asked}"]


def test_it_is_told_when_others_can_read_what_goes_over_the_network(
    project: Place, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli("status", project.url).err == ""  # it goes through this machine alone
    monkeypatch.setattr(accounts, "look", lambda _: (None, "db.example.org"))
    told = cli("status", project.url)
    assert told.code == 0
    assert told.err.startswith("annotator: The connection to db.example.org is not encrypted")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("postgresql://vera@db.example.org/news", "db.example.org:5432:*:bo\\:ris:w\\:o\\\\rd"),
        (
            "postgresql://vera@db.example.org:6000/news",
            "db.example.org:6000:*:bo\\:ris:w\\:o\\\\rd",
        ),
        ("postgresql://vera@/news?host=/run/pg", "*:*:*:bo\\:ris:w\\:o\\\\rd"),
        ("postgresql://vera@127.0.0.1/news", "*:*:*:bo\\:ris:w\\:o\\\\rd"),
    ],
)
def test_the_line_of_a_password_file(url: str, line: str) -> None:
    assert passwords.pass_line(address(url), "bo:ris", "w:o\\rd") == line


def test_the_address_of_a_person() -> None:
    url = address("postgresql://vera@h:6000/news?sslmode=verify-full&sslkey=/my.key&sslcert=/x")
    assert (
        passwords.theirs(url, "bo ris") == "postgresql://bo%20ris@h:6000/news?sslmode=verify-full"
    )
    for asked in ("sslmode=verify-full&sslrootcert=system", "sslmode=require"):
        url = address(f"postgresql://vera@h/news?{asked}&sslrootcert=/home/vera/ca.crt")
        assert passwords.theirs(url, "boris") == f"postgresql://boris@h/news?{asked}"
    url = address("postgresql://vera@/news?host=/run/pg&port=6000")
    assert passwords.theirs(url, "boris") == "postgresql://boris@HOST:6000/news"


def test_names_of_groups_fit_and_stay_apart() -> None:
    assert grants.group("news", "lead") == "news_lead"
    long = [grants.group("я" * 31 + end, "adjudicator") for end in "ab"]
    assert len(set(long)) == 2
    assert all(len(name.encode()) <= 63 for name in long)
