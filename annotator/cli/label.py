"""`annotator label`: the interface, or with --plain the same desk line by line."""

import sys
from argparse import Namespace
from io import TextIOWrapper
from typing import TYPE_CHECKING

from annotator.cli.open import existing, interface
from annotator.store.address import Place, typed

if TYPE_CHECKING:
    from annotator.store.project import Project
    from annotator.tui.work import WorkList

SETTLE = 2.0
"""Seconds to wait until a server has said whether one sits elsewhere too."""


def run(args: Namespace) -> int:
    """Open the project for labelling; the exit code is the interface's."""
    path = existing(args.project)
    return plain(args, path) if args.plain else interface(args, path, article=args.article)


def plain(args: Namespace, path: Place) -> int:
    """Label line by line; 1 when something could not be saved or a script's line was refused."""
    from annotator import config
    from annotator.cli import out
    from annotator.desk.actions import ACTIONS, remap
    from annotator.desk.keyboard import Keyboard
    from annotator.plain.session import Session
    from annotator.store.project import Project
    from annotator.tui.start import send_what_waited
    from annotator.tui.work import WorkList

    settings = config.read()
    keyboard = Keyboard(settings.layout, remap(settings.keys, ACTIONS))
    _prepare_streams()
    with Project.open(path, config.who(args.actor, settings)) as project:
        told = send_what_waited(project)
        if told:
            out.say(told)
        work = WorkList(project)
        article = _first(project, work, path, args.article)
        if article is None:
            out.say("No article is left to do; name one with --article ID.")
            return 0
        told = work.sit(wait=SETTLE)
        if told:
            out.say(told)
        session = Session(work, work.scheme.with_units(settings.units), keyboard, out.say)
        session.open(article)
        try:
            session.read(sys.stdin)
        finally:
            saved = session.leave()
            work.stand_up()
        return 0 if saved and (sys.stdin.isatty() or not session.refused) else 1


def _first(project: "Project", work: "WorkList", path: Place, named: str | None) -> str | None:
    """The article to begin with."""
    from annotator.model.errors import AnnotatorError

    if not project.count():
        raise AnnotatorError(
            f"{path} holds no articles yet: bring some in with `annotator import {typed(path)} SOURCE`."
        )
    return project.article(named).id if named is not None else work.first()


def _prepare_streams() -> None:
    """Lines go out as they are said; what is no text comes in as a sign for that."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
