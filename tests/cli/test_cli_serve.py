"""`annotator serve`: what it refuses before anything listens, its secrets' files, its commands."""

import socket
import sys
from pathlib import Path

import pytest
from engines import bytes_of

from annotator.desk.actions import ACTIONS
from annotator.model.errors import AnnotatorError

pytest.importorskip("aiohttp", reason="the extra `serve` is not installed")

from annotator.cli import serving
from annotator.cli.main import main
from annotator.web import needs

KEPT_BY_BROWSERS = {
    "ctrl+n",
    "ctrl+t",
    "ctrl+w",
    "ctrl+q",
    "ctrl+tab",
    "ctrl+pageup",
    "ctrl+pagedown",
}
"""Keys that a browser does not hand to a page, in one system or another."""


@pytest.fixture
def project(own_home: Path) -> Path:
    (own_home / "a.txt").write_text("One line.\n")
    (own_home / "mine").write_text("Something.\n")
    assert main(["import", "news.db", "a.txt"]) == 0
    return own_home / "news.db"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--links"),
        (["--as", "iva", "--people", "boris"], "--as"),
        (["--people", "iva,iva", "--links", "l"], "twice"),
        (["--people", "iva,", "--links", "l"], "name"),
        (["--people", "a:b", "--links", "l"], "name"),
        (["--host", "0.0.0.0", "--links", "l"], "--network"),
        (["--host", "0.0.0.0", "--network", "--links", "l"], "--people"),
        (["--host", "0.0.0.0", "--network", "--people", "iva", "--links", "l"], "--public"),
        (["--public", "http://we.example.org", "--links", "l"], "https"),
        (["--user-header", "X-User"], "--proxy-secret"),
        (["--proxy-secret", "s.txt"], "--user-header"),
        (["--user-header", "X-User", "--proxy-secret", "s", "--links", "l"], "no links"),
        (["--port", "65536", "--links", "l"], "--port"),
        (["--limit", "0", "--links", "l"], "--limit"),
        (["--idle", "nan", "--links", "l"], "--idle"),
        (["--links", "mine"], "something else"),
    ],
)
def test_what_is_refused(project, cli, words, said):
    before = bytes_of(project)
    ran = cli("serve", "news.db", "--port", "0", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert bytes_of(project) == before
    assert Path("mine").read_text() == "Something.\n"
    assert not Path("l").exists()


def test_a_project_must_be_there_and_hold_articles(cli):
    assert "no project" in cli("serve", "news.db", "--links", "l").err
    assert cli("init", "news.db").code == 0
    assert "no articles" in cli("serve", "news.db", "--links", "l").err


def test_without_the_extra_one_is_told_which(project, cli, monkeypatch):
    monkeypatch.setattr(needs, "find_spec", lambda _: None)
    ran = cli("serve", "news.db")
    assert ran.code == 2
    assert "pip install 'annotator-tui[serve]'" in ran.err


def test_a_taken_port_is_one_sentence(project, cli):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = cli("serve", "news.db", "--port", port, "--links", "l")
    assert ran.code == 2
    assert f"port {port}" in ran.err
    assert "--port" in ran.err


def test_the_proxys_secret_is_made_and_must_be_one(project, cli):
    words = ("serve", "news.db", "--user-header", "X-User", "--proxy-secret", "s.txt")
    stopped = (*words, "--host", "0.0.0.0")
    secret = Path("s.txt")
    assert "--network" in cli(*stopped).err
    assert secret.stat().st_mode & 0o777 == 0o600
    made = secret.read_text()
    assert len(made) > 40
    ran = cli(*stopped)
    assert secret.read_text() == made
    assert made.strip() not in ran.out + ran.err
    secret.chmod(0o604)
    assert "chmod o=" in cli(*stopped).err
    secret.chmod(0o640)
    secret.write_text("short\n")
    assert "at least 16" in cli(*stopped).err


def test_links_are_written_for_their_owner_only_and_over_nothing_else(tmp_path):
    file = tmp_path / "links.txt"
    serving.write_links(file, {"iva": "http://x/#1"})
    file.chmod(0o644)
    serving.write_links(file, {"Яна": "http://x/#2"})
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("utf-8").splitlines()[1:] == ["Яна\thttp://x/#2"]
    link = tmp_path / "link"
    link.symlink_to(file)
    for other in (link, tmp_path):
        with pytest.raises(AnnotatorError, match="something else"):
            serving.write_links(other, {})


def test_a_persons_process_is_a_list_of_words():
    name = "--help $(touch x)"
    words = serving.command(Path("/p; q.db"), name)
    assert words[0] == sys.executable
    assert words[-5:] == ["annotator", "open", f"--as={name}", "--", "/p; q.db"]


@pytest.mark.parametrize("name", ["iva", "../../x", "/etc/x", "..", "ж" * 64, "a b"])
def test_each_of_several_people_has_a_configuration_file_in_one_folder(name, own_home):
    path = serving.settings_of(name)
    assert path.parent == own_home.parent / "home" / "people"
    assert path.parent.resolve() == path.resolve().parent
    assert len(path.name) < 120
    assert path != serving.settings_of(f"{name}x")


def test_what_a_browser_keeps_has_another_key():
    only = {
        action.name for action in ACTIONS if action.keys and set(action.keys) <= KEPT_BY_BROWSERS
    }
    assert only == {"quit"}  # closing the tab does the same, and so does the palette
    palette = next(action for action in ACTIONS if action.name == "palette")
    assert set(palette.keys) - KEPT_BY_BROWSERS
