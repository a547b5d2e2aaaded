"""The server goes away under an annotator's hands in a real terminal, and comes back at the next start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pg_kit import TestServer, needs_wheel
from pty_kit import SAVED, Terminal, annotator, assert_restored

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project


@pytest.fixture
def server() -> Iterator[TestServer]:
    needs_wheel()
    server = TestServer()
    server.start()
    yield server
    server.close()


def test_the_work_goes_on_and_the_next_start_sends_it(server: TestServer, tmp_path: Path) -> None:
    url = server.url(server.make_database())
    with Project.create(url, preset("news"), "iva") as project:
        assert list(project.add([Article("one", "Bridge opens\n\nAnna Kovac spoke.", title="One")]))
    command = annotator(url, "--as", "iva")
    with Terminal(command, tmp_path) as terminal:
        terminal.wait("Bridge opens", SAVED)
        server.stop()
        terminal.send("t")
        terminal.wait("T  Bridge opens", "server away, 1 kept here")
        terminal.send(b"\x11")
        terminal.wait_raw(b"is kept on this machine: the next start sends it.")
        assert terminal.ended() == 0
        assert_restored(terminal)
    with Terminal(command, tmp_path) as terminal:
        terminal.wait_raw(b"cannot be reached")
        terminal.wait_raw(b"annotator checkout")
        assert terminal.ended() != 0
    server.start()
    with Terminal(command, tmp_path) as terminal:
        terminal.wait(
            "T  Bridge opens", "1 decision that an earlier sitting could not save is saved"
        )
        terminal.send(b"\x11")
        assert terminal.ended() == 0
    with Project.open(url, "", readonly=True) as project:
        assert [span.label for span in project.work("one", "iva").spans] == ["teaser_list"]
