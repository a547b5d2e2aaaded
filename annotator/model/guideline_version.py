"""One version of a project's guidelines: a text that holds from its event on.

Its events have no article, and one key whoever set it: the newest holds. As long as there is none,
the scheme's own guidelines hold, under the scheme's version.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.model.version import following, order, valid_version

KEY = "guidelines"
"""The key of their events."""
VERB = "guidelines"
"""The verb of the acts that set them."""


class Change(StrEnum):
    """What a new version means for what was decided before."""

    MINOR = "minor"
    """It says more clearly what held before."""
    MAJOR = "major"
    """A label or a boundary rule is another one: older decisions on what it is about are looked at again."""


class GuidelineVersion(NamedTuple):
    """A text of the guidelines with its version."""

    version: str
    """Such as 1.3."""
    text: str
    """Markdown, as `model.guidelines` reads it."""
    change: Change = Change.MINOR
    about: tuple[str, ...] = ()
    """The layers (`entities`) and labels (`entities/ORG`) whose rules it changes, sorted."""
    note: str = ""
    """Why."""

    @property
    def sha256(self) -> str:
        """Of the text's UTF-8 bytes."""
        return text_sha256(self.text)

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {
            "version": self.version,
            "text": self.text,
            "sha256": self.sha256,
            "change": str(self.change),
            "about": list(self.about),
            "note": self.note,
        }

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """The version an event's body describes."""
        return cls(
            body["version"],
            body["text"],
            Change(body["change"]),
            tuple(body["about"]),
            body["note"],
        )


def next_version(now: str, wanted: str, change: Change) -> str:
    """The version a new text gets: the wanted one, or the one that follows.

    Raises:
        AnnotatorError: the wanted one is no version, or not above the one that holds now.
    """
    ahead = following(now, change is Change.MAJOR)
    if not wanted:
        return ahead
    if order(valid_version(wanted, "a version of guidelines")) <= order(now):
        raise AnnotatorError(
            f"The guidelines are at version {now} already, and a new one must be above it: say "
            f"--version {ahead}."
        )
    return wanted


def version_of(scheme: Scheme) -> str:
    """The version of the guidelines that a scheme as the store gives it carries."""
    return scheme.guidelines_version or str(scheme.version)


def checked_about(scheme: Scheme, about: tuple[str, ...]) -> tuple[str, ...]:
    """What a version is about, sorted.

    Raises:
        AnnotatorError: the scheme has no such layer or label.
    """
    for place in about:
        name, _, label = place.partition("/")
        layer = scheme.layer(name)
        if layer is None or (label and layer.label(label) is None):
            what = "label" if layer else "layer"
            raise AnnotatorError(
                f"The scheme has no {what} {label or name!r}; write LAYER or LAYER/LABEL, such as "
                f"{scheme.layers[0].name}/{scheme.layers[0].labels[0].name}."
            )
    return tuple(sorted(set(about)))
