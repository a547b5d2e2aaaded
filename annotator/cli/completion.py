"""`annotator completion`: scripts for shells, made from the command table."""

import argparse
from argparse import Namespace
from collections.abc import Iterator

from annotator.cli import out
from annotator.cli.parser import parser
from annotator.cli.table import COMMANDS


def run(args: Namespace) -> int:
    """Print the script for a shell."""
    for line in {"bash": _bash, "zsh": _zsh, "fish": _fish}[args.shell]():
        out.say(line)
    return 0


Options = dict[str, tuple[str, str, tuple[str, ...]]]
"""Long options: kind (flag or value), help, and the choices if it has any."""


def options(command: str) -> Options:
    """A command's long options, those of the words it takes after the project too."""
    found = _options(parser(COMMANDS[command]))
    for made in subparsers(parser(COMMANDS[command])).values():
        found |= _options(made)
    return found


def _options(made: argparse.ArgumentParser) -> Options:
    found = {}
    for action in made._actions:
        for name in action.option_strings:
            if name.startswith("--"):
                kind = "flag" if action.nargs == 0 else "value"
                found[name] = (kind, action.help or "", tuple(action.choices or ()))
    return found


def subparsers(made: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the words a command takes after the project, such as `scheme`'s."""
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def words(command: str) -> tuple[str, ...]:
    """What a command's positional arguments can be, when that is a fixed list of words."""
    return tuple(
        str(choice)
        for action in parser(COMMANDS[command])._actions
        if not action.option_strings and action.nargs != argparse.PARSER
        for choice in action.choices or ()
    )


def _bash() -> Iterator[str]:
    yield "_annotator() {"
    yield "  local -a all"  # bash takes an address apart at its colons
    yield '  read -ra all <<< "${COMP_LINE:0:COMP_POINT}x"'
    yield "  local at=$(( ${#all[@]} - 1 ))"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" last="${all[at-1]}"'
    yield '  local command="${all[1]}" words=""'
    yield '  if [ "$at" -eq 1 ]; then'
    yield f'    words="{" ".join(COMMANDS)} --help --version"'
    yield "  else"
    yield '    case "$command $last" in'
    for name in COMMANDS:
        for option, (_, _, choices) in options(name).items():
            if choices:
                yield f'      "{name} {option}") words="{" ".join(choices)}" ;;'
    yield '      *) case "$command" in'
    for name in COMMANDS:
        inner = subparsers(parser(COMMANDS[name]))
        if inner:
            yield from _bash_words(name, inner, _before_word(parser(COMMANDS[name])))
        else:
            yield f'        {name}) words="{" ".join((*words(name), *options(name)))}" ;;'
    yield f'        *) words="{" ".join(options("open"))}" ;;'
    yield "      esac ;;"
    yield "    esac"
    yield "  fi"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o bashdefault -o default -F _annotator annotator"


def _before_word(made: argparse.ArgumentParser) -> int:
    """How many words a command takes before its own word: the project, or none."""
    return sum(
        not action.option_strings and not isinstance(action, argparse._SubParsersAction)
        for action in made._actions
    )


def _bash_words(name: str, inner: dict[str, argparse.ArgumentParser], before: int) -> Iterator[str]:
    """The word after the project is the command's own; after it come that word's options."""
    at = 2 + before
    yield f'        {name}) if [ "$at" -eq {at} ]; then words="{" ".join(inner)}"'
    yield f'          elif [ "$at" -gt {at} ]; then case "${{all[{at}]}}" in'
    for word, made in inner.items():
        yield f'            {word}) words="{" ".join(_options(made))}" ;;'
    yield "          esac; fi ;;"


def _zsh() -> Iterator[str]:
    yield "#compdef annotator"
    yield "_annotator() {"
    yield "  local -a commands=("
    for name, command in COMMANDS.items():
        yield f"    {_quoted(f'{name}:{command.summary}')}"
    yield "  )"
    yield "  if (( CURRENT == 2 )); then"
    yield "    _describe command commands"
    yield "    _files -g '*.db'"
    yield "    return"
    yield "  fi"
    yield '  local command="$words[2]"'
    yield '  (( $+functions[_annotator_$command] )) || command="open"'
    yield "  shift words; (( CURRENT-- ))"
    yield '  _annotator_$command "$@"'
    yield "}"
    for name in COMMANDS:
        yield f"_annotator_{name}() {{"
        specs = [_zsh_option(option, *found) for option, found in options(name).items()]
        fixed = words(name)
        rest = f"'*:word:({' '.join(fixed)})'" if fixed else "'*:file:_files'"
        if inner := subparsers(parser(COMMANDS[name])):
            first = "'1:project:_files' '2" if _before_word(parser(COMMANDS[name])) else "'1"
            rest = f"{first}:word:({' '.join(inner)})' '*:file:_files'"
        yield "  _arguments " + " ".join([*specs, rest])
        yield "}"
    yield 'if [ "$funcstack[1]" = "_annotator" ]; then _annotator "$@"; '
    yield "else compdef _annotator annotator; fi"


def _zsh_option(name: str, kind: str, text: str, choices: tuple[str, ...]) -> str:
    text = text.replace("[", "(").replace("]", ")").replace(":", " -")
    what = f":value:({' '.join(choices)})" if choices else ":value:_files"
    return _quoted(f"{name}[{text}]{what if kind == 'value' else ''}")


def _fish() -> Iterator[str]:
    no_command = f"not __fish_seen_subcommand_from {' '.join(COMMANDS)}"
    for name, command in COMMANDS.items():
        text = _quoted(command.summary)
        yield f"complete -c annotator -n {_quoted(no_command)} -a {name} -d {text}"
        seen = _quoted(f"__fish_seen_subcommand_from {name}")
        if fixed := words(name):
            yield f"complete -c annotator -n {seen} -f -a {_quoted(' '.join(fixed))}"
        if inner := subparsers(parser(COMMANDS[name])):
            yield f"complete -c annotator -n {seen} -a {_quoted(' '.join(inner))}"
        for option, (kind, text, choices) in options(name).items():
            line = f"complete -c annotator -n {seen} -l {option[2:]} -d {_quoted(text)}"
            if choices:
                line += f" -x -a {_quoted(' '.join(choices))}"
            elif kind == "value":
                line += " -r"
            yield line


def _quoted(text: str) -> str:
    """A word in single quotes, for bash, zsh and fish alike where it holds no backslash."""
    return "'" + text.replace("'", "'\\''") + "'"
