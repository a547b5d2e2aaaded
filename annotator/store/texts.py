"""Finding articles by their text: which one has this SHA-256, for files that bring texts anew."""

from array import array
from bisect import bisect_left

from annotator.store.reader import Reader

_DIGITS = 16
"""Hexadecimal digits of a hash that the index keeps; the rest is compared in the project."""


class TextIndex:
    """The project's articles by the SHA-256 of their texts, as they were when it was made.

    It holds 16 bytes for each article.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        sql = f"SELECT substr(sha256, 1, {_DIGITS}), n FROM article WHERE chars > 0 ORDER BY 1, 2"
        self._heads = array("Q")
        self._numbers = array("Q")
        for head, number in reader.rows(sql):
            self._heads.append(int(head, 16))
            self._numbers.append(number)

    def find(self, sha256: str) -> str:
        """The id of the first article with this text; "" when there is none."""
        try:
            head = int(sha256[:_DIGITS], 16)
        except ValueError:
            return ""
        place = bisect_left(self._heads, head)
        while place < len(self._heads) and self._heads[place] == head:
            sql = "SELECT id FROM article WHERE n = ? AND sha256 = ?"
            row = self._reader.row(sql, (self._numbers[place], sha256))
            if row is not None:
                return str(row[0])
            place += 1
        return ""
