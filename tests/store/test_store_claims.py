"""Whoever comes first: places in pools are taken one at a time, also by many processes at once."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from engines import stands_for
from store_help import serious

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store.filters import Filter
from annotator.store.project import Project

OPEN = Filter(assigned="open")


def test_a_place_is_taken_once_and_never_twice_by_the_same(project: Project) -> None:
    assert not project.has_queue("iva")
    project.open_pools([Pool("bg", 2, "r1"), Pool("ru", 1)])
    assert project.open_pools([Pool("bg", 2, "r1")]) == 0
    assert project.has_queue("iva")
    assert project.claim(["zh", "xx", "bg"], "iva") == "bg"
    assert project.claim(["bg"], "iva") is None
    assert project.claim(["bg", "ru"], "boris") == "bg"
    assert project.claim(["bg"], "vera") is None
    assert list(project.slots()) == [Slot("bg", "boris", "r1"), Slot("bg", "iva", "r1")]
    assert [event.actor for event in project.history("bg")] == ["ann", "iva", "boris"]
    assert [row.id for row in project.page(OPEN)] == ["ru"]
    assert not serious(project)


def test_what_is_taken_back_is_open_again(project: Project) -> None:
    project.open_pools([Pool("bg", 1)])
    project.claim(["bg"], "iva")
    assert project.claim(["bg"], "boris") is None
    project.take_back(project.slots(annotator="iva"))
    assert project.claim(["bg"], "boris") == "bg"
    project.open_pools([Pool("bg", 2)])
    assert project.claim(["bg"], "iva") == "bg"


def test_later_passes_take_no_place(project: Project) -> None:
    project.open_pools([Pool("bg", 1)])
    project.assign([Slot("bg", "iva #2", "", Why.AGAIN)])
    assert project.claim(["bg"], "boris") == "bg"
    with pytest.raises(AnnotatorError, match="later pass"):
        project.claim(["bg"], "iva #2")


def test_a_closed_pool_gives_nothing(project: Project) -> None:
    project.open_pools([Pool("bg", 1), Pool("ru", 1)])
    project.open_pools([Pool("bg", 0)])
    assert project.claim(["bg"], "iva") is None
    assert [pool.article for pool in project.pools()] == ["ru"]


CLAIM = """
import sys
from annotator.store.project import Project
from annotator.store.filters import Filter
path, name = sys.argv[1:]
with Project.open(path, name) as project:
    print("ready", flush=True)
    sys.stdin.readline()
    while rows := project.page(Filter(assigned="open"), limit=3):
        got = project.claim([row.id for row in rows])
        if got:
            print(got, flush=True)
"""


def test_eight_processes_never_get_more_than_there_is(tmp_path: Path, monkeypatch) -> None:
    articles, people = 30, 3
    path = tmp_path / "p.db"
    with Project.create(path, preset("news"), "ann") as project:
        list(project.add([Article(f"a{n:02}", f"text {n}") for n in range(articles)]))
        project.open_pools(Pool(f"a{n:02}", people) for n in range(articles))
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(stands_for(path)), f"p{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:  # all at once
        worker.stdin.write("\n")
        worker.stdin.flush()
    got = {f"p{n}": worker.communicate(timeout=120)[0].split() for n, worker in enumerate(workers)}
    assert [worker.returncode for worker in workers] == [0] * 8
    taken = Counter(article for names in got.values() for article in names)
    assert taken == {f"a{n:02}": people for n in range(articles)}, "no place twice, none left"
    assert all(len(names) == len(set(names)) for names in got.values())
    with Project.open(path, "ann") as project:
        held = {(slot.annotator, slot.article) for slot in project.slots()}
        assert held == {(name, article) for name, found in got.items() for article in found}
        assert not serious(project)
