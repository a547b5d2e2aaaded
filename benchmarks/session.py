"""One program doing the common job in a terminal, timed, and proof that it really did it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.program import Program
from benchmarks.terminal import Cell, Stroke, Terminal, changed
from benchmarks.texts import FIRST, WORD

Screen = list[list[Cell]]
Keys = Iterator[None]
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
    """Milliseconds of processor time for each key `right`, in ticks of 10: only their mean says much."""

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
) -> Keys:
    """Starts the program, presses everything, quits, and checks; pauses after every key.

    Args:
        program: what to run.
        words: the article's first words, at least as many as are walked over.
        counts: how many keys.
        folder: the program's own fresh folder.
        one_line: the text has no line ends.
        into: receives the figures.

    Yields:
        None, between two keys, so that several programs can take turns key by key.

    Raises:
        NoAnswerError: a key was not answered.
        WrongResultError: it was, but did not do its work.
    """
    with Terminal(program.argv, folder) as terminal:
        terminal.wait_for(FIRST)
        terminal.settle()
        for key in program.opening:
            terminal.press(key)
        yield
        sitting = Sitting(terminal, program, words, into)
        yield from sitting.walk(counts.right)
        yield from sitting.label(counts.label)
        if not (one_line and program.by_line):
            yield from sitting.rows(counts.down)
        terminal.quit(program.quit)
    saved = program.saved()
    if saved is not None and sorted(map(_bare, saved)) != sorted(sitting.labelled):
        raise WrongResultError(f"{program.name} saved {saved}, not {sitting.labelled}")


@dataclass(slots=True)
class Sitting:
    """The common job at an open program: each part pauses after every key it timed."""

    terminal: Terminal
    program: Program
    words: list[str]
    into: Figures
    at: int = 0
    """The index of the word the cursor is on."""
    labelled: list[str] = field(default_factory=list)

    def walk(self, count: int) -> Keys:
        """`right` from the first word."""
        for _ in range(count - 1):
            self._right()
            yield
        before = self.terminal.screen()
        self._right()
        seen = _words(before, self.terminal.screen())
        for word in self.words[self.at - 1 : self.at + 1]:
            self._expect(word in seen, f"right: {word!r} is not where the cursor was or is", seen)
        yield

    def label(self, count: int) -> Keys:
        """Labels every second word, those that hold no span."""
        for i in range(count):
            self._right()
            yield
            if self.at % 2 == 0:
                self._right()
                yield
            if self.program.before_label:
                self.terminal.press(self.program.before_label)
            before = self.terminal.screen() if i in {0, count - 1} else None
            self._time("label", self.program.label)
            word = self.words[self.at]
            if before:
                seen = _words(before, self.terminal.screen())
                self._expect(word in seen, f"label: {word!r} looks as before", seen)
            self.labelled.append(word)
            yield

    def rows(self, count: int) -> Keys:
        """`down` and `up` in turns of RUN, both counted as moves by a row."""
        start = self.terminal.screen()
        for done in range(count):
            self._time("down", self.program.up if (done // RUN) % 2 else self.program.down)
            if done == 0:
                self._moved_a_row(start, self.terminal.screen())
            if done == RUN - 1:
                pairs = zip(start, self.terminal.screen(), strict=True)
                rows = sum(_line(old) != _line(new) for old, new in pairs)
                self._expect(rows > 10, f"down: {RUN} rows down changed only {rows} rows", [])
            yield

    def _right(self) -> None:
        self._time("right", self.program.right)
        self.at += 1

    def _time(self, name: str, key: bytes) -> None:
        before = self.terminal.cpu()
        self.into.strokes[name].append(self.terminal.press(key))
        if name == "right":
            self.into.cpu.append(self.terminal.cpu() - before)

    def _moved_a_row(self, before: Screen, after: Screen) -> None:
        known = set(self.words)
        stretches = changed(before, after).items()
        rows = [y for y, parts in stretches if known & set(WORD.findall(" ".join(parts)))]
        self._expect(len(rows) >= 2, "down: the cursor is on the same row", rows)

    def _expect(self, holds: bool, what: str, seen: object) -> None:
        if not holds:
            raise WrongResultError(f"{self.program.name}: {what}; changed: {seen}")


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
