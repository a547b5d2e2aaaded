"""Thirty articles whose gold is known, and three annotators who depart from it in known ways."""

import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.model.annotation import (
    AUTHOR,
    Evidence,
    Kind,
    Party,
    Span,
    Stance,
    State,
    Status,
    looked_key,
)
from annotator.model.article import Article
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme import Scheme
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.text import units

ROOT = Path(__file__).resolve().parents[1]
ANNOTATORS = ("iva", "mila", "petar")
JUDGE = "vera"
PAGE, NAMES, STANCE = "boilerplate", "entities", "stance"
PEOPLE = ("Anna Velkova", "Boris Radin", "Clara Mend", "Deniz Oral", "Емил Стоев", "Фани Крумова")
PLACES = ("Novobryag", "Tundzha", "Старобряг", "Porto Velo", "Graustadt")
BODIES = ("the Harbour Office", "Rail Union", "Съветът", "Volta Works", "the Water Board")
VERBS = ("opened", "closed", "praised", "rejected", "inspected", "promised to repair")
THINGS = ("the ferry", "the old tunnel", "a night train", "the reservoir", "the market hall")


class Known(NamedTuple):
    """One article: what is gold, and what each annotator gave."""

    article: Article
    spans: tuple[Span, ...]
    stances: tuple[Stance, ...]
    given: dict[str, list[Span | Stance]]
    """By annotator."""
    gold_of: dict[str, Span | None]
    """For each annotator's span, by its key, the gold one it stands for; None: nothing is gold."""
    injected: Counter[str]
    """How many items of each category (`+` joins several) were made."""


def sample_articles() -> list[Article]:
    """The articles that come with the project."""
    folder = ROOT / "sample_data"
    listed = tomllib.loads((folder / "articles.toml").read_text(encoding="utf-8"))["articles"]
    return [
        Article(
            each["id"],
            (folder / "articles" / f"{each['id']}.txt").read_bytes().decode("utf-8"),
            each["title"],
            each["source"],
            date=each["date"],
            lang=each.get("lang", ""),
        )
        for each in listed
    ]


def made_article(number: int) -> Article:
    """An article of sentences put together by chance, always the same for a number."""
    dice = random.Random(f"made {number}")
    blocks = [f"News of the day number {number}", f"By {dice.choice(PEOPLE)}"]
    for _ in range(dice.randint(4, 7)):
        sentences = [
            f"{dice.choice(PEOPLE)} of {dice.choice(BODIES)} {dice.choice(VERBS)} "
            f"{dice.choice(THINGS)} in {dice.choice(PLACES)} on day {dice.randint(1, 30)}."
            for _ in range(dice.randint(2, 4))
        ]
        blocks.append(" ".join(sentences))
    blocks += ["Read also: the weather of tomorrow", "Log in   Register   Forgotten password"]
    return Article(f"made-{number:02}", "\n\n".join(blocks) + "\n", blocks[0], lang="en")


def articles(count: int = 30) -> list[Article]:
    """The samples, then made ones."""
    found = sample_articles()
    return [*found, *(made_article(n) for n in range(count - len(found)))][:count]


def known(article: Article, scheme: Scheme, seed: int = 0) -> Known:
    """An article's gold, and three annotators' departures from it, the same for a seed."""
    return _Maker(article, scheme, random.Random(f"{seed} {article.id}")).made()


class _Maker:
    """Makes up one article's gold and what the annotators gave."""

    def __init__(self, article: Article, scheme: Scheme, dice: random.Random) -> None:
        self.article, self.scheme, self.dice = article, scheme, dice
        self.text = article.text
        self.given: dict[str, list[Span | Stance]] = {name: [] for name in ANNOTATORS}
        self.gold_of: dict[str, Span | None] = {}
        self.injected: Counter[str] = Counter()
        self.spans: list[Span] = []
        self.stances: list[Stance] = []

    def made(self) -> Known:
        """Everything of the article."""
        for stretch in self._blocks():
            self._span(PAGE, stretch)
        for stretch in self._names():
            self._span(NAMES, stretch)
        self._stances()
        return Known(
            self.article, tuple(self.spans), tuple(self.stances), self.given, self.gold_of, self.injected
        )  # fmt: skip

    # --- where

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Every third block."""
        place, number = 0, 0
        while found := units.next_block(self.text, place):
            if number % 3 == 0:
                yield found
            place, number = found[1] + 1, number + 1

    def _names(self) -> Iterator[tuple[int, int]]:
        """Runs of one or two words, at least five words apart and inside one block."""
        words, place = [], 0
        while found := units.next_word(self.text, place):
            words.append(found)
            place = found[1]
        for at in range(3, len(words) - 4, 9):
            size = self.dice.choice((1, 2))
            start, end = words[at][0], words[at + size - 1][1]
            around = self.text[words[at - 2][0] : words[at + size + 1][1]]
            if "\n" not in around:
                yield start, end

    def _wider(self, stretch: tuple[int, int]) -> tuple[int, int]:
        """One unit more at the end, or at the start of the last."""
        start, end = stretch
        after = units.next_word(self.text, end)
        return (start, after[1]) if after else stretch

    def _earlier(self, stretch: tuple[int, int]) -> tuple[int, int]:
        """One word more before."""
        before = units.prev_word(self.text, stretch[0])
        return (before[0], stretch[1]) if before else stretch

    # --- spans

    def _labels(self, layer: str) -> tuple[str, str]:
        """Two labels of a layer."""
        found = self.scheme.layer(layer)
        assert found is not None
        one, other = self.dice.sample([label.name for label in found.active], 2)
        return one, other

    def _span(self, layer: str, stretch: tuple[int, int]) -> None:
        label, wrong = self._labels(layer)
        gold = Span(new_id(), layer, label, *stretch)
        kinds = ["agree"] * 9 + ["one lacks", "two lack", "one more", "two more", "label", "labels"]
        if layer == NAMES:
            kinds += ["edge"] * 3 + ["edges", "no edge", "edge and label"]
        kind = self.dice.choice(kinds)
        wide, early = self._wider(stretch), self._earlier(stretch)
        same = (label, stretch)
        answers: dict[str, tuple[str, Sequence[tuple[str, tuple[int, int]] | None]]] = {
            "agree": ("agree", (same, same, same)),
            "one lacks": ("missing", (same, same, None)),
            "two lack": ("missing", (same, None, None)),
            "one more": ("missing", (same, None, None)),
            "two more": ("missing", (same, same, None)),
            "label": ("label", (same, same, (wrong, stretch))),
            "labels": ("label", (same, (wrong, stretch), (wrong, stretch))),
            "edge": ("boundary", (same, same, (label, wide))),
            "edges": ("boundary", (same, (label, wide), (label, early))),
            "no edge": ("boundary", ((label, early), (label, early), (label, wide))),
            "edge and label": ("boundary+label", (same, same, (wrong, wide))),
        }
        category, given = answers[kind]
        is_gold = not kind.endswith("more")
        self._give(layer, given, gold if is_gold else None)
        self.injected[category] += 1
        if is_gold:
            self.spans.append(gold)

    def _give(
        self,
        layer: str,
        answers: Sequence[tuple[str, tuple[int, int]] | None],
        gold: Span | None,
    ) -> None:
        for name, answer in zip(self.dice.sample(ANNOTATORS, 3), answers, strict=True):
            if answer is not None:
                span = Span(new_id(), layer, answer[0], *answer[1])
                self.given[name].append(span)
                self.gold_of[span.key] = gold

    # --- stances

    def _stances(self) -> None:
        sentences, place = [], 0
        while found := units.next_sentence(self.text, place):
            sentences.append(found)
            place = found[1]
        kinds = ["agree", "stance", "stances", "target", "target more", "evidence", "evidence more"]
        values = ["FAVOR", "AGAINST", "NEUTRAL", "MIXED"]
        for number, kind in enumerate(self.dice.sample(kinds, 3)):
            value, wrong = self.dice.sample(values, 2)
            shown, also = self.dice.sample(sentences, 2)
            target = Party("proposition", f"Question {number} of {self.article.id}")
            gold = Stance(target, value, AUTHOR, evidence=(Evidence(*shown),))
            self._stance(kind, gold, wrong, Evidence(*also))

    def _stance(self, kind: str, gold: Stance, wrong: str, also: Evidence) -> None:
        other = gold._replace(label=wrong, evidence=(also,))
        more = gold._replace(evidence=tuple(sorted((*gold.evidence, also))))
        answers: dict[str, tuple[Sequence[Stance | None], tuple[str, ...], bool]] = {
            "agree": ((gold, gold, gold), ("agree", "agree"), True),
            "stance": ((gold, gold, other), ("stance", "agree"), True),
            "stances": ((gold, other, other), ("stance", "single"), True),
            "target": ((gold, gold, None), ("target-missing", "agree"), True),
            "target more": ((gold, None, None), ("target-missing",), False),
            "evidence": ((gold, gold, more), ("agree", "evidence"), True),
            "evidence more": ((gold, more, more), ("agree", "evidence"), True),
        }
        given, categories, is_gold = answers[kind]
        for name, stance in zip(self.dice.sample(ANNOTATORS, 3), given, strict=True):
            if stance is not None:
                self.given[name].append(stance)
        self.injected.update(categories[:1])
        self.injected.update(f"evidence of {kind}" for _ in categories[1:])
        if is_gold:
            self.stances.append(gold)


# --- into a project


def drafts(article: Article, name: str, given: Sequence[Span | Stance]) -> Iterator[Draft]:
    """What a finished annotator's work consists of."""
    for each in given:
        key = each.key if isinstance(each, Span) else each.key(name, article.id)
        kind = Kind.SPAN if isinstance(each, Span) else Kind.STANCE
        yield Draft(kind, key, article.id, each.body(article.text))
    for layer in (PAGE, NAMES, STANCE):
        yield Draft(Kind.LOOKED, looked_key(name, article.id, layer), article.id, {})
    done = Status(State.DONE, "", 60)
    yield Draft(Kind.STATUS, Status.key(name, article.id), article.id, done.body())


def make(path: Path, all_known: Sequence[Known], scheme: Scheme | None = None) -> Path:
    """A project of these articles with the three annotators' finished work."""
    with Project.create(path, scheme or preset("news"), JUDGE) as project:
        list(project.add(each.article for each in all_known))
        for each in all_known:
            for name, given in each.given.items():
                project.record(Act("label", tuple(drafts(each.article, name, given))), name)
    return path


def gold_of(each: Known) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """An article's gold in a form to compare: spans and stances."""
    return plain(each.spans, each.stances)


def plain(
    spans: Sequence[Span], stances: Sequence[Stance]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Spans and stances without their ids."""
    return (
        sorted((s.layer, s.label, s.start, s.end) for s in spans),
        sorted(
            (
                s.target.ref,
                s.holder.ref,
                s.label,
                tuple(sorted((e.start, e.end) for e in s.evidence)),
            )
            for s in stances
        ),
    )
