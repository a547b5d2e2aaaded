"""UIMA CAS as XMI: one XML file an article and the types of all in `TypeSystem.xml`.

Offsets in the files are UTF-16 units, half-open. What of a document goes out is said in `cas`. XML
1.0 has no place for most control characters: an article that holds one goes out as JSON CAS only.
Format: UIMA references, "XMI CAS serialization".
"""

import re
from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers.cas import CasWriter, each_file
from annotator.model.annotation import Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme

TYPES = "TypeSystem.xml"

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write each document one annotator decided on to a file of its own, the types and an index.

    Raises:
        AnnotatorError: several annotators worked on an article and none was chosen, or one holds a
            character that XML cannot.
    """
    writer = CasWriter(scheme, losses)

    def write(document: Document, work: Work) -> bytes:
        for what, value in _strings(document, work):
            _refuse_unfit(document.article.id, what, value)
        xmi: str = writer.cas(document, work).to_xmi(pretty_print=True)
        return xmi.encode()

    types: str = writer.typesystem.to_xml()
    yield Part(f"{types}\n".encode(), TYPES)
    yield from each_file(documents, options, losses, ".xmi", write)


def _strings(document: Document, work: Work) -> Iterator[tuple[str, str]]:
    """Every string that goes into the file, and what it is."""
    article = document.article
    yield "its text", article.text
    yield "its id", article.id
    yield "its title", article.title
    yield "its address", article.url
    for span in work.spans:
        yield f"the label {span.label!r}", span.label
        if isinstance(xid := span.attrs.get("xid"), str):
            yield "an xid", xid
    for stance in work.stances:
        for value in (stance.label, stance.target.name, stance.holder.name, stance.note):
            yield "a stance", value


def _refuse_unfit(article: str, what: str, value: str) -> None:
    if found := _UNFIT.search(value):
        raise AnnotatorError(
            f"Article {article!r} cannot go into XMI: {what} holds U+{ord(found[0]):04X} at offset "
            f"{found.start()}, which XML has no place for. Use cas-json instead."
        )
