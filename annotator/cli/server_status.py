"""`annotator server status`: whether the PostgreSQL of a folder runs, and where it listens."""

from annotator.cli import arguments as common
from annotator.cli import server_start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from annotator.server.cluster import Cluster, Status

HELP = "tell whether the PostgreSQL of a folder runs, and where it listens"
TEXT = "The exit code is 1 when it does not take connections."


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server status`."""
    server_start.data(parser)
    common.json(parser, "print JSON instead of lines")


def run(args: "Namespace") -> int:
    """Tell how it is."""
    from pathlib import Path

    from annotator.cli import out
    from annotator.server.cluster import Cluster

    cluster = Cluster(Path(args.data))
    status = cluster.status()
    if args.json:
        out.print_json(_as_json(cluster, status))
    else:
        for line in _lines(cluster, status):
            out.say(line)
    return 0 if status.is_ready else 1


def _lines(cluster: "Cluster", status: "Status") -> list[str]:
    import time

    name = f"PostgreSQL {status.version} in {cluster.folder}"
    if not status.is_running:
        return [f"{name} does not run: annotator server start --data {cluster.folder}"]
    if not status.is_ready:
        return [f"{name} is starting, recovering or ending; {cluster.log} tells."]
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(status.since))
    here = status.listening
    return [
        f"{name} runs since {since} (process {status.pid}).",
        f"  listens on          {here.address}, port {here.port}",
        f"  its owner's address {cluster.url('NAME')}",
        f"  people's address    postgresql://NAME@{here.reached}/PROJECT",
        f"  log                 {cluster.log}",
    ]


def _as_json(cluster: "Cluster", status: "Status") -> "dict[str, object]":
    here = status.listening
    return {
        "running": status.is_running,
        "ready": status.is_ready,
        "version": status.version,
        "folder": str(cluster.folder),
        "log": str(cluster.log),
        "listen": here.address,
        "port": here.port,
        "socket": str(here.socket),
        "pid": status.pid or None,
        "since": status.since or None,
    }
