"""SLATE (PyPI `slate-nlp`), the other terminal annotator, on a text with labels made beforehand.

Its annotation file stands beside the text as `TEXT.annotations`, one label a line:
`(LINE, TOKEN) - label:a`, lines counted from 0 and tokens being the stretches between blanks. It
has four labels on SPACE followed by a letter; `;` `o` `i` move right, down and up; `q` saves.
"""

import shutil
import sys
from collections import Counter
from pathlib import Path

from benchmarks.program import Program
from benchmarks.texts import Mark

_LETTERS = {"PER": "a", "ORG": "s", "LOC": "d", "EVT": "v", "PRO": "s"}


def prepare(text: Path, marks: list[Mark], folder: Path) -> Program:
    """A copy of the text with the marks in `folder`, and the program that opens it."""
    copy = folder / "slate.txt"  # SLATE splits file names at blanks
    shutil.copyfile(text, copy)
    notes = copy.with_name("slate.txt.annotations")
    lines = [f"({mark.line}, {mark.token}) - label:{_LETTERS[mark.label]}\n" for mark in marks]
    notes.write_text("".join(lines))
    command = [str(Path(sys.executable).with_name("slate")), "-o", "-l", "log", copy.name]
    return Program(
        "SLATE",
        command,
        right=b";",
        down=b"o",
        up=b"i",
        before_label=b" ",
        label=b"a",
        quit=b"q",
        by_line=True,
        saved=lambda: _new(copy, notes, Counter(line.strip() for line in lines)),
    )


def _new(text: Path, notes: Path, before: Counter[str]) -> list[str]:
    """The tokens that were labelled since."""
    made = Counter(line.strip() for line in notes.read_text().splitlines()) - before
    lines = text.read_text(encoding="utf-8").split("\n")
    places = [entry.partition(")")[0].strip("(").split(", ") for entry in made.elements()]
    return [lines[int(line)].split()[int(token)] for line, token in places]
