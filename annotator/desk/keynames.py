"""The names of keys: Textual's, the characters they type, and how they are shown to people."""

CHARACTERS = {
    "comma": ",",
    "full_stop": ".",
    "slash": "/",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "percent_sign": "%",
    "minus": "-",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "quotation_mark": '"',
    "exclamation_mark": "!",
    "semicolon": ";",
    "question_mark": "?",
    "colon": ":",
    "circumflex_accent": "^",
    "at": "@",
    "equals_sign": "=",
    "plus": "+",
    "asterisk": "*",
    "number_sign": "#",
    "apostrophe": "'",
    "underscore": "_",
    "ampersand": "&",
    "dollar_sign": "$",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "backslash": "\\",
    "grave_accent": "`",
    "vertical_line": "|",
    "tilde": "~",
}
"""Textual's names of punctuation keys, and the character they type."""

_SIGNS = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "escape": "esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "backspace": "⌫",
    "delete": "del",
}


def key_name(key: str) -> str:
    """One name for a key, whichever of its names was used (`comma` and `,` are one)."""
    return CHARACTERS.get(key, key)


def key_sign(key: str) -> str:
    """How a key is shown to people: `←`, `ctrl+z`, `F8`, `,`."""
    modifiers, _, last = key_name(key).rpartition("+")
    if not last:
        return key_name(key)
    sign = _SIGNS.get(last, last.upper() if last[0] == "f" and last[1:].isdigit() else last)
    return f"{modifiers}+{sign}" if modifiers else sign
