"""Withdrawing: an article goes for legal or personal reasons, with everything that quotes it.

Of the article stay id, source, date, language and the SHA-256 of its text; of every event about it all
but the body (`erasure`), so that the chains still prove that nothing is missing. It is for good: a copy
of the project that is merged later loses the words as well. Then all is written anew (`scrub`), for
either engine leaves what was deleted lying in its files.
"""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.release import PREFIX
from annotator.store import conflicts, gone, identities, precedents, words
from annotator.store.address import Address
from annotator.store.articles import seal
from annotator.store.engine import Connection
from annotator.store.erasure import erased_text
from annotator.store.gone import WITHDRAWAL_KEY, Gone, Why
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from annotator.store.part import Part
    from annotator.store.saving import Chain

VERB = "withdraw"
MARK = "scrub"
"""Name in `project` that stands there while deleted words may still lie in the file."""
LOOKED_AT = 40
"""So many files beside the project are looked into for copies of it."""

_HALF_MADE = (".*.bundle", ".*.part")
"""What `receiving` and `backup` call files that they take away when they are done."""
_WHOLE = """SELECT a.n, a.chars, a.title, a.opening, a.source, a.date, a.sha256, t.text FROM article a
            JOIN article_text t ON t.n = a.n WHERE a.id = ?"""
_EMPTIED = """UPDATE article SET chars = 0, title = '', opening = '', url = '', grp = '', meta = '{}',
              seal = ? WHERE n = ?"""
_OTHERS = "article = ? AND kind <> 'withdrawal' AND body IS NOT NULL"
_HEADS = f"SELECT article, actor, key, event, kind, body FROM head WHERE {_OTHERS}"
_OF_NUMBER = ("work", "slot", "pool", "statistic", "arrangement")
"""Tables with rows about an article's number."""
_LEARNT = ("lesson", "guess")
"""Tables that may hold words of an article that somebody finished, also in rows about others."""
_SUMMARY = "SELECT count(body) FROM event WHERE article = ?"
_PEOPLE = "SELECT w.actor FROM article a JOIN work w ON w.n = a.n WHERE a.id = ? ORDER BY 1"
_VERSION = len(PREFIX) + 1
"""Where the version begins in the key of what is in a release."""
_IN_RELEASE = f"""SELECT DISTINCT substr(key, {_VERSION}) FROM event
                  WHERE article = ? AND kind = 'release' ORDER BY 1"""


class Weighed(NamedTuple):
    """What would go with an article."""

    article: str
    title: str
    """Its title, else its first words."""
    chars: int
    sha256: str
    events: int
    """Events whose bodies would be erased."""
    people: tuple[str, ...]
    """Who worked on it, sorted."""
    releases: tuple[str, ...]
    """Versions of the releases it is in."""
    alike: tuple[str, ...]
    """Other articles with the same text, or other texts of the same id; they stay."""


# --- what is asked of it


def withdrawals(reader: Reader) -> list[Gone]:
    """The articles that were withdrawn, in the order of arrival."""
    return [each for each in gone.listed(reader).values() if each.why is Why.WITHDRAWN]


def weigh(reader: Reader, article: str) -> Weighed:
    """What would go; raises AnnotatorError when there is no such article or it was withdrawn."""
    row = reader.row(_WHOLE, (article,))
    if row is None:
        raise AnnotatorError(f"There is no article {article!r} in {reader.path}.")
    n, chars, title, opening, _, _, sha256, _ = row
    found = gone.find(reader, article)
    if found is not None and found.why is Why.WITHDRAWN:
        raise AnnotatorError(found.sentence)
    events = int(reader.value(_SUMMARY, (article,)))
    base = article.rpartition("@")[0] if _is_apart(article) else article
    like = """SELECT id FROM article WHERE n <> ?1 AND chars > 0 AND (sha256 = ?2 OR id = ?3
              OR (id > ?3 || '@' AND id < ?3 || 'A')) ORDER BY n"""
    return Weighed(
        article,
        title or opening,
        chars,
        sha256,
        events,
        tuple(name for (name,) in reader.rows(_PEOPLE, (article,))),
        tuple(name for (name,) in reader.rows(_IN_RELEASE, (article,))),
        tuple(name for (name,) in reader.rows(like, (n, sha256, base))),
    )


def _is_apart(article: str) -> bool:
    """Whether an id is that of a changed text kept apart: `<id>@<8 hexadecimal digits>`."""
    digits = article.rpartition("@")[2]
    return len(digits) == 8 and all(c in "0123456789abcdef" for c in digits)


def copies(project: "Part", article: str) -> list[Path]:
    """Files known on this machine that still hold words of an article.

    That is other copies of the project in its folder, with those that a process left half made when it
    was killed, and acts that could not be saved.
    """
    from annotator.store import journal

    return [*_beside(project, article), *journal.holding(project.id, article)]


def _beside(project: "Part", article: str) -> list[Path]:
    if isinstance(project.path, Address):
        return []
    found = []
    folder = project.path.parent
    half = {name for pattern in _HALF_MADE for name in folder.glob(pattern)}
    names = sorted({*half, *folder.glob(f"*{project.path.suffix or '.db'}")} - {project.path})
    for path in names[:LOOKED_AT]:
        try:
            reader = Reader(path, readonly=True)
        except AnnotatorError:
            found += [path] if path in half else []
            continue
        try:
            same = reader.value("SELECT value FROM project WHERE name = 'id'") == project.id
            sql = "SELECT 1 FROM article WHERE id = ? AND chars > 0"
            if same and reader.row(sql, (article,)):
                found.append(path)
        except AnnotatorError:  # another program's file
            found += [path] if path in half else []
        finally:
            reader.close()
    return found


# --- withdrawing


def withdraw(project: "Part", article: str, reason: str) -> Gone:
    """Withdraw an article in one transaction; `scrub` is to follow.

    Raises:
        AnnotatorError: there is no such article, or it was withdrawn before.
    """

    def save(conn: Connection, chain: "Chain") -> None:
        gone.refuse_withdrawn(conn, article)
        row = conn.execute("SELECT sha256 FROM article WHERE id = ?", (article,)).fetchone()
        if row is None:
            raise AnnotatorError(f"There is no article {article!r} in {project.path}.")
        body = {"reason": reason, "sha256": row[0]}
        draft = Draft(Kind.WITHDRAWAL, WITHDRAWAL_KEY, article, body)
        chain.step(chain.save(conn, Act(VERB, (draft,)), project.actor))
        erase(conn, [article])

    project._writing.write(save)
    found = gone.find(project._reader, article)
    assert found is not None
    return found


def erase(conn: Connection, ids: "Iterable[str]") -> int:
    """Take out of the tables what is left of withdrawn articles; how many had anything left.

    The caller holds lock and transaction; articles nobody withdrew are passed over. Doing it twice
    does nothing. All erased events name the oldest withdrawal, so that it does not matter which of
    several copies' came first.
    """
    conn.erasing()
    done = 0
    for article in ids:
        found = gone.withdrawal(conn, article)
        if found is not None:
            done += _erase(conn, found)
    if done:
        sql = "INSERT INTO project (name, value) VALUES (?, '1') ON CONFLICT (name) DO NOTHING"
        conn.execute(sql, (MARK,))
    return done


def _erase(conn: Connection, found: Gone) -> bool:
    article, n = found.article, found.n
    changed = _erase_text(conn, article)
    heads = conn.execute(_HEADS, (article,)).fetchall()
    for row in precedents.of_heads(n, heads):
        precedents.remove(conn, row)
    for row, uses in identities.of_heads(heads).items():
        for _ in range(uses):
            identities.remove(conn, row)
    conn.execute(f"UPDATE head SET body = NULL WHERE {_OTHERS}", (article,))
    left = erased_text(found.event)
    sql = f"UPDATE event SET body = ? WHERE {_OTHERS} AND body <> ?"
    changed |= conn.execute(sql, (left, article, left)).rowcount > 0
    for table in _OF_NUMBER:
        conn.execute(f"DELETE FROM {table} WHERE n = ?", (n,))
    conn.execute("DELETE FROM statistic WHERE n < 0")  # reports on everything
    for table in _LEARNT:
        conn.execute(f"DELETE FROM {table}")
    conflicts.refresh(conn, article)
    return changed


def _erase_text(conn: Connection, article: str) -> bool:
    n, chars, title, opening, source, date, sha256, text = conn.execute(
        _WHOLE, (article,)
    ).fetchone()
    sealed = seal(article, "", source, "", date, "", "{}", sha256)
    if not chars and not text:
        return False
    if chars:
        words.index_anew(conn, n, (title, opening, text), ("", "", ""))
    conn.execute("UPDATE article_text SET text = '' WHERE n = ?", (n,))
    conn.execute(_EMPTIED, (sealed, n))
    return True


def finish(project: "Part") -> bool:
    """Erase what is still there of withdrawn articles, then `scrub`; whether there was anything to do."""
    names = [each.article for each in withdrawals(project._reader)]
    if names:
        project._writing.write(lambda conn, _chain: erase(conn, names))
    return scrub(project)


# --- what it lies in


def is_unscrubbed(reader: Reader) -> bool:
    """Whether deleted words may still lie in the file, or in a server's."""
    return reader.row("SELECT 1 FROM project WHERE name = ?", (MARK,)) is not None


def scrub(project: "Part") -> bool:
    """Write the project anew without what was deleted, where that is due; whether it was.

    It takes as long as copying it and as much room besides. Others wait meanwhile.

    Raises:
        AnnotatorError: there is no room, somebody reads it all the time, or this role may not have a
            server's tables written anew; it stays due.
    """
    if not is_unscrubbed(project._reader):
        return False
    project._writing.alone(lambda conn: conn.scrub(MARK))
    return True
