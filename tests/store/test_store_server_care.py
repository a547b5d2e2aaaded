"""A project on a server: nothing of a withdrawn article is left in its files, and what is wrong is told."""

from collections.abc import Callable

import pytest
from pg_kit import TestServer
from store_help import label, serious, stance_draft

from annotator.cli.checkup import project as checkup
from annotator.model.annotation import Kind, Note
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store import care_on_server, check, health
from annotator.store.address import Address, place_of
from annotator.store.project import Project
from annotator.store.reader import Reader

TEXT = "Quizzelbach came to Brunchwald. " + "Nobody knew of it, zweitausendfach. " * 3
SECRETS = (
    b"Quizzelbach",
    b"quizzelbach",
    b"Brunchwald",
    b"brunchwald",
    b"Zettelkram",
    b"zweitausendfach",
)


@pytest.fixture
def address(pg_url: Callable[[], str]) -> Address:
    """A project with an article that is to go, and what was said of it."""
    found = place_of(pg_url())
    assert isinstance(found, Address)
    with Project.create(found, preset("news"), "ann") as project:
        list(
            project.add(
                [Article("x", TEXT, "Brunchwald"), Article("keep", "Remaining words stay.")]
            )
        )
        while project.index_words():
            pass
        project.record(label(project, "x", "s1", 0, 11))
        project.record(Act("stance", (stance_draft(TEXT, "x", "ann", "Quizzelbach", "favor"),)))
        note = Note("n1", "Zettelkram", start=0, end=11)
        project.record(Act("note", (Draft(Kind.NOTE, note.key, "x", note.body(TEXT)),)))
        project.record(label(project, "keep", "k1"))
        project.assign([Slot("x", "boris")])
    return found


@pytest.fixture
def lying(pg_server: TestServer, address: Address) -> Callable[[], set[bytes]]:
    """Which of the words lie in the files of the project's database."""
    sql = "SELECT oid::text FROM pg_database WHERE datname = %s"
    folder = pg_server.data / "base" / pg_server.execute(sql, (address.name,))[0][0]

    def look() -> set[bytes]:
        pg_server.execute("CHECKPOINT")
        found = b"".join(path.read_bytes() for path in folder.iterdir())
        return {word for word in (*SECRETS, b"Remaining") if word in found}

    return look


def test_no_word_is_left_in_the_tables_files(
    address: Address, lying: Callable[[], set[bytes]]
) -> None:
    assert {b"Quizzelbach", b"brunchwald", b"Zettelkram", b"Remaining"} <= lying()
    with Project.open(address, "ann") as project:
        project.withdraw("x", "asked for")
        assert b"Zettelkram" in lying()
        assert any("--finish" in problem.message for problem in project.verify())
        assert project.scrub()
        assert lying() == {b"Remaining"}
        assert not project.scrub()
        assert [p for p in project.verify() if p.severity == "warning"] == []
        assert serious(project) == []
        assert [hit.article for hit in project.search("words stay")] == ["keep"]


def test_who_reads_all_the_while_leaves_it_due(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care_on_server, "PATIENCE_MS", 50)
    with Project.open(address, "ann") as project:
        reading = Reader(address)
        reading.conn.reading("export")
        reading.rows("SELECT 1 FROM article_text")
        project.withdraw("x", "")
        with pytest.raises(AnnotatorError, match="--finish"):
            project.scrub()  # it keeps a lock on the table
        reading.conn.read("export")
        reading.conn.reading("export")
        reading.rows("SELECT 1 FROM project")
        with pytest.raises(AnnotatorError, match="somebody has read it all the while"):
            project.scrub()  # it could still ask for the words
        reading.close()
        assert project.finish_withdrawals()


def test_who_does_not_own_it_leaves_it_due(address: Address, pg_server: TestServer) -> None:
    with Project.open(address, "ann") as project:
        project.withdraw("x", "")
    pg_server.execute("CREATE ROLE c1_guest LOGIN IN ROLE pg_read_all_data, pg_write_all_data")
    guest = place_of(address.url.replace("postgres@", "c1_guest@"))
    try:
        with (
            Project.open(guest, "ann") as project,
            pytest.raises(AnnotatorError, match="only its owner"),
        ):
            project.scrub()
    finally:
        pg_server.execute("DROP ROLE c1_guest")
    with Project.open(address, "ann") as project:
        assert project.scrub()


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("DROP INDEX event_thing", "it lacks event_thing"),
        ("DROP TABLE title_fts", "it lacks title_fts"),
        ("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'work_state'::regclass", "work_state was not"),
        ("ALTER TABLE article_text DROP CONSTRAINT article_text_n_fkey; INSERT INTO article_text VALUES (9, 'a')",
         "1 rows of article_text refer to a missing row"),
    ],
)  # fmt: skip
def test_what_the_server_knows_of_damage(
    address: Address, pg_server: TestServer, sql: str, told: str
) -> None:
    assert check.errors(address) == []
    pg_server.execute(sql, database=address.name)
    found = check.errors(address)
    assert any(told in line for line in found), found
    assert all(line.startswith("error: project: ") for line in found)


def test_how_the_server_is(address: Address) -> None:
    with Project.open(address, "ann"):
        far = health.far(address)
        assert (far.login, far.exposed_to, far.encrypted, far.role) == ("postgres", "", "", "")
        assert far.size > 100_000
        assert 2 <= far.here <= far.connections < far.most
        section = checkup.look(address, "ann")
    facts = {fact.name: fact.words for fact in section.facts}
    assert facts["way there"] == "within this machine"
    assert facts["connections to its server"].endswith(f" of {far.most}")
    assert section.troubles == []


def test_what_needs_attention_is_told(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    far = health.Far(18, "db.example.org", "", 250.0, "ann", "lead", "iva", 10, 3, 95, 100)
    monkeypatch.setattr(health, "far", lambda _: far)
    section = checkup.look(address, "ann")
    assert [sentence.split(":")[0] for sentence in (*section.troubles, *section.notes)] == [
        "What goes to db.example.org can be read on the way",
        "The server has 95 connections of 100 at most",
        "Each answer of the server takes 250 ms, and a decision takes some",
    ]
