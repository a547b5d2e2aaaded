"""The gold of single articles of a release, for who needs one and not all."""

import json

from annotator.model.release import Frozen, Release
from annotator.store.gone import HERE
from annotator.store.part import Part

_ONE = """SELECT body FROM event WHERE article = ?1 AND actor = ?2 AND key = ?3
          AND json_extract(body, '$.run') = ?4"""
_NAMES = f"""SELECT a.id FROM article a CROSS JOIN event e
            ON e.article = a.id AND e.actor = ?1 AND e.key = ?2
            WHERE json_extract(e.body, '$.run') = ?3 AND a.n {HERE} ORDER BY a.n"""


def gold_of(project: Part, release: Release, article: str) -> Frozen | None:
    """An article's gold in a release; None when it is not in it."""
    row = project._reader.row(_ONE, (article, release.actor, release.key, release.run))
    return None if row is None else Frozen.of(article, json.loads(row[0]))


def articles_of(project: Part, release: Release) -> list[str]:
    """The ids of the articles of a release that are still here, in the order of the queue."""
    return [
        name for (name,) in project._reader.rows(_NAMES, (release.actor, release.key, release.run))
    ]
