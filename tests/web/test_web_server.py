"""The server: what it refuses, one process a person, and an orderly end however it comes."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp
import psutil
import pytest
from web_kit import (
    SAVED,
    Client,
    Serving,
    client,
    ended,
    farewell,
    keys,
    labels_of,
    make_project,
    see,
    until,
)

from annotator.store.project import Project
from annotator.store.sittings import FileSitting as Sitting
from annotator.web import seat, seats, server
from annotator.web.address import Address
from annotator.web.doors import Doors, Proxy
from annotator.web.seat import Seat, Size
from annotator.web.server import MOST_SENT, Server, Settings, listen

ECHO = "import sys, tty; tty.setraw(0); print('here', flush=True)\nwhile (c := sys.stdin.read(1)) != 'q': print(c, end='', flush=True)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"


class Inside(NamedTuple):
    """A server in this process, whose people have a small program."""

    client: Client
    tokens: dict[str, str]
    begun: list[Seat]
    said: list[str]
    stop: asyncio.Event

    @property
    def running(self) -> int:
        return sum(each.process.returncode is None for each in self.begun)


@asynccontextmanager
async def inside(
    program: str = ECHO, proxy: Proxy | None = None, public: str = "", **more: Any
) -> AsyncIterator[Inside]:
    begun: list[Seat] = []
    said: list[str] = []

    async def begin(person: str, size: Size) -> Seat:
        begun.append(await Seat.begin([sys.executable, "-ISc", program], size))
        return begun[-1]

    doors = Doors(["iva", "boris", "vera"], proxy)
    listening, address = listen(Address(public=public))
    given = {"limit": 2, "idle": 0.0, **more}
    made = Server(Settings(address, doors, begin, given["limit"], given["idle"], said.append))
    stop = asyncio.Event()
    tokens = doors.new_tokens()
    running = asyncio.create_task(made.run(listening, stop))
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        url = f"http://127.0.0.1:{address.port}/"
        yield Inside(Client(session, url), tokens, begun, said, stop)
    stop.set()
    await running
    assert all(each.process.returncode is not None for each in begun)


# --- what is refused -------------------------------------------------------------------------------


async def test_without_a_token_there_is_the_page_and_nothing_else():
    async with inside() as here:
        page = await here.client.get("")
        assert page.status == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Server"] == "annotator"
        assert (await here.client.get("terminal.js")).status == 200
        for path in ("static/", "static/js/textual.js", "download/x", "..%2fserver.py", "page/"):
            assert (await here.client.get(path)).status == 404
        assert (await here.client.get("who")).status == 401
        assert await here.client.refused() == 401
        for wrong in ("", "x", here.tokens["iva"][:-1], "é" * 90):
            assert (await here.client.enter(wrong)).status == 403
        assert (await here.client.enter("x" * 100_000)).status == 413
        assert await here.client.refused() == 401
        assert here.begun == []


async def test_another_page_and_another_name_are_refused_with_the_cookie_too():
    async with inside() as here:
        token, mine = here.tokens["iva"], here.client
        elsewhere = {"Origin": "http://elsewhere.example.org"}
        assert (await mine.enter(token, **elsewhere)).status == 403
        assert (await mine.enter(token, Host="elsewhere.example.org")).status == 421
        entered = await mine.enter(token)
        assert entered.status == 204
        cookie = entered.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert token not in cookie
        assert await (await mine.session.get(f"{mine.url}who")).json() == {"person": "iva"}
        port = mine.url.split(":")[2].rstrip("/")
        for origin in ("null", "", "http://elsewhere.example.org", f"https://127.0.0.1:{port}"):
            assert await mine.refused({"Origin": origin}) == 403
        for host in ("elsewhere.example.org", f"elsewhere.example.org:{port}", "127.0.0.1", ""):
            assert await mine.refused({"Host": host}) == 421
            assert (await mine.get("", Host=host)).status == 421
        assert here.begun == []
        assert await mine.refused({"Host": f"LOCALHOST:{port}"}) == 101


async def test_behind_a_proxy_its_secret_and_name_count_and_the_cookie_is_for_https_only():
    public = "https://we.example.org"
    proxy = Proxy("X-User", "s" * 20)
    known = {"X-Annotator-Secret": "s" * 20, "Origin": public, "Host": "we.example.org"}
    async with inside(proxy=proxy, public=public) as here:
        assert (await here.client.get("who", **{"X-User": "iva"})).status == 401
        assert await here.client.refused({"X-User": "iva", "Origin": public}) == 401
        assert await here.client.refused({**known, "X-User": "nobody"}) == 401
        assert await here.client.refused({**known, "X-User": "iva", "Origin": "http://x"}) == 403
        assert (await here.client.enter(here.tokens["iva"], Origin=public)).status == 403
        async with here.client.tab({**known, "X-User": "iva"}) as tab:
            await see(tab, "here")
    async with inside(public=public) as here:
        entered = await here.client.enter(here.tokens["iva"], Origin=public)
        assert entered.headers["Set-Cookie"].startswith("__Host-annotator")
        assert "Secure" in entered.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "message",
    [
        b"bytes",
        "no JSON",
        "[" * 100_000,
        '["stdin", 5]',
        '["resize", 5]',
        '["open_url", "x"]',
        "{}",
        f'["stdin", "{"x" * MOST_SENT}"]',
    ],
    ids=lambda message: str(message[:12]),
)
async def test_what_no_terminal_sends_ends_the_process(message):
    async with inside() as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "here")
            await (tab.send_bytes if isinstance(message, bytes) else tab.send_str)(message)
            await farewell(tab)
        await until(lambda: here.running == 0)


# --- one process a person --------------------------------------------------------------------------


async def test_keys_arrive_and_the_size_is_known_and_leaving_is_said():
    program = (
        "import os, signal\n"
        "def size(*_): os.write(1, f'{os.get_terminal_size(0)}\\r\\n'.encode())\n"
        f"size(); signal.signal(signal.SIGWINCH, size)\n{ECHO}"
    )
    async with inside(program) as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "columns=100, lines=30", "here")
            await tab.send_json(["resize", {"width": 90, "height": 20}])
            await see(tab, "columns=90, lines=20")
            await tab.send_json(["resize", {"width": 1e99, "height": None}])
            await tab.send_json(["focus"])
            await keys(tab, "жΩ" * 5000 + "!")
            await see(tab, "!")
            await keys(tab, "q")
            assert await farewell(tab) == f"{seats.LEFT} {seats.SAVED}"
        await until(lambda: here.said == ["iva came.", f"iva left: {seats.LEFT}"])


async def test_a_second_tab_takes_over_and_all_places_are_so_many():
    async with inside(limit=2) as here, inside() as other:
        mine = here.client
        await mine.enter(here.tokens["iva"])
        async with mine.tab() as first:
            await see(first, "here")
            async with mine.tab() as second:
                await see(second, "here")
                assert await farewell(first) == f"{seats.ELSEWHERE} {seats.SAVED}"
                assert here.running == 1
                await mine.enter(here.tokens["boris"])  # the same browser: only the cookie changes
                async with mine.tab() as third:
                    await see(third, "here")
                    await mine.enter(here.tokens["vera"])
                    async with mine.tab() as fourth:
                        assert await farewell(fourth) == seats.FULL
                    assert here.running == 2
                await until(lambda: here.running == 1)
                async with mine.tab() as fourth:
                    await see(fourth, "here")
        assert (await other.client.enter(here.tokens["iva"])).status == 403


async def test_whoever_goes_on_elsewhere_needs_no_second_place():
    async with inside(limit=1) as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as first:
            await see(first, "here")
            async with here.client.tab() as second:
                await see(second, "here")


async def test_a_process_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(seat, "PATIENCE", 0.2)
    async with inside(DEAF) as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "here")
        await until(lambda: here.running == 0)
        assert here.begun[0].process.returncode == -signal.SIGKILL
        await until(lambda: here.said[-1] == f"iva left: {seats.CLOSED} Exit code -9.")


async def test_a_program_that_fails_and_one_that_cannot_begin_are_said():
    async with inside("print('what is wrong'); raise SystemExit(2)") as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            assert "what is wrong" in await see(tab, "what is wrong")
            assert await farewell(tab) == f"{seats.FAILED} {seats.WAITS}"


async def test_a_tab_that_vanishes_leaves_nothing_running():
    async with inside() as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "here")
            tab._response.connection.transport.abort()
            await until(lambda: here.running == 0)


async def test_a_tab_that_says_nothing_any_more_has_vanished(monkeypatch):
    monkeypatch.setattr(server, "HEARTBEAT", 0.2)
    async with inside() as here:
        await here.client.enter(here.tokens["iva"])
        url, headers = f"{here.client.url}ws", {"Origin": here.client.origin}
        async with here.client.session.ws_connect(url, headers=headers, autoping=False) as tab:
            await see(tab, "here")  # and no answer to pings: a closed lid, a pulled cable
            await until(lambda: here.running == 0)


async def test_whoever_presses_nothing_is_let_go():
    async with inside(idle=0.5) as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "here")
            assert await farewell(tab) == f"{seats.IDLE} {seats.SAVED}"


async def test_when_the_server_stops_every_tab_is_told():
    async with inside() as here:
        await here.client.enter(here.tokens["iva"])
        async with here.client.tab() as tab:
            await see(tab, "here")
            here.stop.set()
            assert await farewell(tab) == f"{seats.STOPPED} {seats.SAVED}"


# --- the command, and annotator itself in it -------------------------------------------------------


async def test_when_a_tab_closes_or_the_server_ends_all_is_saved_and_nothing_runs_on(tmp_path):
    path = make_project(tmp_path / "p.db")
    with Serving(tmp_path, path, "--people", "iva,boris", "--limit", "1") as serving:
        token = serving.token("iva")
        assert serving.links_file.stat().st_mode & 0o777 == 0o600
        async with client(serving, "iva") as mine:
            async with mine.tab() as tab:
                await see(tab, "One line of a0")
                (child,) = serving.children()
                lines = [*psutil.Process(serving.process.pid).cmdline(), *child.cmdline()]
                assert "--as=iva" in lines
                assert not any(token in each for each in (*lines, *child.environ().values()))
                await keys(tab, "t")
                await see(tab, "T  One line of a0", SAVED)
            await until(lambda: ended(child))
            assert labels_of(path, "iva", "a0") == ["teaser_list"]
            with Sitting(tmp_path / "p.db.lock", "iva") as sitting:
                assert sitting.was_alone
            async with mine.tab() as tab:
                await see(tab, "One line of a0")
                await keys(tab, "n")
                await see(tab, "N  One line of a0", SAVED)
                serving.process.send_signal(signal.SIGINT)
                assert await farewell(tab) == f"{seats.STOPPED} {seats.SAVED}"
        assert serving.wait() == 0
        assert labels_of(path, "iva", "a0") == ["nav"]
        assert not serving.links_file.exists()
        assert token not in serving.output
    with Project.open(path) as project:
        assert project.verify() == []


async def test_a_killed_server_takes_its_processes_along_and_names_are_no_commands(tmp_path):
    name = "-x $(touch a) `touch b`;touch c'\"|&"
    (tmp_path / "x;touch d $(touch e)").mkdir()
    path = make_project(tmp_path / "x;touch d $(touch e)" / "--as=boris '\";touch f.db")
    before = sorted(path.parent.rglob("*")), set(tmp_path.iterdir())
    with Serving(tmp_path, path, f"--people={name}") as serving:
        async with client(serving, name) as mine, mine.tab() as tab:
            await see(tab, "One line of a0")
            await keys(tab, "t")
            await see(tab, "T  One line of a0", SAVED)
            (child,) = serving.children()
            serving.process.kill()
            await until(lambda: ended(child))
        assert labels_of(path, name, "a0") == ["teaser_list"]
    made = {each.name for each in set(tmp_path.iterdir()) - before[1]}
    assert made <= {"links.txt", "state"}
    assert [p for p in path.parent.rglob("*") if p.name in "abcdef"] == []
