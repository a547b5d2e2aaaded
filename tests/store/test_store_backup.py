"""Copies are whole, even while others write, and are put back only where there is nothing."""

import subprocess
import sys
from pathlib import Path

import pytest
from engines import stands_for
from store_help import caches, label, serious, tamper

from annotator.model.errors import AnnotatorError
from annotator.store.project import Project


def test_backup_and_restore(project: Project, path: Path, tmp_path: Path) -> None:
    for number in range(5):
        project.submit(label(project, "bg", f"s{number}")).result()
    copy = project.backup(tmp_path / "copy.db")
    project.submit(label(project, "bg", "later")).result()
    back = Project.restore(copy, tmp_path / "back.db")
    with Project.open(back, "ann") as again:
        assert again.id == project.id
        assert len(again.work("bg").spans) == 5
        assert not serious(again)
        again.submit(label(again, "bg", "more")).result()
        assert len(again.work("bg").spans) == 6
    assert len(project.work("bg").spans) == 6
    names = sorted(p.name for p in tmp_path.iterdir() if "part" in p.name)
    assert not names, "no half-made copy is left"


def test_backup_of_a_read_only_project(path: Path, tmp_path: Path) -> None:
    with Project.open(path, readonly=True) as project:
        project.backup(tmp_path / "copy.db")
    assert caches(tmp_path / "copy.db") == caches(path)


def test_nothing_is_written_over(project: Project, tmp_path: Path) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    with pytest.raises(AnnotatorError, match="exists already"):
        project.backup(taken)
    copy = project.backup(tmp_path / "copy.db")
    with pytest.raises(AnnotatorError, match="exists already"):
        Project.restore(copy, taken)
    assert taken.read_text() == "mine"
    with pytest.raises(AnnotatorError, match="no folder"):
        project.backup(tmp_path / "no" / "copy.db")


@pytest.mark.file_only
def test_a_project_is_no_place_for_its_backup(project: Project, path: Path) -> None:
    with pytest.raises(AnnotatorError, match="exists already"):
        project.backup(path)


def test_a_damaged_project_gives_no_backup_that_looks_sound(path: Path, tmp_path: Path) -> None:
    tamper(path, "UPDATE article_text SET text = text || '!' WHERE n = 1")
    with Project.open(path) as project, pytest.raises(AnnotatorError, match="not sound"):
        project.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_damaged_backup_is_not_restored(project: Project, tmp_path: Path) -> None:
    copy = project.backup(tmp_path / "copy.db")
    tamper(copy, "UPDATE article_text SET text = text || '!' WHERE n = 1")
    with pytest.raises(AnnotatorError, match="not sound"):
        Project.restore(copy, tmp_path / "back.db")
    assert not (tmp_path / "back.db").exists()


WRITER = """
import sys
sys.path[:0] = [sys.argv[2]]
from store_help import label
from annotator.store.project import Project
with Project.open(sys.argv[1], "busy") as project:
    for number in range(10**6):
        project.submit(label(project, "ru", f"w{number}")).result()
        print(number, flush=True)
"""


def test_backup_while_another_process_writes(project: Project, path: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(stands_for(path)), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        for number in range(3):
            for _ in range(20):
                written = int(other.stdout.readline())
            copy = project.backup(tmp_path / f"copy{number}.db")
            with Project.open(copy, readonly=True) as again:
                kept = {span.id for span in again.work("ru", "busy").spans}
                assert {f"w{n}" for n in range(written + 1)} <= kept
                assert not serious(again)
        other.kill()
    assert not serious(project)
