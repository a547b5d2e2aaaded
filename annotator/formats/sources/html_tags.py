"""What a browser does with each HTML element when it lays out text, by tag name."""


def names(line: str) -> frozenset[str]:
    """The words of a line, as a set."""
    return frozenset(line.split())


BLOCKS = names(
    "address article aside blockquote body br button caption center dd details dialog dir div dl "
    "dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol optgroup option p plaintext pre search section select summary table "
    "tbody textarea tfoot thead tr ul xmp"
)
"""Elements whose text stands on lines of its own; form fields too, to be marked by themselves."""

CELLS = names("td th")
"""Cells of one row share a line, with TABs between them."""

HIDDEN = names(
    "annotation annotation-xml applet area audio base basefont canvas colgroup datalist defs desc "
    "embed frame frameset head iframe link map meta metadata noembed noframes noscript object "
    "param rp script source style symbol template title track video"
)
"""Never shown, or only where the thing itself cannot be."""

EXACT = names("listing plaintext pre textarea xmp")
"""Elements that keep their line ends and spaces."""
