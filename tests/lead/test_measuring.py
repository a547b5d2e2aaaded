"""Measuring a project: what is kept is never told from what is counted anew."""

import json

import pytest

from annotator.gold.agreement.report import By, Metric
from annotator.lead import measuring
from annotator.lead.counting import Counting
from annotator.lead.measuring import Scope, measure
from annotator.model.annotation import Kind, Note, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.model.split import Assigned
from annotator.store import statistics
from annotator.store.project import Project

pytestmark = pytest.mark.both_engines

TEXT = "one two three four five six seven eight nine ten"
NAMES = [f"a{n}" for n in range(6)]


def span(who, article, start, label="PER"):
    made = Span(f"{who}.{article}.{start}", "entities", label, start, start + 3)
    return Draft(Kind.SPAN, made.key, article, made.body(TEXT))


def done(who, article):
    body = Status(State.DONE).body()
    return Draft(Kind.STATUS, Status.key(who, article), article, body)


def finish(project, who, article, *starts, label="PER"):
    drafts = (*(span(who, article, start, label) for start in starts), done(who, article))
    project.record(Act("label", drafts), who)


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.db", preset("news"), "lead") as project:
        list(project.add(Article(n, f"{TEXT} {n}", lang="bg" if n < "a3" else "ru") for n in NAMES))
        for name in NAMES:
            finish(project, "ana", name, 0, 8)
            finish(project, "iva", name, 0, 14 if name == "a5" else 8)
        yield project


@pytest.fixture
def counted(monkeypatch):
    """The ids of articles that were counted, and not taken from what is kept."""
    found = []
    real = measuring.statistics.heads

    def heads(reader, numbers):
        for each in real(reader, numbers):
            found.append(each.id)
            yield each

    monkeypatch.setattr(measuring.statistics, "heads", heads)
    return found


def strict(report):
    return report.layer("entities").figures[Metric.STRICT_F1].value


def fresh(project):
    """The report without anything kept."""
    with Project.open(project.path, readonly=True) as other:
        return measure_uncached(other)


def measure_uncached(other):
    from annotator.gold.agreement.counting import layer_kinds
    from annotator.gold.agreement.report import report

    known = statistics.known(other, "no such counts")
    assert not known.current
    given = statistics.rounds(other)
    parts = [
        measuring.Part(name, counts, given.get(n, {}), counts["guidelines"])
        for n, name, counts in (
            (n, name, json.loads(body))
            for n, name, body in Counting(other).of(sorted(known.stamps))
        )
    ]
    return report(parts, layer_kinds(other.scheme))


def test_processes_of_their_own_count_the_same(project, monkeypatch):
    alone = measure(project)
    project._write(lambda conn: conn.execute("DELETE FROM statistic") and None)
    monkeypatch.setattr(measuring, "MANY", 1)
    assert measure(project, jobs=2) == alone
    assert project._reader.value("SELECT count(*) FROM statistic WHERE n > 0") == len(NAMES)


def test_what_is_kept_is_what_is_counted(project, counted):
    first = measure(project)
    assert sorted(counted) == NAMES
    assert strict(first) == pytest.approx(22 / 24)
    counted.clear()
    assert measure(project) == first
    assert measure(project, Scope(articles=("a1", "a5"))).layer("entities").articles == 2
    assert counted == []
    assert fresh(project) == first


def test_one_edit_counts_one_article_anew(project, counted):
    before = measure(project)
    counted.clear()
    work = project.work("a5", "iva")
    wrong = work.spans[-1]
    gone = Draft(Kind.SPAN, wrong.key, "a5", None, work.versions[wrong.key])
    project.record(Act("relabel", (gone, span("iva", "a5", 8))), "iva")
    after = measure(project)
    assert counted == ["a5"]
    assert (strict(before), strict(after)) == (pytest.approx(22 / 24), 1.0)
    counted.clear()
    assert after == fresh(project)


def test_an_old_event_from_another_copy_counts_its_article_anew(project, counted, tmp_path):
    """A merge brings versions older than what is newest here: the newest event alone cannot tell."""
    other = tmp_path / "copy.db"
    project.backup(other)
    with Project.open(other, "ana") as copy:
        copy.record(Act("label", (span("ana", "a1", 40),)), "ana")
        (event,) = copy.history("a1", "ana")[-1:]
    project.record(Act("note", (Draft(Kind.STATUS, Status.key("ana", "a1"), "a1", Status(State.DONE, "", 9).body()),)), "ana")  # fmt: skip
    before = measure(project)
    newest = project._reader.value("SELECT newest FROM work WHERE actor = 'ana' AND n = 2")
    assert newest > event.id
    columns = (event.id, event.writer, event.seq, event.actor, event.article, event.key, event.base,
               event.act, event.verb, event.of, str(event.kind), json.dumps(event.body), event.hash)  # fmt: skip

    def merge(conn):
        conn.execute(f"INSERT INTO event (id, writer, seq, actor, article, key, base, act, verb, of, kind, body, hash) VALUES ({','.join('?' * 13)})", columns)  # fmt: skip
        conn.execute("INSERT INTO head VALUES (?,?,?,?,?,?)", ("a1", "ana", event.key, event.id, "span", json.dumps(event.body)))  # fmt: skip

    project._write(merge)
    assert project._reader.value("SELECT newest FROM work WHERE actor = 'ana' AND n = 2") == newest
    counted.clear()
    after = measure(project)
    assert counted == ["a1"]
    assert strict(after) < strict(before)


def test_a_note_changes_no_number(project):
    before = measure(project)
    note = Note("n1", "doubtful", True, 0, 3)
    project.record(Act("note", (Draft(Kind.NOTE, note.key, "a0", note.body(TEXT)),)), "iva")
    assert measure(project) == before


def test_finished_with_nothing_and_not_begun_differ(project):
    before = measure(project)
    project.record(Act("label", (span("petr", "a0", 0),)), "petr")
    open_ = measure(project)
    assert strict(open_) == strict(before)
    assert [(x.annotator, x.reason) for x in open_.layer("entities").left_out] == [
        ("petr", "not finished")
    ]
    looked = Draft(Kind.LOOKED, looked_key("zoe", "a0", "entities"), "a0", {"layer": "entities"})
    project.record(Act("nothing", (looked,)), "zoe")
    nothing = measure(project)
    assert strict(nothing) < strict(before)
    assert "zoe" in nothing.layer("entities").annotators


def test_rounds_come_from_slots_without_counting_anew(project, counted):
    measure(project)
    slots = [
        Slot(name, who, "pilot" if name < "a3" else "main")
        for name in NAMES
        for who in ("ana", "iva")
    ]
    project.record(
        Act("assign", tuple(Draft(Kind.SLOT, s.key, s.article, s.body()) for s in slots))
    )
    counted.clear()
    report = measure(project)
    rows = {
        row.group[0]: row.figures[Metric.STRICT_F1].value
        for row in report.layer("entities").by[By.ROUND]
    }
    assert rows == {"pilot": 1.0, "main": pytest.approx(10 / 12)}
    assert strict(measure(project, Scope(rounds=("pilot",)))) == 1.0
    assert counted == []
    (version,) = report.layer("entities").by[By.GUIDELINES]
    assert version.group == (str(project.scheme.version),)


def test_articles_in_scope(project):
    project.assign_splits([Assigned("a0", "test"), Assigned("a5", "train")])

    def articles(**scope):
        return measure(project, Scope(**scope)).layer("entities").articles

    assert articles(languages=("ru",)) == 3
    project.set_language("a0", "ru")
    assert articles(languages=("ru",)) == 4, "no report is kept where a language decides"
    assert articles(splits=("test",)) == 1
    assert articles(splits=("test", "train"), languages=("bg",)) == 0
    assert articles(sources=("bta",)) == 0
    assert articles(articles=("a1", "a2")) == 2
    assert measure(project, Scope(layers=("stance",))).layer("entities") is None


def test_part_of_a_project_first_then_all_of_it(project, counted):
    measure(project, Scope(articles=("a5",)))
    assert counted == ["a5"]
    finish(project, "petr", "a5", 0)
    counted.clear()
    measure(project, Scope(articles=("a0",)))
    assert counted == ["a0"]
    counted.clear()
    whole = measure(project)
    assert counted == ["a1", "a2", "a3", "a4", "a5"]
    assert whole == fresh(project)


def test_a_changed_scheme_counts_everything_anew(project, counted):
    from annotator.model.scheme_change import rename

    measure(project)
    counted.clear()
    project.relabel(rename(project.scheme, project.scheme.layer("entities"), "PER", "HUMAN"))
    report = measure(project)
    assert sorted(counted) == NAMES
    assert [row.group for row in report.layer("entities").by[By.LABEL]] == [("HUMAN",)]


def test_a_project_open_for_reading_is_measured_and_left_alone(project):
    with Project.open(project.path, readonly=True) as other:
        report = measure(other)
    assert project._reader.value("SELECT count(*) FROM statistic") == 0
    assert report == measure(project)
    assert project._reader.value("SELECT count(*) FROM statistic WHERE n > 0") == len(NAMES)


def test_progress_is_told_and_no_read_stays_open(project):
    told = []
    measure(project, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (6, 6)
    assert not project._reader.conn.in_transaction


def test_reports_of_other_states_do_not_pile_up(project):
    for name in NAMES:
        measure(project, Scope(articles=(name,)))
    assert project._reader.value("SELECT count(*) FROM statistic WHERE n < 0") == 6
    finish(project, "petr", "a0")
    measure(project)
    assert project._reader.value("SELECT count(*) FROM statistic WHERE n < 0") == 1


def test_any_number_of_counts_is_kept(project):
    rows = [(n, "stamp", f'"{n}"') for n in range(1, statistics.WRITTEN + 8)]
    statistics.put(project, rows).result()
    statistics.put(project, [(3, "stamp", '"new"')]).result()
    statistics.put(project, []).result()
    assert statistics.stored(project, []) == {}
    assert statistics.stored(project, [3, 6]) == {3: ("a2", '"new"'), 6: ("a5", '"6"')}
    assert project._reader.value("SELECT count(*) FROM statistic WHERE n > 0") == len(rows)
    assert list(statistics.heads(project, [])) == []
    assert statistics.numbers_of(project, []) == []
