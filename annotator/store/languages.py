"""The one thing about an article that may change: its language, and who said so."""

import re
from collections import Counter
from collections.abc import Iterable

from annotator.model.errors import AnnotatorError
from annotator.store import counts
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
    old = "SELECT n, lang, lang_source FROM article WHERE id = ?"
    new = "UPDATE article SET lang = ?, lang_source = ? WHERE n = ?"
    changes: Counter[str] = Counter()
    changed = 0
    for name, tag, who in [(name, checked(tag), who) for name, tag, who in tags]:
        row = conn.execute(old, (name,)).fetchone()
        if row is None or row[1:] == (tag, who) or (row[2] == USER and who != USER):
            continue
        conn.execute(new, (tag, who, row[0]))
        changes.update({tag: 1})
        changes.subtract({row[1]: 1})
        changed += 1
    counts.add(conn, counts.LANG, changes)
    return changed


def unknown(reader: Reader, limit: int, after: int) -> list[tuple[int, str, str]]:
    """Number, id and text of articles without a language, those after number `after`."""
    sql = """SELECT a.n, a.id, t.text FROM article a JOIN article_text t ON t.n = a.n
             WHERE a.lang = '' AND a.chars > 0 AND a.n > ? ORDER BY a.n LIMIT ?"""
    return [(n, name, text) for n, name, text in reader.rows(sql, (after, limit))]
