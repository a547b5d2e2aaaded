"""Gold gathered and frozen: what goes in, what stops it, and how releases differ."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engines import stands_for
from hypothesis import given
from hypothesis import strategies as st
from release_kit import (
    JUDGE,
    LEAD,
    PEOPLE,
    TEXTS,
    annotated,
    decide,
    done_draft,
    first,
    items,
    looked_draft,
    save,
    span_draft,
)

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.items import State
from annotator.lead import releasing
from annotator.lead.comparing import Changed, Tally, changes, things
from annotator.lead.gilding import CLASHING, gild
from annotator.lead.releasing import Wish
from annotator.model.annotation import Kind
from annotator.model.annotation import State as Said
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.guideline_version import GuidelineVersion
from annotator.model.person import Person, Role
from annotator.model.release import ACTOR, Frozen, Golden, Release
from annotator.store.project import Project


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return annotated(tmp_path / "p.db")


def golden(path: Path, article: str) -> Golden:
    with Project.open(path, readonly=True) as project:
        return next(gild(project, s) for s in project.documents() if s.article.id == article)


def release(path: Path, version: str = "1.0", **wish: Any) -> Release:
    with Project.open(path, LEAD) as project:
        wanted = Wish(version, **wish)
        gathered = releasing.gather(project, wanted)
        return releasing.save(project, gathered)


def gold(path: Path, version: str) -> dict[str, Frozen]:
    with Project.open(path, readonly=True) as project:
        held = project.released(project.release(version))
        return {each.article: Frozen.of(each.article, each.body) for each in held}


def test_nothing_is_gold_before_it_is_decided(path):
    made = golden(path, "bridge")
    assert made.work is not None, (
        "boilerplate: all three found nothing, so nothing is to be decided"
    )
    assert made.work.looked == {"boilerplate"}
    assert not made.work.spans
    assert made.undecided == ("entities", "stance")
    assert made.states[State.OPEN] == 4
    assert golden(path, "tunnel") == Golden(None, (), (), {})


def test_gold_says_where_it_comes_from(path):
    decide(path)
    made = golden(path, "bridge")
    assert made.work is not None
    assert made.work.actor == ACTOR
    assert [(s.label, TEXTS["bridge"][s.start : s.end]) for s in made.work.spans] == [
        ("PER", "Anna Velkova"),
        ("ORG", "Harbour Office"),
    ]
    assert [stance.label for stance in made.work.stances] == ["FAVOR"]
    assert made.work.looked == {"boilerplate", "entities", "stance"}
    office = next(item for item in made.items if "LOC 36-50" in item.votes)
    assert office.votes == {"ORG 36-50": 2, "LOC 36-50": 1}
    assert (office.decider, office.adopted, office.voters) == (JUDGE, ("iva", "mila"), 3)
    assert office.taken == ("ORG 36-50",)
    assert office.spans == (made.work.spans[1].id,)
    evidence = next(item for item in made.items if item.evidence)
    assert evidence.stance is not None
    assert evidence.stance[0].name == "Anna Velkova"
    assert not made.undecided
    assert set(made.states) == {State.DECIDED}


def test_what_was_turned_down_is_kept_beside_gold(path):
    decide(path, lambda item: taking.take(item))
    made = golden(path, "ferry")
    assert made.work is not None
    assert not made.work.spans
    lone = next(item for item in made.items if any("ORG" in code for code in item.votes))
    assert (lone.spans, lone.taken) == ((), ("nothing",))
    assert lone.votes["nothing"] == 2


def test_one_open_item_keeps_its_layer_out(path):
    with Project.open(path, readonly=True) as project:
        kept = next(item.key for item in items(project, "bridge") if item.layer == "entities")
    decide(path, lambda item: None if item.key == kept else first(item))
    made = golden(path, "bridge")
    assert made.work is not None
    assert made.undecided == ("entities",)
    assert made.work.looked == {"boilerplate", "stance"}
    assert not made.work.spans
    assert {item.layer for item in made.items} == {"stance"}


def test_passes_and_training_have_no_vote(path):
    decide(path)
    before = golden(path, "bridge")
    for name in ("iva #2", "mila #training"):
        save(path, name, span_draft("bridge", "EVT", "opened"), done_draft("bridge", name))
    assert golden(path, "bridge") == before


@pytest.mark.parametrize(
    ("choose", "state"),
    [
        (lambda item: None, "open"),
        (taking.discuss, "discuss"),
        (taking.skip, "skipped"),
    ],
)
def test_no_release_while_something_is_undecided(path, choose: Callable[..., Any], state):
    decide(path, choose, articles=["ferry"])
    decide(path, articles=["bridge"])
    with pytest.raises(AnnotatorError, match=rf"decided: 2 {state}; .* items: 1\..*--allow-open"):
        release(path)
    with Project.open(path, readonly=True) as project:
        assert project.releases() == []
    made = release(path, allow_open=True)
    assert made.manifest["open"] == {
        "allowed": True,
        "items": 2,
        "states": {state: 2},
        "articles": 1,
        "layers": {"entities": 1},
        "without_gold": 1,
    }
    assert gold(path, "1.0")["ferry"].work.looked == {"boilerplate", "stance"}


def test_a_stale_decision_stops_a_release(path):
    decide(path)
    save(path, "mila", span_draft("ferry", "PER", "Съветът"))
    with pytest.raises(AnnotatorError, match=r"1 stale"):
        release(path)
    decide(path)
    release(path)


def test_gold_that_cannot_stand_together_stops_a_release(path):
    decide(path)
    with Project.open(path, JUDGE) as project:
        text = project.article("bridge").text
        office = next(
            s for d in project.decisions("bridge") for s in d.decision.spans if s.label == "ORG"
        )
        crossing = office._replace(id="x", start=office.start + 8, end=office.end + 3)
        made = taking.added("bridge", crossing)
        draft = Draft(Kind.DECISION, made.key, "bridge", made.body(text))
        project.record(Act("adjudicate", (draft,)))
    assert golden(path, "bridge").states[CLASHING] == 1
    with pytest.raises(AnnotatorError, match=r"1 clashing"):
        release(path)
    assert release(path, allow_open=True).manifest["open"]["states"] == {CLASHING: 1}


def test_a_release_tells_of_itself(path):
    decide(path)
    with Project.open(path, LEAD) as project:
        project.set_guidelines(GuidelineVersion("1.5", "## entities\nthat\n"))
    made = release(path, note="first", names=True)
    told = made.manifest
    assert (told["schema"], told["version"], told["note"]) == (
        "annotator-release/1",
        "1.0",
        "first",
    )
    assert told["articles"]["count"] == 2
    assert told["guidelines"]["version"] == "1.5"
    assert made.scheme().guidelines == "## entities\nthat\n"
    assert told["counts"]["labels"] == {"entities/LOC": 1, "entities/ORG": 2, "entities/PER": 1}
    assert told["counts"]["stances"] == {"FAVOR": 1}
    assert told["counts"]["methods"] == {"manual": 6}
    assert told["counts"]["layers"] == {"boilerplate": 2, "entities": 2, "stance": 2}
    assert told["annotators_by_layer"]["entities"] == {"3": 2}
    assert told["people"] == {
        "annotators": 3,
        "adjudicators": 1,
        "names": {"annotators": list(PEOPLE), "adjudicators": [JUDGE]},
    }
    assert told["open"]["items"] == 0
    assert told["since"] is None
    strict = next(x for x in told["agreement"] if x["layer"] == "entities")["figures"]["strict_f1"]
    assert 0 < strict["value"] < 1
    assert strict["low"] <= strict["value"] <= strict["high"]
    json.dumps(told, allow_nan=False)


def test_names_are_told_on_request_only(path):
    decide(path)
    assert release(path).manifest["people"] == {"annotators": 3, "adjudicators": 1}


def test_a_release_stays_as_it_was(path):
    decide(path)
    release(path)
    before = gold(path, "1.0")
    save(
        path,
        "iva",
        span_draft("bridge", "LOC", "Novobryag"),
        span_draft("ferry", "PER", "Борис Радин"),
    )
    decide(path)
    assert gold(path, "1.0") == before
    made = release(path, "1.1")
    assert gold(path, "1.0") == before
    assert made.manifest["since"] == {
        "release": "1.0",
        "articles": {"new": 0, "gone": 0, "changed": 2},
        "labels": {
            "entities/LOC": {"added": 1, "removed": 0},
            "entities/PER": {"added": 1, "removed": 0},
        },
    }


def test_the_same_gold_has_the_same_digest(path):
    decide(path)
    one, other = release(path, "1.0"), release(path, "1.1")
    assert one.digest == other.digest
    assert one.run != other.run
    assert other.manifest["since"]["articles"] == {"new": 0, "gone": 0, "changed": 0}


def test_a_version_is_refused_before_anything_is_read(path):
    decide(path)
    release(path)
    with Project.open(path, LEAD) as project:
        for version, says in (("1.0", "release 1.0 already"), ("one", "cannot be a release")):
            with pytest.raises(AnnotatorError, match=says):
                releasing.gather(project, Wish(version))


def test_nothing_is_no_release(tmp_path):
    path = annotated(tmp_path / "q.db")
    for actor in PEOPLE:
        save(
            path,
            actor,
            done_draft("bridge", actor, Said.SKIPPED),
            done_draft("ferry", actor, Said.SKIPPED),
        )
    with pytest.raises(AnnotatorError, match="is gold yet"):
        release(path)


def test_only_a_lead_releases_where_there_is_one(path):
    decide(path)
    people = (Person("somebody", Role.LEAD), Person(JUDGE, Role.ADJUDICATOR))
    save(path, LEAD, *(Draft(Kind.PERSON, each.key, "", each.body()) for each in people))
    with pytest.raises(AnnotatorError, match="Only leads may make a release"):
        release(path)
    with Project.open(path, JUDGE, readonly=True) as project:
        releasing.gather(project, Wish("1.0")).bodies.close()
    with (
        Project.open(path, "iva", readonly=True) as project,  # annotators stay blind
        pytest.raises(AnnotatorError, match="may see what a release would hold"),
    ):
        releasing.gather(project, Wish("1.0"))


def test_whoever_is_alone_stands_alone(path):
    save(path, "iva", *(looked_draft("tunnel", "iva", layer) for layer in ("entities", "stance")))
    with pytest.raises(AnnotatorError, match="not decided"):
        decide(path, articles=["bridge", "ferry"])
        release(path)
    decide(path)
    assert release(path).manifest["annotators_by_layer"]["entities"] == {"1": 1, "3": 2}


KILLED = """
import os, sys
from annotator.lead import releasing
from annotator.store import releases
from annotator.store.project import Project
releases.BATCH = 1
with Project.open(sys.argv[1], "somebody") as project:
    gathered = releasing.gather(project, releasing.Wish("1.0", "adjudicated"))
    releasing.save(project, gathered, lambda _n: os._exit(9))
"""


def test_a_release_that_was_killed_can_be_made_again(path):
    decide(path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(stands_for(path))], check=False)
    assert done.returncode == 9
    with Project.open(path, LEAD) as project:
        left = [e for e in project.history("bridge") if e.kind is Kind.RELEASE]
        assert len(left) == 1, "one article was written before the end"
        assert project.releases() == []
    made = release(path)
    assert made.manifest["articles"]["count"] == 2
    with Project.open(path, readonly=True) as project:
        assert len(list(project.released_articles(made))) == 2
        assert not [p for p in project.verify() if p.severity == "error"]


# --- how two releases differ

place = st.tuples(st.integers(0, 5), st.sampled_from(("PER", "ORG")))
body = st.builds(
    lambda looked, spans: {
        "looked": sorted(looked),
        "spans": [
            {"id": str(n), "layer": "entities", "label": label, "start": at, "end": at + 1}
            for n, (at, label) in enumerate(spans)
        ],
        "stances": [],
    },
    st.sets(st.sampled_from(("entities", "stance"))),
    st.lists(place, max_size=3),
)
side = st.dictionaries(st.sampled_from("abcde"), body, max_size=5)


def found(old: dict[str, Any], new: dict[str, Any]) -> list[Changed]:
    return list(changes(sorted(old.items()), sorted(new.items())))


@given(side, side)
def test_a_difference_leads_from_one_to_the_other(old, new):
    told = {change.article: change for change in found(old, new)}
    for name in old.keys() | new.keys():
        was = things(old[name]) if name in old else None
        now = things(new[name]) if name in new else None
        if was == now:
            assert name not in told
            continue
        how = "new" if was is None else "gone" if now is None else "changed"
        change = told.pop(name)
        assert change.how == how
        moved = (was or things({"looked": [], "spans": [], "stances": []})).copy()
        moved.subtract(change.removed)
        moved.update(change.added)
        assert +moved == (now or type(moved)())
    assert not told
    assert [change.article for change in found(old, new)] == sorted(
        change.article for change in found(old, new)
    )


@given(side, side)
def test_a_difference_backwards_is_its_mirror(old, new):
    tally, back = Tally(), Tally()
    for change in found(old, new):
        tally.add(change)
    for change in found(new, old):
        back.add(change)
    one, other = tally.json(), back.json()
    assert one["articles"]["new"] == other["articles"]["gone"]
    assert one["articles"]["changed"] == other["articles"]["changed"]
    assert {k: v["added"] for k, v in one["labels"].items()} == {
        k: v["removed"] for k, v in other["labels"].items()
    }


def test_ids_are_no_difference():
    one = {
        "looked": [],
        "spans": [{"id": "1", "layer": "e", "label": "L", "start": 0, "end": 1}],
        "stances": [],
    }
    other = json.loads(json.dumps(one))
    other["spans"][0]["id"] = "2"
    assert found({"a": one}, {"a": other}) == []
    other["spans"][0]["attrs"] = {"lemma": "x"}
    assert [change.how for change in found({"a": one}, {"a": other})] == ["changed"]
