"""Starting the interface on a project."""

import gc
import os
import sys
from pathlib import Path

from annotator.config import Config
from annotator.model.errors import AnnotatorError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from annotator.store.project import Project
    from annotator.tui.app import AnnotatorApp, Saver


def start(
    path: Path,
    annotator: str,
    config: Config,
    article: str | None = None,
    queue: bool = False,
    mouse: bool = True,
) -> int:
    """Open the interface and return the exit code.

    Args:
        path: The project.
        annotator: Who one is.
        config: The configuration.
        article: Id of the article to open; None opens the one left last, or the next to do.
        queue: Open the queue first.
        mouse: Whether the mouse works here rather than in the terminal.

    Raises:
        AnnotatorError: no usable terminal, the project cannot be opened, or decisions could not be
            saved in the end.
    """
    gc.disable()  # until the first paint: nothing made while starting is garbage
    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    os.environ.setdefault("TEXTUAL_FPS", "1000")  # the saved mark need not wait for a frame
    from annotator.store.project import Project

    with Project.open(path, annotator) as project:
        from annotator.tui.app import AnnotatorApp
        from annotator.tui.sticky import keep, left, put_back, recall
        from annotator.tui.work import WorkList

        work = WorkList(project)
        found = recall(project, config.remember)
        work.where, work.sort = found.where if any(found.where) else work.usual, found.sort
        if not project.count():
            raise AnnotatorError(
                f"{path} holds no articles yet: bring some in with `annotator import {path} SOURCE`."
            )
        if article is not None:
            project.article(article)
        told = send_what_waited(project)
        app = AnnotatorApp(work, config, article or work.first(), queue)
        app.desk.say(told)
        put_back(app, found)
        get_help(app)
        app.run(mouse=mouse and config.mouse)
        keep(project, config.remember, left(app))
        if app.fault is None:
            app.desk.leave()
        if app.helper is not None:
            app.helper.close()
        finish_saving(app.desk)
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0


def get_help(app: "AnnotatorApp") -> None:
    """Let suggestions be prepared beside the screens, unless nobody wants any."""
    app.work.wants_suggestions = app.config.suggest
    if app.config.suggest and not app.work.project.readonly:
        from annotator.tui.helper import Helper

        app.helper = Helper(app)


def send_what_waited(project: "Project") -> str:
    """Save what an earlier sitting could not, before anything newer; what to tell about it.

    Raises:
        AnnotatorError: it still cannot be saved.
    """
    waiting = len(project.pending())
    if not waiting:
        return ""
    try:
        saved = project.retry().result()
    except AnnotatorError as error:
        if project.pending():
            raise AnnotatorError(
                f"{_decisions(waiting)} of an earlier sitting still to be saved: {error}"
            ) from error
        return str(error)
    verb = "is" if saved == 1 else "are"
    return f"{_decisions(saved)} that an earlier sitting could not save {verb} saved now."


def _decisions(count: int) -> str:
    return "1 decision" if count == 1 else f"{count} decisions"


def finish_saving(desk: "Saver") -> None:
    """Wait for the last act, and say so when that takes time.

    Raises:
        AnnotatorError: it could not be saved.
    """
    if desk.saving is None:
        return
    if not desk.saving.done():
        sys.stderr.write("Saving the last decisions …\n")
        sys.stderr.flush()
    error = desk.saving.exception()
    if error is not None:
        raise AnnotatorError(str(error)) from error


def check_terminal() -> None:
    """Refuse a place where nothing can be drawn.

    Raises:
        AnnotatorError: standard input or error (where Textual draws) is no terminal, or a dumb one.
    """
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise AnnotatorError("The interface needs a terminal; for scripts use the commands.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise AnnotatorError("This terminal cannot draw (TERM is not set or dumb); set TERM=xterm.")
