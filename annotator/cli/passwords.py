"""New passwords of a project's people, which nobody else comes to see."""

import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from annotator.cli import out
from annotator.model.errors import AnnotatorError
from annotator.store.address import Address

_SHARED = ("sslmode", "sslnegotiation", "ssl_min_protocol_version", "channel_binding")
"""Parameters of an address that hold for everybody, and name no files of somebody's."""
_SYSTEM = ("sslrootcert", "system")
"""Trust in the authorities that the machine itself trusts, which is no file of somebody's."""
LEAST = 12
"""Characters of a password that somebody makes up."""


class Password(NamedTuple):
    """A new password, and where it goes once the server has its verifier."""

    word: str
    file: Path | None = None
    show: bool = False

    def hand_over(self, url: Address, login: str) -> None:
        """Write it into its file, or show it; nothing where somebody typed it."""
        if self.file is not None:
            _write(self.file, pass_line(url, login, self.word))
            out.say(
                f"Their password is in {self.file}, which only you can read: send it to them safely."
            )
            out.say("They keep it as ~/.pgpass with mode 600 (or name it in PGPASSFILE).")
        elif self.show:
            out.say(f"Their password, which is shown this once: {self.word}")


def new_password(args: Namespace) -> Password:
    """A new password: made, or typed on a terminal.

    Raises:
        AnnotatorError: there is a file of that name already, no terminal, or what was typed is too short
            or not the same twice.
    """
    if args.password_file:
        path = Path(args.password_file)
        if os.path.lexists(path):
            raise AnnotatorError(f"There is a file {path} already; name a new one.")
        return Password(_made(), path)
    if args.show:
        if not sys.stdout.isatty():
            raise AnnotatorError(
                "--show shows a password on a terminal only, where no file keeps it; --password-file "
                "PATH writes it into a file that only you can read."
            )
        return Password(_made(), show=True)
    return Password(_typed())


def _made() -> str:
    import secrets

    return secrets.token_urlsafe(18)


def _typed() -> str:
    if not sys.stdin.isatty():
        raise AnnotatorError(
            "There is no terminal to type a password at: --password-file PATH makes one and writes it "
            "into a file that only you can read."
        )
    from getpass import getpass

    word = getpass("New password: ")
    if len(word) < LEAST:
        raise AnnotatorError(f"A password has at least {LEAST} characters; nothing was changed.")
    if getpass("The same again: ") != word:
        raise AnnotatorError("The two are not the same; nothing was changed.")
    return word


def pass_line(url: Address, login: str, word: str) -> str:
    """A line of a password file, as PostgreSQL's own tools read it.

    It holds for the server wherever it is reached by its own name; for one that was reached through a
    socket or a tunnel, for any.
    """
    parts = urlsplit(url.url)
    host = parts.hostname or ""
    anywhere = host in ("", "localhost", "127.0.0.1", "::1")
    fields = (
        "*" if anywhere else host,
        "*" if anywhere else str(parts.port or 5432),
        "*",
        login,
        word,
    )
    return ":".join(
        field if field == "*" else field.replace("\\", "\\\\").replace(":", "\\:")
        for field in fields
    )


def _write(path: Path, line: str) -> None:
    """A new file that only its owner can read; raises OSError."""
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(f"{line}\n")


def theirs(url: Address, login: str) -> str:
    """The address somebody opens the project with."""
    parts = urlsplit(url.url)
    host = parts.hostname or "HOST"
    number = parts.port or dict(parse_qsl(parts.query)).get("port", "")
    port = f":{number}" if number else ""
    kept = [each for each in parse_qsl(parts.query) if each[0] in _SHARED or each == _SYSTEM]
    asked = f"?{urlencode(kept)}" if kept else ""
    return f"postgresql://{quote(login, safe='')}@{host}{port}/{quote(url.name, safe='')}{asked}"
