"""`annotator split`: give every article a split, and say what that comes to."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.cli.split_report import Report
from annotator.formats.choice import Options, span_layer
from annotator.formats.profiles import profile
from annotator.gold import splits
from annotator.gold.components import TOGETHER, Entry
from annotator.gold.duplicates import Copies, Piece, near_duplicates
from annotator.gold.splits import Plan, Settings
from annotator.model.annotation import State, Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Unit
from annotator.store.address import Place
from annotator.store.project import Project

CONTENT = "cleaneval"
"""The profile that says which labels of the boilerplate layer are content after all."""


def run(args: Namespace) -> int:
    """Split, or only list what there is; 1 when something leaks."""
    path = existing(args.project)
    if args.list and not args.dry_run:
        _list(path, args.json)
        return 0
    actor = "" if args.dry_run else config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.dry_run) as project, Bars() as bars:
        settings = _settings(args, project.split_settings())
        entries = list(_entries(project, bars))
        if not entries:
            raise AnnotatorError(f"There are no articles in {path} yet; import some first.")
        copies = _copies(project, bars) if settings.duplicates else Copies()
        plan = splits.plan(entries, copies, settings, project.assigned(), args.allow_large)
        if not args.dry_run:
            _save(project, plan, bars)
    if args.list:
        _print_list(plan.splits, args.json)
        return 0
    report = Report(args.project, args.dry_run, plan, copies, entries)
    if args.json:
        out.print_json(report.json())
    else:
        report.print()
    return 1 if plan.torn or any(leak.leaking for leak in report.leaks) else 0


def _settings(args: Namespace, before: Mapping[str, Any]) -> Settings:
    """How to split: as the last time, but for what the arguments say."""
    settings = Settings.of(before) if before else Settings()
    if args.ratios is not None:
        settings = replace(settings, ratios=splits.read_ratios(args.ratios))
    if args.seed is not None:
        settings = replace(settings, seed=args.seed)
    if args.together is not None:
        settings = replace(settings, together=_together(args.together))
    if args.topics is not None:
        settings = replace(settings, topics=tuple(sorted({*args.topics} - {""})))
    if args.duplicates is not None:
        settings = replace(settings, duplicates=args.duplicates)
    return settings


def _together(words: str) -> tuple[str, ...]:
    said = {word.strip() for word in words.split(",")} - {""}
    unknown = sorted(said.difference(TOGETHER))
    if unknown:
        raise AnnotatorError(
            f"Articles cannot be kept together by {unknown[0]!r}; say {', '.join(TOGETHER)}."
        )
    return tuple(what for what in TOGETHER if what in said)


def _entries(project: Project, bars: Bars) -> Iterator[Entry]:
    with bars.phase("articles", project.count(), "articles") as phase:
        for article in project.articles():
            yield Entry(article.id, article.lang, article.source, article.group, article.date)
            phase.advance(1)


def _copies(project: Project, bars: Bars) -> Copies:
    """The near copies among all articles."""
    total = project.count()
    labelled = _boilerplate(project, bars)

    def read(what: str) -> Iterator[Piece]:
        with bars.phase(what, total, "articles") as phase:
            for article in project.articles():
                yield Piece(article.id, article.text, article.source, labelled.get(article.id))
                phase.advance(1)

    return near_duplicates(read)


Stretches = tuple[tuple[int, int], ...]


def _boilerplate(project: Project, bars: Bars) -> dict[str, Stretches]:
    """What anybody labelled as boilerplate, for every article whose boilerplate was labelled."""
    try:
        layer = span_layer(project.scheme, Options(), "boilerplate", (Unit.BLOCK,))
    except AnnotatorError:
        return {}  # the scheme has no such layer
    chosen = profile(CONTENT).following(layer)
    found: dict[str, Stretches] = {}
    with bars.phase("labels", 0, "articles") as phase:
        for stored in project.documents(worked=True):
            if any(_labelled(work, layer.name) for work in stored.works):
                found[stored.article.id] = tuple(
                    (span.start, span.end)
                    for work in stored.works
                    for span in work.spans
                    if span.layer == layer.name and not chosen.mark(span.label)
                )
            phase.advance(1)
    return found


def _labelled(work: Work, layer: str) -> bool:
    """Whether an annotator has labelled the boilerplate of an article, or found none."""
    looked = layer in work.looked or work.status.state is State.DONE
    return looked or any(span.layer == layer for span in work.spans)


def _save(project: Project, plan: Plan, bars: Bars) -> None:
    """Give the new articles their splits, and remember how that was decided."""
    with bars.phase("saving", len(plan.new), "articles") as phase:
        given = project.assign_splits(plan.new, plan.settings.body(), phase.advance)
    if given < len(plan.new):
        raise AnnotatorError(
            f"Somebody else gave {out.counted(len(plan.new) - given, 'article')} a split "
            "meanwhile, which stays; run the command again to see where everything is."
        )


def _list(path: Place, as_json: bool) -> None:
    with Project.open(path, readonly=True) as project:
        _print_list(project.splits(), as_json)


def _print_list(found: Mapping[str, str], as_json: bool) -> None:
    """Id and split of each article, sorted by id."""
    if as_json:
        out.print_json(dict(sorted(found.items())))
        return
    for name, split in sorted(found.items()):
        print(out.safe(name), split, sep="\t")
