"""Starting the interface on a project."""

import os
import sys
from pathlib import Path

from annotator.config import Config
from annotator.model.errors import AnnotatorError


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
        AnnotatorError: no usable terminal, or the project cannot be opened.
    """
    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    os.environ.setdefault("TEXTUAL_FPS", "240")  # the saved mark need not wait for a slow frame
    from annotator.store.project import Project

    with Project.open(path, annotator) as project:
        from annotator.tui.app import AnnotatorApp
        from annotator.tui.work import WorkList

        work = WorkList(project)
        if not project.count():
            raise AnnotatorError(
                f"{path} holds no articles yet: bring some in with `annotator import {path} SOURCE`."
            )
        if article is not None:
            project.article(article)
        app = AnnotatorApp(work, config, article or work.first(), queue)
        app.run(mouse=mouse and config.mouse)
        return app.return_code or 0


def check_terminal() -> None:
    """Refuse a place where nothing can be drawn.

    Raises:
        AnnotatorError: standard input or error (where Textual draws) is no terminal, or a dumb one.
    """
    if not all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise AnnotatorError("The interface needs a terminal; for scripts use the commands.")
    if os.environ.get("TERM", "") in ("", "dumb"):
        raise AnnotatorError("This terminal cannot draw (TERM is not set or dumb); set TERM=xterm.")
