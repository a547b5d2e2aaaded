"""Acts are saved whole, once, in order, and read back as they were."""

import threading
from pathlib import Path

import pytest
from store_help import caches, label, looked_draft, serious, span_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, Note, Span, State, Status
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock, Draft, new_id
from annotator.model.scheme import Label
from annotator.model.scheme_change import add
from annotator.model.scheme_diff import load
from annotator.model.scheme_file import preset
from annotator.store.engine import Connection
from annotator.store.project import Project
from annotator.store.saving import Chain, RefusedError

pytestmark = pytest.mark.both_engines


def test_work_is_what_was_decided(project: Project, path: Path) -> None:
    text = project.article("ru").text
    note = Note("n1", "who?", True, 8, 14)
    act = Act("many", (
        span_draft(text, "ru", "b", 8, 14), span_draft(text, "ru", "a", 0, 7),
        stance_draft(text, "ru", "ann", "Zoe", "FAVOR"), stance_draft(text, "ru", "ann", "Ada", "AGAINST"),
        looked_draft("ru", "ann", "stance"), status_draft("ru", "ann", State.SKIPPED, 3),
        Draft(Kind.NOTE, note.key, "ru", note.body(text)),
    ))  # fmt: skip
    events = project.submit(act).result()
    assert [e.kind for e in events] == [d.kind for d in act.drafts]
    assert {e.act for e in events} == {act.id}
    project.close()
    with Project.open(path, readonly=True) as again:
        work = again.work("ru", "ann")
        assert [s.id for s in work.spans] == ["a", "b"]
        assert [s.target.name for s in work.stances] == ["Ada", "Zoe"]
        assert work.stances[0].evidence[0].end == 4
        assert work.looked == {"stance"}
        assert work.notes == (note,)
        assert work.status == Status(State.SKIPPED, "", 3)
        assert work.versions == {e.key: e.id for e in events}
        assert again.works("ru") == (work,)
        assert again.work("bg", "ann").status == Status(State.NEW)
        assert again.actors() == ["ann"]


def test_a_removed_thing_keeps_its_version(project: Project) -> None:
    project.submit(label(project, "bg", "s")).result()
    (gone,) = project.submit(Act("remove", (Draft(Kind.SPAN, "span:s", "bg", None),))).result()
    work = project.work("bg")
    assert not work.spans
    assert work.versions == {"span:s": gone.id}
    assert work.status.state is State.STARTED, "looked at once, an article is not new any more"
    row = project.row("bg")
    assert row is not None
    assert row.counts == {}


def test_the_first_act_of_a_process_tells_its_session(project: Project) -> None:
    (first,) = project.submit(label(project, "bg", "s")).result()
    (second,) = project.submit(label(project, "bg", "t")).result()
    session = next(e for e in project.events_after({}) if e.key == f"session:{first.writer}")
    assert (session.seq, first.seq, second.seq) == (1, 2, 3)
    assert session.body is not None
    assert session.body["tool"].startswith("annotator ")
    assert session.body["scheme"] == {
        "name": project.scheme.name,
        "version": project.scheme.version,
    }
    assert session.article == ""
    assert session.act != first.act
    assert not serious(project)


def test_a_quick_second_version_builds_on_the_first(project: Project) -> None:
    text = project.article("bg").text
    one = project.submit(Act("label", (span_draft(text, "bg", "s", 0, 5),)))
    two = project.submit(Act("label", (span_draft(text, "bg", "s", 0, 6),)))
    assert two.result()[0].base == one.result()[0].id
    both = Act("label", (span_draft(text, "bg", "s", 0, 7), span_draft(text, "bg", "s", 0, 8)))
    three, four = project.submit(both).result()
    assert (three.base, four.base) == (two.result()[0].id, three.id)


def test_a_version_from_another_process_is_a_base_too(project: Project, path: Path) -> None:
    text = project.article("bg").text
    project.submit(Act("label", (span_draft(text, "bg", "s", 0, 5),))).result()
    with Project.open(path, "ann") as other:
        base = other.work("bg").versions["span:s"]
        (theirs,) = other.submit(Act("label", (span_draft(text, "bg", "s", 0, 6, base),))).result()
    seen = project.work("bg").versions["span:s"]
    (mine,) = project.submit(Act("label", (span_draft(text, "bg", "s", 0, 7, seen),))).result()
    assert mine.base == theirs.id


def test_an_act_is_saved_once(project: Project, path: Path) -> None:
    act = label(project, "bg", "s")
    first = project.submit(act).result()
    assert project.submit(act).result() == first
    with Project.open(path, "ann") as other:
        assert other.submit(act).result() == first
    assert len(project.history("bg")) == 1


def test_past_acts_newest_first_with_what_they_replaced(project: Project, path: Path) -> None:
    text = project.article("bg").text
    made = [label(project, "bg", f"s{n}") for n in range(150)]
    for act in made:
        project.submit(act)
    spans = Act("relabel", tuple(span_draft(text, "bg", f"s{n}", 1, 6) for n in range(150)))
    project.submit(spans).result()
    project.submit(label(project, "ru", "other"), "somebody else").result()
    project.close()
    with Project.open(path, "ann") as again:
        past = list(again.past_acts())
        assert [p.id for p in past] == [spans.id, *(a.id for a in reversed(made))]
        assert len(past[0].changes) == 150
        change = past[0].changes[0]
        assert (change.before, change.after) == (made[0].drafts[0].body, spans.drafts[0].body)
        assert past[-1].changes[0].before is None
        older = list(again.past_acts(before=made[10].id))
        assert [p.id for p in older] == [a.id for a in reversed(made[:10])]


def test_schemes_and_sessions_are_nothing_to_undo(project: Project) -> None:
    scheme = project.scheme
    project.relabel(add(scheme, scheme.layers[0], Label("toc", "", "", "")))
    assert list(project.past_acts()) == []


def test_changed_scheme_is_there_at_the_next_start(project: Project, path: Path) -> None:
    project.relabel(load(project.scheme, preset("minimal")))
    project.close()
    with Project.open(path) as again:
        assert again.scheme == project.scheme
        assert (again.scheme.name, again.scheme.version) == ("minimal", 2)


BAD = {
    "unknown article": Draft(Kind.SPAN, "span:x", "nowhere", {"layer": "entities"}),
    "wrong quote": Draft(Kind.SPAN, "span:x", "bg", {"start": 0, "end": 3, "text": "xyz"}),
    "outside": Draft(Kind.SPAN, "span:x", "bg", {"start": 0, "end": 10**6, "text": "xyz"}),
    "wrong evidence": Draft(Kind.STANCE, "stance:x", "bg",
                            {"evidence": [{"start": 0, "end": 1, "text": "Z", "role": "cue"}]}),
    "no JSON": Draft(Kind.NOTE, "note:x", "bg", {"note": object()}),
    "not a number": Draft(Kind.NOTE, "note:x", "bg", {"note": float("inf")}),
    "half a character": Draft(Kind.NOTE, "note:x", "bg", {"note": "\ud800"}),
    "NUL": Draft(Kind.NOTE, "note:x", "bg", {"note": "a\0"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_an_act_that_can_never_be_saved_is_refused_whole(project: Project, name: str) -> None:
    text = project.article("bg").text
    act = Act("label", (span_draft(text, "bg", "good", 0, 5), BAD[name]))
    with pytest.raises(RefusedError):
        project.submit(act).result()
    assert not project.work("bg").versions
    assert not project.pending(), "it would be refused for ever"
    project.submit(label(project, "bg", "next")).result()
    assert not serious(project)


def test_places_in_the_log_have_no_gap(project: Project) -> None:
    """The last place is the number of events, also after something was written and taken back."""
    project.submit(label(project, "bg", "one")).result()
    two = label(project, "bg", "two")

    def broken(conn: Connection, chain: Chain) -> None:
        chain.save(conn, two, "ann")
        raise AnnotatorError("something else went wrong")

    with pytest.raises(AnnotatorError, match="went wrong"):
        project._writing.write(broken)
    project.submit(label(project, "bg", "three")).result()
    places = [place for (place,) in project._reader.rows("SELECT pos FROM event ORDER BY id")]
    assert places == [*range(1, len(places) + 1)]
    assert project.progress().events == len(places)
    assert not serious(project)


def test_a_name_is_needed_to_decide(path: Path) -> None:
    with Project.open(path) as project:
        with pytest.raises(AnnotatorError, match="annotator's name"):
            project.submit(label(project, "bg", "s")).result()
        project.submit(label(project, "bg", "s"), "gold").result()
        assert project.actors() == ["gold"]


def test_no_article_needs_no_number(project: Project) -> None:
    (event,) = project.submit(
        Act("note", (Draft(Kind.NOTE, "note:p", "", {"note": "x"}),))
    ).result()
    assert event.article == ""
    assert not serious(project)


def test_nothing_is_written_read_only(path: Path) -> None:
    with Project.open(path, "ann", readonly=True) as project:
        act = label(project, "bg", "s")
        with pytest.raises(AnnotatorError, match="reading only"):
            project.submit(act)
        with pytest.raises(AnnotatorError, match="reading only"):
            list(project.add([Article("x", "text")]))


def test_a_closed_project_saves_no_more(project: Project) -> None:
    act = label(project, "bg", "s")
    project.close()
    project.close()
    with pytest.raises(AnnotatorError):
        project.submit(act)


def test_closing_saves_what_was_submitted(path: Path) -> None:
    with Project.open(path, "ann") as project:
        futures = [project.submit(label(project, "bg", f"s{n}")) for n in range(50)]
    assert all(len(f.result()) == 1 for f in futures)
    with Project.open(path, "ann") as again:
        assert len(again.work("bg").spans) == 50


def test_no_screen_can_take_a_submitted_act_back(project: Project) -> None:
    future = project.submit(label(project, "bg", "s"))
    assert not future.cancel()
    assert future.result()


def test_submitting_from_several_threads(project: Project) -> None:
    acts = [label(project, "bg", f"s{n}") for n in range(80)]
    futures = []

    def some(part: int) -> None:
        futures.extend(project.submit(act) for act in acts[part::4])

    threads = [threading.Thread(target=some, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([f.result() for f in futures]) == 80
    assert len(project.work("bg").spans) == 80
    assert not serious(project)


@pytest.mark.parametrize("jump", [-1e6, -100, 100, 1e6])
def test_ids_rise_through_clock_jumps(
    path: Path, monkeypatch: pytest.MonkeyPatch, jump: float
) -> None:
    import annotator.store.saving as saving

    now = [1_800_000_000.0]
    monkeypatch.setattr(saving, "Clock", lambda: Clock(lambda: now[0]))
    ids = []
    for _ in range(3):
        with Project.open(path, "ann") as project:
            project._writing._chain.clock = Clock(lambda: now[0])
            for _ in range(3):
                ids.append(project.submit(label(project, "bg", new_id())).result()[0].id)
                now[0] += jump
            assert not serious(project)
            assert project.work("bg").versions[next(project.past_acts()).changes[0].key] == ids[-1]
    assert ids == sorted(ids)


def test_progress(project: Project) -> None:
    text = project.article("bg").text
    project.submit(
        Act("x", (span_draft(text, "bg", "s", 0, 4), looked_draft("bg", "ann", "entities"),
                  status_draft("bg", "ann", State.DONE, 60)))
    ).result()  # fmt: skip
    project.submit(label(project, "ru", "t")).result()
    project.submit(label(project, "zh", "u"), "zoe").result()
    report = project.progress()
    ann, zoe = report.actors
    assert report.articles == 4
    assert report.languages == {"bg": 1, "en": 1, "ru": 1, "zh": 1}
    assert (ann.actor, ann.states, ann.seconds) == ("ann", {"done": 1, "started": 1}, 60)
    assert ann.languages == {"bg": {"done": 1}, "ru": {"started": 1}}
    layer = ann.layers["entities"]
    assert (layer.looked, layer.articles, layer.annotations) == (1, 2, 2)
    assert zoe.states == {"started": 1}
    assert zoe.last >= ann.last > 0


def test_documents_stream_in_id_order(project: Project) -> None:
    list(project.add([Article(f"x{n:03}", f"text {n}") for n in range(120)]))
    project.submit(label(project, "x077", "s")).result()
    project.submit(label(project, "x077", "t"), "zoe").result()
    found = list(project.documents())
    assert [d.article.id for d in found] == sorted(a.id for a in project.articles())
    assert len(found) == 124
    (document,) = [d for d in found if d.works]
    assert document == next(project.documents(worked=True))
    assert [w.actor for w in document.works] == ["ann", "zoe"]
    assert document.recorded["ann", "span:s"]["text"] == "text "
    assert document.sha256 == document.article.sha256
    assert [Span.of("span:s", document.recorded["ann", "span:s"])] == list(document.works[0].spans)


def test_events_after_a_vector(project: Project, path: Path) -> None:
    project.submit(label(project, "bg", "s")).result()
    known = project.vector()
    assert list(project.events_after(known)) == []
    with Project.open(path, "zoe") as other:
        other.submit(label(other, "bg", "t")).result()
    (event,) = project.submit(label(project, "bg", "u")).result()
    newer = list(project.events_after(known))
    assert event in newer
    assert {e.verb for e in newer} == {"session", "label"}
    assert len(list(project.events_after({}))) == sum(project.vector().values())
    assert caches(path)["head"]


@pytest.mark.parametrize(
    ("kind", "key"), [(Kind.SPAN, "span:x"), (Kind.STANCE, "stance:x"), (Kind.STATUS, "status")]
)
def test_a_decision_that_makes_no_sense_is_told_in_a_sentence(
    project: Project, kind: Kind, key: str
) -> None:
    """Nothing of ours writes one; a program of somebody's own may."""
    project.submit(
        Act("label", (Draft(kind, key, "bg", {"layer": "entities", "label": "PER"}),))
    ).result()
    for ask in (project.work, project.works):
        with pytest.raises(AnnotatorError, match=r"ann .*bg.*annotator check"):
            ask("bg")
    with pytest.raises(AnnotatorError, match=r"ann.*annotator check"):
        list(project.documents())
