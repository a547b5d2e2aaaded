"""Suggestions that come in from a file: all of a source's for an article, in place of its former ones.

They are written as one act for each article, under the name of who imports them, and change nobody's
work. What holds already is not written again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, canonical
from annotator.model.suggestion import VERB, Suggestion, of_source, valid_source
from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader
from annotator.store.saving import Chain, RefusedError
from annotator.store.splits import splits
from annotator.store.suggestions import HEADS, HELD_OUT, owners, source_of, standing
from annotator.store.taking import Fate
from annotator.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file suggests for an article."""

    article: str
    """The article's id in this project."""
    text: str
    suggestions: tuple[Suggestion, ...]
    sources: tuple[str, ...] = ()
    """Sources whose former suggestions go, beside those of the suggestions: with nothing to say."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What became of all that was offered for one article."""

    article: str
    fate: Fate
    """Taken, unchanged or refused."""
    new: int = 0
    """Suggestions that were not there before, or not so."""
    gone: int = 0
    """Former ones of the same sources that are suggested no more."""
    reason: str = ""
    """Why it was refused."""


def offer(reader: Reader, writer: Writer, offers: Sequence[Offer], by: str) -> list[Suggested]:
    """Write offers in one transaction, but for articles of the test split; an answer an article."""
    names = dict.fromkeys(each.article for each in offers)
    held = {name for name, split in splits(reader, names).items() if split == HELD_OUT}
    wanted = [each for each in offers if each.article not in held]
    done = writer.write(lambda conn, chain: suggest(conn, chain, wanted, by)) if wanted else []
    answers = {each.article: each for each in done}
    told = f"it is in the {HELD_OUT} split, which gets no suggestions"
    refused = {name: Suggested(name, Fate.REFUSED, reason=told) for name in held}
    return [answers.get(name) or refused[name] for name in names]


def suggest(conn: Connection, chain: Chain, offered: Iterable[Offer], by: str) -> list[Suggested]:
    """Write suggestions; the caller holds lock and transaction, as in `taking.take`.

    Of two for one source, layer and place the surer holds, else the first.
    """
    together: dict[str, Offer] = {}
    for each in offered:
        known = together.get(each.article)
        together[each.article] = _joined(known, each) if known else each
    return [_suggest(conn, chain, each, by) for each in together.values()]


def _joined(one: Offer, other: Offer) -> Offer:
    both = (*one.suggestions, *other.suggestions)
    return replace(one, suggestions=both, sources=(*one.sources, *other.sources))


def _suggest(conn: Connection, chain: Chain, offered: Offer, by: str) -> Suggested:
    article = offered.article
    try:
        wanted = _bodies(offered)
        named = (*offered.sources, *(s.source for s in offered.suggestions))
        sources = {source_of(of_source(valid_source(name))) for name in named}
        rows = conn.execute(HEADS, {"article": article}).fetchall()
        rows = [row for row in rows if source_of(row[0]) in sources]
        now = {row[0]: row[3] for row in standing(rows)}
        if now == wanted:
            return Suggested(article, Fate.UNCHANGED)
        _save(conn, chain, Act(VERB, tuple(_drafts(article, wanted, rows, now, by))), by)
    except AnnotatorError as error:
        return Suggested(article, Fate.REFUSED, reason=str(error))
    new = sum(now.get(key) != body for key, body in wanted.items())
    return Suggested(article, Fate.TAKEN, new, len(now.keys() - wanted.keys()))


def _bodies(offered: Offer) -> dict[str, str]:
    """The bodies of what is suggested, as the log keeps them, by key."""
    best: dict[str, Suggestion] = {}
    for each in offered.suggestions:
        known = best.setdefault(each.key, each)
        if _score(each) > _score(known):
            best[each.key] = each
    try:
        return {key: canonical(each.body(offered.text)) for key, each in best.items()}
    except (TypeError, ValueError, RecursionError) as error:
        raise AnnotatorError(f"What is suggested cannot be stored as JSON: {error}.") from error


def _score(suggestion: Suggestion) -> float:
    return 1.0 if suggestion.score is None else suggestion.score


def _drafts(
    article: str, wanted: dict[str, str], rows: list[Row], now: dict[str, str], by: str
) -> Iterator[Draft]:
    """What has to be written under a name so that what is wanted holds, of some sources.

    Where somebody else's import of a source holds, all of it is written, which makes this one the
    newest; with nothing to suggest, that their suggestions are removed.
    """
    owner = owners(rows)
    own = {row[0]: (row[1], row[3]) for row in rows if row[2] == by}
    for key, body in wanted.items():
        event, known = own.get(key, ("", None))
        if known != body or owner.get(source_of(key)) != by:
            yield Draft(Kind.SUGGESTION, key, article, json.loads(body), event)
    mine = {key for key, (_, body) in own.items() if body is not None}
    for key in sorted((mine | now.keys()) - wanted.keys()):
        yield Draft(Kind.SUGGESTION, key, article, None, own.get(key, ("", None))[0])


def _save(conn: Connection, chain: Chain, act: Act, by: str) -> None:
    """Write one act of many; one that is refused leaves the others as they are."""
    conn.execute("SAVEPOINT suggestions")
    try:
        chain.step(chain.save(conn, act, by))
    except RefusedError:
        conn.execute("ROLLBACK TO suggestions")
        raise
    finally:
        if conn.in_transaction:  # SQLite itself rolls back on a full disk
            conn.execute("RELEASE suggestions")
