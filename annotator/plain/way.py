"""What the plain mode asks of the project beside the desk's log: a way through the articles."""

from concurrent.futures import Future
from typing import Protocol

from annotator.desk.desk import Log


class Way(Log, Protocol):
    """Articles in the queue's order."""

    def place(self, article_id: str) -> str:
        """`n of m`."""

    def next_to_do(self, article_id: str) -> str | None:
        """The next unfinished article after this one."""

    def neighbour(self, step: int, article_id: str) -> str | None:
        """The article after (1) or before (-1) this one."""

    def is_stale(self, article_id: str) -> bool:
        """Whether another sitting changed an article since its decisions were read here."""

    def retry(self) -> Future[int]:
        """Send again what could not be saved."""
