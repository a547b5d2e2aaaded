"""Who may connect to a project on a server, as whom, and what they may do there.

Everybody has a login of their own. `account` says under which annotator's name its work is kept, and the
group it is a member of what it may do (`grants`); the server itself keeps to both, whatever program
somebody uses. Passwords reach the server only as SCRAM-SHA-256 verifiers, so that no log of it has one.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

from psycopg import errors
from psycopg.sql import SQL, Identifier, Literal

from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role, is_pass
from annotator.store import grants, server, trouble
from annotator.store.address import Address, typed
from annotator.store.engine import TROUBLE
from annotator.store.server import ServerConnection, ServerError

TABLE = "account"
OURS = "made by annotator"
"""What the server notes about roles that were made here; only those are dropped or given passwords."""

_MEMBERS = """SELECT m.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
              JOIN pg_roles g ON g.oid = a.roleid
              WHERE g.rolname = %s AND m.rolcanlogin AND NOT m.rolsuper"""
_LOGINS = """SELECT a.login, a.name, {role}, (SELECT count(*) FROM pg_stat_activity s
             WHERE s.datname = current_database() AND s.usename = a.login AND s.pid <> pg_backend_pid())
             FROM account a JOIN pg_roles r ON r.rolname = a.login ORDER BY a.name, a.login"""
_IS_IN = "pg_has_role(a.login, {}, 'MEMBER')"
_OTHERS = """SELECT count(*) FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
             WHERE m.rolname = %s"""
_END = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()
          AND (pg_has_role(usename, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))"""
_GIVEN_BY = """SELECT r.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.grantor
               WHERE a.roleid = (SELECT oid FROM pg_roles WHERE rolname = %s)
               AND a.member = (SELECT oid FROM pg_roles WHERE rolname = %s)
               AND coalesce((to_jsonb(a) ->> 'set_option')::boolean, true)"""
"""Who made somebody a member; but for that who made a group looks after it (since PostgreSQL 16)."""
_LOOKS_AFTER = """SELECT current_setting('server_version_num')::int < 160000
                  OR pg_has_role(%s, 'MEMBER WITH ADMIN OPTION')"""
_TABLES = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
            AND c.relkind = 'r' ORDER BY 1"""
_RUN = """SELECT p.oid::regprocedure::text FROM pg_proc p
          WHERE p.pronamespace = current_schema()::regnamespace AND NOT EXISTS (
              SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
              AND d.deptype = 'e') ORDER BY 1"""
"""Functions but for those of extensions, of which some are not for everybody."""
_POLICIES = """SELECT policyname, tablename FROM pg_policies
               WHERE schemaname = current_schema() ORDER BY 1, 2"""
_ROLE = """SELECT rolsuper OR rolcreaterole, rolcanlogin, shobj_description(oid, 'pg_authid')
           FROM pg_roles WHERE rolname = %s"""


class Account(NamedTuple):
    """Under whose name one works, and what one may do."""

    name: str
    role: Role


class Login(NamedTuple):
    """Somebody who may connect."""

    login: str
    name: str
    """The annotator's."""
    role: Role
    connected: int
    """How many connections they have now."""


# --- who one is


def account(conn: ServerConnection) -> Account | None:
    """The account of who is connected; None where the project has none for them.

    Whoever owns the project, or the server, needs none.
    """
    if not conn.has(TABLE):
        return None
    name, role = conn.run("SELECT my_name(), my_role()").fetchone() or (None, "")
    return Account(name, Role(role)) if name is not None else None


def look(address: Address) -> tuple[Account | None, str]:
    """The account with which one connects, and the host when the way there is open to be read.

    Raises:
        ServerError: one cannot connect.
    """
    with closing(server.connect(address, readonly=True)) as conn:
        return account(conn), conn.exposed_to


def acting(address: Address) -> str:
    """The annotator's name of who connects; raises AnnotatorError when the project has none for them."""
    with _changing(address) as conn:
        _refuse_without_accounts(conn, address)
        found = account(conn)
    if found is None:
        raise AnnotatorError(
            f"This login has no account in {address.name}: who made the project can add it."
        )
    return found.name


# --- a project


def set_up(address: Address, lead: str) -> None:
    """Make groups, functions, grants and policies of a project, or bring them up to date.

    Who runs it gets an account under the name of `lead`, unless they have one. Members of the groups
    that have no account in this project are put out: a project of this name may have been here before.

    Raises:
        AnnotatorError: whoever runs it may not.
    """
    with _changing(address) as conn:
        schema = conn.run("SELECT current_schema()").fetchall()[0][0]
        tables = [table for (table,) in conn.run(_TABLES).fetchall()]
        _make_groups(conn, address)
        for sql in grants.functions(schema, address.name, tables):
            conn.run(sql)
        _own(conn, address)
        for policy, table in conn.run(_POLICIES).fetchall():
            conn.run(SQL("DROP POLICY {} ON {}").format(Identifier(policy), Identifier(table)))
        run = [function for (function,) in conn.run(_RUN).fetchall()]
        for sql in grants.statements(schema, address.name, tables, run):
            conn.run(sql)
        conn.run(
            "INSERT INTO account (login, name) VALUES (session_user::text, %s) ON CONFLICT DO NOTHING",
            (lead,),
        )
        _put_out_strangers(conn, address)


def _make_groups(conn: ServerConnection, address: Address) -> None:
    names = {role: grants.group(address.name, role) for role in grants.GROUPS}
    for name in names.values():
        found = conn.run(_ROLE, (name,)).fetchone()
        if found is None:
            conn.run(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(name)))
            _sign(conn, name)
        elif found[2] != OURS or found[1]:  # a login of another project may have this name
            raise AnnotatorError(
                f"The server has a role {name} that is no group of annotator's: choose another name for "
                "the project, or have the role renamed."
            )
    for wider, group in grants.INTO:
        conn.run(SQL("GRANT {} TO {}").format(Identifier(names[wider]), Identifier(names[group])))
    if not _is_super(conn):  # else one may do everything as it is
        owner = Identifier(names[grants.OWNER])
        conn.run(SQL("GRANT {} TO CURRENT_USER").format(owner))


def _own(conn: ServerConnection, address: Address) -> None:
    """Give all of the project to the role as which nobody works."""
    owner = Identifier(grants.group(address.name, grants.OWNER))
    conn.run(SQL("ALTER DATABASE {} OWNER TO {}").format(Identifier(address.name), owner))
    for (table,) in conn.run(_TABLES).fetchall():
        conn.run(SQL("ALTER TABLE {} OWNER TO {}").format(Identifier(table), owner))
    for (function,) in conn.run(_RUN).fetchall():  # quoted by the server
        conn.run(SQL(f"ALTER FUNCTION {function} OWNER TO {{}}").format(owner))


def _put_out_strangers(conn: ServerConnection, address: Address) -> None:
    known = {login for (login,) in conn.run("SELECT login FROM account").fetchall()}
    for role in (*Role, grants.PEOPLE, grants.OWNER):
        group = grants.group(address.name, role)
        for (login,) in conn.run(_MEMBERS, (group,)).fetchall():
            if login not in known:
                _put_out(conn, group, login)


def _put_out(conn: ServerConnection, group: str, login: str) -> None:
    """Out of a group, whoever put them in: by itself, REVOKE undoes one's own GRANT only."""
    names = Identifier(group), Identifier(login)
    for (giver,) in conn.run(_GIVEN_BY, (group, login)).fetchall():
        conn.run(SQL("REVOKE {} FROM {} GRANTED BY {}").format(*names, Identifier(giver)))


# --- people


def has_login(address: Address, name: str, login: str) -> bool:
    """Whether there is such a login on the server; raises AnnotatorError when it is not for `name`."""
    _valid(name, login)
    with _changing(address) as conn:
        _refuse_without_accounts(conn, address)
        _refuse_other_name(conn, name, login)
        return conn.run(_ROLE, (login,)).fetchone() is not None


def add(address: Address, name: str, role: Role, login: str, password: str) -> bool:
    """Let somebody connect, or give them another role; whether a login was made.

    A login that is on the server already keeps its password; "" makes none.

    Args:
        address: the project.
        name: the annotator's name.
        role: what they may do.
        login: the name they connect with.
        password: of a login that is made.

    Raises:
        AnnotatorError: the login has work of somebody else or may do more than any group, there is no
            such login and no password was given, or whoever runs it may not.
    """
    _valid(name, login)
    with _changing(address) as conn:
        _refuse_without_accounts(conn, address)
        _refuse_other_name(conn, name, login)
        found = conn.run(_ROLE, (login,)).fetchone()
        if found is not None and (found[0] or not found[1]):
            raise AnnotatorError(
                f"{login} is a role of the server's own: choose another name to connect with (--login)."
            )
        if found is None:
            if not password:
                raise AnnotatorError(
                    f"There is no login {login} on the server: give it a password."
                )
            conn.run(SQL("CREATE ROLE {} LOGIN").format(Identifier(login)))
            _sign(conn, login)
            _set_password(conn, login, password)
        conn.run(
            "INSERT INTO account (login, name) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (login, name),
        )
        for each in Role:
            group = grants.group(address.name, each)
            if each is role:
                conn.run(SQL("GRANT {} TO {}").format(Identifier(group), Identifier(login)))
            else:
                _put_out(conn, group, login)
    return found is None


def remove(address: Address, name: str) -> list[str]:
    """Let somebody connect no more, and end their connections; their logins. Their work stays.

    Raises:
        AnnotatorError: nobody of that name has a login, or whoever runs it may not.
    """
    with _changing(address) as conn:
        logins = _of(conn, address, name)
        for login in logins:
            for role in Role:
                _put_out(conn, grants.group(address.name, role), login)
            conn.run("DELETE FROM account WHERE login = %s", (login,))
    with _changing(address) as conn:
        for login in logins:  # only now can they not come back
            _end(conn, login)
    return logins


def set_password(address: Address, name: str, password: str) -> list[str]:
    """Give somebody's logins another password; which logins.

    Raises:
        AnnotatorError: nobody of that name has a login that was made here, or whoever runs it may not.
    """
    with _changing(address) as conn:
        logins = [each for each in _of(conn, address, name) if _is_ours(conn, each)]
        if not logins:
            raise AnnotatorError(
                f"The login of {name} was not made by annotator: its password is not for it to change."
            )
        for login in logins:
            _set_password(conn, login, password)
    return logins


def logins(address: Address) -> list[Login]:
    """Who may connect, by annotator's name; raises AnnotatorError unless a lead asks."""
    lead, adjudicator = (grants.group(address.name, each) for each in (Role.LEAD, Role.ADJUDICATOR))
    owner = grants.group(address.name, grants.OWNER)
    is_lead = SQL(f"{_IS_IN} OR {_IS_IN}").format(Literal(lead), Literal(owner))
    role = SQL("CASE WHEN {} THEN 'lead' WHEN {} THEN 'adjudicator' ELSE 'annotator' END").format(
        is_lead, SQL(_IS_IN).format(Literal(adjudicator))
    )
    with _changing(address) as conn:
        _refuse_without_accounts(conn, address)
        rows = conn.run(SQL(_LOGINS).format(role=role)).fetchall()
    return [Login(login, name, Role(of), connected) for login, name, of, connected in rows]


# --- one by one


@contextmanager
def _changing(address: Address) -> Iterator[ServerConnection]:
    """A transaction on the project; its troubles in plain words."""
    try:
        with closing(server.connect(address)) as conn:
            conn.begin()
            yield conn
            conn.run("COMMIT")
    except ServerError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise AnnotatorError(
                f"This login may not manage the people of {address.name} on the server: who made the "
                "project, or looks after the server, may."
            ) from error
        raise trouble.explain(error, address) from error
    except TROUBLE as error:
        raise trouble.explain(error, address) from error


def _valid(name: str, login: str) -> None:
    valid_name(name)
    if is_pass(name):
        raise AnnotatorError(f"{name} is the name of a later pass, not of a person.")
    if not login or len(login.encode()) > grants.MOST or not login.isprintable():
        raise AnnotatorError(
            f"{login[:64]!r} cannot be a name to connect with: use 1 to {grants.MOST} bytes (--login)."
        )


def _refuse_without_accounts(conn: ServerConnection, address: Address) -> None:
    if not conn.has(TABLE):
        raise AnnotatorError(
            f"{address.name} has no accounts yet: run `annotator server init {typed(address)}` first."
        )


def _refuse_other_name(conn: ServerConnection, name: str, login: str) -> None:
    found = conn.run("SELECT name FROM account WHERE login = %s", (login,)).fetchone()
    if found is not None and found[0] != name:
        raise AnnotatorError(
            f"The login {login} is that of {found[0]}; choose another for {name} (--login)."
        )


def _of(conn: ServerConnection, address: Address, name: str) -> list[str]:
    _refuse_without_accounts(conn, address)
    rows = conn.run("SELECT login FROM account WHERE name = %s ORDER BY 1", (name,)).fetchall()
    if not rows:
        raise AnnotatorError(f"{name} has no login in {address.name}.")
    return [login for (login,) in rows]


def _set_password(conn: ServerConnection, login: str, password: str) -> None:
    """The verifier is made here: what the server is told, and may log, is not the password."""
    made = conn.raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    sql = SQL("ALTER ROLE {} PASSWORD {}")
    conn.run(sql.format(Identifier(login), Literal(made.decode())))


def _sign(conn: ServerConnection, role: str) -> None:
    conn.run(SQL("COMMENT ON ROLE {} IS {}").format(Identifier(role), Literal(OURS)))


def _is_ours(conn: ServerConnection, login: str) -> bool:
    found = conn.run(_ROLE, (login,)).fetchone()
    return found is not None and found[2] == OURS


def _is_super(conn: ServerConnection) -> bool:
    return conn.raw.info.parameter_status("is_superuser") == "on"


def _end(conn: ServerConnection, login: str) -> None:
    """End somebody's connections, and take away their login if it was made here and is in no other project.

    Who may do neither leaves it at that: the login is in none of the project's groups any more.
    """
    ((looks_after,),) = conn.run(_LOOKS_AFTER, (login,)).fetchall()
    is_ours = _is_ours(conn, login) and bool(looks_after)
    joins = is_ours and not _is_super(conn)
    name = Identifier(login)
    if joins:  # only members may end connections
        conn.run(SQL("GRANT {} TO CURRENT_USER").format(name))
    conn.run(_END, (login,)).fetchall()
    if is_ours and conn.run(_OTHERS, (login,)).fetchone() == (0,):
        conn.run(SQL("DROP ROLE {}").format(name))
    elif joins:
        conn.run(SQL("REVOKE {} FROM CURRENT_USER").format(name))
