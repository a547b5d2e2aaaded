"""Articles from tables of other people's SQLite databases, which are never altered."""

import json

import pytest

from annotator.store import engine
from annotator.store.project import Project

PARAGRAPH = "The bridge at Old Shore was opened on Wednesday after ten years of building. " * 5


def database(path, *statements, rows=()):
    connection = engine.MODULE.connect(path)
    connection.text_factory = bytes
    with connection:
        for statement in statements:
            connection.execute(statement)
        for sql, values in rows:
            connection.execute(sql, values)
    connection.close()


def articles(path="news.db"):
    with Project.open(path, readonly=True) as project:
        return {article.id: article for article in project.articles()}


def test_the_only_table_with_texts_is_found_and_nothing_is_altered(cli, own_home):
    database(
        "crawl.sqlite",
        "CREATE TABLE sites (name TEXT)",
        "CREATE TABLE pages (id INTEGER PRIMARY KEY, headline TEXT, body TEXT, site TEXT, "
        "published TEXT, language TEXT, views INTEGER)",
        "INSERT INTO pages VALUES (7, 'T', 'Text.', 'S', '2026-05-14', 'bg', 12)",
        "INSERT INTO pages VALUES (8, NULL, 'Other.', 'S', NULL, NULL, NULL)",
    )
    before = (own_home / "crawl.sqlite").read_bytes()
    assert cli("import", "news.db", "crawl.sqlite").code == 0
    assert (own_home / "crawl.sqlite").read_bytes() == before
    found = articles()
    first = found["7"]
    assert (first.title, first.text, first.source, first.date, first.lang, first.lang_source) == (
        "T", "Text.", "S", "2026-05-14", "bg", "import",
    )  # fmt: skip
    assert first.meta == {"views": 12}
    assert found["8"].meta == {}
    again = cli("import", "news.db", "crawl.sqlite", "--json")
    assert json.loads(again.out)["articles"]["unchanged"] == 2


def test_odd_names_keys_and_kinds_of_tables(cli, own_home):
    name = 'odd "name"; DROP TABLE x; -- [b] `c` \u202e'
    quoted = '"' + name.replace('"', '""') + '"'
    database(
        "odd.db",
        f'CREATE TABLE {quoted} ("the key" TEXT PRIMARY KEY, "der Text" TEXT) WITHOUT ROWID',
        f"INSERT INTO {quoted} VALUES ('k''1', 'Eins'), ('k2', 'Zwei')",
        f'CREATE VIEW "a view" AS SELECT "the key" AS id, upper("der Text") AS text FROM {quoted}',
    )
    ran = cli(
        "import", "news.db", "odd.db", "--table", name, "--text-column", "der Text",
        "--no-languages",
    )  # fmt: skip
    assert ran.code == 0
    assert {k: a.text for k, a in articles().items()} == {"k'1": "Eins", "k2": "Zwei"}
    assert cli("import", "v.db", "odd.db", "--table", "A VIEW", "--no-languages").code == 0
    assert {k: a.text for k, a in articles("v.db").items()} == {"k'1": "EINS", "k2": "ZWEI"}


def test_a_column_of_long_values_holds_the_text(cli, own_home):
    database(
        "d.db",
        "CREATE TABLE artikel (nr INTEGER PRIMARY KEY, kopf TEXT, inhalt TEXT)",
        rows=[
            ("INSERT INTO artikel VALUES (?, ?, ?)", (n, "Kopf", f"{n} {PARAGRAPH}"))
            for n in (1, 2)
        ],
    )
    assert cli("import", "news.db", "d.db", "--title-column", "kopf", "--no-languages").code == 0
    found = articles()
    assert (found["1"].title, found["1"].text) == ("Kopf", f"1 {PARAGRAPH}")


def test_what_is_no_text_is_refused_by_row(cli, own_home):
    insert = "INSERT INTO t VALUES (?, CAST(? AS TEXT), ?)"
    database(
        "bad.db",
        "CREATE TABLE t (id TEXT, text, thumb)",
        "INSERT INTO t VALUES ('fine', 'Fine.', x'ff00')",
        "INSERT INTO t VALUES ('null', NULL, NULL)",
        "INSERT INTO t VALUES ('blob', x'414243', NULL)",
        "INSERT INTO t VALUES ('number', 42, NULL)",
        "INSERT INTO t VALUES ('empty', '  ', NULL)",
        rows=[
            (insert, ("latin", b"caf\xe9", None)),
            (insert, ("nul", b"a\0b", None)),
            ("INSERT INTO t VALUES (CAST(? AS TEXT), 'Bad id.', NULL)", (b"\xe9",)),
            ("INSERT INTO t VALUES ('last', 'Last.', NULL)", ()),
        ],
    )
    ran = cli("import", "news.db", "bad.db", "--no-languages", "--json")
    report = json.loads(ran.out)
    assert ran.code == 1
    assert list(articles()) == ["fine", "last"]
    reasons = {entry["where"].split("row ")[1]: entry["reason"] for entry in report["refused"]}
    assert sorted(reasons) == ["2", "3", "4", "5", "6", "7", "8"]
    assert "NULL" in reasons["2"]
    assert "binary" in reasons["3"]
    assert "byte 0xe9 at offset 3 is not UTF-8" in reasons["6"]
    assert "NUL" in reasons["7"]
    assert report["refused"][0]["where"] == "bad.db, table t, row 2"
    assert report["left_out"] == {"binary value of column thumb": 1}


@pytest.mark.parametrize(
    ("statements", "options", "words"),
    [
        ((), (), ("no tables at all",)),
        (("CREATE TABLE a (x)",), (), ("a", "--table", "--text-column")),
        (("CREATE TABLE a (text)", "CREATE TABLE b (body)"), (), ("--table", "a, b")),
        (("CREATE TABLE a (text)",), ("--table", "nix"), ("no table 'nix'", "a")),
        (("CREATE TABLE a (x, y)",), ("--table", "a"), ("--text-column", "x, y")),
        (("CREATE TABLE a (text)",), ("--id-column", "nix"), ("no column 'nix'", "text")),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(cli, own_home, statements, options, words):
    database("d.db", "PRAGMA user_version = 1", *statements)
    ran = cli("import", "news.db", "d.db", *options)
    assert (ran.code, ran.out) == (2, "")
    assert all(word in ran.err for word in words)
    assert not (own_home / "news.db").exists()


def test_a_table_comes_before_the_view_on_it(cli, own_home):
    database(
        "d.db",
        "CREATE TABLE t (id, text)",
        "INSERT INTO t VALUES ('a', 'A.')",
        "CREATE VIEW a_view AS SELECT id, text || '!' AS text FROM t",
        "CREATE VIEW broken AS SELECT text FROM gone",
    )
    assert cli("import", "news.db", "d.db", "--no-languages").code == 0
    assert articles()["a"].text == "A."
    assert cli("import", "news.db", "d.db", "--table", "broken").code == 2


def test_a_damaged_database_gives_what_it_can_and_says_so(cli, own_home):
    database(
        "d.db",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, text)",
        rows=[("INSERT INTO t VALUES (?, ?)", (n, f"{n} {PARAGRAPH}")) for n in range(500)],
    )
    data = bytearray((own_home / "d.db").read_bytes())
    for page in range(20, 40):
        data[page * 4096 : page * 4096 + 100] = b"\xff" * 100
    (own_home / "d.db").write_bytes(data)
    ran = cli("import", "news.db", "d.db", "--no-languages")
    assert ran.code == 1
    assert "damaged" in ran.out
    assert 0 < len(articles()) < 500


def test_what_is_no_database_or_a_project_is_refused(cli, own_home):
    (own_home / "x.db").write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    assert "not an SQLite database" in cli("import", "news.db", "x.db").err
    (own_home / "y.db").write_text("plain")
    assert cli("import", "news.db", "y.db").code == 2


@pytest.mark.file_only
def test_a_project_is_refused(cli, own_home):
    cli("init", "other.db")
    ran = cli("import", "news.db", "other.db")
    assert (ran.code, "export it as jsonl" in ran.err) == (2, True)


def test_a_table_in_a_file_of_any_name(cli, own_home):
    database("export.bin", "CREATE TABLE t (id, text)", "INSERT INTO t VALUES ('a', 'A.')")
    assert cli("import", "news.db", "export.bin", "--no-languages").code == 0
    assert list(articles()) == ["a"]
