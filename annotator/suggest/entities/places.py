"""Names of countries and continents: a small gazetteer from the Unicode CLDR, by language."""

from functools import lru_cache
from importlib.resources import files

from annotator.suggest.entities.cells import Cell
from annotator.suggest.entities.forms import Forms
from annotator.suggest.entities.words import Words, is_slavic


@lru_cache(maxsize=1)
def _lines() -> dict[str, list[str]]:
    text = files(__package__).joinpath("places.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]
    return {lang: names for lang, *names in lines}


@lru_cache(maxsize=32)
def _forms(lang: str) -> Forms | None:
    """The index of a language's names; None where there are none."""
    names = _lines().get(lang)
    if names is None:
        return None
    forms = Forms(is_slavic(lang))
    for name in names:
        forms.add(Cell(name, lang))
    return forms


def places(words: Words, lang: str) -> list[tuple[int, int]]:
    """The first and last words of names of places, in order, without overlaps."""
    forms = _forms(lang)
    found: list[tuple[int, int]] = []
    at = 0
    while forms and at < len(words.keys):
        hits = list(forms.at(words, at)) if words.keys[at] else []
        if hits:
            at = hits[-1].last
            found.append((hits[-1].first, at))
        at += 1
    return found


@lru_cache(maxsize=65_536)
def is_place(surface: str, lang: str) -> bool:
    """Whether a whole surface is the name of a place."""
    words = Words(surface, is_slavic(lang))
    return places(words, lang) == [(0, len(words.keys) - 1)]
