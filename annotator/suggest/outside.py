"""Asks a local command or an address on this machine for guesses: language models and others.

One JSON object goes out for each article and one comes back, whichever way it travels::

    {"api": 1, "text": "...", "lang": "bg", "title": "", "source": "", "layer": "entities",
     "labels": ["PER", "ORG"]}
    {"guesses": [{"start": 0, "end": 5, "label": "PER", "score": 0.9, "why": "model"},
                 {"text": "Sofia", "label": "LOC"}]}

Language models count badly: a guess may give its `text` instead of a place, which stands for every
occurrence that is no part of a longer word, or both, and then the occurrence nearest to the place is
meant.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.model.errors import AnnotatorError
from annotator.model.suggesters import SuggesterSettings
from annotator.suggest.checked import MOST
from annotator.suggest.protocol import Finished, Guess
from annotator.text.visible import plain_line

API = 1
"""The version of the question and the answer."""
UNRATED = 0.5
"""The score of a guess that came without one."""
MOST_READ = 10**9
"""Characters that are looked through for the texts in an answer."""
LARGEST = 4 * 2**20
"""Bytes of an answer."""

_WORD = re.compile(r"\w")


class Outside:
    """Suggests what a command or an address says; a `Suggester` that learns nothing.

    What it gives is as it came, unchecked: it belongs into a `guarded.Guarded`.
    """

    is_stale = False

    def __init__(
        self, name: str, layer: str, labels: Sequence[str], settings: SuggesterSettings
    ) -> None:
        """`labels` are the layer's; `settings` hold a command or an address."""
        self.name = name
        self._layer = layer
        self._labels = list(labels)
        self._settings = settings
        asked = [settings.command, settings.url, layer, self._labels]
        self.version = hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]
        """A digest of whom it asks for what: it cannot know what the answers depend on besides."""

    def learn(self, article: Finished) -> None:
        """Nothing."""

    def refit(self, articles: Iterable[Finished]) -> None:
        """Nothing."""

    def save(self) -> bytes:
        """Nothing."""
        return b""

    def load(self, saved: bytes) -> None:
        """Nothing."""

    def suggest(self, text: str, lang: str = "", source: str = "", title: str = "") -> list[Guess]:
        """What the answer says about an article.

        Raises:
            AnnotatorError: no answer in time, or one that is not as it should be.
        """
        asked = {
            "api": API,
            "text": text,
            "lang": lang,
            "title": title,
            "source": source,
            "layer": self._layer,
            "labels": self._labels,
        }
        answer = self._ask(json.dumps(asked, ensure_ascii=False).encode())
        return guesses_of(text, answer)

    def _ask(self, question: bytes) -> bytes:
        """The answer, as it came."""
        settings = self._settings
        if settings.command:
            from annotator.suggest.outside_command import ask_command  # one of the two is needed

            return ask_command(settings.command, question, settings.timeout, LARGEST)
        from annotator.suggest.outside_http import ask_address

        return ask_address(settings.url, question, settings.timeout, LARGEST)


def guesses_of(text: str, answer: bytes) -> list[Guess]:
    """The guesses in an answer about an article, as it gives them.

    Raises:
        AnnotatorError: it is not UTF-8, not JSON or not of the shape above.
    """
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        raise AnnotatorError(
            f"its answer is not JSON in UTF-8: {plain_line(answer[:200].decode(errors='replace'), 60)!r}."
        ) from None
    listed = said.get("guesses") if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise AnnotatorError('its answer is not of the shape {"guesses": [{...}, ...]}.')
    return [_guess(one, *place) for one, place in _placed(text, listed[: MOST + 1])]


def _guess(one: Mapping[str, Any], start: Any, end: Any) -> Guess:
    score = one.get("score")
    return Guess(
        start,
        end,
        one.get("label", ""),
        UNRATED if score is None else score,
        one.get("attrs") or {},
        one.get("why", ""),
    )


def _placed(
    text: str, listed: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[Mapping[str, Any], tuple[Any, Any]]]:
    """Each guess with each of its places; those that give a text which is not there are left out."""
    places = _Places(text)
    by_text: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in listed:
        start, end, surface = one.get("start"), one.get("end"), one.get("text")
        if not isinstance(surface, str) or not surface.strip():
            yield one, (start, end)
        elif not isinstance(start, int):
            by_text[surface].append(one)
        elif isinstance(end, int) and text[max(start, 0) : max(end, 0)] == surface:
            yield one, (start, end)
        elif found := places.of(surface):
            yield one, min(found, key=lambda place: abs(place[0] - start))
    for surface, same in by_text.items():
        yield from _shared(same, places.of(surface))


def _shared(
    same: Sequence[Mapping[str, Any]], found: Sequence[tuple[int, int]]
) -> Iterable[tuple[Mapping[str, Any], tuple[int, int]]]:
    """The occurrences of a text among the guesses that give it.

    With one label all are meant, however often it was said; with several they are meant in turn.
    """
    if len({str(one.get("label", "")) for one in same}) == 1:
        return [(same[0], place) for place in found]
    return list(zip(same, found, strict=False))


class _Places:
    """Where the texts of an answer are in its article, each looked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found: dict[str, list[tuple[int, int]]] = {}

    def of(self, surface: str) -> list[tuple[int, int]]:
        """All occurrences of words.

        Raises:
            AnnotatorError: so many texts were asked for that it would take minutes.
        """
        if surface not in self._found:
            if (len(self._found) + 1) * len(self._text) > MOST_READ:
                raise AnnotatorError("its answer gives too many texts for so long an article.")
            self._found[surface] = occurrences(self._text, surface)
        return self._found[surface]


def occurrences(text: str, surface: str) -> list[tuple[int, int]]:
    """Where words are in a text, not as a part of longer ones; any white space is as good as another.

    What has no capital and small letters, as in Chinese or Thai, may be a part of longer words.
    """
    pattern = r"\s+".join(re.escape(word) for word in surface.split())
    found = [match.span() for match in re.finditer(pattern, text)]
    if surface.upper() == surface.lower() and not any(letter.isdigit() for letter in surface):
        return found
    return [(start, end) for start, end in found if _is_whole(text, start, end)]


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on at either end."""
    goes_on = start > 0 and _WORD.match(text, start - 1) and _WORD.match(text, start)
    return not goes_on and not (_WORD.match(text, end - 1) and _WORD.match(text, end))
