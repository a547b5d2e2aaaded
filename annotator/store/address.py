"""Where a project is: a file, or a database on a PostgreSQL server.

A password is nobody's to see: it has no place in an address, which goes into sentences, journals and
lists of processes. It comes from where PostgreSQL's own tools look for it.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from annotator.model.errors import AnnotatorError

SCHEMES = ("postgresql://", "postgres://")
"""How the address of a project on a server begins; both mean the same."""
_NEARLY = ("postgresql:/", "postgres:/", "postgresql//", "postgres//")
"""How one begins that was mistyped: no file is meant by it."""
MOST = 63
"""Bytes of a name that PostgreSQL keeps; it would cut a longer one, and take two for the same."""
_PORT = 5432
"""Where PostgreSQL listens unless somebody says otherwise."""
_LAST_PORT = 65535
_SECRETS = frozenset(("password", "sslpassword", "sslkeylogfile", "oauth_client_secret"))
"""Parameters that hold a secret, or where one would be written."""


class Address(NamedTuple):
    """A project on a server: one database is one project."""

    url: str
    """`postgresql://[user@][host][:port]/NAME[?option=value...]` as PostgreSQL's own tools take it,
    without a password."""

    @property
    def name(self) -> str:
        """The database's name."""
        from urllib.parse import unquote, urlsplit  # files need none of it

        return unquote(urlsplit(self.url).path.lstrip("/"))

    @property
    def stem(self) -> str:
        """The same: what files about it are named after."""
        return self.name

    @property
    def user(self) -> str:
        """Whom it connects as; "" where it does not say."""
        from urllib.parse import parse_qs, unquote, urlsplit

        parts = urlsplit(self.url)
        return unquote(parts.username or "") or "".join(parse_qs(parts.query).get("user", ()))

    def for_user(self, user: str) -> "Address":
        """The same for one who connects with this login; as it is when it names one already."""
        from urllib.parse import quote

        if self.user:
            return self
        scheme, _, rest = self.url.partition("://")
        return Address(f"{scheme}://{quote(user, safe='')}@{rest.removeprefix('@')}")

    def __str__(self) -> str:
        """As it is shown and typed."""
        return self.url

    @property
    def known_as(self) -> str:
        """Where it leads, whoever one is and whatever the options: `HOST:PORT/NAME`.

        Two names of one host are not seen to be the same.
        """
        from urllib.parse import parse_qs, unquote, urlsplit

        parts = urlsplit(self.url)
        given = parse_qs(parts.query)
        hosts = unquote(parts.netloc.rpartition("@")[2]).lower()
        if not hosts or hosts.startswith(":"):
            port = "".join(given.get("port", ())) or hosts[1:]
            hosts = ",".join(given.get("host", ())) + (f":{port}" if port else "")
        return f"{hosts.removesuffix(f':{_PORT}')}/{self.name}"


Place: TypeAlias = Path | Address
"""Where a project is."""


def is_address(given: object) -> bool:
    """Whether a text is meant as the address of a project on a server."""
    return str(given).startswith(SCHEMES)


def place_of(given: Place | str) -> Place:
    """The place that somebody named: a file's path, or the address of a project on a server.

    Raises:
        AnnotatorError: an address that names no project, cannot be read, or holds a password.
    """
    if isinstance(given, Address):
        return given
    if not is_address(given):
        if isinstance(given, str) and ("://" in given or given.startswith(_NEARLY)):
            raise AnnotatorError(  # what was typed may hold a password
                "This address of a project on a server cannot be read; it is written "
                "postgresql://USER@HOST/NAME."
            )
        return Path(given)
    from urllib.parse import parse_qsl, urlsplit

    text = str(given)
    try:
        parts = urlsplit(text)
        secret = parts.password is not None or _SECRETS & {key for key, _ in parse_qsl(parts.query)}
    except ValueError as error:
        raise AnnotatorError(
            f"This address of a project on a server cannot be read ({error}); it is written "
            "postgresql://USER@HOST/NAME."
        ) from error
    if secret:
        raise AnnotatorError(
            "A password has no place in a project's address, where others can see it: leave it out, "
            "and put it into the file ~/.pgpass or PGPASSFILE (the manual's page on servers shows how)."
        )
    for host in parts.netloc.rpartition("@")[2].split(","):
        port = host.rpartition("]")[2].partition(":")[2]
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) <= _LAST_PORT):
            raise AnnotatorError(
                f"{port:.20} is no port: one is a number up to {_LAST_PORT}, as in postgresql://USER@HOST:{_PORT}/NAME."
            )
    if not parts.path.strip("/") or "/" in parts.path.strip("/"):
        raise AnnotatorError(
            f"{parts.scheme}://{parts.netloc}{parts.path} names no project: add its name, as in postgresql://USER@HOST/NAME."
        )
    found = Address("postgresql" + text[text.index("://") :])
    if len(found.name.encode(errors="replace")) > MOST:
        raise AnnotatorError(
            f"The name of a project on a server has at most {MOST} bytes: {found.name[:MOST]} and what follows "
            "is longer."
        )
    return found


def typed(given: Place | str) -> str:
    """A project as one types it in a command, quoted where a shell needs that.

    An absolute path is given from the folder one is in when that holds it.
    """
    from shlex import quote  # only for sentences

    if isinstance(given, Path) and given.is_absolute():
        with suppress(OSError, ValueError):
            given = given.relative_to(Path.cwd())
    return quote(str(given))


def missing(place: Place) -> AnnotatorError:
    """What to say where somebody names a project that there is not; most often a name is mistyped."""
    made = "server init" if isinstance(place, Address) else "init"
    return AnnotatorError(
        f"There is no project at {place}: check its name, or make one with `annotator {made} {typed(place)}`."
    )


def of_file(place: Place, what: str) -> Path:
    """The path of a project file, for what only a file can do.

    Raises:
        AnnotatorError: the project is on a server; `what` says what was to be done.
    """
    if isinstance(place, Address):
        raise AnnotatorError(f"{place.name} is on a server: {what}.")
    return place


def may_be_written(place: Place) -> bool:
    """Whether a project can be opened for writing, as far as can be told from outside."""
    if isinstance(place, Address):
        return True
    return os.access(place, os.W_OK) and os.access(place.resolve().parent, os.W_OK)
