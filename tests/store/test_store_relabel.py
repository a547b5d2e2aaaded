"""A changed scheme and the annotations it leaves behind: nothing lost, all at once or not at all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from engines import stands_for
from store_help import caches, looked_draft, serious, stance_draft, status_draft

from annotator.desk.history import NOT_OURS, History
from annotator.formats.document import Document
from annotator.formats.writers.native_jsonl import record
from annotator.model.annotation import Kind, Rejection, Rule, Span, State, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme import Label
from annotator.model.scheme_change import SchemeChange, add, rename, retire, split
from annotator.model.scheme_diff import load
from annotator.model.scheme_file import parse, preset
from annotator.store import relabelling
from annotator.store.project import Project
from annotator.store.saving import Chain
from annotator.store.taking import Fate, Offered

TEXTS = {
    "bg": "Среща в Пхенян.\n<p>Преди час</p>\nПхенян посрещна гостите.",
    "ru": "Встреча в Пхеньяне.\r\nГости 🇰🇵 довольны.",
    "zh": "代表团在平壤会面。",
    "en": "The Pyongyang meeting.\tNobody said what was agreed.",
}
WORDS = {"bg": "Пхенян", "ru": "Пхеньяне", "zh": "平壤", "en": "Pyongyang"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project file with four articles, closed."""
    path = tmp_path / "relabel.db"
    with Project.create(path, preset("news"), "ann") as project:
        assert len(list(project.add(Article(name, text) for name, text in TEXTS.items()))) == 4
    return path


def span(article: str, label: str = "LOC", number: int = 0, **more) -> Draft:
    """The town of an article, labelled."""
    start = TEXTS[article].index(WORDS[article])
    span_id = f"{article}{number}{label}".lower()
    made = Span(span_id, "entities", label, start, start + len(WORDS[article]), **more)
    return Draft(Kind.SPAN, made.key, article, made.body(TEXTS[article]))


def decide(project: Project, *drafts: Draft, actor: str = "ann") -> None:
    project.submit(Act("label", drafts), actor).result()


@pytest.fixture
def worked(project: Project) -> Project:
    """Two annotators' work on three articles, one of them finished by both."""
    for actor in ("ann", "zoe"):
        for article in ("bg", "ru", "zh"):
            drafts = [span(article), stance_draft(TEXTS[article], article, actor, "X", "FAVOR")]
            if article == "ru":
                drafts += [
                    status_draft(article, actor, State.DONE, 7),
                    looked_draft(article, actor, "entities"),
                ]
            decide(project, *drafts, actor=actor)
    return project


def entities(project: Project):
    layer = project.scheme.layer("entities")
    assert layer is not None
    return layer


def change(project: Project, function, *args) -> relabelling.Relabelled:
    return project.relabel(function(project.scheme, entities(project), *args))


def given(project: Project) -> set[tuple[str, str, str, int, int]]:
    return {
        (work.article, work.actor, span.label, span.start, span.end)
        for article in TEXTS
        for work in project.works(article)
        for span in work.spans
    }


def test_a_rename_gives_everybody_the_new_label_at_the_old_place(worked: Project) -> None:
    before = given(worked)
    assert change(worked, rename, "LOC", "PLACE") == relabelling.Relabelled(6, 0, 6)
    assert given(worked) == {(a, who, "PLACE", s, e) for a, who, _, s, e in before}
    assert {w.status.state for w in worked.works("ru")} == {State.DONE}
    assert {w.status.seconds for w in worked.works("ru")} == {7}
    assert all(w.looked == {"entities"} for w in worked.works("ru"))
    assert {s.label for w in worked.works("bg") for s in w.stances} == {"FAVOR"}
    assert worked.scheme.version == 2
    assert serious(worked) == []


def test_the_history_keeps_the_earlier_version_under_its_author(worked: Project) -> None:
    change(worked, rename, "LOC", "PLACE")
    events = [event for event in worked.history("bg", "zoe") if event.kind is Kind.SPAN]
    assert [(event.verb, event.body["label"]) for event in events] == [
        ("label", "LOC"),
        ("scheme", "PLACE"),
    ]
    assert events[1].base == events[0].id
    of = events[1].of
    made = next(worked.events_after({})).act
    acts = {event.act for event in worked.events_after({}) if event.kind is Kind.SCHEME}
    assert of in acts
    assert of != made


def test_each_annotators_work_on_an_article_is_one_act(worked: Project) -> None:
    decide(worked, span("bg", number=1), span("bg", "PER"))
    change(worked, rename, "LOC", "PLACE")
    acts: dict[str, set[tuple[str, str]]] = {}
    for event in worked.events_after({}):
        if event.verb == "scheme" and event.article:
            acts.setdefault(event.act, set()).add((event.article, event.actor))
    assert sorted(map(tuple, acts.values())) == sorted(
        ((article, actor),) for article in ("bg", "ru", "zh") for actor in ("ann", "zoe")
    )


def test_caches_are_those_the_log_gives(worked: Project, path: Path) -> None:
    change(worked, rename, "LOC", "PLACE")
    change(worked, split, "PER", [("MAN", ""), ("WOMAN", "")])
    worked.close()
    before = caches(path)
    with Project.open(path, "ann") as again:
        again.rebuild()
    assert caches(path) == before


def test_stances_follow_their_value(worked: Project) -> None:
    layer = worked.scheme.stance_layer
    done = worked.relabel(rename(worked.scheme, layer, "FAVOR", "PRO"))
    assert done == relabelling.Relabelled(6, 0, 6)
    stance = worked.work("bg").stances[0]
    assert (stance.label, stance.target.name, len(stance.evidence)) == ("PRO", "X", 1)
    assert serious(worked) == []


def test_a_value_and_a_label_of_one_name_are_not_mixed_up(worked: Project) -> None:
    worked.relabel(add(worked.scheme, entities(worked), Label("FAVOR", "v", "", "")))
    decide(worked, span("en", "FAVOR"))
    assert change(worked, rename, "FAVOR", "GIFT").annotations == 1
    assert worked.work("bg").stances[0].label == "FAVOR"


def test_a_label_retired_into_another_leaves_one_span_where_both_stood(worked: Project) -> None:
    decide(worked, span("bg", "ORG"), span("zh", "ORG", attrs={"lemma": "平壤"}))
    done = change(worked, retire, "LOC", "ORG")
    assert done == relabelling.Relabelled(6, 1, 6)
    assert [s.label for s in worked.work("bg").spans] == ["ORG"]
    assert [dict(s.attrs) for s in worked.work("zh").spans] == [{}, {"lemma": "平壤"}]
    assert serious(worked) == []


def test_what_a_person_has_to_decide_stays_and_is_listed(worked: Project) -> None:
    assert worked.labels.count_undecided() == 0
    assert list(worked.labels.undecided()) == []
    before = given(worked)
    done = change(worked, split, "LOC", [("TOWN", ""), ("LAND", "")])
    assert (done.annotations, given(worked)) == (0, before)
    found = list(worked.labels.undecided())
    assert worked.labels.count_undecided() == len(found) == 6
    first = found[0]
    assert (first.article, first.actor, first.layer, first.label) == (
        "bg",
        "ann",
        "entities",
        "LOC",
    )
    assert (first.text, first.into) == ("Пхенян", ("TOWN", "LAND"))
    assert TEXTS["bg"][first.start : first.end] == "Пхенян"
    decide(worked, span("bg", "TOWN"), Draft(Kind.SPAN, first.key, "bg", None))
    assert worked.labels.count_undecided() == 5


def test_a_retired_stance_is_listed_with_its_target(worked: Project) -> None:
    layer = worked.scheme.stance_layer
    worked.relabel(retire(worked.scheme, layer, "FAVOR"))
    found = list(worked.labels.undecided())
    assert {(x.layer, x.label, x.text, x.start, x.into) for x in found} == {
        ("stance", "FAVOR", "X", None, ())
    }


def test_a_long_list_is_read_in_pages(project: Project) -> None:
    spans = [Span(f"{n:04}", "entities", "PER", n % 9, n % 9 + 1) for n in range(1203)]
    text = TEXTS["en"]
    decide(project, *(Draft(Kind.SPAN, s.key, "en", s.body(text)) for s in spans))
    change(project, retire, "PER")
    found = list(project.labels.undecided())
    assert [x.key for x in found] == [s.key for s in spans]


def test_what_comes_in_later_with_an_old_label_is_relabelled_by_the_same_command(
    worked: Project,
) -> None:
    first = worked.scheme
    change(worked, rename, "LOC", "PLACE")
    decide(worked, span("en"))
    assert worked.labels.count_undecided() == 1
    assert next(worked.labels.undecided()).into == ("PLACE",)
    again = rename(worked.scheme, entities(worked), "LOC", "PLACE")
    assert worked.relabel(again) == relabelling.Relabelled(1, 0, 1)
    assert worked.relabel(again) == relabelling.Relabelled()
    assert (worked.labels.count_undecided(), worked.scheme.version) == (0, first.version + 1)
    assert [x.words for x in worked.labels.history()] == [
        "the scheme news",
        "rename entities/LOC to PLACE",
    ]


def test_an_import_brought_again_after_a_rename_changes_nothing(worked: Project) -> None:
    text = TEXTS["en"]
    work = Work("en", "kim", (Span("a1", "entities", "LOC", 4, 11),))
    assert worked.take([Offered("en", text, work)])[0].fate is Fate.TAKEN
    change(worked, rename, "LOC", "PLACE")
    assert worked.take([Offered("en", text, work)])[0].fate is Fate.UNCHANGED
    assert [s.label for s in worked.work("en", "kim").spans] == ["PLACE"]


def test_rules_and_rejections_follow_their_label(worked: Project) -> None:
    rule, other = Rule("entities", "LOC", "Пхенян"), Rule("entities", "ORG", "Среща")
    place = TEXTS["bg"].index("Среща")
    rejection = Rejection("entities", "LOC", place, place + 5)
    decide(
        worked,
        Draft(Kind.RULE, rule.key("ann"), "", rule.body()),
        Draft(Kind.RULE, other.key("ann"), "", other.body()),
        Draft(Kind.REJECTION, rejection.key("ann", "bg"), "bg", rejection.body(TEXTS["bg"])),
    )
    done = change(worked, rename, "LOC", "PLACE")
    assert done == relabelling.Relabelled(6, 0, 6), "rules are no annotations"
    assert {r.label for r in worked.rules()} == {"PLACE", "ORG"}
    assert worked.work("bg").rejections[0].label == "PLACE"
    change(worked, retire, "ORG")
    assert {r.label for r in worked.rules()} == {"PLACE"}, (
        "nothing is suggested that cannot be given"
    )
    assert serious(worked) == []


def test_the_scheme_must_be_the_one_the_change_began_with(worked: Project, path: Path) -> None:
    wanted = rename(worked.scheme, entities(worked), "LOC", "PLACE")
    with Project.open(path, "zoe") as other:
        change(other, retire, "PRO")
    before = given(worked)
    with pytest.raises(AnnotatorError, match="Somebody else has changed the scheme"):
        worked.relabel(wanted)
    assert given(worked) == before
    worked.close()
    with Project.open(path, "ann") as again:
        assert again.scheme.version == 2
        change(again, rename, "LOC", "PLACE")
        assert again.scheme.version == 3


def test_a_layer_with_decisions_must_stay(worked: Project) -> None:
    text = worked.scheme.toml
    parts = text.split("[[layers]]")
    without = {
        name: parse("[[layers]]".join(p for p in parts if f'name = "{name}"' not in p[:30]))
        for name in ("entities", "stance", "boilerplate")
        if name != "entities"
    }
    with pytest.raises(AnnotatorError, match="'stance' has decisions"):
        worked.relabel(load(worked.scheme, without["stance"]))
    assert worked.relabel(load(worked.scheme, without["boilerplate"])) == relabelling.Relabelled()
    assert [layer.name for layer in worked.scheme.layers] == ["entities", "stance"]


def test_undo_at_the_desk_leaves_these_acts_alone(worked: Project) -> None:
    change(worked, rename, "LOC", "PLACE")
    newest = next(worked.past_acts())
    assert newest.verb == relabelling.VERB == "scheme"
    assert newest.verb in NOT_OURS
    assert {act.verb for act in worked.past_acts(without=NOT_OURS)} == {"label"}
    undone = History(worked.past_acts).undo()
    assert undone is not None
    assert undone.verb == "label"


def test_use_counts_annotations_articles_and_people(worked: Project) -> None:
    use = worked.labels.use()
    assert vars_of(use["entities", "LOC"]) == (6, 3, 2)
    assert vars_of(use["stance", "FAVOR"]) == (6, 3, 2)
    assert ("entities", "PER") not in use


def vars_of(use) -> tuple[int, int, int]:
    return (use.annotations, use.articles, use.annotators)


def test_an_export_has_the_new_label_at_unchanged_offsets(worked: Project) -> None:
    def exported() -> list[dict]:
        found = []
        for stored in worked.documents():
            document = Document(stored.article, stored.works, stored.recorded, stored.sha256)
            found.append(json.loads(json.dumps(record(document, worked.scheme))))
        return found

    before = exported()
    change(worked, rename, "LOC", "PLACE")
    after = exported()
    assert [line["scheme"]["version"] for line in after] == [2] * 4
    text = json.dumps(before).replace('"LOC"', '"PLACE"').replace('"version": 1', '"version": 2')
    assert json.loads(text) == after


# --- interrupted


def fails_at(monkeypatch: pytest.MonkeyPatch, count: int) -> list[str]:
    """Let saving fail at the so-manyeth act of a change."""
    real, saved = Chain.save, []

    def save(self, conn, act, actor, by=""):
        saved.append(act.verb)
        if len(saved) == count:
            raise RuntimeError if count % 2 else OSError(5, "no more")
        return real(self, conn, act, actor, by)

    monkeypatch.setattr(Chain, "save", save)
    return saved


@pytest.mark.parametrize("count", [1, 2, 4, 7])
def test_a_change_that_fails_in_the_middle_did_not_happen(
    worked: Project, path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    before = given(worked)
    vector = worked.vector()
    with monkeypatch.context() as patch:
        saved = fails_at(patch, count)
        with pytest.raises((AnnotatorError, RuntimeError)):
            change(worked, rename, "LOC", "PLACE")
        assert len(saved) == count
    assert (given(worked), worked.vector(), worked.scheme.version) == (before, vector, 1)
    worked.close()
    with Project.open(path, "ann") as again:
        assert again.scheme.version == 1
        assert change(again, rename, "LOC", "PLACE").annotations == 6
        assert {label for _, _, label, _, _ in given(again)} == {"PLACE"}
        assert serious(again) == []


DIES = """
import os, sys
from annotator.model.scheme_change import rename
from annotator.store.project import Project
from annotator.store.saving import Chain

real, saved = Chain.save, []

def save(self, *args):
    saved.append(1)
    if len(saved) == 4:
        os.kill(os.getpid(), 9)
    return real(self, *args)

Chain.save = save
project = Project.open(sys.argv[1], "ann")
layer = project.scheme.layer("entities")
project.relabel(rename(project.scheme, layer, "LOC", "PLACE"))
"""


def test_a_killed_run_is_finished_by_the_same_command(worked: Project, path: Path) -> None:
    before = given(worked)
    worked.close()
    done = subprocess.run([sys.executable, "-c", DIES, str(stands_for(path))], capture_output=True)
    assert done.returncode == -9
    with Project.open(path, "ann") as again:
        assert (given(again), again.scheme.version) == (before, 1)
        assert change(again, rename, "LOC", "PLACE").works == 6
        assert given(again) == {(a, who, "PLACE", s, e) for a, who, _, s, e in before}
        assert serious(again) == []


def test_a_change_of_nothing_is_no_event(worked: Project) -> None:
    vector = worked.vector()
    same = SchemeChange("relabel", "", worked.scheme, worked.scheme)
    assert worked.relabel(same) == relabelling.Relabelled()
    assert worked.vector() == vector
