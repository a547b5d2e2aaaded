"""Keyboard layouts: which Latin letter lies on the key that typed a Cyrillic or Greek one.

A terminal reports characters, not keys: under a Russian layout the G key arrives as `п`. Labels and
`ctrl` shortcuts are named by Latin letters, so letters are translated by the place of their key on a
US keyboard; which place that is depends on the layout (`п` is G in Russian, M in Bulgarian BDS and P
in phonetic ones), so the layout is a setting and `calibration` finds it out. Only letters are
translated. Digits and punctuation mean the character they type, wherever their key is.

The tables are data (`layouts.toml`) and follow xkeyboard-config by these names: ru, ru(phonetic),
ru(phonetic_winkeys), ua, ua(macOS), by, bg(bds), bg(phonetic), bg(bas_phonetic), rs, mk and gr.
Kazakh is left out: it has letters where digits should be.

A layout has letters on keys that carry punctuation on a US keyboard too (Russian х ъ ж э б ю). No
Latin letter lies there, so they translate to nothing: `latin` gives `NO_LETTER` for them, and None
only for a letter the layout cannot type, which means that another layout is in use.
"""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from annotator.model.errors import AnnotatorError

LATIN = "latin"
"""The layout that translates nothing; a layout not set ("") behaves the same."""

NO_LETTER = ""
"""What `latin` gives for a character that is fine in the layout but on no Latin letter's key."""

ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
"""The keys of the three letter rows of a US keyboard, as the rows of `layouts.toml` lie on them."""

_NOT_FOREIGN = "ªºµ"  # ordinals and micro sign, AltGr letters of Latin layouts


@dataclass(frozen=True, slots=True)
class Layout:
    """One keyboard layout."""

    name: str
    """What the configuration says: ru, bg-phonetic ..."""
    title: str
    """What people read."""
    xkb: str = "us"
    """The layout of xkeyboard-config the table follows."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Each letter that a Latin letter's key types, to that Latin letter; capitals to capitals."""
    natives: Mapping[str, str] = field(default_factory=dict)
    """Each Latin letter to the letter its key types, where it types one of its own."""
    others: frozenset[str] = frozenset()
    """Letters the layout types elsewhere than on a Latin letter's key."""


def _letters(rows: Sequence[str], also: Mapping[str, str]) -> dict[str, str]:
    """`Layout.letters`; what `also` says goes before the capitals that follow from the rows."""
    letters = {char: key for key, chars in also.items() for char in chars}
    for keys, chars in zip(ROWS, rows, strict=True):
        for key, char in zip(keys, chars, strict=True):
            if key.isalpha() and char.isalpha():
                letters.setdefault(char, key)
                letters.setdefault(char.upper(), key.upper())
    return letters


def _layout(name: str, table: Mapping[str, Any]) -> Layout:
    """The layout a table of `layouts.toml` describes."""
    letters = _letters(table["rows"], table.get("also", {}))
    typed = "".join(table["rows"]) + table.get("others", "")
    both_cases = {case for char in typed if char.isalpha() for case in (char, char.upper())}
    return Layout(
        name,
        table["title"],
        table["xkb"],
        MappingProxyType(letters),
        MappingProxyType({key: char for char, key in letters.items()}),
        # ΐ and ΰ have no capital of one character
        frozenset(char for char in both_cases - letters.keys() if len(char) == 1),
    )


def _read() -> Mapping[str, Layout]:
    """All layouts, Latin first."""
    tables = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text(encoding="utf-8"))
    layouts = {LATIN: Layout(LATIN, "Latin (QWERTY, QWERTZ, AZERTY ...)")}
    return MappingProxyType(layouts | {name: _layout(name, tables[name]) for name in tables})


LAYOUTS: Mapping[str, Layout] = _read()
"""Every layout known, by name, in the order in which they are offered."""


def layout_named(name: str) -> Layout:
    """The layout of this name; Latin for "" (not set).

    Raises:
        AnnotatorError: there is no such layout.
    """
    try:
        return LAYOUTS[name or LATIN]
    except KeyError:
        raise AnnotatorError(
            f"There is no keyboard layout {name!r}; use one of: {', '.join(LAYOUTS)}."
        ) from None


def is_foreign_letter(char: str) -> bool:
    """Whether a character is a letter of another script than Latin, so that a layout is needed."""
    if len(char) != 1 or char.isascii() or char in _NOT_FOREIGN:
        return False
    if unicodedata.category(char) not in ("Lu", "Ll", "Lt", "Lo"):
        return False  # modifier letters serve as apostrophes
    return "LATIN" not in unicodedata.name(char, "")


def latin(layout: str, char: str) -> str | None:
    """The Latin letter on the key that types `char`, a capital for a capital.

    Args:
        layout: A layout's name; "" while none is set.
        char: The character that arrived.

    Returns:
        The Latin letter (a Latin letter is itself in every layout); `NO_LETTER` when the character
        is none or its key has none; None when the layout cannot type this letter.
    """
    if len(char) == 1 and char.isascii() and char.isalpha():
        return char
    known = layout_named(layout)
    if char in known.letters:
        return known.letters[char]
    return None if is_foreign_letter(char) and char not in known.others else NO_LETTER


def native(layout: str, latin_letter: str) -> str:
    """The letter that the key of a Latin letter types, for hints such as `п→G`.

    "" where the key types no letter of its own (Q in Greek and Bulgarian BDS); in a Latin layout the
    letter itself.
    """
    known = layout_named(layout)
    return known.natives.get(latin_letter, "") if known.letters else latin_letter


def translate_key(layout: str, key: str, character: str | None) -> tuple[str, str | None]:
    """A key press as the same key would give it under a Latin layout.

    Only the last part of a key name is looked at (`ctrl+с` with a Cyrillic es is `ctrl+c`, as kitty's
    protocol reports it). Whatever is no letter on a Latin letter's key comes back unchanged.

    Args:
        layout: A layout's name; "" while none is set.
        key: The key as Textual names it.
        character: The character it typed, if any.
    """
    letters = layout_named(layout).letters
    modifiers, plus, last = key.rpartition("+")
    if last not in letters:
        return key, character
    typed = letters.get(character, character) if character else character
    return f"{modifiers}{plus}{letters[last]}", typed
