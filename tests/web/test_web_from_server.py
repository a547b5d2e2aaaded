"""The browser with a project on a PostgreSQL server: everybody's process connects with their own login."""

from pathlib import Path
from secrets import token_hex

import pytest
from pg_kit import TestServer

pytest.importorskip("aiohttp", reason="the extra `serve` is not installed")

from web_kit import SAVED, Serving, client, keys, see

from annotator.cli.main import main

pytestmark = pytest.mark.file_only


async def test_everybody_connects_with_a_login_of_their_own(
    pg_team: TestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PGPASSFILE", str(pg_team.pass_file({"postgres": pg_team.password})))
    name = f"web{token_hex(3)}"
    url = pg_team.url(name, tcp=True)
    (tmp_path / "a.txt").write_text("One line.\n")
    assert main(["server", "init", url, "--as", "vera"]) == 0
    assert main(["import", url, "a.txt", "--no-languages"]) == 0
    words = ""
    for person in ("iva", "boris"):
        word = ["--password-file", person]
        assert main(["server", "add", url, f"{person}_{name}", *word]) == 0
        words += Path(person).read_text()
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    passwords.write_text(words)
    monkeypatch.setenv("PGPASSFILE", str(passwords))
    people = [f"iva_{name}", f"boris_{name}"]
    own = url.replace("postgres@", "")
    with Serving(tmp_path, own, "--people", ",".join(people)) as serving:  # type: ignore[arg-type]  # an address
        async with client(serving, people[0]) as mine, mine.tab() as tab:
            await see(tab, "One line.")
            await keys(tab, "t")
            await see(tab, "T  One line.", SAVED)
            seen = pg_team.execute(
                "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = %s", [name]
            )
            assert seen == [(people[0],)]
            (child,) = serving.children()
            assert f"--as={people[0]}" in child.cmdline()
    refused = [
        "serve",
        url.replace("postgres@", f"{people[0]}@"),
        "--people",
        "boris",
        "--links",
        "l",
    ]
    assert main(refused) == 2
