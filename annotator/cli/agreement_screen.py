"""`annotator agreement --screen`: the same numbers to walk through, down to the articles."""

from argparse import Namespace

from annotator import config
from annotator.cli import agreement_run
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.store.address import may_be_written


def run(args: Namespace) -> int:
    """Open the screen; the exit code is the screen's."""
    if args.json or args.fail_under:
        raise AnnotatorError(
            "--json and --fail-under print and judge: leave out --screen for them."
        )
    path = existing(args.project)
    settings = config.read()
    actor = config.who(args.actor, settings)
    scope, also = agreement_run._scope(args), agreement_run._also(args.also)
    keep = may_be_written(path)
    from annotator.tui.agreement_app import start

    return start(path, actor, settings, scope, also, args.bootstrap, keep, args.mouse)
