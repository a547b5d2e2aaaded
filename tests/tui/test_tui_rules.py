"""Rules the interface keeps in its source: one door for foreign text, Textual nowhere else."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.keys import _character_to_key

import annotator
from annotator.desk.keynames import key_name

ROOT = Path(annotator.__file__).parent
TUI = sorted((ROOT / "tui").glob("*.py"))
PARSED = {
    "Static", "Label", "Button", "Option", "Checkbox", "RadioButton", "ListItem", "TabPane",
    "Collapsible", "notify", "DiscoveryHit", "Tooltip", "add_option", "add_options",
}  # fmt: skip
"""What parses markup in its first argument."""
BANNED = {"from_markup", "escape", "DataTable", "Tree", "RichLog", "Log", "Markdown", "TextArea"}
"""What parses markup in any case, or does not save from it."""
DOOR = {"plain", "plain_rows"}


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """All calls with the last part of the name called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def through_the_door(node: ast.expr) -> bool:
    """A constant of our own without markup, or what comes from `plain`."""
    if isinstance(node, ast.Constant):
        return not (isinstance(node.value, str) and "[" in node.value)
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return through_the_door(node.elt)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in DOOR


def is_update_of_text(name: str, call: ast.Call) -> bool:
    """`update` of a widget: called on something queried, or on a widget itself."""
    if name != "update" or not isinstance(call.func, ast.Attribute):
        return False
    receiver = call.func.value
    return not isinstance(receiver, ast.Name) or receiver.id == "self"


def faults(source: str) -> list[str]:
    """What a module does past the door."""
    tree = ast.parse(source)
    found = []
    for name, call in calls(tree):
        where = f"line {call.lineno}: {ast.unparse(call)[:80]}"
        if name in BANNED:
            found.append(where)
        parsed = name in PARSED or is_update_of_text(name, call)
        if parsed and call.args and not through_the_door(call.args[0]):
            found.append(where)
        if name == "Input":
            found.append(f"{where} (Entry is what people type into)")
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                name = target.attr if isinstance(target, ast.Attribute) else ""
                if name in ("border_title", "border_subtitle", "tooltip"):
                    found += [] if through_the_door(node.value) else [f"line {node.lineno}: {name}"]
    return found


def test_foreign_text_goes_through_one_door() -> None:
    found = {path: faults(path.read_text(encoding="utf-8")) for path in TUI}
    assert {path: each for path, each in found.items() if each} == {}
    assert len(found) > 50


@pytest.mark.parametrize(
    "line",
    [
        "Static(title)",
        "Static(f'{title}')",
        "self.app.notify(str(error))",
        "Option(name)",
        "OptionList(*(Option(c) for c in choices))",
        "self.query_one('#x', Static).update(words)",
        "Content.from_markup(words)",
        "widget.border_title = title",
        "Input(value=note)",
        "Static('[b]bold')",
    ],
)
def test_the_rule_sees_what_it_is_for(line: str) -> None:
    assert faults(line)


def test_content_is_made_in_one_place() -> None:
    for path in TUI:
        names = [name for name, _ in calls(ast.parse(path.read_text(encoding="utf-8")))]
        assert ("Content" in names) == (path.name == "plain.py"), path.name


def test_nothing_else_imports_textual() -> None:
    for path in ROOT.rglob("*.py"):
        if path.parent.name == "tui":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(m.split(".")[0] == "textual" for m in modules), path


@pytest.mark.parametrize("character", string.punctuation)
def test_every_punctuation_key_is_known_by_the_name_textual_gives_it(character: str) -> None:
    assert key_name(_character_to_key(character)) == character
