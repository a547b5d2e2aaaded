"""The arguments of `annotator suggest`: a project, then what is to be done with its suggestions."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

TEXT = """\
Suggestions learn from what you finish, and from nobody else's work; the interface does all of it by
itself, while you annotate. These words do the same at once, before a long day or after an import,
and tell what suggestions were worth. Without a word after the project it tells what is set and which
suggesters there are.

A suggestion is no label until a person confirms it. Articles of the test split and of the blind
sample get none. docs/suggestions.md tells the rest."""

EXAMPLES = (
    "annotator suggest news.db",
    "annotator suggest news.db train",
    "annotator suggest news.db run --limit 200 --lang bg",
    "annotator suggest news.db report",
    "annotator suggest news.db report --annotator iva --since 2026-03-01 --json",
    "annotator suggest news.db drop --layer entities",
    "annotator suggest news.db options --blind 0.1 --off boilerplate --without boris",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `suggest`."""
    from argparse import SUPPRESS

    common.project(parser)
    common.json(parser, "print JSON instead of words and tables")
    common.actor(parser)
    words = parser.add_subparsers(dest="word", metavar="WORD", title="words")
    for name, (help_, more, made) in WORDS.items():
        inner = words.add_parser(
            name,
            help=help_,
            description=f"{help_[0].upper()}{help_[1:]}. {more}".strip(),
            allow_abbrev=False,
        )
        made(inner)
        common.json(inner, "print JSON instead of words and tables")
        common.actor(inner)
        for action in inner._actions:
            if action.dest in ("json", "actor"):
                action.default = SUPPRESS  # else it undoes what was said before the word


def _nothing(_: "ArgumentParser") -> None:
    """No arguments of its own."""


def _run(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--limit", metavar="N", type=int, default=0, help="only the next N (default: all)"
    )
    parser.add_argument("--lang", default="", help="only articles in this language")
    parser.add_argument("--source", default="", help="only articles of this source")


def _report(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--annotator",
        metavar="NAME",
        action="append",
        default=[],
        help="only this annotator's articles; may be repeated",
    )
    parser.add_argument(
        "--since", metavar="DAY", default="", help="only articles finished since, as 2026-02-14"
    )
    parser.add_argument(
        "--versions", action="store_true", help="a line for each state of a source that learns"
    )


def _drop(parser: "ArgumentParser") -> None:
    parser.add_argument("--layer", default="", help="only of this layer (default: of all)")
    parser.add_argument("--source", default="", help="only of this suggester (default: of all)")
    parser.add_argument(
        "--files",
        action="store_true",
        help="also what files of this source suggest, to everybody (leads only)",
    )


def _options(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--blind",
        metavar="SHARE",
        type=float,
        help="the share of articles without suggestions, 0 to 1",
    )
    for option, metavar, text in (
        ("--off", "LAYER", "suggest nothing in this layer"),
        ("--on", "LAYER", "suggest in this layer again"),
        ("--without", "NAME", "suggest nothing to this annotator"),
        ("--with", "NAME", "suggest to this annotator again"),
    ):
        parser.add_argument(
            option,
            dest=option[2:] if option != "--with" else "with_",
            metavar=metavar,
            action="append",
            default=[],
            help=f"{text}; may be repeated",
        )


WORDS: "dict[str, tuple[str, str, Any]]" = {
    "train": (
        "learn all your finished articles anew, now",
        "What was learnt before is replaced.",
        _nothing,
    ),
    "run": (
        "prepare suggestions for your unfinished articles ahead",
        "Those you were assigned, or where nobody assigned you any, all.",
        _run,
    ),
    "report": (
        "what became of suggestions, what they saved, and the blind comparison",
        "Only finished articles count. In a project with a lead annotators see their own figures only.",
        _report,
    ),
    "drop": (
        "forget what your suggesters learnt and prepared",
        "Labels stay as they are; the interface and `train` learn again.",
        _drop,
    ),
    "options": (
        "show what is suggested where and to whom, or change it",
        "Leads change it, for everybody; without options it is shown.",
        _options,
    ),
}
"""Each word with its help, a sentence more and its arguments."""


def run(args: "Namespace") -> int:
    """Do what the word after the project says; without one show what is set."""
    if args.word == "report":
        from annotator.cli import suggest_report

        return suggest_report.run(args)
    if args.word in ("train", "run", "drop"):
        from annotator.cli import suggest_run

        return {
            "train": suggest_run.train,
            "run": suggest_run.prepare,
            "drop": suggest_run.drop,
        }[args.word](args)
    from annotator.cli import suggest_options

    return suggest_options.run(args)
