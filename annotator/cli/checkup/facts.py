"""What a look found: facts, and what needs attention."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from annotator.model.errors import AnnotatorError

DEFAULT, FILE, ENVIRONMENT, OPTION, SYSTEM = "default", "file", "environment", "option", "system"
"""Where a value comes from."""

Value = str | int | bool | list[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so."""

    name: str
    value: Value
    source: str = SYSTEM

    @property
    def words(self) -> str:
        """The value for people."""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return " ".join(self.value) if isinstance(self.value, list) else str(self.value)


@dataclass(slots=True)
class Section:
    """One part of the look."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What needs attention: a sentence each, with what to do."""
    notes: list[str] = field(default_factory=list)
    """What is good to know and may stay as it is."""

    def fact(self, name: str, value: Value, source: str = SYSTEM) -> None:
        """Note a fact."""
        self.facts.append(Fact(name, value, source))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """What is refused in the block needs attention; the look goes on."""
        try:
            yield
        except AnnotatorError as error:
            self.troubles.append(str(error))
