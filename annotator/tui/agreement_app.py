"""The agreement screen's application, and its start on a project."""

import os
import sys
from concurrent.futures import Future
from typing import Any, ClassVar

from textual.screen import Screen

from annotator.config import Config
from annotator.desk.keyboard import Keyboard
from annotator.gold.agreement.report import Metric, Scope
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.address import Place
from annotator.store.project import Project
from annotator.tui.agreement import AgreementScreen
from annotator.tui.agreement_actions import AgreementProvider
from annotator.tui.agreement_desk import AgreementDesk
from annotator.tui.app import BaseApp, Saver
from annotator.tui.live import Live
from annotator.tui.start import check_terminal

PATIENCE = 0.5
"""Seconds after which it is said that a measurement has still to end."""


class _Nothing:
    """Nothing is saved here."""

    saving: "Future[Any] | None" = None


class AgreementApp(BaseApp):
    """Looking at one project's agreement."""

    COMMANDS: ClassVar = {AgreementProvider}
    DIRECT = AgreementScreen

    def __init__(self, desk: AgreementDesk, config: Config, keep: bool = False) -> None:
        """`keep` is that of `AgreementScreen`.

        Raises:
            AnnotatorError: the configuration names a layout or theme that there is not.
        """
        super().__init__(config)
        self.desk = desk
        self.keyboard = Keyboard(config.layout)
        self.adjudicate = ""
        """The article whose adjudication one left for; "" when one left for good."""
        self._saver = _Nothing()
        self._view = AgreementScreen(desk, keep)

    def on_mount(self) -> None:
        """Hear of others, once something was painted (Textual calls the base's `on_mount` as well)."""
        self.call_after_refresh(Live(self, self.desk.project).begin)

    @property
    def saver(self) -> Saver:
        """Nothing is saved here."""
        return self._saver

    def get_default_screen(self) -> Screen[None]:
        """The overview is the first screen."""
        return self._view

    @property
    def agreement(self) -> AgreementScreen:
        """The screen."""
        return self._view

    def told(self, words: str) -> None:
        """Show a message."""
        self.desk.message = words
        self._view.draw()

    def perform(self, name: str) -> None:
        """Carry out an action by its name."""
        self._view.run_action_named(name)

    def leave_for(self, article: str) -> None:
        """End, to adjudicate an article."""
        self.adjudicate = article
        self.exit()

    def stop(self) -> None:
        """Give up what is being measured, and wait until its project is closed."""
        jobs = self._view.stop()
        if not all(job.wait(PATIENCE) for job in jobs):
            # resampling and adding up have no steps between which they could end
            sys.stderr.write("Ending the measurement …\n")
            sys.stderr.flush()
        for job in jobs:
            job.wait()


def start(
    path: Place,
    actor: str,
    config: Config,
    scope: Scope,
    also: tuple[Metric, ...] = (),
    seed: int | None = None,
    keep: bool = False,
    mouse: bool = True,
) -> int:
    """Open the agreement screen and return the exit code.

    Args:
        path: the project.
        actor: who one is.
        config: the configuration.
        scope: what is measured, as `also` and `seed` those of `measuring.measure`.
        also: coefficients on request.
        seed: of the bootstrap.
        keep: whether what is counted may be kept in the project.
        mouse: whether the mouse works here rather than in the terminal.

    Raises:
        AnnotatorError: no usable terminal, the project cannot be opened, or this person may not see
            agreement.
    """
    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    os.environ.setdefault("TEXTUAL_FPS", "1000")
    desk: AgreementDesk | None = None
    while True:
        with Project.open(path, actor, readonly=True) as project:
            project.require(Role.ADJUDICATOR, "see agreement")
            if desk is None:
                desk = AgreementDesk(project, scope, also, seed)
            desk.project = project
            app = AgreementApp(desk, config, keep)
            try:
                app.run(mouse=mouse and config.mouse)
            finally:
                app.stop()
            if app.fault is not None:
                raise app.fault
        if not app.adjudicate:
            return app.return_code or 0
        _adjudicate(path, actor, config, app.adjudicate, desk, mouse)


def _adjudicate(
    path: Place, actor: str, config: Config, article: str, desk: AgreementDesk, mouse: bool
) -> None:
    """Adjudicate an article, then leave the comparison that was open: it is old now."""
    from annotator.lead.adjudication_queue import Options
    from annotator.tui.adjudicate_app import start as adjudicate
    from annotator.tui.agreement_work import Compared

    while desk.stack and isinstance(desk.stack[-1], Compared):
        desk.stack.pop()
    try:
        adjudicate(path, actor, config, Options(), article, mouse)
    except AnnotatorError as error:
        desk.message = str(error)
