"""The adjudicator's application, and its start on a project."""

import os
import sys
from collections.abc import Iterator
from typing import ClassVar

from textual.screen import Screen

from annotator.config import Config
from annotator.desk.keyboard import Keyboard
from annotator.gold.adjudication.automatic import Rules
from annotator.lead.accepting import Accepted, accept
from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_queue import Options
from annotator.store.address import Place
from annotator.store.project import Project
from annotator.tui.adjudicate import AdjudicateScreen
from annotator.tui.adjudicate_help import AdjudicateProvider
from annotator.tui.app import BaseApp, Saver
from annotator.tui.live import Live
from annotator.tui.start import check_terminal, finish_saving, send_what_waited

PORTION = 20
"""Articles in which unanimous items are accepted between two looks at the keyboard."""


class AdjudicateApp(BaseApp):
    """One adjudicator's sitting at one project."""

    COMMANDS: ClassVar = {AdjudicateProvider}
    DIRECT = AdjudicateScreen

    def __init__(self, desk: Adjudicating, config: Config) -> None:
        """Raises AnnotatorError when the configuration names a layout or theme that there is not."""
        super().__init__(config)
        self.desk = desk
        self.keyboard = Keyboard(config.layout)

    def on_mount(self) -> None:
        """Hear of others, once something was painted (Textual calls the base's `on_mount` as well)."""
        self.call_after_refresh(Live(self, self.desk.project).begin)

    @property
    def saver(self) -> Saver:
        """The desk."""
        return self.desk

    def get_default_screen(self) -> Screen[None]:
        """The item is the first screen."""
        return AdjudicateScreen(self.desk)

    @property
    def adjudication(self) -> AdjudicateScreen:
        """The screen."""
        return next(s for s in self.screen_stack if isinstance(s, AdjudicateScreen))

    def told(self, words: str) -> None:
        """Show a message."""
        self.desk.say(words)
        self.adjudication.draw()

    def perform(self, name: str) -> None:
        """Carry out an action by its name."""
        self.adjudication.perform(name)

    # --- all articles

    def accept_everywhere(self, screen: AdjudicateScreen) -> None:
        """Accept what all agree on in all articles, a portion at a time so that keys still work."""
        self.desk.leave()
        rules = Rules(audit=self.desk.options.audit)
        steps = accept(self.desk.project, self.desk.waiting, rules)
        self._go_on(screen, steps)

    def _go_on(self, screen: AdjudicateScreen, steps: Iterator[Accepted]) -> None:
        found = None
        with screen.saying():
            for _ in range(PORTION):
                found = next(steps, None)
                if found is None:
                    self.desk.read_again()
                    self.desk.say("What all agree on is accepted in all articles; u takes it back.")
                    break
            else:
                total = len(self.desk.waiting.articles)
                done = found.articles if found else 0
                self.desk.say(f"Accepting what all agree on: {done} of {total} articles …")
                self.set_timer(0.01, lambda: self._go_on(screen, steps))
        screen.draw()

    def turn_on(self, screen: AdjudicateScreen) -> None:
        """Go on with undo or redo in many articles, a portion at a time."""
        with screen.saying():
            self.desk.go_on()
        if self.desk.turning is not None:
            self.set_timer(0.01, lambda: self.turn_on(screen))
        screen.draw()


def start(
    path: Place,
    adjudicator: str,
    config: Config,
    options: Options,
    article: str | None = None,
    mouse: bool = True,
) -> int:
    """Open the adjudication screen and return the exit code.

    Raises:
        AnnotatorError: no usable terminal, the project cannot be opened, this person may not
            adjudicate it, or decisions could not be saved in the end.
    """
    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    os.environ.setdefault("TEXTUAL_FPS", "1000")  # the saved mark need not wait for a frame
    with Project.open(path, adjudicator) as project:
        desk = Adjudicating(project, options)
        told = send_what_waited(project)
        if options.model:
            sys.stderr.write("Reading all articles for the model …\n")
            desk.waiting.ask_model()
        desk.begin(article)
        if told:
            desk.say(told)
        app = AdjudicateApp(desk, config)
        app.run(mouse=mouse and config.mouse)
        finish_saving(desk, project)
        desk.waiting.remember()
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0
