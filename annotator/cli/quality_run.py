"""`annotator quality`: measure and print."""

from argparse import Namespace

from annotator import config
from annotator.cli import out, quality_report
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.lead.known_gold import gold
from annotator.lead.quality import quality
from annotator.model.person import Role
from annotator.store.address import may_be_written
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Show everybody's quality; 1 with --fail-on-drift when an alarm stands."""
    path = existing(args.project)
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=not may_be_written(path)) as project, Bars() as bars:
        project.require(Role.ADJUDICATOR, "see the quality of others' work")
        held = gold(project, args.adjudicated, args.release)
        outdated = held.outdated(project.scheme) if held is not None else ()
        with bars.phase("quality", 0, "articles") as phase:

            def tell(done: int, total: int) -> None:
                phase.total = total
                phase.advance(done - phase.steps)

            report = quality(project, held, args.annotator, args.since, tell)
    if args.json:
        out.print_json(quality_report.to_json(report))
    else:
        quality_report.print_report(args.project, report, bool(args.annotator))
        if outdated and held is not None:
            out.say(
                f"{held.words} has labels that the scheme has no more ({', '.join(outdated)}): make a "
                "new release for fair numbers."
            )
    return 1 if args.fail_on_drift and report.drifting else 0
