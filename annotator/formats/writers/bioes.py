"""BIOES: the files of IOB2 with E- on an entity's last token and S- on its only one."""

from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers import iob2
from annotator.model.scheme import Scheme


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the entities one annotator marked in one layer of each document.

    Raises:
        AnnotatorError: as `iob2.parts`.
    """
    return iob2.parts(documents, scheme, options, losses, iob2.BIOES)
