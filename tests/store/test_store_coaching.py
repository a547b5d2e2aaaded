"""What suggesters learn from, learnt and suggest, as the store keeps it; and what was shown of it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import bytes_of, copy_project, is_there, stands_for
from hypothesis import given, settings
from hypothesis import strategies as st
from store_help import caches, label, looked_draft, serious, span_draft, status_draft, tamper

from annotator.cli.change_words import change
from annotator.model import assistance as words
from annotator.model.annotation import Kind, Rejection, State
from annotator.model.article import Article
from annotator.model.assistance import Assistance
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, canonical
from annotator.model.person import Role
from annotator.model.scheme_change import rename, retire
from annotator.model.scheme_file import preset
from annotator.model.shown import Seen, Shown, joined
from annotator.model.slot import Slot, Why
from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store import engine, receiving
from annotator.store.coaching import FinishedLayer, Guessed, Lesson
from annotator.store.handing import What
from annotator.store.lock import FileLock
from annotator.store.opening import lock_path
from annotator.store.project import Project
from annotator.store.shapes import nonsense
from annotator.store.suggesting import Offer

TEXTS = {
    "a": "Рибарят Тодор Жеков не вярва на кметицата Рада Вълчева.",
    "b": "Царево чака гости. Прочетете още",
    "c": "Кметицата откри пристанището.",
    "d": "Яхтите останаха в Бургас.",
}
TODOR = Suggestion("entities", "PER", 8, 19, "names", 0.9, {"lemma": "Тодор Жеков"}, "", True,
                   "memory", "v1")  # fmt: skip
MAYBE = Suggestion("entities", "", 42, 54, "names", 0.3, sure=False, version="v1")
FROM_FILE = Suggestion("boilerplate", "teaser", 0, 7, "model-a", 0.6)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "p.db"
    with Project.create(path, preset("news"), "iva") as made:
        articles = [Article(name, text, lang="bg", source="s") for name, text in TEXTS.items()]
        assert len(list(made.add(articles))) == len(TEXTS)
        made.set_assistance(Assistance(blind=0))
    return path


@pytest.fixture
def project(path: Path) -> Iterator[Project]:
    with Project.open(path, "iva") as opened:
        yield opened


def keep(project: Project, *found: Suggestion, article: str = "a", version: str = "v1") -> None:
    project.keep_guesses(article, "entities", "names", version, 0.25, found)


def finish(project: Project, article: str, actor: str = "iva", *drafts: Draft) -> str:
    """The article is done; the stamp it has then."""
    act = Act("done", (*drafts, status_draft(article, actor, State.DONE)))
    return project.submit(act, actor).result()[-1].id


def see(
    project: Project, article: str, *items: Seen, actor: str = "iva", version: str = "v"
) -> Shown:
    """Record what was shown as a desk does."""
    made = Shown("entities", "names", version, items)
    draft = Draft(Kind.SHOWN, made.key, article, made.body())
    project.submit(Act("shown", (draft,)), actor).result()
    return made


def blind_id(share: float) -> str:
    names = (f"n{number}" for number in range(1000))
    return next(name for name in names if Assistance(blind=share).is_blind(name))


# --- what there is to learn ----------------------------------------------------------------------


def test_done_and_looked_at_layers_are_learnt_and_skipped_articles_are_not(project) -> None:
    done = finish(project, "b")
    looked = project.submit(Act("looked", (looked_draft("a", "iva", "entities"),))).result()[-1].id
    skipped = (looked_draft("c", "iva", "entities"), status_draft("c", "iva", State.SKIPPED))
    project.submit(Act("skip", skipped)).result()
    project.submit(label(project, "d", "s1")).result()
    assert project.finished_stamps("entities") == {2: done, 1: looked}
    assert [*project.finished_stamps("entities")] == [2, 1], "the oldest stamp first"
    assert project.finished_stamps("boilerplate") == {2: done}
    changed = project.submit(label(project, "b", "s2")).result()[-1].id
    assert project.finished_stamps("entities") == {1: looked, 2: changed}
    see(project, "b", Seen(0, 3, "LOC", 0.5, True))
    assert project.finished_stamps("entities") == {1: looked, 2: changed}, "nothing was decided"


def test_a_finished_layer_has_its_own_spans_and_rejections_alone(project) -> None:
    rejected = Rejection("entities", "LOC", 0, 7)
    other = Rejection("boilerplate", "teaser", 0, 7)
    finish(
        project,
        "a",
        "iva",
        span_draft(TEXTS["a"], "a", "s2", 42, 54),
        span_draft(TEXTS["a"], "a", "s1", 8, 19),
        *(
            Draft(Kind.REJECTION, r.key("iva", "a"), "a", r.body(TEXTS["a"]))
            for r in (rejected, other)
        ),
    )
    stamp = finish(project, "b")
    found = list(project.finished_layers("entities", [2, 1, 3, 99]))
    assert [each.n for each in found] == [2, 1], "in the order asked for; others are passed over"
    first, second = found
    assert isinstance(second, FinishedLayer)
    assert (first.article.id, first.stamp, first.spans) == ("b", stamp, ())
    assert second.article == project.article("a")
    assert [span.id for span in second.spans] == ["s1", "s2"]
    assert second.rejected == (rejected,)
    assert [each.spans for each in project.finished_layers("boilerplate", [1])] == [()]
    assert [each.rejected for each in project.finished_layers("boilerplate", [1])] == [(other,)]


def test_nobody_learns_from_others(path: Path) -> None:
    with Project.open(path, "iva") as project:
        for name in ("olga", "iva #2", "iva #training"):
            finish(project, "a", name, span_draft(TEXTS["a"], "a", f"{name}-1", 8, 19))
        assert project.finished_stamps("entities") == {}
        finish(project, "a", "iva", span_draft(TEXTS["a"], "a", "mine", 0, 7))
        (found,) = project.finished_layers("entities", [1])
        assert [span.id for span in found.spans] == ["mine"]
        keep(project, TODOR)
        project.keep_lesson(Lesson("entities", "names", "v1", {1: "x"}, b"mine"))
    with Project.open(path, "olga") as project:
        (found,) = project.finished_layers("entities", [1])
        assert [span.id for span in found.spans] == ["olga-1"]
        assert project.suggestions("a") == ()
        assert project.guessed(["a"]) == {}
        assert project.lesson("entities", "names") is None
        assert project.drop_lessons() == (0, 0)


def test_what_measures_and_what_is_gone_is_not_learnt(project) -> None:
    for article in TEXTS:
        finish(project, article)
    project.assign_splits([Assigned("a", "test"), Assigned("b", "train")])
    project.withdraw("c", "asked to")
    (outcome,) = project.add([Article("d", TEXTS["d"] + "!", lang="bg")])
    project.adopt(outcome.id)
    assert [*project.finished_stamps("entities")] == [2]
    assert [each.n for each in project.finished_layers("entities", range(1, 9))] == [2]


def test_many_articles_are_read_in_portions(project) -> None:
    names = [f"m{number}" for number in range(45)]
    list(project.add([Article(name, f"Текст {name}") for name in names]))
    for name in names:
        finish(project, name)
    numbers = list(project.finished_stamps("entities"))[::-1]
    found = project.finished_layers("entities", numbers)
    assert [each.n for each in found] == numbers


# --- lessons -------------------------------------------------------------------------------------


def test_lessons_are_kept_listed_replaced_and_dropped(path: Path) -> None:
    one = Lesson("entities", "names", "v1", {1: "e1", 12: "e2"}, b"\0\xff" * 9)
    two = Lesson("boilerplate", "lines", "w", {}, b"")
    with Project.open(path, "iva") as project:
        assert project.lesson("entities", "names") is None
        project.keep_lesson(one._replace(saved=b"older"))
        project.keep_lesson(two)
        project.keep_lesson(one)
        keep(project, TODOR)
        keep(project, article="b")
        project.keep_guesses("a", "boilerplate", "lines", "w", 0.5, [])
        assert serious(project) == []
    with Project.open(path, "iva") as project:
        assert project.lesson("entities", "names") == one
        assert project.lessons() == [two, one._replace(saved=b"")]
        assert project.drop_lessons("entities", "lines") == (0, 0)
        assert project.drop_lessons(source="names") == (1, 2)
        assert project.lessons() == [two]
        assert project.suggestions("a") == ()
        assert project.drop_lessons(layer="boilerplate") == (1, 1)
        assert project.drop_lessons() == (0, 0)


# --- guesses -------------------------------------------------------------------------------------


def test_guesses_are_suggested_beside_what_files_suggest(project) -> None:
    project.suggest([Offer("a", TEXTS["a"], (FROM_FILE,))])
    keep(project, MAYBE, TODOR)
    keep(project, article="b")
    assert project.suggestions("a") == (FROM_FILE, TODOR, MAYBE)
    assert project.guessed(["b", "a", "c", "nowhere"]) == {
        "a": [Guessed(1, "entities", "names", "v1", 0.25)],
        "b": [Guessed(2, "entities", "names", "v1", 0.25)],
    }
    keep(project, TODOR._replace(version="v2"), version="v2")
    assert project.suggestions("a") == (FROM_FILE, TODOR._replace(version="v2"))
    assert project.works("a") == ()
    assert project.row("a").state is State.NEW
    assert serious(project) == []
    before = project.suggestions("a")
    project.rebuild()
    assert project.suggestions("a") == before


@settings(max_examples=20)
@given(
    score=st.floats(0, 1),
    text=st.text(max_size=5),
    sure=st.sampled_from([None, True, False]),
    places=st.sets(st.tuples(st.integers(0, 20), st.integers(21, 50)), max_size=6),
)
def test_any_guess_is_read_back_as_it_was(tmp_path_factory, score, text, sure, places) -> None:
    path = tmp_path_factory.getbasetemp() / "any.db"
    if not is_there(path):
        with Project.create(path, preset("news"), "iva") as made:
            list(made.add([Article("a", TEXTS["a"])]))
    found = [
        Suggestion("entities", "PER", *place, "names", score, {"x": text}, "", sure, text, "v1")
        for place in sorted(places, key=lambda place: (place[0], -place[1]))
    ]
    with Project.open(path, "iva") as project:
        keep(project, *found)
        assert list(project.suggestions("a")) == found


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (TODOR._replace(end=500), "which has 55 characters"),
        (TODOR._replace(start=19), "which has 55 characters"),
        (TODOR._replace(start=-1), "which has 55 characters"),
        (TODOR._replace(score=float("nan")), "cannot be kept as JSON"),
        (TODOR._replace(attrs={"x": object()}), "cannot be kept as JSON"),
    ],
)
def test_guesses_that_cannot_be_are_refused_whole(project, bad: Suggestion, reason: str) -> None:
    keep(project, MAYBE)
    with pytest.raises(AnnotatorError, match=reason):
        keep(project, TODOR, bad)
    assert project.suggestions("a") == (MAYBE,)


def test_an_unknown_article_a_nameless_source_and_no_number_are_refused(project) -> None:
    with pytest.raises(AnnotatorError, match="no article 'nowhere'"):
        keep(project, TODOR, article="nowhere")
    with pytest.raises(AnnotatorError, match="cannot be the source"):
        project.keep_guesses("a", "entities", "", "v1", 0.5, [])
    with pytest.raises(AnnotatorError, match="no number"):
        project.keep_guesses("a", "entities", "names", "v1", float("inf"), [])


@pytest.mark.file_only
def test_a_writer_in_another_process_is_waited_for(path: Path) -> None:
    """What keeps the lock for a while delays the other writers and fails none of them."""
    lock = FileLock(lock_path(path))
    with Project.open(path, "iva") as project, Project.open(path, "iva") as worker:
        act = label(project, "b", "s1")
        lesson = Lesson("entities", "names", "v1", {}, b"x" * 100_000)
        jobs = (lambda: keep(worker, TODOR), lambda: worker.keep_lesson(lesson))
        threads = [threading.Thread(target=job) for job in jobs]
        with lock.held():
            saved = project.submit(act)
            for thread in threads:
                thread.start()
                thread.join(0.05)
            assert not saved.done()
            assert all(thread.is_alive() for thread in threads)
        saved.result(20)
        for thread in threads:
            thread.join(20)
        assert project.suggestions("a") == (TODOR,)
        assert project.lesson("entities", "names") == lesson
        assert serious(project) == []
    lock.close()


# --- where nothing is suggested ------------------------------------------------------------------


def test_sentences_fit_a_narrow_screen() -> None:
    told = (words.HELD_OUT, words.IN_SAMPLE, words.WITHOUT, words.AGAIN, words.IN_TRAINING)
    assert all(len(sentence) <= 80 and sentence.endswith((".", ").")) for sentence in told)
    assert len(set(told)) == 5
    assert set(told) > words.PARTLY


def test_held_out_and_blind_articles_and_people_without_get_nothing(path: Path) -> None:
    blind = blind_id(0.3)
    with Project.open(path, "iva") as project:
        list(project.add([Article(blind, TEXTS["a"])]))
        for article in ("a", "b", blind):
            project.suggest([Offer(article, project.article(article).text, (FROM_FILE,))])
            keep(project, TODOR, article=article)
        assert all(project.why_silent(article) == "" for article in ("a", "b", blind))
        assert all(len(project.suggestions(article)) == 2 for article in ("a", "b", blind))
        project.assign_splits([Assigned("b", "test")])
        assert project.set_assistance(Assistance(blind=0.3))
        assert project.why_silent("b") == words.HELD_OUT
        assert project.why_silent(blind) == words.IN_SAMPLE
        assert [len(project.suggestions(article)) for article in ("b", blind)] == [0, 0]
        project.set_assistance(Assistance(blind=0, without=frozenset({"iva"})))
        assert project.why_silent("a") == words.WITHOUT
        assert project.suggestions("a") == ()
    for name, told in (("iva #2", words.WITHOUT), ("olga", "")):
        with Project.open(path, name) as project:
            assert project.why_silent("a") == told
            assert project.suggestions("a") == (() if told else (FROM_FILE,))


def test_layers_that_are_off_are_left_out(project) -> None:
    project.suggest([Offer("a", TEXTS["a"], (FROM_FILE,))])
    keep(project, TODOR)
    project.set_assistance(Assistance(blind=0, off=frozenset({"entities"})))
    assert project.suggestions("a") == (FROM_FILE,)
    assert project.why_silent("a") == ""
    project.set_assistance(Assistance(blind=0, off=frozenset({"entities", "boilerplate"})))
    assert project.suggestions("a") == ()


def test_what_was_guessed_under_an_older_scheme_has_labels_that_can_be_given(project) -> None:
    keep(project, TODOR)
    layer = project.scheme.layer(TODOR.layer)
    project.relabel(rename(project.scheme, layer, TODOR.label, "NEWER"))
    assert project.suggestions("a") == (TODOR,), "the desk knows what stands in its place"
    layer = project.scheme.layer(TODOR.layer)
    project.relabel(retire(project.scheme, layer, "NEWER"))
    assert project.suggestions("a") == ()


def test_later_passes_and_training_are_not_led_by_what_was_learnt(path: Path) -> None:
    with Project.open(path, "iva") as project:
        project.suggest([Offer("a", TEXTS["a"], (FROM_FILE,))])
        keep(project, TODOR)
        project.assign([Slot("a", "iva #2", "", Why.AGAIN)])
        assert project.suggestions("a") == (FROM_FILE, TODOR), "the first pass is not finished"
        finish(project, "a")
        assert project.voice("a") == "iva #2"
        assert project.suggestions("a") == (FROM_FILE,)
        assert project.why_silent("a") == words.AGAIN
        keep(project, TODOR._replace(start=0, end=3), article="b")
        project.assign([Slot("b", "iva #training", "", Why.WORK)])
        assert project.suggestions("b") == ()
        assert project.why_silent("b") == words.IN_TRAINING
    with Project.open(path, "iva #3") as project:
        keep(project, TODOR)
        assert project.suggestions("a") == (FROM_FILE,)


def test_the_blind_sample_is_of_its_share_grows_and_stays_with_a_changed_text() -> None:
    names = [f"article {number}" for number in range(2000)]
    samples = [
        {name for name in names if Assistance(blind=share).is_blind(name)}
        for share in (0, 0.05, 0.2, 1)
    ]
    assert [len(samples[0]), len(samples[3])] == [0, 2000]
    assert 60 < len(samples[1]) < 140
    assert 330 < len(samples[2]) < 470
    assert samples[1] < samples[2]
    half = Assistance(blind=0.5)
    assert all(half.is_blind(name) == half.is_blind(f"{name}@0123abcd") for name in names[:50])
    assert any(half.is_blind(name) != half.is_blind(f"{name}@elsewhere") for name in names[:50])


def test_only_a_lead_says_how_much_is_suggested(path: Path) -> None:
    with Project.open(path, "iva") as project:
        wanted = Assistance(0.1, frozenset({"entities"}), frozenset({"olga"}))
        assert project.set_assistance(wanted)
        assert not project.set_assistance(wanted), "nothing new is not written"
        assert project.assistance() == wanted
        with pytest.raises(AnnotatorError, match="no layer 'entity' in news: it has"):
            project.set_assistance(Assistance(off=frozenset({"entity"})))
        with pytest.raises(AnnotatorError, match="no share"):
            project.set_assistance(Assistance(blind=1.5))
        project.set_people({"iva": Role.LEAD, "olga": Role.ANNOTATOR})
    with Project.open(path, "olga") as project:
        with pytest.raises(AnnotatorError, match="Only leads may change how much is suggested"):
            project.set_assistance(Assistance())
        assert project.assistance() == wanted
        assert serious(project) == []


def test_a_new_project_has_the_usual_share(tmp_path: Path) -> None:
    with Project.create(tmp_path / "new.db", preset("news"), "iva") as project:
        assert project.assistance() == Assistance()
        assert not project.set_assistance(Assistance())
        assert project.assistance().blind == 0.05


# --- what was shown ------------------------------------------------------------------------------


def test_what_was_shown_is_read_back_and_nobodys_work(project) -> None:
    project.submit(label(project, "b", "s1")).result()
    one = see(project, "a", Seen(8, 19, "PER", 0.9, True), Seen(42, 54, "", None, False))
    two = see(project, "b", Seen(0, 6, "LOC", 0.5, False), actor="olga")
    assert project.shown("a") == [one]
    assert project.shown("b") == []
    assert project.shown("b", "olga") == [two]
    assert list(project.all_shown()) == [("a", "iva", one), ("b", "olga", two)]
    assert project.row("a").state is State.NEW
    assert project.work("a").status.state is State.NEW
    assert project.work("a").versions == {}
    assert [work.actor for work in project.works("b")] == ["iva"]
    assert project.actors() == ["iva"]
    assert [*project.activity()] == ["iva"]
    assert [act.verb for act in project.past_acts()] == ["label"]
    assert [stored.article.id for stored in project.documents(worked=True)] == ["b"]
    assert [len(stored.works) for stored in project.documents()] == [0, 1, 0, 0]
    assert project.works_at("a", "2999-01-01") == ()
    assert project.newest_of("a", "iva") == ""
    before = caches(project.path)
    project.rebuild()
    assert caches(project.path) == before
    assert serious(project) == []


def test_a_history_tells_in_a_few_words_how_much_was_shown() -> None:
    made = Shown(
        "entities", "names", "v", (Seen(0, 3, "PER", 0.5, True), Seen(4, 6, "", None, False))
    )
    told = change(Kind.SHOWN, made.key, None, made.body())
    assert told == "2 suggested in entities by names"
    more = {**made.body(), "items": [*made.body()["items"], [7, 9, "LOC", 0.5, 1]]}
    assert change(Kind.SHOWN, made.key, made.body(), more).endswith(
        "→ 3 suggested in entities by names"
    )


seen = st.builds(
    Seen,
    st.integers(0, 3),
    st.integers(4, 6),
    st.sampled_from(["PER", "LOC", ""]),
    st.sampled_from([None, 0.25, 1.0]),
    st.booleans(),
)


@given(first=st.lists(seen, max_size=5), then=st.lists(seen, max_size=5))
def test_what_is_shown_joins_what_was(first, then) -> None:
    def told(items) -> dict[tuple[int, int, str], Seen]:
        return {each[:3]: each for each in items}

    known = joined(None, "entities", "names", "v1", first)
    both = joined(known, "entities", "names", "v2", then)
    assert told(both.items) == {**told(first), **told(then)}
    assert list(both.items) == sorted(both.items, key=lambda each: each[:3])
    assert (known.version, both.version) == ("v1", "v2")
    assert Shown.of(json.loads(canonical(both.body()))) == both


def row_of(kind: Kind, key: str, body: object) -> tuple:
    return ("id", "w", 1, "iva", "a", key, "", "act", "verb", "", str(kind), canonical(body), "")


GOOD = Shown("entities", "a:b", "v", (Seen(0, 3, "PER", 0.5, True),))


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": 3},
        {"version": None},
        {"source": "another than in its key"},
        {"items": {}},
        {"items": [[0, 3, "PER", 0.5]]},
        {"items": [[3, 3, "PER", 0.5, 1]]},
        {"items": [[-1, 3, "PER", 0.5, 1]]},
        {"items": [[0, "3", "PER", 0.5, 1]]},
        {"items": [[False, True, "PER", 0.5, 1]]},
        {"items": [[0, 3, None, 0.5, 1]]},
        {"items": [[0, 3, "PER", "0.5", 1]]},
        {"items": [[0, 3, "PER", float("nan"), 1]]},
        {"items": [[0, 3, "PER", 0.5, "yes"]]},
        {"items": [[0, 99, "PER", 0.5, 1]]},
        {"items": [7]},
    ],
)
def test_what_was_shown_but_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    assert nonsense(row_of(Kind.SHOWN, GOOD.key, GOOD.body()), TEXTS.__getitem__) == ""
    assert nonsense(row_of(Kind.SHOWN, GOOD.key, {**GOOD.body(), **wrong}), TEXTS.__getitem__)


@pytest.mark.parametrize(
    "wrong",
    [
        {"blind": 1.01},
        {"blind": "0"},
        {"blind": True},
        {"blind": float("nan")},
        {"off": "entities"},
        {"off": [1]},
        {"without": None},
        {"without": {"iva": 1}},
    ],
)
def test_a_switch_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    body = Assistance(0.5, frozenset({"x"}), frozenset({"iva"})).body()
    assert nonsense(row_of(Kind.ASSISTANCE, "assistance", body)) == ""
    assert nonsense(row_of(Kind.ASSISTANCE, "assistance", {**body, **wrong}))
    lacking = {name: value for name, value in body.items() if name not in wrong}
    assert nonsense(row_of(Kind.ASSISTANCE, "assistance", lacking))


# --- copies of the project -----------------------------------------------------------------------


def test_of_two_copies_the_newest_holds_without_a_conflict(path: Path) -> None:
    other = path.with_name("other.db")
    with Project.open(path, "iva") as project:
        see(project, "a", Seen(0, 2, "PER", None, True))
        keep(project, TODOR)
    copy_project(path, other)
    with Project.open(path, "iva") as project:
        see(project, "a", Seen(0, 3, "PER", None, True))
        project.set_assistance(Assistance(blind=0.5))
    with Project.open(other, "iva") as project:
        newest = see(project, "a", Seen(0, 4, "PER", None, True))
        project.set_assistance(Assistance(blind=0, without=frozenset({"olga"})))
        keep(project, article="b")
    for one, two in ((path, other), (other, path)):
        with Project.open(one, "iva") as project:
            assert project.merge(two).conflicts == 0
            assert project.conflicts() == []
            assert project.shown("a") == [newest]
            assert project.assistance() == Assistance(blind=0, without=frozenset({"olga"}))
            assert serious(project) == []
    with Project.open(path, "iva") as project:
        assert [*project.guessed(["a", "b"])] == ["a"], "guesses stay where they were made"


def test_a_handout_has_the_switch_and_what_was_shown_to_its_annotator_alone(
    path: Path, tmp_path: Path
) -> None:
    sent, handed = tmp_path / "olga.ann", tmp_path / "olga.db"
    with Project.open(path, "iva") as project:
        project.assign([Slot("a", "olga"), Slot("b", "iva")])
        project.set_assistance(Assistance(blind=0.5, without=frozenset({"iva"})))
        mine = see(project, "a", Seen(0, 2, "PER", None, True), actor="olga")
        see(project, "b", Seen(0, 2, "LOC", None, True), actor="olga")  # she only looked at it
        see(project, "a", Seen(0, 4, "LOC", None, True), actor="iva")
        keep(project, TODOR)
        project.keep_lesson(Lesson("entities", "names", "v1", {}, b"words"))
        project.send(sent, What(to="olga"))
    receiving.create(stands_for(handed), sent, "olga", lambda *_: None)
    with Project.open(handed, "olga") as project:
        assert project.assistance() == Assistance(blind=0.5, without=frozenset({"iva"}))
        assert list(project.all_shown()) == [("a", "olga", mine)]
        assert project.lessons() == []
        assert serious(project) == []
        newer = see(project, "a", Seen(0, 7, "PER", None, True), actor="olga")
        back = tmp_path / "back.ann"
        project.send(back)
    with Project.open(path, "iva") as project:
        project.receive(back)
        assert project.shown("a", "olga") == [newer]
        assert serious(project) == []


def test_withdrawing_empties_all_of_it(path: Path) -> None:
    with Project.open(path, "iva") as project:
        finish(project, "a")
        see(project, "a", Seen(8, 19, "ТАЙНА", None, True))
        kept = see(project, "b", Seen(0, 6, "LOC", None, True))
        secret = TODOR._replace(why="ТАЙНА")
        keep(project, secret)
        keep(project, secret, article="b")
        lesson = Lesson("entities", "names", "v1", {1: "x", 2: "y"}, "ТАЙНА".encode())
        project.keep_lesson(lesson)
        project.withdraw("a", "asked to")
        assert project.lessons() == []
        assert project.guessed(TEXTS) == {}
        assert list(project.all_shown()) == [("b", "iva", kept)]
        keep(project, secret)
        project.keep_lesson(lesson)
        assert project.lessons() == [], "learnt by a worker that does not know of it yet"
        assert project.guessed(TEXTS) == {}
        project.scrub()
        assert serious(project) == []
    assert "ТАЙНА".encode() not in bytes_of(path)


# --- care ----------------------------------------------------------------------------------------


def test_damaged_and_stray_caches_are_told_and_do_no_harm(path: Path) -> None:
    with Project.open(path, "iva") as project:
        keep(project, TODOR)
        keep(project, MAYBE._replace(start=0, end=6), article="b", version="sound")
        keep(project, article="c")
        project.keep_lesson(Lesson("entities", "names", "v1", {1: "x"}, b"x"))
        assert [p for p in project.verify() if p.where == "suggestions"] == []
    assert tamper(path, "UPDATE guess SET body = '[[1,2' WHERE n = 1")
    assert tamper(path, "UPDATE guess SET n = 77 WHERE n = 3")
    assert tamper(path, "UPDATE lesson SET learnt = '[]'")
    assert tamper(path, "INSERT INTO arrangement (name, place, n) VALUES ('x', 1, 88)")
    with Project.open(path, "iva") as project:
        assert project.suggestions("a") == ()
        assert project.lesson("entities", "names") is None
        assert project.lessons() == []
        told = " ".join(map(str, project.verify()))
        assert told.count("warning: suggestions") == 3
        assert "warning: orders of the queue: 1 are about articles that are not here" in told
        assert serious(project) == [], "all of it can be made anew"
        project.rebuild()
        assert "warning: suggestions" not in " ".join(map(str, project.verify()))
        assert [*project.guessed(TEXTS)] == ["b"], "what is sound stays"


@pytest.mark.parametrize(
    "body", ["7", "{}", "[7]", "[[0,1]]", '[["0",1,"",null,{},"",null]]', "null"]
)
def test_no_damaged_row_stops_an_article_from_opening(path: Path, body: str) -> None:
    with Project.open(path, "iva") as project:
        keep(project, TODOR)
        project.suggest([Offer("a", TEXTS["a"], (FROM_FILE,))])
    assert tamper(path, "UPDATE guess SET body = ?", body)
    with Project.open(path, "iva") as project:
        assert project.suggestions("a") == (FROM_FILE,)


def test_what_is_left_of_a_withdrawn_article_is_an_error(path: Path) -> None:
    with Project.open(path, "iva") as project:
        project.withdraw("a", "asked to")
    row = "INSERT INTO lesson VALUES ('iva', 'entities', 'names', 'v1', '{\"1\":\"x\"}', ?)"
    assert tamper(path, row, b"\0")
    with Project.open(path, "iva") as project:
        assert any("--finish" in line for line in serious(project))
        project.finish_withdrawals()
        assert serious(project) == []
        assert project.lessons() == []


def third_format(path: Path) -> None:
    """Make the file what version 3 of the format was."""
    conn = engine.connect(path, "rw")
    for table in ("guess", "lesson", "arrangement"):
        conn.execute(f"DROP TABLE {table}")
    conn.execute("DROP INDEX article_alone")
    conn.execute("DELETE FROM _sqlite_migrations WHERE name = 'fourth'")
    conn.execute("PRAGMA user_version = 3")
    conn.close()


@pytest.mark.file_only
def test_a_project_of_the_format_before_is_read_as_it_is_and_brought_up_to_date(path: Path) -> None:
    with Project.open(path, "iva") as project:
        project.suggest([Offer("a", TEXTS["a"], (FROM_FILE,))])
        stamp = finish(project, "b")
    before = caches(path)
    third_format(path)
    with Project.open(path, "iva", readonly=True) as old:
        assert old.suggestions("a") == (FROM_FILE,)
        assert old.guessed(["a"]) == {}
        assert old.lessons() == []
        assert old.lesson("entities", "names") is None
        assert old.finished_stamps("entities") == {2: stamp}
        assert serious(old) == [], "sound as what it is"
        with pytest.raises(AnnotatorError, match="for reading only"):
            keep(old, TODOR)
    conn = engine.connect(path, "ro")
    assert conn.execute("PRAGMA user_version").fetchall() == [(3,)]
    conn.close()
    with Project.open(path, "iva") as project:
        keep(project, TODOR)
        assert project.suggestions("a") == (FROM_FILE, TODOR)
        assert caches(path) == before
        assert serious(project) == []
