"""How far a project helps its annotators with suggestions: for which layers, for whom, where not."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from annotator.model.errors import AnnotatorError

KEY = "assistance"
"""The key of its events: there is one in a project, the newest holds, whoever made it."""
VERB = "assistance"
BLIND = 0.05
"""The share of articles without suggestions where nobody said otherwise."""

HELD_OUT = "This article is held out for testing: nothing is suggested here."
IN_SAMPLE = "This article is of the blind sample: nothing is suggested here."
WITHOUT = "You get no suggestions in this project (ask your lead)."
AGAIN = "This is a later pass: nothing learnt from your first one is suggested."
IN_TRAINING = "This is training: nothing learnt from your own work is suggested."
"""Why an article gets no suggestions, or none that were learnt, told to the annotator."""
PARTLY = frozenset({AGAIN, IN_TRAINING})
"""With these, what files and the annotator's own rules suggest is there all the same."""

_DIGITS = frozenset("0123456789abcdef")


class Assistance(NamedTuple):
    """What a lead decided about suggestions."""

    blind: float = BLIND
    """The share of articles, 0 to 1, in which nothing is suggested to anybody, so that what
    suggestions do to the labels can be measured."""
    off: frozenset[str] = frozenset()
    """Layers in which nothing is suggested."""
    without: frozenset[str] = frozenset()
    """Annotators to whom nothing is suggested."""

    def is_blind(self, article: str) -> bool:
        """Whether an article (its id) is of the blind sample: the same in every copy of a project.

        The sample only grows with the share. A changed text, `<id>@<8 digits>`, is where its article
        is.
        """
        if not self.blind:
            return False
        from hashlib import sha256  # not to show an article without suggestions

        base, _, digits = article.rpartition("@")
        name = base if base and len(digits) == 8 and _DIGITS.issuperset(digits) else article
        # ids have no lone surrogates, but whoever asks of a name that is none gets an answer
        said = f"blind {name}".encode("utf-8", "surrogatepass")
        return int.from_bytes(sha256(said).digest()[:8], "big") < self.blind * 2**64

    def body(self) -> dict[str, Any]:
        """The JSON body of its event."""
        return {"blind": self.blind, "off": sorted(self.off), "without": sorted(self.without)}

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """What an event's body says.

        Raises:
            AnnotatorError: the share is no number from 0 to 1, or what should be names is not.
        """
        blind, off, without = body["blind"], body["off"], body["without"]
        if isinstance(blind, bool) or not isinstance(blind, int | float) or not 0 <= blind <= 1:
            raise AnnotatorError(f"{blind!r} is no share of articles: give a number from 0 to 1.")
        listed = isinstance(off, list | tuple) and isinstance(without, list | tuple)
        if not listed or not all(isinstance(name, str) for name in (*off, *without)):
            raise AnnotatorError("Layers and annotators without suggestions must be names.")
        return cls(float(blind), frozenset(off), frozenset(without))
