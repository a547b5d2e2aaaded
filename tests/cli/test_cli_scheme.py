"""`annotator scheme`: what it shows, changes and refuses, and that exports follow."""

import json
from pathlib import Path

import pytest

from annotator.cli import scheme, scheme_arguments
from annotator.model.annotation import Kind, Party, Span, Stance
from annotator.model.event import Act, Draft
from annotator.model.scheme import COLORS
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXTS = {
    "a": "Мария Кюри е родена във Варшава.\n",
    "b": "居里夫人生于华沙。\n",
    "c": "Η Μαρία Κιουρί γεννήθηκε στη Βαρσοβία. 🇵🇱\n",
}
TOWNS = {"a": "Варшава", "b": "华沙", "c": "Βαρσοβία"}


@pytest.fixture
def db(cli) -> Path:
    """A project with a town labelled in three articles by two people."""
    for name, text in TEXTS.items():
        Path(f"{name}.txt").write_bytes(text.encode())
    assert cli("import", "p.db", "a.txt", "b.txt", "c.txt", "--no-languages").code == 0
    for actor in ("iva", "zoe"):
        with Project.open("p.db", actor) as project:
            for article in project.articles():
                town = TOWNS[article.id.removesuffix(".txt")[-1]]
                start = article.text.index(town)
                span = Span(f"s{actor}", "entities", "LOC", start, start + len(town))
                draft = Draft(Kind.SPAN, span.key, article.id, span.body(article.text))
                project.submit(Act("label", (draft,))).result()
    return Path("p.db")


def exported(cli, target: str) -> list[dict]:
    assert cli("export", "p.db", "--format", "jsonl", "-o", target).code == 0
    return [json.loads(line) for line in Path(target).read_text("utf-8").splitlines()]


def spans(lines: list[dict]) -> list[tuple]:
    return [
        (line["id"], span["start"], span["end"], span["label"])
        for line in lines
        for span in line["layers"]["entities"]
    ]


def test_without_a_word_the_scheme_is_shown(cli, db) -> None:
    ran = cli("scheme", db)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == cli("scheme", db, "show").out
    assert "Scheme news, version 1: News" in ran.out
    row = next(line for line in ran.out.splitlines() if " LOC " in line)
    assert row.split() == ["l", "LOC", "Place", "green", "6", "3", "2"]


def test_show_as_json_has_every_label_with_its_use(cli, db) -> None:
    shown = json.loads(cli("scheme", db, "show", "--json").out)
    assert (shown["name"], shown["version"], shown["unknown"]) == ("news", 1, [])
    layers = {layer["name"]: layer for layer in shown["layers"]}
    assert list(layers) == [layer.name for layer in preset("news").layers]
    assert layers["stance"]["kind"] == "stance"
    label = next(x for x in layers["entities"]["labels"] if x["name"] == "LOC")
    assert (label["key"], label["annotations"], label["articles"], label["annotators"]) == (
        "l",
        6,
        3,
        2,
    )


def test_an_export_after_a_rename_has_the_new_label_at_the_old_offsets(cli, db) -> None:
    before = spans(exported(cli, "before.jsonl"))
    ran = cli("scheme", db, "rename", "LOC", "PLACE")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "scheme: version 1 becomes 2",
        "scheme: the guidelines change",
        "entities/PLACE: new, on the key l",
        "entities/LOC: retired, into PLACE",
        "6 annotations relabelled in 6 articles.",
    ]
    lines = exported(cli, "after.jsonl")
    assert [line["scheme"]["version"] for line in lines] == [2] * 3
    assert spans(lines) == [(*place, "PLACE") for *place, _ in before]
    assert all(
        line["text"][start:end] in TOWNS.values()
        for line in lines
        for id_, start, end, _ in spans([line])
    )
    assert cli("check", db).code == 0
    assert "is sound" in cli("check", db).out
    sidecar = Path("after.jsonl.scheme.toml").read_text("utf-8")
    assert "version = 2" in sidecar
    assert 'into = ["PLACE"]' in sidecar


def test_exports_that_know_labels_by_name_know_renamed_ones(cli, db) -> None:
    with Project.open(db, "iva") as project:
        for article in project.articles():
            title = Span("t", "boilerplate", "headline", 0, 5)
            stance = Stance(Party("proposition", "X"), "FAVOR")
            key = stance.key("iva", article.id)
            drafts = (
                Draft(Kind.SPAN, title.key, article.id, title.body(article.text)),
                Draft(Kind.STANCE, key, article.id, stance.body(article.text)),
            )
            project.submit(Act("label", drafts)).result()

    def both(folder: str) -> tuple[str, list[str]]:
        ran = cli("export", db, "--format", "stance-tsv", "--annotator", "iva", "-o", "-")
        argv = ("export", db, "--format", "cleaneval", "--annotator", "iva", "-o", folder)
        assert cli(*argv).code == 0
        pages = sorted(Path(folder).glob("*.txt"))
        assert len(pages) == 3
        return ran.out, [page.read_text("utf-8") for page in pages]

    before = both("one")
    assert all("<h>" in page for page in before[1])
    assert before[0].count("\tFAVOR\n") == 3
    assert cli("scheme", db, "rename", "headline", "title").code == 0
    assert cli("scheme", db, "rename", "FAVOR", "PRO_SIDE").code == 0
    assert both("two") == before


def test_the_same_command_again_is_no_change(cli, db) -> None:
    cli("scheme", db, "rename", "LOC", "PLACE")
    ran = cli("scheme", db, "rename", "LOC", "PLACE")
    assert (ran.code, ran.out) == (0, "The scheme says so already.\n")
    assert json.loads(cli("scheme", db, "show", "--json").out)["version"] == 2


def test_a_dry_run_changes_nothing(cli, db) -> None:
    ran = cli("scheme", db, "retire", "LOC", "--dry-run")
    assert "entities/LOC: retired" in ran.out
    shown = json.loads(cli("scheme", db, "show", "--json").out)
    assert shown["version"] == 1
    told = json.loads(cli("scheme", db, "retire", "LOC", "--dry-run", "--json").out)
    assert told == {"version": 2, "differences": ran.out.splitlines()}


def test_a_split_lists_what_must_be_decided_again(cli, db) -> None:
    assert cli("scheme", db, "pending").out == "Nothing has to be decided again.\n"
    assert json.loads(cli("status", db, "--json").out)["undecided"] == 0
    ran = cli("scheme", db, "split", "LOC", "--into", "TOWN=t", "LAND", "--json")
    assert json.loads(ran.out) == {
        "op": "split",
        "version": 2,
        "differences": [
            "scheme: version 1 becomes 2",
            "entities/LOC: retired, into TOWN or LAND",
            "entities/TOWN: new, on the key t",
            "entities/LAND: new, on the key l",
        ],
        "relabelled": 0,
        "joined": 0,
        "works": 0,
        "pending": 6,
    }
    assert json.loads(cli("status", db, "--json").out)["undecided"] == 6
    assert "6 annotations with labels that were given up" in cli("status", db).out
    found = json.loads(cli("scheme", db, "pending", "--json").out)
    assert {x["text"] for x in found} == set(TOWNS.values())
    assert {x["actor"] for x in found} == {"iva", "zoe"}
    assert all(x["into"] == ["TOWN", "LAND"] for x in found)
    assert cli("scheme", db, "pending").out.count("TOWN, LAND") == 6
    said = cli("scheme", db, "split", "LOC", "--into", "TOWN", "LAND").out
    assert "To be decided again: 6 annotations; annotator scheme p.db pending" in said
    assert cli("check", db).code == 0


def test_add_takes_every_field(cli, db) -> None:
    ran = cli(
        *("scheme", db, "add", "--layer", "entities", "--label", "LAW", "--key", "w"),
        *("--title", "Law", "--color", "blue", "--description", "acts, bills"),
        *("--alias", "з", "--alias", "ν"),
    )
    assert ran.out == "scheme: version 1 becomes 2\nentities/LAW: new, on the key w\n"
    shown = json.loads(cli("scheme", db, "show", "--json").out)
    label = shown["layers"][1]["labels"][-1]
    assert {name: label[name] for name in ("key", "title", "color", "description", "aliases")} == {
        "key": "w",
        "title": "Law",
        "color": "blue",
        "description": "acts, bills",
        "aliases": ["з", "ν"],
    }


def test_a_file_is_compared_and_loaded(cli, db) -> None:
    toml = preset("news").toml
    Path("news.md").write_text("## entities\n\nNames.\n")
    Path("new.toml").write_text(toml.replace('title = "Place"', 'title = "Town"'), "utf-8")
    said = cli("scheme", db, "diff", "new.toml").out
    assert said.splitlines() == [
        "scheme: version 1 becomes 2",
        "scheme: the guidelines change",
        "entities/LOC: title Place becomes Town",
    ]
    assert json.loads(cli("scheme", db, "diff", "new.toml", "--json").out)["version"] == 2
    assert cli("scheme", db, "load", "new.toml", "--dry-run").out == said
    assert cli("scheme", db, "load", "new.toml").out == said
    assert cli("scheme", db, "diff", "new.toml").out == "The scheme says so already.\n"
    with Project.open(db, readonly=True) as project:
        assert project.scheme.guidelines == "## entities\n\nNames.\n"
        assert project.scheme.layer("entities").label("LOC").title == "Town"


def test_the_history_tells_every_change_and_its_author(cli, db) -> None:
    cli("scheme", db, "rename", "LOC", "PLACE", "--as", "lead")
    cli("scheme", db, "retire", "residue", "--into", "other")
    found = json.loads(cli("scheme", db, "history", "--json").out)
    assert [(x["version"], x["actor"], x["op"], x["words"], x["annotations"]) for x in found] == [
        (1, "iva", "", "the scheme news", 0),
        (2, "lead", "rename", "rename entities/LOC to PLACE", 6),
        (3, "iva", "retire", "retire boilerplate/residue into other", 0),
    ]
    assert "rename entities/LOC to PLACE" in cli("scheme", db, "history").out


def test_labels_that_came_in_later_are_relabelled(cli, db) -> None:
    cli("export", db, "--format", "jsonl", "-o", "old.jsonl")
    cli("scheme", db, "rename", "LOC", "PLACE")
    Path("old.jsonl").write_text(Path("old.jsonl").read_text("utf-8").replace('"zoe"', '"kim"'))
    assert cli("import", db, "old.jsonl", "--no-languages").code == 0
    assert json.loads(cli("status", db, "--json").out)["undecided"] == 3
    assert "3 annotations relabelled in 3 articles." in cli("scheme", db, "relabel").out
    assert json.loads(cli("status", db, "--json").out)["undecided"] == 0


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("rename", "GPE", "X"), "No layer has a label 'GPE'; there are boilerplate: headline"),
        (("rename", "LOC", "PER"), "retire LOC --into PER"),
        (("rename", "LOC", "my place"), "is not allowed"),
        (("retire", "LOC", "--into", "GPE"), "entities has no label 'GPE'; it has: PER"),
        (("split", "LOC", "--into", "A"), "two or more"),
        (("add", "--layer", "x", "--label", "A"), "no layer 'x'; it has: boilerplate"),
        (("add", "--layer", "entities", "--label", "A", "--key", "p"), "stands for 'PER' already"),
        (("add", "--label", "A"), "--layer"),
        (("load", "nothing.toml"), "nothing.toml does not exist"),
        (("load", "p.db"), "is no scheme file"),
        (("wrong",), "invalid choice: 'wrong'"),
        (("show", "--jso"), "unrecognized arguments: --jso"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(cli, db, argv, message: str) -> None:
    ran = cli("scheme", db, *argv)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
    assert ran.err.count("\n") == 1
    assert json.loads(cli("scheme", db, "show", "--json").out)["version"] == 1


def test_a_label_of_several_layers_needs_its_layer(cli, db) -> None:
    cli("scheme", db, "add", "--layer", "stance", "--label", "LOC")
    assert "entities and stance; say which with --layer" in cli("scheme", db, "retire", "LOC").err
    assert cli("scheme", db, "retire", "LOC", "--layer", "stance").code == 0


def test_the_tables_of_names_are_those_of_the_rooms() -> None:
    assert scheme_arguments.COLORS == COLORS
    changing = set(scheme.CHANGES)
    assert changing | {"show", "diff", "pending", "history"} == set(scheme_arguments.WORDS)


@pytest.mark.parametrize("word", scheme_arguments.WORDS)
def test_every_word_has_its_help(cli, word: str) -> None:
    ran = cli("scheme", "p.db", word, "--help")
    assert ran.code == 0
    assert f"annotator scheme PROJECT {word}" in ran.out
