"""What a server tells everybody of a commit: who did what sort of thing at which article.

Triggers tell it within the transaction, so that it is sent with the commit or not at all, whoever
wrote and in whatever way, and costs no round trip. A notice is a JSON object of `what`, `n`, `who` and
`by` (see `live.Heard`), at most some 300 bytes of the 8,000 that PostgreSQL takes. Nothing of what was
decided is in it, nor whether somebody is at a later pass. Of a transaction that does many things only
the first are told one by one.
"""

from typing import NamedTuple

from annotator.model.annotation import Kind, State

CHANNEL = "annotator"
"""A channel belongs to its database, and a database is one project."""
FIRST = 20
"""So many things of a transaction are told one by one."""


class Heard(NamedTuple):
    """That somebody did something, and not a word of what was decided."""

    what: str
    """The sort of change: a value of `SORTS`, a kind of event that is not among them, or one of
    `ANYTHING`, `MANY`, `ARTICLES` and `SITTING`."""
    n: int = 0
    """The number of the article it is about; 0: none, or it is not told."""
    who: str = ""
    """The person who did it, whichever of their passes it was; "" where it is not told."""
    by: str = ""
    """The process that wrote it (`Chain.writer`), "" where it is not told."""


ANYTHING = "anything"
"""Whatever there is may have changed: heard at the beginning, and after a connection was lost."""
MANY = "many"
"""So much changed at once that it is not told one by one."""
ARTICLES = "articles"
"""Articles came, or what is known of them changed, or some were withdrawn."""
SITTING = "sitting"
"""Somebody's sitting began or ended."""
STATE, WORK, ASSIGNED, CLAIM, GOLD = "state", "work", "assigned", "claim", "gold"

SORTS = {
    Kind.STATUS: STATE,
    Kind.LOOKED: STATE,
    Kind.SPAN: WORK,
    Kind.STANCE: WORK,
    Kind.NOTE: WORK,
    Kind.REJECTION: WORK,
    Kind.RULE: WORK,
    Kind.SLOT: ASSIGNED,
    Kind.POOL: ASSIGNED,
    Kind.DECISION: GOLD,
    Kind.WITHDRAWAL: ARTICLES,
    Kind.SUCCESSOR: ARTICLES,
}
"""What sort of change an event of a kind is; of other kinds their own name."""
SILENT = (Kind.SESSION, Kind.TIME, Kind.SHOWN)
"""Kinds that change nothing anybody else sees."""
SILENT_SQL = ", ".join(f"'{kind}'" for kind in SILENT)
CLAIMED = "claim"
"""The verb of an act by which somebody takes a place (`assigning.CLAIM`)."""


def sort_of(kind: str, verb: str) -> str:
    """What sort of change an event is."""
    if kind == Kind.SLOT and verb == CLAIMED:
        return CLAIM
    return SORTS.get(Kind(kind), kind)


_WORK = ", ".join(f"'{kind}'" for kind, sort in SORTS.items() if sort == WORK)
_SORTED = " ".join(f"WHEN '{kind}' THEN '{sort}'" for kind, sort in SORTS.items())

_EVENT = f"""CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS $told$
DECLARE
    told integer := coalesce(nullif(current_setting('annotator.told', true), ''), '0');
    number bigint;
BEGIN
    IF told > {FIRST} THEN
        RETURN NULL;
    END IF;
    number := coalesce((SELECT n FROM article WHERE id = NEW.article), 0);
    IF NEW.kind IN ({_WORK}) AND EXISTS (SELECT FROM work w WHERE w.actor = NEW.actor
                                         AND w.n = number
                                         AND w.state NOT IN ('{State.DONE}', '{State.SKIPPED}')) THEN
        RETURN NULL;  -- everybody knows that they are at it, and would be woken for each label
    END IF;
    PERFORM set_config('annotator.told', (told + 1)::text, true);
    IF told = {FIRST} THEN
        PERFORM pg_notify('{CHANNEL}', json_build_object('what', '{MANY}', 'by', NEW.writer)::text);
        RETURN NULL;
    END IF;
    PERFORM pg_notify('{CHANNEL}', json_build_object(
        'what', CASE WHEN NEW.kind = '{Kind.SLOT}' AND NEW.verb = '{CLAIMED}' THEN '{CLAIM}'
                ELSE CASE NEW.kind {_SORTED} ELSE NEW.kind END END,
        'n', number,
        'who', left(regexp_replace(NEW.actor, ' #([2-9]|[1-9][0-9]+|training)$', ''), 64),
        'by', left(NEW.writer, 64))::text);
    RETURN NULL;
END $told$"""
_ARTICLE = f"""CREATE FUNCTION tell_articles() RETURNS trigger LANGUAGE plpgsql AS $told$
BEGIN
    PERFORM pg_notify('{CHANNEL}', json_build_object('what', '{ARTICLES}')::text);
    RETURN NULL;
END $told$"""

TRIGGERS = (
    _EVENT,
    f"""CREATE TRIGGER tell AFTER INSERT ON event FOR EACH ROW
        WHEN (NEW.kind NOT IN ({SILENT_SQL})) EXECUTE FUNCTION tell_event()""",
    _ARTICLE,
    """CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON article FOR EACH STATEMENT
       EXECUTE FUNCTION tell_articles()""",
)
"""For a database with the project's tables; in PostgreSQL's own words."""
