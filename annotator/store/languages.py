"""The one thing about an article that may change: its language, and who said so."""

import re
from collections.abc import Iterable

from annotator.model.errors import AnnotatorError
from annotator.store.engine import Connection
from annotator.store.reader import Reader

USER = "user"
"""What a person said is changed by a person only."""

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def checked(tag: str) -> str:
    """A BCP 47 tag as stored; raises AnnotatorError when it does not look like one."""
    clean = tag.strip().replace("_", "-")
    if len(clean) > 35 or not _TAG.fullmatch(clean):
        raise AnnotatorError(f"{tag[:40]!r} is not a language tag such as bg, ru or zh-Hans.")
    return clean


def set_all(conn: Connection, tags: Iterable[tuple[str, str, str]]) -> int:
    """Set languages by (article id, tag, who said so); how many changed. Within a transaction."""
    sql = """UPDATE article SET lang = ?1, lang_source = ?2
             WHERE id = ?3 AND (lang <> ?1 OR lang_source <> ?2)
             AND (lang_source <> ?4 OR ?2 = ?4)"""
    rows = [(checked(tag), who, name, USER) for name, tag, who in tags]
    return sum(conn.execute(sql, row).rowcount for row in rows)


def unknown(reader: Reader, limit: int, after: int) -> list[tuple[int, str, str]]:
    """Number, id and text of articles without a language, those after number `after`."""
    sql = """SELECT a.n, a.id, t.text FROM article a JOIN article_text t ON t.n = a.n
             WHERE a.lang = '' AND a.n > ? ORDER BY a.n LIMIT ?"""
    return [(n, name, text) for n, name, text in reader.rows(sql, (after, limit))]


def counts(reader: Reader) -> dict[str, int]:
    """How many articles each language has; "" stands for not known yet."""
    return dict(reader.rows("SELECT lang, count(*) FROM article GROUP BY lang ORDER BY 2 DESC, 1"))


def sources(reader: Reader, limit: int) -> dict[str, int]:
    """How many articles each source has, the largest sources first."""
    sql = "SELECT source, count(*) FROM article GROUP BY source ORDER BY 2 DESC, 1 LIMIT ?"
    return dict(reader.rows(sql, (limit,)))
