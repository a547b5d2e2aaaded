"""`annotator split`: what it assigns, keeps, refuses and says."""

import json
import random

import pytest

from annotator.cli import split, splitting
from annotator.cli.table import COMMANDS, Command
from annotator.model.annotation import Kind, Span, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.split import Assigned
from annotator.store.project import Project

SYLLABLES = [a + b + c for a in "бвгджз" for b in "аеио" for c in "клмн"]


def prose(seed, count=40):
    return " ".join(random.Random(seed).choices(SYLLABLES, k=count))


def near(seed, other):
    """A near copy of the prose of a seed."""
    return f"{prose(seed)} {prose(other, 6)}"


ARTICLES = [
    *(Article(f"a{n}", prose(n), lang="bg", source="бта", group="nord") for n in range(8)),
    *(Article(f"b{n}", prose(20 + n), lang="ru", source="тасс", group="brexit") for n in range(8)),
    *(Article(f"c{n}", near(n, 50 + n), lang="bg", source="дума") for n in range(4)),
]


@pytest.fixture(autouse=True)
def entered(monkeypatch):
    """The command is there, whether or not the table has it."""
    entry = Command("split", "split", "annotator.cli.split:run", split.arguments, split.TEXT)
    monkeypatch.setitem(COMMANDS, "split", entry)


@pytest.fixture
def path(own_home):
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add(ARTICLES))
    return path


def current(path):
    with Project.open(path, readonly=True) as project:
        return project.splits()


def add(path, *articles):
    with Project.open(path, "iva") as project:
        list(project.add(articles))


def test_every_article_gets_a_split_and_no_near_copy_is_parted(cli, path):
    ran = cli("split", path)
    assert (ran.code, "0 kept the split they had, 20 are new" in ran.out) == (0, True)
    given = current(path)
    assert given.keys() == {article.id for article in ARTICLES}
    assert [n for n in range(4) if given[f"a{n}"] != given[f"c{n}"]] == []
    assert sorted(given.values()).count("train") == 16
    for words in ("Splits", "Sources", "8 articles hold together, in 4 lots", "Leaks", "0 (0.0%)"):
        assert words in ran.out
    assert "\n" not in ran.err.strip(), "a bar or a line, no warnings"
    assert cli("check", path).code == 0


def test_a_dry_run_changes_nothing_and_says_the_same(cli, path):
    ran = cli("split", path, "--dry-run")
    assert ran.code == 0
    assert "Nothing was changed" in ran.out
    assert current(path) == {}
    listed = cli("split", path, "--dry-run", "--list", "--json")
    assert current(path) == {}
    cli("split", path)
    assert current(path) == json.loads(listed.out)


def test_run_again_only_new_articles_are_assigned(cli, path):
    cli("split", path, "--ratios", "train=0.5,test=0.5", "--seed", "3")
    first = current(path)
    assert cli("split", path).out.startswith(f"{path}: 20 articles; 20 kept the split they had, 0")
    add(path, *(Article(f"n{n}", near(n, 90 + n)) for n in range(8)))
    ran = cli("split", path)
    assert "20 kept the split they had, 8 are new" in ran.out
    assert "Ratios train 0.5, test 0.5; seed 3" in ran.out, "as the last time"
    now = current(path)
    assert {name: now[name] for name in first} == first
    assert [now[f"n{n}"] for n in range(8)] == [first[f"a{n}"] for n in range(8)]
    assert ran.code == 0


def test_events_and_sources_stay_together(cli, path):
    ran = cli("split", path, "--together", "group,source", "--ratios", "train=0.6,test=0.4")
    assert ran.code == 0, ran.err
    given = current(path)
    assert len({given[f"b{n}"] for n in range(8)}) == 1
    assert len({split for name, split in given.items() if name[0] in "ac"}) == 1
    assert "near copies, group, source." in ran.out
    assert "8 of the group 'brexit'" in ran.out


def test_an_event_is_held_out(cli, path):
    ran = cli("split", path, "--by-topic", "brexit", "--json")
    assert ran.code == 0
    given = current(path)
    assert {name for name, split in given.items() if split == "test"} == {f"b{n}" for n in range(8)}
    report = json.loads(ran.out)
    assert report["settings"]["topics"] == ["brexit"]
    assert report["splits"]["test"]["languages"] == {"ru": 8}
    add(path, Article("b8", prose(77), group="brexit"))
    cli("split", path)
    assert current(path)["b8"] == "test", "it is held out still"


def test_an_event_with_a_near_copy_in_train_is_refused_before_anything_is_written(cli, path):
    with Project.open(path, "iva") as project:
        project.assign_splits([Assigned("c0", "train"), Assigned("b0", "test")])
    ran = cli("split", path, "--by-topic", "nord")
    assert ran.code == 2
    assert "article 'c0', with which 'a0' of it is kept together, is in train already" in ran.err
    assert "Traceback" not in ran.err
    assert current(path) == {"c0": "train", "b0": "test"}
    assert cli("split", path, "--by-topic", "").code == 0
    assert current(path)["a0"] == "train"


def test_the_report_as_json_is_all_numbers(cli, path):
    report = json.loads(cli("split", path, "--json").out)
    assert report["articles"] == report["assigned"] == 20
    assert report["kept"] == 0
    assert {name: s["articles"] for name, s in report["splits"].items()} == {
        "train": 16,
        "dev": 2,
        "test": 2,
    }
    assert sum(report["splits"]["train"]["sources"].values()) == 16
    assert report["components"]["count"] == 16
    assert report["components"]["joined"] == 4
    assert report["components"]["largest"][0]["articles"] == 2
    assert report["near_copies"] == {"articles": 8, "same_words": 0}
    assert [leak["leaking"] for leak in report["leaks"]] == [0, 0]
    assert report["leaks"][1]["random"] == pytest.approx(8 / 20 * 2 * 16 / 19)
    assert report["torn"] == []


def test_what_leaks_from_before_is_told_and_nothing_is_moved(cli, path):
    with Project.open(path, "zoe") as project:
        project.assign_splits([Assigned("a0", "train"), Assigned("c0", "test")])
    ran = cli("split", path)
    assert ran.code == 1
    assert "1 lot of articles that hold together had different splits before" in ran.out
    given = current(path)
    assert (given["a0"], given["c0"]) == ("train", "test")
    report = json.loads(cli("split", path, "--json").out)
    assert report["torn"][0]["splits"] == {"train": 1, "test": 1}
    assert sum(leak["leaking"] for leak in report["leaks"]) == 1


def test_without_the_check_nothing_is_said_of_leaks(cli, path):
    ran = cli("split", path, "--no-duplicates-check")
    assert ran.code == 0
    assert "whether the splits leak is not known" in ran.out
    assert "kept together: nothing" in ran.out
    again = cli("split", path, "--duplicates-check", "--json")
    given = current(path)
    parted = [n for n in range(4) if given[f"a{n}"] != given[f"c{n}"]]
    assert len(json.loads(again.out)["torn"]) == len(parted)


def test_the_list_is_for_other_programs(cli, path):
    assert cli("split", path, "--list").out == ""
    cli("split", path)
    given = current(path)
    lines = [line.split("\t") for line in cli("split", path, "--list").out.splitlines()]
    assert dict(lines) == given
    assert [name for name, _ in lines] == sorted(given)
    assert json.loads(cli("split", path, "--list", "--json").out) == given


def label(project, article, start, end, name="nav"):
    text = project.article(article).text
    span = Span(f"s-{article}-{name}", "boilerplate", name, start, end)
    return Act("label", (Draft(Kind.SPAN, span.key, article, span.body(text)),))


def test_labelled_boilerplate_is_not_compared_but_headlines_are(cli, own_home):
    path = own_home / "sites.db"
    template = prose("template", 100)
    with Project.create(path, preset("news"), "iva") as project:
        for number in range(4):
            text = f"{template} {prose(number, 30)}"
            list(project.add([Article(f"t{number}", text)]))
    told = json.loads(cli("split", path, "--json", "--dry-run").out)
    assert told["components"]["largest"][0]["articles"] == 4
    with Project.open(path, "iva") as project:
        for number in range(3):
            project.submit(label(project, f"t{number}", 0, len(template))).result()
        project.submit(label(project, "t3", 0, len(template), "headline")).result()
    told = json.loads(cli("split", path, "--json", "--dry-run").out)
    assert told["components"]["joined"] == 0
    with Project.open(path, "iva") as project:
        for number in range(2):
            layer = {"layer": "boilerplate"}
            name = f"u{number}"
            list(project.add([Article(name, f"{template} {prose(50 + number, 30)}")]))
            key = looked_key("iva", name, "boilerplate")
            project.submit(Act("looked", (Draft(Kind.LOOKED, key, name, layer),))).result()
    told = json.loads(cli("split", path, "--json", "--dry-run").out)
    assert told["components"]["largest"][0]["articles"] == 3, "t3 and both that have none at all"


def test_a_scheme_without_boilerplate_is_no_hindrance(cli, own_home):
    toml = (
        'name = "one"\nversion = 1\ntitle = "One"\n[[layers]]\nname = "entities"\ntitle = "E"\n'
        'unit = "word"\noverlap = "nested"\n'
        'labels = [{ name = "PER", key = "p", color = "cyan", title = "Person" }]\n'
    )
    (own_home / "one.toml").write_text(toml)
    path = own_home / "one.db"
    assert cli("init", path, "--scheme", own_home / "one.toml").code == 0
    add(path, *ARTICLES)
    assert cli("split", path).code == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--ratios", "train"], "is no ratio"),
        (["--ratios", "train=1,../x=1"], "cannot be a split's name"),
        (["--together", "colour"], "cannot be kept together by 'colour'"),
        (["--by-topic", "mars"], "No article is about the event 'mars'"),
        (["--together", "group", "--ratios", "train=0.3,dev=0.3,test=0.3"], "hold together, but"),
        (["--seed", "x"], "--seed"),
    ],
)
def test_what_cannot_be_is_one_plain_line(cli, path, words, complaint):
    ran = cli("split", path, *words)
    assert ran.code == 2
    assert complaint in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert current(path) == {}


def test_what_holds_together_too_much_can_be_allowed(cli, path):
    words = ("--together", "group", "--ratios", "train=0.3,dev=0.3,test=0.3")
    assert cli("split", path, *words, "--allow-large").code == 0


def test_no_project_and_no_articles_are_said(cli, own_home):
    ran = cli("split", own_home / "none.db")
    assert (ran.code, "There is no project" in ran.err) == (2, True)
    assert cli("init", own_home / "empty.db").code == 0
    ran = cli("split", own_home / "empty.db")
    assert (ran.code, "There are no articles" in ran.err) == (2, True)


def test_settings_of_another_shape_are_said(cli, path):
    with Project.open(path, "iva") as project:
        project.assign_splits([], {"ratios": 7})
    ran = cli("split", path)
    assert (ran.code, "cannot be read" in ran.err) == (2, True)


def test_what_was_remembered_can_be_taken_back(cli, path):
    cli("split", path, "--dry-run")
    words = ("--together", "group", "--by-topic", "brexit")
    told = json.loads(cli("split", path, "--json", *words, "--allow-large").out)
    assert told["settings"]["together"] == ["group"]
    told = json.loads(cli("split", path, "--json", "--together", "", "--by-topic", "").out)
    assert (told["settings"]["together"], told["settings"]["topics"]) == ([], [])
    assert told["assigned"] == 0


def test_somebody_else_s_splits_stay_and_that_is_said(cli, path, monkeypatch):
    planned = splitting.splits.plan

    def meanwhile(*given, **options):
        made = planned(*given, **options)
        with Project.open(path, "zoe") as project:
            project.assign_splits([Assigned("a7", "held")])
        return made

    monkeypatch.setattr(splitting.splits, "plan", meanwhile)
    ran = cli("split", path)
    assert (ran.code, "gave 1 article a split meanwhile" in ran.err) == (2, True)
    assert current(path)["a7"] == "held"


def test_help_says_what_it_does(cli):
    ran = cli("split", "--help")
    assert ran.code == 0
    assert "near copies" in ran.out
