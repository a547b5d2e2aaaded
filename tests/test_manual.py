"""The manual is in step with the program."""

import importlib.util
import re
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from annotator.cli.table import COMMANDS
from annotator.config import Config
from annotator.desk.actions import ACTIONS
from annotator.formats.table import OWN as FORMATS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_program_knows_is_up_to_date(page, monkeypatch):
    if page.name == "commands.md" and sys.version_info[:2] != (3, 11):
        pytest.skip("argparse lays its help out differently in each Python")
    monkeypatch.setenv("COLUMNS", "80")
    text = page.read_text(encoding="utf-8")
    assert generator().page(text) == text, "run python docs/generate.py"


def test_every_command_key_and_setting_is_in_the_manual():
    commands = (DOCS / "commands.md").read_text(encoding="utf-8")
    keys = (DOCS / "annotating.md").read_text(encoding="utf-8")
    settings = (DOCS / "configuration.md").read_text(encoding="utf-8")
    formats = (DOCS / "exporting.md").read_text(encoding="utf-8")
    assert [n for n in COMMANDS if f"## {n}\n" not in commands] == []
    assert [a.name for a in ACTIONS if f"| {a.name} |" not in keys] == []
    assert [
        f.name
        for f in fields(Config)
        if f"`{f.name}`" not in settings and f"`[{f.name}]`" not in settings
    ] == []
    assert [each.name for each in FORMATS if f"`{each.name}`" not in formats] == []


def test_links_lead_somewhere():
    for page in [*PAGES, ROOT / "README.md"]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_first_screen_of_the_readme_has_a_picture_and_the_two_commands():
    first = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").split("\n")[:40])
    assert "make demo" in first
    assert "make test" in first
    assert re.search(r"!\[[^]]+\]\(docs/\S+\.svg\)", first)
