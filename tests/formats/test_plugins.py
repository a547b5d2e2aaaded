"""A format and a reader of another package, as the manual shows them, work like our own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats" / "plugins.md"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The manual's package, laid out as an installer does."""
    text = PAGE.read_text(encoding="utf-8")
    toml, module = (
        re.search(rf"```{kind}\n(.*?)```", text, re.DOTALL)[1] for kind in ("toml", "python")
    )
    site = tmp_path / "site"
    info = site / "annotator_wordlist-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "wordlist.py").write_text(module, encoding="utf-8")
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: annotator-wordlist\nVersion: 1.0\n"
    )
    groups = re.findall(r'\[project\.entry-points\."([^"]+)"\]\n(\w+) = "([^"]+)"', toml)
    assert [group for group, _, _ in groups] == ["annotator.formats", "annotator.readers"]
    lines = [f"[{group}]\n{name} = {value}\n" for group, name, value in groups]
    (info / "entry_points.txt").write_text("".join(lines))
    return site


def run(site: Path, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "ANNOTATOR_CONFIG": str(folder / "none.toml"),
    }
    return subprocess.run(
        [sys.executable, "-m", "annotator", *map(str, words)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_manual_s_package_exports_and_imports(installed, tmp_path):
    (tmp_path / "a.txt").write_text("Иван Петров отиде в Лом.\n", encoding="utf-8")
    (tmp_path / "a.words").write_text("# a\nИван Петров\tPER\t0\t11\nЛом\tLOC\t20\t23\n", "utf-8")
    assert run(installed, tmp_path, "import", "news.db", "a.txt", "--as", "iva").returncode == 0
    taken = run(installed, tmp_path, "import", "news.db", "a.words", "--annotator", "iva")
    assert (taken.returncode, taken.stderr) == (0, "")
    out = run(installed, tmp_path, "export", "news.db", "--format", "wordlist", "-o", "b.words")
    assert (out.returncode, out.stderr) == (0, "")
    assert (tmp_path / "b.words").read_bytes() == (tmp_path / "a.words").read_bytes()
    assert '"format": "wordlist"' in (tmp_path / "b.words.manifest.json").read_text("utf-8")
    proved = run(installed, tmp_path, "export", "news.db", "--verify", "b.words")
    assert "proved" in proved.stdout
    help_ = run(installed, tmp_path, "export", "--help")
    assert "wordlist" in help_.stdout


def test_a_broken_package_is_one_sentence(installed, tmp_path):
    (installed / "wordlist.py").write_text("raise RuntimeError('no')\n")
    (tmp_path / "a.txt").write_text("Иван Петров отиде в Лом.\n", encoding="utf-8")
    made = run(installed, tmp_path, "export", "news.db", "--format", "jsonl", "-o", "x")
    assert made.returncode == 2
    assert "'wordlist' of wordlist:FORMAT cannot be loaded: no." in made.stderr
    assert "Traceback" not in made.stderr
