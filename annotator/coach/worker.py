"""The suggesters' own process: `python -m annotator.coach.worker --as NAME PROJECT`.

It speaks JSON lines. From the app come `{"prepare": [ids]}` (the article on the desk, then those that
come next), `{"finished": id}` and `{"stop": true}`; to the app go `{"ready": id}` when there are new
guesses for an article, and `{"note": "One sentence."}`. A newer `prepare` replaces an older one. It
ends when its input ends or the project file is gone, and whatever is no message is passed over.

It opens the project itself and begins no sitting. What is dear, a refit, goes to a further process of
lower priority, and plug-ins to a thread: meanwhile it goes on with what it has.
"""

import json
import signal
import sys
import threading
from argparse import ArgumentParser
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import IO, Any

from annotator import config
from annotator.coach.learning import Coach
from annotator.coach.pupil import Pupil
from annotator.coach.refitting import Refit, packed, refit
from annotator.coach.starting import (
    leave,
    leave_when_closed,
    pipes,
    stand_back,
)
from annotator.coach.steps import Answer, Step, look_at, tell
from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import SuggesterSettings
from annotator.store.address import Address, Place, place_of
from annotator.store.coaching import FinishedLayer, Lesson
from annotator.store.project import Project
from annotator.store.trouble import UnreachableError

NICE, REFIT_NICE = 10, 15
"""How far this process and the one that refits stand back behind others (see `nice`)."""
IDLE = 6.0
"""Seconds without work after which what was learnt is kept."""
LOOK = 2.0
"""Seconds between looks whether the project file is still there."""
AT_ONCE = 4
"""Articles each suggester learns between two looks at what the app says."""
MUCH = 200
"""With more to learn than this, one more at once for each so many."""
MANY = 30
"""With more to learn than this, what is known by then suggests first."""
MOST = 50
"""Articles prepared at one request, at most."""
FAILURES = 2
"""After so many failed refits, or troubles with the file in a row, it is left at that."""
LONGEST = 1 << 20
"""Bytes of a message that are read."""
LAST = 5.0
"""Seconds the end may take, whatever a plug-in does."""
ALONE = "The suggestions' process broke: plug-ins are left out until the next start."

Handler = Callable[[], bool]
"""What is to be done about something that happened; whether to go on."""


class Worker:
    """Does what the app asks for, one short step after another."""

    def __init__(
        self, project: Project, settings: Mapping[str, SuggesterSettings], out: IO[bytes]
    ) -> None:
        """`settings` are those of plug-ins, `out` takes the messages."""
        self._project = project
        self._out = out
        self._events: SimpleQueue[Handler] = SimpleQueue()
        self._file = _identity(project.path)
        self._wanted: list[str] = []
        """The article on the desk, then those that come next."""
        self._spare_desk = False
        """Whether the guesses for the article on the desk stay as they are for now."""
        self._steps: deque[Step] = deque()
        self._left = 1
        """How many articles there are to learn, as far as is known."""
        self._asked = False
        """Whether a plug-in is at work."""
        self._rested = 0.0
        self._child: Refit | None = None
        self._failed: dict[tuple[str, str], int] = {}
        self._troubles = 0
        self._settings = settings
        """Of plug-ins that are still to be brought in."""
        self._coach = Coach(project, told=self.note)

    # --- talking ---------------------------------------------------------------------------------

    def listen(self, source: IO[bytes]) -> None:
        """Take messages from the app until it is gone; runs in a thread of its own."""
        with suppress(OSError, ValueError):
            while line := source.readline(LONGEST):
                with suppress(ValueError, RecursionError):
                    said = json.loads(line)
                    if isinstance(said, dict):
                        self._events.put(partial(self._hear, said))
        self._end()

    def note(self, sentence: str) -> None:
        """Tell the annotator something."""
        self._say({"note": sentence})

    def _say(self, message: Mapping[str, str]) -> None:
        try:
            self._out.write(json.dumps(message).encode() + b"\n")
            self._out.flush()
        except (OSError, ValueError):  # nobody listens any more
            self._end()

    def _end(self) -> None:
        """The app is gone: so are we, soon in any case."""
        last = threading.Timer(LAST, leave, (0,))
        last.daemon = True
        last.start()
        self._events.put(lambda: False)

    def _hear(self, said: Mapping[str, Any]) -> bool:
        """A message came."""
        if said.get("stop"):
            return False
        wanted = said.get("prepare")
        if isinstance(wanted, list):
            self._wanted = [each for each in wanted if isinstance(each, str)][:MOST]
            self._spare_desk = False
            self._plan()
        if isinstance(said.get("finished"), str):
            self._spare_desk = False
            self._left = max(self._left, 1)
        return True

    # --- the loop --------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until the app is gone, or the project."""
        try:
            while self._turn():
                pass
        finally:
            self._end_child()
        if self._is_there:
            with suppress(AnnotatorError):
                self._keep()

    def _turn(self) -> bool:
        """Deal with what happened, else do a piece of work, else rest; False at the end."""
        try:
            try:
                happened = self._events.get(not self._has_work, LOOK)
            except Empty:
                happened = self._work if self._has_work else self._rest
            if not self._is_there:
                return False
            if self._coach.forget():
                self._steps.clear()
                self._left = 1
            if not happened():
                return False
        except (
            UnreachableError
        ):  # it will pass, and the screen says so; then the next article is done
            self._steps.clear()
            self._left = 0
        except AnnotatorError as error:
            self._troubles += 1
            self._steps.clear()
            self._left = 0
            if self._troubles > FAILURES:
                self.note(f"Nothing new is suggested for now: {error}")
                return False
        return True

    @property
    def _is_there(self) -> bool:
        """Whether the project file is still the one that was opened."""
        return _identity(self._project.path) == self._file

    @property
    def _has_work(self) -> bool:
        if self._left or (self._steps and self._steps[0].pupil.bound.quick):
            return True
        return bool(self._settings) or (not self._asked and self._slow_work)

    @property
    def _slow_work(self) -> bool:
        """Whether there is anything for a plug-in to do; our own steps come before theirs."""
        return bool(self._steps) or self._pupil_to_teach is not None

    def _work(self) -> bool:
        """One piece of work, the most urgent first."""
        self._rested = 0.0
        quick = bool(self._steps) and self._steps[0].pupil.bound.quick
        if self._left and not (quick and self._left > MANY):
            self._learn()
        elif quick:
            step = self._steps.popleft()
            self._tell_new(step, self._coach.suggest(step))
        elif self._settings:
            self._plug_in()
        else:
            self._begin_slow()
        return True

    def _rest(self) -> bool:
        """Nothing to do: after a while what was learnt is kept."""
        before, self._rested = self._rested, self._rested + LOOK
        if before < IDLE <= self._rested:
            self._keep()
        return True

    def _keep(self) -> None:
        self._coach.look()
        self._coach.keep(but=self._child.key if self._child else None)
        self._troubles = 0

    def _learn(self) -> None:
        """Learn a few articles; after the last of them all is planned anew."""
        most = AT_ONCE + self._left // MUCH  # to look what there is costs as much in any case
        self._left = self._coach.learn(most=most, slow=False)
        if not self._left:
            self._refit()
            self._plan()

    # --- suggesting ------------------------------------------------------------------------------

    def _plan(self) -> None:
        """What there is to do for the articles that are wanted.

        What a refit finds out does not change what lies before the annotator's eyes.
        """
        steps = self._coach.plan(self._wanted)
        desk = self._wanted[0] if self._wanted and self._spare_desk else None
        self._steps = deque(step for step in steps if step.article != desk or not step.kept)

    def _tell_new(self, step: Step, is_new: bool) -> None:
        self._troubles = 0
        if is_new:
            self._say({"ready": step.article})

    # --- plug-ins, which take their time ---------------------------------------------------------

    def _plug_in(self) -> None:
        """Bring the plug-ins in, once our own suggesters have done their part."""
        settings, self._settings = self._settings, {}
        self._coach.plug_in(settings)
        self._left = 1

    @property
    def _pupil_to_teach(self) -> Pupil | None:
        """The next plug-in that has something to learn."""
        return next((p for p in self._coach.pupils if not p.bound.quick and p.new), None)

    def _begin_slow(self) -> None:
        """Let a plug-in learn or look at one article, in a thread: all it needs is read here."""
        pupil = self._pupil_to_teach
        if pupil is not None:
            found = next(self._coach.unlearnt(pupil, 1), None)
            pupil.new = pupil.new[1:]
            if found is not None:
                self._ask(partial(tell, pupil, found), partial(self._taught, pupil, found))
            return
        step = self._steps.popleft()
        article = self._coach.article(step)
        self._ask(partial(look_at, step.pupil, article), partial(self._found, step))

    def _ask(self, call: Callable[[], Any], then: Callable[[Callable[[], Any]], None]) -> None:
        """Call in a thread; `then` gets here what gives its result or raises what it raised."""
        made: Future[Any] = Future()

        def run() -> None:
            try:
                made.set_result(call())
            except BaseException as error:  # of somebody else's code anything may come
                made.set_exception(
                    error if isinstance(error, Exception) else RuntimeError(str(error))
                )
            self._events.put(partial(self._answered, partial(then, made.result)))

        self._asked = True
        threading.Thread(target=run, name="plug-in", daemon=True).start()

    def _answered(self, then: Callable[[], None]) -> bool:
        self._asked = False
        then()
        return True

    def _taught(self, pupil: Pupil, found: FinishedLayer, answer: Callable[[], None]) -> None:
        self._coach.teach(pupil, found, answer)
        if not pupil.new:
            self._refit()

    def _found(self, step: Step, answer: Callable[[], Answer | None]) -> None:
        self._tell_new(step, self._coach.file(step, answer))

    # --- refits ----------------------------------------------------------------------------------

    def _refit(self) -> None:
        """Begin a refit that pays, in a process of its own; one at a time."""
        if self._child is not None:
            return
        for pupil in self._coach.pupils:
            key = pupil.bound.key
            if self._failed.get(key, 0) < FAILURES and pupil.wants_refit:
                try:
                    self._child = Refit(
                        self._project.path, self._project.actor, pupil, self._refit_over
                    )
                except OSError:  # the system has no room for another process
                    self._failed[key] = FAILURES
                return

    def _refit_over(self, pupil: Pupil, lesson: Lesson | None) -> None:
        self._events.put(partial(self._refitted, pupil, lesson))

    def _refitted(self, pupil: Pupil, lesson: Lesson | None) -> bool:
        """A refit is over: what it found is kept, and what was finished meanwhile learnt."""
        self._end_child()
        key = pupil.bound.key
        if lesson is not None:
            self._project.keep_lesson(lesson)
        if lesson is not None and self._coach.take(pupil):
            pupil.fitted_to = len(pupil.learnt)
            self._spare_desk = True
        else:
            self._failed[key] = self._failed.get(key, 0) + 1
            if self._failed[key] == FAILURES:
                self.note(f"{pupil.bound.name} could not learn all of {pupil.layer} anew.")
        self._left = max(self._left, 1)
        return True

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _identity(place: Place) -> tuple[int, int] | None:
    """What tells a file from another one put in its place; None when there is none, and of a server."""
    if isinstance(place, Address):
        return None
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the worker, or with `--refit` one refit; the exit code."""
    parser = ArgumentParser(prog="annotator.coach.worker")
    parser.add_argument("project", type=place_of)
    parser.add_argument("--as", dest="actor", required=True)
    parser.add_argument("--refit", nargs=2, metavar=("LAYER", "SOURCE"))
    parser.add_argument("--alone", action="store_true")
    args = parser.parse_args(arguments)
    source, out = pipes()
    if args.refit:
        stand_back(REFIT_NICE, idle=True)
        threading.Thread(target=leave_when_closed, args=(source,), daemon=True).start()
        lesson = refit(args.project, args.actor, tuple(args.refit))
        if lesson is not None:
            out.write(packed(lesson))
            out.flush()
        return 0 if lesson is not None else 1
    stand_back(NICE)
    try:
        settings = config.read().suggesters
        with Project.open(args.project, args.actor) as project:
            worker = Worker(project, {} if args.alone else settings, out)
            if args.alone and settings:
                worker.note(ALONE)
            threading.Thread(target=worker.listen, args=(source,), daemon=True).start()
            worker.run()
    except AnnotatorError as error:
        with suppress(OSError):
            out.write(json.dumps({"note": f"Nothing new is suggested: {error}"}).encode() + b"\n")
            out.flush()
    return 0


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: leave(128 + number))
    done = main()
    sys.stderr.flush()
    leave(done)  # the app may be waiting
