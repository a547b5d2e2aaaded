"""From a key to what happens: actions by the table, digits to layers, letters to labels.

Letters arrive as the annotator's layout types them; `layout` says which Latin key each one is on.
"""

from enum import StrEnum

from annotator.desk.actions import ACTIONS, Action, key_table
from annotator.desk.desk import Desk
from annotator.desk.keynames import key_name

BY_ANOTHER = "by_another"
"""The action of a capital letter in stance."""


class Answer(StrEnum):
    """What became of a key."""

    DESK = "desk"
    """The desk carried it out."""
    SCREEN = "screen"
    """The screen must carry it out: `Keyboard.action` says what."""
    CALIBRATE = "calibrate"
    """A non-Latin letter, and the layout is not known (or cannot have typed it)."""
    NOTHING = "nothing"
    """The key means nothing here."""


class Keyboard:
    """Sends keys to a desk."""

    def __init__(self, layout: str = "", actions: tuple[Action, ...] = ACTIONS) -> None:
        self.layout = layout
        """A name in `layouts.LAYOUTS`; "" when it has not been asked yet."""
        self.actions = actions
        self._table = key_table(actions)
        self.action: Action | None = None
        """The action of the last key, when it had one."""

    def translate(self, key: str, character: str | None) -> tuple[str, str | None]:
        """A key as the Latin layout would name it."""
        if not self.layout or key.isascii():
            return key, character
        from annotator.desk.layouts import translate_key  # the tables take longer than a key

        return translate_key(self.layout, key, character)

    def press(self, desk: Desk, key: str, character: str | None) -> Answer:
        """Carry out a key, named as Textual names it, with the character it types (if any)."""
        desk.message = desk.greeting = ""
        desk.timer.key()
        if "+" in key:
            key, character = self.translate(key, character)
            if not self.layout and not key.isascii():
                return Answer.CALIBRATE  # ctrl and a Cyrillic letter, as kitty reports it
        self.action = None
        if desk.hints.active:
            answer = self._hint(desk, key, character)
            if answer is not None:
                return answer
        self.action = self._table.get(key_name(key))
        if self.action is not None and not self._is_layer_digit(key):
            return self._run(desk, self.action)
        if character is None or len(character) != 1:
            return Answer.NOTHING
        if character.isdecimal() and character.isascii():
            desk.choose_layer(int(character))
            return Answer.DESK
        return self._letter(desk, character)

    def _hint(self, desk: Desk, key: str, character: str | None) -> Answer | None:
        """A key while tags are shown; None when it takes them away and means what it always does."""
        if key == "backspace":
            desk.hints.untype()
            return Answer.DESK
        if key == "escape":
            desk.hints.close()
            return Answer.DESK
        if key == "space":
            desk.hints.again()
            return Answer.DESK
        if character is None or len(character) != 1 or not character.isalpha():
            desk.hints.close()
            return None
        letter = self._latin(character)
        if letter is None:
            desk.hints.close()
            return Answer.CALIBRATE
        if letter:
            desk.hints.type(letter)
        return Answer.DESK

    def _latin(self, character: str) -> str | None:
        """The Latin letter on a letter's key, capital as it is; "" for none, None if unknown."""
        if character.isascii():
            return character
        from annotator.desk.layouts import NO_LETTER, is_foreign_letter, latin

        letter = latin(self.layout, character) if is_foreign_letter(character) else NO_LETTER
        if letter == NO_LETTER:
            return ""
        return letter.upper() if letter and character.isupper() else letter

    def _run(self, desk: Desk, action: Action) -> Answer:
        if action.name == "enter" and desk.enter():
            return Answer.DESK
        if action.screen:
            return Answer.SCREEN
        desk.run(action.name)
        return Answer.DESK

    def _letter(self, desk: Desk, character: str) -> Answer:
        if not character.isalpha():
            return Answer.NOTHING
        if not character.isascii() and desk.label_for(character) is None:
            from annotator.desk.layouts import NO_LETTER, is_foreign_letter, latin

            if is_foreign_letter(character):
                letter = latin(self.layout, character)
                if letter is None:
                    return Answer.CALIBRATE
                if letter == NO_LETTER:
                    return Answer.NOTHING
                character = letter
        if character.isupper() and desk.stances.said_by_another(character):
            self.action = next(a for a in self.actions if a.name == BY_ANOTHER)
            return Answer.SCREEN
        desk.press_letter(character)
        return Answer.DESK

    @staticmethod
    def _is_layer_digit(key: str) -> bool:
        return len(key) == 1 and key.isdecimal() and key != "0"
