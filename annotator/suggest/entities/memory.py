"""The label memory: what was labelled before is suggested again, in whatever form it comes.

It knows nothing of language but the endings of names, needs no labels to begin with and no library.
A surface is suggested with the label it had in at least half of its sightings, passed over
ones counted, and never again once people have refused it more often than given it.
"""

import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from annotator.model.errors import AnnotatorError
from annotator.suggest.entities.cells import KEPT, NOTHING_KNOWN, Cell, Verdict, verdict
from annotator.suggest.entities.forms import LONGEST_SURFACE, Forms, Hit
from annotator.suggest.entities.words import Words, is_slavic, sound_of
from annotator.suggest.protocol import Finished, Guess, Labelled

FORMAT = 1
"""The number of the format `save` writes."""
LEAST = 0.5
"""What is less probable is not suggested."""
SURE = 0.9
"""From this score on 19 of 20 suggestions are right."""
ALONE = 0.9
"""A larger share of the links must name one identity where only the sound of a name says so: from
Bulgarian, 97 of 100 identities were then right in Russian and 99 in Ukrainian."""

Own = Mapping[Cell, Cell]
"""What one article contributed to cells."""


class Memory:
    """Remembers the surfaces of one layer by language; a `Suggester`."""

    name = "memory"

    def __init__(self, layer: str = "") -> None:
        self.layer = layer
        self.articles = 0
        self._digest = 0
        self._cells: dict[tuple[str, str], Cell] = {}
        self._forms: dict[bool, Forms] = {}
        self._sounds: dict[str, dict[Cell, None]] = {}

    def __len__(self) -> int:
        return len(self._cells)

    @property
    def version(self) -> str:
        """Changes with every article learnt."""
        return f"{FORMAT}.{self.articles}.{self._digest:08x}"

    @property
    def is_stale(self) -> bool:
        """Never: all is learnt at once."""
        return False

    # --- learning -----------------------------------------------------------------------------------

    def learn(self, article: Finished) -> None:
        """Remember what was labelled, refused and passed over in an article."""
        self._count(article, 1)

    def forget(self, article: Finished) -> None:
        """Take out what an article contributed, as far as it was the same when it was learnt."""
        self._count(article, -1)

    def refit(self, articles: Iterable[Finished]) -> None:
        """Learn all articles anew: what one passes over counts also before another labels it."""
        kept = list(articles)
        self.__dict__.update(Memory(self.layer).__dict__)
        for article in kept:
            self._know(article)
        for article in kept:
            self.learn(article)

    def own(self, article: Finished) -> Own:
        """What an article that was learnt contributed: for looking at it as if it were new."""
        found = self._contribution(article)
        return {
            self._cells[article.lang, surface]: cell
            for surface, cell in found.items()
            if (article.lang, surface) in self._cells
        }

    def merge(self, other: "Memory") -> None:
        """Add what another memory of the layer knows."""
        for (lang, surface), cell in other._cells.items():
            mine = self._cell(lang, surface)
            mine.add(cell.body())
            self._listen(mine)
        self.articles += other.articles
        self._digest = (self._digest + other._digest) & 0xFFFFFFFF

    def _know(self, article: Finished) -> None:
        for span in article.spans:
            surface = article.text[span.start : span.end]
            if 0 < len(surface) <= LONGEST_SURFACE:
                self._cell(article.lang, surface)

    def _count(self, article: Finished, by: int) -> None:
        self._know(article)
        for surface, own in self._contribution(article).items():
            cell = self._cell(article.lang, surface)
            for counts, more in ((cell.yes, own.yes), (cell.no, own.no)):
                for label, count in more.items():
                    counts[label] = max(counts[label] + by * count, 0)
            cell.passed = max(cell.passed + by * own.passed, 0)
            for label, links in own.links.items():
                mine = cell.links.setdefault(label, Counter())
                for said, count in links.items():
                    mine[said] = max(mine[said] + by * count, 0)
            self._listen(cell)
        self.articles = max(self.articles + by, 0)
        said = repr((by, article.lang, len(article.text), article.spans, article.rejected))
        self._digest = zlib.crc32(said.encode("utf-8", "replace"), self._digest)

    def _contribution(self, article: Finished) -> dict[str, Cell]:
        """What an article adds, by surface."""
        found: dict[str, Cell] = {}

        def cell(start: int, end: int) -> Cell:
            surface = article.text[start:end]
            return found.setdefault(surface, Cell(surface, article.lang))

        for span in article.spans:
            if 0 < span.end - span.start <= LONGEST_SURFACE:
                own = cell(span.start, span.end)
                own.yes[span.label] += 1
                own.link(span.label, span.attrs)
        for span in article.rejected:
            if 0 < span.end - span.start <= LONGEST_SURFACE:
                cell(span.start, span.end).no[span.label] += 1
        taken = _taken(article.text, (*article.spans, *article.rejected))
        words = Words(article.text, is_slavic(article.lang))
        for hit in self._longest(words, {}, None):
            if not any(taken[hit.start : hit.end]):
                cell(hit.start, hit.end).passed += 1
        return found

    def _cell(self, lang: str, surface: str) -> Cell:
        cell = self._cells.get((lang, surface))
        if cell is None:
            cell = self._cells[lang, surface] = Cell(surface, lang)
            for forms in self._forms.values():
                forms.add(cell)
        return cell

    def _listen(self, cell: Cell) -> None:
        """File a surface that was linked by how it sounds."""
        if cell.links:
            self._sounds.setdefault(sound_of(cell.surface), {})[cell] = None

    # --- looking up ---------------------------------------------------------------------------------

    def suggest(
        self,
        text: str,
        lang: str = "",
        source: str = "",  # noqa: ARG002 - for suggesters that know outlets
        title: str = "",  # noqa: ARG002 - for those that know headlines
    ) -> list[Guess]:
        """What was labelled before and occurs in a text, the longest first, without overlaps."""
        words = Words(text, is_slavic(lang))
        return self.guesses(words, lang, self.hits(words, lang))

    def guesses(self, words: Words, lang: str, hits: list[tuple[Hit, Verdict]]) -> list[Guess]:
        """What `hits` found, with identities, as guesses."""
        return [
            Guess(
                hit.start,
                hit.end,
                said.label,
                said.score,
                self.identity(words.text[hit.start : hit.end], said.label, lang, hit.cells),
                str(said),
                said.score >= SURE,
            )
            for hit, said in hits
        ]

    def hits(self, words: Words, lang: str, less: Own | None = None) -> list[tuple[Hit, Verdict]]:
        """The remembered surfaces in a text, and what is known of them; no overlaps.

        Args:
            words: the words of the text, read for the language.
            lang: its language: what is known of a surface in it goes before the rest.
            less: what is not to be counted (`own`).
        """
        seen: dict[tuple[Cell, ...], Verdict] = {}
        found = []
        for hit in self._longest(words, seen, (lang, less or {})):
            found.append((hit, seen[hit.cells]))
        return found

    def _longest(
        self,
        words: Words,
        seen: dict[tuple[Cell, ...], Verdict],
        wanted: tuple[str, Own] | None,
    ) -> Iterable[Hit]:
        """From left to right the longest hits; of those that are to be suggested, or of all."""
        forms = self._index(words.slavic)
        at, reached = 0, 0
        while at < len(words.keys):
            best: Hit | None = None
            for hit in forms.at(words, at) if words.keys[at] else ():
                if hit.start < reached:
                    continue
                if wanted is None or self._wanted(hit, seen, *wanted):
                    best = hit
            if best:
                yield best
                at, reached = best.last, best.end
            at += 1

    def _wanted(
        self, hit: Hit, seen: dict[tuple[Cell, ...], Verdict], lang: str, less: Own
    ) -> bool:
        said = seen.get(hit.cells)
        if said is None:
            said = seen[hit.cells] = _judge(hit.cells, lang, less)
        return said.score >= LEAST

    def label_of(self, wanted: Callable[[str, str], bool]) -> Verdict:
        """What is known together of all surfaces that `wanted` takes, by surface and language."""
        cells = [cell for (lang, surface), cell in self._cells.items() if wanted(surface, lang)]
        return verdict(cells, {})

    def _index(self, slavic: bool) -> Forms:
        forms = self._forms.get(slavic)
        if forms is None:
            forms = self._forms[slavic] = Forms(slavic)
            for cell in self._cells.values():
                forms.add(cell)
        return forms

    def is_refused(self, surface: str, label: str, lang: str = "") -> bool:
        """Whether people refused a label for a surface more often than they gave it, in a language.

        Args:
            surface: as it stands in a text.
            label: the label; "" for a candidate without one.
            lang: the language of the text.
        """
        own = [cell for cell in self._index(is_slavic(lang)).of(surface) if cell.lang == lang]
        return sum(cell.no[label] for cell in own) > sum(cell.yes[label] for cell in own)

    def identity_of(self, surface: str, label: str, lang: str = "") -> dict[str, str]:
        """`identity` of a surface as it stands in a text."""
        slavic = is_slavic(lang)
        return self.identity(surface, label, lang, self._index(slavic).of(surface))

    def identity(
        self, surface: str, label: str, lang: str = "", cells: Iterable[Cell] = ()
    ) -> dict[str, str]:
        """Which one is meant, as far as links given before say so in more than half of the cases.

        Where no form of the surface was linked, names that sound the same in other languages count,
        if hardly one of them is somebody else.

        Returns:
            The fields to fill in; a lemma is proposed only in the language it was given in.
        """
        found = _most_linked(cells, label, lang)
        if found:
            return found
        sound = "" if surface[:1].islower() else sound_of(surface)
        return _most_linked(self._sounds.get(sound, ()), label, lang, ALONE) if sound else {}

    # --- keeping --------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """Everything remembered, as plain JSON."""
        surfaces: dict[str, dict[str, list[Any]]] = {}
        for (lang, surface), cell in sorted(self._cells.items()):
            if not cell.is_empty:
                surfaces.setdefault(lang, {})[surface] = cell.body()
        return {
            "format": FORMAT,
            "layer": self.layer,
            "articles": self.articles,
            "digest": self._digest,
            "surfaces": surfaces,
        }

    @classmethod
    def of_json(cls, body: Any) -> "Memory":
        """The memory that `to_json` describes; raises AnnotatorError when it is none."""
        try:
            if body["format"] != FORMAT:
                raise ValueError("another format")
            memory = cls(str(body["layer"]))
            for lang, surfaces in body["surfaces"].items():
                for surface, counts in surfaces.items():
                    cell = memory._cell(lang, surface)
                    cell.add(counts)
                    memory._listen(cell)
            memory.articles, memory._digest = int(body["articles"]), int(body["digest"])
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise AnnotatorError(
                "The saved label memory cannot be read: learn it anew from the finished articles."
            ) from error
        return memory

    def save(self) -> bytes:
        """`to_json` in UTF-8."""
        said = json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":"))
        return said.encode("utf-8", "surrogatepass")

    def load(self, saved: bytes) -> None:
        """Replace what is remembered by what was saved; raises AnnotatorError on other bytes."""
        try:
            body = json.loads(saved.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError):
            body = None
        self.__dict__.update(Memory.of_json(body).__dict__)


def _judge(cells: tuple[Cell, ...], lang: str, less: Own) -> Verdict:
    """What is known in the language of the text; where nothing is, in all others."""
    own = [cell for cell in cells if cell.lang == lang]
    said = verdict(own, less) if own else NOTHING_KNOWN
    refused = any(cell.no for cell in own)
    if said.label or refused:
        return said
    return verdict(cells, less)


def _taken(text: str, spans: Iterable[Labelled]) -> bytearray:
    """For every code point whether it lies in a span."""
    taken = bytearray(len(text))
    for span in spans:
        taken[span.start : span.end] = b"\1" * max(min(span.end, len(text)) - span.start, 0)
    return taken


def _most_linked(
    cells: Iterable[Cell], label: str, lang: str, least: float = 0.5
) -> dict[str, str]:
    """The identity that more than a share of the links name; its lemma only from the same language."""
    ids: Counter[str] = Counter()
    lemmas: Counter[str] = Counter()
    for cell in cells:
        for said, count in cell.links.get(label, {}).items():
            fields = json.loads(said)
            lemma = fields.pop("lemma", None)
            if fields:
                ids[json.dumps(fields, sort_keys=True)] += count
            if lemma and cell.lang == lang:
                lemmas[lemma] += count
    found: dict[str, str] = {}
    for counts, is_lemma in ((ids, False), (lemmas, True)):
        if counts:
            said, count = max(counts.items(), key=lambda item: (item[1], item[0]))
            if count > least * counts.total():
                found.update({"lemma": said} if is_lemma else json.loads(said))
    return {name: found[name] for name in KEPT if name in found}
