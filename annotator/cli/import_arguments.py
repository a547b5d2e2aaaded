"""The arguments and the longer help text of `import`."""

from annotator.cli import arguments as shared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

TEXT = """\
Sources are files, folders, and SQLite databases. The kind of a file is told by its suffix and its
beginning, the columns of a table or the fields of a record by their names; options say what cannot be
guessed. A project that does not exist is made.

Importing the same again changes nothing. A text that has changed upstream is kept apart as a new
article named ID@HASH; the annotated one stays. What cannot be stored exactly (text that is not
UTF-8, NUL characters, broken records) is refused with its file and line, and the rest goes in.

Exports of annotator (--format jsonl) bring their decisions, each annotator's under their own name.
The same version of somebody's work again changes nothing; a newer one replaces what an earlier
import brought; work done in this project itself always stays.

Annotations of other tools come in as somebody's work, or with --suggestions as suggestions. Articles
are matched by id or by their exact text. Every quoted text must be where the file says; offsets that
do not fit are tried as UTF-16, graphemes, CRLF, LF and bytes, and what fitted is said. Labels the
scheme does not know are asked for on a terminal; elsewhere nothing is imported until --map, --map-label
or --new-labels says what they mean. --dry-run shows all of it without writing anything.

After the articles, languages are detected and the word index is built. Both can be interrupted and
go on at the next import, also one without sources.

Kinds of annotation files:
"""

EXAMPLES = (
    "annotator import news.db articles/ more.jsonl pages/*.html",
    "annotator import news.db scraped.csv --text-column body --lang-column lang",
    "annotator import news.db crawl.sqlite --table articles",
    "annotator import news.db iva.jsonl          # decisions come with it",
    "annotator import news.db doccano.jsonl --annotator iva --map-label PERSON=PER",
    "annotator import news.db label-studio.json --new-labels --dry-run",
    "annotator import news.db brat-folder/ --map my-labels.toml --suggestions",
    "annotator import news.db                    # go on with what was interrupted",
)


def text() -> str:
    """What the help says, with every kind of annotation file there is."""
    from annotator.formats.readers.table import readers

    lines = (f"  {each.name:<14} {each.title}" for each in readers().values())
    return TEXT + "\n".join(lines)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `import`."""
    from annotator.formats.sources.incoming import kinds

    shared.project(parser, f"{shared.PROJECT}; a file is made when it does not exist")
    parser.add_argument(
        "sources", metavar="SOURCE", nargs="*", help="files, folders or SQLite databases"
    )
    shared.scheme(parser)
    shared.actor(parser)
    parser.add_argument(
        "--kind",
        choices=kinds(),
        metavar="KIND",
        help=f"read every file as this kind: {', '.join(kinds())}",
    )
    parser.add_argument("--table", metavar="NAME", help="the table or view of an SQLite database")
    columns = parser.add_argument_group(
        "columns", 'which column or field is what; "" says that none is'
    )
    for role in shared.ROLES:
        columns.add_argument(f"--{role}-column", metavar="NAME", help=f"the article's {role}")
    _annotations(parser)
    _values(parser)
    _reading(parser)
    parser.add_argument(
        "--no-languages",
        dest="languages",
        action="store_false",
        help="do not detect the language of articles whose source does not give it",
    )
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="processes for that (default: one for each processor)"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only read everything and say what would come in"
    )
    parser.add_argument("--refused", metavar="FILE", help="write all refusals to a TSV file")
    shared.json(parser)


def _annotations(parser: "ArgumentParser") -> None:
    from annotator.formats.label_map import presets

    group = parser.add_argument_group("annotations of other tools")
    group.add_argument(
        "--annotator",
        metavar="NAME",
        help="whose work they are (default: as the file says, else who you are)",
    )
    group.add_argument(
        "--suggestions",
        action="store_true",
        help="take them as suggestions for everybody, to be confirmed or rejected one by one",
    )
    group.add_argument(
        "--map",
        metavar="MAP",
        help='what their labels mean: a TOML file with a table [labels] of lines such as PERSON = "PER", '
        f"or one of {', '.join(presets())}",
    )
    group.add_argument(
        "--map-label",
        metavar="OLD=NEW",
        action="append",
        default=[],
        help="what one label means; NEW is a label, LAYER/LABEL, or - to leave it out",
    )
    group.add_argument(
        "--new-labels",
        action="store_true",
        help="add labels the scheme does not know to it, under their own names",
    )
    group.add_argument(
        "--layer",
        default="",
        help="the layer for labels that several layers have, and for new ones",
    )
    group.add_argument(
        "--unfinished",
        action="store_true",
        help="the annotators had not finished: what is not marked need not be nothing",
    )


def _values(parser: "ArgumentParser") -> None:
    parser.add_argument("--source", metavar="NAME", help="the source of articles that name none")
    parser.add_argument("--lang", metavar="TAG", help="the language of articles that name none")
    parser.add_argument(
        "--split",
        metavar="NAME",
        default="",
        help="the split of the articles, for good: train, dev, test ...; the word given takes the one "
        "each article's source names in its field split",
    )
    parser.add_argument(
        "--id-prefix",
        metavar="TEXT",
        default="",
        help="put before every id, to keep sources with the same ids apart",
    )
    parser.add_argument(
        "--title-line", action="store_true", help="the first line of a text file is its title"
    )


def _reading(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--encoding", default="", help="of files without a byte order mark (default: UTF-8)"
    )
    parser.add_argument(
        "--delimiter",
        metavar="CHAR",
        default="",
        help="between the cells of a CSV file, or the word tab (default: guessed)",
    )
    parser.add_argument(
        "--no-quotes",
        dest="quotes",
        action="store_const",
        const=False,
        help="quotation marks in a CSV file are just characters (default: guessed)",
    )
