"""A proxy on loopback that spoils connections: it cuts, stalls (as a cable pulled out does) and delays.

It stands between a client and a server that listens on a socket of either family; what goes through is
passed on as it comes. All of it is threads of the test's own process.
"""

import queue
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

CHUNK = 1 << 16


class CutProxy:
    """Listens on a port of 127.0.0.1 and passes on to a server.

    Args:
        server: a Unix socket's path, or the port of a server on 127.0.0.1.
        delay: seconds each piece is late, in each direction.
    """

    def __init__(self, server: Path | int, delay: float = 0.0) -> None:
        self._server = server
        self.delay = delay
        self.trips = 0
        """How often the direction changed from server to client: answers that were waited for."""
        self._pairs: list[_Pair] = []
        self._mutex = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._refusing = False
        self._words = b""
        self._passed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def url(self, name: str, user: str = "postgres") -> str:
        """The address of a database through the proxy."""
        return (
            f"postgresql://{user}@127.0.0.1:{self.port}/{name}?sslmode=disable&gssencmode=disable"
        )

    @property
    def connections(self) -> int:
        """How many there are now."""
        with self._mutex:
            return len(self._pairs)

    def cut(self) -> int:
        """Break all connections off in the middle; how many. New ones are let through."""
        with self._mutex:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            pair.close()
        return len(pairs)

    def refuse(self, yes: bool = True) -> None:
        """Cut all and let no new ones through, as a server that is down; or let them again."""
        self._refusing = yes
        if yes:
            self.cut()

    def stall(self, yes: bool = True) -> None:
        """Pass nothing on, without a word to anybody; or go on where it stopped."""
        if yes:
            self._open.clear()
        else:
            self._open.set()

    def trap(self, words: bytes, passed: bool) -> None:
        """Cut all when a client next sends these words: before the server has them, or after it answered."""
        self._passed = passed
        self._words = words

    def close(self) -> None:
        """End it all."""
        self._refusing = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._open.set()
        self.cut()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- in threads

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._refusing:
                client.close()
                continue
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        self._open.wait()
        try:
            if isinstance(self._server, int):
                server = socket.create_connection(("127.0.0.1", self._server))
            else:
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
        except OSError:
            client.close()
            return
        for each in (client, server):
            with suppress(OSError):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = _Pair(client, server)
        with self._mutex:
            self._pairs.append(pair)
        for source, target, answers in ((client, server, False), (server, client, True)):
            late: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
            if self.delay:
                threading.Thread(target=self._send, args=(pair, target, late), daemon=True).start()
            threading.Thread(
                target=self._pass, args=(pair, source, target, answers, late), daemon=True
            ).start()

    def _pass(
        self,
        pair: "_Pair",
        source: socket.socket,
        target: socket.socket,
        answers: bool,
        late: "queue.SimpleQueue[tuple[float, bytes]]",
    ) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                self._open.wait()
                if answers and pair.asked:
                    self.trips += 1
                pair.asked = not answers
                if self._is_trapped(pair, data, answers):
                    self.cut()
                if self.delay:
                    late.put((time.monotonic() + self.delay, data))
                else:
                    target.sendall(data)
        late.put((0.0, b""))
        with self._mutex:
            if pair in self._pairs:
                self._pairs.remove(pair)
        pair.close()

    def _is_trapped(self, pair: "_Pair", data: bytes, answers: bool) -> bool:
        if answers:
            return pair.trapped
        if not self._words or self._words not in data:
            return False
        self._words, pair.trapped = b"", True
        return not self._passed

    def _send(
        self,
        pair: "_Pair",
        target: socket.socket,
        late: "queue.SimpleQueue[tuple[float, bytes]]",
    ) -> None:
        with suppress(OSError):
            while (piece := late.get())[1]:
                time.sleep(max(piece[0] - time.monotonic(), 0))
                target.sendall(piece[1])


class _Pair:
    """Both ends of a connection."""

    def __init__(self, *ends: socket.socket) -> None:
        self._ends = ends
        self.asked = False
        """Whether the last piece came from the client."""
        self.trapped = False
        """Whether the next answer does not arrive."""

    def close(self) -> None:
        """Break it off."""
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
