"""What each role may do on a server, tried as somebody would who talks to it without our program.

One project for the module: iva and bela annotate, gala adjudicates, vera leads. What bela decided is what
iva must not come to know.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import pytest
import store_help
from pg_kit import TestServer
from store_help import looked_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, Note, Rejection, Rule, Span, State
from annotator.model.article import Article
from annotator.model.decision import Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock, Draft
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.model.suggestion import Suggestion
from annotator.store import accounts, grants
from annotator.store.address import Address, place_of
from annotator.store.coaching import Lesson
from annotator.store.filters import Filter
from annotator.store.handing import OWN
from annotator.store.project import Project
from annotator.store.released_gold import articles_of
from annotator.store.suggesting import Offer
from annotator.store.words import TABLES as WORDS

pytestmark = pytest.mark.file_only  # it makes its own server's projects

TEXT = "Bela met Kim in Pyongyang. Nobody said what was agreed with Iva."
SECRET = "Pyongyang"
"""What both labelled."""
MARK = "wombat"
"""In everything of bela's that is words, and nowhere else."""


class Team(NamedTuple):
    """A project on a server, and its people's logins."""

    server: TestServer
    name: str
    admin: list[Any]
    """A connection of the server's owner, made when first asked for."""

    def login(self, person: str) -> str:
        return f"{person}_{self.name}"

    def place(self, person: str) -> Address:
        found = place_of(self.server.url(self.name, self.login(person)))
        assert isinstance(found, Address)
        return found

    def open(self, person: str, readonly: bool = False) -> Project:
        return Project.open(self.place(person), person, readonly)

    def raw(self, person: str) -> Any:
        return closing(self.server.connect(self.name, self.login(person)))

    def all(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows as the server's owner has them."""
        if not self.admin:
            self.admin.append(self.server.connect(self.name))
        cursor = self.admin[0].execute(sql)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def team(pg_server: TestServer) -> Iterator[Team]:
    made = Team(pg_server, f"t{token_hex(4)}", [])
    place = place_of(pg_server.url(made.name))
    assert isinstance(place, Address)
    with Project.create(place, preset("news"), "vera") as project:
        project.set_people({"vera": Role.LEAD, "gala": Role.ADJUDICATOR, "iva": Role.ANNOTATOR})
    accounts.set_up(place, "vera")
    for person, role in PEOPLE.items():
        assert accounts.add(place, person, role, made.login(person), "word")
    with made.open("vera") as lead:
        list(lead.add(Article(f"a{i}", f"{i}. {TEXT}", lang="en", source="s") for i in range(8)))
        assert lead.index_words() == 8
        lead.open_pools([Pool("a6", 1), Pool("a7", 2)])
        lead.assign([Slot(f"a{i}", who) for i in range(4) for who in ("iva", "bela")])
    with made.open("bela") as bela:
        work_of(bela, "a0", said=MARK)
        bela.submit(Act("rule", (rule("bela", MARK),))).result()
        guess = Suggestion("entities", MARK, 3, 7, "ours", version="1")
        bela.keep_guesses("a0", "entities", "ours", "1", 0.5, [guess])
        bela.keep_lesson(Lesson("entities", "ours", "1", {1: "x"}, MARK.encode()))
    made.all("ANALYZE")
    yield made
    made.admin[0].close()
    pg_server.drop(made.name)
    for person in PEOPLE:
        pg_server.execute(f'DROP ROLE IF EXISTS "{made.login(person)}"')
    for role in grants.GROUPS:
        pg_server.execute(f'DROP ROLE IF EXISTS "{grants.group(made.name, role)}"')


PEOPLE = {
    "vera": Role.LEAD,
    "gala": Role.ADJUDICATOR,
    "iva": Role.ANNOTATOR,
    "bela": Role.ANNOTATOR,
}


def rule(person: str, words: str = SECRET) -> Draft:
    made = Rule("entities", "LOC", words)
    return Draft(Kind.RULE, made.key(person), "", made.body())


def work_of(project: Project, article: str, voice: str | None = None, said: str = "") -> None:
    """A whole piece of work on an article, with `said` in all its words."""
    name = voice or project.actor
    text = project.article(article).text
    at = text.index(SECRET)
    turned = Rejection("entities", "ORG", 0, 1)
    note = Note(token_hex(8), said or "?", True, at, at + len(SECRET))
    span = Span(token_hex(8), "entities", "PER", at, at + len(SECRET), {"lemma": said or SECRET})
    drafts = (
        Draft(Kind.SPAN, span.key, article, span.body(text)),
        stance_draft(text, article, name, said or SECRET, "against"),
        Draft(Kind.REJECTION, turned.key(name, article), article, turned.body(text)),
        Draft(Kind.NOTE, note.key, article, note.body(text)),
        looked_draft(article, name, "entities"),
        status_draft(article, name, State.DONE, 30),
    )
    for draft in drafts:
        project.submit(Act("label", (draft,)), voice).result()


def serious(team: Team) -> list[object]:
    with Project.open(place_of(team.server.url(team.name)), "vera", readonly=True) as project:
        return list(store_help.serious(project))


# --- what works


def test_an_annotators_day(team: Team) -> None:
    with team.open("iva") as iva:
        assert iva.has_queue()
        assert [row.id for row in iva.page(Filter(assigned="me"))] == ["a0", "a1", "a2", "a3"]
        assert iva.claim(["a6", "a7"]) == "a6"
        assert iva.claim(["a6", "a7"]) == "a7"
        work_of(iva, "a0")
        work_of(iva, "a6")
        iva.submit(Act("rule", (rule("iva"),))).result()
        (newest, *_) = iva.past_acts()
        assert newest.verb == "rule"
        assert [hit.article for hit in iva.search("pyong", 3)]
        assert iva.titled("Bela", 3) is not None
        assert [row.id for row in iva.page(sort="random:7", limit=8)]
        assert iva.arrange("random:7") == 8
        iva.keep_guesses("a1", "entities", "ours", "1", 0.5, [])
        iva.keep_lesson(Lesson("entities", "ours", "1", {1: "x"}, b"mine"))
        assert iva.arrange_uncertain() == 1
        assert len(iva.page(sort="uncertain")) == 8
        assert iva.precedents(SECRET, "entities").counts == {"PER": 2}
        assert iva.work("a0").spans
        assert [each.actor for each in iva.progress().actors] == ["bela", "iva"]
        assert set(iva.activity()) == {"bela", "iva"}
        assert iva.progress().events == team.all("SELECT max(pos) FROM event")[0][0]
        assert iva.people()["vera"].role is Role.LEAD
        assert iva.languages() == {"en": 8}
        assert not iva.pending()
    assert not serious(team)


def test_undo_goes_over_ones_own_log_only(team: Team) -> None:
    with team.open("bela") as bela:
        before = len(list(bela.past_acts()))
        key = bela.work("a0").notes[0].key
        bela.submit(Act("undo", (Draft(Kind.NOTE, key, "a0", None),), of="x")).result()
        assert len(list(bela.past_acts())) == before + 1
        assert not bela.work("a0").notes
    assert not serious(team)


def test_a_later_pass_and_training_are_ones_own(team: Team) -> None:
    with team.open("vera") as vera:
        vera.assign([Slot("a0", "bela #2", "", Why.AGAIN)])
    with team.open("bela") as bela:
        assert bela.voice("a0") == "bela #2"
        for voice in ("bela #2", "bela #training"):
            work_of(bela, "a0", voice)
        assert bela.work("a0", "bela #2").spans
        with pytest.raises(AnnotatorError, match="may not"):
            work_of(bela, "a0", "bela #3")  # nobody gave it to them
    assert not serious(team)


def test_suggestions_reach_whom_they_are_for(team: Team) -> None:
    text = f"3. {TEXT}"
    with team.open("vera") as vera:
        found = (
            Suggestion("entities", "PER", 3, 7, "all"),
            Suggestion("entities", "PER", 8, 11, "hers", to="bela"),
        )
        assert [each.new for each in vera.suggest([Offer("a3", text, found)])] == [2]
    for person, sources in (("iva", {"all"}), ("bela", {"all", "hers"})):
        with team.open(person) as project:
            assert {each.source for each in project.suggestions("a3")} == sources


def test_a_leads_day(team: Team) -> None:
    with team.open("vera") as vera:
        assert {each.actor for each in vera.works("a0")} >= {"iva", "bela"}
        list(vera.add([Article("late", "Bela spoke late.", lang="")]))
        assert vera.set_language("late", "en")
        assert vera.index_words() >= 0
        assert vera.assign([Slot("late", "iva")]) == 1
        assert len(vera.take_back([Slot("late", "iva")])) == 1
        decision = Decision("item:entities:0123456789abcdef", "entities")
        body = decision.body("")
        vera.submit(Act("adjudicate", (Draft(Kind.DECISION, decision.key, "a0", body),))).result()
        vera.save_release("1.0", "run", [("a0", {"run": "run", "spans": []})])
        vera.finish_release({"version": "1.0", "run": "run"})
        assert [each.version for each in vera.releases()] == ["1.0"]
        assert len(list(vera.documents(worked=True))) >= 1
        assert vera.rebuild() > 0
        vera.set_people({"bela": Role.ANNOTATOR})
    assert not serious(team)


def test_an_adjudicator_decides_as_themselves(team: Team) -> None:
    decision = Decision("item:entities:00000000000000aa", "entities")
    draft = Draft(Kind.DECISION, decision.key, "a1", decision.body(""))
    with team.open("gala") as gala:
        assert {each.actor for each in gala.works("a0")} >= {"bela"}
        gala.submit(Act("adjudicate", (draft,))).result()
        assert gala.decisions("a1")
        work_of(gala, "a1")
        with pytest.raises(AnnotatorError, match="may not"):
            gala.assign([Slot("a1", "gala")])
        with pytest.raises(AnnotatorError, match="may not"):
            gala.submit(Act("adjudicate", (draft,)), "vera").result()
    assert not serious(team)


def test_work_in_a_copy_comes_back(team: Team, tmp_path: Path) -> None:
    copy = tmp_path / "train.db"
    with team.open("iva") as iva:
        assert iva.check_out(copy, "iva").articles
        with Project.open(copy, "iva") as away:
            assert "a3" in [row.id for row in away.page()]
            assert not any(work.actor == "bela" for work in away.works("a0"))
            work_of(away, "a3")
        assert iva.merge(copy).by["iva"] == 6
        assert iva.merge(copy).events == 0
        assert iva.work("a3").status.state is State.DONE
    copy = tmp_path / "hers.db"
    with team.open("vera") as vera:
        vera.check_out(copy, "bela")
        with Project.open(copy, "bela") as away:
            work_of(away, "a3")
        with team.open("iva") as iva, pytest.raises(AnnotatorError, match="work of bela"):
            iva.merge(copy)
        assert vera.merge(copy).by["bela"] == 6
    assert not serious(team)


def test_a_part_is_not_taken_for_the_whole(team: Team) -> None:
    with team.open("iva") as iva:
        assert not iva.sees_all()
        with pytest.raises(AnnotatorError, match="your own part"):
            iva.verify()
        with pytest.raises(AnnotatorError, match="may not"):
            iva.rebuild()
    for person in ("gala", "vera"):
        with team.open(person) as project:
            assert project.sees_all()


def test_a_login_does_what_it_is_for_whatever_the_list_of_people_says(team: Team) -> None:
    with team.open("vera") as vera:
        vera.set_people({"iva": Role.LEAD})
    with team.open("iva") as iva:
        assert iva.people()["iva"].role is Role.LEAD
        assert not iva.may(Role.ADJUDICATOR)
        with pytest.raises(AnnotatorError, match="iva is annotator"):
            iva.set_people({"x": Role.LEAD})
    with team.open("vera") as vera:
        vera.set_people({"iva": Role.ANNOTATOR})


def test_released_gold_is_told_after_the_work(team: Team) -> None:
    with team.open("vera") as vera:
        bodies = [(f"a{i}", {"run": "r2", "spans": []}) for i in (0, 5)]
        vera.save_release("2.0", "r2", bodies)
        vera.finish_release({"version": "2.0", "run": "r2"})
    with team.open("bela") as bela:
        release = bela.release("2.0")
        assert articles_of(bela, release) == ["a0", "a5"]
    with team.raw("bela") as conn:
        seen = conn.execute(
            "SELECT article FROM event WHERE key = 'release:2.0' ORDER BY 1"
        ).fetchall()
    assert seen == [("",), ("a0",)]


def test_gold_is_not_told_for_a_forged_cache(team: Team) -> None:
    with team.open("vera") as vera:
        vera.save_release("3.0", "r3", [("a5", {"run": "r3", "spans": []})])
    told = "SELECT count(*) FROM event WHERE key = 'release:3.0' AND article <> ''"
    forged = "INSERT INTO work VALUES ('iva', 6, 'done', 0, '', '', '')"
    assert team.all(f"{told} AND article = (SELECT id FROM article WHERE n = 6)") == [(1,)]
    with team.raw("iva") as conn:
        conn.execute("BEGIN")
        assert conn.execute(forged).rowcount == 1
        assert conn.execute(told).fetchall() == [(0,)]
        conn.execute("ROLLBACK")
    with team.open("iva") as iva:
        iva.submit(Act("label", (status_draft("a5", "iva", State.SKIPPED, 1),))).result()
    with team.raw("iva") as conn:
        assert conn.execute(told).fetchall() == [(1,)]
    assert not serious(team)


def test_who_decides_for_themselves_alone_is_no_publisher(team: Team) -> None:
    with team.open("bela") as bela:
        assert bela.claim(["a7"]) == "a7"
    assert team.all("SELECT name FROM publisher") == [("vera",)]


# --- what does not


TABLES = tuple(dict.fromkeys((*grants.KNOWN, *WORDS.values())))
OWN_TABLES = ("precedent", "identity", "conflict", "guess", "lesson", "arrangement")
"""Caches of which an annotator may delete their own rows."""
TRIED = (
    "TRUNCATE {t}",
    "UPDATE {t} SET {c} = {c}",
    "DELETE FROM {t}",
    "ALTER TABLE {t} ADD COLUMN more int",
    "ALTER TABLE {t} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {t} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "ALTER TABLE {t} RENAME TO other",
    "DROP TABLE {t} CASCADE",
    "CREATE INDEX ON {t} ({c})",
    "CREATE POLICY all_of_it ON {t} USING (true)",
    "CREATE TRIGGER tell_me AFTER INSERT ON {t} EXECUTE FUNCTION tell_articles()",
    "CREATE RULE none AS ON INSERT TO {t} DO INSTEAD NOTHING",
    "COMMENT ON TABLE {t} IS 'mine'",
    "GRANT ALL ON {t} TO PUBLIC",
    "COPY {t} TO PROGRAM 'cat'",
    "COPY {t} TO '/tmp/annotator-copied'",
    "COPY {t} FROM PROGRAM 'true'",
    "COPY {t} FROM '/etc/hostname'",
    "SELECT * FROM {t} FOR UPDATE",
    "CREATE TABLE copied AS TABLE {t}",
    "CREATE TEMP TABLE {t} (LIKE {t})",
    "CREATE VIEW seen AS TABLE {t}",
    "CREATE MATERIALIZED VIEW seen AS TABLE {t}",
)
"""With every table `t` and its first column `c`."""
OTHERS = (
    "SET ROLE {lead}",
    "SET ROLE {owner}",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "GRANT {lead} TO CURRENT_USER",
    "GRANT pg_read_all_data TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER CREATEROLE",
    "ALTER ROLE {bela} PASSWORD 'x'",
    "ALTER ROLE {bela} RENAME TO other",
    "DROP ROLE {bela}",
    "CREATE ROLE other LOGIN",
    "CREATE DATABASE other",
    "DROP DATABASE {name}",
    "ALTER DATABASE {name} OWNER TO CURRENT_USER",
    "ALTER DATABASE {name} SET search_path = other",
    "ALTER SYSTEM SET fsync = off",
    "CREATE SCHEMA other",
    "CREATE TEMP TABLE account (login text, name text)",
    "CREATE TEMP VIEW account AS SELECT session_user AS login, 'bela' AS name",
    "CREATE FUNCTION my_name() RETURNS text LANGUAGE sql AS $$ SELECT 'bela' $$",
    "CREATE OR REPLACE FUNCTION my_name() RETURNS text LANGUAGE sql AS $$ SELECT 'bela' $$",
    "CREATE FUNCTION pg_temp.my_name() RETURNS text LANGUAGE sql AS $$ SELECT 'bela' $$",
    "CREATE FUNCTION other() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
    "ALTER FUNCTION my_name() SECURITY INVOKER",
    "ALTER FUNCTION my_name() OWNER TO CURRENT_USER",
    "DROP FUNCTION my_name() CASCADE",
    "CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
    "CREATE TYPE other AS (a int)",
    "CREATE AGGREGATE other (text) (SFUNC = textcat, STYPE = text)",
    "CREATE CAST (text AS integer) WITH INOUT AS IMPLICIT",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION file_fdw",
    "CREATE FOREIGN DATA WRAPPER other",
    "CREATE EVENT TRIGGER other ON ddl_command_start EXECUTE FUNCTION tell_event()",
    "CREATE PUBLICATION other FOR ALL TABLES",
    "CREATE STATISTICS other ON actor, key FROM event",
    "LOAD 'auto_explain'",
    "SET session_replication_role = replica",
    "SET row_security = off; SELECT * FROM head",
    "SELECT pg_read_file('/etc/hostname')",
    "SELECT pg_read_binary_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_stat_file('PG_VERSION')",
    "SELECT lo_import('/etc/hostname')",
    "SELECT lo_export(1, '/tmp/annotator-exported')",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "SELECT pg_switch_wal()",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SELECT count_rows()",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM pg_user_mapping",
    "SELECT * FROM account",
    "SELECT * FROM statistic",
    "UPDATE account SET name = 'bela'",
    "INSERT INTO account VALUES ('x', 'bela')",
    "UPDATE pg_class SET relrowsecurity = false",
    "UPDATE pg_proc SET prosrc = 'SELECT 1'",
    "UPDATE pool SET people = 99",
    "UPDATE event SET body = NULL",
    "UPDATE event SET actor = 'iva' WHERE actor = 'bela'",
    "UPDATE article_text SET text = ''",
    "UPDATE article SET title = 'x'",
    "UPDATE article SET lang = 'xx'",
    "INSERT INTO article_text VALUES (99, 'x')",
    "INSERT INTO gone VALUES (1, 'withdrawn', 'x')",
    "INSERT INTO project VALUES ('x', 'y')",
    "UPDATE project SET value = 'x'",
    "COPY (SELECT 1) TO PROGRAM 'cat'",
    "DO $$ BEGIN EXECUTE 'UPDATE event SET body = NULL'; END $$",
    "DO LANGUAGE plpgsql $$ BEGIN PERFORM pg_read_file('PG_VERSION'); END $$",
    "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "MERGE INTO event e USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET body = NULL",
    "CHECKPOINT",
)


def state(team: Team) -> dict[str, Any]:
    """All of the database that a statement might have changed."""
    found: dict[str, Any] = {
        table: team.all(
            f"SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM {table} t"
        )
        for table in TABLES
    }
    found["relations"] = team.all(
        """SELECT relname, relkind::text, relacl::text, relrowsecurity, relowner, relhastriggers,
                  relhasrules, obj_description(oid) FROM pg_class
           WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace) ORDER BY 1"""
    )
    found["functions"] = team.all(
        "SELECT proname, prosrc, prosecdef, proowner, proacl::text FROM pg_proc ORDER BY oid"
    )
    found["policies"] = team.all("SELECT * FROM pg_policies ORDER BY 2, 3")
    found["schemas"] = team.all(
        "SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_'"
    )
    found["roles"] = team.all("SELECT * FROM pg_authid ORDER BY oid")
    found["members"] = team.all("SELECT roleid, member FROM pg_auth_members ORDER BY 1, 2")
    found["settings"] = team.all("SELECT * FROM pg_db_role_setting")
    return found


def first_columns(team: Team) -> dict[str, str]:
    return dict(
        team.all("""SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a
                    ON a.attrelid = c.oid AND a.attnum = 1
                    WHERE c.relnamespace = 'public'::regnamespace""")
    )


REFUSED = "42501"
"""The state that PostgreSQL gives for "insufficient privilege"."""


def tried(team: Team, person: str, statements: Iterable[str], keep: bool = False) -> dict[str, Any]:
    """By statement the state of its error, or how many rows it would have changed or shown.

    Each is taken back again, unless all are to be kept.
    """
    import psycopg

    found: dict[str, Any] = {}
    with team.raw(person) as conn:
        for sql in statements:
            if not keep:
                conn.execute("BEGIN")
            try:
                cursor = conn.execute(sql)
                while cursor.nextset():
                    pass
                found[sql] = cursor.rowcount
            except psycopg.Error as error:
                found[sql] = error.sqlstate
            if not keep:
                conn.execute("ROLLBACK")
    return found


def own_rows(team: Team, person: str, table: str) -> int:
    """How many rows of a table are somebody's own."""
    column = {"slot": "annotator"}.get(table, "actor")
    sql = f"SELECT count(*) FROM {table} WHERE {column} = '{person}' OR {column} LIKE '{person} #%'"
    return int(team.all(sql)[0][0])


ROWS = ("UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "SELECT * FROM {t} FOR UPDATE")
"""What may be done with rows of one's own, in some tables."""
SHARED = {"pool", "arrangement", "statistic"}
"""Caches whose rows are nobody's."""
NEVER = {"event", "article", "article_text", "account", "publisher"}
"""Tables in which nobody changes or deletes a row."""


def unchanged(team: Team, person: str, patterns: Iterable[str], tables: Iterable[str]) -> None:
    """Statements that all are refused, or do nothing but warn."""
    columns, chosen = first_columns(team), list(tables)
    found = tried(
        team, person, [p.format(t=t, c=columns[t]) for p in patterns for t in chosen], keep=True
    )
    done = {sql for sql, result in found.items() if result != REFUSED}
    assert done <= {f"GRANT ALL ON {table} TO PUBLIC" for table in chosen}


@pytest.mark.parametrize("person", ["iva", "gala"])
def test_nothing_is_done_to_any_table(team: Team, person: str) -> None:
    before, columns = state(team), first_columns(team)
    unchanged(team, person, [each for each in TRIED if each not in ROWS], TABLES)
    unchanged(team, person, ROWS, NEVER)
    for table in set(TABLES) - NEVER:
        for sql in (each.format(t=table, c=columns[table]) for each in ROWS):
            (result,) = tried(team, person, [sql]).values()
            if result != REFUSED:
                assert table in SHARED or result == own_rows(team, person, table), sql
    assert state(team) == before


def test_a_lead_leaves_the_log_and_the_tables_as_they_are(team: Team) -> None:
    before = state(team)
    unchanged(
        team, "vera", [each for each in TRIED if each not in ROWS and "TEMP" not in each], TABLES
    )
    unchanged(team, "vera", ["DELETE FROM {t}"], NEVER)
    columns = (("event", "id, actor, article, key, kind, base, of, verb, hash, seq, writer, pos"),
               ("article", "n, id, sha256"), ("article_text", "n"), ("account", "login, name"))  # fmt: skip
    for table, names in columns:
        statements = [f"UPDATE {table} SET {name} = {name}" for name in names.split(", ")]
        assert set(tried(team, "vera", statements).values()) == {REFUSED}
    emptying = [
        "UPDATE event SET body = NULL WHERE article <> 'sad'",
        """UPDATE event SET body = '{"erased":"x"}' WHERE article = 'a0'""",
        "UPDATE article_text SET text = '' WHERE n < 9",
        "UPDATE article_text SET text = 'x' WHERE n < 9",
    ]
    assert set(tried(team, "vera", emptying).values()) == {0}
    forged = "INSERT INTO gone VALUES (1, 'withdrawn', 'x');"  # the log does not say so
    found = tried(team, "vera", [forged + sql for sql in emptying])
    assert set(found.values()) == {0}
    assert state(team) == before


LEADS_OWN = (
    "SELECT count_rows()", "SELECT * FROM account", "SELECT * FROM statistic", "UPDATE pool SET people",
    "UPDATE event SET body = NULL", "UPDATE article", "INSERT INTO article_text", "INSERT INTO gone",
    "INSERT INTO project", "UPDATE project", "SET ROLE {lead}", "GRANT {lead}",
    "DO $$ BEGIN EXECUTE 'UPDATE event", "MERGE INTO event",
)  # fmt: skip
"""How statements begin that a lead may give, or that find nothing to do."""


@pytest.mark.parametrize("person", ["iva", "gala", "vera"])
def test_nothing_is_done_to_the_server(team: Team, person: str) -> None:
    names = {role: f'"{grants.group(team.name, role)}"' for role in grants.GROUPS}
    names |= {"bela": team.login("bela"), "name": team.name}
    others: list[str] = list(OTHERS)
    if person == "vera":
        others = [sql for sql in others if not sql.startswith(LEADS_OWN)]
    if person == "gala":
        others.remove("SELECT * FROM statistic")
    for name, quoted in names.items():
        others = [sql.replace("{" + name + "}", quoted) for sql in others]
    before = state(team)
    found = tried(team, person, others, keep=True)
    assert {sql: result for sql, result in found.items() if result != REFUSED} == {}
    assert state(team) == before


# --- events that are not one's own


class Row(NamedTuple):
    """An event that iva may append, unless something of it is changed."""

    id: str
    writer: str
    seq: int = 1
    actor: str = "iva"
    article: str = "a1"
    key: str = "span:s1"
    base: str = ""
    act: str = "act1"
    verb: str = "label"
    of: str = ""
    kind: str = "span"
    body: str | None = '{"label":"PER","layer":"entities"}'
    hash: str = "x"


def fresh() -> Row:
    return Row(Clock().next(), token_hex(8))


def appended(team: Team, person: str, row: Row, also: str = "") -> object:
    """What becomes of an attempt to append an event: the error's state, or 1."""
    import psycopg

    columns, marks = ", ".join(Row._fields), ", ".join(["%s"] * len(Row._fields))
    with team.raw(person) as conn:
        try:
            conn.execute("BEGIN")
            if also:
                conn.execute(also)
            done: object = conn.execute(
                f"INSERT INTO event ({columns}) VALUES ({marks})", row
            ).rowcount
        except psycopg.Error as error:
            done = error.sqlstate
        conn.execute("ROLLBACK")
    return done


ELSEWHERE = [kind for kind in Kind if kind not in (*OWN, Kind.SHOWN, Kind.SESSION)]


@pytest.mark.parametrize(
    "change",
    [
        *({"actor": name} for name in ("bela", "vera", "iva #2", "iva #0", "iva#2", "IVA", "iva ", "")),
        *({"kind": str(kind), "key": f"{kind}:x", "article": a} for kind in ELSEWHERE for a in ("", "a1")),
        *({"key": key} for key in ("scheme", "person:iva", "item:x", "slot:iva", "pool", "", "status:iva:a1")),
        {"kind": "other", "key": "other:x"},
        {"article": ""},
        {"kind": "rule", "key": "rule:x"},
        {"kind": "session", "key": "session:x"},
        {"body": "[]"},
        {"id": "ffffffff-ffff-7fff-bfff-ffffffffffff"},
        {"id": ""},
        {"id": "x"},
        {"kind": "slot", "key": "slot:iva", "article": "a5", "body": '{"round":"","why":"work"}'},
        {"kind": "slot", "key": "slot:bela", "article": "a7", "body": '{"round":"","why":"work"}'},
        {"kind": "slot", "key": "slot:iva", "article": "a7", "body": '{"round":"","why":"gold"}'},
        {"kind": "slot", "key": "slot:iva", "article": "a7", "body": None},
    ],
    ids=lambda change: "-".join(map(str, change.values()))[:40],
)  # fmt: skip
def test_an_annotator_appends_nothing_else(team: Team, change: dict[str, Any]) -> None:
    assert appended(team, "iva", fresh()) == 1
    assert appended(team, "iva", fresh()._replace(**change)) == REFUSED


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_no_event_has_text_that_the_server_cannot_look_into(team: Team, text: str) -> None:
    row = fresh()._replace(body=f'{{"label":"PER","layer":"entities","x":"{text}"}}')
    assert appended(team, "iva", row) in ("22P05", "22P02")


def test_nobody_goes_on_in_anothers_chain_or_chooses_a_place(team: Team) -> None:
    ((writer, seq),) = team.all(
        "SELECT writer, max(seq) FROM event WHERE actor = 'bela' GROUP BY 1 LIMIT 1"
    )
    row = fresh()._replace(writer=writer, seq=seq + 1)
    assert appended(team, "iva", row) == REFUSED
    assert appended(team, "bela", row._replace(actor="bela")) == 1
    placed = "INSERT INTO event (pos, id, writer, seq, actor, article, key, base, act, verb, of, kind, hash)"
    values = "VALUES (9999, 'x', 'y', 1, 'iva', '', '', '', '', '', '', 'rule', '')"
    assert list(tried(team, "iva", [f"{placed} {values}"]).values()) == [REFUSED]
    assert appended(team, "iva", fresh()._replace(body="no JSON")) == "22P02"


def test_others_rows_are_not_written_nor_found_by_their_keys(team: Team) -> None:
    """What is refused is refused in the same words, whether there is such a row or not."""
    import psycopg

    ((article, key, event),) = team.all(
        "SELECT article, key, event FROM head WHERE actor = 'bela' AND article = 'a0' AND kind = 'note'"
    )
    ((form,),) = team.all("SELECT form FROM precedent WHERE actor = 'bela' AND n = 1")
    statements = [
        (
            f"INSERT INTO head VALUES ('{article}', 'bela', '{{}}', '{event}', 'note', '{{{{}}}}')",
            key,
            "note:x",
        ),
        (
            f"INSERT INTO head VALUES ('{article}', 'iva', 'note:x', '{{}}', 'note', NULL)",
            event,
            "x",
        ),
        (
            f"INSERT INTO precedent VALUES ('bela', 'entities', '{{}}', 'PER', '{event}', 1, '')",
            form,
            "x",
        ),
        ("INSERT INTO work VALUES ('bela', {}, 'done', 0, '', '', '')", "1", "999"),
        ("INSERT INTO guess VALUES ({}, 'bela', 'entities', 'ours', '1', 0, '')", "1", "999"),
        ("INSERT INTO slot VALUES ('bela', {}, '', 'work', 1, '')", "1", "999"),
        ("INSERT INTO arrangement VALUES ('uncertain:bela', {}, 1)", "0", "999"),
    ]
    with team.raw("iva") as conn:
        for sql, there, absent in statements:
            said = set()
            for value in (there, absent):
                with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
                    conn.execute(sql.format(value))
                said.add(str(refused.value))
            assert len(said) == 1, sql


# --- what one must not come to know


def secrets(team: Team) -> set[str]:
    """Words, ids and keys of bela's own."""
    found = team.all(
        "SELECT id, key, act FROM event WHERE actor = 'bela' AND kind IN ('span', 'note')"
    )
    return {MARK, *(value for row in found for value in row)}


def told(conn: Any, wanted: set[str], schema: str = "%") -> tuple[set[str], int]:
    """In which relations of a schema (of all) some words are, and how many could be read."""
    import psycopg

    relations = conn.execute(
        """SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'v', 'm', 'p') AND n.nspname <> 'pg_toast'
           AND n.nspname LIKE %s""",
        [schema],
    ).fetchall()
    found, read = set(), 0
    for (name,) in relations:
        try:
            ((hits,),) = conn.execute(
                f"SELECT count(*) FROM {name} t WHERE t::text LIKE ANY (%s)",
                [[f"%{word}%" for word in wanted]],
            ).fetchall()
        except psycopg.Error:
            continue
        read += 1
        if hits:
            found.add(name)
    return found, read


def test_no_table_and_no_view_tells_of_others(team: Team) -> None:
    wanted = secrets(team)
    with team.raw("iva") as conn:
        found, read = told(conn, wanted)
    assert found == set()
    assert read > 150
    found, _ = told(team.admin[0], wanted, "public")
    assert {
        f"public.{name}" for name in ("event", "head", "precedent", "identity", "guess")
    } <= found


def test_no_function_tells_of_others(team: Team) -> None:
    wanted = secrets(team)
    functions = team.all(
        """SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
           AND p.prosecdef AND p.prorettype <> 'trigger'::regtype"""
    )
    assert len(functions) > 10
    given = {"text": ("'a0'", "'bela'"), "bigint": ("1", "7")}
    with team.raw("iva") as conn:
        for (function,) in functions:
            name, _, types = function.rstrip(")").partition("(")
            if name == "count_rows":
                continue
            for at in (0, 1):
                values = ", ".join(given[each][at] for each in types.split(",") if each)
                rows = conn.execute(f"SELECT t::text FROM {name}({values}) t").fetchall()
                # when somebody was at work last is no secret
                shown = " ".join(text or "" for (text,) in rows)
                newest = {
                    id_ for (id_,) in team.all("SELECT max(id) FROM event GROUP BY actor, article")
                }
                assert not any(word in shown for word in wanted - newest), function


@pytest.mark.parametrize("planner", ["on", "off"])
def test_no_plan_tells_whether_a_guess_was_right(team: Team, planner: str) -> None:
    ((form,),) = team.all("SELECT form FROM precedent WHERE actor = 'bela' AND n = 1")
    ((body,),) = team.all(
        "SELECT body FROM head WHERE actor = 'bela' AND article = 'a0' AND kind = 'span'"
    )
    ((key,),) = team.all(
        "SELECT key FROM head WHERE actor = 'bela' AND article = 'a0' AND kind = 'stance'"
    )
    ((counts,),) = team.all("SELECT counts FROM work WHERE actor = 'bela' AND n = 1")
    hers = "actor > 'b' AND actor < 'c' AND"
    guesses = [
        ("precedent", f"actor = 'bela' AND form = '{form}' AND label = '{{}}'", "PER", "ORG"),
        ("precedent", f"{hers} label = '{{}}'", "PER", "ORG"),
        ("identity", f"{hers} lemma = '{{}}'", MARK, "badger"),
        ("work", "actor = 'bela' AND counts = '{}'", counts, "{}"),
        (
            "head",
            "article = 'a0' AND actor = 'bela' AND key = '{}'",
            key,
            key.replace(":a0", ":a9"),
        ),
        ("head", f"article = 'a0' AND {hers} key = '{{}}'", key, key.replace(":a0", ":a9")),
        ("head", "article = 'a0' AND body = '{}'", body, body.replace("PER", "ORG")),
        ("event", f"article = 'a0' AND {hers} body = '{{}}'", body, body.replace("PER", "ORG")),
        ("event", "body = '{}'", body, body.replace("PER", "ORG")),
    ]
    if team.admin[0].info.server_version < 170_000:  # it asks the index for the key alone
        guesses = [each for each in guesses if each[2] != key]
    with team.raw("iva") as conn:
        for option in ("seqscan", "indexscan", "bitmapscan"):
            conn.execute(f"SET enable_{option} = {planner if option == 'seqscan' else 'on'}")
        for table, where, right, wrong in guesses:
            for verb in (
                f"SELECT * FROM {table}",
                f"DELETE FROM {table}",
                f"UPDATE {table} SET actor = 'x'",
            ):
                if not verb.startswith("SELECT") and table != "precedent":
                    continue
                plans = {
                    shape(conn, f"{verb} WHERE {where.format(value)}") for value in (right, wrong)
                }
                assert len(plans) == 1, (verb, where)


def shape(conn: Any, sql: str) -> str:
    """All that a plan tells, but for how long it took and where pages came from."""
    ((found,),) = conn.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchall()

    def told(node: Any) -> Any:
        if isinstance(node, list):
            return [told(each) for each in node]
        if not isinstance(node, dict):
            return node
        passed = ("Time", "Blocks", "Cond", "Filter")
        return {k: told(v) for k, v in node.items() if not any(k.endswith(word) for word in passed)
                or k.startswith("Rows Removed")}  # fmt: skip

    return json.dumps(told(found), sort_keys=True)


# --- several who manage people


class Managed(NamedTuple):
    """A project that somebody made who is no superuser, and both addresses of who manages it."""

    theirs: Address
    owners: Address

    def role(self, login: str, server: TestServer) -> str | None:
        """What a login is by the server's own account; None where it cannot read articles."""
        import psycopg

        with closing(server.connect(self.theirs.name, login)) as conn:
            try:
                ((role, _),) = conn.execute("SELECT my_role(), count(*) FROM article").fetchall()
            except psycopg.Error:
                return None
            return str(role)


@pytest.fixture
def managed(pg_server: TestServer) -> Iterator[Managed]:
    name = f"m{token_hex(4)}"
    lena = f"lena_{name}"
    pg_server.execute(f"CREATE ROLE {lena} LOGIN CREATEDB CREATEROLE")
    places = [place_of(pg_server.url(name, user)) for user in (lena, "postgres")]
    made = Managed(*(each for each in places if isinstance(each, Address)))
    Project.create(made.theirs, preset("news"), "lena").close()
    accounts.set_up(made.theirs, "lena")
    yield made
    pg_server.drop(name)
    for (role,) in pg_server.execute(
        f"SELECT rolname FROM pg_roles WHERE rolname ~ '{name}' ORDER BY rolname = '{lena}'"
    ):
        pg_server.execute(f'DROP ROLE "{role}"')


def test_who_was_put_in_by_one_is_put_out_by_another(
    managed: Managed, pg_server: TestServer
) -> None:
    for name in ("vera", "gala"):
        login = f"{name}_{managed.theirs.name}"
        accounts.add(managed.theirs, name, Role.LEAD, login, "word")
        assert managed.role(login, pg_server) == "lead"
        accounts.add(managed.owners, name, Role.ANNOTATOR, login, "")
        assert managed.role(login, pg_server) == "annotator"
    accounts.remove(managed.owners, "vera")
    assert not pg_server.execute(
        f"SELECT 1 FROM pg_roles WHERE rolname = 'vera_{managed.theirs.name}'"
    )


def test_who_cannot_undo_it_is_told(managed: Managed, pg_server: TestServer) -> None:
    if pg_server.version < 16:
        pytest.skip("before 16 whoever may make logins may manage all of them")
    login = f"vera_{managed.theirs.name}"
    accounts.add(managed.owners, "vera", Role.LEAD, login, "word")
    with pytest.raises(AnnotatorError, match="may not manage"):
        accounts.remove(managed.theirs, "vera")
    assert managed.role(login, pg_server) == "lead"


def test_who_is_connected_is_put_out_by_who_is_no_superuser(
    managed: Managed, pg_server: TestServer
) -> None:
    import psycopg

    for other in (False, True):
        login = f"bela_{managed.theirs.name}"
        accounts.add(managed.theirs, "bela", Role.ANNOTATOR, login, "word")
        if other:  # as in another project
            pg_server.execute(f"CREATE ROLE other_{managed.theirs.name}")
            pg_server.execute(f"GRANT other_{managed.theirs.name} TO {login}")
        with closing(pg_server.connect(managed.theirs.name, login)) as conn:
            assert accounts.remove(managed.theirs, "bela") == [login]
            with pytest.raises(psycopg.OperationalError):
                conn.execute("SELECT 1")
        roles = pg_server.execute(f"SELECT 1 FROM pg_roles WHERE rolname = '{login}'")
        assert bool(roles) is other
        if other and pg_server.version >= 16:
            sql = "SELECT 1 FROM pg_auth_members WHERE roleid = %s::regrole AND set_option"
            assert not pg_server.execute(sql, [login])


def test_who_made_an_earlier_project_of_this_name_does_not_own_the_next(
    managed: Managed, pg_server: TestServer
) -> None:
    name = managed.theirs.name
    owned = "SELECT pg_has_role(%s, %s, 'USAGE')"
    given = [f"lena_{name}", f"{name}_owner"]
    accounts.set_up(managed.owners, "zoe")
    assert pg_server.execute(owned, given) == [(True,)]
    pg_server.drop(name)
    Project.create(managed.owners, preset("news"), "zoe").close()
    accounts.set_up(managed.owners, "zoe")
    assert pg_server.execute(owned, given) == [(False,)]


@pytest.mark.parametrize("name", ["y" * 64, "%C3%A9" * 32])
def test_a_name_that_the_server_would_cut_is_refused(name: str) -> None:
    assert place_of("postgresql://h/" + "y" * 63).stem
    with pytest.raises(AnnotatorError, match="63 bytes"):
        place_of(f"postgresql://h/{name}")


def test_what_an_extension_keeps_from_people_stays_so(
    managed: Managed, pg_server: TestServer
) -> None:
    name, login = managed.theirs.name, f"iva_{managed.theirs.name}"
    for sql in (
        "CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "REVOKE ALL ON FUNCTION theirs() FROM PUBLIC",
        "ALTER EXTENSION plpgsql ADD FUNCTION theirs()",
    ):
        pg_server.execute(sql, database=name)
    accounts.add(managed.owners, "iva", Role.ANNOTATOR, login, "word")
    accounts.set_up(managed.owners, "lena")
    sql = f"""SELECT has_function_privilege('{login}', 'theirs()', 'EXECUTE'), proowner::regrole::text,
              has_function_privilege('{login}', 'my_name()', 'EXECUTE') FROM pg_proc WHERE proname = 'theirs'"""
    assert pg_server.execute(sql, database=name) == [(False, "postgres", True)]


def test_a_login_is_not_taken_for_a_group(managed: Managed, pg_server: TestServer) -> None:
    name = f"{managed.theirs.name}x"
    accounts.add(managed.owners, "iva", Role.ANNOTATOR, f"{name}_lead", "word")
    place = place_of(pg_server.url(name))
    assert isinstance(place, Address)
    Project.create(place, preset("news"), "vera").close()
    with pytest.raises(AnnotatorError, match="no group"):
        accounts.set_up(place, "vera")
    pg_server.drop(name)


# --- at the end, for all guesses go with it


def test_a_lead_empties_what_the_log_says_was_withdrawn(team: Team) -> None:
    with team.open("vera") as vera:
        list(vera.add([Article("sad", TEXT)]))
        work_of(vera, "sad")
        told = {"reason": "asked to", "sha256": "x"}
        draft = Draft(Kind.WITHDRAWAL, "withdrawal", "sad", told)
        event = vera.record(Act("withdraw", (draft,)))[-1].id
    where = "WHERE article = 'sad' AND kind <> 'withdrawal' AND body IS NOT NULL"
    text = "WHERE n = (SELECT n FROM article WHERE id = 'sad')"
    refused = [
        f"UPDATE event SET body = NULL {where}",
        f"UPDATE event SET body = '{{}}' {where}",
        f"""UPDATE event SET body = '{{"erased":"x"}}' {where}""",
        f"UPDATE article_text SET text = 'x' {text}",
    ]
    done = {
        f"""UPDATE event SET body = '{{"erased":"{event}"}}' {where}""": 6,
        f"UPDATE article_text SET text = '' {text}": 1,
        f"UPDATE article SET chars = 0, title = '', opening = '', meta = '{{}}', seal = 'x' {text}": 1,
        "UPDATE head SET body = NULL WHERE article = 'sad'": 7,
    }
    assert set(tried(team, "vera", refused).values()) == {REFUSED}
    assert tried(team, "vera", done) == done
    for person in ("iva", "gala"):
        assert set(tried(team, person, [*refused, *done][:-1]).values()) == {REFUSED}
    with team.open("vera") as vera, pytest.raises(AnnotatorError, match="only its owner"):
        vera.finish_withdrawals()
    assert team.all(f"SELECT text FROM article_text {text}") == [("",)]
    assert team.all(f"SELECT DISTINCT body FROM event {where}") == [(f'{{"erased":"{event}"}}',)]
    with Project.open(place_of(team.server.url(team.name)), "vera") as owner:
        assert owner.finish_withdrawals()
    assert not serious(team)
