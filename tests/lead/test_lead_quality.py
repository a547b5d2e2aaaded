"""Quality over a project: hidden questions, second passes, time, training, and what is left out."""

import time
from pathlib import Path

import pytest
from quality_kit import LEAD, NOVA, finish, released
from release_kit import PEOPLE, done_draft, items, save

from annotator.gold.agreement.report import Part
from annotator.gold.comparison import Outcome
from annotator.gold.quality import LayerQuality, Person, QualityReport
from annotator.lead import asking, feedback
from annotator.lead.known_gold import Adjudicated, Gold, Released, gold
from annotator.lead.measuring import parts
from annotator.lead.quality import _narrowed, quality
from annotator.lead.training import Training, done_before, summary_json
from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person as Listed
from annotator.model.person import Role
from annotator.model.slot import Round, Slot, Why
from annotator.model.spent import VERB, Spent
from annotator.store import questions
from annotator.store.project import Project

LATER = time.time() + 40 * 24 * 3600
ENTITIES = (("PER", "Anna Velkova"), ("ORG", "Harbour Office"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return released(tmp_path / "p.db")


def measured(path: Path, names: tuple[str, ...] = (), **more: str) -> QualityReport:
    with Project.open(path, LEAD) as project:
        return quality(project, gold(project), names, **more)


def of(report: QualityReport, name: str) -> Person:
    return next(person for person in report.people if person.name == name)


def layer(person: Person, name: str = "entities") -> LayerQuality:
    return next(each for each in person.layers if each.layer == name)


def held(path: Path) -> Gold:
    with Project.open(path, LEAD) as project:
        found = gold(project)
        assert found is not None
        return found


# --- numbers


def test_everybody_beside_the_others_and_gold(path: Path) -> None:
    report = measured(path)
    assert [person.name for person in report.people] == list(PEOPLE)
    assert report.gold == "release 1.0"
    iva, petar = layer(of(report, "iva")), layer(of(report, "petar"))
    # gold of the entities: Anna Velkova, Harbour Office (bridge) and Старобряг (ferry)
    assert iva.gold is not None
    assert petar.gold is not None
    assert (iva.gold.counts.gold(), iva.gold.counts.own()) == (3, 4)
    assert iva.gold.counts.many(Outcome.EXTRA) == 1, "Съветът, which nobody else has"
    assert iva.gold.f1.value == pytest.approx(6 / 7)
    assert petar.gold.f1.value == pytest.approx(4 / 6)
    assert petar.gold.counts.many(Outcome.LABEL) == 1
    # iva and mila: 3 same of 4 + 3; iva and petar: 2 of 4 + 3; mila and petar: 2 of 3 + 3
    assert iva.others.value == pytest.approx((6 + 4) / 14)
    assert iva.rest.value == pytest.approx(4 / 6)
    assert iva.others.few
    assert of(report, "iva").finished == 2


def test_in_a_project_without_gold_these_numbers_are_left_out(tmp_path: Path) -> None:
    from release_kit import annotated

    report = measured(annotated(tmp_path / "q.db"))
    assert report.gold == ""
    assert layer(of(report, "iva")).gold is None
    assert layer(of(report, "iva")).others.value is not None


def test_an_unknown_name_or_day_is_told(path: Path) -> None:
    with pytest.raises(
        AnnotatorError,
        match=r"boris has finished nothing in p\.db that counts; there is iva, mila, petar",
    ):
        measured(path, ("boris",))
    with pytest.raises(AnnotatorError, match="no day"):
        measured(path, since="yesterday")
    assert [person.name for person in measured(path, ("mila",)).people] == ["mila"]


def test_only_work_since_a_day(path: Path) -> None:
    assert measured(path, since="2999-01-01").people == ()
    assert measured(path, since="2001-01-01").people == measured(path).people


def test_seconds_and_keys_of_finished_articles(path: Path) -> None:
    with Project.open(path, "iva") as project:
        chars = len(project.article("bridge").text)
        for article in ("bridge", "tunnel"):  # tunnel is not finished, so it does not count
            spent = Spent({"entities": 30}, {"entities": 12})
            draft = Draft(Kind.TIME, Spent.key("iva", article), article, spent.body())
            project.record(Act(VERB, (draft,)))
    pace = layer(of(measured(path), "iva")).pace
    assert (pace.articles, pace.characters, pace.seconds) == (1, chars, 30)
    assert pace.seconds_per_1000 == pytest.approx(30_000 / chars)
    assert pace.annotations == 2
    assert pace.keys_each == pytest.approx(6)
    assert pace.few
    assert layer(of(measured(path), "mila")).pace.seconds_per_1000 is None


def test_a_first_pass_from_before_the_day_still_tells_the_days_between(path: Path) -> None:
    from datetime import UTC, datetime

    today = datetime.now(UTC).date().isoformat()
    finish(path, "iva #2", "bridge", ("PER", "Anna Velkova"))
    again = layer(of(measured(path, since=today), "iva")).again
    assert again is not None
    assert again.days is not None
    with Project.open(path, LEAD) as project:
        counted = list(parts(project))
        moved = [_later(part, "iva #2") for part in counted]
        assert len(moved) == len(counted)
        made = [_narrowed(part, lambda event: event == LATEST) for part in moved]
    bridge = next(part for part in made if part.article == "bridge")
    assert bridge.counts["layers"]["entities"]["again"] == [["iva", "iva", "iva #2"]]
    assert bridge.counts["layers"]["entities"]["done"] == []
    assert bridge.counts["at"]["iva"] != ""


LATEST = "latest"


def _later(part: Part, name: str) -> Part:
    at = {who: LATEST if who == name else event for who, event in part.counts["at"].items()}
    return part._replace(counts={**part.counts, "at": at})


# --- hidden gold questions


def ask(path: Path, share: float = 0.5, people: tuple[str, ...] = (NOVA,)) -> list[asking.Asked]:
    with Project.open(path, LEAD) as project:
        found = gold(project)
        assert found is not None
        asked = asking.ask_gold(project, found, share, people)
        asking.give(project, asked)
        return asked


def assign(path: Path, name: str, *articles: str, round_name: str = "") -> None:
    with Project.open(path, LEAD) as project:
        project.assign(Slot(article, name, round_name) for article in articles)


def test_gold_questions_are_articles_never_seen_and_the_share_is_kept(path: Path) -> None:
    with pytest.raises(AnnotatorError, match="nova has no assignments"):
        ask(path)
    assign(path, NOVA, "harbour", "market", "station")
    (asked,) = ask(path, 0.3)
    assert (asked.had, asked.wanted, len(asked.slots)) == (0, 1, 1)
    assert asked.slots[0].why is Why.GOLD
    assert asked.slots[0].article in {"bridge", "ferry"}
    assert [each.slots for each in ask(path, 0.3)] == [()], "safe to repeat"
    (more,) = ask(path, 1.0)
    assert len(more.slots) == 1
    assert more.lacking == 1, "there are no more articles with gold"
    assign(path, "iva", "harbour")
    (own,) = ask(path, 1.0, ("iva",))
    assert own.slots == (), "iva annotated all that is gold"


def test_a_gold_question_looks_like_the_round_it_hides_in_and_is_none_of_its_work(
    path: Path,
) -> None:
    with Project.open(path, LEAD) as project:
        project.set_round(Round("r1"))
    assign(path, NOVA, "harbour")
    assign(path, NOVA, "market", "station", round_name="r1")
    (asked,) = ask(path, 0.3)
    assert [slot.round for slot in asked.slots] == ["r1"]
    with Project.open(path, LEAD) as project:
        (state,) = project.round_states()
        assert (state.articles, state.slots) == (2, 2)


def test_the_same_seed_draws_the_same_and_a_dry_run_gives_nothing(path: Path) -> None:
    assign(path, NOVA, "harbour", "market", "station")
    with Project.open(path, LEAD) as project:
        found = gold(project)
        assert found is not None
        drawn = {
            seed: asking.ask_gold(project, found, 0.1, [NOVA], seed)[0].slots for seed in range(12)
        }
        again = asking.ask_gold(project, found, 0.1, [NOVA], 5)[0].slots
        assert again == drawn[5]
        assert len({slots[0].article for slots in drawn.values()}) == 2
        assert questions.questions(project) == []


@pytest.mark.parametrize("share", [0, -1, 1.5, float("nan")])
def test_a_share_is_above_nothing_and_at_most_all(path: Path, share: float) -> None:
    assign(path, NOVA, "harbour")
    with pytest.raises(AnnotatorError, match="share"):
        ask(path, share)


def test_answers_are_held_against_gold_and_are_no_votes_about_it(path: Path) -> None:
    with Project.open(path, LEAD) as project:
        before = Adjudicated(project).work("bridge")
        waiting = {i.key: i.state for i in items(project, "bridge")}
    assign(path, NOVA, "harbour", "market", "station")
    ask(path, 1.0)
    # what nova says differs from everybody, which would reopen what is decided
    finish(path, NOVA, "bridge", ("ORG", "Anna Velkova"), ("LOC", "Novobryag"))
    report = measured(path)
    nova = of(report, NOVA)
    assert (nova.questions.asked, nova.questions.answered) == (2, 1)
    hidden = layer(nova).hidden
    assert hidden is not None
    assert hidden.counts.articles == 1
    assert hidden.f1.value == 0.0
    assert hidden == layer(nova).gold
    assert layer(of(report, "iva")).hidden is None
    with Project.open(path, LEAD) as project:
        assert questions.asked(project, "bridge") == {NOVA}
        after = Adjudicated(project).work("bridge")
        assert after is not None
        assert before is not None
        assert (after.spans, after.stances, after.looked) == (
            before.spans,
            before.stances,
            before.looked,
        )
        assert waiting


# --- once more


def test_what_was_finished_some_time_ago_is_asked_again(path: Path) -> None:
    with Project.open(path, LEAD) as project:
        assert [len(a.slots) for a in asking.ask_again(project, 0.5, ["iva"])] == [0]
        asked = asking.ask_again(project, 0.5, ["iva"], now=LATER)
        assert [(slot.annotator, slot.why) for slot in asked[0].slots] == [("iva #2", Why.AGAIN)]
        asking.give(project, asked)
        assert asking.ask_again(project, 0.5, ["iva"], now=LATER)[0].slots == ()
        everything = asking.ask_again(project, 1.0, ["iva"], now=LATER)
        assert len(everything[0].slots) == 1
        with pytest.raises(AnnotatorError, match="days"):
            asking.ask_again(project, 0.5, ["iva"], after_days=-1)


def test_a_second_pass_is_measured_beside_the_first_and_counts_nowhere_else(path: Path) -> None:
    before = measured(path)
    with Project.open(path, LEAD) as project:
        project.assign([Slot("bridge", "iva #2", why=Why.AGAIN)])
    finish(path, "iva #2", "bridge", ("PER", "Anna Velkova"), ("LOC", "Harbour Office"))
    report = measured(path)
    assert [person.name for person in report.people] == list(PEOPLE)
    iva = of(report, "iva")
    assert (iva.repeats.asked, iva.repeats.answered) == (1, 1)
    again = layer(iva).again
    assert again is not None
    assert again.figure.value == pytest.approx(2 / 4)
    assert again.changed == pytest.approx(1 / 2)
    assert again.days is not None
    for name in PEOPLE:
        for old, new in zip(of(before, name).layers, of(report, name).layers, strict=True):
            assert (old.others, old.rest, old.gold, old.drift) == (
                new.others,
                new.rest,
                new.gold,
                new.drift,
            )


# --- training


def test_training_takes_what_was_never_seen_and_counts_nowhere(path: Path) -> None:
    before = measured(path)
    with Project.open(path, NOVA) as project:
        training = Training(project, 5)
        assert training.articles == ("bridge", "ferry"), "tunnel has no gold"
        name = training.name
    finish(path, name, "bridge", *ENTITIES)
    with Project.open(path, NOVA) as project:
        training = Training(project, 5)
        assert training.articles == ("ferry",), "bridge is finished"
        found = training.compared("bridge").comparison
        assert [str(pair.outcome) for pair in found.spans] == ["same", "same"]
        assert len(done_before(project)) == 1
        told = summary_json(done_before(project))
        assert told["entities"]["same"] == 2
        assert told["entities"]["labels"]["PER"]["f1"] == 1.0
        assert project.work("bridge").versions == {}
    assert measured(path) == before
    assign(path, NOVA, "harbour")
    (asked,) = ask(path, 1.0)
    assert [slot.article for slot in asked.slots] == ["ferry"], "nova saw the gold of bridge"


def test_there_must_be_something_to_train_on(path: Path, tmp_path: Path) -> None:
    from release_kit import annotated

    with (
        Project.open(annotated(tmp_path / "q.db"), NOVA) as project,
        pytest.raises(AnnotatorError, match="there is none"),
    ):
        Training(project)
    with (
        Project.open(path, "iva") as project,
        pytest.raises(AnnotatorError, match=r"has seen every article of release 1\.0"),
    ):
        Training(project)
    with Project.open(path, NOVA) as project, pytest.raises(AnnotatorError, match="1 or more"):
        Training(project, 0)


# --- feedback


def test_feedback_opens_with_a_release(tmp_path: Path) -> None:
    from release_kit import annotated, decide

    path = annotated(tmp_path / "q.db")
    decide(path)
    with Project.open(path, "iva") as project:
        with pytest.raises(AnnotatorError, match=r"no gold to see in q\.db yet"):
            feedback.visible_gold(project)
        assert feedback.allow(project, True), "nobody is lead, so anybody may"
        assert not feedback.allow(project, True)
        assert isinstance(feedback.visible_gold(project), Adjudicated)
        assert feedback.allow(project, False)
        with pytest.raises(AnnotatorError, match="no gold to see"):
            feedback.visible_gold(project)
        assert project.rounds() == {}
        kinds = project._reader.rows("SELECT DISTINCT kind FROM event WHERE verb = 'feedback'")
        assert kinds == [("feedback",)]


def test_only_a_lead_turns_the_switch(path: Path) -> None:
    with Project.open(path, LEAD) as project:
        project.set_people({LEAD: Role.LEAD, "iva": Role.ANNOTATOR})
        assert project.people()[LEAD] == Listed(LEAD, Role.LEAD)
    with Project.open(path, "iva") as project:
        with pytest.raises(AnnotatorError, match="Only leads may"):
            feedback.allow(project, True)
        assert not feedback.is_allowed(project)


def test_the_list_and_one_article(path: Path) -> None:
    with Project.open(path, "iva", readonly=True) as project:
        found = feedback.visible_gold(project)
        assert isinstance(found, Released)
        lines = list(feedback.listed(project, found, "iva"))
        assert [line.article for line in lines] == ["bridge", "ferry"]
        assert [len(line.comparison.differences) for line in lines] == [0, 1]
        one = feedback.one(project, found, "iva", "ferry")
        (pair,) = one.comparison.differences
        assert feedback.told(pair) == "ORG, not gold"
        assert feedback.surface(pair, one.article.text) == "Съветът"
        assert "ORG" in str(feedback.section(project, pair)) or feedback.section(project, pair)
        told = feedback.detail_json(one)
        assert told["by_outcome"] == {"extra": 1}
        assert told["found"][0]["own"]["text"] == "Съветът"
        for article, words in (("tunnel", "not done"), ("nowhere", "nowhere")):
            with pytest.raises(AnnotatorError, match=words):
                feedback.one(project, found, "iva", article)


def test_what_is_still_to_be_done_again_is_not_shown(path: Path) -> None:
    with Project.open(path, LEAD) as project:
        project.assign([Slot("ferry", "iva #2", why=Why.AGAIN)])
    with Project.open(path, "iva") as project:
        found = feedback.visible_gold(project)
        assert [line.article for line in feedback.listed(project, found, "iva")] == ["bridge"]
        with pytest.raises(AnnotatorError, match="no gold to see for ferry yet"):
            feedback.one(project, found, "iva", "ferry")
    save(path, "iva #2", done_draft("ferry", "iva #2"))
    with Project.open(path, "iva") as project:
        assert len(list(feedback.listed(project, found_again(project), "iva"))) == 2


def found_again(project: Project) -> Gold:
    return feedback.visible_gold(project)


WORDS = [
    (("LOC", "Harbour Office"), "LOC, gold ORG"),
    (("ORG", "The Harbour Office"), "ORG, 4 too wide at the start"),
    (("ORG", "Office"), "ORG, 8 too narrow at the start"),
    (("PER", "Office in"), "PER, gold ORG, 8 too narrow at the start, 3 too wide at the end"),
]


@pytest.mark.parametrize(("label", "words"), WORDS)
def test_how_a_difference_is_told(path: Path, label: tuple[str, str], words: str) -> None:
    finish(path, NOVA, "bridge", label)
    with Project.open(path, NOVA) as project:
        found = feedback.one(project, feedback.visible_gold(project), NOVA, "bridge")
    spans = [p for p in found.comparison.differences if p.layer == "entities"]
    assert [feedback.told(p) for p in spans] == ["missed PER", words, "missed PER"][: len(spans)]


def test_old_labels_of_a_release_are_told_of(path: Path) -> None:
    from annotator.model.scheme_file import preset

    found = held(path)
    assert found.outdated(preset("news")) == ()
    assert "boilerplate/teaser_inline" in found.outdated(preset("minimal"))
    assert "entities/ORG" not in found.outdated(preset("minimal"))
