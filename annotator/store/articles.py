"""Articles: taken in once, exactly, and never changed but for the language."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.article import Article, unstorable
from annotator.model.errors import AnnotatorError
from annotator.store import counts, gone, long_names
from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.writer import Writer

BATCH = 5000
"""Articles written in one transaction, unless their texts fill `BATCH_CHARS` before."""
BATCH_CHARS = 6_000_000
ID_LIMIT = 1000
OPENING = 100
"""Code points of an untitled article's first line that are kept for lists."""

_COLUMNS = (
    "id, sha256, chars, title, opening, source, url, date, lang, lang_source, grp, meta, seal"
)
_INSERT = f"INSERT INTO article (n, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_WITHDRAWN = """SELECT a.id, a.sha256 FROM gone g CROSS JOIN article a ON a.n = g.n
                WHERE g.why = 'withdrawn'"""
_SAME = """SELECT a.id, o.id FROM
               (SELECT substr(sha256, 1, 32) AS half, min(n) AS oldest FROM article
                GROUP BY substr(sha256, 1, 32) HAVING count(*) > 1 AND max(n) > ?) k
           JOIN article a ON substr(a.sha256, 1, 32) = k.half AND a.n > k.oldest AND a.n > ?
           JOIN article o ON o.n = k.oldest ORDER BY o.n, a.n"""
READ = """SELECT a.id, t.text, a.title, a.source, a.url, a.date, a.lang, a.lang_source, a.grp, a.meta,
          a.sha256 FROM article a JOIN article_text t ON t.n = a.n"""
"""`article_of` makes an article of its rows; add a condition on `a`."""


class Result(StrEnum):
    """What became of an article that was offered."""

    NEW = "new"
    UNCHANGED = "unchanged"
    """It is here already with this text; nothing was written."""
    CHANGED = "changed"
    """It is here with another text; this one was stored apart, under `Outcome.id`."""
    REFUSED = "refused"


class Outcome(NamedTuple):
    """What became of one article that was offered."""

    id: str
    """The id it has in the project, or would have had."""
    result: Result
    reason: str = ""
    """Why it was refused."""


class _Offer(NamedTuple):
    """An article on its way in: its columns after `n` and its text, or why it is refused."""

    row: Row
    text: str
    reason: str = ""


def opening(text: str) -> str:
    """The first line of a text that is not blank, spaces collapsed and cut short, for lists."""
    start = len(text) - len(text.lstrip())
    return " ".join(text[start : start + 4 * OPENING].split("\n", 1)[0].split())[:OPENING].rstrip()


def seal(*columns: str) -> str:
    """16 hex digits over an article's columns but the language, so that a changed bit is noticed.

    The columns are id, title, source, url, date, group, meta (as JSON text) and the text's SHA-256.
    Raises UnicodeEncodeError where there is a lone surrogate.
    """
    from hashlib import sha256  # not to show an article

    return sha256("\0".join(columns).encode()).hexdigest()[:16]


def _offer(article: Article) -> _Offer:
    """The columns of an article to be stored, or why it cannot be."""
    from hashlib import sha256

    a = article
    text = a.text
    meta = "{}"
    try:
        if a.meta:
            meta = json.dumps(dict(a.meta), ensure_ascii=False, allow_nan=False, sort_keys=True)
        digest = sha256(text.encode()).hexdigest()
        sealed = seal(a.id, a.title, a.source, a.url, a.date, a.group, meta, digest)
    except (TypeError, ValueError, RecursionError) as error:
        return _Offer((a.id,), "", unstorable(text) or f"its data cannot be stored: {error}")
    names = a.id + a.title + a.source + a.url + a.date + a.group
    bad = "\0" in text or not text or text.isspace() or "\0" in names or not a.id
    if bad or len(a.id) > ID_LIMIT or not a.lang.isascii():
        return _Offer((a.id,), "", unstorable(text) or _bad_name(a))
    first = "" if a.title else opening(text)
    lang_source = a.lang_source or ("import" if a.lang else "")
    row = (a.id, digest, len(text), a.title, first, a.source, a.url, a.date, a.lang, lang_source,
           a.group, meta, sealed)  # fmt: skip
    return _Offer(row, text)


def _bad_name(article: Article) -> str:
    if not article.id:
        return "it has no id"
    if len(article.id) > ID_LIMIT:
        return f"its id is longer than {ID_LIMIT} characters"
    if not article.lang.isascii():
        return "its language is not a tag such as bg, ru or zh-Hans"
    return "a NUL character in its id, title or other data"


def batches(articles: Iterable[Article]) -> Iterator[list[_Offer]]:
    """Offers in the portions that are written together."""
    batch: list[_Offer] = []
    size = 0
    try:
        for article in articles:
            batch.append(_offer(article))
            size += len(article.text)
            if len(batch) >= BATCH or size >= BATCH_CHARS:
                full, batch, size = batch, [], 0
                yield full
    except Exception:  # the source broke: what was read before goes in
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def store_all(writer: "Writer", offered: Iterable[Article]) -> Iterator[Outcome]:
    """Take articles in, a transaction a batch.

    While one batch is made durable, which needs no Python, the next one is being prepared; while
    its rows are inserted, which hands Python's lock to and fro, this thread waits.
    """
    saving: Future[list[Outcome]] | None = None
    try:
        for batch in batches(offered):
            if saving is not None:
                done, saving = saving.result(), None
                yield from done
            inserted = threading.Event()
            saving = writer.start(partial(store, batch=batch, inserted=inserted))
            saving.add_done_callback(partial(_set, inserted))  # also when it fails
            inserted.wait()
        if saving is not None:
            done, saving = saving.result(), None
            yield from done
    except Exception:  # the source broke: what was in hand is told first
        if saving is not None:
            yield from saving.result()
        raise
    finally:
        writer.start(lambda conn: conn.importing(many=False))


def _set(event: threading.Event, _: object) -> None:
    event.set()


def store(conn: Connection, batch: list[_Offer], inserted: threading.Event) -> list[Outcome]:
    """Write a batch; the caller holds the lock and a transaction, which is all that is left then."""
    conn.importing(many=True)
    known = _known_ids(conn, [offer.row[0] for offer in batch if not offer.reason])
    withdrawn = _withdrawals(conn)
    n: int = conn.execute("SELECT max(n) FROM article").fetchall()[0][0] or 0
    rows: list[Row] = []
    texts: list[Row] = []
    outcomes: list[Outcome] = []
    for row, text, reason in batch:
        result = Result.NEW
        if reason:
            outcomes.append(Outcome(row[0], Result.REFUSED, reason))
            continue
        went = withdrawn.get(row[0]) or withdrawn.get(row[1])
        if went is not None:
            outcomes.append(Outcome(row[0], Result.REFUSED, gone.refusal(conn, went, row[0])))
            continue
        if row[0] in known:
            row, result = _settle(conn, row, known)
        outcomes.append(Outcome(row[0], result))
        if result is not Result.UNCHANGED:
            n += 1
            known[row[0]] = row[1]
            rows.append((n, *row))
            texts.append((n, text))
    long_names.of_articles(conn, (row[1:] for row in rows))
    conn.executemany(_INSERT, rows)
    conn.executemany("INSERT INTO article_text (n, text) VALUES (?,?)", texts)
    counts.add(conn, counts.LANG, Counter(row[9] for row in rows))
    counts.add(conn, counts.SOURCE, Counter(row[6] for row in rows))
    inserted.set()
    return outcomes


def _withdrawals(conn: Connection) -> dict[str, str]:
    """The ids of withdrawn articles by id, and by the SHA-256 of their texts: both stay out."""
    rows = conn.execute(_WITHDRAWN).fetchall()
    return {key: name for name, digest in rows for key in (digest, name)}


def _settle(conn: Connection, row: Row, known: dict[str, str]) -> tuple[Row, Result]:
    """The row to store and what becomes of it, when its id is known."""
    name, digest = row[:2]
    if known[name] == digest:
        return row, Result.UNCHANGED
    apart = f"{name}@{digest[:8]}"
    known.update(_known_ids(conn, [apart]))
    have = known.get(apart)
    if have is not None and have != digest:
        raise AnnotatorError(f"Two texts of article {name!r} share the name {apart!r}.")
    sealed = seal(apart, row[3], *row[5:8], *row[10:12], digest)
    return (apart, *row[1:12], sealed), Result.UNCHANGED if have else Result.CHANGED


def _known_ids(conn: Connection, ids: list[str]) -> dict[str, str]:
    """The SHA-256 of those of the ids that are in the project."""
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    sql = f"SELECT id, sha256 FROM article WHERE id IN ({marks})"
    return dict(conn.execute(sql, ids).fetchall())


def article(reader: Reader, article_id: str) -> Article:
    """The article with this id; raises AnnotatorError when there is none."""
    row = reader.row(f"{READ} WHERE a.id = ?", (article_id,))
    if row is None:
        raise AnnotatorError(f"There is no article {article_id!r} in {reader.path}.")
    if not row[1]:
        raise AnnotatorError(_withdrawn(reader, article_id))
    return article_of(row)


def _withdrawn(reader: Reader, article_id: str) -> str:
    """Why an article has no text."""
    found = gone.find(reader, article_id)
    return found.sentence if found else f"Article {article_id!r} has lost its text; run a check."


def article_of(row: Row) -> Article:
    """The article in a row of `READ`."""
    name, text, title, source, url, date, lang, lang_source, group, meta = row[:10]
    return Article(name, text, title, source, url, date, lang, lang_source, group, json.loads(meta))


def same_texts(reader: Reader, after: int) -> Iterator[tuple[str, str]]:
    """Ids of articles above number `after` with the text of an earlier one, and the earlier one's.

    Reads half of every hash once, which costs less than an index would at every import.
    """
    if reader.value("SELECT max(n) FROM article") in (None, after):
        return
    yield from reader.rows(_SAME, (after, after))


def in_id_order(reader: Reader, after: str = "") -> Iterator[Article]:
    """All articles that are worked on, sorted by id, a few in memory at a time."""
    sql = f"{READ} WHERE a.id > ? AND a.n {gone.HERE} ORDER BY a.id LIMIT ?"
    for row in reader.pages(sql, (after,), size=50):
        yield article_of(row)
