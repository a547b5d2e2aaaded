"""`annotator train`: the interface on training articles, then the summary."""

from argparse import Namespace

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.cli.quality_report import decimal
from annotator.gold.comparison import Comparison, Outcome
from annotator.lead.training import done_before, summary, summary_json
from annotator.model.errors import AnnotatorError
from annotator.store.address import Place
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Train, then print what it showed; the exit code is the interface's."""
    path = existing(args.project)
    settings = config.read()
    actor = config.who(args.actor, settings)
    if args.summary:
        return _summary(path, actor, args.json)
    if args.json:
        raise AnnotatorError("--json goes with --summary.")
    from annotator.tui.training import start

    code, found = start(path, actor, settings, args.articles, args.mouse)
    if found:
        print_summary(found)
    return code


def _summary(path: Place, actor: str, as_json: bool) -> int:
    with Project.open(path, actor, readonly=True) as project:
        found = done_before(project)
    if as_json:
        out.print_json({"articles": len(found), "layers": summary_json(found)})
    elif found:
        print_summary(found)
    else:
        out.say(f"{actor} has not finished a training article yet.")
    return 0


def print_summary(found: list[Comparison]) -> None:
    """Print by layer and label how training went."""
    out.say(f"Training: {out.counted(len(found), 'article')} beside gold.")
    columns = ("label", "gold>", "same>", "missed>", "not gold>", "label>", "edges>", "F1>")
    layer, rows = "", list[tuple[str, ...]]()
    for name, label, counts in summary(found):
        if not (counts.gold() or counts.own()):
            continue
        if name != layer and rows:
            out.table(layer, columns, rows)
            rows = []
        layer = name
        edges = counts.many(Outcome.EDGES, label) + counts.many(Outcome.BOTH, label)
        numbers = (counts.gold(label), *(counts.many(each, label) for each in
                   (Outcome.SAME, Outcome.MISSED, Outcome.EXTRA, Outcome.LABEL)), edges)  # fmt: skip
        rows.append((label or "all", *map(out.number, numbers), decimal(counts.f1(label))))
    if rows:
        out.table(layer, columns, rows)
