"""Many people at the pools at once, while others finish, give back and are reassigned: no place twice."""

import json
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pg_kit import QUICK, TestServer
from store_help import serious, status_draft

from annotator.model.annotation import State
from annotator.model.article import Article
from annotator.model.event import Act
from annotator.model.person import Role, is_pass
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store.address import Place, place_of
from annotator.store.filters import Filter
from annotator.store.project import Project

OPEN = Filter(assigned="open")


@pytest.fixture(scope="module")
def roomy(long_run: bool, pg_server: TestServer) -> Iterator[TestServer]:
    """A server with room for 64 people."""
    if not long_run:
        yield pg_server
        return
    server = TestServer(settings=(*QUICK, "max_connections=250"))
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a project may be made, by each engine."""
    if request.param == "file":
        yield tmp_path / "project.db"
        return
    server: TestServer = request.getfixturevalue("roomy")
    name = server.make_database()
    yield place_of(server.url(name))
    server.drop(name)


def pooled(place: Place, articles: int) -> dict[str, int]:
    """Make a project whose articles are open to one and two people by turns; to how many each."""
    people = {f"a{n:02}": 1 + n % 2 for n in range(articles)}
    with Project.create(place, preset("news"), "lead") as project:
        list(project.add(Article(name, f"text of {name}") for name in people))
        project.open_pools(Pool(name, count) for name, count in people.items())
    return people


def take_all(place: Place, name: str, got: dict[str, list[str]], begin: threading.Barrier) -> None:
    """Take places as long as there are any."""
    with Project.open(place, name) as project:
        begin.wait(60)
        while rows := project.page(OPEN, limit=4):
            found = project.claim([row.id for row in rows])
            if found is not None:
                got[name].append(found)


def at_once(jobs: list[Callable[[], None]]) -> None:
    """Run jobs in threads of their own; what goes wrong in one goes wrong here."""
    wrong: list[Exception] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(240)
    assert not wrong, wrong
    assert not [thread for thread in threads if thread.is_alive()]


def test_each_place_is_given_exactly_once(place: Place, long_run: bool) -> None:
    people = pooled(place, 43 if long_run else 11)  # 64 and 16 places
    names = [f"p{n:02}" for n in range(64 if long_run else 10)]
    got: dict[str, list[str]] = {name: [] for name in names}
    begin = threading.Barrier(len(names))
    at_once([lambda name=name: take_all(place, name, got, begin) for name in names])  # type: ignore[misc]  # bound at once
    assert Counter(article for found in got.values() for article in found) == people
    assert all(len(found) == len({*found}) for found in got.values())
    with Project.open(place, "lead") as project:
        held = {(slot.annotator, slot.article) for slot in project.slots()}
        assert held == {(name, article) for name, found in got.items() for article in found}
        assert not serious(project)


def annotate(place: Place, name: str, seed: int, rounds: int) -> None:
    """Take places, finish some articles, give some back, begin some by hand."""
    chance = random.Random(seed)
    with Project.open(place, name) as project:
        for _ in range(rounds):
            rows = project.page(OPEN, limit=3)
            found = project.claim([row.id for row in rows])
            mine = [slot.article for slot in project.slots(annotator=name)]
            what = chance.randrange(4)
            if what == 0 and found:
                act = Act("done", (status_draft(found, name, State.DONE),))
                project.submit(act, project.voice(found)).result()
            elif what == 1 and mine:
                project.take_back([Slot(chance.choice(mine), name)])
            elif what == 2 and rows:
                project.claim_soon(chance.choice(rows).id).result()


def lead(place: Place, names: list[str], articles: list[str], rounds: int) -> None:
    """Assign, take back, hand over, open and close pools, ask again, and take people off the list."""
    chance = random.Random(7)
    with Project.open(place, "lead") as project:
        project.set_people({"lead": Role.LEAD, **dict.fromkeys(names, Role.ANNOTATOR)})
        for _ in range(rounds):
            name, other = chance.sample(names, 2)
            article = chance.choice(articles)
            what = chance.randrange(6)
            if what == 0:
                project.assign([Slot(article, f"{name} #2", "", Why.AGAIN)])
            elif what == 1:
                project.take_back(list(project.slots(annotator=name))[:2], begun=True)
            elif what == 2:
                project.hand_over(name, other)
            elif what == 3:
                project.open_pools([Pool(article, chance.randrange(4))])
            elif what == 4:
                project.assign([Slot(article, name)])
            elif name in project.people():
                project.set_people({name: None})


def test_nobody_takes_a_place_that_there_is_not_whatever_others_do(
    place: Place, long_run: bool
) -> None:
    articles = [*pooled(place, 20 if long_run else 6)]
    names = [f"p{n}" for n in range(16 if long_run else 5)]
    rounds = 40 if long_run else 6
    at_once(
        [
            *(
                lambda name=name, seed=seed: annotate(place, name, seed, rounds)  # type: ignore[misc]  # bound at once
                for seed, name in enumerate(names)
            ),
            lambda: lead(place, names, articles, rounds),
        ]
    )
    with Project.open(place, "lead") as project:
        assert claims_of(project) > len(names)
        assert not serious(project)
        taken = Counter(slot.article for slot in project.slots(passes=False))
        free = {pool.article: pool.people - taken[pool.article] for pool in project.pools()}
        assert {row.id for row in project.page(OPEN, limit=100)} == {
            article for article, count in free.items() if count > 0
        }


def claims_of(project: Project) -> int:
    """How many places were taken, each of which was there when it was, as the log tells it in order."""
    sql = "SELECT article, key, kind, verb, body FROM event WHERE kind IN ('slot', 'pool') ORDER BY pos"
    people: Counter[str] = Counter()
    held: dict[str, set[str]] = {}
    claims = 0
    for article, key, kind, verb, body in project._reader.rows(sql):
        if kind == "pool":
            people[article] = json.loads(body)["people"]
            continue
        name, have = key.removeprefix("slot:"), held.setdefault(article, set())
        if verb == "claim":
            claims += 1
            assert name not in have, f"{name} has {article} already"
            assert len(have) < people[article], f"{article} is open to {people[article]}: {have}"
        if not is_pass(name):
            (have.discard if body is None else have.add)(name)
    return claims


CLAIM = """
import sys
from annotator.store.project import Project
from annotator.store.filters import Filter
place, name = sys.argv[1:]
with Project.open(place, name) as project:
    print("ready", flush=True)
    sys.stdin.readline()
    while rows := project.page(Filter(assigned="open"), limit=4):
        got = project.claim([row.id for row in rows])
        if got:
            print(got, flush=True)
"""


def test_processes_never_get_more_than_there_is(place: Place, long_run: bool) -> None:
    if not long_run and isinstance(place, Path):
        pytest.skip("a shorter one is in test_store_claims")
    people = pooled(place, 43 if long_run else 9)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(place), f"p{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(64 if long_run else 4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:  # all at once
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    taken = Counter(name for each in workers for name in each.communicate(timeout=240)[0].split())
    assert [worker.returncode for worker in workers] == [0] * len(workers)
    assert taken == people, "no place twice, none left"


def test_a_withdrawn_article_is_no_place(place: Place) -> None:
    pooled(place, 3)
    with Project.open(place, "lead") as project:
        project.withdraw("a00", "asked for")
        assert project.claim(["a00"], "iva") is None
        assert project.claim(["a00", "a01"], "iva") == "a01"
        assert project.claim_soon("a00").result() is None
        assert project.claim_soon("a02").result() == "a02"
