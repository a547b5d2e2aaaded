"""The tables, as steps from one format of the project to the next.

Imported only when a project is made or brought up to date: its format says when it is current.
Each step is a list of statements, which a file and a server take alike (`dialect`); only the index of
words is made in each engine's own way.
"""

from sqlite_utils import Database, Migrations

from annotator.store.engine import APPLICATION_ID, FileConnection
from annotator.store.filters import FLAGGED, NOTED
from annotator.store.header import CURRENT
from annotator.store.rebuild import rebuild

STEPS = Migrations("annotator")

_TABLES = (
    "CREATE TABLE project (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # n is dense from 1, so that the newest n is the count; texts lie apart to keep rows thin
    """CREATE TABLE article (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, chars INTEGER NOT NULL,
        title TEXT NOT NULL, opening TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
        date TEXT NOT NULL, lang TEXT NOT NULL, lang_source TEXT NOT NULL, grp TEXT NOT NULL,
        meta TEXT NOT NULL, seal TEXT NOT NULL) STRICT""",
    "CREATE TABLE article_text (n INTEGER PRIMARY KEY REFERENCES article(n), text TEXT NOT NULL) STRICT",
    # how many articles each language and source has, which a large project cannot count in time
    """CREATE TABLE tally (
        what TEXT NOT NULL, value TEXT NOT NULL, articles INTEGER NOT NULL,
        PRIMARY KEY (what, value)) STRICT, WITHOUT ROWID""",
    # pos is the order of arrival in this file; the order of events is that of their ids
    """CREATE TABLE event (
        pos INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, writer TEXT NOT NULL, seq INTEGER NOT NULL,
        actor TEXT NOT NULL, article TEXT NOT NULL, key TEXT NOT NULL, base TEXT NOT NULL,
        act TEXT NOT NULL, verb TEXT NOT NULL, of TEXT NOT NULL, kind TEXT NOT NULL, body TEXT,
        hash TEXT NOT NULL, UNIQUE (writer, seq)) STRICT""",
    # one annotator's decisions on one article lie side by side; a removed thing keeps its row
    """CREATE TABLE head (
        article TEXT NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL,
        kind TEXT NOT NULL, body TEXT, PRIMARY KEY (article, actor, key)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE work (
        actor TEXT NOT NULL, n INTEGER NOT NULL, state TEXT NOT NULL, seconds INTEGER NOT NULL,
        newest TEXT NOT NULL, counts TEXT NOT NULL, looked TEXT NOT NULL,
        PRIMARY KEY (actor, n)) STRICT, WITHOUT ROWID""",
)
_INDEXES = (
    "CREATE INDEX article_lang ON article (lang)",
    "CREATE INDEX article_source ON article (source)",
    "CREATE INDEX article_grp ON article (grp) WHERE grp <> ''",
    # language and source besides, so that others are passed over without a look at the article
    "CREATE INDEX article_date ON article (date, n, lang, source)",
    "CREATE INDEX event_act ON event (act)",
    "CREATE INDEX event_actor ON event (actor, id)",
    "CREATE INDEX event_thing ON event (article, actor, key, id)",
    "CREATE INDEX work_state ON work (actor, state, n)",
)
_WORDS = (  # of a file
    "CREATE VIRTUAL TABLE article_fts USING fts5(words, content='', "
    "tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\")"
)
_PRECEDENT = """CREATE TABLE precedent (
    actor TEXT NOT NULL, layer TEXT NOT NULL, form TEXT NOT NULL, label TEXT NOT NULL,
    event TEXT NOT NULL, n INTEGER NOT NULL, key TEXT NOT NULL,
    PRIMARY KEY (actor, layer, form, label, event)) STRICT, WITHOUT ROWID"""
_IDENTITY = """CREATE TABLE identity (
    actor TEXT NOT NULL, layer TEXT NOT NULL, form TEXT NOT NULL, xid TEXT NOT NULL,
    lemma TEXT NOT NULL, label TEXT NOT NULL, uses INTEGER NOT NULL,
    PRIMARY KEY (actor, layer, form, xid, lemma, label)) STRICT, WITHOUT ROWID"""
_MORE = (
    _PRECEDENT,
    _IDENTITY,
    "CREATE INDEX identity_uses ON identity (actor, layer, uses)",
    "CREATE INDEX article_chars ON article (chars, n)",
    "CREATE INDEX work_newest ON work (actor, newest)",
    f"CREATE INDEX work_flag ON work (actor, n) WHERE {FLAGGED}",
    f"CREATE INDEX work_note ON work (actor, n) WHERE {NOTED}",
)
_TITLES = """CREATE VIRTUAL TABLE title_fts USING fts5(words, content='', prefix='1 2 3',
       tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'")"""


@STEPS()
def first(db: Database) -> None:
    """Format 1: articles, the event log and its caches, the word index."""
    for statement in (*_TABLES, *_INDEXES, _WORDS):
        db.execute(statement)


@STEPS()
def second(db: Database) -> None:
    """Format 2: precedents, orders by title and length, flags told from notes, an index of titles."""
    for statement in (*_MORE, _TITLES):
        db.execute(statement)


_LEADING = (
    # who is to annotate what: of all who assigned it the newest event; `given` 0 was taken back
    """CREATE TABLE slot (
        annotator TEXT NOT NULL, n INTEGER NOT NULL, round TEXT NOT NULL, why TEXT NOT NULL,
        given INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (annotator, n)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX slot_article ON slot (n, given)",
    "CREATE INDEX slot_round ON slot (round, n) WHERE round <> ''",
    # articles open to whoever comes first; `free` is how many more people may take it
    """CREATE TABLE pool (
        n INTEGER PRIMARY KEY, people INTEGER NOT NULL, round TEXT NOT NULL, free INTEGER NOT NULL,
        event TEXT NOT NULL) STRICT""",
    "CREATE INDEX pool_free ON pool (n) WHERE free > 0",
    # two versions of one thing made without knowledge of each other, which nobody has settled yet
    """CREATE TABLE conflict (
        article TEXT NOT NULL, actor TEXT NOT NULL, key TEXT NOT NULL, event TEXT NOT NULL,
        other TEXT NOT NULL, PRIMARY KEY (article, actor, key, event, other)) STRICT, WITHOUT ROWID""",
    # articles nobody works on any more: withdrawn, or replaced by a newer text
    "CREATE TABLE gone (n INTEGER PRIMARY KEY, why TEXT NOT NULL, event TEXT NOT NULL) STRICT",
    "CREATE INDEX head_withdrawal ON head (article, event) WHERE kind = 'withdrawal'",
    # what agreement counts of an article, as long as `stamp` says that it is still so
    """CREATE TABLE statistic (
        n INTEGER PRIMARY KEY, stamp TEXT NOT NULL, body TEXT NOT NULL) STRICT""",
)


@STEPS()
def third(db: Database) -> None:
    """Format 3: assignments, conflicts of merged copies, the counts behind agreement."""
    for statement in _LEADING:
        db.execute(statement)


_LEARNING = (
    # what a suggester finds in an article, for one annotator; `doubt` is how unsure it is on average
    """CREATE TABLE guess (
        n INTEGER NOT NULL, actor TEXT NOT NULL, layer TEXT NOT NULL, source TEXT NOT NULL,
        version TEXT NOT NULL, doubt REAL NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (n, actor, layer, source)) STRICT, WITHOUT ROWID""",
    # what a suggester has learnt from one annotator's finished articles, and from which
    """CREATE TABLE lesson (
        actor TEXT NOT NULL, layer TEXT NOT NULL, source TEXT NOT NULL, version TEXT NOT NULL,
        learnt TEXT NOT NULL, saved BLOB NOT NULL,
        PRIMARY KEY (actor, layer, source)) STRICT""",
    # orders of the queue that no column has: shuffled, the least sure first
    """CREATE TABLE arrangement (
        name TEXT NOT NULL, place INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (name, place)) STRICT, WITHOUT ROWID""",
    "CREATE UNIQUE INDEX arrangement_article ON arrangement (n, name)",
    # by event those without one come last: few among many, which no index of `grp` finds in order
    "CREATE INDEX article_alone ON article (n) WHERE grp = ''",
)


@STEPS()
def fourth(db: Database) -> None:
    """Format 4: what suggesters learnt and found, and orders of the queue. All of it can be made anew."""
    for statement in _LEARNING:
        db.execute(statement)


FORMATS = ((), (*_TABLES, *_INDEXES), _MORE, _LEADING, _LEARNING)
"""For each format the statements that lead to it from the one before, but for the index of words."""


def migrate(conn: FileConnection) -> None:
    """Bring a file to the current format; the caller holds the lock and a write transaction."""
    db = Database(conn, recursive_triggers=False, execute_plugins=False)
    STEPS.apply(db)
    rebuild(conn)  # the caches as this version makes them, whatever the step changed
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version = {CURRENT}")
