"""`annotator server start`: run a PostgreSQL in a folder."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from annotator.server.cluster import Cluster, Status

HELP = "run a PostgreSQL in a folder of yours"
TEXT = """\
The folder is made when it is not there. The server goes on after this command, and until it is
stopped or the machine is; --foreground is for systemd and containers, which start it anew by
themselves.

Only this machine can connect. Others come through SSH (ssh -L 5432:127.0.0.1:5432 HOST); --listen
with --network lets them connect at once, but what goes over the network is not encrypted then."""


def data(parser: "ArgumentParser") -> None:
    """Add the server's folder."""
    parser.add_argument("--data", metavar="DIR", required=True, help="the server's folder")


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server start`."""
    data(parser)
    parser.add_argument(
        "--port", type=int, metavar="N", help="where to listen (default: as before, at first 5432)"
    )
    parser.add_argument(
        "--listen",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, which only this machine reaches)",
    )
    parser.add_argument(
        "--network", action="store_true", help="allow an address that other machines reach"
    )
    parser.add_argument(
        "--foreground", action="store_true", help="stay until SIGTERM or ctrl+c, then end it"
    )


def run(args: "Namespace") -> int:
    """Make the server if need be, and start it."""
    from pathlib import Path

    from annotator.server import settings
    from annotator.server.cluster import Cluster

    cluster = Cluster(Path(args.data))
    port = settings.PORT if args.port is None else args.port
    settings.checked(port, args.listen, args.network, cluster.folder)  # before anything is made
    if not cluster.exists:
        cluster.create()
        _tell(f"A new server was made in {cluster.folder}.")
    elif not args.foreground and _runs(cluster, args):
        return 0
    if args.foreground:
        cluster.run(lambda status: _started(cluster, status), args.port, args.listen, args.network)
        _tell("The server has ended.")
    else:
        _started(cluster, cluster.start(args.port, args.listen, args.network))
    return 0


def _runs(cluster: "Cluster", args: "Namespace") -> bool:
    """Whether it runs already as it was asked for, which is no mistake and is told."""
    status = cluster.status()
    here = status.listening
    wanted = args.listen.replace("localhost", "127.0.0.1")
    if not (status.is_ready and args.port in (None, here.port) and wanted == here.address):
        return False
    _tell("It runs already.")
    _started(cluster, status)
    return True


def _started(cluster: "Cluster", status: "Status") -> None:
    """Tell where it is and what comes next."""
    from shlex import quote

    from annotator.cli import out

    here = status.listening
    _tell(
        f"PostgreSQL {status.version} runs in {cluster.folder} "
        f"and listens on {here.address}, port {here.port}."
    )
    if not here.is_local:
        out.complain(
            f"Other machines can connect to port {here.port}, and what they send and get is not "
            "encrypted: only in a network that you trust."
        )
    _tell(f"  a new project:      annotator server init {quote(cluster.url('news'))}")
    _tell(f"  people's address:   postgresql://NAME@{here.reached}/news")


def _tell(words: str) -> None:
    """A line at once, also into a pipe; nothing when nobody reads any more."""
    import sys
    from contextlib import suppress

    from annotator.cli import out

    with suppress(OSError):
        out.say(words)
        sys.stdout.flush()
