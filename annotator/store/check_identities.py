"""Are the identities counted as they stand? Asked in one statement, so that it is one moment."""

import json
from collections import Counter
from collections.abc import Iterator

from annotator.store import identities
from annotator.store.engine import Row
from annotator.store.problems import Problem, error
from annotator.store.reader import Reader

_BOTH = f"""SELECT {identities.COLUMNS}, NULL FROM identity
            UNION ALL SELECT h.actor, '', '', '', '', '', 0, h.body FROM head h
                JOIN article a ON a.id = h.article
                WHERE h.kind = 'span' AND instr(h.body, '"attrs":{{') > 0"""


def check_identities(reader: Reader) -> Iterator[Problem]:
    """The counted identities against the spans that stand."""
    counted: Counter[Row] = Counter()
    standing: Counter[Row] = Counter()
    for *row, uses, body in reader.rows(_BOTH):
        if body is None:
            counted[tuple(row)] = uses
        else:
            standing.update(_rows(row[0], body))
    wrong = sum(counted[row] != standing[row] for row in counted.keys() | standing.keys())
    if wrong:
        yield error("identities", f"{wrong} are not what the log says; rebuild them.")


def _rows(actor: str, body: str) -> list[Row]:
    try:
        row = identities.row_of(actor, json.loads(body))
    except ValueError:
        return []  # no JSON: reported with the log
    return [row] if row is not None else []
