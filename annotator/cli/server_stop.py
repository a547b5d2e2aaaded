"""`annotator server stop`: end the PostgreSQL of a folder."""

from annotator.cli import server_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "end the PostgreSQL of a folder"
TEXT = """\
Whoever is connected is put off; annotator keeps what they do meanwhile on their machine, and sends it
when the server is back."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server stop`."""
    server_start.data(parser)


def run(args: "Namespace") -> int:
    """End it, and wait until it has."""
    from pathlib import Path

    from annotator.cli import out
    from annotator.server.cluster import Cluster

    cluster = Cluster(Path(args.data))
    cluster.stop()
    out.say(f"The server in {cluster.folder} has ended; everything is on disk.")
    return 0
