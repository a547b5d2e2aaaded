"""What everybody may know of everybody's work: that it moves on, and how far, but not what was decided.

In a file a query is a query. On a server people read their own rows only (`grants`); there these queries
are functions, which the project's owner runs for whoever asks. Each is written once, here.
"""

import re
from typing import NamedTuple

from annotator.store.gone import HERE


class Shared(NamedTuple):
    """A query that gives all the same, with a name on a server."""

    name: str
    sql: str
    """Its values are bound by number: `?1`."""
    columns: str
    """Names and types of what it gives, as PostgreSQL has them."""
    values: tuple[str, ...] = ()
    """Types of the values bound."""


NEWEST = Shared("newest_event", "SELECT max(id) FROM event", "id text")
"""The largest id of an event: no clock falls behind it."""
LAST = Shared("last_position", "SELECT max(pos) FROM event", "pos bigint")
"""The place of the newest event in the order of arrival, which is how many there are."""
STATES = Shared(
    "work_states",
    f"""SELECT w.actor, w.state, a.lang, count(*), sum(w.seconds), max(w.newest)
        FROM work w CROSS JOIN article a ON a.n = w.n WHERE w.n {HERE}
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    "actor text, state text, lang text, articles bigint, seconds numeric, newest text",
)
"""By annotator, state and language how many articles, seconds in all, and the newest event."""
ACTIVITY = Shared(
    "work_activity",
    """SELECT actor, count(*) FILTER (WHERE state IN ('done', 'skipped')), max(newest)
       FROM work GROUP BY actor ORDER BY actor""",
    "actor text, finished bigint, newest text",
)
"""By annotator how many articles are finished, and the newest event."""
LOADS = Shared(
    "work_loads",
    f"""SELECT s.annotator, count(*), count(w.state),
        count(*) FILTER (WHERE w.state = 'done'), count(*) FILTER (WHERE w.state = 'skipped')
        FROM slot s LEFT JOIN work w ON w.actor = s.annotator AND w.n = s.n
        WHERE s.given = 1 AND s.n {HERE} GROUP BY s.annotator ORDER BY s.annotator""",
    "annotator text, assigned bigint, begun bigint, done bigint, skipped bigint",
)
"""By annotator how many articles they were assigned, have begun, are done with and skipped."""
RELEASED = Shared(
    "released_articles",
    f"""SELECT a.id FROM article a CROSS JOIN event e
        ON e.article = a.id AND e.actor = ?1 AND e.key = ?2
        WHERE json_extract(e.body, '$.run') = ?3 AND a.n {HERE} ORDER BY a.n""",
    "article text",
    ("text", "text", "text"),
)
"""The articles of a release, by who made it, its key and its run; in the order of the queue."""
PAGE = 50
"""Articles that are asked about at once."""
_PAGE = ", ".join(f"?{place}" for place in range(1, PAGE + 1))
BESIDE = Shared(
    "people_beside",
    # no index of `work` begins with the article: it is asked for each annotator
    f"""WITH RECURSIVE known(actor) AS (
            SELECT min(actor) FROM work UNION ALL
            SELECT (SELECT min(actor) FROM work WHERE actor > known.actor) FROM known
            WHERE known.actor IS NOT NULL)
        SELECT s.n, s.annotator, 'has', 0 FROM slot s WHERE s.n IN ({_PAGE}) AND s.given = 1
        UNION ALL SELECT p.n, '', 'free', p.free FROM pool p WHERE p.n IN ({_PAGE}) AND p.free > 0
        UNION ALL SELECT w.n, w.actor,
            CASE WHEN w.state IN ('done', 'skipped') THEN 'finished' ELSE 'begun' END, 0
        FROM known CROSS JOIN work w ON w.actor = known.actor AND w.n IN ({_PAGE})""",
    "n bigint, name text, far text, free bigint",
    ("bigint",) * PAGE,
)
"""Who has which of so many articles, has begun or finished it, and how many places are left there."""

ALONE = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {schema}, pg_temp AS"
"""How functions are made that read what who asks may not: nobody else's tables can come before ours."""
ALL = (NEWEST, LAST, STATES, ACTIVITY, LOADS, RELEASED, BESIDE)


def function(shared: Shared) -> str:
    """What makes the function on a server; its schema is left open as `{schema}`."""
    body = re.sub(r"\?(\d)", r"$\1", shared.sql).replace("CROSS JOIN", "JOIN")
    return f"""CREATE OR REPLACE FUNCTION {shared.name}({", ".join(shared.values)})
               RETURNS TABLE ({shared.columns}) {ALONE} $$ {body} $$"""
