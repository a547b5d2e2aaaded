"""Writing a bundle from a project."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.store import bundle, handing, keys, trouble
from annotator.store.bundle import Manifest, Output, Sent
from annotator.store.engine import TROUBLE
from annotator.store.handing import What
from annotator.store.log import vector
from annotator.store.merging import Said
from annotator.store.merging_refused import was_handed_out
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.part import Part

_ARTICLE = """SELECT a.id, a.sha256, a.chars, a.title, a.opening, a.source, a.url, a.date, a.lang,
              a.lang_source, a.grp, a.meta, a.seal, t.text FROM article a
              JOIN article_text t ON t.n = a.n WHERE a.id IN ({marks}) ORDER BY a.id"""
_ABOUT = """SELECT DISTINCT article FROM event WHERE writer = ? AND seq > ? AND seq <= ?
            AND article <> ''"""


def send(project: "Part", target: Path, what: What | None, said: Said) -> Sent:
    """Write a bundle, see `Project.send`."""
    what = what or What()
    if not what.to:
        with _moment(project._reader):
            return _send(project, target, what, said)
    with handing_out(project, what.to, said) as (manifest, values), bundle.writing(target) as out:
        out.line(manifest._asdict())
        for value in values:
            last = value
            out.line(value)
    return Sent(target, last[1], last[2], target.stat().st_size, 0)


@contextmanager
def handing_out(
    project: "Part", to: str, said: Said
) -> Iterator[tuple[Manifest, Iterator[list[Any]]]]:
    """A handout for an annotator, as `bundle.reading` gives one that was mailed; as of one moment.

    Raises:
        AnnotatorError: there are no articles for them, or the project was handed out itself.
    """
    with _moment(project._reader):
        names = _names_for(project, valid_name(to))
        manifest = _manifest(project, to, len(names), 0)
        yield manifest, handout(project._reader, to, names, said)


def _names_for(project: "Part", to: str) -> list[str]:
    """The ids of the articles of a handout."""
    if was_handed_out(project._reader):
        raise AnnotatorError(
            f"{project.path.name} was handed out itself and holds a part of the project: handouts come "
            "from the whole copy."
        )
    names = [article for article, _ in handing.articles_for(project._reader, to)]
    if not names:
        raise AnnotatorError(
            f"{to} was assigned no articles in {project.path.name}; no file was written."
        )
    return names


def handout(reader: Reader, to: str, names: list[str], said: Said) -> Iterator[list[Any]]:
    """What is in a handout behind its manifest; of the articles only those of these names."""
    yield from _articles_of(reader, names, said)
    events = 0
    for row in handing.handed_out(reader, to):
        yield ["given", *row]
        events += 1
    yield ["end", len(names), events]


@contextmanager
def _moment(reader: Reader) -> Iterator[None]:
    """All that is read in the block is as it was at one moment, whatever others save meanwhile.

    Else a bundle could say that its sender knows what is not in it, and nobody would send that.
    """
    try:
        reader.conn.reading("sending")
    except TROUBLE as error:
        raise trouble.explain(error, reader.path) from error
    try:
        yield
    finally:
        with suppress(*TROUBLE):  # a server that is gone was told by whoever asked it
            reader.conn.read("sending")


def _send(project: "Part", target: Path, what: What, said: Said) -> Sent:
    reader = project._reader
    parts, left_out = handing.writers(reader, what)
    names = _articles(reader, what, parts)
    events = sum(newest - after for after, newest in parts.values())
    if not (names or events):
        why = f"nothing that {what.only} did alone" if what.only else "nothing that they lack"
        raise AnnotatorError(f"There is {why} in {project.path.name}; no file was written.")
    manifest = _manifest(project, "", len(names), events)
    with bundle.writing(target) as out:
        out.line(manifest._asdict())
        for value in _articles_of(reader, names, said):
            out.line(value)
        rows = (("event", *row) for row in handing.events(reader, parts))
        _write_events(rows, events, out, said)
        out.line(["end", len(names), events])
    return Sent(target, len(names), events, target.stat().st_size, left_out)


def _manifest(project: "Part", to: str, articles: int, events: int) -> Manifest:
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    known = handing.all_articles(project._reader)
    return Manifest(project.id, project.scheme.name, project.actor, made, to, articles, events,
                    vector(project._reader), keys.packed(known))  # fmt: skip


def _articles(reader: Reader, what: What, parts: dict[str, tuple[int, int]]) -> list[str]:
    """The ids of the articles that go along: those the other side is not known to have.

    Of only one annotator's work those that it is about.
    """
    about: set[str] | None = None
    if what.only:
        about = {
            name
            for writer, part in parts.items()
            for (name,) in reader.rows(_ABOUT, (writer, *part))
        }
    return [
        name
        for name, digest in handing.all_articles(reader)
        if (about is None or name in about)
        and (not what.known or keys.key(name, digest) not in what.known)
    ]


def _articles_of(reader: Reader, names: list[str], said: Said) -> Iterator[list[Any]]:
    rest: Iterator[str] = iter(names)
    done = 0
    while some := list(islice(rest, 50)):
        for row in reader.rows(_ARTICLE.format(marks=",".join("?" * len(some))), some):
            yield ["article", *row]
        done += len(some)
        said("articles", done, len(names))


def _write_events(rows: Iterable[tuple[object, ...]], total: int, out: Output, said: Said) -> None:
    for number, row in enumerate(rows, 1):
        out.line(row)
        if number % 2000 == 0 or number == total:
            said("events", number, total)
