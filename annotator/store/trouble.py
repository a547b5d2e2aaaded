"""SQLite's errors in plain words."""

from pathlib import Path

from annotator.model.errors import AnnotatorError

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


def explain(error: Exception, path: Path | str) -> AnnotatorError:
    """One plain sentence for what SQLite or the system reported about the file at `path`."""
    if isinstance(error, AnnotatorError):
        return error
    text = "malformed" if isinstance(error, UnicodeDecodeError) else str(error)
    for part, sentence in _SENTENCES:
        if part in text:
            return AnnotatorError(sentence.format(path=path))
    return AnnotatorError(f"{path} could not be used: {text}.")
