"""One program doing the common job in a terminal, timed, and proof that it really did it."""

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.program import Program
from benchmarks.terminal import Cell, Stroke, Terminal, changed
from benchmarks.texts import FIRST, WORD

Screen = list[list[Cell]]
RUN = 50
"""Keys down before as many up: more rows than the window shows, so that scrolling is among them."""


class WrongResultError(Exception):
    """A key was answered, but what it should have done is not on the screen or on disk."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many keys of each kind one run times."""

    right: int
    label: int
    down: int


@dataclass(slots=True)
class Figures:
    """What the runs of one program on one text gave."""

    strokes: dict[str, list[Stroke]] = field(
        default_factory=lambda: {"right": [], "label": [], "down": []}
    )
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of processor time per key `right`, one figure a run."""

    def settled(self, key: str) -> list[float]:
        """Milliseconds from each such key to the last byte."""
        return [stroke.settled for stroke in self.strokes[key]]

    def painted(self, key: str) -> list[float]:
        """Milliseconds from each such key to the end of the first painting."""
        return [stroke.painted for stroke in self.strokes[key]]

    def size(self, key: str) -> list[float]:
        """Bytes written for each such key."""
        return [float(stroke.size) for stroke in self.strokes[key]]


def run(
    program: Program, words: list[str], counts: Counts, folder: Path, one_line: bool, into: Figures
) -> None:
    """Starts the program, presses everything, quits, and checks.

    Args:
        program: what to run.
        words: the article's first words, at least as many as are walked over.
        counts: how many keys.
        folder: the program's own fresh folder.
        one_line: the text has no line ends.
        into: receives the figures.

    Raises:
        NoAnswerError: a key was not answered.
        WrongResultError: it was, but did not do its work.
    """
    with Terminal(program.argv, folder) as terminal:
        terminal.wait_for(FIRST)
        terminal.settle()
        for key in program.opening:
            terminal.press(key)
        at = _walk(terminal, program, words, counts.right, into)
        labelled = _label(terminal, program, words, at, counts.label, into)
        if counts.down and not (one_line and program.by_line):
            _rows(terminal, program, words, counts.down, into)
        terminal.quit(program.quit)
    saved = program.saved()
    if saved is not None and sorted(map(_bare, saved)) != sorted(labelled):
        raise WrongResultError(f"{program.name} saved {saved}, not {labelled}")


def _walk(terminal: Terminal, program: Program, words: list[str], count: int, into: Figures) -> int:
    """`right` from the first word; returns the index of the word the cursor ends on."""
    before = terminal.cpu()
    into.strokes["right"] += [terminal.press(program.right) for _ in range(count)]
    into.cpu.append((terminal.cpu() - before) / count)
    seen = _press_and_look(terminal, program.right)
    for word in words[count : count + 2]:
        _expect(word in seen, program, f"right: {word!r} is not where the cursor was or is", seen)
    return count + 1


def _label(
    terminal: Terminal, program: Program, words: list[str], at: int, count: int, into: Figures
) -> list[str]:
    """Labels every second word, the unmarked ones; returns them."""
    labelled = []
    for i in range(count):
        while i or not at % 2:
            into.strokes["right"].append(terminal.press(program.right))
            at += 1
            if at % 2:
                break
        if program.before_label:
            terminal.press(program.before_label)
        before = terminal.screen() if i in {0, count - 1} else None
        into.strokes["label"].append(terminal.press(program.label))
        if before:
            seen = _words(before, terminal.screen())
            _expect(words[at] in seen, program, f"label: {words[at]!r} looks as before", seen)
        labelled.append(words[at])
    return labelled


def _rows(
    terminal: Terminal, program: Program, words: list[str], count: int, into: Figures
) -> None:
    """`down` and `up` in turns of RUN, both counted as moves by a row."""
    before = terminal.screen()
    into.strokes["down"].append(terminal.press(program.down))
    one = terminal.screen()
    known = set(words)
    rows = [
        y for y, parts in changed(before, one).items() if known & set(WORD.findall(" ".join(parts)))
    ]
    _expect(len(rows) >= 2, program, "down: the cursor is on the same row", rows)
    for done in range(1, count):
        key = program.up if (done // RUN) % 2 else program.down
        into.strokes["down"].append(terminal.press(key))
        if done == RUN - 1:
            moved = sum(_line(a) != _line(b) for a, b in zip(one, terminal.screen(), strict=True))
            _expect(moved > 10, program, f"down: {RUN} rows down only {moved} rows changed", [])


def _press_and_look(terminal: Terminal, key: bytes) -> list[str]:
    before = terminal.screen()
    terminal.press(key)
    return _words(before, terminal.screen())


def _words(before: Screen, after: Screen) -> list[str]:
    """The words of which any cell changed its style or character."""
    found = []
    for y, parts in changed(before, after).items():
        line, seen = _line(before[y]), " ".join(parts)
        found += [word for word in WORD.findall(line) if word in seen]
        found += WORD.findall(seen)
    return found


def _line(row: list[Cell]) -> str:
    return "".join(char for char, _ in row)


def _bare(token: str) -> str:
    found = WORD.search(token)
    return found[0] if found else token


def _expect(holds: bool, program: Program, what: str, seen: object) -> None:
    if not holds:
        raise WrongResultError(f"{program.name}: {what}; changed: {seen}")
