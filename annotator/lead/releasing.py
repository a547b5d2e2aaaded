"""Making a release: gold gathered and counted, refused while something is undecided, then written.

The gold is gathered once, into a temporary file, so that what was counted is what is written and
memory stays flat; the release exists when its last event is saved, and not before.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from annotator import __version__
from annotator.gold.adjudication.making import finished
from annotator.gold.agreement.report import Figure
from annotator.lead.comparing import Tally, changes
from annotator.lead.gilding import gild, voters
from annotator.lead.measuring import measure
from annotator.model.annotation import Work
from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.event import new_id
from annotator.model.guideline_version import version_of
from annotator.model.person import Role
from annotator.model.release import ADJUDICATED, Frozen, Golden, Release, valid_release
from annotator.store.releases import Sum, digest_of

if TYPE_CHECKING:
    from annotator.store.documents import Stored
    from annotator.store.project import Project

SCHEMA = "annotator-release/1"
DECIDED = "decided"

Maker = Callable[["Stored"], Golden]
"""Makes an article's gold."""
Tell = Callable[[int], object]
"""Called with how many more articles are through."""


class Wish(NamedTuple):
    """What release is wanted."""

    version: str
    gold: str = ADJUDICATED
    """A policy in `model.release.POLICIES`."""
    note: str = ""
    allow_open: bool = False
    """Make it although something is undecided, without the layers it is in."""
    names: bool = False
    """Tell annotators' and adjudicators' names, not only how many they are."""


class Gathered(NamedTuple):
    """A release that could be written now."""

    manifest: dict[str, Any]
    bodies: IO[str]
    """A line of JSON for each article: its id and its gold; closed by `save`."""


def refuse(project: "Project", wish: Wish) -> None:
    """Say at once what makes a release impossible, whatever its gold.

    Raises:
        AnnotatorError: its version is none, or taken; or only a lead may make it, and in a project
            open for reading only an adjudicator try it.
    """
    valid_release(wish.version)
    for release in project.releases():
        if release.version == wish.version:
            raise AnnotatorError(
                f"There is a release {wish.version} already, and releases never change; give this "
                "one a new number."
            )
    if project.readonly:  # a trial tells how far annotators agree, and where they do not
        project.require(Role.ADJUDICATOR, "see what a release would hold")
    else:
        project.require(Role.LEAD, "make a release")


def gather(
    project: "Project",
    wish: Wish,
    make: Maker | None = None,
    tell: Tell = int,
    is_trial: bool = False,
) -> Gathered:
    """Everything that would be in the release; nothing is written to the project.

    Args:
        project: an open project, for reading only too.
        wish: what release.
        make: makes the gold of policies that count votes; None for decisions.
        tell: told of every article.
        is_trial: whether something undecided is only to be told.

    Raises:
        AnnotatorError: nothing is gold, something is undecided, or what `refuse` says.
    """
    refuse(project, wish)
    counts = _Counts(wish.gold)
    former = project.releases()[-1:]
    spool: IO[str] = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed by `save`)
    try:
        maker = make or (lambda stored: gild(project, stored))
        found = _written(_bodies(project, maker, counts, tell), spool)
        since: dict[str, Any] | None = None
        if former:
            tally = Tally()
            for change in changes(
                ((h.article, h.body) for h in project.released(former[0])), found
            ):
                tally.add(change)
            since = {"release": former[0].version, **tally.json()}
        for _ in found:
            pass
        if not counts.articles:
            why = "nobody has finished a layer of an article."
            if counts.is_adjudicated:
                why = (
                    "no layer of an article is decided to the end; annotator adjudicate does that."
                )
            raise AnnotatorError(f"Nothing in {project.path.name} is gold yet: {why}")
        if not is_trial:
            _refuse_open(counts, wish)
        return Gathered(_manifest(project, wish, counts, since), spool)
    except BaseException:
        spool.close()
        raise


def save(project: "Project", gathered: Gathered, tell: Tell = int) -> Release:
    """Write a release that was gathered, in batches, and make it one at the end.

    Raises:
        AnnotatorError: there is one of its version by now, or it cannot be saved; then there is none.
    """
    manifest = gathered.manifest
    with gathered.bodies as spool:
        spool.seek(0)
        bodies = ((article, body) for article, body in map(json.loads, spool))
        project.save_release(manifest["version"], manifest["run"], bodies, tell)
    project.finish_release(manifest)
    return project.release(manifest["version"])


class _Counts:
    """What is counted as articles pass."""

    def __init__(self, gold: str) -> None:
        self.is_adjudicated = gold == ADJUDICATED
        self.articles = 0
        self.newest = ""
        self.gold, self.texts = Sum(), Sum()
        self.states: Counter[str] = Counter()
        self.undecided: Counter[str] = Counter()
        self.open_articles = 0
        self.left_out = 0
        self.by: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.voters: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.annotators: set[str] = set()
        self.adjudicators: set[str] = set()

    @property
    def left(self) -> dict[str, int]:
        """How many items are in which state but decided."""
        return {state: n for state, n in sorted(self.states.items()) if n and state != DECIDED}

    def open(self, made: Golden) -> None:
        """Count what is undecided in an article."""
        self.states.update(made.states)
        self.undecided.update(made.undecided)
        self.open_articles += any(made.states[state] for state in made.states if state != DECIDED)
        self.left_out += made.work is None

    def take(self, frozen: Frozen, body: Mapping[str, Any], works: tuple[Work, ...]) -> None:
        """Count an article in, with the works that made its gold."""
        self.articles += 1
        self.newest = max(self.newest, frozen.newest)
        self.gold.add(frozen.article, digest_of(body))
        self.texts.add(frozen.article, frozen.sha256)
        self.by["languages"][frozen.lang or "und"] += 1
        if frozen.split:
            self.by["splits"][frozen.split] += 1
        self.by["layers"].update(frozen.work.looked)
        self.by["labels"].update(f"{span.layer}/{span.label}" for span in frozen.work.spans)
        self.by["stances"].update(stance.label for stance in frozen.work.stances)
        self.by["methods"].update(item.method for item in frozen.items)
        self.adjudicators.update(item.decider for item in frozen.items if item.decider)
        for layer in frozen.work.looked:
            names = [work.actor for work in works if finished(work, layer)]
            self.annotators.update(names)
            self.voters[layer][len(names)] += 1


def _refuse_open(counts: _Counts, wish: Wish) -> None:
    """Refuse a release of which something is undecided, unless that was allowed."""
    left = counts.left
    if not left or wish.allow_open:
        return
    words = ", ".join(f"{count:,} {state}" for state, count in left.items())
    raise AnnotatorError(
        f"Release {wish.version} was not made, for something is not decided: {words}; articles with "
        f"such items: {counts.open_articles:,}. Decide them (annotator adjudicate; what all agree on "
        "is taken by its --accept unanimous), or leave their layers out with --allow-open."
    )


def _bodies(
    project: "Project", make: Maker, counts: _Counts, tell: Tell
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The articles that have gold, sorted by id, counted."""
    for stored in project.documents(worked=True):
        made = make(stored)
        counts.open(made)
        tell(1)
        if made.work is None:
            continue
        article = stored.article
        fields = (article.id, stored.sha256, article.lang, article.lang_source, stored.split)
        frozen = Frozen(*fields, made.work, made.items)
        body = frozen.body(article.text)
        counts.take(frozen, body, voters(project, article.id, stored.works))
        yield article.id, body


def _written(
    bodies: Iterator[tuple[str, dict[str, Any]]], spool: IO[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same, each put aside as it passes."""
    for pair in bodies:
        spool.write(json.dumps(pair, ensure_ascii=True) + "\n")
        yield pair


def _manifest(
    project: "Project", wish: Wish, counts: _Counts, since: dict[str, Any] | None
) -> dict[str, Any]:
    """Everything a release tells of itself."""
    scheme = project.scheme
    people: dict[str, Any] = {
        "annotators": len(counts.annotators),
        "adjudicators": len(counts.adjudicators),
    }
    if wish.names:
        people["names"] = {
            "annotators": sorted(counts.annotators),
            "adjudicators": sorted(counts.adjudicators),
        }
    return {
        "schema": SCHEMA,
        "version": wish.version,
        "run": new_id(),
        "tool": f"annotator {__version__}",
        "project": project.id,
        "note": wish.note,
        "gold": wish.gold,
        "articles": {"count": counts.articles, "digest": counts.texts.digest},
        "digest": counts.gold.digest,
        "newest_event": counts.newest,
        "scheme": {
            "name": scheme.name,
            "version": scheme.version,
            "sha256": text_sha256(scheme.toml),
            "toml": scheme.toml,
            "guidelines": scheme.guidelines,
        },
        "guidelines": {"version": version_of(scheme), "sha256": text_sha256(scheme.guidelines)},
        "people": people,
        "counts": {name: dict(sorted(each.items())) for name, each in sorted(counts.by.items())},
        "annotators_by_layer": {
            layer: {str(number): n for number, n in sorted(each.items())}
            for layer, each in sorted(counts.voters.items())
        },
        "agreement": _agreement(project),
        "open": {
            "allowed": wish.allow_open,
            "items": sum(counts.left.values()),
            "states": counts.left,
            "articles": counts.open_articles,
            "layers": dict(sorted(counts.undecided.items())),
            "without_gold": counts.left_out,
        },
        "since": since,
    }


def _agreement(project: "Project") -> list[dict[str, Any]]:
    """The numbers that are always shown of each layer, with their intervals."""
    return [
        {
            "layer": layer.layer,
            "headline": [str(metric) for metric in layer.headline],
            "figures": {str(metric): _figure(each) for metric, each in layer.figures.items()},
        }
        for layer in measure(project).layers
    ]


def _figure(figure: Figure) -> dict[str, Any]:
    told = {"value": figure.value, "low": figure.low, "high": figure.high}
    counted = {"articles": figure.n_articles, "items": figure.n_items, "few": figure.few}
    why = {"why_undefined": figure.why_undefined} if figure.value is None else {}
    rounded = {name: None if v is None else round(v, 6) for name, v in told.items()}
    return {**rounded, **counted, **why}
