"""`annotator status --watch`: it goes on as the work does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from engines import stands_for

from annotator.model.annotation import Kind, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store.project import Project


def finish(project, article):
    draft = Draft(
        Kind.STATUS, Status.key(project.actor, article), article, Status(State.DONE).body()
    )
    project.submit(Act("done", (draft,))).result()


def test_status_is_printed_again_whenever_others_went_on(own_home):
    with Project.create("news.db", preset("minimal"), "anna") as project:
        list(project.add([Article("a", "Кметът откри моста."), Article("b", "Мэр открыл мост.")]))
        worker = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "annotator",
                "status",
                str(stands_for(Path("news.db"))),
                "--watch",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        with worker:
            assert worker.stdout is not None
            lines = iter(worker.stdout)
            assert "2 articles" in next(lines)
            assert "Nobody has decided" in [next(lines) for _ in range(3)][-1]
            finish(project, "a")
            assert next(line for line in lines if line.startswith("anna") or "anna" in line)
            worker.send_signal(signal.SIGINT)
            worker.wait(timeout=30)
            assert worker.returncode == 0
            assert worker.stderr is not None
            assert worker.stderr.read() == ""
