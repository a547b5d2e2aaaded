"""Arguments of `annotator serve`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

PORT = 8100
LIMIT = 16
IDLE = 240

TEXT = """\
Each person gets a link of their own, made anew at every start; whoever has it is that person. The
screens are those of the terminal, one process for each person; a second tab takes over from the
first. A process ends, with everything saved, when its tab is closed.

Only this machine can connect. From others there is SSH (ssh -L 8100:127.0.0.1:8100 HOST), or a
proxy that encrypts (--public), which may also say who somebody is (--user-header). The manual's
page on the browser has both."""

EXAMPLES = (
    "annotator serve news.db",
    "annotator serve news.db --people iva,boris --links links.txt",
    "annotator serve news.db --user-header X-User --proxy-secret proxy.txt --public https://we.org",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `serve`."""
    common.project(parser)
    common.actor(parser)
    parser.add_argument(
        "--people",
        metavar="NAME,...",
        action="append",
        default=[],
        help="who may come in, each by a link of their own (default: only you)",
    )
    parser.add_argument(
        "--links",
        metavar="FILE",
        help="write the links to a file that only you may read, rather than on the screen",
    )
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"where to listen (default: {PORT}; 0: a free one)"
    )
    parser.add_argument(
        "--limit",
        type=int,
        metavar="N",
        default=LIMIT,
        help=f"people at work at once, each takes some 80 MB (default: {LIMIT})",
    )
    parser.add_argument(
        "--idle",
        type=float,
        metavar="MINUTES",
        default=IDLE,
        help=f"end a process when no key was pressed for so long (default: {IDLE}; 0: never)",
    )
    _beyond(parser)


def _beyond(parser: "ArgumentParser") -> None:
    """Add what lets others in than those at this machine."""
    parser.add_argument(
        "--public", metavar="URL", default="", help="what people open, where a proxy stands before"
    )
    parser.add_argument(
        "--user-header",
        metavar="HEADER",
        help="the header in which the proxy says who it is; then there are no links",
    )
    parser.add_argument(
        "--proxy-secret",
        metavar="FILE",
        help="a file with what the proxy sends as X-Annotator-Secret; made when there is none",
    )
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        default="127.0.0.1",
        help="the address to listen on (default: 127.0.0.1, which only this machine reaches)",
    )
    parser.add_argument(
        "--network", action="store_true", help="allow an address that other machines reach"
    )
