"""The word index (FTS5): what is indexed, how a search is put, and the pass that builds it.

Scripts written without spaces are indexed character by character, so that any word in them is found
as a phrase. The index is contentless: it holds no second copy of the texts.
"""

import re
import unicodedata
from dataclasses import dataclass

from annotator.store.engine import SORTER, WRITER_CACHE, Connection, Row
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
WORDS, TITLES = "words", "titles"
"""Names in `project` under which the two indexes keep how far they are."""


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


def query(words: str) -> str:
    """The FTS5 query for what somebody typed; "" when it holds nothing to look for.

    All words must occur; words in double quotes must follow one another; the last word counts as
    the beginning of one while it is being typed (no space after it).
    """
    return " AND ".join(_term(piece.words, piece.begun) for piece in pieces(words))


def title_query(words: str) -> str:
    """The same for the index of titles, which knows no order: all words, each perhaps begun."""
    found = [word for piece in pieces(words) for word in tokens(piece.words)]
    return " AND ".join(_term(word, begun=True) for word in found)


def tokens(words: str) -> list[str]:
    """The words of a piece, divided as the index divides them."""
    return "".join(c if is_letter(c) else " " for c in words).split()


def is_letter(character: str) -> bool:
    """Whether the index takes a character for part of a word: letters, marks and numbers."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")


def _term(words: str, begun: bool) -> str:
    return '"' + words.replace('"', '""') + '"' + (" *" if begun else "")


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
            parts.append(Piece(piece, typing and begun))
    return parts


def index_batch(conn: Connection, limit: int) -> int:
    """Index the next articles (at most `limit`); how many. The caller holds lock and transaction."""
    done = max(_index_texts(conn, limit), _index_titles(conn, limit))
    if not done:  # kept from then on; during a large import it would cost as much as the rows
        conn.execute(f"PRAGMA cache_size = -{SORTER}")
        conn.execute(TITLE_INDEX)
        conn.execute(f"PRAGMA cache_size = -{WRITER_CACHE}")
    return done


def _index_texts(conn: Connection, limit: int) -> int:
    sql = """SELECT a.n, a.title, t.text FROM article a JOIN article_text t ON t.n = a.n
             WHERE a.n > ? AND a.n <= ? ORDER BY a.n"""
    last = done(conn, WORDS)
    rows = conn.execute(sql, (last, last + limit)).fetchall()
    found = ((n, indexed(f"{title}\n{text}")) for n, title, text in rows)
    conn.executemany("INSERT INTO article_fts (rowid, words) VALUES (?,?)", found)
    return _did(conn, WORDS, rows)


def _index_titles(conn: Connection, limit: int) -> int:
    """Titles have an index of their own, small enough to be asked at every key."""
    sql = f"SELECT n, {TITLE} FROM article WHERE n > ? AND n <= ? ORDER BY n"
    last = done(conn, TITLES)
    rows = conn.execute(sql, (last, last + limit)).fetchall()
    found = ((n, indexed(title)) for n, title in rows)
    conn.executemany("INSERT INTO title_fts (rowid, words) VALUES (?,?)", found)
    return _did(conn, TITLES, rows)


def done(conn: Connection, name: str) -> int:
    """The number of the last article in an index."""
    found = conn.execute("SELECT value FROM project WHERE name = ?", (name,)).fetchall()
    return int(found[0][0]) if found else 0


def _did(conn: Connection, name: str, rows: list[Row]) -> int:
    if rows:
        conn.execute("REPLACE INTO project (name, value) VALUES (?, ?)", (name, str(rows[-1][0])))
    return len(rows)


def unindexed(reader: Reader) -> int:
    """How many articles the word index or that of titles lacks."""
    sql = """SELECT ifnull((SELECT max(n) FROM article), 0) - min(
             ifnull((SELECT CAST(value AS INTEGER) FROM project WHERE name = ?), 0),
             ifnull((SELECT CAST(value AS INTEGER) FROM project WHERE name = ?), 0))"""
    return int(reader.value(sql, (WORDS, TITLES)))
