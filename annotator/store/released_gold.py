"""The gold of single articles of a release, for who needs one and not all."""

import json

from annotator.model.release import Frozen, Release
from annotator.store.everybody import RELEASED
from annotator.store.part import Part

_ONE = """SELECT body FROM event WHERE article = ?1 AND actor = ?2 AND key = ?3
          AND json_extract(body, '$.run') = ?4"""


def gold_of(project: Part, release: Release, article: str) -> Frozen | None:
    """An article's gold in a release; None when it is not in it."""
    row = project._reader.row(_ONE, (article, release.actor, release.key, release.run))
    return None if row is None else Frozen.of(article, json.loads(row[0]))


def articles_of(project: Part, release: Release) -> list[str]:
    """The ids of the articles of a release that are still here, in the order of the queue."""
    rows = project._reader.everybody(RELEASED, (release.actor, release.key, release.run))
    return [name for (name,) in rows]
