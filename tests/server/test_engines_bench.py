"""The benchmark of both engines measures what it says."""

import pytest

from annotator.store.project import Project
from benchmarks.engines import crowd, line, places, reading
from benchmarks.engines.places import Engine
from benchmarks.store import generate

pytestmark = [
    pytest.mark.file_only,
    pytest.mark.filterwarnings(
        "ignore:.*fork:DeprecationWarning"
    ),  # the tests' process has threads
]
LOG = """\
2024-05-01 10:00:00.000 UTC [7] LOG:  duration: 0.200 ms  statement: BEGIN; SELECT pg_advisory_xact_lock(1)
2024-05-01 10:00:00.001 UTC [7] LOG:  duration: 0.010 ms  bind _pg3_1: SELECT n
\t       FROM article WHERE id = $1
2024-05-01 10:00:00.002 UTC [7] LOG:  duration: 0.030 ms  execute _pg3_1: SELECT n
\t       FROM article WHERE id = $1
2024-05-01 10:00:00.003 UTC [7] WARNING:  something else
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    source = tmp_path / "in.jsonl"
    generate(source, 30, hashed=False)
    engine = Engine("file", str(tmp_path / "{}.db"))
    articles, words = reading.load(engine, "news", source)
    assert articles > 0
    assert words > 0
    return engine


def test_percentiles_are_values_that_were_measured():
    values = [float(each) for each in range(100, 0, -1)]
    assert [crowd.at(share, values) for share in (0.0, 0.5, 0.95, 0.99, 1.0)] == [
        1,
        50,
        95,
        99,
        100,
    ]
    assert crowd.at(0.99, [3.0]) == 3.0
    assert str(crowd.at(0.5, [])) == "nan"


def test_a_crowd_at_a_pace_decides_and_loses_nothing(file):
    found = crowd.run(file, "news", 2, 0.4, None, pace=0.02)
    assert (found.errors, found.lost) == ([], 0)
    assert len(found.took) == len(found.late) == 2 * 20
    with Project.open(file.place("news")) as project:
        assert len(project.actors()) == 3  # the reader's spans, and the two
        assert (
            sum(len(project.history(each.id)) for each in project.articles()) == 40 + reading.SPANS
        )


def test_a_crowd_without_a_pause_says_what_went_wrong(file, monkeypatch):
    monkeypatch.setattr(crowd.Hand, "act", lambda _: 1 / 0)
    found = crowd.run(file, "news", 1, 0.2, None, pace=0)
    assert found.errors == ["ZeroDivisionError('division by zero')"]
    assert (found.took, found.lost) == ([], 1)  # its process wrote nothing, not even about itself


def test_what_is_read_is_read_from_every_engine(file):
    found = reading.measure((file, file), "news", 1)
    assert {len(each.times) for each in found} == {2}
    assert len({each.what for each in found}) == len(found) == len(reading.asked(30)) + 2
    assert all(times for each in found for times in each.times)


def test_statements_are_read_from_the_servers_log():
    begin, bind, execute = line.noted(LOG)
    assert begin == ("statement", "BEGIN; SELECT pg_advisory_xact_lock(1)", 0.2)
    assert (bind.how, execute.how, execute.ms) == ("bind", "execute", 0.03)
    assert bind.sql == execute.sql == "SELECT n FROM article WHERE id = $1"


def test_a_folder_in_memory_is_refused(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"d / ext4 rw 0 0\nt {tmp_path.resolve()}/a\\040b tmpfs rw 0 0\n")
    places.refuse_memory(tmp_path, mounts)
    inside = tmp_path / "a b" / "c"
    inside.mkdir(parents=True)
    with pytest.raises(RuntimeError, match=r"in memory \(tmpfs\)"):
        places.refuse_memory(inside, mounts)
