"""Hearing what a server tells: one connection that sleeps until something comes in."""

import json
from collections.abc import Sequence

import psycopg

from annotator.store import server
from annotator.store.address import Address
from annotator.store.notices import ANYTHING, CHANNEL, Heard
from annotator.store.reader import Reader

ANSWER = 10.0
"""Seconds a short question may take before the server counts as lost."""


class ServerEar:
    """A connection that listens (`live.Ear`); between two notices it answers short questions."""

    every: float | None = None

    def __init__(self, address: Address) -> None:
        """Connect and listen; raises ServerError."""
        self._conn = server.connect(address, readonly=True)
        self._conn.patience = ANSWER
        self._came: list[Heard] = []
        # what arrives while a question is answered
        self._conn.raw.add_notify_handler(lambda notice: self._came.append(said(notice.payload)))
        self._conn.run(f"LISTEN {CHANNEL}")
        self.reader = Reader.over(self._conn, address)

    @property
    def descriptors(self) -> Sequence[int]:
        """The connection's socket."""
        return (self._conn.raw.fileno(),)

    def heard(self) -> list[Heard]:
        """What came in; raises ServerError when the connection is lost."""
        low = self._conn.raw.pgconn
        try:
            low.consume_input()
            while notice := low.notifies():
                self._came.append(said(notice.extra.decode("utf-8", "replace")))
        except psycopg.Error as error:
            raise server.ServerError("lost", " ".join(str(error).split())) from error
        found, self._came = self._came, []
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._conn.close()


def said(payload: str) -> Heard:
    """What a notice says; whatever else somebody may send on the channel can mean anything."""
    try:
        body = json.loads(payload)
        return Heard(
            str(body["what"]),
            int(body.get("n", 0)),
            str(body.get("who", "")),
            str(body.get("by", "")),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return Heard(ANYTHING)
