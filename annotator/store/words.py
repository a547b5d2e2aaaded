"""The word index: what is indexed, how a search is put, and the pass that builds it.

Scripts written without spaces are indexed character by character, so that any word in them is found
as a phrase. Each engine keeps the index in its own way (`Words`): a file in `words_in_file`, a server in
`words_on_server`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader
from annotator.store.statements import TITLE, TITLE_KEY

SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han, as the inside of a character class."""
_SPACELESS = re.compile(f"([{SPACELESS}])")
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, zero-width and direction characters, which must not split a word."""
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')
_ALNUM = re.compile(r"[^\W_]")
PREFIX = 3
"""From this many characters on, the last word of a search is the beginning of a word."""
TITLE_INDEX = f"""CREATE INDEX IF NOT EXISTS article_title
                  ON article (substr({TITLE}, 1, {TITLE_KEY}))"""
"""For the order by title."""
_PUT = """INSERT INTO project (name, value) VALUES (?, ?)
          ON CONFLICT (name) DO UPDATE SET value = excluded.value"""
WORDS, TITLES = "words", "titles"
"""Names in `project` under which the two indexes keep how far they are."""
TABLES = {WORDS: "article_fts", TITLES: "title_fts"}
"""The tables of the two indexes: of titles and texts, and of titles alone."""


def indexed(text: str) -> str:
    """A text as the index gets it: NFKC, hidden characters dropped, spaceless scripts spaced."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _SPACELESS.sub(r" \1 ", HIDDEN.sub("", text))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what somebody typed: words that follow one another."""

    words: str
    """As the index has them, spaces between."""
    begun: bool = False
    """Whether the last word is only begun."""


class Sought(NamedTuple):
    """What finds the articles that have some words."""

    start: str
    """FROM-clause item and, after " WHERE ", its condition."""
    number: str
    """The column of `start` that is the article's number."""
    test: str
    """The same as a test of the article `a.n`."""
    params: tuple[Any, ...]
    """The values bound in `start`, and again in `test`."""


class Words(Protocol):
    """The word index of an engine."""

    def add(self, conn: Connection, name: str, rows: Iterable[tuple[int, str]]) -> None:
        """Index prepared texts (`indexed`) by number; `name` is `WORDS` or `TITLES`."""

    def remove(self, conn: Connection, name: str, n: int, said: str) -> None:
        """Take an article out of an index, with the prepared text that it was put in with."""

    def sought(self, name: str, wanted: "list[Piece]") -> Sought | None:
        """What finds the articles that have all of these; None when nothing can have them."""

    def done(self, conn: Connection) -> None:
        """All articles were indexed: make what is best made at the end."""


def sought(reader: Reader, words: str) -> Sought | None:
    """What finds the articles with what somebody typed; None when it holds nothing to look for.

    All words must occur; words in double quotes must follow one another; the last word counts as
    the beginning of one while it is being typed (no space after it).
    """
    wanted = pieces(words)
    return reader.conn.words.sought(WORDS, wanted) if wanted else None


def sought_in_titles(reader: Reader, words: str) -> Sought | None:
    """The same in the index of titles, which knows no order: all words, each perhaps begun."""
    wanted = [Piece(word, True) for piece in pieces(words) for word in tokens(piece.words)]
    return reader.conn.words.sought(TITLES, wanted) if wanted else None


def tokens(words: str) -> list[str]:
    """The words of a piece, divided as the index divides them."""
    return "".join(c if is_letter(c) else " " for c in words).split()


def is_spaceless(characters: str) -> bool:
    """Whether all of these are of scripts that are written without spaces."""
    return not characters.isascii() and len(_SPACELESS.findall(characters)) == len(characters)


def is_letter(character: str) -> bool:
    """Whether the index takes a character for part of a word: letters, marks and numbers."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")


def pieces(words: str) -> list[Piece]:
    """What somebody typed, in the parts that are looked for."""
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in words)
    parts = []
    for match in _PIECE.finditer(clean):
        piece = " ".join(indexed(match[1] if match[1] is not None else match[2]).split())
        if _ALNUM.search(piece):
            typing = match.end() == len(clean) and match[2] is not None
            last = piece.split()[-1]
            begun = len(last) >= PREFIX or "\uac00" <= last[0] <= "\ud7a3"  # a syllable says more
            parts.append(Piece(piece, typing and begun and bool(_ALNUM.search(last))))
    return parts


def index_batch(conn: Connection, limit: int) -> int:
    """Index the next articles (at most `limit`); how many. The caller holds lock and transaction."""
    done = max(_index_texts(conn, limit), _index_titles(conn, limit))
    if not done:
        conn.words.done(conn)
    return done


def _index_texts(conn: Connection, limit: int) -> int:
    sql = """SELECT a.n, a.title, t.text FROM article a JOIN article_text t ON t.n = a.n
             WHERE a.n > ? AND a.n <= ? ORDER BY a.n"""
    last = done(conn, WORDS)
    rows = conn.execute(sql, (last, last + limit)).fetchall()
    conn.words.add(conn, WORDS, ((n, indexed(f"{title}\n{text}")) for n, title, text in rows))
    return _did(conn, WORDS, rows)


def _index_titles(conn: Connection, limit: int) -> int:
    """Titles have an index of their own, small enough to be asked at every key."""
    sql = f"SELECT n, {TITLE} FROM article WHERE n > ? AND n <= ? ORDER BY n"
    last = done(conn, TITLES)
    rows = conn.execute(sql, (last, last + limit)).fetchall()
    conn.words.add(conn, TITLES, ((n, indexed(title)) for n, title in rows))
    return _did(conn, TITLES, rows)


def index_anew(
    conn: Connection, n: int, old: tuple[str, str, str], new: tuple[str, str, str]
) -> None:
    """Index an article again, where it was indexed, whose title, opening or text become others.

    With "" for all three it is taken out. Within a transaction, before or after they change.
    """
    for name, was, now in (
        (WORDS, f"{old[0]}\n{old[2]}", f"{new[0]}\n{new[2]}"),
        (TITLES, old[0] or old[1], new[0] or new[1]),
    ):
        if was != now and n <= done(conn, name):
            conn.words.remove(conn, name, n, indexed(was))
            if any(new):
                conn.words.add(conn, name, [(n, indexed(now))])


def done(conn: Connection, name: str) -> int:
    """The number of the last article in an index."""
    found = conn.execute("SELECT value FROM project WHERE name = ?", (name,)).fetchall()
    return int(found[0][0]) if found else 0


def _did(conn: Connection, name: str, rows: list[Row]) -> int:
    if rows:
        conn.execute(_PUT, (name, str(rows[-1][0])))
    return len(rows)


def unindexed(reader: Reader) -> int:
    """How many articles the word index or that of titles lacks."""
    newest: int = reader.value("SELECT max(n) FROM article") or 0
    kept: dict[str, str] = dict(
        reader.rows("SELECT name, value FROM project WHERE name IN (?, ?)", (WORDS, TITLES))
    )
    return newest - min(int(kept.get(name, 0)) for name in (WORDS, TITLES))
