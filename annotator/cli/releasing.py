"""`annotator release`: gold frozen under a version, and what the releases hold."""

from argparse import Namespace

from annotator import config
from annotator.cli import out, release_report
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.formats import consensus
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.lead import releasing
from annotator.lead.comparing import Bodies, Tally, changes
from annotator.lead.gilding import voters
from annotator.lead.releasing import Maker, Wish
from annotator.model.errors import AnnotatorError
from annotator.model.release import ADJUDICATED, Golden, Release
from annotator.store.address import Place, typed
from annotator.store.documents import Stored
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Do what the arguments say; without a version list the releases."""
    path = existing(args.project)
    if args.version is None:
        _check(args)
    elif args.list or args.show is not None or args.diff is not None:
        raise AnnotatorError("Make a release or look at one, not both in one go.")
    else:
        return _make(path, args)
    with Project.open(path, readonly=True) as project:
        if args.show is not None:
            release = project.release(args.show)
            release_report.show(release, args.json, project.withdrawn_from(release))
        elif args.diff is not None:
            old, new = args.diff
            _diff(project, old, new, args.json)
        else:
            release_report.listed(project.releases(), args.json)
    return 0


def _check(args: Namespace) -> None:
    """Who says how to release means to release, though the version was forgotten."""
    for name in ("note", "gold", "allow_open", "names", "dry_run"):
        if getattr(args, name):
            option = f"--{name.replace('_', '-')}"
            if args.list or args.show is not None or args.diff is not None:
                raise AnnotatorError(f"{option} goes with making a release, not with looking.")
            raise AnnotatorError(
                f"Say which release to make: annotator release {typed(args.project)} 1.0 {option} …"
            )


def _make(path: Place, args: Namespace) -> int:
    wish = Wish(args.version, args.gold or ADJUDICATED, args.note, args.allow_open, args.names)
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.dry_run) as project, Bars() as bars:
        losses = Losses()
        make = None if wish.gold == ADJUDICATED else voted(project, wish.gold, losses)
        with bars.phase("gathering", 0, "articles") as phase:
            gathered = releasing.gather(project, wish, make, phase.advance, args.dry_run)
        if args.dry_run:
            gathered.bodies.close()
            release = Release(wish.version, "", "", gathered.manifest)
        else:
            count = gathered.manifest["articles"]["count"]
            with bars.phase("saving", count, "articles") as phase:
                release = releasing.save(project, gathered, phase.advance)
    release_report.show(release, args.json)
    if not args.json:
        _say(args, release, losses)
    return 0


def _say(args: Namespace, release: Release, losses: Losses) -> None:
    """What to do next, and what fell away."""
    for line in losses.lines():
        out.say(line)
    if args.dry_run:
        left = release.manifest["open"]["items"]
        needs = " (with --allow-open)" if left and not args.allow_open else ""
        out.say(f"Nothing was saved; without --dry-run this becomes release {args.version}{needs}.")
    else:
        out.say(
            f"Release {args.version} is made; annotator export {typed(args.project)} --release "
            f"{args.version} writes it."
        )


def voted(project: Project, policy: str, losses: Losses) -> Maker:
    """Makes gold by counting votes, as exports do."""

    def make(stored: Stored) -> Golden:
        works = voters(project, stored.article.id, stored.works)
        document = Document(stored.article, works, stored.recorded, stored.sha256)
        made = consensus.gold(document, project.scheme, policy, losses)
        return Golden(next(iter(made.works), None), made.items)

    return make


def _diff(project: Project, old: str, new: str, as_json: bool) -> None:
    tally, found = Tally(), []
    for change in changes(*(_bodies(project, project.release(each)) for each in (old, new))):
        tally.add(change)
        found.append(change)
    release_report.diff(old, new, tally, found, as_json)


def _bodies(project: Project, release: Release) -> Bodies:
    return ((held.article, held.body) for held in project.released(release))
