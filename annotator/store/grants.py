"""What each role may do in a project's database, as PostgreSQL keeps to it.

All **people** read articles and what is common, append events of their own and keep the caches of their
own work. **Annotators** are people who see nobody else's rows. **Adjudicators** see everybody's, and append
decisions. **Leads** may do that too, bring in articles and events of anybody, and empty what was withdrawn.
Nobody of them changes or deletes an event or a text, makes or alters a table, or gives rights away. All
is owned by a role of its own, as which nobody works.

What somebody must not see they must not find out from how a query was done either (EXPLAIN ANALYZE tells
which conditions were looked at, and how many rows an index led to in vain). So two policies keep people
apart: a function that passes for cheaper than any condition of theirs and therefore comes first, and a plain
comparison that every index takes along. What the planner would tell of what others decided (EXPLAIN, from
statistics) it does not know: none are made of these columns. Policies ask for one's own names in a
sub-select, so that they are looked up once for each statement.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.model.annotation import Kind
from annotator.model.decision import PREFIX
from annotator.model.person import Role
from annotator.store import everybody
from annotator.store.erasure import STANDING
from annotator.store.everybody import ALONE
from annotator.store.handing import COMMON, OWN

if TYPE_CHECKING:
    from psycopg.sql import Composable

PEOPLE, OWNER = "people", "owner"
GROUPS = (PEOPLE, *map(str, Role), OWNER)
INTO = ((PEOPLE, Role.ANNOTATOR), (PEOPLE, Role.ADJUDICATOR), (Role.ADJUDICATOR, Role.LEAD))
"""Which group the members of which other one are in as well."""
MOST = 63
"""Bytes of a role's name that PostgreSQL keeps."""

ARTICLES = ("article", "article_text", "tally", "gone", "project")
"""Tables about articles and the project, which all may read."""
NAMED = ("work", "precedent", "identity", "conflict", "guess", "lesson")
"""Caches whose rows are somebody's: their `actor`."""
CACHES = (*NAMED, "head", "slot", "pool", "arrangement", "statistic", "gone", "tally")
"""What can be made anew from the log and the articles."""
TELLING = {
    "event": ("body",),
    "head": ("body",),
    "work": ("counts", "looked"),
    "precedent": ("form", "label"),
    "identity": ("form", "xid", "lemma", "label", "uses"),
    "guess": ("doubt", "body"),
    "lesson": ("learnt", "saved"),
}
"""Columns that say what somebody decided."""
KNOWN = (*ARTICLES, *CACHES, "event", "account", "publisher")
"""Any other table is the word index's."""
BLIND = ("event", "head", *NAMED, "slot", "arrangement", "article_text")
"""Tables with row-level security."""


def group(database: str, role: str) -> str:
    """The name of a project's group; long names of databases are cut, and told apart by a checksum."""
    name = f"{database}_{role}"
    if len(name.encode()) <= MOST:
        return name
    import hashlib

    digest = hashlib.sha256(database.encode()).hexdigest()[:8]
    room = MOST - len(f"_{digest}_{role}")
    return f"{database.encode()[:room].decode(errors='ignore')}_{digest}_{role}"


def _list(kinds: tuple[Kind, ...]) -> str:
    return ",".join(f"'{kind}'" for kind in kinds)


ACCOUNTS = """CREATE TABLE IF NOT EXISTS account
              (login text COLLATE "C" PRIMARY KEY, name text COLLATE "C" NOT NULL)"""
"""Under which annotator's name a login's work is kept."""
PUBLISHERS = """CREATE TABLE IF NOT EXISTS publisher (name text COLLATE "C" PRIMARY KEY)"""
"""Whose events are not all their own affair: they set the scheme, withdrew an article ..."""

_COMMON = _list((*COMMON, Kind.SPLIT))
_PUBLIC = _list((*COMMON, Kind.SPLIT, Kind.WITHDRAWAL, Kind.SUCCESSOR, Kind.POOL, Kind.SUGGESTION,
                 Kind.RELEASE))  # fmt: skip
_PERSONAL = _list((*OWN, Kind.SHOWN, Kind.SESSION))
_FOR_OTHERS = f"""({{0}}kind IN ({_PUBLIC})
                  OR ({{0}}kind = '{Kind.SLOT}' AND {{0}}key <> 'slot:' || {{0}}actor))"""
"""Events of which somebody else sees something; whoever takes a place does that for themselves."""
_OLD, _NEW = _FOR_OTHERS.format(""), _FOR_OTHERS.format("NEW.")
_WRITES = ALONE.replace("STABLE", "VOLATILE")
_SEEN = f"""actor = ANY (names)
    OR (article = '' AND kind IN ({_COMMON}))
    OR kind IN ('{Kind.WITHDRAWAL}', '{Kind.SUCCESSOR}', '{Kind.POOL}')
    OR (kind = '{Kind.SLOT}' AND substr(key, 6) = ANY (names))
    OR (kind = '{Kind.SUGGESTION}' AND (body IS NULL
        OR coalesce({{schema}}.json_extract(body, '$.for'), '') IN ('', names[1])))
    OR (kind = '{Kind.RELEASE}' AND (article = '' OR {{schema}}.is_told(article)))"""
"""Events and heads that an annotator sees."""

FUNCTIONS = (
    f"""CREATE OR REPLACE FUNCTION my_name() RETURNS text {ALONE}
        $$ SELECT name FROM account WHERE login = session_user::text $$""",
    # the first pass, training, and the later passes that somebody was assigned
    f"""CREATE OR REPLACE FUNCTION my_names() RETURNS text[] {ALONE}
        $$ SELECT ARRAY[a.name, a.name || ' #training'] || ARRAY(
               SELECT s.annotator FROM slot s
               WHERE s.annotator > a.name || ' #' AND s.annotator < a.name || ' $'
               AND substr(s.annotator, length(a.name) + 1) ~ '^ #([2-9]|[1-9][0-9]+)$')
           FROM account a WHERE a.login = session_user::text $$""",
    f"""CREATE OR REPLACE FUNCTION my_sight() RETURNS text[] {ALONE}
        $$ SELECT my_names() || ARRAY(SELECT name FROM publisher) $$""",
    # written in PL/pgSQL, since of SQL the planner would see what it costs
    """CREATE OR REPLACE FUNCTION is_among(who text, names text[]) RETURNS boolean
       LANGUAGE plpgsql STABLE COST 0.0001 AS $$ BEGIN RETURN who = ANY (names); END $$""",
    f"""CREATE OR REPLACE FUNCTION is_seen(actor text, article text, key text, kind text, body text,
                                           names text[]) RETURNS boolean
        LANGUAGE plpgsql STABLE COST 0.0001 AS $$ BEGIN RETURN {_SEEN}; END $$""",
    """CREATE OR REPLACE FUNCTION publish() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = {schema}, pg_temp AS
        $$ BEGIN INSERT INTO publisher VALUES (NEW.actor) ON CONFLICT DO NOTHING; RETURN NULL; END $$""",
    "DROP TRIGGER IF EXISTS publish ON event",
    f"""CREATE TRIGGER publish AFTER INSERT ON event FOR EACH ROW WHEN ({_NEW})
        EXECUTE FUNCTION publish()""",
    f"""INSERT INTO publisher SELECT DISTINCT actor FROM event WHERE {_OLD}
        ON CONFLICT DO NOTHING""",
    f"""CREATE OR REPLACE FUNCTION my_role() RETURNS text {ALONE}
        $$ SELECT CASE WHEN pg_has_role(session_user, {{lead_name}}, 'MEMBER')
                         OR pg_has_role(session_user, {{owner_name}}, 'MEMBER') THEN 'lead'
                       WHEN pg_has_role(session_user, {{adjudicator_name}}, 'MEMBER')
                       THEN 'adjudicator' ELSE 'annotator' END $$""",
    # whether there is room at an article that is open to whoever comes first
    f"""CREATE OR REPLACE FUNCTION is_open(number bigint) RETURNS boolean {ALONE}
        $$ SELECT EXISTS (SELECT 1 FROM pool p WHERE p.n = number AND p.people > (
               SELECT count(*) FROM slot s WHERE s.n = number AND s.given = 1
               AND s.annotator <> my_name()
               AND s.annotator !~ ' #([2-9]|[1-9][0-9]+|training)$')) $$""",
    # gold is told to who is done with the article, and is not to do it again; as heads, which are
    # held against the log, have it, and not `work`, in which anybody may write what they like of theirs
    f"""CREATE OR REPLACE FUNCTION is_told(name text) RETURNS boolean {ALONE}
        $$ WITH finished AS (SELECT h.actor FROM head h WHERE h.article = name
                             AND h.actor = ANY (my_names()) AND h.kind = '{Kind.STATUS}'
                             AND h.key = 'status:' || h.actor || ':' || name
                             AND json_extract(h.body, '$.state') IN ('done', 'skipped'))
           SELECT EXISTS (SELECT 1 FROM finished)
           AND NOT EXISTS (SELECT 1 FROM article a JOIN slot s ON s.n = a.n
                           WHERE a.id = name AND s.given = 1 AND s.annotator = ANY (my_names())
                           AND s.annotator NOT IN (SELECT actor FROM finished)) $$""",
    # only what the log says was withdrawn is emptied: as `gone.refresh` finds it
    f"""CREATE OR REPLACE FUNCTION withdrawn_by(name text) RETURNS text {ALONE}
        $$ SELECT min(id) FROM event
           WHERE article = name AND kind = '{Kind.WITHDRAWAL}' AND body IS NOT NULL $$""",
    # a clock that is a day ahead would put what all others do from then on behind it
    f"""CREATE OR REPLACE FUNCTION latest_id() RETURNS text {ALONE}
        $$ SELECT greatest((SELECT left(max(id), 13) FROM event),
                           substr(t, 1, 8) || '-' || substr(t, 9, 4)) || '-g'
           FROM lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint + 86400000),
                     12, '0') t $$""",
    # the order of arrival has no gaps: whoever appends holds the project's lock
    f"""CREATE OR REPLACE FUNCTION next_position() RETURNS bigint
        {_WRITES}
        $$ SELECT coalesce(max(pos), 0) + 1 FROM event $$""",
    # nobody goes on in what somebody else's process began
    f"""CREATE OR REPLACE FUNCTION is_mine(begun text) RETURNS boolean {ALONE}
        $$ SELECT coalesce((SELECT actor FROM event WHERE writer = begun ORDER BY seq LIMIT 1)
                           = ANY (my_names()), true) $$""",
)

_MINE = "actor = ANY ((SELECT my_names())::text[])"
_SAID = f"""{_MINE} AND is_mine(writer) AND id <= latest_id()
    AND id ~ '^[0-9a-f]{{8}}-[0-9a-f]{{4}}-7[0-9a-f]{{3}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}$'
    AND (body IS NULL OR jsonb_typeof(body::jsonb) = 'object')"""
_OWN = f"""kind IN ({_PERSONAL}) AND starts_with(key, kind || ':')
    AND (article = '') = (kind IN ('{Kind.RULE}', '{Kind.SESSION}'))"""
_CLAIM = f"""kind = '{Kind.SLOT}' AND key = 'slot:' || actor AND actor = (SELECT my_name())
    AND json_extract(body, '$.why') = 'work'
    AND is_open((SELECT n FROM article a WHERE a.id = event.article))"""
_DECISION = f"""kind = '{Kind.DECISION}' AND starts_with(key, '{PREFIX}') AND article <> ''"""
# the caches say what the log says
_LOGGED = f"""{_MINE} AND EXISTS (SELECT 1 FROM event e WHERE e.id = head.event
    AND e.article = head.article AND e.actor = head.actor AND e.key = head.key
    AND e.kind = head.kind AND {STANDING} IS NOT DISTINCT FROM head.body)"""
_MY_SLOT = "annotator = (SELECT my_name()) AND given = 1 AND why = 'work' AND is_open(n)"
_RANDOM = "(name >= 'random:' AND name < 'random;')"
_MY_ORDER = "name = 'uncertain:' || (SELECT my_name())"
_ERASED = "withdrawn_by(article) IS NOT NULL"
_LEFT = """body = '{"erased":"' || withdrawn_by(article) || '"}'"""
_EMPTIED = (
    "EXISTS (SELECT 1 FROM article a WHERE a.n = article_text.n AND withdrawn_by(a.id) <> '')"
)

_ANNOTATOR, _ADJUDICATOR, _LEAD = map(str, Role)
_SIGHT = "actor = ANY ((SELECT my_sight())::text[])"
_AMONG = "is_among(actor, (SELECT my_names()))"
_LOOK = "is_seen(actor, article, key, kind, body, (SELECT my_names()))"

Policy = tuple[str, str, str, str, str]
"""Table, verb, role, what is seen (or changed) and what may be written; "" where that is not asked."""


def policies() -> Iterator[Policy]:
    """What lets people in; of several the widest holds."""
    for table in ("event", "head", *NAMED):
        yield table, "SELECT", _ANNOTATOR, "true", ""  # but for the `limits`
        yield table, "SELECT", _ADJUDICATOR, "true", ""
    yield "event", "INSERT", PEOPLE, "", f"{_SAID} AND (({_OWN}) OR ({_CLAIM}))"
    yield "event", "INSERT", _ADJUDICATOR, "", f"{_SAID} AND {_DECISION}"
    yield "event", "INSERT", _LEAD, "", "true"
    yield "event", "UPDATE", _LEAD, _ERASED, _LEFT
    yield "head", "INSERT", PEOPLE, "", _LOGGED
    yield "head", "UPDATE", PEOPLE, _MINE, _LOGGED
    for table in NAMED:
        yield table, "INSERT", PEOPLE, "", _MINE
        yield table, "UPDATE", PEOPLE, _MINE, _MINE
        yield table, "DELETE", PEOPLE, _MINE, ""
    yield "slot", "SELECT", PEOPLE, "true", ""
    yield "slot", "INSERT", PEOPLE, "", _MY_SLOT
    yield "slot", "UPDATE", PEOPLE, "annotator = (SELECT my_name())", _MY_SLOT
    mine = f"{_MY_ORDER} OR {_RANDOM}"
    yield "arrangement", "SELECT", PEOPLE, mine, ""
    yield "arrangement", "INSERT", PEOPLE, "", mine
    yield "arrangement", "DELETE", PEOPLE, f"{_MY_ORDER} OR ({_RANDOM} AND place = -1)", ""
    yield "article_text", "SELECT", PEOPLE, "true", ""
    yield "article_text", "INSERT", _LEAD, "", "true"
    yield "article_text", "UPDATE", _LEAD, _EMPTIED, "text = ''"
    for table in ("head", *NAMED, "slot", "arrangement"):
        yield table, "ALL", _LEAD, "true", "true"


def limits() -> Iterator[tuple[str, str, str]]:
    """What annotators are kept to, whatever lets them in: table, name (they go by it) and condition."""
    for table in ("event", "head", *NAMED):
        is_log = table in ("event", "head")
        yield table, "kept_1_first", _LOOK if is_log else _AMONG
        yield table, "kept_2_by_index", _SIGHT if is_log else _MINE


_EVENT = "id, writer, seq, actor, article, key, base, act, verb, of, kind, body, hash"
"""All but the position, which the server gives."""
_OF_ARTICLE = """chars, title, opening, source, url, date, lang, lang_source, grp, meta, seal"""
"""What may change of an article: not its number, id or text."""


def rights(words: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What is granted: rights, tables, role. `words` are the tables of the word index."""
    read = (*ARTICLES, *words, "event", "head", *NAMED, "slot", "pool", "arrangement")
    yield "SELECT", ", ".join(read), PEOPLE
    yield f"INSERT ({_EVENT})", "event", PEOPLE
    yield "INSERT, UPDATE", "head, work, slot", PEOPLE
    yield "INSERT, UPDATE, DELETE", "precedent, identity, guess, lesson", PEOPLE
    yield "INSERT, DELETE", "conflict, arrangement", PEOPLE
    yield "UPDATE (free)", "pool", PEOPLE
    yield "SELECT, INSERT, UPDATE, DELETE", "statistic", _ADJUDICATOR
    yield "UPDATE (body)", "event", _LEAD
    yield "INSERT", "article, article_text", _LEAD
    yield f"UPDATE ({_OF_ARTICLE})", "article", _LEAD
    yield "UPDATE (text)", "article_text", _LEAD
    yield "INSERT, UPDATE, DELETE", ", ".join((*CACHES, *words, "project")), _LEAD
    yield "SELECT", "account", _LEAD


COUNT = """CREATE OR REPLACE FUNCTION count_rows() RETURNS void LANGUAGE sql SECURITY DEFINER
           SET search_path = {schema}, pg_temp AS $$ ANALYZE {tables} $$"""
"""What only a table's owner may do, after many rows came."""


def functions(schema: str, database: str, tables: Sequence[str]) -> "Iterator[Composable]":
    """What makes the table of accounts and the functions, in place of those that were there."""
    from psycopg.sql import SQL, Identifier, Literal

    texts = {f"{role}_name": Literal(group(database, role)) for role in GROUPS}
    yield SQL(ACCOUNTS)
    yield SQL(PUBLISHERS)
    counted = SQL(", ").join(map(Identifier, tables))
    yield SQL(COUNT).format(schema=Identifier(schema), tables=counted)
    for made in (*map(everybody.function, everybody.ALL), *FUNCTIONS):
        yield SQL(made).format(schema=Identifier(schema), **texts)


def statements(
    schema: str, database: str, tables: Sequence[str], run: Sequence[str]
) -> "Iterator[Composable]":
    """What gives the groups their rights and policies, where there are none.

    `run` are the project's functions with their arguments, as the server writes them.
    """
    from psycopg.sql import SQL, Identifier

    names = {role: Identifier(group(database, role)) for role in GROUPS}
    here = Identifier(schema)
    yield SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(Identifier(database))
    yield SQL("GRANT CONNECT ON DATABASE {} TO {people}").format(Identifier(database), **names)
    yield SQL("REVOKE ALL ON SCHEMA {} FROM PUBLIC").format(here)
    yield SQL("GRANT USAGE ON SCHEMA {} TO {people}").format(here, **names)
    for what in ("TABLES", "FUNCTIONS", "SEQUENCES"):
        every = SQL("PUBLIC, {people}, {annotator}, {adjudicator}, {lead}").format(**names)
        yield SQL(f"REVOKE ALL ON ALL {what} IN SCHEMA {{}} FROM ").format(here) + every
    for function in run:
        yield SQL(f"GRANT EXECUTE ON FUNCTION {function} TO {{people}}").format(**names)
    yield SQL("REVOKE ALL ON FUNCTION count_rows() FROM {people}").format(**names)
    yield SQL("GRANT EXECUTE ON FUNCTION count_rows() TO {lead}").format(**names)
    for may, on, role in rights([each for each in tables if each not in KNOWN]):
        yield SQL(f"GRANT {may} ON {on} TO {{}}").format(names[role])
    for table in BLIND:
        yield SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(Identifier(table))
    for table, verb, role, seen, written in policies():
        own = Identifier(f"{role}_{verb.lower()}")
        parts = SQL(f"CREATE POLICY {{}} ON {table} FOR {verb} TO {{}}").format(own, names[role])
        parts += SQL(f" USING ({seen})") if seen else SQL("")
        yield parts + (SQL(f" WITH CHECK ({written})") if written else SQL(""))
    for table, name, kept_to in limits():
        sql = f"CREATE POLICY {name} ON {table} AS RESTRICTIVE FOR ALL TO {{annotator}} USING "
        yield SQL(sql).format(**names) + SQL(f"({kept_to})")
    for table, columns in TELLING.items():
        for column in columns:
            yield SQL(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
