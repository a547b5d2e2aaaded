"""Proving claims: every quoted text must be where the file says, whatever its offsets count.

Where quotes and text disagree, the offsets are tried as other tools count: UTF-16 units, graphemes,
UTF-8 bytes, line ends as CR LF or as LF. A reading is taken only when every quote of the record
holds in it, and it is said which one was taken. Nothing is moved to where it would fit.
"""

from collections.abc import Iterable
from typing import NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.text.counting import Count, Offsets

READINGS = (Count.UTF16, Count.GRAPHEMES, Count.CRLF, Count.LF, Count.BYTES)
"""What offsets are tried as, in this order, when they do not hold as the format says."""


class Settled(NamedTuple):
    """Claims whose offsets are code points of the text, each proved as far as the file quotes."""

    claims: tuple[Claim, ...]
    counts: Count
    """What the file's offsets count."""


class Unsettled(NamedTuple):
    """Why a record cannot be taken: one plain clause."""

    reason: str


def settle(record: Record, text: str) -> Settled | Unsettled:
    """The claims of a record in code points of a text.

    A record without a single quote is believed about what it counts; its offsets must still lie in
    the text. Whether any claim has no text at all (an empty stretch) is checked as well.
    """
    tried = (
        record.counts,
        *(each for each in (Count.CODE_POINTS, *READINGS) if each != record.counts),
    )
    for count in tried:
        found = _read(record.claims, text, count)
        if found is not None:
            return Settled(found, count)
        if not any(claim.quote for claim in record.claims):
            break
    return Unsettled(_reason(record, text, tried))


def _read(claims: Iterable[Claim], text: str, count: Count) -> tuple[Claim, ...] | None:
    """The claims in code points, None when one of them does not hold in this count."""
    offsets = Offsets(text, count)
    settled = []
    for claim in claims:
        start, end = offsets.of(claim.start), offsets.of(claim.end)
        if start is None or end is None or start >= end:
            return None
        if claim.quote is not None and not _same(text[start:end], claim.quote):
            return None
        settled.append(claim._replace(start=start, end=end, quote=text[start:end]))
    return tuple(settled)


def _same(surface: str, quote: str) -> bool:
    """Whether a quote is the text; only the kind of its line ends may differ."""
    return surface == quote or (
        "\n" in quote and surface.replace("\r\n", "\n") == quote.replace("\r\n", "\n")
    )


def _reason(record: Record, text: str, tried: tuple[Count, ...]) -> str:
    """Which claim does not hold, and what was tried."""
    offsets = Offsets(text, record.counts)
    for claim in record.claims:
        start, end = offsets.of(claim.start), offsets.of(claim.end)
        where = f"the offsets {claim.start}-{claim.end} of {claim.label[:40]!r}"
        if start is None or end is None or start >= end:
            if not any(each.quote for each in record.claims):
                return f"{where} do not lie in the text"
        elif claim.quote is None or _same(text[start:end], claim.quote):
            continue
        quoted = "" if claim.quote is None else f" cut out {claim.quote[:60]!r}"
        names = ", ".join(tried)
        return f"{where} do not{quoted or ' lie in the text'} (tried: {names})"
    return "its quotes do not hold together"
