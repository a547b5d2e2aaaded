"""What engines report, in plain words."""

from concurrent.futures import Future
from typing import Any

from annotator.model.errors import AnnotatorError
from annotator.store.address import Address, Place, missing

_SENTENCES = (
    ("disk is full", "{path} could not be written: the disk is full. Free some space, then save again."),
    ("disk I/O error", "{path} could not be written: the disk is full or failing. Free some space or move the project, then save again."),
    ("locked", "{path} is kept locked by another process; close it, then save again."),
    ("busy", "{path} is kept locked by another process; close it, then save again."),
    ("readonly", "{path} cannot be written: change its permissions or open it read-only."),
    ("not a database", "{path} is not an annotator project: it is not an SQLite file."),
    ("malformed", "{path} is damaged; run `annotator check PROJECT`, and restore a backup."),
    ("Could not decode", "{path} is damaged: a text in it is not valid UTF-8; run `annotator check PROJECT`."),
    ("unable to open", "{path} could not be opened: check its permissions and those of its folder."),
    ("no such table", "{path} is not a complete annotator project; restore a backup."),
    ("no such module: fts5", "This Python's SQLite has no full-text search: install `pysqlite3`."),
)  # fmt: skip

ON_SERVER = {
    "lost": "The server of {path} cannot be reached ({text}).",
    "password": "The server of {path} does not let you in ({text}): check the user in the address, and the password in ~/.pgpass or PGPASSFILE.",
    "unsafe": "The connection to {path} would not be as safe as its address asks, so there is none ({text}).",
    "crowded": "The server of {path} has no room for another connection: close some, or have max_connections raised.",
    "forbidden": "Your role on the server of {path} may not do that ({text}): ask a lead.",
    "locked": "Somebody else has kept {path} locked for too long: save again in a while.",
    "full": "The server of {path} could not write it: its disk is full. Free some space there, then save again.",
    "long": "{path} could not take something that is too long ({text}).",
}  # fmt: skip
"""For each kind of trouble that a server reports (`server.ServerError`) what is said of it."""

PASSING = ("lost", "crowded", "locked")
"""Kinds of trouble that pass without anybody's doing: what they kept back is sent again by itself."""


class UnreachableError(AnnotatorError):
    """The server of a project cannot be reached (or has no room), which will pass."""

    def __init__(self, told: str, kind: str = "lost") -> None:
        """`kind` is one of `PASSING`."""
        super().__init__(told)
        self.kind = kind


class UnsavedError(AnnotatorError):
    """An act is not in the project; it is kept in the side journal, or in memory if that fails."""


class AwaitedError(UnsavedError):
    """An act waits in the side journal and is sent by itself, once the server can be reached."""

    def __init__(self, told: str, sent: "Future[Any]") -> None:
        """`sent` is done when the act is in the project after all, and gives its events."""
        super().__init__(told)
        self.sent = sent


def explain(error: Exception, path: Place | str) -> AnnotatorError:
    """One plain sentence for what SQLite or the system reported about the file at `path`."""
    if isinstance(error, AnnotatorError):
        return error
    kind = getattr(error, "kind", "")
    if kind in ("no database", "no project") and isinstance(path, Address):
        return missing(path)
    if kind in ON_SERVER:
        told = ON_SERVER[kind].format(path=path, text=str(error))
        return UnreachableError(told, kind) if kind in PASSING else AnnotatorError(told)
    text = "malformed" if isinstance(error, UnicodeDecodeError) else str(error)
    for part, sentence in _SENTENCES:
        if part in text:
            return AnnotatorError(sentence.format(path=path))
    return AnnotatorError(f"{path} could not be used: {text}.")
