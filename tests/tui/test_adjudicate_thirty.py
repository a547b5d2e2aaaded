"""Three annotators, thirty articles, conflicts of every category: adjudicated by keys alone.

Twelve of the articles have every category too, and are what the short run does.

An oracle knows what is gold and sees what the screen shows of the current item; it presses the keys a
person would. What it ends in must be the known gold, and an ordinary item must take one key.
"""

from collections import Counter
from pathlib import Path
from statistics import median

import adjudication_kit as kit
import pytest
from adjudicate_tui_kit import Bench, open_bench

from annotator.gold.adjudication import folding
from annotator.gold.adjudication.items import NOTHING, Item, State, Variant, What
from annotator.lead.adjudication_table import numbered
from annotator.model.annotation import Span, Stance
from annotator.model.scheme_file import preset
from annotator.store.project import Project

SCHEME = preset("news")


@pytest.fixture(scope="module")
def known(long_run: bool) -> dict[str, kit.Known]:
    """Thirty articles with their gold, or the last twelve of them."""
    found = kit.articles() if long_run else kit.articles()[-12:]
    return {article.id: kit.known(article, SCHEME) for article in found}


class Oracle:
    """Knows the gold, and presses keys until the screen agrees."""

    def __init__(self, bench: Bench, known: dict[str, kit.Known]) -> None:
        self.bench = bench
        self.known = known
        self.per_item: list[int] = []
        self.categories: Counter[str] = Counter()

    async def work(self) -> None:
        """Decide items until none is left."""
        while self.bench.desk.item is not None and self.bench.desk.left:
            item, before = self.bench.item, len(self.bench.keys)
            await self._decide(item)
            self.per_item.append(len(self.bench.keys) - before)
            self.categories["+".join(item.category)] += 1
            found = self.bench.desk.table
            if found is not None and found.article.id == item.article:
                assert found.by_key[item.key].state is State.DECIDED

    async def _decide(self, item: Item) -> None:
        gold = self._gold(item)
        right = next((v for v in item.variants if self._is(v, gold)), None)
        if right is not None and item.variants[self.bench.desk.choice] == right:
            await self.bench.hit("enter")
        elif right is not None and right.code != NOTHING:
            await self.bench.hit(str(numbered(item).index(right) + 1))
        elif gold is None:
            await self.bench.hit("0")
        else:
            assert isinstance(gold, Span)
            await self._edit(gold)

    def _gold(self, item: Item) -> Span | Stance | None:
        """What is gold of an item."""
        known = self.known[item.article]
        if item.what is What.SPAN:
            found = [known.gold_of[member] for member in item.members]
            assert all(each is found[0] for each in found), "an item mixes what was made apart"
            return found[0]
        return next(
            (s for s in known.stances if (s.target.ref, s.holder.ref) == item.members), None
        )

    def _is(self, variant: Variant, gold: Span | Stance | None) -> bool:
        if gold is None or variant.code == NOTHING:
            return gold is None and variant.code == NOTHING
        if isinstance(gold, Span):
            span = variant.span
            assert span is not None
            return (span.start, span.end, span.label) == (gold.start, gold.end, gold.label)
        if self.bench.item.what is What.EVIDENCE:
            return variant.evidence == gold.evidence
        return variant.stance is not None and variant.stance.label == gold.label

    async def _edit(self, gold: Span) -> None:
        """Move edges one after the other to where they belong."""
        await self.bench.hit("e")
        for edge in (1, 0):
            for _ in range(30):
                editing = self.bench.screen.sight.editing
                assert editing is not None
                here = editing.held.range[edge]
                wanted = (gold.start, gold.end)[edge]
                if here == wanted:
                    break
                await self.bench.hit("left" if here > wanted else "right")
            await self.bench.hit("tab") if edge else None
        editing = self.bench.screen.sight.editing
        assert editing is not None
        if editing.label != gold.label:
            label = editing.layer.label(gold.label)
            assert label is not None
            await self.bench.hit(label.key)
        await self.bench.hit("enter")


async def test_thirty_articles_of_three_annotators(
    tmp_path: Path, known: dict[str, kit.Known], capsys: pytest.CaptureFixture[str]
) -> None:
    path = kit.make(tmp_path / "thirty.db", list(known.values()))
    async with open_bench(path) as bench:
        oracle = Oracle(bench, known)
        await bench.press("A 2")  # what all agree on, everywhere
        await bench.pilot.pause(0.5)
        bulk = len(bench.keys)
        await oracle.work()
        await bench.press("A 2")  # the evidence of stances that were in dispute
        await bench.pilot.pause(0.5)
        await bench.saved()
        assert bench.desk.message.startswith("What all agree on is accepted")
    injected = sum((each.injected for each in known.values()), Counter[str]())
    few = len(known) // 3
    for category in ("missing", "boundary", "label", "boundary+label", "stance", "target-missing"):
        assert oracle.categories[category] == injected[category] > few
    evidence = injected["evidence of evidence"] + injected["evidence of evidence more"]
    assert oracle.categories["evidence"] == evidence > few
    with Project.open(path, readonly=True) as project:
        for name, each in known.items():
            work = folding.gold(each.article, project.decisions(name), SCHEME)
            assert kit.plain(work.spans, work.stances) == kit.gold_of(each), name
    assert median(oracle.per_item) == 1
    with capsys.disabled():
        mean = sum(oracle.per_item) / len(oracle.per_item)
        print(
            f"\nadjudication: {len(oracle.per_item)} items in {len(known)} articles, "
            f"keys per item: median {median(oracle.per_item):.0f}, mean {mean:.2f}, "
            f"most {max(oracle.per_item)}; {bulk} keys for what all agree on"
        )
