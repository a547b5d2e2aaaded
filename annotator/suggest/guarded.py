"""A suggester of others in a wrapper that never raises, never waits long and checks what it says.

A plug-in runs in our own process, where nothing can stop it; so each of its calls runs in a thread of
its own and is waited for as long as the configuration allows. A call that takes longer is left to
itself, nothing is asked before it has come to its end, and after `PATIENCE` failures in a row the
plug-in is switched off. A plug-in that takes the whole process with it is beyond this: where that
must not happen, suggesters run in a process of their own. What asks a command or an address keeps
its time limit itself and is called directly, so that ending our process also ends the command.
"""

import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, TypeVar

from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer
from annotator.model.suggesters import SuggesterSettings
from annotator.suggest.checked import MOST, Rules
from annotator.suggest.protocol import Finished, Guess, Suggester
from annotator.text.visible import plain_line

PATIENCE = 3
"""Failures in a row, errors or time limits, after which a suggester is not asked any more."""
REFITTING = 600.0
"""Seconds a `refit` may take, and a `load`."""
MOST_SAVED = 64 * 2**20
"""Bytes of what a suggester may have kept for it."""

_Made = TypeVar("_Made")


class LateError(Exception):
    """A call that has not come to its end in time."""


class Guarded:
    """Somebody else's suggester of a layer, as harmless as it can be made; a `Suggester`."""

    def __init__(
        self,
        name: str,
        inner: Suggester,
        layer: SpanLayer,
        settings: SuggesterSettings,
        package: str = "",
    ) -> None:
        """`name` is the one in the configuration, `package` whom to name when it fails."""
        self.name = name
        self.layer = layer.name
        self._inner = inner
        self._settings = settings
        self._who = f"The suggester {name} ({package})" if package else f"The suggester {name}"
        self._rules = Rules(layer, settings.labels, settings.sure)
        self._digest = _digest(settings, layer)
        self._limited = bool(settings.plugin)
        self._left: threading.Thread | None = None
        self._failures = 0
        self._unsaid: list[str] = []
        self._said: set[str] = set()
        self.note = ""
        """The last sentence about what went wrong; "" as long as nothing did."""
        self.answered = True
        """Whether the last call came to a good end; what `suggest` gave is not to be kept if not."""

    @property
    def is_off(self) -> bool:
        """Whether it failed so often that it is not asked any more."""
        return self._failures >= PATIENCE

    def news(self) -> list[str]:
        """Sentences for people that were not fetched yet; the same one never twice."""
        found, self._unsaid = self._unsaid, []
        return found

    @property
    def version(self) -> str:
        """The suggester's own, and a digest of the settings that bear on what it gives."""
        try:
            own = plain_line(str(self._inner.version), 60)
        except Exception as error:  # of somebody else's code anything may come
            self._tell(self._failed(error))
            own = ""
        return f"{own}/{self._digest}" if own else self._digest

    @property
    def is_stale(self) -> bool:
        """Whether it says that a `refit` would pay."""
        try:
            return not self.is_off and bool(self._inner.is_stale)
        except Exception as error:  # as above
            self._tell(self._failed(error))
            return False

    def learn(self, article: Finished) -> None:
        """Let it learn an article."""
        self._ask(lambda: self._inner.learn(article), None, self._settings.timeout)

    def refit(self, articles: Iterable[Finished]) -> None:
        """Let it learn all articles anew."""
        kept = list(articles)
        self._ask(lambda: self._inner.refit(kept), None, REFITTING)

    def suggest(self, text: str, lang: str = "", source: str = "", title: str = "") -> list[Guess]:
        """What it suggests that is fit to be shown; nothing when it fails or takes too long."""
        nothing: list[Any] = []
        said = self._ask(
            lambda: self._listed(text, lang, source, title), nothing, self._settings.timeout
        )
        try:
            guesses, wrong = self._rules.checked(text, said)
        except Exception as error:  # what it gave may run code of its own when looked at
            self._fail(self._failed(error))
            return []
        for phrase in wrong:
            self._tell(f"{self._who} gave {phrase}: such guesses are left out.")
        return guesses

    def save(self) -> bytes:
        """What it learnt, as bytes of its own; b"" when it gives none."""
        saved = self._ask(self._inner.save, b"", REFITTING)
        if isinstance(saved, bytes) and len(saved) <= MOST_SAVED:
            return saved
        self._tell(f"{self._who} gave nothing that can be kept: it learns anew at the next start.")
        return b""

    def load(self, saved: bytes) -> None:
        """Let it take up what it learnt.

        Raises:
            AnnotatorError: it cannot.
        """
        self._ask(lambda: self._inner.load(saved), None, REFITTING)
        if not self.answered:
            raise AnnotatorError(self.note)

    def _listed(self, text: str, lang: str, source: str, title: str) -> list[Any]:
        """Its guesses as a list; made where the time limit holds, as it may give them one by one."""
        return list(islice(self._inner.suggest(text, lang, source, title), MOST + 1))

    def _ask(self, call: Callable[[], _Made], otherwise: _Made, seconds: float) -> _Made:
        """What a call gives, or `otherwise` when it fails, takes too long or is not made any more."""
        self.answered = False
        if self.is_off:
            return otherwise
        try:
            made = self._within(call, seconds) if self._limited else call()
        except LateError:
            self._fail(
                f"{self._who} took longer than its {seconds:g} seconds: it gives nothing there. "
                f"A larger timeout below [suggesters.{self.name}] allows it more."
            )
            return otherwise
        except Exception as error:  # of somebody else's code anything may come
            self._fail(self._failed(error))
            return otherwise
        self.answered, self._failures = True, 0
        return made

    def _within(self, call: Callable[[], _Made], seconds: float) -> _Made:
        """What a call in a thread gives within some seconds; raises what it raised, or LateError."""
        if self._left:
            self._left.join(seconds)
            if self._left.is_alive():
                raise LateError
        self._left = None
        return within(call, seconds, self._leave)

    def _leave(self, thread: threading.Thread) -> None:
        self._left = thread

    def _failed(self, error: Exception) -> str:
        if isinstance(error, AnnotatorError):
            return f"{self._who}: {error}"
        return f"{self._who} failed: {told(error)}. {what_to_do(self.name)}"

    def _fail(self, sentence: str) -> None:
        """Count a failure, and switch off with the last one that is borne."""
        self.answered = False
        self._failures += 1
        self._tell(sentence)
        if self.is_off:
            self._tell(
                f"{self._who} failed {PATIENCE} times in a row and is not asked again until the "
                "next start."
            )

    def _tell(self, sentence: str) -> None:
        self.note = sentence
        if sentence not in self._said:
            self._said.add(sentence)
            self._unsaid.append(sentence)


def within(
    call: Callable[[], _Made], seconds: float, leave: Callable[[threading.Thread], None]
) -> _Made:
    """What a call in a thread of its own gives; raises what it raises.

    Raises:
        LateError: it has not come to its end in time; the thread, which goes on, was given to `leave`.
    """
    made: list[_Made] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            made.append(call())
        except BaseException as error:  # also SystemExit: a plug-in does not end the program
            raised.append(error)

    thread = threading.Thread(target=run, name="suggester", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        leave(thread)
        raise LateError
    if raised:
        error = raised[0]
        raise error if isinstance(error, Exception) else RuntimeError(told(error))
    return made[0]


def told(error: BaseException) -> str:
    """An error of somebody else's code in a few words that may be shown."""
    try:
        words = str(error)
    except Exception:  # even that is somebody else's code
        words = ""
    kind = type(error).__name__
    return plain_line(f"{kind}: {words}" if words else kind, 160).rstrip(".")


def what_to_do(name: str) -> str:
    """The end of a sentence about a suggester that is broken."""
    return f"Tell its makers, or take [suggesters.{name}] out of your configuration."


def _digest(settings: SuggesterSettings, layer: SpanLayer) -> str:
    """Differs where settings do that bear on the guesses; the same in every process."""
    kept = settings._replace(timeout=0, layers=())
    said = [*kept, layer.name, [label.name for label in layer.active], layer.attributes]
    written = json.dumps(said, sort_keys=True, default=str)  # TOML has dates besides JSON's values
    return hashlib.sha256(written.encode()).hexdigest()[:12]
