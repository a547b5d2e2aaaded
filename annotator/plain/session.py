"""A sitting in the plain mode: a command a line, done, saved and told before the next is read."""

import sys
from collections.abc import Callable
from typing import TextIO

from annotator.desk.desk import Desk
from annotator.desk.keyboard import Keyboard
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.plain import speech
from annotator.plain.places import Places
from annotator.plain.telling import Snapshot, changes
from annotator.plain.way import Way
from annotator.text.visible import plain_line

SAVED, UNSAVED = "Saved.", "NOT SAVED"
PROMPT = "> "
"""Shown on a terminal only; scripts get nothing but answers."""


class Session:
    """One annotator at the desk, line by line."""

    def __init__(
        self, way: Way, scheme: Scheme, keyboard: Keyboard, say: Callable[[str], None]
    ) -> None:
        """`say` prints a line."""
        self.way = way
        self.keyboard = keyboard
        self.say = say
        self.desk = Desk(way, scheme)
        self.searched = ""
        """The words searched last."""
        self.leaving = False
        self.unsaved = False
        """Whether something is still to be saved."""
        self.refused = False
        """Whether a line was not understood."""
        self._places = Places("")
        self._told: object = None

    @property
    def places(self) -> Places:
        """The numbered parts of the article on the desk."""
        if self._places.text is not self.desk.caret.text:
            self._places = Places(self.desk.caret.text)
        return self._places

    def read(self, stream: TextIO) -> None:
        """Carry out lines until one says quit or they end."""
        terminal = stream.isatty()
        while not self.leaving:
            try:
                if terminal:
                    sys.stdout.write(PROMPT)
                    sys.stdout.flush()
                line = stream.readline()
                if not line:
                    return
                self.do(line.strip())
            except KeyboardInterrupt:
                if not terminal:
                    raise
                self.settle()
                self.desk.clear()
                self.say("Interrupted; nothing is lost. quit leaves.")

    def open(self, article: str) -> None:
        """Put an article on the desk and say what it is."""
        self.move(article)
        self.heading()

    def move(self, article: str) -> None:
        """Put an article on the desk; what was spent on the one before is no decision to tell of."""
        told = self.desk.saving is self._told
        self.desk.open(article)
        self.settle(quiet=told)

    def heading(self) -> None:
        """What the article is and where one is in it."""
        article = self.desk.sheet.article
        about = [article.id, article.source, article.date, article.lang]
        title = plain_line(article.title or article.text.strip()[:300].partition("\n")[0], 200)
        parts = ", ".join(plain_line(part, 60) for part in about if part)
        self.say(f"Article {plain_line(self.way.place(article.id), 40)}: {title}. {parts}.")
        state = self.desk.sheet.status.state
        if state in (State.DONE, State.SKIPPED):
            self.say(f"It is {state}.")
        self.layer()
        if self.desk.greeting:
            self.say(self.desk.greeting)
        self.where()

    def layer(self) -> None:
        """Which layer one works in."""
        number = self.desk.scheme.layers.index(self.desk.layer) + 1
        looked = ", looked at" if self.desk.layer.name in self.desk.sheet.looked else ""
        self.say(f"Layer {number}: {self.desk.layer.title}{looked}.")

    def where(self) -> None:
        """Where one is, and what is labelled there."""
        self.say(speech.where(self.desk, self.places))
        self.say(speech.labelled(self.desk, self.places))
        found = self.desk.proposals.here
        if found is not None:
            self.desk.sight.saw(*found.range)

    def do(self, line: str) -> None:
        """Carry out a command, wait until what it decided is durable, and tell it all."""
        from annotator.plain.commands import Commands

        before, layer = Snapshot.of(self.desk.sheet), self.desk.layer
        self.desk.message = ""
        self.desk.timer.key(len(line) + 1)
        if self.way.is_stale(before.article):
            self._renew()
            return
        try:
            moved = Commands(self).run(line)
        except AnnotatorError as error:
            self.refused, moved = True, False
            self.say(str(error))
        told = changes(before, self.desk.sheet)
        for words in (*told, *([self.desk.message] if self.desk.message else [])):
            self.say(words)
        self.settle()
        if self.desk.sheet.article.id != before.article:
            self.heading()
        elif moved and not self.leaving:
            if self.desk.layer is not layer:
                self.layer()
            self.where()

    def _renew(self) -> None:
        """Read again what another sitting changed; the line is not carried out."""
        self.refused = True
        self.desk.visits.renew()
        self.settle(quiet=True)
        self.say(f"{self.desk.message} Give the command again.")
        self.where()

    def settle(self, quiet: bool = False) -> None:
        """Wait for what was decided, and say whether it is saved (`quiet`: only if it is not)."""
        saving = self.desk.saving
        if saving is None or saving is self._told:
            return
        error = saving.exception()
        self._told = saving
        self.unsaved = error is not None
        if error is not None:
            self.say(f"{UNSAVED}: {error} The command saved tries again.")
        elif not quiet:
            self.say(SAVED)

    def leave(self) -> bool:
        """Leave the article in order; whether everything is saved."""
        told = self._told
        self.desk.leave()
        if self.desk.saving is not None and self.desk.saving is not told:
            error = self.desk.saving.exception()  # only time, which needs no word
            self.unsaved = error is not None
        if self.unsaved:
            self.say(f"{UNSAVED}: it is kept aside; open the project again to save it.")
        return not self.unsaved
