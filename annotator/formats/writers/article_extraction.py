"""Article bodies as the article extraction benchmark's `ground-truth.json`.

One JSON object: for each article `"KEY": {"articleBody": TEXT, "url": URL}`. The key is the SHA-256
of the article's text, so that it says which text was cut; the body is the lines that a profile
counts as content, as in CleanEval's text but without marks. `url` is there when the article has one.
Format: github.com/scrapinghub/article-extraction-benchmark, whose evaluate.py compares `articleBody`
of this file with that of `output/TOOL.json`, key by key.
"""

from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.profiles import profile
from annotator.formats.writers.cleaneval import content, note_labels
from annotator.model.scheme import Scheme, Unit


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the content of each document; of several with one text, the first.

    Raises:
        AnnotatorError: no such profile or layer, or several annotators worked on an article and
            none was chosen.
    """
    layer = span_layer(scheme, options, "boilerplate", (Unit.BLOCK,))
    chosen = profile(options.profile).following(layer)
    losses.facts |= {"layer": layer.name, "profile": f"{chosen.name}/{chosen.version}"}
    written: set[bytes] = set()
    yield Part(b"{")
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        article = document.article
        key = bytes.fromhex(article.sha256)
        if key in written:
            losses.add("article with the text of another", article.id)
            continue
        note_uncarried(document, work, layer, losses)
        spans = [span for span in work.spans if span.layer == layer.name]
        note_labels(document, spans, chosen, losses)
        body = "\n".join(surface for _, surface in content(article.text, spans, chosen))
        told = {"articleBody": body, **({"url": article.url} if article.url else {})}
        comma = ",\n" if written else "\n"
        yield Part(f'{comma}"{key.hex()}":{json_text(told, article.id)}'.encode())
        written.add(key)
        losses.wrote("bodies")
    yield Part(b"\n}\n")
