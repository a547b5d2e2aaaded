"""Generated documents: texts of what trips offsets up, with spans anywhere in them."""

from hypothesis import strategies as st

from annotator.formats.document import Document
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article

PIECES = (
    *("a", "Йо", "й", "\u0438\u0306", "😀", "🇧🇬", "👩‍🚒", "\r\n", "\n", "\r", "\u2028", "\x85"),
    *("\t", " ", "\u00a0", "\x0b", "\x1f", "\xad", "\ufeff", '"', "\\", "|", "<b>", "&amp;", ";"),
)
"""Emoji, marks that combine, every kind of line end and space, what formats escape."""

KINDS = (
    ("boilerplate", "headline"),
    ("boilerplate", "nav"),
    ("entities", "PER"),
    ("entities", "LOC"),
)

ATTRS = st.fixed_dictionaries(
    {},
    optional={
        "lemma": st.sampled_from(["Лом", 'a"b; c="d', "две\nлинии\t\u2028", "\\"]),
        "xid": st.sampled_from(["Q472", "LOC-Lom", "viaf:12", "Wikidata:Q5", "a b:c", "x:"]),
        "norp": st.booleans(),
        "uncertain": st.just(True),
        "metonymy": st.sampled_from(["ORG", "нещо друго"]),
    },
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    return "".join(draw(st.lists(st.sampled_from(PIECES), max_size=30))) + "я"


@st.composite
def works(draw: st.DrawFn, text: str, attrs: bool = True, edges: bool = True) -> Work:
    """Spans of two layers: nested, crossing, adjacent, equal.

    Without `edges` none begins or ends with white space.
    """
    spans = []
    for number in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        surface = text[start:end]
        if not edges and (surface != surface.strip()):
            continue
        layer, label = draw(st.sampled_from(KINDS))
        given = draw(ATTRS) if attrs else {}
        spans.append(Span(f"s{number}", layer, label, start, end, given))
    looked = frozenset({"boilerplate", "entities"})
    return Work("x", "anna", sort_spans(spans), looked=looked, status=Status(State.DONE))


@st.composite
def generated(draw: st.DrawFn, attrs: bool = True, edges: bool = True) -> Document:
    text = draw(texts())
    article = Article("x", text, lang="bg", lang_source="import", meta={"n": 1})
    return Document(article, (draw(works(text, attrs, edges)),))
