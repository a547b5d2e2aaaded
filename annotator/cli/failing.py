"""What goes wrong, as one plain line and an exit code; never a traceback on the screen."""

import os
import sys

from annotator.model.errors import AnnotatorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ERROR, FAULT, INTERRUPTED, PIPE = 2, 3, 130, 141
"""Exit codes; 0 and 1 are for commands to give."""

DEBUG = "ANNOTATOR_DEBUG"
"""Set to 1, unexpected errors show their traceback."""


def guarded(function: "Callable[[], int]") -> int:
    """Run a command and turn every failure into a line and a code."""
    try:
        code = function()
        sys.stdout.flush()
    except AnnotatorError as error:
        return _fail(str(error), ERROR)
    except KeyboardInterrupt:
        return _fail("interrupted; what was saved stays saved.", INTERRUPTED)
    except BrokenPipeError:
        return _broken_pipe()
    except SystemExit as leaving:  # argparse, after its own line or its help
        return leaving.code if isinstance(leaving.code, int) else 0
    except OSError as error:
        if error.filename is None:
            return _unexpected(error)
        return _fail(f"{_name(error.filename)}: {error.strerror}.", ERROR)
    except MemoryError:
        return _fail("there is not enough memory for this.", ERROR)
    except Exception as error:
        return _unexpected(error)
    return code


def _fail(message: str, code: int) -> int:
    from annotator.cli.out import complain

    try:
        complain(message)
    except BrokenPipeError:
        return _broken_pipe()
    return code


def _name(filename: object) -> str:
    return os.fsdecode(filename) if isinstance(filename, str | bytes) else str(filename)


def _broken_pipe() -> int:
    """Whoever read the output went away; nothing more may be written, not even at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    return PIPE


def _unexpected(error: Exception) -> int:
    """A fault of ours: the traceback goes to a file, one sentence to the screen."""
    import traceback

    details = "".join(traceback.format_exception(error))
    if os.environ.get(DEBUG) == "1":
        return _fail(details, FAULT)
    what = f"an unexpected error ({type(error).__name__})"
    try:
        path = _write(details)
    except OSError:
        return _fail(f"{what}; set {DEBUG}=1 and run again to see the details.", FAULT)
    return _fail(f"{what}; the details are in {path} - please report it with them.", FAULT)


def _write(details: str) -> "Path":
    """Keep the details in the user's state folder; the file's path. Raises OSError."""
    import time

    from platformdirs import user_state_path

    from annotator import __version__

    folder = user_state_path("annotator", appauthor=False) / "errors"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / time.strftime(f"%Y%m%d-%H%M%S-{os.getpid()}.log")
    system = f"annotator {__version__}, Python {sys.version}\n{sys.argv!r}\n"
    path.write_text(system + details, encoding="utf-8", errors="backslashreplace")
    return path
