"""Words that tell what a line is, from presets/boilerplate_markers.toml."""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

HEAD, TAIL = 14, 8
"""Words of a line that are looked at, from its start and from its end."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[©»›]")
_ENTRY = re.compile(_WORD.pattern.replace(")*|", r")*\*?|", 1))
_UNSPACED = re.compile(r"[\u3400-\u9fff]")
PROMPTS = "teaser_inline"
"""The label whose words introduce another article."""


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    """A word that may go on ends with an asterisk."""
    label: str


class Hits(NamedTuple):
    """What the words of a line say."""

    labels: frozenset[str]
    """Labels whose words the line has."""
    first: str
    """The label of the words it begins with; "" for none."""
    whole: str
    """The label of the words it consists of, but for numbers; "" for none."""
    reads: tuple[tuple[str, str], ...] = ()
    """Each label with the words that say it, as the line has them, those that come first first."""


def hits(line: str) -> Hits:
    """The labels whose words a line has; of a long line its first and last words are read."""
    written = _looked_at(line)
    words = list(map(_plain, written))
    found: dict[str, str] = {}
    first = whole = ""
    for at, phrase in _found(words):
        found.setdefault(phrase.label, " ".join(written[at : at + len(phrase.words)]))
        if at == 0 and not first:
            first = phrase.label
            size = len(phrase.words)
            whole = "" if any(word != "0" for word in words[size:]) else first
    if _UNSPACED.search(line):
        head = line[:40]
        inside = [(text, label) for text, label in _lexicon().inside if text in head]
        for text, label in inside:
            found.setdefault(label, text)
        first = first or next((label for text, label in inside if head.startswith(text)), "")
        whole = whole or next((label for text, label in inside if head == text), "")
    return Hits(frozenset(found), first, whole, tuple(found.items()))


def words_of(line: str) -> list[str]:
    """The first and last words of a line in lower case, every number 0."""
    return list(map(_plain, _looked_at(line)))


def _looked_at(line: str) -> list[str]:
    words = _WORD.findall(line[:400] if len(line) < 400 else f"{line[:200]} {line[-200:]}")
    if len(words) > HEAD + TAIL:
        words = words[:HEAD] + words[-TAIL:]
    return words


def _plain(word: str) -> str:
    return "0" if word.isdigit() else word.casefold().replace("’", "'")


@cache
def prompts() -> tuple[str, ...]:
    """The phrases that introduce another article, of two words at least, longest first."""
    found = [phrase for _, label, phrase in _phrases() if label == PROMPTS]
    several = {text for text in found if " " in text or (_UNSPACED.search(text) and len(text) > 2)}
    return tuple(sorted(several, key=lambda text: (-len(text), text)))


class _Lexicon(NamedTuple):
    closed: dict[str, tuple[_Phrase, ...]]
    """By first word."""
    opened: dict[str, tuple[_Phrase, ...]]
    """Those whose first word may go on, by its first three letters."""
    inside: tuple[tuple[str, str], ...]
    """Text without spaces, with its label."""


def _found(words: list[str]) -> list[tuple[int, _Phrase]]:
    lexicon = _lexicon()
    found = []
    for at, word in enumerate(words):
        for phrase in lexicon.closed.get(word, ()):
            if _matches(phrase, words, at):
                found.append((at, phrase))
        for phrase in lexicon.opened.get(word[:3], ()):
            if _matches(phrase, words, at):
                found.append((at, phrase))
    return found


def _matches(phrase: _Phrase, words: list[str], at: int) -> bool:
    here = words[at : at + len(phrase.words)]
    return len(here) == len(phrase.words) and all(
        word.startswith(wanted[:-1]) if wanted[-1] == "*" else word == wanted
        for word, wanted in zip(here, phrase.words, strict=True)
    )


@cache
def _lexicon() -> _Lexicon:
    closed: dict[str, list[_Phrase]] = {}
    opened: dict[str, list[_Phrase]] = {}
    inside: dict[str, str] = {}
    for _, label, text in _phrases():
        if _UNSPACED.search(text):
            inside.setdefault(text, label)
            continue
        words = tuple(word.casefold() for word in _ENTRY.findall(text))
        phrases = opened if words[0][-1] == "*" else closed
        place = words[0].rstrip("*")[:3] if phrases is opened else words[0]
        phrases.setdefault(place, []).append(_Phrase(words, label))
    return _Lexicon(_longest(closed), _longest(opened), tuple(inside.items()))


def _longest(phrases: dict[str, list[_Phrase]]) -> dict[str, tuple[_Phrase, ...]]:
    """Longest phrases first, each once."""
    return {
        word: tuple(sorted(set(several), key=lambda x: (-len(x.words), -len(x.words[-1]), x)))
        for word, several in phrases.items()
    }


@cache
def _phrases() -> tuple[tuple[str, str, str], ...]:
    """Language, label and phrase."""
    folder = resources.files("annotator") / "presets"
    data = tomllib.loads((folder / "boilerplate_markers.toml").read_text("utf-8"))
    return tuple(
        (language, label, phrase)
        for language, labels in data.items()
        if isinstance(labels, dict)
        for label, phrases in labels.items()
        for phrase in phrases
    )
