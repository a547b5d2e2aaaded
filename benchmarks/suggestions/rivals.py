"""Others beside our suggestions, in the same run: spaCy, slovnet, jusText's rules, and rules of thumb.

What is not installed is left out, and a line says so.
"""

import random
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from annotator.suggest.boilerplate.lines import Line
from annotator.suggest.protocol import Finished
from benchmarks.suggestions.scores import Span

EPOCHS, BATCH, DROP = 20, 8, 0.2
"""How spaCy is trained."""
SHORT = 80
"""The rule of thumb: shorter lines are boilerplate."""
SLOVNET = ("PER", "LOC", "ORG")
"""The labels slovnet knows."""

LineRule = Callable[[Sequence[Line]], list[bool]]


class NameFinder(Protocol):
    """Finds names in a text."""

    def __call__(self, text: str) -> set[Span]:
        """The names."""


# --- names ----------------------------------------------------------------------------------------


def spacy_trained(articles: Sequence[Finished], seed: int) -> NameFinder:
    """Names by spaCy's blank pipeline of all languages, trained on articles."""
    import spacy
    from spacy.training import Example
    from spacy.util import filter_spans, fix_random_seed, minibatch

    fix_random_seed(seed)
    nlp = spacy.blank("xx")
    nlp.add_pipe("ner")

    def example(article: Finished) -> Any:
        gold = nlp.make_doc(article.text)
        found = (gold.char_span(*span[:3], alignment_mode="expand") for span in article.spans)
        gold.ents = filter_spans([span for span in found if span is not None])
        return Example(nlp.make_doc(article.text), gold)

    examples = [example(article) for article in articles]
    optimizer = nlp.initialize(lambda: examples)
    chance = random.Random(seed)
    for _ in range(EPOCHS):
        chance.shuffle(examples)
        for batch in minibatch(examples, size=BATCH):
            nlp.update(batch, sgd=optimizer, drop=DROP)
    return lambda text: {(e.start_char, e.end_char, e.label_) for e in nlp(text).ents}


def slovnet() -> NameFinder | None:
    """Names by slovnet's Russian model, from the files in natasha's wheel; None where it is absent."""
    if any(find_spec(name) is None for name in ("slovnet", "navec", "natasha")):
        return None
    from navec import Navec
    from slovnet import NER

    place = find_spec("natasha")
    assert place is not None
    assert place.origin is not None
    data = Path(place.origin).parent / "data"
    ner = NER.load(str(data / "model" / "slovnet_ner_news_v1.tar"))
    ner.navec(Navec.load(str(data / "emb" / "navec_news_v1_1B_250K_300d_100q.tar")))
    return lambda text: {(s.start, s.stop, s.type) for s in ner(text).spans}


# --- lines ----------------------------------------------------------------------------------------


def shorter(lines: Sequence[Line]) -> list[bool]:
    """The rule of thumb."""
    return [line.end - line.start < SHORT for line in lines]


def justext_rules(language: str) -> LineRule | None:
    """Lines by jusText's published rules, by the package's own code; None where it is absent."""
    try:
        from justext.core import classify_paragraphs, revise_paragraph_classification
        from justext.paragraph import Paragraph
        from justext.utils import get_stoplist
    except ImportError:
        return None
    stoplist = frozenset(get_stoplist(language))

    def verdict(lines: Sequence[Line]) -> list[bool]:
        paragraphs = []
        for line in lines:
            made = Paragraph(_Path())
            made.append_text(line.text)
            paragraphs.append(made)
        classify_paragraphs(paragraphs, stoplist)
        revise_paragraph_classification(paragraphs)
        return [made.is_boilerplate for made in paragraphs]

    return verdict


class _Path:
    """Where a paragraph stands in HTML; lines stand nowhere."""

    dom = xpath = "p"
