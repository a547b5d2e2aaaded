"""Our exports before programs that need a virtual environment of their own: `make test-consumers`.

    python tests/consumers/run.py [NAME ...]

For each of label-studio, doccano and croissant: an environment is made under `.venv-consumers` (once), the
sample documents are exported, the real program reads them, and then a spoilt copy, which it must refuse.
The last line counts what passed; the exit code is 1 when anything failed.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE.parent / "formats")]

from formats_samples import documents, news  # noqa: E402 - found by the path above

from annotator.formats.registry import export  # noqa: E402 - found by the path above

FORMATS = {
    "label-studio": ("label-studio", "out.json"),
    "doccano": ("doccano", "out.jsonl"),
    "croissant": ("hf", "out"),
}


def main(names: list[str]) -> int:
    """Run the named ones, or all."""
    chosen = names or list(FORMATS)
    failed = [name for name in chosen if not passes(name)]
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def passes(name: str) -> bool:
    """Whether a consumer reads a good export and refuses a spoilt one."""
    python = environment(name)
    with tempfile.TemporaryDirectory() as folder:
        format_, file = FORMATS[name]
        good = Path(folder) / "good" / file
        good.parent.mkdir()
        export(format_, documents(), news(), good)
        bad = Path(folder) / "bad" / file
        shutil.copytree(good.parent, bad.parent)
        SPOIL[name](bad)
        read = _run(python, name, good)
        refused = _run(python, name, bad)
    print(f"{name}: {read.stdout.strip()[-300:]}")
    ok = read.returncode == 0 and refused.returncode != 0
    print(f"{name}: " + ("PASSED" if ok else f"FAILED\n{read.stderr[-2000:]}"), flush=True)
    return ok


def environment(name: str) -> Path:
    """The interpreter of a consumer's own environment, made when it is not there."""
    home = ROOT / ".venv-consumers" / name
    python = home / "bin" / "python"
    wanted = (HERE / f"requirements-{name}.txt").read_text("utf-8")
    done = home / "installed.txt"
    if not done.is_file() or done.read_text("utf-8") != wanted:
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(HERE / f"requirements-{name}.txt")], check=True)
        done.write_text(wanted, "utf-8")
    return python


def _run(python: Path, name: str, export_: Path) -> "subprocess.CompletedProcess[str]":
    script = HERE / f"{name.replace('-', '_')}_consumer.py"
    command = [str(python), str(script), str(export_)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} has no {old!r} to spoil"
    path.write_text(text.replace(old, new, 1), "utf-8")


SPOIL: dict[str, Callable[[Path], None]] = {
    "label-studio": lambda path: _replace(path, '"PER"', '"NOBODY"'),
    "doccano": lambda path: _replace(path, '"label":[[', '"label":[[99999,'),
    "croissant": lambda path: _replace(path / "data" / "train.jsonl", "bridge", "brigde"),
}
"""How a copy of each export is made wrong."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
