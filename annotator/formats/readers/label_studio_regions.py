"""The result of a Label Studio annotation: its regions as claims, and what they cannot be."""

from collections import Counter
from typing import Any

from annotator.formats.claims import Claim
from annotator.formats.readers.json_values import place
from annotator.formats.sources.fields import UnfitError
from annotator.text.counting import Count, Offsets

LABELS = ("labels", "hypertextlabels")
"""Types of regions that may be over plain text."""

ANSWERS = ("choices", "textarea", "rating", "number", "datetime", "taxonomy", "pairwise", "ranker")
"""Types of results that say something about a region or about the whole task."""

_HTML = "its regions are over HTML (XPath), not over a plain text"

_REFUSED = {
    "paragraph": "its regions are over a dialogue (Paragraphs), not over a plain text",
    "chatmessage": "it is a chat, not a text",
    "timeseries": "its regions are over a time series, not over a text",
    "timeline": "its regions are over a video, not over a text",
    "video": "its regions are over a video, not over a text",
    "audio": "its regions are over a sound, not over a text",
}
"""Why a region is not taken, by what its type begins with."""

_PICTURES = (
    *("rectangle", "polygon", "keypoint", "ellipse", "brush", "bitmask", "magicwand"),
    *("vector", "cuboid", "ocr", "superpixel"),
)

_TRUTH = {"true": True, "false": False}


class Regions:
    """What one annotation says.

    Raises:
        UnfitError: it is about something else than a plain text, or not as Label Studio writes it.
    """

    def __init__(self, result: Any) -> None:
        self.claims: list[Claim] = []
        self.left_out: Counter[str] = Counter()
        self.to_name = ""
        """The object tag all regions are over; "" when none says."""
        self.annotator = ""
        """What the text field "annotator" of annotator's own exports says."""
        if not isinstance(result, list):
            raise UnfitError("an annotation has no list of results")
        for region in result:
            _check(region)
        attrs = self._attributes(result)
        for region in result:
            if region["type"] in LABELS:
                self._add(region, attrs.get(_key(region), {}))

    def stand_in(self, text: str) -> bool:
        """Whether every region's text stands where it says, in code points or UTF-16 units."""
        quoted = [claim for claim in self.claims if claim.quote]
        return bool(quoted) and any(
            all(_cut(claim, text, offsets) == quote_of(claim.quote, text) for claim in quoted)
            for offsets in (Offsets(text, Count.CODE_POINTS), Offsets(text, Count.UTF16))
        )

    def _attributes(self, result: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Answers by the region they are given for; all others are counted."""
        labelled = {_key(region) for region in result if region["type"] in LABELS} - {""}
        found: dict[str, dict[str, Any]] = {}
        for region in result:
            kind, control = region["type"], str(region.get("from_name", ""))
            if kind == "relation":
                self.left_out["relation"] += 1
            elif kind not in ANSWERS:
                continue
            elif _key(region) in labelled:
                found.setdefault(_key(region), {})[control] = _answer(region["value"], kind)
            elif "start" in region["value"]:
                self.left_out["region without a label"] += 1
            else:
                self._of_whole(control, _answer(region["value"], kind), kind)
        return found

    def _of_whole(self, control: str, answer: Any, kind: str) -> None:
        """An answer about the whole task: who annotated, or something to count."""
        if control == "annotator" and kind == "textarea" and isinstance(answer, str):
            self.annotator = answer
        elif kind == "textarea":
            count = len(answer) if isinstance(answer, list) else 1
            self.left_out[f"document text {control[:40]}".rstrip()] += count
        else:
            self.left_out["document label"] += 1

    def _add(self, region: dict[str, Any], attrs: dict[str, Any]) -> None:
        value, kind = region["value"], region["type"]
        to_name = region.get("to_name")
        if isinstance(to_name, str) and to_name:
            if self.to_name not in ("", to_name):
                raise UnfitError("its regions are over several texts of a task")
            self.to_name = to_name
        start, end = _place(value, kind)
        labels = value.get(kind, value.get("labels"))
        if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
            raise UnfitError("the labels of a region are not a list of names")
        if not labels:
            self.left_out["region without a label"] += 1
        if region.get("meta"):
            self.left_out["note of a region"] += 1
        text, layer = value.get("text"), region.get("from_name")
        for label in labels:
            self.claims.append(
                Claim(
                    start,
                    end,
                    label,
                    text if isinstance(text, str) else None,
                    layer if isinstance(layer, str) else "",
                    attrs,
                    _key(region),
                )
            )


def quote_of(quote: str | None, text: str) -> str | None:
    r"""A region's text with line ends as they are in the article, where the editor wrote `\n`."""
    if quote is None or "\\n" not in quote or "\\n" in text:
        return quote
    if "\r\n" in text:
        quote = quote.replace("\\n\\n", "\r\n")
    return quote.replace("\\n", "\n")


def _cut(claim: Claim, text: str, offsets: Offsets) -> str | None:
    start, end = offsets.of(claim.start), offsets.of(claim.end)
    return None if start is None or end is None else text[start:end]


def _check(region: Any) -> None:
    """That a result is an object which may be over a plain text."""
    if not isinstance(region, dict) or not isinstance(region.get("type"), str):
        raise UnfitError("a region is not an object with a type")
    kind = region["type"]
    if kind in LABELS or kind in ANSWERS:
        if not isinstance(region.get("value"), dict):
            raise UnfitError("a region has no value")
        return
    if kind == "relation":
        return
    for beginning, reason in _REFUSED.items():
        if kind.startswith(beginning):
            raise UnfitError(reason)
    if kind.startswith(_PICTURES):
        raise UnfitError(f"its regions ({kind}) are over a picture, not over a text")
    raise UnfitError(f"regions of the type {kind[:40]!r} are not known")


def _key(region: dict[str, Any]) -> str:
    """The id that the results about one region share."""
    ident = region.get("id")
    return str(ident) if isinstance(ident, str | int) and ident != "" else ""


def _place(value: dict[str, Any], kind: str) -> tuple[int, int]:
    start, end = value.get("start"), value.get("end")
    if isinstance(start, str) or "startOffset" in value or "globalOffsets" in value:
        html = kind.startswith("hypertext") or str(start).startswith("/")
        raise UnfitError(_HTML if html else _REFUSED["paragraph"])
    if "channel" in value:
        raise UnfitError(_REFUSED["audio"])
    return place(start, end, "a region")


def _answer(value: dict[str, Any], kind: str) -> Any:
    """What was answered: a single one by itself, yes and no as such."""
    given = value.get("text" if kind == "textarea" else kind)
    if isinstance(given, list) and len(given) == 1:
        given = given[0]
    if kind == "choices" and isinstance(given, str):
        return _TRUTH.get(given, given)
    return given
