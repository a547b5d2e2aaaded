"""UIMA JSON CAS 0.4.0: one file an article, with the types it uses; INCEpTION and cassis read it.

Offsets in the file are UTF-16 units, half-open. What of a document goes out is said in `cas`.
Format: SPECIFICATION.adoc of apache/uima-uimaj-io-jsoncas.
"""

from collections.abc import Iterable, Iterator

from cassis.typesystem import TypeSystemMode

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers.cas import CasWriter, each_file
from annotator.model.annotation import Work
from annotator.model.scheme import Scheme


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write each document one annotator decided on to a file of its own, and an index.

    Raises:
        AnnotatorError: several annotators worked on an article and none was chosen.
    """
    writer = CasWriter(scheme, losses)

    def write(document: Document, work: Work) -> bytes:
        cas = writer.cas(document, work)
        return f"{cas.to_json(type_system_mode=TypeSystemMode.MINIMAL)}\n".encode()

    yield from each_file(documents, options, losses, ".json", write)
