"""What was suggested to annotators while they worked: read back from the log's heads."""

import json
from collections.abc import Iterator

from annotator.model.annotation import Kind
from annotator.model.shown import Shown
from annotator.store.reader import Reader

_ONE = f"""SELECT body FROM head WHERE article = ? AND actor = ? AND key >= '{Kind.SHOWN}:'
           AND key < '{Kind.SHOWN};' AND body IS NOT NULL ORDER BY key"""
_ALL = f"""SELECT article, actor, key, body FROM head WHERE (article, actor, key) > (?,?,?)
           AND kind = '{Kind.SHOWN}' AND body IS NOT NULL ORDER BY article, actor, key LIMIT ?"""


def shown(reader: Reader, article: str, actor: str) -> list[Shown]:
    """What was shown to an annotator, or in a pass, in an article, by source and layer."""
    return [Shown.of(json.loads(body)) for (body,) in reader.rows(_ONE, (article, actor))]


def every(reader: Reader) -> Iterator[tuple[str, str, Shown]]:
    """Article, annotator and what was shown, of everybody, sorted by article; read in portions."""
    for article, actor, _, body in reader.pages(_ALL, ("", "", "")):
        yield article, actor, Shown.of(json.loads(body))
