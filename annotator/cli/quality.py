"""The arguments of `annotator quality`; what it does is in `quality_run`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Numbers side by side, for a talk with each annotator; no rank is made of them. Of every layer: how far
they agree with the others (and the others among themselves), F1 against gold, what they miss and what
they mark too much, whether their edges are too wide or too narrow, active seconds for 1000 characters,
and agreement with themselves where an article was asked again. "few" marks what rests on fewer than 20
items or 10 articles. Gold is the newest release (--release takes another one, --adjudicated what is
decided by now). docs/quality.md explains every number.

Drift: the last 50 articles and a weighted mean are held against the annotator's own first 50; three
standard errors below for five articles is an alarm. --fail-on-drift makes the exit code 1 when an alarm
stands. In a project with a lead only adjudicators and leads may look; annotators have
`annotator feedback`."""

EXAMPLES = (
    "annotator quality news.db",
    "annotator quality news.db --annotator iva",
    "annotator quality news.db --since 2026-03-01 --fail-on-drift",
    "annotator quality news.db --json > quality.json",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `quality`."""
    common.project(parser)
    parser.add_argument(
        "--annotator",
        metavar="NAME",
        action="append",
        default=[],
        help="only this annotator, with every label; may be repeated",
    )
    parser.add_argument(
        "--since",
        metavar="DAY",
        default="",
        help="only work finished since, as 2026-02-14",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--release",
        metavar="VERSION",
        default="",
        help="the gold of this release (default: newest)",
    )
    which.add_argument(
        "--adjudicated", action="store_true", help="what is decided by now, released or not"
    )
    parser.add_argument(
        "--fail-on-drift", action="store_true", help="exit code 1 when somebody's alarm stands"
    )
    common.json(parser)
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Measure and print."""
    from annotator.cli import quality_run

    return quality_run.run(args)
