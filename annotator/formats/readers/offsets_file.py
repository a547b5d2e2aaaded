r"""NAME.offsets.tsv, which stands beside annotator's own column files: where each token is.

`doc sent tok start end`: the article's id, sentence and token counted from 1, offsets in code
points, half-open. TAB, line ends and backslash in ids are escaped as in C.
"""

import re
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Self

from annotator.formats.readers.columns import Token
from annotator.formats.sources.incoming import ReadOptions, shown
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError
from annotator.formats.writers.iob2 import HEADER, OFFSETS, Range

_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_ESCAPE = re.compile(r"\\([tnr\\])")
_MEANS = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


class MisfitError(ValueError):
    """Why a line is not what the tokens ask for."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class OffsetsFile:
    """Read along with the file it stands beside."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        """`path` must be a file with the right header."""
        self.where = shown(path)
        self._lines: Generator[tuple[int, str | BadJsonError], None, None]
        self._lines = numbered_lines(path, options)
        self._line = 1
        next(self._lines, None)

    @classmethod
    def beside(cls, path: Path, options: ReadOptions) -> Self | None:
        """The one of a file, if there is one."""
        side = path.with_name(path.name + OFFSETS)
        if not side.is_file():
            return None
        for _, line in numbered_lines(side, options):
            return cls(side, options) if line == HEADER else None
        return None

    def take(self, sentences: Sequence[Sequence[Token]]) -> tuple[str, list[list[Range]]]:
        """The id of the next article, and where its tokens are.

        Raises:
            MisfitError: the lines are for other tokens.
        """
        ident = ""
        places: list[list[Range]] = []
        last = 0
        for number, sentence in enumerate(sentences, 1):
            places.append([])
            for place, token in enumerate(sentence, 1):
                doc, (start, end) = self._next(number, place)
                ident = ident or doc
                if doc != ident:
                    raise MisfitError(self._line, "another article begins before its tokens end")
                if start < last or end - start != len(token.text):
                    raise MisfitError(
                        self._line,
                        f"{start}-{end} is no place for the token of line {token.line}",
                    )
                places[-1].append((start, end))
                last = end
        return ident, places

    def _next(self, sentence: int, place: int) -> tuple[str, Range]:
        self._line, line = next(self._lines, (self._line + 1, ""))
        if isinstance(line, BadJsonError):
            raise MisfitError(self._line, str(line))
        if not line:
            raise MisfitError(self._line, "it ends before the tokens do")
        cells = line.removesuffix("\n").removesuffix("\r").split("\t")
        if len(cells) != 5 or not all(_NUMBER.fullmatch(cell) for cell in cells[1:]):
            raise MisfitError(self._line, "the line is not doc, sent, tok, start, end")
        if (int(cells[1]), int(cells[2])) != (sentence, place) or not cells[0]:
            raise MisfitError(
                self._line, f"it is not for token {place} of sentence {sentence}, which comes next"
            )
        ident = _ESCAPE.sub(lambda match: _MEANS[match[1]], cells[0])
        return ident, (int(cells[3]), int(cells[4]))
