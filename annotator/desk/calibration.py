"""Six keys that tell which keyboard layout is in use.

One letter cannot name a layout (`п` is on G, M or P), so a screen asks once for six keys, by their
place and not by what is printed on them: Serbian keyboards have Y and Z the other way round. Any two
layouts known differ in at least one answer. Of all sets of six keys this one lets the fewest slips
(one wrong key pressed) name a wrong layout: none but between the phonetic layouts that differ in a
single key; other slips fit nothing, and the nearest layout is named.
"""

from dataclasses import dataclass

from annotator.desk.layouts import LATIN, LAYOUTS, Layout, is_foreign_letter, latin, native

_ENOUGH = 4  # matching answers of six that make it worth naming the nearest layout


@dataclass(frozen=True, slots=True)
class Prompt:
    """One key to press."""

    key: str
    """Its Latin letter on a US keyboard, lower case."""

    place: str
    """Where the key is, by keys that have the same place on QWERTY and QWERTZ keyboards."""


PROMPTS: tuple[Prompt, ...] = (
    Prompt("s", "middle letter row, between A and D"),
    Prompt("y", "top letter row, between T and U"),
    Prompt("b", "bottom letter row, between V and N"),
    Prompt("v", "bottom letter row, between C and B"),
    Prompt("x", "bottom letter row, left of C"),
    Prompt("z", "bottom letter row, left of X"),
)
"""The keys asked for, in this order."""


def identify(answers: str) -> tuple[Layout, ...]:
    """The layouts that fit the characters typed for the first `len(answers)` prompts.

    Capitals fit as well (caps lock may be on). Latin fits any Latin letters, since Latin layouts
    place them differently and none is translated.
    """
    return tuple(layout for layout in LAYOUTS.values() if _matches(layout, answers) == len(answers))


def _matches(layout: Layout, answers: str) -> int:
    """How many of the answers the layout explains."""
    if layout.name == LATIN:
        return sum(char.isalpha() and not is_foreign_letter(char) for char in answers)
    pairs = zip(PROMPTS, answers, strict=False)
    return sum(layout.letters.get(char, "").lower() == prompt.key for prompt, char in pairs)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the asking has come; each answer makes a new value."""

    answers: str = ""
    """The characters typed so far, one a prompt."""

    @property
    def prompt(self) -> Prompt | None:
        """The key to press next; None when all have been."""
        return PROMPTS[len(self.answers)] if len(self.answers) < len(PROMPTS) else None

    def answer(self, char: str) -> "Calibration":
        """With one more answer; unchanged when `char` is no letter or all prompts are answered."""
        if self.prompt is None or len(char) != 1 or not char.isalpha():
            return self
        return Calibration(self.answers + char)

    def back(self) -> "Calibration":
        """Without the last answer."""
        return Calibration(self.answers[:-1])

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts that fit so far."""
        return identify(self.answers)

    @property
    def verdict(self) -> str:
        """What to press next or, after the last key, what the answers say; for the screen."""
        if self.prompt:
            return f"Key {len(self.answers) + 1} of {len(PROMPTS)}: {self.prompt.place}."
        fits = self.layouts
        if not fits:
            return self._none()
        if len(fits) > 1:
            titles = ", ".join(layout.title for layout in fits)
            return f"Several layouts fit these keys: {titles}. Choose one of them."
        if fits[0].name == LATIN:
            return "This is a Latin layout: letters are taken as they are typed."
        example = native(fits[0].name, "g")
        return f"This is {fits[0].title}: {example} means G."

    def _none(self) -> str:
        """The sentence when no layout fits, naming the nearest one if it is near."""
        nearest = max(LAYOUTS.values(), key=lambda layout: _matches(layout, self.answers))
        if nearest.name == LATIN or _matches(nearest, self.answers) < _ENOUGH:
            return (
                "No known layout has these letters on these keys. Press the keys again by their "
                "place, or switch the keyboard to a Latin layout."
            )
        slips = [
            f"{native(nearest.name, prompt.key)} and not {char} ({prompt.place})"
            for prompt, char in zip(PROMPTS, self.answers, strict=False)
            if (latin(nearest.name, char) or "").lower() != prompt.key
        ]
        return (
            f"No known layout fits. {nearest.title} comes nearest, but gives {' and '.join(slips)}. "
            "Press the keys again, or choose the layout from the list."
        )
