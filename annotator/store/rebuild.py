"""The caches made anew from the log, all at once: the same rows that `heads.Fold` makes one by one.

Two ways to the same result, so that each proves the other.
"""

from itertools import groupby

from annotator.store import conflicts, gone, guesses, identities, lessons, precedents, slots
from annotator.store.counts import LANG, SOURCE, add
from annotator.store.engine import Connection
from annotator.store.erasure import STANDING
from annotator.store.heads import tally
from annotator.store.works import IDLE_SQL

NEWEST = f"""SELECT article, actor, key, id AS event, kind, {STANDING} AS body FROM
             (SELECT pos, lead(pos) OVER (PARTITION BY article, actor, key ORDER BY id) AS later
              FROM event WHERE kind <> 'session' {{where}}) t
             CROSS JOIN event e ON e.pos = t.pos WHERE t.later IS NULL"""
"""The heads as the log has them: the events that no later one follows. An index has them in this order,
and only the newest are read whole."""


def rebuild(conn: Connection) -> int:
    """Empty the caches and fill them from the log; how many heads. Within a transaction."""
    for table in (
        "head",
        "work",
        "precedent",
        "identity",
        "tally",
        "slot",
        "pool",
        "conflict",
        "gone",
    ):
        conn.execute(f"DELETE FROM {table}")
    newest = NEWEST.format(where="")
    conn.execute(f"INSERT INTO head (article, actor, key, event, kind, body) {newest}")
    gone.fill(conn)
    sql = f"""SELECT a.n, h.article, h.actor, h.key, h.event, h.kind, h.body
              FROM head h CROSS JOIN article a ON a.id = h.article
              WHERE h.kind NOT IN ({IDLE_SQL}) AND a.n {gone.UNTOUCHED}
              ORDER BY h.article, h.actor, h.key"""
    write = """INSERT INTO work (actor, n, state, seconds, newest, counts, looked)
               VALUES (?,?,?,?,?,?,?)"""
    heads = 0
    for (n, actor), group in groupby(conn.stream(sql), key=lambda row: (row[0], row[2])):
        rows = [row[1:] for row in group]
        heads += len(rows)
        conn.execute(write, (actor, n, *tally(rows).row()))
        precedents.fill(conn, precedents.of_heads(n, rows))
        identities.fill(conn, identities.of_heads(rows))
    slots.fill(conn)
    conflicts.fill(conn)
    guesses.tidy(conn)  # the log does not have these: what is sound stays
    lessons.tidy(conn)
    conn.execute("DELETE FROM arrangement WHERE n NOT IN (SELECT n FROM article)")
    for what in (LANG, SOURCE):
        sql = f"SELECT {what}, count(*) FROM article GROUP BY {what}"
        add(conn, what, dict(conn.execute(sql).fetchall()))
    return heads
