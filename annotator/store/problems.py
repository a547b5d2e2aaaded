"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Something stored is not what was written."""
    WARNING = "warning"
    """Worth a look: a span that cuts a visible character, an old SQLite."""
    NOTE = "note"
    """Good to know: articles with invisible characters."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check."""

    severity: Severity
    where: str
    """What it is about: an article, an event, a writer, the file."""
    message: str
    """One plain sentence."""

    def __str__(self) -> str:
        return f"{self.severity}: {self.where}: {self.message}"


def error(where: str, message: str) -> Problem:
    """An error."""
    return Problem(Severity.ERROR, where, message)


def warning(where: str, message: str) -> Problem:
    """A warning."""
    return Problem(Severity.WARNING, where, message)


def note(where: str, message: str) -> Problem:
    """A note."""
    return Problem(Severity.NOTE, where, message)
