"""kill -9 in the middle of the work of several processes: nothing acknowledged is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from engines import stands_for
from store_help import serious

from annotator.store.project import Project

KILLS = 200 if os.environ.get("ANNOTATOR_LONG") == "1" else 10
WRITERS = 4

WORKER = """
import os, sys
sys.path[:0] = [sys.argv[4]]
from store_help import span_draft
from annotator.model.event import Act
from annotator.store.project import Project
path, actor, start = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Project.open(path, actor) as project:
    text = project.article("bg").text
    for number in range(start, start + 10**6):
        drafts = tuple(span_draft(text, "bg", f"{actor}-{number}-{i}", i, i + 5) for i in range(2))
        act = Act("label", drafts)
        project.submit(act).result()
        os.write(1, f"{number}\\n".encode())
"""


class Worker:
    """A process that saves acts and says the number of each once it is saved."""

    def __init__(self, path: Path, actor: str, start: int) -> None:
        here = str(Path(__file__).parent)
        command = [sys.executable, "-c", WORKER, str(stands_for(path)), actor, str(start), here]
        self.actor, self.start = actor, start
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def kill(self) -> range:
        """Kill it; the numbers it had acknowledged."""
        self.process.send_signal(signal.SIGKILL)
        out, _ = self.process.communicate()
        said = out[: out.rfind(b"\n") + 1].split()
        return range(self.start, self.start + len(said))


def test_no_acknowledged_act_is_lost(path: Path, engine: str) -> None:
    rng = random.Random(5)
    slow = 1 if engine == "file" else 3  # to begin with a server
    workers = [Worker(path, f"w{n}", 0) for n in range(WRITERS)]
    acknowledged: dict[str, set[int]] = {worker.actor: set() for worker in workers}
    kills = 0
    while kills < KILLS:
        time.sleep(rng.uniform(0.15, 0.4) * slow)
        place = rng.randrange(WRITERS)
        worker = workers[place]
        said = worker.kill()
        acknowledged[worker.actor].update(said)
        kills += 1
        workers[place] = Worker(path, worker.actor, (kills + 1) * 10**6)
    for worker in workers:
        acknowledged[worker.actor].update(worker.kill())
    assert sum(map(len, acknowledged.values())) > KILLS
    with Project.open(path, "ann") as project:
        for actor, numbers in acknowledged.items():
            kept: dict[int, int] = {}
            for span in project.work("bg", actor).spans:
                number = int(span.id.split("-")[1])
                kept[number] = kept.get(number, 0) + 1
            assert numbers <= kept.keys()
            assert set(kept.values()) <= {2}, "an act is there whole or not at all"
        assert not serious(project)


def test_two_processes_on_one_file_see_each_other(path: Path) -> None:
    with Project.open(path, "ann") as project:
        worker = Worker(path, "other", 0)
        assert worker.process.stdout is not None
        for _ in range(30):
            number = int(worker.process.stdout.readline())
            kept = {span.id for span in project.work("bg", "other").spans}
            assert f"other-{number}-1" in kept
        worker.kill()
        assert project.actors() == ["other"]
        assert not serious(project)
