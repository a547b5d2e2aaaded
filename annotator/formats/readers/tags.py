"""Tags of tokens - IOB1, IOB2, BIOES, BILOU - and the entities they stand for.

The four differ in how an entity begins and ends, and one way of reading understands them all: B, S
and U begin an entity; I, E and L go on with an entity of the same label or else begin one, as in
IOB1. Which of them a file is written in is found from all its tags, and tells which sequences are
mistakes. The names are those of the CoNLL shared tasks and of spaCy (BILOU).
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

TAG = re.compile(r"O|[BIESLU]-(?=\S).+")
"""A tag; white space inside is possible in columns divided by TABs."""

_BEGIN, _GO_ON, _END = "BSU", "IEL", "ESLU"


class Scheme(StrEnum):
    """How entities are spelt in tags."""

    IOB1 = "IOB1"
    """I- everywhere, B- only where an entity follows another of its label."""
    IOB2 = "IOB2"
    BIOES = "BIOES"
    BILOU = "BILOU"


class Entity(NamedTuple):
    """An entity by its tokens, both inclusive."""

    first: int
    last: int
    label: str


class ContradictionError(ValueError):
    """Tags of two schemes in one file."""


class Survey:
    """Collects the tags of a file and says which scheme they are in."""

    def __init__(self) -> None:
        self.any = False
        """Whether there was a tag at all."""
        self._lines: dict[str, int] = {}
        """Where each letter was met first."""
        self._inner_begin = False
        """B- where IOB1 has I-."""
        self._bare_start = False
        """I- at the beginning of an entity."""

    def sentence(self, tags: Sequence[str], lines: Sequence[int]) -> None:
        """The tags of a sentence with the lines they stand in; others than `TAG` are passed over."""
        before = "O"
        for tag, line in zip(tags, lines, strict=True):
            if not TAG.fullmatch(tag):
                before = "O"
                continue
            self.any = True
            self._lines.setdefault(tag[0], line)
            follows = before[2:] == tag[2:]
            self._inner_begin |= tag[0] == "B" and not follows
            self._bare_start |= tag[0] == "I" and not follows
            before = tag

    def scheme(self) -> Scheme:
        """What the tags are.

        Raises:
            ContradictionError: letters of BIOES and of BILOU.
        """
        bioes = [(line, letter) for letter, line in self._lines.items() if letter in "ES"]
        bilou = [(line, letter) for letter, line in self._lines.items() if letter in "LU"]
        if bioes and bilou:
            (line, letter), (other, last) = sorted([min(bioes), min(bilou)])
            raise ContradictionError(
                f"line {line} has the tag {letter}- and line {other} {last}-,"
                " which are of different schemes (BIOES and BILOU)"
            )
        if bioes or bilou:
            return Scheme.BIOES if bioes else Scheme.BILOU
        return Scheme.IOB1 if self._bare_start and not self._inner_begin else Scheme.IOB2


def entities(tags: Iterable[str], scheme: Scheme) -> tuple[list[Entity], int]:
    """The entities of a sentence, and how many of its tags stand where the scheme has others."""
    found: list[Entity] = []
    mended = 0
    ends = scheme in (Scheme.BIOES, Scheme.BILOU)  # entities whose last token is marked
    going = False
    for place, tag in enumerate(tags):
        letter, label = tag[0], tag[2:]
        goes_on = going and letter in _GO_ON and found[-1].label == label
        if goes_on:
            found[-1] = found[-1]._replace(last=place)
        else:
            mended += ends and going
            mended += letter in _GO_ON and scheme is not Scheme.IOB1
            if letter != "O":
                found.append(Entity(place, place, label))
        going = letter != "O" and letter not in _END
    mended += ends and going
    return found, mended
