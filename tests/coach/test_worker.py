"""The suggesters' process: what it is told and tells, what ends it, what it survives."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from coach_kit import NAMES, Parrot, finish, found, make, wait_until
from engines import is_there, stands_for

from annotator.coach import refitting, worker
from annotator.coach.companion import BROKE, Companion
from annotator.coach.pupil import Pupil
from annotator.coach.starting import command
from annotator.coach.suggesters import Bound
from annotator.coach.worker import ALONE, NICE, REFIT_NICE
from annotator.model.errors import AnnotatorError
from annotator.store.lock import FileLock
from annotator.store.project import Project
from annotator.store.trouble import UnreachableError
from annotator.suggest.protocol import Guess

LINES_KEY, NAMES_KEY = ("boilerplate", "boilerplate"), ("entities", "names")
WANTED = {("names", kind, surface) for surface, kind in NAMES}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = make(tmp_path)
    with Project.open(path, "iva") as project:
        finish(project, "a00")
    return path


class Talk:
    """A worker, and all it said."""

    def __init__(self, path: Path) -> None:
        self.process = subprocess.Popen(
            command(stands_for(path), "iva"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.said: list[dict[str, str]] = []
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def tell(self, message: object) -> None:
        self.write(json.dumps(message).encode() + b"\n")

    def write(self, line: bytes) -> None:
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def wait_for(self, *ids: str) -> None:
        """Wait until these are ready."""
        wait_until(lambda: set(ids) <= {s.get("ready") for s in self.said}, str(ids))

    def hang_up(self) -> int:
        """Close its input, as the app's death does; the exit code."""
        self.process.stdin.close()
        return self.process.wait(timeout=20)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._thread.join()
        self.process.stdin.close()
        self.process.stdout.close()


@contextmanager
def talk(path: Path) -> Iterator[Talk]:
    talking = Talk(path)
    try:
        yield talking
    finally:
        talking.end()


def test_it_prepares_learns_refits_and_ends_with_its_input(path: Path) -> None:
    with Project.open(path, "iva") as project, talk(path) as talking:
        talking.tell({"prepare": ["a03", "a04"]})
        talking.wait_for("a03", "a04")
        assert psutil.Process(talking.process.pid).nice() == NICE
        assert set(found(project, "a03")) >= WANTED
        for line in (
            b"\xff\xfe nonsense\n",
            b"[1,\n",
            b'"prepare"\n',
            b'{"prepare": 7}\n',
            b"[]\n",
        ):
            talking.write(line)
        talking.write(b'{"prepare": [3, null, "nowhere", {"a": 1}], "finished": 9}\n')
        finish(project, "a01", "a02")
        talking.tell({"finished": "a02"})
        talking.tell({"prepare": ["a05", "a06"]})
        talking.wait_for("a05")
        wait_until(lambda: fitted(project, "a06"), "guesses of the model for what comes next")
        assert talking.hang_up() == 0
        assert not any("note" in said for said in talking.said)
        assert project.history("a03") == [], "a worker decides nothing"
        learnt = [set(project.lesson(*key).learnt) for key in (LINES_KEY, NAMES_KEY)]
        assert learnt == [{1, 2, 3}] * 2


def fitted(project: Project, name: str) -> bool:
    """Whether the names' guesses in an article are those of a fitted model."""
    kept = project.guessed([name]).get(name, [])
    return any(k.source == "names" and not k.version.endswith("/none") for k in kept)


class Out:
    """What a worker in this process says."""

    def __init__(self) -> None:
        self.said: list[dict[str, str]] = []

    def write(self, line: bytes) -> None:
        self.said.append(json.loads(line))

    def flush(self) -> None:
        pass


def at_work(project: Project) -> tuple[worker.Worker, Out]:
    """A worker in this process, to be turned by hand."""
    out = Out()
    return worker.Worker(project, {}, out), out  # type: ignore[arg-type]  # as much of a file as is needed


@pytest.mark.file_only
def test_it_ends_when_the_file_is_gone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK", 0.01)
    with Project.open(path, "iva") as project:
        work, _ = at_work(project)
        while work._has_work:
            work._turn()
        path.unlink()
        work.run()
    assert not path.exists(), "nothing makes it anew"


@pytest.mark.file_only
def test_another_file_in_its_place_ends_it_and_is_left_alone(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK", 0.01)
    other = tmp_path / "other.db"
    shutil.copy(path, other)
    with Project.open(path, "iva") as project:
        work, _ = at_work(project)
        assert work._turn()
        os.replace(other, path)
        work.run()
    with Project.open(path, "iva", readonly=True) as project:
        assert project.lessons() == [], "what was learnt elsewhere is not kept here"


class Sleeper(Parrot):
    """A plug-in that takes until it is woken."""

    name = "sleeper"

    def __init__(self) -> None:
        super().__init__()
        self.asleep, self.awake = threading.Event(), threading.Event()

    def suggest(self, text: str, lang: str = "", source: str = "", title: str = "") -> list[Guess]:
        self.asleep.set()
        assert self.awake.wait(20)
        return super().suggest(text, lang, source, title)


def test_nothing_waits_for_a_slow_plug_in(path: Path) -> None:
    with Project.open(path, "iva") as project:
        work, out = at_work(project)
        sleeper = Sleeper()
        layer = project.scheme.layer("entities")
        work._coach.pupils.append(Pupil(Bound(layer, sleeper, quick=False)))
        work._hear({"prepare": ["a03"]})
        wait_until(lambda: work._turn() and sleeper.asleep.is_set(), "it sleeps over the article")
        assert set(found(project, "a03")) >= WANTED
        work._hear({"prepare": ["a04"]})
        while work._has_work:
            assert work._turn()
        assert set(found(project, "a04")) >= WANTED
        sleeper.awake.set()
        wait_until(lambda: work._turn() and "sleeper" in sources(project, "a04"), "its guesses")
        assert "sleeper" in sources(project, "a03")
        assert {"ready": "a03"} in out.said


def sources(project: Project, name: str) -> set[str]:
    return {source for source, _, _ in found(project, name)}


def test_what_a_refit_finds_out_leaves_the_article_on_the_desk(path: Path) -> None:
    with Project.open(path, "iva") as project:
        work, _ = at_work(project)
        work._hear({"prepare": ["a03", "a04"]})
        while work._has_work:
            work._turn()
        finish(project, "a01", "a02")
        pupil = work._coach.pupil(*NAMES_KEY)
        before = {name: project.guessed([name])[name] for name in ("a03", "a04")}
        lesson = refitting.refit(path, "iva", NAMES_KEY)
        assert lesson is not None
        assert project.lesson(*NAMES_KEY) != lesson, "it only reads"
        work._failed = {NAMES_KEY: worker.FAILURES}  # no refits of its own
        work._refitted(pupil, lesson)
        while work._has_work:
            work._turn()
        assert project.guessed(["a03"])["a03"] == before["a03"]
        assert project.guessed(["a04"])["a04"] != before["a04"]
        work._hear({"prepare": ["a03"]})
        while work._has_work:
            work._turn()
        assert project.guessed(["a03"])["a03"] != before["a03"], "once it is opened anew"


def test_a_project_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.db"
    with talk(nothing) as worker:
        assert worker.process.wait(timeout=20) == 0
        wait_until(lambda: bool(worker.said), "a sentence")
    assert [*worker.said[0]] == ["note"]
    assert len(worker.said) == 1
    assert not is_there(nothing)


def test_a_refit_writes_nothing_and_never_holds_the_lock(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets so little time on a busy machine that whoever saves would wait for it."""
    with Project.open(path, "iva"):

        def held(*_: object) -> None:
            raise AssertionError("a refit took the project's lock")

        monkeypatch.setattr(FileLock, "held", held)
        lesson = refitting.refit(path, "iva", NAMES_KEY)
        monkeypatch.undo()
    assert lesson is not None
    assert refitting.unpacked(NAMES_KEY, refitting.packed(lesson)) == lesson


@pytest.mark.parametrize("said", [b"", b"{}", b"[]\n", b'{"version": "1", "learnt": {"x": 1}}\n'])
def test_what_a_refit_says_may_be_nonsense(said: bytes) -> None:
    assert refitting.unpacked(NAMES_KEY, said) is None


def test_a_refit_ends_when_nobody_waits_for_it(path: Path) -> None:
    code = (
        "import time, annotator.coach.worker as w\n"
        "w.refit = lambda *_: time.sleep(60)\n"
        f"w.main(['--as=iva', '--refit', 'entities', 'names', {str(stands_for(path))!r}])"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    wait_until(lambda: psutil.Process(child.pid).nice() == REFIT_NICE, "it stands back")
    child.stdin.close()
    assert child.wait(timeout=20) == 1


@pytest.mark.parametrize("how", ["hang up", "terminate"])
def test_no_command_goes_on_without_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Whatever a suggester of others asks when the app is closed or this process is ended."""
    config = tmp_path / "config.toml"
    config.write_text('[suggesters.slow]\ncommand = ["sleep", "300"]\ntimeout = 300\n')
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(config))
    with talk(path) as talking:
        own = psutil.Process(talking.process.pid)
        talking.tell({"prepare": ["a03"]})
        wait_until(lambda: any(each.name() == "sleep" for each in own.children()), "no command")
        (asked,) = [each for each in own.children() if each.name() == "sleep"]
        if how == "hang up":
            talking.hang_up()
        else:
            own.terminate()
            assert talking.process.wait(timeout=20) == 128 + signal.SIGTERM
        wait_until(lambda: not asked.is_running(), "the command goes on")


def test_a_broken_refit_is_tried_twice_and_told_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.open(path, "iva") as project:
        finish(project, "a01")
        monkeypatch.setattr(
            refitting, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(3)"]
        )
        work, out = at_work(project)
        wait_until(lambda: work._turn() and bool(out.said), "it gives up")
        assert out.said == [{"note": "names could not learn all of entities anew."}]
        assert work._child is None
        work._left = 1
        while work._has_work:
            work._turn()
        assert work._child is None, "it is not tried a third time"


def test_trouble_with_the_file_is_told_once_and_ends_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK", 0.01)
    with Project.open(path, "iva") as project:
        work, out = at_work(project)
        while work._has_work:
            work._turn()

        def broken(_: object) -> None:
            raise AnnotatorError("The disk is gone.")

        monkeypatch.setattr(work._coach, "plan", broken)
        for n in range(worker.FAILURES + 1):
            assert out.said == []
            work._events.put(lambda: work._hear({"prepare": ["a03"]}))
            assert work._turn() is (n < worker.FAILURES)
            if n < worker.FAILURES:
                work._events.put(lambda: True)  # that all else goes well does not hide it
                assert work._turn()
                assert work._turn(), "it rests"
        assert out.said == [{"note": "Nothing new is suggested for now: The disk is gone."}]


def test_a_server_that_is_away_ends_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LOOK", 0.01)
    with Project.open(path, "iva") as project:
        work, out = at_work(project)
        while work._has_work:
            work._turn()

        def away(_: object) -> None:
            raise UnreachableError("The server cannot be reached.")

        with monkeypatch.context() as patch:
            patch.setattr(work._coach, "plan", away)
            for _ in range(worker.FAILURES + 2):
                work._events.put(lambda: work._hear({"prepare": ["a03"]}))
                assert work._turn()
                assert not work._has_work, "it waits until somebody wants something"
        assert out.said == []
        work._events.put(lambda: work._hear({"prepare": ["a03"]}))
        assert work._turn()
        assert work._has_work


# --- the app's handle


@pytest.fixture
def heard() -> list[tuple[str, str]]:
    return []


@contextmanager
def companion(
    path: Path, heard: list[tuple[str, str]], argv: list[str] | None = None
) -> Iterator[Companion]:
    made = Companion(
        stands_for(path),
        "iva",
        lambda article: heard.append(("ready", article)),
        lambda words: heard.append(("told", words)),
        argv,
    )
    try:
        yield made
    finally:
        made.close(patience=20)


def test_a_companion_hears_what_is_ready(path: Path, heard: list[tuple[str, str]]) -> None:
    with companion(path, heard) as at_hand:
        at_hand.finished("a00")
        assert at_hand.process_id is None, "nothing runs before something is wanted"
        at_hand.prepare(["a03"])
        wait_until(lambda: ("ready", "a03") in heard, "a03")
        process = psutil.Process(at_hand.process_id)
    assert not process.is_running()
    assert [kind for kind, _ in heard if kind == "told"] == []


MORTAL = """
import json, os, sys
for line in sys.stdin:
    said = json.loads(line)
    print(json.dumps({"ready": said["prepare"][0]}), flush=True)
    if said["prepare"][0] == "a04":
        os._exit(9)
"""


def test_a_broken_process_is_started_once_more(path: Path, heard: list[tuple[str, str]]) -> None:
    with companion(path, heard, [sys.executable, "-c", MORTAL]) as at_hand:
        at_hand.prepare(["a03"])
        at_hand.prepare(["a04"])
        wait_until(lambda: ("told", BROKE) in heard, "one sentence")
        at_hand.prepare(["a05"])
    assert heard == [("ready", "a03"), ("ready", "a04"), ("ready", "a04"), ("told", BROKE)]


def test_after_a_crash_plug_ins_are_left_out(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: list[tuple[str, str]]
) -> None:
    """One of them may have been the reason; ours go on."""
    config = tmp_path / "config.toml"
    config.write_text('[suggesters.slow]\ncommand = ["sleep", "300"]\ntimeout = 300\n')
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(config))
    with companion(path, heard) as at_hand:
        at_hand.prepare(["a03"])
        wait_until(lambda: ("ready", "a03") in heard, "a03")
        psutil.Process(at_hand.process_id).kill()
        wait_until(lambda: ("told", ALONE) in heard, "a sentence")
        at_hand.prepare(["a04"])
        wait_until(lambda: ("ready", "a04") in heard, "a04")
        assert not psutil.Process(at_hand.process_id).children()


def test_a_companion_survives_nonsense(path: Path, heard: list[tuple[str, str]]) -> None:
    lines = [b"\xff\xfe", b"[]", b'{"ready": 3}', b'{"ready": "a07"}']
    code = f"import sys; sys.stdout.buffer.write({chr(10).encode().join(lines)!r}); sys.exit(0)"
    with companion(path, heard, [sys.executable, "-c", code]) as at_hand:
        at_hand.prepare(["a03"])
        wait_until(lambda: bool(heard), "something")
        at_hand.prepare(["a04"])
    assert heard == [("ready", "a07")]


def test_a_command_that_is_not_there_is_one_sentence(
    path: Path, heard: list[tuple[str, str]]
) -> None:
    with companion(path, heard, ["/nowhere/at/all"]) as at_hand:
        at_hand.prepare(["a03"])
        wait_until(lambda: bool(heard), "a sentence")
        at_hand.prepare(["a04"])
    assert [kind for kind, _ in heard] == ["told"]


def test_closing_what_was_never_started_takes_nothing(path: Path) -> None:
    with companion(path, []) as at_hand:
        pass
    at_hand.prepare(["a03"])
    assert at_hand.process_id is None
