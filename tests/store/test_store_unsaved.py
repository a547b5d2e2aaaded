"""When an act cannot be saved: it is said, kept aside, and saved once when it can be."""

import json
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_help import label, serious, span_draft

from annotator.model.annotation import Kind, Span, Work
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.store import engine, journal, lock, saving, taking, writer
from annotator.store.engine import connect, sqlite3
from annotator.store.lock import FileLock
from annotator.store.project import Project
from annotator.store.taking import Offered
from annotator.store.writer import UnsavedError


class Broken:
    """Makes every transaction fail until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on = True
        whole = saving.Chain.save

        def save(chain, *args, **kwargs):
            events = whole(chain, *args, **kwargs)
            if self.on:
                raise sqlite3.OperationalError("database or disk is full")
            return events

        monkeypatch.setattr(saving.Chain, "save", save)


@pytest.fixture
def broken(project: Project, monkeypatch: pytest.MonkeyPatch) -> Broken:
    return Broken(monkeypatch)


def test_kept_aside_in_order_and_saved_once(project: Project, broken: Broken) -> None:
    text = project.article("bg").text
    acts = [Act("label", (span_draft(text, "bg", "s", 0, 5 + n),)) for n in range(3)]
    with pytest.raises(UnsavedError, match="disk is full"):
        project.submit(acts[0]).result()
    broken.on = False
    for act in acts[1:]:  # the disk is well again, but order matters
        with pytest.raises(UnsavedError, match="earlier act"):
            project.submit(act).result()
    assert [p.act for p in project.pending()] == acts
    assert not project.work("bg").spans
    assert project.retry().result() == 3
    assert project.pending() == []
    assert project.retry().result() == 0
    events = project.history("bg")
    assert [e.act for e in events] == [a.id for a in acts]
    assert [e.base for e in events] == ["", events[0].id, events[1].id]
    project.submit(label(project, "bg", "t")).result()
    assert not serious(project)


def test_a_retry_that_fails_keeps_everything(project: Project, broken: Broken) -> None:
    act = label(project, "bg", "s")
    with pytest.raises(UnsavedError):
        project.submit(act).result()
    with pytest.raises(AnnotatorError, match="disk is full"):
        project.retry().result()
    assert [p.act for p in project.pending()] == [act]
    broken.on = False
    assert project.retry().result() == 1
    assert len(project.history("bg")) == 1


def test_the_next_start_offers_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Broken(monkeypatch)
    with Project.open(path, "ann") as project:
        act = label(project, "bg", "s")
        with pytest.raises(UnsavedError):
            project.submit(act).result()
    broken.on = False
    with Project.open(path, "zoe") as other:
        assert other.pending() == [], "another annotator's acts are theirs"
    with Project.open(path, "ann") as again:
        (waiting,) = again.pending()
        assert (waiting.act, waiting.actor) == (act, "ann")
        assert waiting.time > 0
        assert "full" in waiting.trouble
        assert again.retry().result() == 1
        assert [s.id for s in again.work("bg").spans] == ["s"]
    with Project.open(path, "ann") as once_more:
        assert once_more.pending() == []
        assert once_more.retry().result() == 0
        assert len(once_more.history("bg")) == 1


def test_after_a_failed_retry_newer_acts_wait_behind_the_older(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(path, "iva") as project:
        broken = Broken(monkeypatch)
        text = project.article("bg").text
        old, new = (Act("label", (span_draft(text, "bg", "s", 0, 5 + n),)) for n in range(2))
        with pytest.raises(UnsavedError):
            project.submit(old).result()
    with Project.open(path, "iva") as project:  # another sitting, the trouble still there
        with pytest.raises(AnnotatorError):
            project.retry().result()
        broken.on = False
        with pytest.raises(UnsavedError, match="earlier act"):
            project.submit(new).result()
        assert project.retry().result() == 2
        assert [span.end for span in project.work("bg").spans] == [6]


@pytest.mark.file_only
def test_a_moved_project_finds_its_acts_and_a_copy_leaves_them(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Broken(monkeypatch)
    with Project.open(path, "ann") as project:
        with pytest.raises(UnsavedError):
            project.submit(label(project, "bg", "s")).result()
        copy = project.backup(tmp_path / "copy.db")
    broken.on = False
    with Project.open(copy, "ann") as other:
        assert other.pending() == []
        assert other.retry().result() == 0
    moved = path.rename(tmp_path / "moved.db")
    with Project.open(moved, "ann") as project:
        assert len(project.pending()) == 1
        assert project.retry().result() == 1


def test_a_commit_that_took_effect_after_all_is_not_repeated(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error may come after the data reached the disk; then the act is in the file already."""
    whole = writer.Writer._transact
    fail = [True]

    def transact(self, fn, **how):
        result = whole(self, fn, **how)
        if fail[0]:
            raise AnnotatorError("the disk reports an error")
        return result

    monkeypatch.setattr(writer.Writer, "_transact", transact)
    with pytest.raises(UnsavedError):
        project.submit(label(project, "bg", "s")).result()
    fail[0] = False
    assert project.pending() == [], "it is in the log"
    project.retry().result()
    project.submit(label(project, "bg", "t")).result()
    assert len(project.history("bg")) == 2
    assert not serious(project), "the chain goes on where the file says"


def test_killed_between_saving_and_emptying_the_journal(
    project: Project, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnsavedError):
        project.submit(label(project, "bg", "s")).result()
    broken.on = False
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", lambda fd, size: None)
        project.retry().result()
    (file,) = [f for f in journal.folder().glob("*.jsonl") if f.stat().st_size]
    assert json.loads(file.read_text())["verb"] == "label"
    assert project.pending() == []
    project.retry().result()
    assert len(project.history("bg")) == 1


def test_a_line_cut_short_does_no_harm(project: Project, broken: Broken) -> None:
    first, second = label(project, "bg", "s"), label(project, "bg", "t")
    with pytest.raises(UnsavedError):
        project.submit(first).result()
    (file,) = journal.folder().glob("*.jsonl")
    with file.open("ab") as out:
        out.write(b'{"act": "cut sho')
    with pytest.raises(UnsavedError):
        project.submit(second).result()
    assert [p.act for p in project.pending()] == [first, second]


def test_an_act_that_can_never_be_saved_stands_in_nobodys_way(
    project: Project, broken: Broken
) -> None:
    with pytest.raises(UnsavedError):
        project.submit(label(project, "bg", "s")).result()
    kept = project._journal
    kept.add(Act("label", (Draft(Kind.SPAN, "span:x", "elsewhere", {}),)), "ann", "")
    kept.add(label(project, "bg", "t"), "ann", "")
    broken.on = False
    with pytest.raises(
        AnnotatorError, match=r"1 of 3 acts cannot be saved.*no article 'elsewhere'"
    ):
        project.retry().result()
    assert [s.id for s in project.work("bg").spans] == ["s", "t"]
    assert project.pending() == []
    assert "elsewhere" in kept.apart.read_text()
    assert project.retry().result() == 0


def test_without_a_journal_the_act_is_kept_in_memory(
    project: Project, broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal.Journal, "add", no_room)
    with pytest.raises(UnsavedError, match="Keep this program open"):
        project.submit(label(project, "bg", "s")).result()
    broken.on = False
    assert project.retry().result() == 1
    assert len(project.work("bg").spans) == 1


@pytest.mark.parametrize("error", [KeyError("surprise"), RuntimeError("surprise")])
def test_whatever_goes_wrong_the_act_is_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def surprise(*args: object, **kwargs: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(saving.Chain, "save", surprise)
        with pytest.raises(UnsavedError, match="surprise"):
            project.submit(label(project, "bg", "s")).result()
    assert project.retry().result() == 1
    assert not serious(project)


@pytest.mark.parametrize("actor", ["Ива Петрова", "../../up", "a/b", "x" * 64])
def test_any_name_has_a_journal_of_its_own(path: Path, actor: str, monkeypatch) -> None:
    Broken(monkeypatch)
    with Project.open(path, actor) as project:
        with pytest.raises(UnsavedError):
            project.submit(label(project, "bg", "s")).result()
        (file,) = journal.folder().rglob("*.jsonl")
        assert file.parent == journal.folder()
        assert len(project.pending()) == 1


# --- locks


@pytest.mark.file_only
def test_a_lock_kept_too_long(
    project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FileLock(Path(f"{path}.lock"))
    held = FileLock.held
    with monkeypatch.context() as patch:
        patch.setattr(FileLock, "held", lambda self, seconds=0.05: held(self, seconds))
        with held(other), pytest.raises(UnsavedError, match="locked"):
            project.submit(label(project, "bg", "s")).result()
    assert project.retry().result() == 1
    other.close()


@pytest.mark.file_only
def test_sqlites_own_lock(project: Project, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    stranger = connect(path, "rw")
    stranger.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnsavedError, match="locked by another process"):
        project.submit(label(project, "bg", "s")).result()
    stranger.execute("ROLLBACK")
    stranger.close()
    assert project.retry().result() == 1


@pytest.mark.file_only
def test_a_lock_given_up_is_free_for_others(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "l") for _ in range(3))
    with first.held():
        for _ in range(2):
            with pytest.raises(AnnotatorError, match="locked for 0 seconds"), second.held(0.02):
                pass
    with third.held(5), pytest.raises(AnnotatorError), second.held(0.02):
        pass
    with second.held(5), pytest.raises(AnnotatorError), third.held(0.02):
        pass


@pytest.mark.file_only
def test_one_at_a_time(tmp_path: Path) -> None:
    inside, most = [0], [0]

    def work() -> None:
        own = lock.FileLock(tmp_path / "l")
        for _ in range(30):
            with own.held(30):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


# --- a disk that is really full

FILL = """
import os, sys
sys.path[:0] = [sys.argv[2]]
from store_help import span_draft
from annotator.model.event import Act
from annotator.store.project import Project
from annotator.store.taking import Offered
from annotator.store.writer import UnsavedError
with Project.open(sys.argv[1], "ann") as project:
    text = project.article("bg").text
    for number in range(10**5):
        drafts = tuple(span_draft(text, "bg", f"{number}-{i}", i, i + 5) for i in range(20))
        try:
            project.submit(Act("label", drafts)).result()
        except UnsavedError as error:
            print("unsaved", number, error)
            break
        print("saved", number)
"""


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 2 MB."""
    mount = tmp_path / "small"
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", mount]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("mounting needs root")
    yield mount
    subprocess.run(["umount", mount], check=True)


def _fill(path: Path, limit: int = 0) -> tuple[int, str]:
    """Fill the disk in another process: how many acts it saved, and what it said of the last."""

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-c", FILL, str(path), str(Path(__file__).parent)]
    result = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=restrict if limit else None
    )
    lines = result.stdout.splitlines()
    assert lines, result.stderr
    assert lines[-1].startswith("unsaved"), (lines[-1], result.stderr)
    return len(lines) - 1, lines[-1]


def _saved_and_retried(path: Path, saved: int) -> None:
    with Project.open(path, "ann") as project:
        assert len(project.work("bg").spans) == 20 * saved
        (waiting,) = project.pending()
        assert len(waiting.act.drafts) == 20
        assert project.retry().result() == 1
        assert project.retry().result() == 0
        assert len(project.work("bg").spans) == 20 * (saved + 1)
        assert len(project.history("bg")) == 20 * (saved + 1)
        assert not serious(project)


@pytest.mark.file_only
def test_full_disk(small: Path, path: Path) -> None:
    full = small / "p.db"
    full.write_bytes(path.read_bytes())
    saved, said = _fill(full)
    assert saved > 3
    assert "disk is full" in said
    subprocess.run(["mount", "-o", "remount,size=32m", small], check=True)
    _saved_and_retried(full, saved)


@pytest.mark.file_only
def test_file_size_limit(path: Path) -> None:
    saved, said = _fill(path, 1_500_000)
    assert saved > 3
    assert "could not be written" in said
    _saved_and_retried(path, saved)


def test_decisions_from_a_file_that_could_not_be_saved_leave_no_hole(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one transaction the chain goes on from act to act; when that fails, it must go back."""
    project.submit(label(project, "ru", "before")).result()
    text = project.article("bg").text
    offered = [
        Offered("bg", text, Work("bg", actor, (Span(f"of-{actor}", "entities", "PER", 0, 5),)))
        for actor in ("ann", "zoe")
    ]
    whole = taking.take

    def take_then_fail(*args):
        whole(*args)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(taking, "take", take_then_fail)
        with pytest.raises(AnnotatorError, match="disk is full"):
            project.take(offered)
    assert project.history("bg") == []
    project.submit(label(project, "ru", "after")).result()
    assert not serious(project)
    assert len(project.take(offered)) == 2
    project.submit(label(project, "ru", "later")).result()
    assert len(project.history("bg")) == 2
    assert not serious(project)
