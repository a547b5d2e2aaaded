"""The web server: a page, its terminal, and a connection for each tab.

Of textual-serve the terminal in the browser is used, its script, style and font, and the messages
which that script sends. Its server is not: it has no login, runs its command through a shell, lists its
folder, loads a font from elsewhere, prints what the application complains of, and lets a tab wait for
ever when that has died.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import textual_serve
from aiohttp import WSMsgType, web

from annotator.model.errors import AnnotatorError
from annotator.web import seats
from annotator.web.address import Address
from annotator.web.doors import Doors
from annotator.web.seat import ORDERLY, Size
from annotator.web.seats import FullError, Place, Seats

HEARTBEAT = 15.0
"""Seconds between looks whether the tab is still there; a lost one is noticed in half as many more."""
MOST_SENT = 1 << 18
"""Bytes of the longest message from a tab (a pasted text)."""
MOST_TOKEN = 200
"""Bytes of the longest token that is looked at."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' {socket}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing from elsewhere; the terminal's script makes styles of its own."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Server": "annotator",
}
OWN = Path(__file__).parent / "page"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Settings(NamedTuple):
    """What the server needs."""

    address: Address
    doors: Doors
    begin: seats.Begin
    limit: int
    idle: float
    """Seconds without a key after which a process is ended; 0 for never."""
    tell: Callable[[str], None]
    """Takes a line for whoever runs the server."""


class Server:
    """Answers requests on a socket that listens already."""

    def __init__(self, settings: Settings) -> None:
        self._address = settings.address
        self._doors = settings.doors
        self._idle = settings.idle
        self._tell = settings.tell
        self._seats = Seats(settings.limit, settings.begin)
        self._cookie = f"annotator-{settings.address.port}"
        if settings.address.secure:
            self._cookie = f"__Host-{self._cookie}"  # browsers take these by https only

    async def run(self, listening: socket.socket, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; then all processes have ended."""
        runner = web.AppRunner(self.application(), access_log=None, shutdown_timeout=2.0)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            await stop.wait()
        finally:
            await self._seats.close()
            await runner.cleanup()

    def application(self) -> web.Application:
        """The pages and what they fetch: only these, each by its name."""
        application = web.Application(client_max_size=MOST_TOKEN)
        for name, path in _files().items():
            application.router.add_get(f"/{name}", self._guarded(_file(path)))
        application.router.add_get("/who", self._guarded(self._who))
        application.router.add_post("/enter", self._guarded(self._enter))
        application.router.add_get("/ws", self._guarded(self._work))
        application.on_response_prepare.append(self._dress)
        return application

    # --- checks

    def _guarded(self, handler: Handler) -> Handler:
        """A handler behind the check by what name this server was called."""

        async def checked(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Host", "").lower() not in self._address.hosts:
                return _refusal(421, "This server is not known by that name.")
            return await handler(request)

        return checked

    async def _dress(self, request: web.Request, response: web.StreamResponse) -> None:
        """The headers of every answer."""
        response.headers.update(HEADERS)
        host = request.headers.get("Host", "").lower()
        known = host if host in self._address.hosts else ""
        scheme = "wss" if self._address.secure else "ws"
        socket_ = f"{scheme}://{known}" if known else ""
        response.headers["Content-Security-Policy"] = POLICY.format(socket=socket_)

    def _is_own(self, request: web.Request) -> bool:
        """Whether a page of this server sent the request."""
        return request.headers.get("Origin", "").lower() in self._address.origins

    def _person(self, request: web.Request) -> str | None:
        """Who asks; None when that is not known."""
        if self._doors.is_proxied:
            headers: dict[str, list[str]] = {}
            for name, value in request.headers.items():
                headers.setdefault(name.lower(), []).append(value)
            return self._doors.vouched(headers)
        return self._doors.holder(request.cookies.get(self._cookie, ""))

    # --- answers

    async def _who(self, request: web.Request) -> web.StreamResponse:
        """Tells the page who looks at it."""
        person = self._person(request)
        if person is None:
            return _refusal(401, "")
        return web.json_response({"person": person})

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """Gives the cookie for a token."""
        if not self._is_own(request):
            return _refusal(403, "Another page sent this.")
        token = (await request.read()).decode("ascii", "replace")
        cookie = None if self._doors.is_proxied else self._doors.enter(token)
        if cookie is None:
            return _refusal(403, "This link is not good, or not any more: ask for a new one.")
        answer = web.Response(status=204)
        answer.set_cookie(
            self._cookie,
            cookie,
            path="/",
            httponly=True,
            samesite="Strict",
            secure=self._address.secure,
        )
        return answer

    async def _work(self, request: web.Request) -> web.StreamResponse:
        """A tab, from its opening to its end."""
        if not self._is_own(request):
            return _refusal(403, "Another page sent this.")
        person = self._person(request)
        if person is None:
            return _refusal(401, "Open your own link first.")
        tab = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MOST_SENT, timeout=2.0)
        await tab.prepare(request)
        query = request.query
        try:
            size = Size.fit(_whole(query.get("width", "")), _whole(query.get("height", "")))
            place = await self._seats.take(person, size)
        except FullError:
            await _farewell(tab, seats.FULL)
            return tab
        except OSError as error:
            self._tell(f"{person}: the program cannot be started: {error.strerror}.")
            await _farewell(tab, seats.FAILED)
            return tab
        self._tell(f"{person} came.")
        try:
            await self._sit(tab, place)
        finally:
            self._seats.leave(place)
            self._tell(f"{person} left{_because(place)}")
        return tab

    async def _sit(self, tab: web.WebSocketResponse, place: Place) -> None:
        """Pass keys in and pictures out until the tab or the process ends; then both have ended."""
        tasks = [asyncio.create_task(_show(tab, place))]
        if self._idle:
            tasks.append(asyncio.create_task(place.end_when_idle(self._idle)))
        try:
            async for message in tab:
                if message.type != WSMsgType.TEXT or not await _take(tab, place, message.data):
                    place.why = place.why or seats.FORBIDDEN
                    break
        finally:
            try:
                await place.end(seats.CLOSED)
                await tasks[0]
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                place.seat.close()


async def _show(tab: web.WebSocketResponse, place: Place) -> None:
    """Send what the process draws; when it has ended, say so and close the tab's connection."""
    while data := await place.seat.read():
        with contextlib.suppress(ConnectionError, RuntimeError):  # the tab is gone: only read on
            await tab.send_bytes(data)
    code = await place.seat.wait()
    place.why = place.why or (seats.LEFT if code in ORDERLY else seats.FAILED)
    await _farewell(tab, f"{place.why} {seats.SAVED if code in ORDERLY else seats.WAITS}")


async def _farewell(tab: web.WebSocketResponse, words: str) -> None:
    """Tell the page why it ends, and end."""
    with contextlib.suppress(ConnectionError, RuntimeError):
        await tab.send_str(json.dumps(["ended", words]))
    await tab.close()


async def _take(tab: web.WebSocketResponse, place: Place, text: str) -> bool:
    """Deal with a message from the tab; False when it is none that the terminal sends."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    match message:
        case ["stdin", str(keys)]:
            place.last_key = asyncio.get_running_loop().time()
            return place.seat.write(keys.encode("utf-8", "replace"))
        case ["resize", {"width": columns, "height": rows}]:
            place.seat.resize(Size.fit(columns, rows))
        case ["ping", str(mark)]:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await tab.send_str(json.dumps(["pong", mark]))
        case ["focus"] | ["blur"]:  # the terminal itself tells, with the keys
            pass
        case _:
            return False
    return True


def _because(place: Place) -> str:
    """Why somebody left, for whoever runs the server."""
    code = place.seat.process.returncode
    return f": {place.why}" + ("" if code in ORDERLY else f" Exit code {code}.")


def _refusal(status: int, words: str) -> web.Response:
    return web.Response(status=status, text=words)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _file(path: Path) -> Handler:
    async def sent(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(path)

    return sent


def _files() -> Mapping[str, Path]:
    """What may be fetched, by name."""
    static = Path(textual_serve.__file__).parent / "static"
    return {
        "": OWN / "index.html",
        "page.js": OWN / "page.js",
        "page.css": OWN / "page.css",
        "terminal.js": static / "js" / "textual.js",
        "terminal.css": static / "css" / "xterm.css",
        "font.ttf": static / "fonts" / "RobotoMono-VariableFont_wght.ttf",
        "font-italic.ttf": static / "fonts" / "RobotoMono-Italic-VariableFont_wght.ttf",
    }


def listen(address: Address) -> tuple[socket.socket, Address]:
    """A listening socket, and the address with the port it got.

    Raises:
        AnnotatorError: the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listening = socket.create_server((address.host, address.port), family=family)
    except OSError as error:
        raise AnnotatorError(
            f"Nothing can listen on {address.host} port {address.port}: {error.strerror}; "
            "choose another with --port."
        ) from None
    return listening, address._replace(port=listening.getsockname()[1])
