"""The configuration file: what it may say, what is refused, and saving the layout into it."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import config
from annotator.config import Config, read, save_layout, who
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Unit
from annotator.model.suggesters import SuggesterSettings

FULL = """# mine
annotator = "iva"
layout = 'ru' # at work
mouse = false
theme = "nord"
width = 100
sticky = []
remember = ["panel", "layer", "panel"]
suggest = false

[keys]
done = ["ctrl+d", "f10"]
flag = "f5"
queue = []

[units]
entities = "grapheme"

[suggesters.slovnet]
plugin = "slovnet"
layers = ["entities", "people", "entities"]
labels = { PER = "person", ORG = false, MISC = "" }
sure = 1
[suggesters.slovnet.options]
speed = 3

[suggesters.llm-1]
command = ["python3", "~/ask.py"]
timeout = 600

[suggesters.tagger]
url = "http://127.0.0.1:8500/suggest"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_everything_has_a_default(file: Path) -> None:
    assert read(file) == Config()
    assert Config() == Config(
        "", "", True, "", {}, 90, ("layer", "queue", "panel"), (), {}, True, {}
    )
    assert tuple(Unit) == config.UNITS
    file.write_text("")
    assert read(file) == Config()


def test_every_setting_is_read(file: Path) -> None:
    file.write_text(FULL)
    keys = {"done": ("ctrl+d", "f10"), "flag": ("f5",), "queue": ()}
    units = {"entities": "grapheme"}
    stays = ((), ("panel", "layer"))
    suggesters = {
        "slovnet": SuggesterSettings(
            plugin="slovnet",
            layers=("entities", "people"),
            labels={"PER": "person", "ORG": None, "MISC": ""},
            sure=1.0,
            options={"speed": 3},
        ),
        "llm-1": SuggesterSettings(command=("python3", "~/ask.py"), timeout=600.0),
        "tagger": SuggesterSettings(url="http://127.0.0.1:8500/suggest"),
    }
    assert read(file) == Config(
        "iva", "ru", False, "nord", keys, 100, *stays, units, False, suggesters
    )


def test_the_file_is_where_the_variable_or_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(tmp_path / "other.toml"))
    (tmp_path / "other.toml").write_text('layout = "el"')
    assert read().layout == "el"
    save_layout("sr")
    assert (tmp_path / "other.toml").read_text() == 'layout = "sr"'
    monkeypatch.setenv("ANNOTATOR_CONFIG", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config.config_path().name == "config.toml"
    assert "annotator" in config.config_path().parts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('layuot = "ru"', "unknown setting 'layuot'; did you mean 'layout'?"),
        ("Mouse = true", "did you mean 'mouse'?"),
        ("xyz = 1", "there are annotator, layout, mouse, theme, keys, width, sticky"),
        ("annotator = 5", "annotator takes a text in quotes"),
        ('annotator = "a:b"', "'a:b' cannot be an annotator's name"),
        ('annotator = "a\\nb"', "cannot be an annotator's name"),
        ("layout = true", "layout takes a text"),
        ('mouse = "no"', "mouse takes true or false"),
        ("mouse = 1", "mouse takes true or false"),
        ("theme = []", "theme takes a text"),
        ("width = 19", "a whole number from 20 to 400"),
        ("width = 401", "a whole number from 20 to 400"),
        ("width = 90.0", "a whole number"),
        ("width = true", "a whole number"),
        ("keys = 3", "write keys as a table"),
        ("sticky = true", 'sticky takes a list with any of "layer", "queue", "panel"'),
        ('sticky = ["layers"]', "sticky takes a list"),
        ("remember = [1]", "remember takes a list"),
        ("units = 3", "write units as a table"),
        ('[units]\nentities = "letter"', "units are grapheme, word, sentence, block"),
        ("[units]\nentities = [1]", "write units as a table"),
        ("[keys]\ndone = 3", "[keys] done takes a list of keys"),
        ('[keys]\ndone = [""]', "[keys] done takes a list of keys"),
        ("[keys]\ndone = [3]", "[keys] done takes a list of keys"),
        ("suggest = 1", "suggest takes true or false"),
        ("suggesters = true", "write suggesters as tables, each below a line [suggesters.NAME]"),
        ("[suggesters]\nslovnet = true", "[suggesters.slovnet] is a table"),
        (
            '[suggesters.a]\nurl = "http://example.org/"',
            "[suggesters.a] url takes an address on this",
        ),
        ("layout = ru", "is not valid TOML"),
        ("layout = 'a'\nlayout = 'b'", "is not valid TOML"),
        (f"layout = {'[' * 5000}{']' * 5000}", "is not valid TOML: it is nested too deeply."),
        (f"width = {'9' * 5000}", "is not valid TOML: it has a number that is too long."),
    ],
)
def test_unfit_settings_are_refused_naming_file_and_setting(
    file: Path, text: str, message: str
) -> None:
    file.write_text(text)
    with pytest.raises(AnnotatorError) as caught:
        read(file)
    assert message in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "[suggesters.x] takes exactly one of plugin, command, url"),
        ('url = "http://127.0.0.1/"\ncommand = ["a"]', "takes exactly one of"),
        ('plugin = ""', "plugin takes a text in quotes"),
        ("plugin = true", "plugin takes a text in quotes"),
        ('command = "rm -rf x"', "command takes a list, the program and its arguments"),
        ("command = []", "command takes a list"),
        ('command = [""]', "command takes a list"),
        ('command = ["a", 5]', "command takes a list"),
        ('command = ["a\\u0000b"]', "command takes a list"),
        ("url = 5", "url takes a text"),
        ('url = "http://10.0.0.1/"', "url takes an address on this machine"),
        ('plugin = "a"\ntimeout = 0', "timeout takes a number of seconds from 0.1 to 600"),
        ('plugin = "a"\ntimeout = 601', "timeout takes a number of seconds"),
        ('plugin = "a"\ntimeout = nan', "timeout takes a number of seconds"),
        ('plugin = "a"\ntimeout = true', "timeout takes a number of seconds"),
        ('plugin = "a"\nsure = 1.5', "sure takes a score from 0 to 1"),
        ('plugin = "a"\nsure = "yes"', "sure takes a score from 0 to 1"),
        ('plugin = "a"\nlayers = "entities"', "layers takes a list of names"),
        ('plugin = "a"\nlayers = [""]', "layers takes a list of names"),
        ('plugin = "a"\nlabels = ["PER"]', "labels is a table from its labels to yours"),
        ('plugin = "a"\nlabels = { PER = true }', "labels is a table"),
        ('plugin = "a"\nlabels = { PER = 0 }', "labels is a table"),
        ('plugin = "a"\noptions = 5', "options is a table"),
        ('command = ["a"]\noptions = {}', "options are for plug-ins"),
        ('plugin = "a"\ntimeuot = 5', "unknown setting 'timeuot'; there are plugin, command, url"),
    ],
)
def test_unfit_suggesters_are_refused_naming_file_and_table(
    file: Path, lines: str, message: str
) -> None:
    file.write_text(f"[suggesters.x]\n{lines}")
    with pytest.raises(AnnotatorError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}: [suggesters.x] ")
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["names", "boilerplate", "a b", "", "a:b", "x" * 41, "\\u001b"])
def test_some_names_are_no_suggesters(file: Path, name: str) -> None:
    file.write_text(f'[suggesters."{name}"]\nplugin = "a"')
    with pytest.raises(AnnotatorError, match="cannot be a suggester's name") as caught:
        read(file)
    assert "\x1b" not in str(caught.value)


def test_files_that_cannot_be_read_are_refused(file: Path) -> None:
    file.write_bytes(b"layout = '\xff'")
    with pytest.raises(AnnotatorError, match="not UTF-8 at byte 10"):
        read(file)
    with pytest.raises(AnnotatorError, match="cannot be read"):
        read(file.parent)
    with pytest.raises(AnnotatorError, match="not a file"):
        save_layout("ru", file.parent)


def test_a_byte_order_mark_is_no_error(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfwidth = 80\r\n")
    assert read(file).width == 80


def test_saving_changes_one_string_and_nothing_else(file: Path) -> None:
    file.write_text(FULL)
    save_layout("bg-phonetic", file)
    assert file.read_text() == FULL.replace("'ru' # at", '"bg-phonetic" # at')
    assert [entry.name for entry in file.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", 'layout = "el"\n'),
        ("# mine\n[keys]\nlayout = []\n", 'layout = "el"\n# mine\n[keys]\nlayout = []\n'),
        ('[keys]\nlayout = "f10"\n', 'layout = "el"\n[keys]\nlayout = "f10"\n'),
        ("  layout='ru'", '  layout="el"'),
        ('"layout" = ""\r\nwidth = 80\r\n', '"layout" = "el"\r\nwidth = 80\r\n'),
        ("width = 80\r\n", 'layout = "el"\r\nwidth = 80\r\n'),
        ('# layout = "ru"\n', 'layout = "el"\n# layout = "ru"\n'),
    ],
)
def test_where_the_layout_is_written(file: Path, old: str, new: str) -> None:
    file.write_bytes(old.encode())
    save_layout("el", file)
    assert file.read_bytes() == new.encode()


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ('theme = """\nlayout = "x"\n"""\n', "ru"),
        ('layout = """ru"""\n', "el"),
        ("width = 90\n", 'ru"\nmouse = false #'),
        ("width = 90\n", "a\\b"),
    ],
)
def test_what_cannot_be_edited_safely_is_left_for_a_person(file: Path, old: str, name: str) -> None:
    file.write_text(old)
    with pytest.raises(AnnotatorError, match="please set layout"):
        save_layout(name, file)
    assert file.read_text() == old


def test_a_broken_file_is_not_replaced(file: Path) -> None:
    file.write_text("layout = ru\n")
    with pytest.raises(AnnotatorError, match="not valid TOML"):
        save_layout("el", file)
    assert file.read_text() == "layout = ru\n"


settings = st.lists(
    st.sampled_from(
        ['annotator = "ива"', 'layout = "ru"', "layout = ''  # none", "mouse = true", "# layout ="]
    ),
    unique_by=lambda line: line.split("=")[0],
)
tables = st.sampled_from(["", '[keys]\ndone = ["f10"]\n', '[keys]\nlayout = ["f10"]\n'])


@given(settings, tables, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["ru", "bg-bds", "el"]))
def test_saving_keeps_every_other_setting_and_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], table: str, end: str, name: str
) -> None:
    file = tmp_path_factory.mktemp("config") / "config.toml"
    old = "".join(f"{line}\n" for line in lines) + table
    file.write_bytes(old.replace("\n", end).encode())
    before = read(file)
    save_layout(name, file)
    assert tomllib.loads(file.read_text("utf-8"))["layout"] == name
    after = read(file)
    assert (after.annotator, after.mouse, after.keys) == (
        before.annotator, before.mouse, before.keys,
    )  # fmt: skip
    text = file.read_bytes().decode()
    kept = [line for line in old.splitlines() if not line.startswith("layout = ") or "[" in line]
    assert [line for line in text.split(end) if line in kept and line] == [k for k in kept if k]
    save_layout(name, file)
    assert file.read_bytes().decode() == text


def test_saving_makes_the_folder_and_keeps_mode_and_link(tmp_path: Path) -> None:
    fresh = tmp_path / "a" / "b" / "config.toml"
    save_layout("uk", fresh)
    assert read(fresh).layout == "uk"
    fresh.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(fresh)
    save_layout("el", link)
    assert link.is_symlink()
    assert read(fresh).layout == "el"
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


def test_a_failed_write_leaves_the_old_file_and_no_other(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(FULL)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(AnnotatorError, match="cannot be written: No space left"):
        save_layout("el", file)
    assert file.read_text() == FULL
    assert list(file.parent.iterdir()) == [file]


def test_who_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "login")
    assert who("ana", Config(annotator="iva")) == "ana"
    assert who(None, Config(annotator="iva")) == "iva"
    assert who(None, Config()) == "login"
    for wrong in ("", "a:b", " a"):
        with pytest.raises(AnnotatorError, match="annotator's name"):
            who(wrong, Config(annotator="iva"))


def test_a_system_without_login_names_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(AnnotatorError, match="--as NAME"):
        who(None, Config())
