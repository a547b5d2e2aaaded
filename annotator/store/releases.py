"""Releases in a project: written in batches, read back exactly, whatever happened since.

The articles' events are read from the log, by who wrote them, and told by their run: two copies of a
project may have made a release of one version each before they were merged, and a run may have been
killed before its end.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, canonical
from annotator.model.release import PREFIX, VERB, Release
from annotator.store.address import typed
from annotator.store.articles import READ, article_of
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.engine import Connection
    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

BATCH = 200
"""Articles in one act, and in one query."""

_END = PREFIX[:-1] + chr(ord(PREFIX[-1]) + 1)
# one step of the index for each annotator, however many events they have
_MADE = f"""WITH RECURSIVE known(actor) AS (
                SELECT min(actor) FROM event WHERE article = '' UNION ALL
                SELECT (SELECT min(actor) FROM event WHERE article = '' AND actor > known.actor)
                FROM known WHERE known.actor IS NOT NULL)
            SELECT e.id, e.actor, e.body FROM known CROSS JOIN event e
            ON e.article = '' AND e.actor = known.actor AND e.key >= '{PREFIX}' AND e.key < '{_END}'
            WHERE e.body IS NOT NULL ORDER BY e.id"""
_ARTICLES = """SELECT a.id, e.body FROM article a CROSS JOIN event e
               ON e.article = a.id AND e.actor = ?1 AND e.key = ?2
               WHERE a.id > ?4 AND json_extract(e.body, '$.run') = ?3 ORDER BY a.id LIMIT ?5"""
_WITHDRAWN = """SELECT count(DISTINCT g.n) FROM gone g CROSS JOIN article a ON a.n = g.n
                CROSS JOIN event e ON e.article = a.id AND e.actor = ? AND e.key = ?
                WHERE g.why = 'withdrawn'"""
"""What is left of a release whose articles were withdrawn can only be counted."""


class Held(NamedTuple):
    """One article of a release as it is kept."""

    article: str
    body: Mapping[str, Any]
    """See `model.release.Frozen.body`."""

    @property
    def digest(self) -> str:
        """SHA-256 of the body without its run, in its one spelling."""
        return digest_of(self.body)


def digest_of(body: Mapping[str, Any]) -> str:
    """SHA-256 of an article's gold: of its body without the run, in its one spelling."""
    told = {name: value for name, value in body.items() if name != "run"}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


class Sum:
    """One SHA-256 over many articles, sorted by id: `id`, tab, hexadecimal digits, line feed each."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()

    def add(self, article: str, digest: str) -> None:
        """Take in the next article."""
        self._sum.update(f"{article}\t{digest}\n".encode())

    @property
    def digest(self) -> str:
        """The sum so far, in hexadecimal."""
        return self._sum.hexdigest()


def releases(reader: Reader) -> list[Release]:
    """Every release, oldest first.

    Where merged copies made one of the same version each, the oldest has it; the others are told by
    `~` and their run.
    """
    found: dict[str, Release] = {}
    for event, actor, text in reader.rows(_MADE):
        body = json.loads(text)
        version = str(body["version"])
        if version in found:
            version = f"{version}~{body['run']}"
        found.setdefault(version, Release(version, event, actor, body))
    return list(found.values())


def find(reader: Reader, version: str) -> Release:
    """The release with a version.

    Raises:
        AnnotatorError: there is none; the sentence lists those there are.
    """
    found = {each.version: each for each in releases(reader)}
    if version not in found:
        listed = ", ".join(found) or "none yet"
        raise AnnotatorError(f"There is no release {version!r} in {reader.path.name}: {listed}.")
    return found[version]


def held(reader: Reader, release: Release) -> Iterator[Held]:
    """The articles of a release, sorted by id, a few in memory."""
    fixed = (release.actor, release.key, release.run)
    for article, body in reader.pages(_ARTICLES, ("",), size=BATCH, fixed=fixed):
        yield Held(article, json.loads(body))


def count_withdrawn(reader: Reader, release: Release) -> int:
    """How many articles of a release were withdrawn since."""
    return int(reader.value(_WITHDRAWN, (release.actor, release.key)))


def proved(reader: Reader, release: Release) -> Iterator[tuple[Article, Held]]:
    """The same with their articles, the whole held against what the release says at the end.

    Of articles that were withdrawn since nothing is left; the rest is then counted only, and the log's
    chains (`annotator check`) prove it.

    Raises:
        AnnotatorError: an article or its gold is missing, or is not what was released; articles that
            were withdrawn since may be missing, and then nothing but their number is proved.
    """
    total, number = Sum(), 0
    rest = held(reader, release)
    while batch := list(islice(rest, BATCH)):
        marks = ",".join("?" * len(batch))
        rows = reader.rows(f"{READ} WHERE a.id IN ({marks})", [each.article for each in batch])
        articles = {row[0]: article_of(row) for row in rows}
        for each in batch:
            total.add(each.article, each.digest)
            number += 1
            yield articles[each.article], each
    withdrawn = count_withdrawn(reader, release)
    whole = not withdrawn and total.digest == release.digest
    if number + withdrawn != release.manifest["articles"]["count"] or not (whole or withdrawn):
        raise AnnotatorError(
            f"Release {release.version} in {reader.path.name} is not what was released: run annotator "
            f"check {typed(reader.path)}, or restore a backup."
        )


def save(
    writer: "Writer",
    version: str,
    run: str,
    bodies: Iterable[tuple[str, Mapping[str, Any]]],
    actor: str,
    saved: Callable[[int], object] = int,
) -> None:
    """Write the articles of a release that is being made, `BATCH` in a transaction.

    Args:
        writer: the project's.
        version: the release's.
        run: what tells this run's events from others'.
        bodies: article ids with what `Frozen.body` gives.
        actor: who makes it.
        saved: called with the number of articles of each transaction, once it is durable.

    Raises:
        AnnotatorError: there is a release of this version already, or a quote does not hold.
    """
    key = PREFIX + version
    rest = iter(bodies)
    while batch := list(islice(rest, BATCH)):
        drafts = [
            Draft(Kind.RELEASE, key, article, {**body, "run": run}) for article, body in batch
        ]
        writer.write(partial(_save, drafts=drafts, actor=actor))
        saved(len(batch))


def finish(writer: "Writer", manifest: Mapping[str, Any], actor: str) -> None:
    """Make it a release: from here on it exists.

    Raises:
        AnnotatorError: there is one of this version already.
    """
    version = str(manifest["version"])
    act = Act(VERB, (Draft(Kind.RELEASE, PREFIX + version, "", manifest),))

    def save_new(conn: "Connection", chain: "Chain") -> None:
        taken = {json.loads(body)["version"] for _, _, body in conn.execute(_MADE).fetchall()}
        if version in taken:
            raise AnnotatorError(
                f"There is a release {version} already; give a new one a new number."
            )
        chain.step(chain.save(conn, act, actor))

    writer.write(save_new)


def _save(conn: "Connection", chain: "Chain", drafts: list[Draft], actor: str) -> None:
    """Write some articles; what an earlier run of this version left of them is what they build on."""
    marks = ",".join("?" * len(drafts))
    sql = f"SELECT article, event FROM head WHERE article IN ({marks}) AND actor = ? AND key = ?"
    names = [draft.article for draft in drafts]
    left = dict(conn.execute(sql, (*names, actor, drafts[0].key)).fetchall())
    on_it = tuple(draft._replace(base=left.get(draft.article, "")) for draft in drafts)
    chain.step(chain.save(conn, Act(VERB, on_it), actor))
