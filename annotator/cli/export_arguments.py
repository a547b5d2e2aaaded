"""The arguments and the longer help text of `export`."""

from annotator.cli import arguments as shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

TEXT = """\
What is written appears whole or not at all, and replaces an older file of that name; a folder must
be new or empty. The same decisions and options give the same bytes. Every label is proved against its
text once more; what a format cannot carry is counted and listed at the end.

A manifest goes out beside it: NAME.manifest.json and NAME.sha256, in a folder manifest.json and
SHA256SUMS. With --verify PATH an earlier export is proved: its files are as they were written, and
the project still gives the same bytes.

Formats:
"""

EXAMPLES = (
    "annotator export news.db --format jsonl -o news.jsonl",
    "annotator export news.db --format hf -o news-dataset/ --status done",
    "annotator export news.db --format iob2 --annotator iva -o iva.iob2",
    "annotator export news.db --format conllu --map conll4 --lang bg -o bg.conllu",
    "annotator export news.db --format spacy --gold agreed --split train -o train/",
    "annotator export news.db --format jsonl --gold adjudicated --votes -o gold.jsonl",
    "annotator export news.db --format hf --release 1.0 -o news-1.0/",
    "annotator export news.db --format doccano --cut strict-body -o clean.jsonl",
    "annotator export news.db --format standoff -o labels-only.jsonl",
    "annotator export news.db --format stance-tsv --quoted -o - | wc -l",
    "annotator export news.db --verify news-dataset/",
)


def text() -> str:
    """What the help says, with every format there is."""
    from annotator.formats.table import formats

    lines = (f"  {each.name:<20}  {each.title}" for each in formats().values())
    return TEXT + "\n".join(lines)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `export`."""
    from annotator.formats.table import formats

    shared.project(parser)
    parser.add_argument(
        "--format",
        choices=tuple(formats()),
        metavar="FORMAT",
        help="what to write: one of the formats above",
    )
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="the file or folder to make; - is standard output"
    )
    parser.add_argument("--verify", metavar="PATH", help="prove an earlier export instead")
    _articles(parser)
    _decisions(parser)
    _writing(parser)


def _articles(parser: "ArgumentParser") -> None:
    group = parser.add_argument_group("which articles (each may be said several times)")
    for name, what in (
        ("lang", "of this language"),
        ("source", "of this source"),
        ("group", "of this event or group"),
        ("split", "of this split: train, dev, test"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar="NAME", help=what)
    group.add_argument("--since", metavar="DATE", default="", help="of this date or later")
    group.add_argument("--until", metavar="DATE", default="", help="of this date or earlier")
    group.add_argument(
        "--status",
        action="append",
        default=[],
        choices=("started", "open", "done", "skipped"),
        help="that the annotator left so",
    )


def _decisions(parser: "ArgumentParser") -> None:
    from annotator.formats.consensus import POLICIES
    from annotator.formats.label_map import presets
    from annotator.formats.profiles import profiles

    group = parser.add_argument_group("which decisions")
    group.add_argument(
        "--annotator",
        action="append",
        default=[],
        metavar="NAME",
        help="of this annotator (may be said several times)",
    )
    group.add_argument(
        "--layer", action="append", default=[], help="of this layer (may be said several times)"
    )
    group.add_argument(
        "--label", action="append", default=[], help="with this label (may be said several times)"
    )
    group.add_argument(
        "--gold",
        choices=POLICIES,
        default="",
        help="one gold standard of several annotators: what was adjudicated, or what more than half "
        "of them (majority) or all of them have (agreed)",
    )
    group.add_argument(
        "--release", metavar="VERSION", default="", help="the gold of a release, as it was made"
    )
    group.add_argument(
        "--cut",
        choices=tuple(profiles()),
        default="",
        metavar="PROFILE",
        help="cut boilerplate out of the texts and move every offset; which labels are boilerplate "
        f"is the profile's to say: {', '.join(profiles())}",
    )
    group.add_argument(
        "--map",
        metavar="MAP",
        help="rename labels: a TOML file with a table [labels], or one of "
        f"{', '.join(presets())}; labels it does not name are left out and counted",
    )


def _writing(parser: "ArgumentParser") -> None:
    from annotator.formats.profiles import profiles
    from annotator.text.counting import Count

    group = parser.add_argument_group("how it is written (formats refuse what they do not heed)")
    group.add_argument(
        "--profile",
        choices=tuple(profiles()),
        help="which boilerplate labels count as content (cleaneval, article-extraction)",
    )
    group.add_argument(
        "--quoted", action="store_true", help="quoted speakers' stances too (stance-tsv)"
    )
    group.add_argument(
        "--offsets",
        choices=(Count.CODE_POINTS.value, Count.UTF16.value, Count.BYTES.value),
        help="what offsets count (hf, standoff, structured-sentiment)",
    )
    group.add_argument(
        "--quotes",
        action="store_true",
        help="with the quoted texts and what stands around them (standoff, w3c)",
    )
    group.add_argument(
        "--whole-tokens",
        action="store_true",
        help="entities grow to whole tokens instead of cutting them (token formats)",
    )
    group.add_argument("--parquet", action="store_true", help="Parquet instead of JSON lines (hf)")
    group.add_argument(
        "--votes",
        "--soft",
        action="store_true",
        help="beside gold every answer with its share of the annotators: soft labels (jsonl)",
    )
