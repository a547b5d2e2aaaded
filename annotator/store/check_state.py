"""Do the caches and the articles say what the log and the import said?"""

import json
import re
from collections.abc import Iterator

from annotator.model.article import text_sha256
from annotator.store import conflicts, counts
from annotator.store.articles import opening, seal
from annotator.store.check_precedents import missing
from annotator.store.engine import Row
from annotator.store.erasure import erased_by
from annotator.store.header import CURRENT
from annotator.store.heads import tally
from annotator.store.problems import Problem, error, note, warning
from annotator.store.proof import broken_quote, quotes
from annotator.store.reader import Reader
from annotator.store.rebuild import NEWEST
from annotator.store.works import IDLE, IDLE_SQL
from annotator.text.clusters import grapheme_at

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_ARTICLES = """SELECT a.n, a.id, a.sha256, a.chars, a.title, a.opening, a.source, a.url, a.date, a.grp,
               a.meta, a.seal, t.text, (SELECT g.why FROM gone g WHERE g.n = a.n
               AND g.why = 'withdrawn') FROM article a LEFT JOIN article_text t ON t.n = a.n
               WHERE a.n > ? ORDER BY a.n LIMIT ?"""
_PAIRS = """SELECT DISTINCT article, actor FROM event WHERE (article, actor) > (?1, ?2)
            UNION SELECT DISTINCT article, actor FROM head WHERE (article, actor) > (?1, ?2)
            ORDER BY article, actor LIMIT ?3"""
_PAIR = f"""SELECT 0, 0, key, event, kind, body FROM
                ({NEWEST.format(where="AND article = ?1 AND actor = ?2")}) e
            UNION ALL SELECT 1, 0, key, event, kind, body FROM head
                WHERE article = ?1 AND actor = ?2
            UNION ALL SELECT 2, w.seconds, w.state, w.newest, w.counts, w.looked FROM article a
                JOIN work w ON w.actor = ?2 AND w.n = a.n WHERE a.id = ?1"""
"""Which of the three, the seconds of work, and four texts."""

# of each article with such events what holds, as `gone` makes it of the log
_GONE = """WITH said AS (SELECT e.article, a.n,
                 min(CASE WHEN e.kind = 'withdrawal' AND e.body IS NOT NULL THEN e.id END) AS went,
                 (SELECT s.id FROM event s WHERE s.article = e.article AND s.kind = 'successor'
                  ORDER BY s.id DESC LIMIT 1) AS other
                 FROM event e JOIN article a ON a.id = e.article
                 WHERE e.kind IN ('withdrawal', 'successor') GROUP BY e.article, a.n),
             holds AS (SELECT s.article, s.n, coalesce(s.went, o.id) AS event FROM said s
                 LEFT JOIN event o ON o.id = s.other AND o.body IS NOT NULL)
             SELECT h.article FROM holds h LEFT JOIN gone g ON g.n = h.n
             WHERE h.event IS DISTINCT FROM g.event
             UNION SELECT a.id FROM gone g JOIN article a ON a.n = g.n
             WHERE g.n NOT IN (SELECT n FROM holds WHERE event IS NOT NULL) LIMIT 100"""
_FINISH = "run annotator withdraw PROJECT --finish."
_LEFT = """SELECT a.id, e.id, e.body FROM gone g CROSS JOIN article a ON a.n = g.n
           CROSS JOIN event e ON e.article = a.id WHERE g.why = 'withdrawn'
           AND e.kind <> 'withdrawal' AND e.body IS NOT NULL"""


def check_articles(reader: Reader) -> Iterator[Problem]:
    """Numbers without a gap, texts and columns as they came in; a note on invisible characters."""
    expected, hidden = 0, 0
    for row in reader.pages(_ARTICLES, (0,), size=100):
        expected += 1
        if row[0] != expected:
            yield error("articles", f"numbers {expected} to {row[0] - 1} are missing.")
            expected = row[0]
        yield from _article(row)
        hidden += bool(row[12]) and bool(_INVISIBLE.search(row[12]))
    for what in (counts.LANG, counts.SOURCE):
        if counts.counts(reader, what) != counts.counted(reader, what):
            yield error("articles", f"the counts by {what} are not right; rebuild them.")
    if hidden:
        yield note("articles", f"{hidden} hold invisible or control characters, shown as signs.")


def _article(row: Row) -> Iterator[Problem]:
    where = f"article {row[1]!r}"
    text: str | None = row[12]
    if text is None:
        yield error(where, "its text is missing.")
        return
    if row[13]:
        yield from _withdrawn(where, row)
        return
    if text_sha256(text) != row[2] or len(text) != row[3]:
        yield error(where, "its text is not the one that came in: its SHA-256 does not hold.")
    shown = "" if row[4] else opening(text)
    if seal(row[1], row[4], *row[6:11], row[2]) != row[11] or shown != row[5]:
        yield error(where, "its title, source or other data are not those that came in.")


def _withdrawn(where: str, row: Row) -> Iterator[Problem]:
    """What must be left of a withdrawn article: no word, and its other data as they were sealed."""
    words = any((row[3], row[4], row[5], row[7], row[9], row[12])) or row[10] != "{}"
    if words:
        yield error(where, f"it was withdrawn, but some of its words are still here; {_FINISH}")
    elif seal(row[1], "", row[6], "", row[8], "", "{}", row[2]) != row[11]:
        yield error(where, "its source or date are not those that came in.")


def check_gone(reader: Reader) -> Iterator[Problem]:
    """Withdrawn and replaced articles against the log, and that nothing of the former is left."""
    if reader.format != CURRENT:
        return
    wrong = [row[0] for row in reader.rows(_GONE)]
    for article in wrong:
        yield error(f"article {article!r}", "whether it was withdrawn or replaced is not what the log "
                    "says; rebuild it.")  # fmt: skip
    for article, event, body in reader.rows(_LEFT):
        if not erased_by(body):
            yield error(f"event {event}", f"article {article!r} was withdrawn, but what was said about "
                        f"it is still here; {_FINISH}")  # fmt: skip
    if reader.row("SELECT 1 FROM project WHERE name = 'scrub'"):
        yield warning(
            "file",
            f"words of withdrawn articles may still lie in it; {_FINISH}",
        )


def check_conflicts(reader: Reader) -> Iterator[Problem]:
    """What was changed twice, apart, against the log."""
    if reader.format != CURRENT:
        return
    for article, actor, key in conflicts.wrong(reader):
        where = f"article {article!r}, {actor}" if article else actor
        yield error(where, f"whether {key} is in conflict is not what the log says; rebuild it.")


def check_heads(reader: Reader) -> Iterator[Problem]:
    """The caches against the log, and every quote against its text.

    What an older format keeps in its caches is not asked: they are made anew when it is opened.
    """
    current = reader.format == CURRENT
    name, text = "", ""
    for article, actor in reader.pages(_PAIRS, ("", "")):
        if article != name:
            found = reader.value(
                "SELECT t.text FROM article a JOIN article_text t ON t.n = a.n WHERE a.id = ?",
                (article,),
            )
            name, text = article, found or ""
        yield from _pair(reader, article, actor, text, current)
    orphans = reader.value(
        f"""SELECT count(*) FROM work w LEFT JOIN article a ON a.n = w.n WHERE NOT EXISTS
            (SELECT 1 FROM head h WHERE h.article = a.id AND h.actor = w.actor
             AND h.kind NOT IN ({IDLE_SQL}))"""
    )
    if orphans:
        yield error("queue", f"{orphans} of its rows have nothing behind them; rebuild it.")


def _pair(reader: Reader, article: str, actor: str, text: str, current: bool) -> Iterator[Problem]:
    """One annotator and article: the log, the heads and the queue's row at one moment."""
    where = f"article {article!r}, {actor}"
    rows: tuple[list[Row], list[Row], list[Row]] = ([], [], [])
    for which, seconds, *row in reader.rows(_PAIR, (article, actor)):
        rows[which].append((row[0], seconds, *row[1:]) if which == 2 else tuple(row))
    newest, heads, work = ({row[0]: row[1:] for row in rows[0]}, rows[1], rows[2])
    if newest != {row[0]: row[1:] for row in heads}:
        yield error(where, "the current state is not what the log says; rebuild it.")
    try:
        counted = tally([(article, actor, *row) for row in heads]).row()
    except ValueError:
        return  # a body that is no JSON: reported with the log or as a difference
    begun = any(row[1] not in IDLE for row in newest.values())
    if current and article and begun and text and (not work or counted != work[0]):
        yield error(where, "the queue's row is not what the log says; rebuild it.")
    if article:
        if current and text and missing(reader, article, actor, heads):
            yield error(where, "the precedents lack some of its spans; rebuild them.")
        yield from _quotes(where, heads, text)


def _quotes(where: str, heads: list[Row], text: str) -> Iterator[Problem]:
    for key, _, _, body in heads:
        value = None if body is None else json.loads(body)
        bad = broken_quote(value, text)
        if bad:
            yield error(where, f"{key} does not cut what it quotes out of the text at {bad}.")
            continue
        for part in quotes(value or {}):
            for offset in (part["start"], part["end"]):
                if 0 < offset < len(text) and grapheme_at(text, offset)[0] != offset:
                    yield warning(where, f"{key} cuts a visible character in two at {offset}.")
