"""Replays a set: a project with its articles, the oracle at its desk, the export held to the gold."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from benchmarks.keystrokes import gold
from benchmarks.keystrokes.blocks import BlockOracle
from benchmarks.keystrokes.figures import Run
from benchmarks.keystrokes.gold import GoldArticle, Loader
from benchmarks.keystrokes.hand import Hand, WrongKeyError
from benchmarks.keystrokes.names import ALONE, RING, SPREAD, TAGS, NameOracle, Policy
from benchmarks.keystrokes.peers import slate_lines, slate_search, slate_words
from benchmarks.keystrokes.proof import exported, wrong_spans, wrong_stances
from benchmarks.keystrokes.stances import Cost, StanceOracle, entities

ANNOTATOR = "oracle"
BOILERPLATE, ENTITIES, STANCE = "boilerplate", "entities", "stance"


@dataclass(frozen=True, slots=True)
class GoldSet:
    """A set of gold, and how it is replayed."""

    name: str
    title: str
    load: Loader
    layer: str
    scheme: str = "news"
    policies: tuple[Policy | None, ...] = (None,)
    """For names; the first by hand, with its own target."""


NAMES = (RING, TAGS, SPREAD, ALONE)

SETS = (
    *(
        GoldSet(
            f"slavicner_{lang}",
            f"SlavicNER {lang}",
            lambda lang=lang: gold.slavicner(lang),
            ENTITIES,
            policies=NAMES,
        )
        for lang in ("bg", "ru", "uk")
    ),
    GoldSet("factrueval", "factRuEval ru, outermost", gold.factrueval, ENTITIES, policies=NAMES),
    *(
        GoldSet(
            f"lines_{name}",
            f"lines, {title}",
            lambda name=name: gold.line_labels(name),
            BOILERPLATE,
            "minimal",
        )
        for name, title in (
            ("zyte", "Zyte"),
            ("daniel_en", "DAnIEL en"),
            ("daniel_pl", "DAnIEL pl"),
        )
    ),
    GoldSet(
        "articles_one",
        "two articles, boilerplate in one category",
        lambda: gold.two_articles("boilerplate_one"),
        BOILERPLATE,
        "minimal",
    ),
    GoldSet(
        "articles_fine",
        "two articles, boilerplate in fine categories",
        lambda: gold.two_articles("boilerplate"),
        BOILERPLATE,
    ),
    GoldSet(
        "articles_names",
        "two articles, entities",
        lambda: gold.two_articles("entities"),
        ENTITIES,
        policies=NAMES,
    ),
    GoldSet("articles_stance", "two articles, stance", gold.stances, STANCE),
)


@dataclass
class Replayed:
    """One set by one policy: the figures and, for stance, what each took."""

    run: Run
    stances: list[Cost]


def replay(
    chosen: GoldSet, articles: Sequence[GoldArticle], policy: Policy | None, folder: Path
) -> Replayed:
    """Let the oracle annotate the articles in a new project and prove what it exports.

    Where the policy says so each article has a project of its own.
    """
    title = policy.title if policy else "—"
    done = Replayed(Run(chosen.title, title, dropped=sum(a.dropped for a in articles)), [])
    alone = policy is not None and policy.alone
    for portion in [[article] for article in articles] if alone else [articles]:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            _project(chosen, portion, policy, Path(place), done)
    return done


def _project(
    chosen: GoldSet,
    articles: Sequence[GoldArticle],
    policy: Policy | None,
    folder: Path,
    done: Replayed,
) -> None:
    """One project, from the import to the export."""
    scheme, path = preset(chosen.scheme), folder / "project.db"
    with Project.create(path, scheme, ANNOTATOR) as project:
        for _ in project.add(Article(a.id, a.text) for a in articles):
            pass
        if chosen.layer == STANCE:
            for article in articles:
                project.submit(entities(article, ENTITIES)).result()
        hand = Hand(project, scheme)
        for article in articles:
            _annotate(hand, article, chosen, policy, done)
    with Project.open(path, readonly=True) as project:
        _prove(project, articles, chosen, done.run, folder)


def _annotate(
    hand: Hand, article: GoldArticle, chosen: GoldSet, policy: Policy | None, done: Replayed
) -> None:
    """One article; what goes wrong is a fault of the run."""
    run = done.run
    try:
        hand.open(article.id, chosen.layer)
        if chosen.layer == STANCE:
            stances = StanceOracle(hand, article)
            stances.work()
            done.stances += stances.costs
        elif policy is None:
            BlockOracle(hand, article).work()
        else:
            NameOracle(hand, article, policy).work()
    except (WrongKeyError, AnnotatorError, LookupError, ValueError) as error:
        run.faults.append(f"{article.id}: {error!r}; the last keys: {' '.join(hand.pressed[-12:])}")
    run.keys.append(hand.keys)
    run.spans.append(len(article.pieces) or len(article.positions))
    if chosen.layer == ENTITIES:
        run.walked.append(sum(slate_words(article)))
        run.searched.append(sum(slate_search(article)))
    elif chosen.layer == BOILERPLATE:
        run.walked.append(sum(slate_lines(article, gold.blocks(article.text))))


def _prove(
    project: Project, articles: Sequence[GoldArticle], chosen: GoldSet, run: Run, folder: Path
) -> None:
    records = exported(project, folder)
    for article in articles:
        record = records[article.id]
        if chosen.layer == STANCE:
            run.faults += wrong_stances(article, record)
        else:
            run.faults += wrong_spans(article, record, chosen.layer)


def sample(articles: list[GoldArticle], quick: bool) -> list[GoldArticle]:
    """All articles, or for a quick look every 25th of a larger set."""
    return articles[::25] if quick and len(articles) > 25 else articles
