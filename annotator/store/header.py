"""Whose file it is and in which format, from two numbers in its header."""

from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store.address import Place
from annotator.store.engine import APPLICATION_ID, FileConnection

CURRENT = 4
"""The format this version writes; `migrations` holds the steps to it."""


def file_format(conn: FileConnection, path: Path) -> int:
    """The format of an annotator project, at most `CURRENT`.

    Raises:
        AnnotatorError: an empty file, another program's database, or a newer format.
        sqlite3.Error: not a database, or a damaged one.
    """
    tables = conn.execute("SELECT count(*) FROM sqlite_schema").fetchall()[0][0]
    owner = conn.execute("PRAGMA application_id").fetchall()[0][0]
    version = conn.format
    if not tables:
        raise AnnotatorError(f"{path} is empty; make a project with `annotator init {path}`.")
    if owner != APPLICATION_ID:
        raise AnnotatorError(
            f"{path} is an SQLite database of another program, not an annotator project; "
            "its tables can be imported."
        )
    refuse_newer(version, path)
    return version


def refuse_newer(version: int, place: Place) -> None:
    """Raises AnnotatorError on a project of a newer format."""
    if version > CURRENT:
        raise AnnotatorError(
            f"{place} was made by a newer annotator (format {version}; this one knows up to "
            f"{CURRENT}): upgrade annotator to open it."
        )
