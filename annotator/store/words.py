"""The word index (FTS5): what is indexed, how a search is put, and the pass that builds it.

Scripts written without spaces are indexed character by character, so that any word in them is found
as a phrase. The index is contentless: it holds no second copy of the texts.
"""

import re
import unicodedata

from annotator.store.engine import Connection
from annotator.store.reader import Reader

_SPACELESS = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff])"
)
"""Thai, Lao, Burmese, Khmer, Kana and Han."""
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, zero-width and direction characters, which must not split a word."""
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')
_ALNUM = re.compile(r"[^\W_]")
PREFIX = 3
"""From this many characters on, the last word of a search is the beginning of a word."""


def indexed(text: str) -> str:
    """A text as the index gets it: NFKC, hidden characters dropped, spaceless scripts spaced."""
    if text.isascii():
        return text
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    return _SPACELESS.sub(r" \1 ", _HIDDEN.sub("", text))


def query(words: str) -> str:
    """The FTS5 query for what somebody typed; "" when it holds nothing to look for.

    All words must occur; words in double quotes must follow one another; the last word counts as
    the beginning of one while it is being typed (no space after it).
    """
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in words)
    parts = []
    for match in _PIECE.finditer(clean):
        piece = " ".join(indexed(match[1] if match[1] is not None else match[2]).split())
        if _ALNUM.search(piece):
            typing = match.end() == len(clean) and match[2] is not None
            last = piece.split()[-1]
            begun = len(last) >= PREFIX or "\uac00" <= last[0] <= "\ud7a3"  # a syllable says more
            star = " *" if typing and begun else ""
            parts.append('"' + piece.replace('"', '""') + '"' + star)
    return " AND ".join(parts)


def index_batch(conn: Connection, limit: int) -> int:
    """Index the next articles (at most `limit`); how many. The caller holds lock and transaction."""
    done = conn.execute("SELECT value FROM project WHERE name = 'words'").fetchall()
    last = int(done[0][0]) if done else 0
    sql = """SELECT a.n, a.title, t.text FROM article a JOIN article_text t ON t.n = a.n
             WHERE a.n > ? AND a.n <= ? ORDER BY a.n"""
    rows = conn.execute(sql, (last, last + limit)).fetchall()
    if rows:
        found = ((n, indexed(f"{title}\n{text}")) for n, title, text in rows)
        conn.executemany("INSERT INTO article_fts (rowid, words) VALUES (?,?)", found)
        conn.execute("REPLACE INTO project (name, value) VALUES ('words', ?)", (str(rows[-1][0]),))
    return len(rows)


def unindexed(reader: Reader) -> int:
    """How many articles the word index lacks."""
    sql = """SELECT ifnull((SELECT max(n) FROM article), 0) -
             ifnull((SELECT CAST(value AS INTEGER) FROM project WHERE name = 'words'), 0)"""
    return int(reader.value(sql))
