"""What a file of another tool says: an article, and claims that stretches of it have labels.

Nothing here is believed yet. `settling` holds every claim against the text and finds out what its
offsets count; `label_map` says which of our labels each label means.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from annotator.model.article import Article
from annotator.model.spent import NOTHING
from annotator.text.counting import Count


class Claim(NamedTuple):
    """A labelled stretch as the file has it."""

    start: int
    end: int
    """Half-open, in whatever the record's `counts` says."""
    label: str
    """The file's label, as it stands there."""
    quote: str | None = None
    """The text the file says is there; None when it does not say."""
    layer: str = ""
    """The file's name for the layer or type the label is of; "" when it has none."""
    attrs: Mapping[str, Any] = NOTHING
    """Attributes for the span: lemma, xid, uncertain ... JSON values."""
    id: str = ""
    """The file's name for it; "" when it has none."""


class Record(NamedTuple):
    """An article of a file with what one annotator claims about it."""

    where: str
    """For people: `file:line`, or the file and what is in it."""
    article: Article
    """As the file has it. Its text is "" when the file has none: then an article of the project is
    meant, by its id or by `sha256`."""
    claims: tuple[Claim, ...] = ()
    annotator: str = ""
    """Whose claims; "" when the file does not say."""
    finished: bool = True
    """Whether the annotator had finished: what is not claimed is not there."""
    counts: Count = Count.CODE_POINTS
    """What the offsets count as far as the format's description goes."""
    sha256: str = ""
    """Of the text the offsets are in, when the file says it."""
    left_out: Mapping[str, int] = NOTHING
    """What of the record cannot come along, by kind: relations, document labels ..."""
    origin: str = ""
    """The tool or format, which spans keep as where they come from: "doccano", "brat" ..."""
