"""The word index of a server: a list of each article's words, as a `tsvector` of ours in a GIN index.

The words are those that a file's index has (`folding`), so that the same articles are found whatever the
server's version, language and locale. A `tsvector` knows less than is needed: it holds a megabyte, no
word beyond 2,046 bytes, and no places beyond the 16,383rd word. So it only leads to articles, and is not
even kept beside its index: words are cut short in it and have no places. Where that does not say enough
(words that must follow one another, long words, huge articles) the words in their order decide,
which are kept. Scripts without spaces are indexed character by character; in them each two that
follow one another are in the list as well, for most articles have any two common characters.
"""

from collections.abc import Iterable
from itertools import pairwise

from annotator.store.engine import Connection
from annotator.store.folding import folded
from annotator.store.words import TABLES as NAMES
from annotator.store.words import TITLE_INDEX, Piece, Sought, is_spaceless

CUT = 500
"""Code points of a word that the index holds: at most 2,000 bytes."""
MOST = 1_000_000
"""Bytes of different words that one article has in the index; one with more is a candidate for all."""
_COLUMNS = "n, said, more, kind"
_USUAL, _LISTED, _HUGE = range(3)
"""Kinds of articles: in the index are the words in `said` and those in `more`, those in `more` alone, or
`_ANY` alone, which is no word's spelling."""
_ANY = "#"
_LIST = "word_list(said, more, kind)"


def _tables(name: str) -> tuple[str, ...]:
    table = NAMES[name]
    return (
        f"""CREATE TABLE {table} (n BIGINT PRIMARY KEY, said TEXT COLLATE "C" NOT NULL,
                more TEXT COLLATE "C" NOT NULL, kind BIGINT NOT NULL) WITH (toast_tuple_target = 128)""",
        # where there is lz4: texts are looked into faster
        f"""DO $$ BEGIN ALTER TABLE {table} ALTER said SET COMPRESSION lz4;
            EXCEPTION WHEN feature_not_supported THEN NULL; END $$""",
        # the planner is not told how common words are: it takes all to be rare, and goes by the index
        f"ALTER TABLE {table} ALTER said SET STATISTICS 0, ALTER more SET STATISTICS 0",
        f"CREATE INDEX {table}_words ON {table} USING gin ({_LIST})",
        f"ALTER INDEX {table}_words ALTER 1 SET STATISTICS 0",
    )


TABLES = (
    f"""CREATE FUNCTION word_list(said text, more text, kind bigint) RETURNS tsvector
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS
        $$ BEGIN RETURN array_to_tsvector(string_to_array(btrim(
           CASE kind WHEN {_USUAL} THEN said || more ELSE more END, ' '), ' ')); END $$""",
    # their costs keep the planner from looking into more than it must
    """CREATE FUNCTION has_phrase(said text, phrase text) RETURNS boolean
       LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS
       $$ BEGIN RETURN strpos(said, phrase) > 0; END $$""",
    *(made for name in NAMES for made in _tables(name)),
    TITLE_INDEX,
)
"""What makes the tables. `said` has the words in their order, a blank before and after each, mostly out of
line, so that who looks for numbers of articles does not read through the texts."""


class WordsOnServer:
    """See `words.Words`."""

    def add(self, conn: Connection, name: str, rows: Iterable[tuple[int, str]]) -> None:
        """Index prepared texts."""
        conn.put(NAMES[name], _COLUMNS, ((n, *_row(folded(said))) for n, said in rows))

    def remove(self, conn: Connection, name: str, n: int, said: str) -> None:  # noqa: ARG002  # a file's needs it
        """Take an article out again."""
        table = NAMES[name]
        conn.execute(f"DELETE FROM {table} WHERE n = ?", (n,))

    def sought(self, name: str, wanted: list[Piece]) -> Sought | None:
        """What finds articles: the index leads to them, and the words in their order decide where needed."""
        terms: list[str] = []
        unsure: list[str] = []
        sure: list[str] = []
        for piece in wanted:
            words = folded(piece.words)
            if not words:
                return None
            last = len(words) - 1
            terms += (
                _term(word, piece.begun and at == last) for at, word in enumerate(words) if word
            )
            pairs = _pairs(words[:-1] if piece.begun else words)
            terms += (_term(pair, False) for pair in pairs)
            is_told = len(words) == 1 + len(pairs) <= 2 and 0 < len(words[0]) < CUT
            (sure if is_told else unsure).append(f" {' '.join(words)}{'' if piece.begun else ' '}")
        table = NAMES[name]
        where = f"{_LIST} @@ CAST(? AS TSQUERY)"
        if sure:
            phrases = " AND ".join(["has_phrase(said, ?)"] * len(sure))
            where += f" AND (kind < {_HUGE} OR ({phrases}))"
        found = f"SELECT n FROM {table}\nWHERE {where}"  # a WHERE behind a blank ends the table of `start`
        # in order, so that no more texts are looked into than are asked for
        start = f"({found} ORDER BY n OFFSET 0) x"
        tests = " AND has_phrase(s.said, ?)" * len(unsure)
        test = f"(a.n IN ({found})) IS TRUE"  # asked once for all of them
        if unsure:
            start += f" JOIN {table} s ON s.n = x.n"
            test += f" AND (SELECT true{tests} FROM {table} s WHERE s.n = a.n)"
        return Sought(f"{start} WHERE true{tests}", "x.n", test, (_query(terms), *sure, *unsure))

    def done(self, conn: Connection) -> None:
        """Have the words counted, for the planner goes by how common they are."""
        conn.importing(many=False)


def _row(words: list[str]) -> tuple[str, str, int]:
    """All words in order, what the index has more (or has at all), and the kind of article."""
    said = f" {' '.join(words)} " if words else ""
    pairs = set(_pairs(words))
    size = len(said.encode()) + 8 * len(pairs)
    if size <= MOST and "" not in words and max(map(len, words), default=0) <= CUT:
        return said, " ".join(pairs), _USUAL
    kept = pairs | {word[:CUT] for word in words if word}
    if size > MOST and sum(len(word.encode()) for word in kept) > MOST:
        return said, _ANY, _HUGE
    return said, " ".join(kept), _LISTED


def _pairs(words: list[str]) -> list[str]:
    """Each two characters of scripts without spaces that follow one another, as one word."""
    return [a + b for a, b in pairwise(words) if len(a) == len(b) == 1 and is_spaceless(a + b)]


def _term(word: str, begun: bool) -> str:
    """A term of a query; words are letters, marks and digits, which need no escape."""
    return f"'{word}':*" if begun and len(word) < CUT else f"'{word[:CUT]}'"


def _query(terms: list[str]) -> str:
    """A `tsquery` that leads to all articles with these words, and to the huge ones."""
    all_of = " & ".join(dict.fromkeys(terms))
    return f"({all_of}) | '{_ANY}'" if terms else f"!!'{_ANY}'"


INDEX = WordsOnServer()
