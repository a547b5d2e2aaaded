"""What the words about a project's people share: their arguments."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from annotator.store.address import Address


def address(parser: "ArgumentParser") -> None:
    """Add the project's address."""
    parser.add_argument(
        "project", metavar="URL", help="the project's address: postgresql://NAME@HOST/PROJECT"
    )


def person(parser: "ArgumentParser") -> None:
    """Add whom it is about."""
    parser.add_argument("person", metavar="PERSON", help="the annotator's name")


def password(parser: "ArgumentParser") -> None:
    """Add where a new password goes to."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--password-file",
        metavar="PATH",
        help="make a strong password and write it into this new file, ready to be the person's ~/.pgpass",
    )
    where.add_argument(
        "--show", action="store_true", help="make a strong password and show it once, on a terminal"
    )


def place(args: "Namespace") -> "Address":
    """The address that was given.

    Raises:
        AnnotatorError: it is a file's path, or no address.
    """
    from annotator.model.errors import AnnotatorError
    from annotator.store.address import Address, place_of

    found = place_of(args.project)
    if isinstance(found, Address):
        return found
    raise AnnotatorError(
        f"{args.project} is no address of a project on a server: it is written "
        "postgresql://NAME@HOST/PROJECT."
    )
