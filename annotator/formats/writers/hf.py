"""A data set folder of the Hugging Face Hub: data by split, a card, and a Croissant description.

`data/{split}.jsonl` (or `.parquet`) has a row for each article with one annotator's decisions;
`README.md` tells `datasets` the columns' types, so that `load_dataset(folder)` opens it as it is;
`croissant.json` tells the same to programs that read Croissant. A split called `dev` is called
`validation` here; articles without a split are in `train`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options, choose_all
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.writers.croissant import croissant
from annotator.formats.writers.hf_card import SCHEMA, Facts, card
from annotator.formats.writers.hf_files import Lines, Parquet, Writer
from annotator.formats.writers.hf_rows import Rows
from annotator.formats.writers.hf_totals import Totals
from annotator.model.scheme import Scheme
from annotator.text.tokens import TOKENIZER

HUB_NAMES = {"dev": "validation", "": "train"}
"""Splits that are called otherwise on the Hub."""

_PLAIN = re.compile(r"(?!all\Z)[a-z0-9][a-z0-9_]{0,39}")
"""Names that can be a split's and a file's; "all" stands for all splits."""


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the decisions of one annotator on each document.

    Raises:
        AnnotatorError: several annotators worked on an article and none was chosen; Parquet without
            pyarrow.
    """
    rows = Rows(scheme, options.offsets, losses)
    writer: Writer = Parquet(lambda: rows.features) if options.parquet else Lines(losses)
    splits, totals = _Splits(losses), Totals()
    layers = tuple(layer.name for layer in scheme.layers)
    losses.facts |= {"schema": SCHEMA, "tokenizer": TOKENIZER, "offsets": str(options.offsets)}
    for document in documents:
        work = choose_all(document, options, losses)
        if work is None:
            continue
        split = splits.of(document)
        totals.count(split, document, work, layers)
        yield from writer.add(split, rows.row(document, work))
    yield from writer.close()
    splits.close()
    own = {name: said for name, said in splits.named.items() if said}
    facts = Facts(scheme, rows.features, writer.files, own, options.offsets, totals, losses)
    yield Part(card(facts).encode(), "README.md", last=True)
    yield Part(croissant(facts).encode(), "croissant.json", last=True)


class _Splits:
    """The Hub's names for the project's splits."""

    def __init__(self, losses: Losses) -> None:
        self.named: dict[str, str] = {}
        """The project's name for each of the Hub's; "" while only articles without one are in it."""
        self._losses = losses
        self._alone: list[str] = []
        """The first articles without a split."""
        self._count = 0

    def of(self, document: Document) -> str:
        """Which split a document goes to."""
        said = document.split
        name = HUB_NAMES.get(said, said)
        if not said:
            self._count += 1
            self._alone = [*self._alone, document.article.id][:3]
            self.named.setdefault(name, "")
        elif not _PLAIN.fullmatch(name) or self.named.get(name, said) not in (said, ""):
            name = f"split_{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        if said:
            self.named[name] = said
        return name

    def close(self) -> None:
        """Note articles that came into a split nobody put them in."""
        if any(self.named.values()):
            for article in self._alone:
                self._losses.add("article without a split, put into train", article)
            left = self._count - len(self._alone)
            self._losses.add("article without a split, put into train", "", left)
