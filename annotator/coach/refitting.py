"""A refit in a process of its own, which takes only time that nobody else wants.

Such a process must never hold the project's lock: while others keep the machine busy it stands still, and
whoever saves would wait for it. So it only reads; what it learnt goes to the worker, which keeps it.
"""

import json
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress

from annotator import config
from annotator.coach.learning import Coach
from annotator.coach.pupil import Pupil
from annotator.coach.starting import command
from annotator.store.address import Place
from annotator.store.coaching import Lesson
from annotator.store.project import Project
from annotator.store.secret import environment

Key = tuple[str, str]
"""Layer and source of a suggester."""


class Refit:
    """The worker's handle on such a process."""

    def __init__(
        self, path: Place, actor: str, pupil: Pupil, over: Callable[[Pupil, Lesson | None], None]
    ) -> None:
        """Start it.

        Args:
            path: the project.
            actor: the annotator's name.
            pupil: whom to refit.
            over: takes the same and the lesson, None when there is none; called in a thread.

        Raises:
            OSError: the process cannot be started.
        """
        self.key = pupil.bound.key
        self._process = subprocess.Popen(
            command(path, actor, self.key),
            stdin=subprocess.PIPE,  # it ends when this does
            stdout=subprocess.PIPE,
            env=environment(path),
        )
        self._over = over
        threading.Thread(target=self._await, args=(pupil,), name="refit", daemon=True).start()

    def _await(self, pupil: Pupil) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as out:
            said = out.read()
        code = self._process.wait()
        self._over(pupil, None if code else unpacked(self.key, said))

    def end(self) -> None:
        """End it if it still runs; has to be called in any case."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()


def refit(path: Place, actor: str, key: Key) -> Lesson | None:
    """Refit one suggester: what it learnt, which is for the caller to keep; None when it broke."""
    settings = config.read().suggesters
    with Project.open(path, actor, readonly=True) as project:
        coach = Coach(project, settings if key[1] in settings else None, only=key)
        pupil = coach.pupil(*key)
        if pupil is None or not coach.refit(pupil, keep=False):
            return None
        return coach.lesson(pupil)


def packed(lesson: Lesson) -> bytes:
    """A lesson as it is told to the worker: a line of JSON, then the bytes that the suggester saved."""
    line = json.dumps({"version": lesson.version, "learnt": dict(lesson.learnt)})
    return line.encode() + b"\n" + lesson.saved


def unpacked(key: Key, said: bytes) -> Lesson | None:
    """The lesson that was told; None when something else was."""
    line, _, saved = said.partition(b"\n")
    try:
        head = json.loads(line)
        learnt = {int(n): str(stamp) for n, stamp in head["learnt"].items()}
        return Lesson(*key, str(head["version"]), learnt, saved)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
