"""`annotator init`: a new, empty project."""

from argparse import Namespace
from pathlib import Path

from annotator import config
from annotator.cli import sidecar
from annotator.cli.out import say
from annotator.formats.writers.native_jsonl import TOML
from annotator.model import scheme_file
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.store.address import is_address, typed
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Make the project file and say what to do next.

    Raises:
        AnnotatorError: something is there, the scheme has faults, or a server was meant.
    """
    if is_address(args.project):  # where a project has roles, and people accounts
        raise AnnotatorError(
            f"A project on a server is made by `annotator server init {typed(args.project)}`."
        )
    actor = config.who(args.actor, config.read())
    scheme = named_scheme(args.scheme)
    with Project.create(args.project, scheme, actor):
        say(f"Made {args.project} with the scheme {scheme.name} (version {scheme.version}).")
    say(f"Bring articles in with: annotator import {typed(args.project)} SOURCE")
    return 0


def named_scheme(name: str | None) -> Scheme:
    """The scheme `--scheme` names: one that comes with the program, or a TOML file.

    A file of the name of a preset is meant by a path such as `./news`.

    Raises:
        AnnotatorError: there is no such file, or it has faults.
    """
    chosen = scheme_file.PRESETS[0] if name is None else name
    if chosen in scheme_file.PRESETS:
        return scheme_file.preset(chosen)
    if chosen.endswith(TOML):
        return sidecar.load(Path(chosen))
    return scheme_file.load(Path(chosen))
