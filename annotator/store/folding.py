"""How SQLite's index of words takes a text apart, for an index on a server that finds the same.

Its tokenizer `unicode61` knows letters by a table of its own: whole ranges that nobody assigned yet are
letters to it, and marks may vanish. So it is asked itself what it makes of a character, once for
each block of 256; a text is then folded character by character, as it does it.
"""

import threading
from functools import cache

from annotator.store.engine import MODULE

TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
"""What a file's index of words is made with."""
LONGEST = 32_768
"""Bytes (UTF-8) of a word; what lies behind does not count."""

_BLOCK = 256
_KEPT, _USUAL = 50_000, 40
_SURROGATES = range(0xD800, 0xE000)
_VANISHES = "\1"
"""Stands for a mark that leaves nothing of itself: a word of such marks alone is one of no letters."""


class _Asked:
    """An index in memory, to see what becomes of characters."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._conn = MODULE.connect(":memory:", check_same_thread=False, isolation_level=None)
        for made in (
            f"fts5(words, content='', detail=none, tokenize=\"{TOKENIZER}\")",
            "fts5vocab(asked, instance)",
        ):
            name = "asked" if made.startswith("fts5(") else "told"
            self._conn.execute(f"CREATE VIRTUAL TABLE {name} USING {made}")

    def block(self, first: int) -> dict[int, str]:
        """What becomes of `_BLOCK` characters: a blank is no part of a word."""
        codes = [code for code in range(first, first + _BLOCK) if code and code not in _SURROGATES]
        found = dict.fromkeys(range(first, first + _BLOCK), " ")
        with self._lock:
            rows = ((code, f"a{chr(code)}b") for code in codes)
            self._conn.executemany("INSERT INTO asked (rowid, words) VALUES (?,?)", rows)
            told = self._conn.execute("SELECT doc, term FROM told WHERE term <> 'b'").fetchall()
            self._conn.execute("INSERT INTO asked (asked) VALUES ('delete-all')")
        for code, term in told:
            if term != "a":
                found[code] = term[1:-1] or _VANISHES
        return found


_asked = cache(_Asked)


class _Letters(dict[int, str]):
    """What becomes of each character, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        self.update(_asked().block(code - code % _BLOCK))
        return self[code]


class _Known(dict[str, str]):
    """What becomes of what stands between blanks: most of it comes again and again."""

    def __missing__(self, between: str) -> str:
        found = " ".join(between.translate(_LETTERS).split())
        if len(between) <= _USUAL:
            if len(self) >= _KEPT:
                self.clear()
            self[between] = found
        return found


_LETTERS, _KNOWN = _Letters(), _Known()


def folded(prepared: str) -> list[str]:
    """The words of a prepared text (`words.indexed`) in their order, as the index has them.

    A word of marks that all vanish is "".
    """
    line = " ".join([_KNOWN[between] for between in prepared.split()])
    found = line.split()
    if _VANISHES in line:
        found = [word.replace(_VANISHES, "") for word in found]
    if len(prepared) * 4 > LONGEST:
        found = [word if len(word) * 4 <= LONGEST else _cut(word) for word in found]
    return found


def _cut(word: str) -> str:
    return word.encode()[:LONGEST].decode(errors="ignore")
