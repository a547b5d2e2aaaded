"""Guidelines in the log: which version holds, under which everything was made, what is outdated."""

from pathlib import Path

import pytest
from release_kit import (
    JUDGE,
    LEAD,
    PEOPLE,
    annotated,
    decide,
    done_draft,
    looked_draft,
    save,
    span_draft,
)

from annotator.model.annotation import Kind
from annotator.model.decision import Reason
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.guideline_version import KEY, Change, GuidelineVersion
from annotator.model.guidelines import guideline
from annotator.model.scheme import Label
from annotator.model.scheme_change import add, find_layer, rename
from annotator.store import opening, relabelling
from annotator.store.guidelines import _RELABELLED, named
from annotator.store.project import Project

TEXT = "## entities\nnames\n### ORG\nministries too\n"
ORG = GuidelineVersion("1.1", TEXT, Change.MAJOR, ("entities/ORG",), "ministries")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return annotated(tmp_path / "p.db")


def put(path: Path, version: GuidelineVersion, actor: str = LEAD) -> None:
    with Project.open(path, actor) as project:
        project.set_guidelines(version)


def versions(
    path: Path, kinds: tuple[str, ...] = ("span", "decision")
) -> dict[tuple[str, str], set[str]]:
    """Under which versions each annotator's things of each article were made."""
    found: dict[tuple[str, str], set[str]] = {}
    with Project.open(path, readonly=True) as project:
        known = project.guideline_versions()
        for event in project.events_after({}):
            if event.kind in kinds:
                one = known.of(event.writer, event.seq)
                assert known.of_events([event.id]) == {event.id: one}
                found.setdefault((event.article, event.actor), set()).add(one)
    return found


def test_names_kept_twice_are_alike():
    assert opening.GUIDELINES_KEY == KEY
    assert relabelling.VERB == _RELABELLED


def test_before_any_is_set_the_schemes_own_hold(path):
    with Project.open(path, readonly=True) as project:
        kept = project.guidelines()
        assert (kept.guidelines.version, kept.event) == ("1", "")
        assert kept.guidelines.text == project.scheme.guidelines
        assert [each.guidelines.version for each in project.guideline_log()] == ["1"]
        assert project.scheme.guidelines_version == ""
    assert set().union(*versions(path).values()) == {"1"}


def test_a_text_that_was_set_holds_for_everybody_who_opens_the_project(path):
    put(path, ORG)
    with Project.open(path, readonly=True) as project:
        assert project.scheme.guidelines == TEXT
        assert project.scheme.guidelines_version == "1.1"
        assert guideline(project.scheme, "entities", "ORG") == "ministries too", "what F2 shows"
        kept = project.guidelines()
        assert kept.guidelines == ORG
        assert (kept.actor, kept.time > 1.7e9) == (LEAD, True)
        log = project.guideline_log()
        assert [each.guidelines.version for each in log] == ["1", "1.1"]
        assert log[0].guidelines.text != TEXT
        assert named(log, "1").guidelines == log[0].guidelines
        with pytest.raises(AnnotatorError, match=r"no version '3' .*: 1, 1\.1"):
            named(log, "3")
        assert not [p for p in project.verify() if p.severity == "error"]


@pytest.mark.parametrize("version", ["1.1", "1.0.9", "1"])
def test_versions_only_rise(path, version):
    put(path, ORG)
    with pytest.raises(AnnotatorError, match=r"at version 1\.1 already"):
        put(path, ORG._replace(version=version, text="other"))
    with Project.open(path, readonly=True) as project:
        assert project.scheme.guidelines == TEXT


def test_of_several_leads_the_newest_holds(path):
    put(path, ORG, "one")
    put(path, ORG._replace(version="1.2", text="two"), "an earlier name")
    with Project.open(path, readonly=True) as project:
        assert project.scheme.guidelines == "two"
        assert [each.actor for each in project.guideline_log()] == ["", "one", "an earlier name"]


def test_the_version_of_an_event_is_its_sessions(path):
    save(path, "iva", span_draft("ferry", "PER", "Борис Радин"))
    put(path, ORG)
    save(path, "mila", span_draft("ferry", "PER", "Борис Радин"))
    put(path, ORG._replace(version="2.0", text="two"))
    decide(path, articles=["bridge"])
    found = versions(path)
    assert found["ferry", "iva"] == {"1"}
    assert found["ferry", "mila"] == {"1", "1.1"}
    assert found["bridge", JUDGE] == {"2.0"}
    assert found["bridge", "iva"] == {"1"}


def test_a_process_that_sets_guidelines_goes_on_under_them(path):
    with Project.open(path, LEAD) as project:
        project.submit(Act("label", (span_draft("bridge", "LOC", "Novobryag"),))).result()
        project.set_guidelines(ORG)
        project.submit(Act("label", (span_draft("ferry", "PER", "Борис Радин"),))).result()
        project.submit(Act("label", (span_draft("tunnel", "ORG", "Water Board"),))).result()
    found = versions(path)
    assert found["bridge", LEAD] == {"1"}
    assert found["ferry", LEAD] == found["tunnel", LEAD] == {"1.1"}
    with Project.open(path, readonly=True) as project:
        every = sorted(project.events_after({}), key=lambda event: event.id)
        mine = [e for e in every if e.actor == LEAD and e.kind is Kind.SESSION]
        told = [e.body["guidelines"] for e in mine if e.body]
        assert told[-2:] == ["1", "1.1"], "told again when it changed, and only then"
        assert mine[-1].base == mine[-2].id
        assert not [p for p in project.verify() if p.severity == "error"]


def test_a_process_that_does_not_know_works_under_what_it_knows(path):
    with Project.open(path, "iva") as project:
        project.submit(Act("label", (span_draft("bridge", "LOC", "Novobryag"),))).result()
        put(path, ORG)
        project.submit(Act("label", (span_draft("ferry", "PER", "Борис Радин"),))).result()
    assert versions(path)["ferry", "iva"] == {"1"}


def test_what_a_new_scheme_relabels_keeps_its_version(path):
    put(path, ORG)
    with Project.open(path, LEAD) as project:
        layer = find_layer(project.scheme, "entities")
        project.relabel(rename(project.scheme, layer, "ORG", "BODY", ""))
    with Project.open(path, readonly=True) as project:
        (span,) = (s for s in project.work("bridge", "iva").spans if s.label == "BODY")
        event = project.work("bridge", "iva").versions[span.key]
        assert project.guideline_versions().of_events([event]) == {event: "1"}
        assert project.guideline_versions().of_events(["nothing"]) == {}


def test_a_renamed_label_is_renamed_in_the_guidelines_too(path):
    put(path, ORG)
    with Project.open(path, LEAD) as project:
        layer = find_layer(project.scheme, "entities")
        project.relabel(rename(project.scheme, layer, "ORG", "BODY", ""))
    with Project.open(path, readonly=True) as project:
        kept = project.guidelines().guidelines
        assert "### BODY" in project.scheme.guidelines
        assert (kept.version, kept.change, kept.text) == ("1.2", "minor", project.scheme.guidelines)
        assert kept.about == ("entities/BODY", "entities/ORG")
        assert "rename" in kept.note


def test_a_new_label_leaves_the_guidelines_alone(path):
    put(path, ORG)
    with Project.open(path, LEAD) as project:
        layer = find_layer(project.scheme, "entities")
        project.relabel(add(project.scheme, layer, Label("LAW", "w", "Law", "blue")))
        assert project.scheme.version == 2
    with Project.open(path, readonly=True) as project:
        assert project.scheme.guidelines == TEXT
        assert len(project.guideline_log()) == 2


def test_somebody_elses_text_stops_a_change_of_the_scheme(path):
    with Project.open(path, LEAD) as project:
        layer = find_layer(project.scheme, "entities")
        change = add(project.scheme, layer, Label("LAW", "w", "Law", "blue"))
        put(path, ORG)
        with pytest.raises(AnnotatorError, match="meanwhile"):
            project.relabel(change)


def outdated(path: Path, version: str = "") -> list[tuple[str, str, dict[str, int], str]]:
    with Project.open(path, readonly=True) as project:
        return [
            (each.article, each.actor, dict(each.labels), each.version)
            for each in project.outdated(version)
        ]


def test_what_a_major_version_touches_is_listed(path):
    assert outdated(path) == []
    put(path, ORG)
    assert (
        outdated(path)
        == outdated(path, "1.1")
        == [
            ("bridge", "iva", {"entities/ORG": 1}, "1"),
            ("bridge", "mila", {"entities/ORG": 1}, "1"),
            ("ferry", "iva", {"entities/ORG": 1}, "1"),
            ("tunnel", "iva", {"entities/ORG": 1}, "1"),
        ]
    )


def test_a_minor_version_is_listed_only_when_named(path):
    put(path, ORG._replace(change=Change.MINOR))
    assert outdated(path) == []
    assert len(outdated(path, "1.1")) == 4
    with pytest.raises(AnnotatorError, match="no version"):
        outdated(path, "9")


def test_who_looked_again_is_listed_no_more(path):
    put(path, ORG)
    save(path, "iva", done_draft("bridge", "iva"))
    save(path, "mila", looked_draft("bridge", "mila", "entities"))
    save(path, "iva", span_draft("ferry", "ORG", "Съветът", "again"))
    assert outdated(path) == [
        ("ferry", "iva", {"entities/ORG": 1}, "1"),
        ("tunnel", "iva", {"entities/ORG": 1}, "1"),
    ], "another ORG was added there, the old one was not looked at"


def test_layers_found_empty_count_where_the_whole_layer_changed(path):
    save(path, "petar", looked_draft("tunnel", "petar", "entities"))
    put(path, ORG)
    assert ("tunnel", "petar", {"entities": 1}, "1") not in outdated(path)
    put(path, ORG._replace(version="2.0", text="two", about=("entities",)))
    found = outdated(path)
    assert ("tunnel", "petar", {"entities": 1}, "1") in found
    assert {each[1] for each in found} == set(PEOPLE)
    assert sum(sum(each[2].values()) for each in found) == 6 + 4 + 1 + 1


def test_the_oldest_version_is_told_and_later_major_ones_count(path):
    put(path, ORG)
    save(path, "mila", span_draft("tunnel", "ORG", "Water Board"))
    put(path, ORG._replace(version="2.0", text="two", about=("entities/LOC",)))
    assert ("tunnel", "mila", {"entities/ORG": 1}, "1.1") not in outdated(path)
    put(path, ORG._replace(version="3.0", text="three"))
    assert ("tunnel", "mila", {"entities/ORG": 1}, "1.1") in outdated(path)
    assert ("bridge", "petar", {"entities/LOC": 1}, "1") in outdated(path)
    assert len(outdated(path, "2.0")) == 4, "LOC: petar's office, and Старобряг three times"


def test_decisions_are_listed_with_what_was_marked(path):
    decide(path, articles=["ferry"])
    decide(path, articles=["bridge"], reason=Reason.BOUNDARY_RULE, note="which?", guideline=True)
    with Project.open(path, readonly=True) as project:
        marked = list(project.guideline_problems())
    assert {each.article for each in marked} == {"bridge"}
    assert {each.note for each in marked} == {"which?"}
    office = next(each for each in marked if "ORG" in each.labels)
    assert (office.labels, office.reason, office.version) == (("LOC", "ORG"), "boundary_rule", "1")
    put(path, ORG)
    with Project.open(path, readonly=True) as project:
        found = [each for each in project.outdated() if each.actor == JUDGE]
    assert [(each.article, each.marked, len(each.items)) for each in found] == [
        ("bridge", 1, 1),
        ("ferry", 0, 1),
    ]
    with Project.open(path, "other") as project:
        text = project.article("bridge").text
        again = next(d for d in project.decisions("bridge") if d.decision.key == found[0].items[0])
        draft = Draft(Kind.DECISION, again.decision.key, "bridge", again.decision.body(text))
        project.record(Act("adjudicate", (draft,)))
    with Project.open(path, readonly=True) as project:
        assert [e.article for e in project.outdated() if e.items] == ["ferry"]
