"""How the suggesters' process begins and ends; light enough to be imported beside the screen."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

import annotator
from annotator.store.address import Place

MODULE = "annotator.coach.worker"


def command(
    path: Place, actor: str, refit: tuple[str, str] | None = None, alone: bool = False
) -> list[str]:
    """The command that starts the worker on a project, or its refit of one suggester.

    The folder one happens to be in is not searched for modules, unless the package itself is there.

    Args:
        path: the project.
        actor: the annotator's name.
        refit: layer and source of the suggester to refit; None for the worker.
        alone: without plug-ins, as one of them may have brought the process down.
    """
    beside = Path(annotator.__file__).resolve().parent.parent == Path.cwd()
    flags = [] if beside else ["-P"]
    asked = ["--refit", *refit] if refit else []
    asked += ["--alone"] if alone else []
    return [sys.executable, *flags, "-m", MODULE, *asked, f"--as={actor}", "--", str(path)]


def stand_back(niceness: int, idle: bool = False) -> None:
    """Let others go first, as far as the system knows of it (see `nice`).

    When `idle`, take only time that nobody else wants (see `sched`, SCHED_IDLE).
    """
    if hasattr(os, "nice"):
        os.nice(max(niceness - os.nice(0), 0))
    if idle and sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def leave_when_closed(source: IO[bytes]) -> None:
    """Whoever wanted this process is gone: what it would find out, nobody waits for."""
    with suppress(OSError, ValueError):
        source.read()
    leave(1)


def leave(code: int) -> None:
    """End at once, whatever threads of plug-ins are about; no command that they ask goes on."""
    asking = sys.modules.get("annotator.suggest.outside_command")
    if asking is not None:
        asking.end_all()
    os._exit(code)


def pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for messages alone: a plug-in that prints must not disturb them."""
    source, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return source, out
