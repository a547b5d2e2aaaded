"""The demo, new projects, and completion in real shells."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from annotator.cli.table import COMMANDS
from annotator.formats.table import formats
from annotator.store.project import Project


def test_the_demo_makes_a_project_from_the_samples_and_throws_it_away(cli):
    ran = cli("demo", "--no-open")
    assert ran.code == 0
    path = Path(ran.out.partition(":")[0])
    assert path.name == "demo.db"
    assert not path.exists()
    assert not path.parent.exists()


@pytest.mark.file_only
def test_the_demo_can_be_kept_and_holds_all_languages(cli, own_home):
    ran = cli("demo", "--no-open", "--keep", "samples.db")
    assert (ran.code, ran.out) == (0, "samples.db: 17 sample articles\n")
    with Project.open("samples.db", readonly=True) as project:
        assert project.count() == 17
        assert "" not in project.languages()
        assert project.unindexed() == 0
        assert {a.lang_source for a in project.articles()} > {"import"}
    assert cli("check", "samples.db").code == 0
    ran = cli("demo", "--no-open", "--keep", "samples.db")
    assert (ran.code, "exists already" in ran.err) == (2, True)


@pytest.mark.file_only
def test_the_demo_is_deleted_when_the_interface_is_left(cli, monkeypatch):
    seen = []

    def start(path, *_args, **_options):
        seen.append((path, path.exists()))
        return 0

    monkeypatch.setattr("annotator.tui.start.start", start)
    assert cli("demo").code == 0
    ((path, there),) = seen
    assert there
    assert not path.exists()


TAKEN = {"file": "exists already", "server": "holds tables already"}


@pytest.mark.parametrize("name", ["news", "minimal"])
def test_a_new_project_has_the_scheme_asked_for(cli, own_home, name, engine):
    ran = cli("init", "news.db", "--scheme", name)
    assert ran.code == 0
    assert f"scheme {name}" in ran.out
    with Project.open("news.db", readonly=True) as project:
        assert (project.scheme.name, project.count()) == (name, 0)
    ran = cli("init", "news.db")
    assert (ran.code, TAKEN[engine] in ran.err) == (2, True)


def test_a_scheme_of_ones_own(cli, own_home):
    samples = Path(__file__).parents[2] / "sample_data"
    assert cli("init", "own.db", "--scheme", samples / "scheme.toml").code == 0
    with Project.open("own.db", readonly=True) as project:
        assert project.scheme.name == "infrastructure"
        assert project.scheme.guidelines
    assert cli("init", "two.db", "--scheme", "no-such-file.toml").code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_every_command_and_option(cli, shell):
    ran = cli("completion", shell)
    assert ran.code == 0
    assert all(name in ran.out for name in COMMANDS)
    assert all(name in ran.out for name in formats())
    assert "text-column" in ran.out
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=ran.out, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["im"], {"import"}),
        (["export", "news.db", "--fo"], {"--format"}),
        (["export", "news.db", "--format", ""], set(formats())),
        (["completion", ""], {"bash", "zsh", "fish", "--help"}),
        (["scheme", "p.db", "re"], {"rename", "retire", "relabel"}),
        (["scheme", "p.db", "split", "--la"], {"--layer"}),
        (["server", "star"], {"start"}),
        (["server", "start", "--por"], {"--port"}),
        (["scheme", "p.db", "add", "--color", "y"], {"yellow"}),
        (["news.db", "--q"], {"--queue"}),
        (["postgresql://iva@h:5432/news", "--q"], {"--queue"}),
        (["scheme", "postgresql://iva@h:5432/news", "re"], {"rename", "retire", "relabel"}),
        (["export", "postgresql://iva@h:5432/news", "--format", "doc"], {"doccano"}),
        (["status", "postgresql://iva@h"], set()),
    ],
)
def test_bash_completes(cli, words, wanted):
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    line = " ".join(["annotator", *words])
    pieces = [piece for word in words for piece in re.findall("[:@]+|[^:@]+", word) or [""]]
    listed = " ".join(f"'{piece}'" for piece in ["annotator", *pieces])  # as bash takes it apart
    given = f"COMP_LINE='{line}'; COMP_POINT={len(line)}; COMP_WORDS=({listed}); COMP_CWORD={len(pieces)}"
    ask = f'{given}; _annotator; printf "%s\\n" "${{COMPREPLY[@]}}"'
    script = f"{cli('completion', 'bash').out}\n{ask}\n"
    done = subprocess.run(["bash", "--norc"], input=script, capture_output=True, text=True)
    assert (set(done.stdout.split()), done.stderr) == (wanted, "")
