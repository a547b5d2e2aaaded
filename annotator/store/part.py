"""What the parts of a project share: `Project` is put together from several, each a module."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from annotator.model.scheme import Scheme, StanceLayer
from annotator.store.address import Place
from annotator.store.engine import Connection
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.model.event import Act, Event
    from annotator.store.link import Link
    from annotator.store.live import Listener
    from annotator.store.writer import Writer

T = TypeVar("T")


class Part:
    """One side of a project: it reads through `_reader` and writes through `_writing`."""

    id: str
    path: Place
    actor: str
    readonly: bool
    scheme: Scheme
    _reader: Reader
    _link: "Link | None" = None
    """The way to the project's server; None for a file."""
    _listener: "Listener | None" = None
    """Hears what others do, once somebody wants to know."""

    @property
    def _writing(self) -> "Writer":
        """The writer, made at the first write; raises AnnotatorError when one may only read."""
        raise NotImplementedError

    def _write(self, fn: Callable[[Connection], T]) -> T:
        raise NotImplementedError

    def _wrote_as(self) -> str:
        """The name under which this process writes (`Chain.writer`); "" as long as it wrote nothing."""
        raise NotImplementedError

    def record(self, act: "Act", actor: str | None = None) -> "tuple[Event, ...]":
        """Save an act now, whole, and wait until it is durable; () when there is nothing in it.

        For commands, where nothing may be kept aside: raises AnnotatorError when it is not saved.
        """
        if not act.drafts:
            return ()
        name = self.actor if actor is None else actor

        def save(conn: Connection, chain: "Chain") -> "tuple[Event, ...]":
            events = chain.save(conn, act, name)
            chain.step(events)
            return tuple(event for event in events if event.act == act.id)

        return self._writing.write(save)

    @property
    def _stance_layer(self) -> str:
        layer: StanceLayer | None = self.scheme.stance_layer
        return layer.name if layer else "stance"


if TYPE_CHECKING:
    from annotator.store.saving import Chain
