"""Writes into the manual what the program itself knows: keys, commands, settings, labels.

`python docs/generate.py` rewrites the marked parts of the pages; a test fails when one is out of
date.
"""

import os
import re
import sys
from pathlib import Path

from annotator.cli.completion import subparsers
from annotator.cli.parser import parser
from annotator.cli.table import COMMANDS
from annotator.desk.actions import ACTIONS
from annotator.desk.keynames import key_sign
from annotator.formats.readers.table import OWN as READERS
from annotator.formats.table import OWN, Shape
from annotator.model.scheme import SpanLayer
from annotator.model.scheme_file import PRESETS, preset

DOCS = Path(__file__).parent
_PART = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def keys() -> str:
    """The key table."""
    rows = ["| action | keys | what it does |", "| --- | --- | --- |"]
    for action in ACTIONS:
        signs = " ".join(f"`{key_sign(key)}`" for key in action.keys) or "palette"
        rows.append(f"| {action.name} | {signs.replace('|', chr(92) + '|')} | {action.help} |")
    return "\n".join(rows) + "\n"


def commands() -> str:
    """Every command's own help, 80 columns wide."""
    os.environ["COLUMNS"] = "80"
    parts = []
    for name, command in COMMANDS.items():
        made = parser(command)
        parts.append(f"## {name}\n\n```text\n{made.format_help().rstrip()}\n```\n")
        for word, inner in subparsers(made).items():
            parts.append(f"### {name} {word}\n\n```text\n{inner.format_help().rstrip()}\n```\n")
    return "\n".join(parts)


def labels() -> str:
    """The labels of the presets."""
    parts = []
    for name in PRESETS:
        scheme = preset(name)
        parts.append(f"### {name}, version {scheme.version}\n")
        for layer in scheme.layers:
            found = layer.labels if isinstance(layer, SpanLayer) else layer.values
            parts.append(f"{layer.title} (`{layer.name}`)\n")
            parts.append("| key | label | meaning |\n| --- | --- | --- |")
            parts.extend(f"| `{x.key}` | `{x.name}` | {x.title}: {x.description} |" for x in found)
            parts.append("")
    return "\n".join(parts)


def formats() -> str:
    """Every export format with its page and what it heeds."""
    rows = ["| format | what it is | makes | heeds |", "| --- | --- | --- | --- |"]
    for each in OWN:
        page = _page_of(each.name)
        name = f"[`{each.name}`]({page})" if page else f"`{each.name}`"
        flags = " ".join(f"`--{flag.replace('_', '-')}`" for flag in sorted(each.options)) or "–"
        extra = f" (extra `{each.extra}`)" if each.extra else ""
        rows.append(f"| {name} | {each.title}{extra} | {_MADE[each.shape]} | {flags} |")
    return "\n".join(rows) + "\n"


def readers() -> str:
    """Every kind of annotation file with its page."""
    rows = ["| kind | what it is | known by |", "| --- | --- | --- |"]
    for each in READERS:
        page = _page_of(each.name)
        name = f"[`{each.name}`]({page})" if page else f"`{each.name}`"
        known = "its folder" if each.folder else " ".join(f"`{suffix}`" for suffix in each.suffixes)
        rows.append(f"| {name} | {each.title} | {known} |")
    return "\n".join(rows) + "\n"


_MADE = {Shape.FILE: "a file", Shape.FOLDER: "a folder", Shape.EITHER: "a file for each article"}
_PAGES = {
    **dict.fromkeys(("bioes", "conll"), "iob2"),
    **dict.fromkeys(("cas-json", "cas-xmi", "webanno-tsv"), "cas"),
    "bsnlp": "slavicner",
    "article-extraction": "cleaneval",
}
"""The manual's page of formats that have none of their own name."""


def _page_of(name: str) -> str:
    """The link to a format's page."""
    page = f"formats/{_PAGES.get(name, name)}.md"
    return page if (DOCS / page).is_file() else ""


PARTS = {
    "formats": formats,
    "readers": readers,
    "keys": keys,
    "commands": commands,
    "labels": labels,
}


def page(text: str) -> str:
    """A page with its marked parts made anew."""
    return _PART.sub(lambda m: f"{m[1]}\n{PARTS[m[2]]()}\n{m[3]}", text)


if __name__ == "__main__":
    for path in sorted(DOCS.glob("*.md")):
        path.write_text(page(path.read_text(encoding="utf-8")), encoding="utf-8")
        sys.stdout.write(f"{path.name}\n")
