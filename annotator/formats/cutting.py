"""Articles without their boilerplate: the text cut, and every offset moved with it.

What a profile does not count as content is cut out, with the line end when nothing is left of a
line. What lay in it goes, what crosses a cut goes too, and both are counted; all the rest is proved
to stand where it stood before.
"""

from bisect import bisect_right
from dataclasses import replace

from annotator.formats.choice import Options, begun, decided, span_layer
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.profiles import Profile, profile
from annotator.model.annotation import Evidence, Note, Span, Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, Unit

Range = tuple[int, int]


class Cutter:
    """Cuts boilerplate out of documents that one annotator, or gold, has decided on."""

    def __init__(self, scheme: Scheme, name: str, losses: Losses) -> None:
        """`name` is the profile's; AnnotatorError when there is none or no layer of boilerplate."""
        self._whole = span_layer(scheme, Options(), "boilerplate", (Unit.BLOCK,))
        self._layer = self._whole.name
        chosen = profile(name)
        self._profile: Profile = chosen.following(self._whole)
        self._losses = losses
        losses.facts["cut"] = f"{chosen.name}/{chosen.version}"

    def __call__(self, document: Document) -> Document:
        """The document without boilerplate.

        Raises:
            AnnotatorError: several annotators worked on it, who need not have marked the same.
        """
        works = [w for w in document.works if begun(w) or w.notes]
        if len(works) > 1:
            raise AnnotatorError(
                f"Article {document.article.id!r} has decisions of several annotators: choose one, "
                "or a gold policy, to cut boilerplate out."
            )
        if not works or not decided(works[0], self._whole):
            self._losses.add(
                "article not cut, as nobody looked for boilerplate", document.article.id
            )
            return document
        cuts = self._cuts(document.article.text, works[0])
        text = document.article.text
        kept = _between(cuts, len(text))
        moved = _Moved(kept)
        article = replace(document.article, text="".join(text[a:b] for a, b in kept))
        work = self._moved(works[0], moved, article.text, text)
        self._losses.wrote("characters cut out", len(text) - len(article.text))
        return replace(document, article=article, works=(work,), recorded={}, sha256="")

    def _cuts(self, text: str, work: Work) -> list[Range]:
        """What goes out of the text: ordered, apart."""
        found: list[Range] = []
        for span in work.spans:
            if span.layer == self._layer and not self._profile.mark(span.label):
                start, end = max(span.start, found[-1][1] if found else 0), span.end
                if start < end:
                    found.append((start, end))
        joined: list[Range] = []
        for start, end in found:
            if joined and not text[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], end)  # nothing but space lies between two cuts
            else:
                joined.append((start, end))
        return [_with_line_end(text, *cut) for cut in joined]

    def _moved(self, work: Work, moved: "_Moved", text: str, old: str) -> Work:
        spans: list[Span] = []
        for span in work.spans:
            place = moved.of(span.start, span.end)
            if place is None:
                if span.layer != self._layer:
                    self._lose(
                        "span", moved, (span.start, span.end), f"{work.article}: {span.label}"
                    )
                continue
            if text[slice(*place)] != old[span.start : span.end]:
                raise AnnotatorError(f"Article {work.article!r}: a cut moved {span.label} wrongly.")
            spans.append(span._replace(start=place[0], end=place[1]))
        return replace(
            work,
            spans=tuple(spans),
            stances=tuple(
                stance._replace(evidence=self._evidence(stance.evidence, moved, work.article))
                for stance in work.stances
            ),
            notes=self._notes(work.notes, moved, work.article),
        )

    def _evidence(
        self, evidence: tuple[Evidence, ...], moved: "_Moved", article: str
    ) -> tuple[Evidence, ...]:
        kept = []
        for each in evidence:
            place = moved.of(each.start, each.end)
            if place is None:
                self._lose("evidence", moved, (each.start, each.end), article)
            else:
                kept.append(each._replace(start=place[0], end=place[1]))
        return tuple(kept)

    def _notes(self, notes: tuple[Note, ...], moved: "_Moved", article: str) -> tuple[Note, ...]:
        kept = []
        for note in notes:
            if note.start is None or note.end is None:
                kept.append(note)
            elif (place := moved.of(note.start, note.end)) is not None:
                kept.append(note._replace(start=place[0], end=place[1]))
            else:
                self._lose("note", moved, (note.start, note.end), article)
        return tuple(kept)

    def _lose(self, what: str, moved: "_Moved", place: Range, example: str) -> None:
        how = "across a cut" if moved.touches(*place) else "in text that was cut out"
        self._losses.add(f"{what} {how}", example)


class _Moved:
    """Where things are after the cuts, from what was kept: ordered ranges of the old text."""

    def __init__(self, kept: list[Range]) -> None:
        self._starts = [start for start, _ in kept]
        self._ends = [end for _, end in kept]
        self._new: list[int] = []
        total = 0
        for start, end in kept:
            self._new.append(total)
            total += end - start

    def of(self, start: int, end: int) -> Range | None:
        """The new place of a stretch, None when a cut is in it."""
        place = bisect_right(self._starts, start) - 1
        if place < 0 or end > self._ends[place]:
            return None
        new = self._new[place] + start - self._starts[place]
        return new, new + end - start

    def touches(self, start: int, end: int) -> bool:
        """Whether any of a stretch was kept."""
        place = bisect_right(self._starts, end - 1) - 1
        return place >= 0 and self._ends[place] > start


def _with_line_end(text: str, start: int, end: int) -> Range:
    """A cut with the end of its last line, when it takes whole lines."""
    if start and text[start - 1] != "\n":
        return start, end
    if text.startswith("\r\n", end):
        return start, end + 2
    return start, end + (text[end : end + 1] == "\n")


def _between(cuts: list[Range], length: int) -> list[Range]:
    """What is left between cuts."""
    edges = [0, *(edge for cut in cuts for edge in cut), length]
    ranges = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in ranges if start < end]
