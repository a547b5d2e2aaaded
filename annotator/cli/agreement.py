"""The arguments of `annotator agreement`; what it does is in `agreement_report`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Only who finished a layer of an article counts there, found anything or not; articles that two or more
finished are measured. Sums are pooled over articles, and every number has the interval that leaving
out single articles gives. What is undefined is printed as a dash, with the reason.

Spans of words: strict F1 (same place and label) first. Blocks: Krippendorff's unitizing alpha (2016) of
labels and of boundaries. Stance: Krippendorff's alpha over targets that both marked, and whether they
marked the same ones. docs/agreement.md explains every number.

In a project with a lead only adjudicators and leads may look: annotators stay blind to each other.

--fail-under judges the lower end of the interval, not the number itself: the exit code is 1 when it is
below the value in any layer that has the metric, or undefined. Several may be given."""

EXAMPLES = (
    "annotator agreement news.db",
    "annotator agreement news.db --screen        # the same, down to the articles",
    "annotator agreement news.db --layer entities --by label --confusion",
    "annotator agreement news.db --by pair --annotators iva,ana,petr",
    "annotator agreement news.db --round pilot-2 --fail-under entities.strict_f1=0.7",
    "annotator agreement news.db --worst 20      # the articles to talk about",
    "annotator agreement news.db --self          # second passes beside the first",
    "annotator agreement news.db --json > agreement.json",
)

GROUPS = ("label", "pair", "round", "guidelines", "week", "article")
ALSO = ("kappa", "pi", "fleiss", "bennett_s", "gamma")


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `agreement`."""
    common.project(parser)
    _scope(parser)
    parser.add_argument(
        "--by",
        metavar="WHAT",
        action="append",
        choices=GROUPS,
        help=f"also show the numbers by {', '.join(GROUPS)}; may be repeated",
    )
    parser.add_argument(
        "--confusion", action="store_true", help="show which label met which, as a heat map"
    )
    parser.add_argument(
        "--worst",
        type=int,
        metavar="N",
        nargs="?",
        const=10,
        help="list the articles that pull the first number down most (default: 10)",
    )
    parser.add_argument(
        "--self",
        dest="again",
        action="store_true",
        help="show annotators' agreement with their own earlier passes only",
    )
    parser.add_argument(
        "--also",
        metavar="NAME,...",
        help=f"other coefficients, for comparison: {', '.join(ALSO)} (gamma: of spans, on a sample)",
    )
    parser.add_argument(
        "--bootstrap",
        type=int,
        metavar="SEED",
        help="intervals over everything from 1000 resamples of articles, with this seed",
    )
    parser.add_argument(
        "--fail-under",
        metavar="METRIC=VALUE",
        action="append",
        help="exit code 1 when the lower end is below it: strict_f1=0.7 or stance.alpha=0.667",
    )
    common.json(parser)
    parser.add_argument(
        "--screen",
        action="store_true",
        help="open it all on a screen, and from every number the articles it comes from",
    )
    common.mouse(parser, "with --screen: ")
    common.actor(parser)


def _scope(parser: "ArgumentParser") -> None:
    for option, metavar, text in (
        ("layer", "NAME", "only this layer; may be repeated"),
        ("round", "NAME", "only work of this round; may be repeated"),
        ("guidelines", "VERSION", "only work under this version of the guidelines"),
        ("split", "NAME", "only articles of this split"),
        ("lang", "TAG", "only articles in this language"),
        ("source", "NAME", "only articles of this source"),
        ("article", "ID", "only this article; may be repeated"),
    ):
        parser.add_argument(f"--{option}", metavar=metavar, action="append", help=text)
    parser.add_argument("--annotators", metavar="NAME,...", help="only these annotators")
    parser.add_argument("--since", metavar="DAY", help="only work finished since, as 2026-02-14")
    parser.add_argument("--until", metavar="DAY", help="only work finished until then")


def run(args: "Namespace") -> int:
    """Measure and print, or open the screen."""
    if args.screen:
        from annotator.cli import agreement_screen

        return agreement_screen.run(args)
    from annotator.cli import agreement_run

    return agreement_run.run(args)
