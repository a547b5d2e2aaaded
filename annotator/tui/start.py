"""Starting the interface on a project."""

import gc
import os
import sys

from annotator.config import Config
from annotator.model.errors import AnnotatorError
from annotator.store.address import Address, Place, typed
from annotator.store.trouble import AwaitedError, UnreachableError

SOON = 0.3
"""Seconds that the last act may take without a word."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from annotator.store.project import Project
    from annotator.tui.app import AnnotatorApp, Saver
    from annotator.tui.work import WorkList


def start(
    path: Place,
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

    with _opened(path, annotator, Project.open) as project:
        from annotator.tui.app import AnnotatorApp
        from annotator.tui.sticky import keep, left, put_back, recall

        told = send_what_waited(project)
        work = work_on(project)
        found = recall(project, config.remember)
        work.where, work.sort = found.where if any(found.where) else work.usual, found.sort
        if not project.count():
            raise AnnotatorError(
                f"{path} holds no articles yet: bring some in with `annotator import {typed(path)} SOURCE`."
            )
        if article is not None:
            project.article(article)
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
        finish_saving(app.desk, project)
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0


def work_on(project: "Project") -> "WorkList":
    """The project as the screens see it."""
    if isinstance(project.path, Address):
        from annotator.tui.away import AwayList

        return AwayList(project)
    from annotator.tui.work import WorkList

    return WorkList(project)


def _opened(path: Place, annotator: str, opening: "Callable[[Place, str], Project]") -> "Project":
    """The project, opened; of a server that is away it is told what can be done meanwhile."""
    try:
        return opening(path, annotator)
    except UnreachableError as error:
        if not isinstance(path, Address):
            raise
        from annotator.store.journal import waiting_for

        number = waiting_for(path, annotator)
        waits = f" {_decisions(number)} kept on this machine {'is' if number == 1 else 'are'} sent at the next start that reaches it."
        raise AnnotatorError(
            f"{error} Only a checkout that was made before (`annotator checkout {typed(path)} FILE`) can be "
            f"worked on without it.{waits if number else ''}"
        ) from error


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
    pending = project.pending()
    waiting = sum(each.decides for each in pending)
    if not pending:
        return _waits_elsewhere(project)
    try:
        project.retry().result()
    except UnreachableError:
        return f"{_decisions(waiting)} of an earlier sitting: sent when the server can be reached."
    except AnnotatorError as error:
        if project.pending():
            raise AnnotatorError(
                f"{_decisions(waiting)} of an earlier sitting still to be saved: {error}"
            ) from error
        return str(error)
    if not waiting:
        return ""
    verb = "is" if waiting == 1 else "are"
    return f"{_decisions(waiting)} that an earlier sitting could not save {verb} saved now."


def _waits_elsewhere(project: "Project") -> str:
    """What is told of decisions on the same project that were meant for a server; "" for none."""
    others = project.elsewhere()
    if not any(each.decides for each in others):
        return ""
    return f"{_decisions(sum(each.decides for each in others))} of yours wait for {others[0].path}: open that to send them."


def _decisions(count: int) -> str:
    return "1 decision" if count == 1 else f"{count} decisions"


def finish_saving(desk: "Saver", project: "Project") -> None:
    """Wait for the last act, and say so when that takes time; tell what waits for a server.

    Raises:
        AnnotatorError: it could not be saved.
    """
    if desk.saving is None:
        return
    from concurrent.futures import wait

    if not wait((desk.saving,), SOON).done:
        sys.stderr.write("Saving the last decisions …\n")
        sys.stderr.flush()
    error = desk.saving.exception()
    if error is not None and not isinstance(error, AwaitedError):
        raise AnnotatorError(str(error)) from error
    waiting = sum(each.decides for each in project.kept()) if project.reach is not None else 0
    if waiting:
        verb, them = ("is", "it") if waiting == 1 else ("are", "them")
        sys.stderr.write(
            f"{_decisions(waiting)} for {project.path} {verb} kept on this machine: the next start "
            f"sends {them}.\n"
        )


def check_terminal() -> None:
    """Refuse a place where nothing can be drawn.

    Raises:
        AnnotatorError: standard input or error (where Textual draws) is no terminal, or a dumb one.
    """
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise AnnotatorError("The interface needs a terminal; for scripts use the commands.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise AnnotatorError("This terminal cannot draw (TERM is not set or dumb); set TERM=xterm.")
