"""Who works on a project and what they may do, and the passes of one person over one article."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

TRAINING = "training"
_PASS = re.compile(r"(?P<name>.+) #(?P<pass>[2-9]|[1-9][0-9]+|training)", re.DOTALL)


class Role(StrEnum):
    """What somebody does in a project; each may also do what those before it may."""

    ANNOTATOR = "annotator"
    ADJUDICATOR = "adjudicator"
    LEAD = "lead"

    def covers(self, wanted: "Role") -> bool:
        """Whether who has this role may do what `wanted` may."""
        order = list(Role)
        return order.index(self) >= order.index(wanted)


class Person(NamedTuple):
    """Somebody who works on the project. Their events have no article; the newest holds."""

    name: str
    role: Role

    @property
    def key(self) -> str:
        """One record a person, whoever made it."""
        return f"person:{self.name}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"role": str(self.role)}

    @classmethod
    def of(cls, key: str, body: Mapping[str, Any]) -> Self:
        """The person an event's key and body describe."""
        return cls(key.removeprefix("person:"), Role(body["role"]))


def pass_name(person: str, number: int | str) -> str:
    """The name under which a person's later pass over an article is kept: `iva #2`, `iva #training`.

    It is an annotator of its own, so that the first pass stays as it is and unseen.
    """
    return person if number == 1 else f"{person} #{number}"


def person_of(actor: str) -> tuple[str, int | str]:
    """The person behind an annotator's name and which of their passes it is: 1, 2 ... or `TRAINING`."""
    found = _PASS.fullmatch(actor)
    if found is None:
        return actor, 1
    number = found["pass"]
    return found["name"], number if number == TRAINING else int(number)


def is_pass(actor: str) -> bool:
    """Whether a name stands for a later pass or for training: no annotator of their own in a count."""
    return _PASS.fullmatch(actor) is not None
