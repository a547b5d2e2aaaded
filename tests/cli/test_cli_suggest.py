"""`annotator suggest`: learning, preparing, reporting, forgetting and switching off."""

import json
from pathlib import Path

import pytest
from engines import made_once

from annotator.model.annotation import Kind, Rejection, Span, State, Status
from annotator.model.article import Article
from annotator.model.assistance import Assistance
from annotator.model.event import Act, Draft, new_id
from annotator.model.person import Role
from annotator.model.scheme_file import preset
from annotator.model.shown import VERB, Seen, Shown
from annotator.model.slot import Pool, Slot
from annotator.model.spent import Spent
from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.store.suggesting import Offer
from annotator.suggest.entities import crf

PEOPLE = ("Anna Velkova", "Boris Stoev", "Clara Mend", "Deniz Oral")
OPEN = [f"n{n}" for n in range(400) if not Assistance(blind=0.2).is_blind(f"n{n}")]
"""Ids of articles in which something may be suggested."""


def text_of(number: int) -> str:
    one, two = PEOPLE[number % 4], PEOPLE[(number + 1) % 4]
    return f"{one} met {two} in Varna on day {number}.\n{one} said no.\nRead also: {two}\n"


def spans_of(text: str, origin: str = "hand") -> list[Span]:
    found = []
    for name in PEOPLE:
        start = text.find(name)
        if start >= 0:
            found.append(Span(new_id(), "entities", "PER", start, start + len(name), origin=origin))
    return sorted(found, key=lambda span: span.start)


def finish(project: Project, article: str, spans: list[Span], actor: str, seconds: int = 0,
           shown: Shown | None = None, rejected: tuple[Rejection, ...] = ()) -> None:  # fmt: skip
    text = project.article(article).text
    drafts = [Draft(Kind.SPAN, span.key, article, span.body(text)) for span in spans]
    drafts += [
        Draft(Kind.REJECTION, each.key(actor, article), article, each.body(text))
        for each in rejected
    ]
    if seconds:
        spent = Spent({"entities": seconds}, {"entities": 2 * seconds})
        drafts.append(Draft(Kind.TIME, Spent.key(actor, article), article, spent.body()))
    done = Draft(Kind.STATUS, Status.key(actor, article), article, Status(State.DONE).body())
    if shown is not None:
        project.record(Act(VERB, (Draft(Kind.SHOWN, shown.key, article, shown.body()),)), actor)
    project.record(Act("label", (*drafts, done)), actor)


@pytest.fixture
def path(own_home: Path) -> Path:
    """Twelve articles, of which iva finished six by hand."""
    return made_once(half_done, own_home / "p.db")


@pytest.fixture
def reported(own_home: Path) -> Path:
    """Suggestions shown and dealt with in 30 articles, and 25 blind ones that took longer."""
    return made_once(all_done, own_home / "r.db")


def half_done(path: Path) -> None:
    with Project.create(path, preset("news"), "iva") as project:
        names = OPEN[:12]
        list(project.add(Article(name, text_of(n), lang="bg" if n % 2 else "ru", source="s")
                         for n, name in enumerate(names)))  # fmt: skip
        for n in range(6):
            finish(project, names[n], spans_of(text_of(n)), "iva")


def all_done(path: Path) -> None:
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add(Article(name, text_of(n), lang="bg")
                         for n, name in enumerate([*OPEN[:30], *more_blind(25)])))  # fmt: skip
        project.set_assistance(Assistance(blind=0.2))
        for n, name in enumerate(OPEN[:30]):
            suggested(project, name, text_of(n), "iva", version=str(n // 15), seconds=20 + n % 3)
        for n, name in enumerate(more_blind(25)):
            finish(project, name, spans_of(text_of(30 + n)), "iva", 40 + n % 3)


def more_blind(many: int) -> list[str]:
    """Ids that are blind at a share of a fifth, and not among `OPEN`'s first thirty."""
    wide = Assistance(blind=0.2)
    return [f"w{n}" for n in range(400) if wide.is_blind(f"w{n}")][:many]


def suggested(
    project: Project, name: str, text: str, actor: str, version: str, seconds: int
) -> None:
    """Two people suggested: the first accepted, the second rejected; a place found besides."""
    first, second = spans_of(text, "names")
    end = text.index("Varna")
    items = (
        Seen(first.start, first.end, "PER", 0.97, sure=True),
        Seen(second.start, second.end, "ORG", 0.6, sure=False),
        Seen(end, end + 5, "", 0.4, sure=False),
    )
    finish(project, name, [first], actor, seconds, Shown("entities", "names", version, items),
           (Rejection("entities", "ORG", second.start, second.end),))  # fmt: skip


# --- train and run


def test_training_tells_what_each_suggester_learnt(cli, path):
    ran = cli("suggest", path, "train")
    assert ran.code == 0
    assert "What iva's suggesters know now" in ran.out
    told = json.loads(cli("suggest", path, "train", "--json").out)
    assert told["annotator"] == "iva"
    found = {each["source"]: each for each in told["suggesters"]}
    assert {each["layer"] for each in told["suggesters"]} == {"boilerplate", "entities"}
    assert all(
        each["articles"] == 6 and each["size"] > 0 and each["version"] for each in found.values()
    )
    assert all(each["seconds"] >= 0 for each in found.values())


def test_somebody_who_finished_nothing_is_told_so(cli, path):
    ran = cli("suggest", path, "train", "--as", "mila")
    assert ran.code == 0
    assert "mila has finished nothing to learn from yet" in ran.out


def test_suggestions_are_prepared_for_what_is_unfinished(cli, path):
    ran = cli("suggest", path, "run")
    assert ran.code == 0
    assert "6 unfinished articles" in ran.out
    with Project.open(path, "iva", readonly=True) as project:
        found = project.suggestions(OPEN[7])
        assert project.suggestions(OPEN[0]) == ()
    assert {text_of(7)[each.start : each.end] for each in found if each.layer == "entities"} >= {
        PEOPLE[3], PEOPLE[0],
    }  # fmt: skip
    again = json.loads(cli("suggest", path, "run", "--json").out)
    assert (again["articles"], again["changed"]) == (6, 0)
    names = [each for each in again["sources"] if each["layer"] == "entities"]
    assert sum(each["suggestions"] for each in names) >= 12
    assert all(0 <= each["sure"] <= each["suggestions"] for each in names)


@pytest.mark.parametrize(
    ("words", "articles"),
    [
        (["--limit", "2"], 2),
        (["--lang", "bg"], 3),
        (["--source", "other"], 0),
        (["--source", "s"], 6),
    ],
)
def test_what_is_prepared_can_be_narrowed(cli, path, words, articles):
    told = json.loads(cli("suggest", path, "run", *words, "--json").out)
    assert told["articles"] == articles


def test_nothing_to_prepare_is_said(cli, path):
    ran = cli("suggest", path, "run", "--lang", "el")
    assert (ran.code, ran.err) == (0, "")
    assert "iva has no unfinished article that --lang and --source let through" in ran.out
    ran = cli("suggest", path, "run", "--limit", "-1")
    assert (ran.code, ran.out) == (2, "")


def test_a_missing_library_or_plug_in_is_a_sentence_and_no_failure(
    cli, path, own_home, monkeypatch
):
    config = own_home.parent / "home" / "config.toml"
    config.write_text('annotator = "iva"\n[suggesters.tool]\nplugin = "no-such-plug-in"\n')
    monkeypatch.setattr(crf, "is_there", lambda: False)
    ran = cli("suggest", path, "train")
    assert ran.code == 0
    assert "What iva's suggesters know now" in ran.out
    assert "pip install" in ran.err
    assert "no-such-plug-in" in ran.err
    told = json.loads(cli("suggest", path, "train", "--json").out)
    assert len(told["notes"]) == 2
    assert "pip install" in cli("suggest", path).out


def test_only_what_somebody_was_assigned_is_prepared(cli, path):
    with Project.open(path, "iva") as project:
        project.assign([Slot(OPEN[8], "iva"), Slot(OPEN[1], "iva")])
        project.open_pools([Pool(OPEN[9], 1)])
    told = json.loads(cli("suggest", path, "run", "--json").out)
    assert told["articles"] == 2
    with Project.open(path, "iva", readonly=True) as project:
        assert set(project.guessed(OPEN[:12])) == {OPEN[8], OPEN[9]}


def test_the_order_by_uncertainty_is_made_anew(cli, path):
    told = json.loads(cli("suggest", path, "run", "--json").out)
    assert told["uncertain"] == 6
    with Project.open(path, "iva", readonly=True) as project:
        rows = [row.id for row in project.page(sort="uncertain")]
    assert set(rows) == set(OPEN[:12])


# --- report


def test_the_report_tells_what_became_of_suggestions(cli, reported):
    ran = cli("suggest", reported.name, "report")
    assert (ran.code, ran.err) == (0, "")
    assert "55 finished articles, by iva." in ran.out
    assert "suggested by names in 30 articles" in ran.out
    assert "100 % came from names" in ran.out
    assert "Blind comparison: 30 articles with suggestions, 25 of the blind sample" in ran.out
    assert "With suggestions annotators take 49 % less active time" in ran.out
    assert "fewer labels are given in Entities" in ran.out
    lines = [line.rstrip() for line in ran.out.splitlines()]
    assert max(map(len, lines)) <= 80


def test_the_report_as_json_has_everything(cli, reported):
    told = json.loads(cli("suggest", reported, "report", "--json").out)
    (names,) = told["sources"]
    assert (names["layer"], names["source"], names["articles"]) == ("entities", "names", 30)
    assert (names["shown"], names["accepted"], names["rejected"], names["left"]) == (60, 30, 30, 0)
    assert names["precision"] == 0.5
    assert names["bands"][">=.95"]["precision"] == 1.0
    assert names["bands"][".5-.8"]["precision"] == 0.0
    assert names["bands"]["no label"]["left"] == 30
    assert (names["sure"]["shown"], names["sure"]["accepted"]) == (30, 30)
    assert (names["labels"], names["from_source"], names["share"]) == (30, 30, 1.0)
    assert names["keys"]["by_hand"] == 30 * 5
    assert names["keys"]["taken"] == 30 * (1 + 3)
    assert names["keys"]["saved"] == 30
    assert [(each["version"], each["articles"]) for each in names["versions"]] == [
        ("0", 15),
        ("1", 15),
    ]
    assert told["people"]["iva"]["articles"] == 30
    seconds = told["blind"]["rates"][0]
    assert (seconds["name"], told["blind"]["enough"]) == ("seconds", True)
    assert seconds["low"] < seconds["change"] < seconds["high"] < 0
    assert [each["version"] for each in names["versions"]] == ["0", "1"]
    table = cli("suggest", reported, "report", "--versions").out
    assert "By state" in table


def test_articles_that_are_not_done_or_held_out_do_not_count(cli, reported):
    with Project.open(reported, "iva") as project:
        name = OPEN[0]
        status = Status.key("iva", name)
        base = project.work(name).versions[status]
        project.record(
            Act("reopen", (Draft(Kind.STATUS, status, name, Status(State.OPEN).body(), base),))
        )
        project.assign_splits([Assigned(OPEN[1], "test")], {})
    told = json.loads(cli("suggest", reported, "report", "--json").out)
    assert told["articles"] == 53
    assert told["sources"][0]["articles"] == 28


def test_a_later_decision_counts_as_it_stands(cli, reported):
    with Project.open(reported, "iva") as project:
        name = OPEN[0]
        (span,) = project.work(name).spans
        body = span._replace(label="ORG").body(project.article(name).text)
        base = project.work(name).versions[span.key]
        project.record(Act("label", (Draft(Kind.SPAN, span.key, name, body, base),)))
    told = json.loads(cli("suggest", reported, "report", "--json").out)
    names = told["sources"][0]
    assert (names["accepted"], names["edited"]) == (29, 1)
    assert names["precision_with_edited"] == 0.5


def test_a_renamed_label_makes_no_edits_of_what_was_accepted(cli, reported):
    before = json.loads(cli("suggest", reported, "report", "--json").out)
    assert cli("scheme", reported, "rename", "PER", "PERSON").code == 0
    assert json.loads(cli("suggest", reported, "report", "--json").out) == before


def test_too_few_blind_articles_are_said(cli, path):
    with Project.open(path, "iva") as project:
        suggested(project, OPEN[6], text_of(6), "iva", "1", 10)
    told = cli("suggest", path, "report").out
    assert "Too few blind articles to tell: 0; 20 are needed." in told
    empty = cli("suggest", path, "report", "--since", "2999-01-01")
    assert empty.code == 0
    assert "Nothing was suggested in them." in empty.out


def test_somebody_unknown_is_no_empty_report(cli, reported):
    ran = cli("suggest", reported, "report", "--annotator", "ivan")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no annotator 'ivan'; there is iva" in ran.err


def test_annotators_see_their_own_figures_only(cli, reported):
    with Project.open(reported, "iva") as project:
        suggested(project, OPEN[0], text_of(0), "mila", "1", 10)
        project.set_people({"iva": Role.LEAD, "mila": Role.ANNOTATOR})
    both = json.loads(cli("suggest", reported, "report", "--json").out)
    assert both["annotators"] == ["iva", "mila"]
    assert "By annotator" in cli("suggest", reported, "report").out
    one = json.loads(cli("suggest", reported, "report", "--annotator", "mila", "--json").out)
    assert (one["annotators"], one["articles"]) == (["mila"], 1)
    own = json.loads(cli("suggest", reported, "report", "--json", "--as", "mila").out)
    assert own == one
    ran = cli("suggest", reported, "report", "--annotator", "iva", "--as", "mila")
    assert (ran.code, ran.out) == (2, "")
    assert "Only adjudicators may see what others made of suggestions" in ran.err
    ran = cli("suggest", reported, "report", "--since", "soon")
    assert ran.code == 2
    assert "no day" in ran.err


# --- drop


def test_what_was_learnt_is_forgotten_and_labels_stay(cli, path):
    cli("suggest", path, "run")
    with Project.open(path, "iva", readonly=True) as project:
        before = [project.work(name) for name in OPEN[:12]]
    ran = cli("suggest", path, "drop", "--layer", "entities")
    assert ran.code == 0
    assert "1 lesson of iva forgotten, and what was prepared for 6 articles." in ran.out
    with Project.open(path, "iva", readonly=True) as project:
        assert [project.work(name) for name in OPEN[:12]] == before
        assert [lesson.layer for lesson in project.lessons()] == ["boilerplate"]
        assert not [s for s in project.suggestions(OPEN[7]) if s.layer == "entities"]
    told = json.loads(cli("suggest", path, "drop", "--json").out)
    assert told["lessons"] == 1
    assert cli("suggest", path, "drop", "--layer", "stance").code == 2


def test_what_files_suggest_goes_only_when_asked_for_by_a_lead(cli, path):
    text = text_of(7)
    with Project.open(path, "iva") as project:
        project.suggest([Offer(OPEN[7], text, (Suggestion("entities", "PER", 0, 5, "tool"),))])
        project.set_people({"iva": Role.LEAD, "mila": Role.ANNOTATOR})
    assert cli("suggest", path, "drop", "--files").code == 2
    assert cli("suggest", path, "drop", "--files", "--source", "tool", "--as", "mila").code == 2
    cli("suggest", path, "drop", "--source", "tool")
    with Project.open(path, "iva", readonly=True) as project:
        assert [each.source for each in project.suggestions(OPEN[7])] == ["tool"]
    ran = cli("suggest", path, "drop", "--source", "tool", "--files")
    assert "1 suggestion of files of tool taken away, in 1 article." in ran.out
    with Project.open(path, "iva", readonly=True) as project:
        assert project.suggestions(OPEN[7]) == ()


# --- options


def test_what_is_set_is_told_and_changed(cli, path):
    plain = cli("suggest", path)
    assert plain.code == 0
    assert "Blind sample: 5 % of all articles get no suggestions." in plain.out
    assert "For: everybody." in plain.out
    assert "Never suggested: stance" in plain.out
    ran = cli(
        "suggest", path, "options", "--blind", "0.1", "--off", "boilerplate", "--without", "iva"
    )
    assert ran.code == 0
    assert "10 %" in ran.out
    assert "Switched off in: boilerplate." in ran.out
    assert "For: everybody but iva." in ran.out
    with Project.open(path, "iva", readonly=True) as project:
        assert project.assistance() == Assistance(
            0.1, frozenset({"boilerplate"}), frozenset({"iva"})
        )
    told = json.loads(
        cli("suggest", path, "options", "--on", "boilerplate", "--with", "iva", "--json").out
    )
    assert (told["blind"], told["off"], told["without"]) == (0.1, [], [])
    assert {each["layer"] for each in told["suggesters"]} == {"boilerplate", "entities"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--blind", "2"], "no share of articles"),
        (["--off", "stance"], "There is no layer with suggestions 'stance'"),
        (["--without", "boris"], "There is no annotator 'boris'"),
        (["--off", "entities", "--on", "entities"], "both name entities"),
    ],
)
def test_what_cannot_be_set_is_one_plain_line(cli, path, words, said):
    ran = cli("suggest", path, "options", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_only_leads_change_what_is_set(cli, path):
    with Project.open(path, "iva") as project:
        project.set_people({"iva": Role.LEAD, "mila": Role.ANNOTATOR})
    ran = cli("suggest", path, "options", "--blind", "0", "--as", "mila")
    assert (ran.code, ran.out) == (2, "")
    assert "Only leads may" in ran.err
    assert cli("suggest", path, "options", "--as", "mila").code == 0


def test_the_words_are_completed(cli):
    assert "train run report drop options" in cli("completion", "bash").out


def test_name_and_json_may_stand_before_the_word_and_after_it_and_without_one(cli, path):
    plain = cli("suggest", path, "--as", "iva")
    assert plain.code == 0
    assert "what they learnt from iva" in plain.out
    assert cli("suggest", path, "--as", "iva", "options").out == plain.out
    assert cli("suggest", path, "options", "--as", "iva").out == plain.out
    told = cli("suggest", path, "--json", "--as", "iva").out
    assert json.loads(told)["blind"] == 0.05
    assert cli("suggest", path, "options", "--as", "iva", "--json").out == told
    assert cli("suggest", path, "--json", "options", "--as", "iva").out == told
