"""`annotator serve`: the project in the browser."""

import asyncio
import os
import secrets
import signal
import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import annotator
from annotator import config
from annotator.cli import out
from annotator.cli import serving_from_server as server
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.store import secret
from annotator.store.address import Place, typed
from annotator.web.address import Address, checked
from annotator.web.doors import LEAST_SECRET, TOKEN_BYTES, Doors, Proxy
from annotator.web.seat import Seat, Size, environment

if TYPE_CHECKING:
    import socket

    from annotator.web.server import Server

HEAD = "# Links of annotator serve. Whoever has one of them is that person.\n"
"""The first line of a file of links: only such a file is written over."""


def run(args: Namespace) -> int:
    """Serve until interrupted."""
    from annotator.web.needs import need

    need()
    path = existing(args.project)
    _check_numbers(args)
    if isinstance(path, Path):
        path = path.resolve()
    else:
        server.say_who(path, args)
    doors = _doors(args)
    address = checked(
        args.host, args.port, args.public, args.network, bool(args.people or args.user_header)
    )
    if not (doors.is_proxied or args.links or sys.stdout.isatty()):
        raise AnnotatorError(
            "The links are secrets and do not belong in a log or a pipe: give --links FILE."
        )
    if not isinstance(path, Path):
        server.let_in(path, doors)
    _check_project(path, doors)
    from annotator.web.server import Server, Settings, listen

    listening, address = listen(address)
    many = doors.is_proxied or len(doors.people) > 1

    async def begin(person: str, size: Size) -> Seat:
        own = str(settings_of(person)) if many else ""
        place = server.place_for(path, person)
        seen = environment(own) | secret.added(place)
        return await Seat.begin(command(place, person), size, seen)

    settings = Settings(address, doors, begin, args.limit, args.idle * 60, _tell)
    with listening:
        return _serve(Server(settings), listening, address, doors, args.links)


def _check_numbers(args: Namespace) -> None:
    if not 0 <= args.port < 1 << 16:
        raise AnnotatorError("--port takes a number from 0 to 65535.")
    if args.limit < 1:
        raise AnnotatorError("--limit takes a number from 1 on.")
    if not 0 <= args.idle < 1e6:
        raise AnnotatorError("--idle takes minutes, 0 for never.")


def _check_project(path: Place, doors: Doors) -> None:
    """Refuse what no person could open; raises AnnotatorError."""
    from annotator.store.project import Project

    if doors.people:
        with Project.open(server.place_for(path, doors.people[0]), doors.people[0]) as project:
            empty = not project.count()
        if empty:
            raise AnnotatorError(
                f"{path} holds no articles yet: bring some in with `annotator import {typed(path)} SOURCE`."
            )


# --- who may come in -------------------------------------------------------------------------------


def _doors(args: Namespace) -> Doors:
    """Who may come in, as the arguments say."""
    people = [name.strip() for each in args.people for name in each.split(",")]
    if args.actor is not None and (people or args.user_header):
        raise AnnotatorError(
            "--as says that it is only you: leave it out, or name all in --people."
        )
    if bool(args.user_header) != bool(args.proxy_secret):
        raise AnnotatorError(
            "--user-header and --proxy-secret go together: without a secret anybody on this machine "
            "could say that they are the proxy."
        )
    if args.user_header:
        if args.links:
            raise AnnotatorError("With --user-header there are no links: leave --links out.")
        return Doors(people, Proxy(args.user_header, _secret(Path(args.proxy_secret))))
    return Doors(people or [config.who(args.actor, config.read())])


def _secret(path: Path) -> str:
    """What the proxy sends, from its file; a new one when there is none."""
    with suppress(FileExistsError):
        with open(os.open(path, _NEW, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(TOKEN_BYTES) + "\n")
        _tell(f"A new secret for the proxy is in {path}.")
    with path.open(encoding="utf-8", errors="replace") as file:
        others = os.fstat(file.fileno()).st_mode & 0o007
        secret = file.readline().strip()
    if others:
        raise AnnotatorError(f"Everybody on this machine can read {path}: chmod o= {path}")
    if len(secret) < LEAST_SECRET or not (secret.isascii() and secret.isprintable()):
        raise AnnotatorError(
            f"The first line of {path} must be at least {LEAST_SECRET} plain characters; "
            "without the file a good one is made."
        )
    return secret


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def write_links(path: Path, links: Mapping[str, str]) -> None:
    """Write the links where only their owner may read them; an earlier file of them is replaced.

    Raises:
        AnnotatorError: something else is there.
        OSError: it cannot be written.
    """
    if path.is_symlink() or (path.exists() and not _is_links(path)):
        raise AnnotatorError(f"{path} is something else than links: name another file.")
    path.unlink(missing_ok=True)
    with open(os.open(path, _NEW, 0o600), "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(f"{name}\t{link}\n" for name, link in links.items()))


def _is_links(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(HEAD)) == HEAD.encode()


# --- a person's process ----------------------------------------------------------------------------


def command(path: Place, person: str) -> list[str]:
    """What is run for a person, word by word; neither name nor path can be taken for an option."""
    beside = Path(annotator.__file__).resolve().parent.parent == Path.cwd()
    flags = [] if beside else ["-P"]  # modules of the folder one happens to be in are not searched
    return [sys.executable, *flags, "-m", "annotator", "open", f"--as={person}", "--", str(path)]


def settings_of(person: str) -> Path:
    """The configuration file of one of several people, whatever their name is."""
    name = quote(person, safe="")
    if len(name) > 100:
        name = sha256(person.encode()).hexdigest()[:32]
    return config.config_path().absolute().parent / "people" / f"{name}.toml"


# --- the server ------------------------------------------------------------------------------------


def _serve(
    server: "Server", listening: "socket.socket", address: Address, doors: Doors, file: str | None
) -> int:
    """Tell the links, and serve."""
    if not doors.is_proxied:
        links = {name: f"{address.url}#{token}" for name, token in doors.new_tokens().items()}
        if file is not None:
            write_links(Path(file), links)
        else:
            for name, link in links.items():
                out.say(f"  {name}: {link}")
    who = ", ".join(doors.people) or "whom the proxy vouches for"
    where = f" The links are in {file}." if file else ""
    _tell(f"Serving {address.url} for {who}.{where} Ctrl-C ends it.")
    try:
        asyncio.run(_until_stopped(server, listening))
    finally:
        if file is not None:
            Path(file).unlink(missing_ok=True)  # they are good for nothing any more
    _tell("All have left; everything is saved.")
    return 0


async def _until_stopped(server: "Server", listening: "socket.socket") -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, stop.set)
    await server.run(listening, stop)


def _tell(words: str) -> None:
    """A line for whoever runs the server, at once; nothing when nobody reads any more."""
    with suppress(OSError):
        out.say(words)
        sys.stdout.flush()
