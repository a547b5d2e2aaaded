"""`annotator serve` as a process, a tab as aiohttp's client plays it, and a real browser's tab."""

import asyncio
import base64
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
import psutil
import pyte
from engines import stands_for

from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project

DEADLINE = 30.0
"""Seconds until a wait is given up; far above what a slow machine needs."""
SAVED = "✓ saved"
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\]22;[a-z]*\x07")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser_path() -> str:
    """A browser that speaks the DevTools protocol; "" where there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def make_project(path: Path, count: int = 3) -> Path:
    texts = {f"a{n}": f"One line of a{n}.\n\nAnother line." for n in range(count)}
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add(Article(id_, text) for id_, text in texts.items()))
        while project.index_words():
            pass
    return path


def labels_of(path: Path, person: str, article: str) -> list[str]:
    """The labels that somebody has put on an article."""
    with Project.open(path, person, readonly=True) as project:
        return [span.label for span in project.work(article).spans]


def state_of(path: Path, person: str, article: str) -> State:
    """How far somebody says they are with an article."""
    with Project.open(path, person, readonly=True) as project:
        return project.work(article).status.state


class Serving:
    """The server in a process of its own; its folder is its home."""

    def __init__(self, folder: Path, project: Path, *words: str) -> None:
        self.links_file = folder / "links.txt"
        self.output = ""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("TEXTUAL", "ANNOTATOR"))}
        kept |= {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
        kept |= {"ANNOTATOR_CONFIG": str(folder / "config.toml"), "LANG": "C.UTF-8"}
        links = () if "--user-header" in words else ("--links", str(self.links_file))
        command = [
            sys.executable,
            "-m",
            "annotator",
            "serve",
            str(stands_for(project)),
            "--port",
            "0",
        ]
        self.process = subprocess.Popen(
            [*command, *links, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=kept,
            cwd=folder,
        )
        self.wait_for("Ctrl-C ends it.")
        self.url = self.output.split("Serving ")[1].split(" ")[0]

    def __enter__(self) -> "Serving":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def wait_for(self, words: str) -> None:
        """Read what it prints until this is there."""
        end = time.monotonic() + DEADLINE
        while words not in self.output:
            ready = select.select([self.process.stdout], [], [], 0.1)[0]
            data = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            self.output += data.decode()
            over = ready and not data
            assert not over, f"the server ended: {self.output}"
            assert time.monotonic() < end, self.output

    @property
    def links(self) -> dict[str, str]:
        lines = self.links_file.read_text("utf-8").splitlines()[1:]
        return dict(line.split("\t") for line in lines)

    def token(self, person: str) -> str:
        return self.links[person].split("#")[1]

    def children(self) -> list[psutil.Process]:
        """The processes of the people, as they run now."""
        return psutil.Process(self.process.pid).children()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end, and read all that it printed; the exit code."""
        code = self.process.wait(DEADLINE)
        self.output += self.process.stdout.read().decode()
        return code


class Client:
    """A person's browser without a screen: cookies, pages, and a tab's connection."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url
        self.origin = url.rstrip("/")

    async def enter(self, token: str, **headers: str) -> aiohttp.ClientResponse:
        headers = {"Origin": self.origin, **headers}
        async with self.session.post(f"{self.url}enter", data=token, headers=headers) as answer:
            await answer.read()
            return answer

    async def get(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        async with self.session.get(f"{self.url}{path}", headers=headers) as answer:
            await answer.read()
            return answer

    def tab(self, headers: dict[str, str] | None = None) -> Any:
        """The connection of a tab, to be used in `async with`."""
        url = f"{self.url}ws?width=100&height=30"
        return self.session.ws_connect(url, headers={"Origin": self.origin, **(headers or {})})

    async def refused(self, headers: dict[str, str] | None = None) -> int:
        """The status with which a tab is refused; 101 if it is not."""
        try:
            async with self.tab(headers):
                return 101
        except aiohttp.WSServerHandshakeError as error:
            return error.status


@asynccontextmanager
async def client(serving: Serving, person: str = "") -> AsyncIterator[Client]:
    """A browser, which has opened a person's link."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        made = Client(session, serving.url)
        if person:
            assert (await made.enter(serving.token(person))).status == 204
        yield made


async def keys(tab: aiohttp.ClientWebSocketResponse, text: str) -> None:
    await tab.send_json(["stdin", text])


async def see(tab: aiohttp.ClientWebSocketResponse, *wanted: str) -> str:
    """Read what is drawn until these stand on a screen that began empty with the tab; the screen."""
    screen, stream = _SCREENS.setdefault(tab, _screen())
    async with asyncio.timeout(DEADLINE):
        while not all(words in (text := "\n".join(screen.display)) for words in wanted):
            message = await tab.receive()
            assert message.type == aiohttp.WSMsgType.BINARY, (message, text)
            stream.feed(UNKNOWN_TO_PYTE.sub(b"", message.data))
    return text


def _screen() -> tuple[pyte.Screen, pyte.ByteStream]:
    screen = pyte.Screen(100, 30)
    return screen, pyte.ByteStream(screen)


_SCREENS: WeakKeyDictionary[Any, tuple[pyte.Screen, pyte.ByteStream]] = WeakKeyDictionary()


async def farewell(tab: aiohttp.ClientWebSocketResponse) -> str:
    """Read to the end; what the server said last."""
    said = ""
    async with asyncio.timeout(DEADLINE):
        async for message in tab:
            if message.type == aiohttp.WSMsgType.TEXT:
                kind, words = json.loads(message.data)
                said = words if kind == "ended" else said
    return said


def ended(process: psutil.Process) -> bool:
    """Whether a process is over, also where nobody takes note of it."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def until(ready: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not ready():
            await asyncio.sleep(0.02)


class Tab:
    """A page in a real browser, by the DevTools protocol."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire
        self._count = 0
        self.requests: list[str] = []
        """Every address the page asked for."""
        self.complaints: list[str] = []
        """What stands in the page's console as an error."""

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._count += 1
        await self._wire.send_json({"id": self._count, "method": method, "params": params})
        while True:
            answer = await self._wire.receive_json(timeout=DEADLINE)
            if answer.get("id") == self._count:
                assert "error" not in answer, (method, answer)
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(params["url"])
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.complaints.append(params["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"]))

    async def open(self, link: str) -> None:
        for domain in ("Network", "Log", "Runtime", "Page"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=link)

    async def value(self, script: str) -> Any:
        result = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return result["result"].get("value")

    async def wait(self, script: str) -> None:
        async with asyncio.timeout(DEADLINE):
            while not await self.value(script):
                await asyncio.sleep(0.02)

    async def press(self, key: str, code: int, ctrl: bool = False) -> None:
        """Press a key: its name as the browser says it, and its number."""
        written = {"Enter": "\r"}.get(key, key)
        text = {"text": written} if len(written) == 1 and not ctrl else {}
        press = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 2 if ctrl else 0}
        await self.call("Input.dispatchKeyEvent", type="keyDown", **press, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **press)

    async def picture(self, path: Path) -> None:
        shot = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Tab]:
    """A new browser with one empty page and a profile of its own."""
    flags = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
    flags += ["--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"]
    flags += ["--disable-background-networking", "--disable-extensions", "--window-size=1100,700"]
    if os.geteuid() == 0:  # the browser refuses root its own sandbox; what it opens is ours
        flags.append("--no-sandbox")
    process = await asyncio.create_subprocess_exec(
        *(browser_path(), *flags, "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    said = folder / "DevToolsActivePort"
    try:
        await until(lambda: said.is_file() and len(said.read_text().splitlines()) == 2)
        port = said.read_text().splitlines()[0]
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/json/list") as answer,
        ):
            pages = [each for each in await answer.json() if each["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"]) as wire:
                yield Tab(wire)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
