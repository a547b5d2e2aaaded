"""Annotations of other tools come in proved and mapped, or not at all."""

import hashlib
import json
from pathlib import Path

import pytest
from engines import is_there

from annotator.cli import mapping
from annotator.cli.foreign import Seen
from annotator.model import scheme_file
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store.project import Project

TEXT = "🇧🇬 Ана Лозева отиде в Лом."


def doccano(path: str, *records: dict) -> str:
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    Path(path).write_text("".join(lines), "utf-8")
    return path


@pytest.fixture
def file(own_home) -> str:
    return doccano(
        "d.jsonl", {"id": 7, "text": TEXT, "label": [[3, 13, "PERSON"], [22, 25, "LOC"]]}
    )


def spans(path: str = "news.db", actor: str = "iva") -> list[tuple[str, str, str, str]]:
    with Project.open(path, readonly=True) as project:
        found = []
        for article in project.articles():
            for span in project.work(article.id, actor).spans:
                surface = article.text[span.start : span.end]
                found.append((span.layer, span.label, surface, span.origin))
        return found


def test_unknown_labels_stop_everything_and_say_what_to_do(cli, file):
    ran = cli("import", "news.db", file)
    assert ran.code == 2
    assert "labels the scheme does not know: PERSON." in ran.err
    assert "--map-label 'PERSON=LABEL'" in ran.err
    assert not Path("news.db").exists()


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (("--map-label", "PERSON=PER"), "PER"),
        (("--map-label", "PERSON=entities/PER"), "PER"),
        (("--map", "from-ontonotes"), "PER"),
        (("--new-labels",), "PERSON"),
    ],
)
def test_a_map_says_what_labels_mean(cli, file, options, wanted):
    ran = cli("import", "news.db", file, *options)
    assert (ran.code, ran.err) == (0, "")
    assert spans() == [
        ("entities", wanted, "Ана Лозева", "doccano"),
        ("entities", "LOC", "Лом", "doccano"),
    ]
    with Project.open("news.db", readonly=True) as project:
        work = project.work(next(project.articles()).id, "iva")
        assert work.looked == {"entities"}  # nobody looked for boilerplate or stance
        assert work.status.state is State.STARTED


def test_a_label_left_out_is_counted(cli, file):
    ran = cli("import", "news.db", file, "--map-label", "PERSON=-", "--json")
    assert json.loads(ran.out)["left_out"]["label PERSON"] == 1
    assert [label for _, label, *_ in spans()] == ["LOC"]


def test_a_dry_run_writes_nothing(cli, file):
    ran = cli("import", "news.db", file, "--dry-run", "--json")
    told = json.loads(ran.out)
    assert ran.code == 1  # there are labels without a place
    assert told["articles"] == {"new": 1, "refused": 0}
    assert told["labels"] == {"entities/LOC": 1}
    assert told["unknown_labels"] == {"PERSON": 1}
    assert sorted(p.name for p in Path().iterdir()) == ["d.jsonl"]
    shown = cli("import", "news.db", file, "--dry-run", "--map-label", "PERSON=PER")
    assert shown.code == 0
    assert "Nothing was written" in shown.out


def test_the_same_again_changes_nothing_and_a_newer_version_replaces(cli, file):
    options = ("--map-label", "PERSON=PER", "--json")
    cli("import", "news.db", file, *options)
    again = json.loads(cli("import", "news.db", file, *options).out)
    assert again["decisions"]["unchanged"] == 1
    doccano("d.jsonl", {"id": 7, "text": TEXT, "label": [[22, 25, "LOC"]]})
    newer = json.loads(cli("import", "news.db", file, *options).out)
    assert newer["decisions"]["taken"] == 1
    assert [label for _, label, *_ in spans()] == ["LOC"]


def test_an_article_is_found_by_its_text(cli, own_home, file):
    Path("own-name.txt").write_text(TEXT, "utf-8")
    cli("import", "news.db", "own-name.txt")
    ran = cli(
        "import", "news.db", file, "--map-label", "PERSON=PER", "--annotator", "anna", "--json"
    )
    told = json.loads(ran.out)
    assert told["articles"]["new"] == 0
    with Project.open("news.db", readonly=True) as project:
        (article,) = project.articles()
        assert len(project.work(article.id, "anna").spans) == 2


def test_offsets_in_graphemes_are_found_out_by_quotes(cli, own_home):
    """Prodigy and doccano quote nothing; the brat file does, and counts something else."""
    Path("b.txt").write_text(TEXT, "utf-8")
    Path("b.ann").write_text("T1\tPER 5 15\tАна Лозева\n", "utf-8")  # UTF-16 units
    ran = cli("import", "news.db", "b.ann", "--json")
    assert json.loads(ran.out)["offsets_read_as"] == {"utf-16": 1}
    assert spans() == [("entities", "PER", "Ана Лозева", "brat")]


def test_a_quote_that_fits_nowhere_is_refused_and_the_rest_goes_in(cli, own_home):
    Path("in").mkdir()
    for name, start in (("one", 3), ("two", 4)):
        Path(f"in/{name}.txt").write_text(f"{TEXT} {name}", "utf-8")
        Path(f"in/{name}.ann").write_text(f"T1\tPER {start} {start + 10}\tАна Лозева\n", "utf-8")
    ran = cli("import", "news.db", "in", "--json")
    told = json.loads(ran.out)
    assert ran.code == 1
    assert told["articles"]["new"] == 1
    assert "do not cut out 'Ана Лозева' (tried: " in told["refused"][0]["reason"]


def test_a_second_record_of_the_same_work_is_refused(cli, own_home):
    record = {"text": TEXT, "label": [[22, 25, "LOC"]]}
    doccano("d.jsonl", {"id": 1, **record}, {"id": 1, **record, "label": []})
    ran = cli("import", "news.db", "d.jsonl", "--json")
    assert "came before, at d.jsonl:1" in json.loads(ran.out)["refused"][0]["reason"]
    assert len(spans()) == 1


def test_unfinished_work_is_not_done(cli, file):
    cli("import", "news.db", file, "--map-label", "PERSON=PER", "--unfinished")
    with Project.open("news.db", readonly=True) as project:
        work = project.work(next(project.articles()).id, "iva")
        assert (work.status.state, work.looked) == (State.STARTED, frozenset())


def answered(answers: str, scheme_name: str = "news") -> dict[str, str]:
    seen = Seen()
    seen.unknown.update({("", "PERSON"): 3, ("", "x\x1b[2J"): 1})
    seen.examples["", "PERSON"] = ["Ана"]
    lines = iter(answers.splitlines(keepends=True))
    with open("asked.txt", "w", encoding="utf-8") as stream:
        found = mapping.ask(seen, scheme_file.preset(scheme_name), lambda: next(lines, ""), stream)
    return {label: answer for (_, label), answer in found.items()}


def test_labels_are_asked_for(own_home):
    assert answered("nix\nPER\n-\n") == {"PERSON": "PER", "x\x1b[2J": "-"}
    asked = Path("asked.txt").read_text("utf-8")
    assert "PERSON (3 times, such as Ана) = " in asked
    assert "There is no label 'nix'." in asked
    assert "\x1b" not in asked


def test_an_answer_can_add_and_the_end_of_the_input_stops(own_home):
    assert answered("+\nentities/LOC\n")["PERSON"] == "+"
    with pytest.raises(AnnotatorError, match="nothing was imported"):
        answered("PER\n")


def test_suggestions_are_nobodys_work(cli, file):
    told = json.loads(
        cli("import", "news.db", file, "--map-label", "PERSON=PER", "--suggestions", "--json").out
    )
    assert told["suggested"] == 2
    with Project.open("news.db", "iva") as project:
        (article,) = project.articles()
        assert project.work(article.id).status.state is State.NEW
        found = project.suggestions(article.id)
        assert [(s.label, article.text[s.start : s.end], s.source) for s in found] == [
            ("PER", "Ана Лозева", "doccano"),
            ("LOC", "Лом", "doccano"),
        ]
    again = cli("import", "news.db", file, "--map-label", "PERSON=PER", "--suggestions", "--json")
    assert json.loads(again.out)["suggested"] == 0
    doccano("d.jsonl", {"id": 7, "text": TEXT, "label": []})
    cli("import", "news.db", file, "--kind", "doccano", "--suggestions")
    with Project.open("news.db", "iva") as project:
        assert project.suggestions(article.id) == ()


def test_work_is_done_when_the_file_speaks_of_every_layer(cli, file, own_home):
    scheme = (
        'name = "names"\nversion = 1\ntitle = "Names"\n[[layers]]\nname = "entities"\n'
        'title = "Entities"\nunit = "word"\noverlap = "nested"\nlabels = [\n'
        '{ name = "PERSON", key = "p", color = "red", title = "P" },\n'
        '{ name = "LOC", key = "l", color = "green", title = "L" },\n]\n'
    )
    Path("names.toml").write_text(scheme)
    ran = cli("import", "news.db", file, "--scheme", "names.toml")
    assert (ran.code, ran.err) == (0, "")
    with Project.open("news.db", readonly=True) as project:
        work = project.work(next(project.articles()).id, "iva")
        assert work.status.state is State.DONE


def test_labels_given_by_the_map_count_as_spoken_of(cli, own_home):
    doccano(
        "e.jsonl",
        {"id": 1, "text": TEXT, "label": [[3, 13, "X"]]},
        {"id": 2, "text": "Празно.", "label": []},
    )
    cli("import", "news.db", "e.jsonl", "--map-label", "X=boilerplate/nav")
    with Project.open("news.db", readonly=True) as project:
        looked = [project.work(a.id, "iva").looked for a in project.articles()]
        assert looked == [{"boilerplate"}, set()]  # doccano exports what nobody opened, too


def splits() -> dict[str, str]:
    with Project.open("news.db", readonly=True) as project:
        return project.splits()


def test_articles_come_in_with_a_split_and_keep_it(cli, own_home):
    lines = [{"id": n, "text": f"Новина {n}.", **s} for n, s in
             (("a", {"split": "test"}), ("b", {"split": "dev"}), ("c", {}))]  # fmt: skip
    Path("n.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    told = json.loads(cli("import", "news.db", "n.jsonl", "--split", "given", "--json").out)
    assert told["splits"] == {"test": 1, "dev": 1}
    assert splits() == {"a": "test", "b": "dev"}
    cli("import", "news.db", "n.jsonl", "--split", "train")
    assert splits() == {"a": "test", "b": "dev", "c": "train"}
    assert cli("import", "x.db", "n.jsonl", "--split", "../x").code == 2
    assert not Path("x.db").exists()


def test_the_test_split_gets_no_suggestions(cli, file):
    options = ("--map-label", "PERSON=PER", "--suggestions", "--split", "test")
    ran = cli("import", "news.db", file, *options)
    assert ran.code == 1
    assert "the test split, which gets no suggestions" in ran.out


def test_a_file_of_one_layer_leaves_the_rest_of_a_persons_work_alone(cli, own_home):
    """What came in before on other layers, stances, notes and the status are not taken away."""
    native = {
        "schema": "annotator/1", "scheme": {"name": "news", "version": 1}, "id": "x", "text": TEXT,
        "title": "", "source": "", "url": "", "date": "", "lang": "bg", "lang_source": "import",
        "group": "", "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "meta": {},
        "annotators": [{"name": "iva", "state": "done", "reason": "", "seconds": 3,
                        "looked": ["boilerplate", "entities", "stance"]}],
        "layers": {"entities": [], "boilerplate": [
            {"id": "b1", "annotator": "iva", "label": "headline", "start": 0, "end": 2,
             "text": TEXT[:2], "attrs": {}, "origin": "hand"}]},
        "stances": [{"annotator": "iva", "target": {"kind": "entity", "name": "Лом"},
                     "holder": {"kind": "author", "name": ""}, "label": "FAVOR",
                     "basis": "explicit", "confidence": 2, "evidence": [], "note": ""}],
        "notes": [{"id": "n1", "annotator": "iva", "note": "виж", "flag": False}],
    }  # fmt: skip
    Path("n.jsonl").write_text(json.dumps(native, ensure_ascii=False) + "\n", "utf-8")
    assert cli("import", "news.db", "n.jsonl").code == 0
    doccano("d.jsonl", {"id": "x", "text": TEXT, "label": [[22, 25, "LOC"]]})
    assert cli("import", "news.db", "d.jsonl", "--annotator", "iva").code == 0
    with Project.open("news.db", readonly=True) as project:
        work = project.work("x", "iva")
        assert [(s.layer, s.label) for s in work.spans] == [
            ("boilerplate", "headline"),
            ("entities", "LOC"),
        ]
        assert (len(work.stances), len(work.notes)) == (1, 1)
        assert work.status.state is State.DONE
        assert work.looked == {"boilerplate", "entities", "stance"}


def test_files_on_different_layers_come_in_side_by_side(cli, own_home):
    doccano("e.jsonl", {"id": "x", "text": TEXT, "label": [[22, 25, "LOC"]]})
    doccano("b.jsonl", {"id": "x", "text": TEXT, "label": [[0, 2, "nav"]]},
            {"id": "y", "text": "Меню.", "label": [[0, 4, "nav"]]})  # fmt: skip
    ran = cli("import", "news.db", "e.jsonl", "b.jsonl", "--annotator", "iva", "--json")
    assert (ran.code, ran.err) == (0, "")
    with Project.open("news.db", readonly=True) as project:
        assert {s.layer for s in project.work("x", "iva").spans} == {"boilerplate", "entities"}
        assert project.work("x", "iva").looked == {"boilerplate", "entities"}
        assert project.work("y", "iva").looked == {"boilerplate"}  # nobody looked for names there


def test_two_annotators_in_one_record_are_not_made_one(cli, own_home, file):
    cli("import", "one.db", file, "--map-label", "PERSON=PER", "--annotator", "iva")
    cli("import", "one.db", file, "--map-label", "PERSON=-", "--annotator", "bob")
    cli("export", "one.db", "--format", "standoff", "-o", "so.jsonl")
    Path("a.txt").write_text(TEXT, "utf-8")
    with Project.open("one.db", readonly=True) as project:
        (article,) = project.articles()
    doccano("t.jsonl", {"id": article.id, "text": TEXT})
    cli("import", "two.db", "t.jsonl")
    ran = cli("import", "two.db", "so.jsonl", "--annotator", "zoe", "--json")
    assert ran.code == 1
    assert "work of zoe" in json.loads(ran.out)["refused"][0]["reason"]


def test_a_new_label_that_is_no_name_is_said_before_anything_is_written(cli, own_home):
    doccano("d.jsonl", {"id": 1, "text": TEXT, "label": [[22, 25, "GPE/LOC"], [3, 13, "FAC"]]})
    ran = cli("import", "news.db", "d.jsonl", "--new-labels")
    assert ran.code == 2
    assert "'GPE/LOC' is not allowed" in ran.err
    assert "--map-label; nothing was imported" in ran.err
    assert not Path("news.db").exists()
    ran = cli("import", "news.db", "d.jsonl", "--new-labels", "--map-label", "GPE/LOC=GPE")
    assert ran.code == 0
    assert [label for _, label, *_ in spans()] == ["FAC", "GPE"]


def test_a_map_into_a_layer_there_is_not_names_it(cli, file):
    ran = cli("import", "news.db", file, "--map-label", "PERSON=bogus/PER")
    assert ran.code == 2
    assert "puts PERSON into the layer 'bogus'" in ran.err
    ran = cli("import", "news.db", file, "--map-label", "PERSON=PERR")
    assert "labels the scheme does not know: PERR." in ran.err
    assert not Path("news.db").exists()


def test_a_dry_run_says_what_a_run_would_refuse(cli, own_home):
    labels = [[3, 13, "person"], [22, 25, "Person"]]
    doccano("d.jsonl", {"id": 1, "text": TEXT, "label": labels})
    ran = cli("import", "news.db", "d.jsonl", "--new-labels", "--dry-run")
    assert ran.code == 2
    assert "differs from it in case only. Give it another name with --map-label" in ran.err


def test_a_dry_run_writes_its_refusals_too(cli, own_home):
    Path("b.txt").write_text(TEXT, "utf-8")
    Path("b.ann").write_text("T1\tPER 4 14\tАна Лозева\n", "utf-8")
    ran = cli("import", "news.db", "b.ann", "--dry-run", "--refused", "r.tsv")
    assert ran.code == 1
    assert "do not cut out" in Path("r.tsv").read_text("utf-8")


@pytest.mark.parametrize("option", [("--map-label", "A=B"), ("--new-labels",), ("--suggestions",)])
def test_what_is_said_of_annotations_where_there_are_none_is_refused(cli, own_home, option):
    Path("a.txt").write_text(TEXT, "utf-8")
    ran = cli("import", "news.db", "a.txt", *option)
    assert ran.code == 2
    assert f"{option[0]} is for annotations of other tools" in ran.err


def test_the_folder_one_is_in(cli, own_home):
    Path("a.txt").write_text(TEXT, "utf-8")
    assert cli("import", "news.db", ".").code in (0, 1)
    assert is_there(Path("news.db"))


def test_a_file_of_two_layers_says_only_what_each_article_shows(cli, own_home):
    doccano("d.jsonl", {"id": "x", "text": TEXT, "label": [[22, 25, "LOC"]]},
            {"id": "y", "text": "Меню. Лом.", "label": [[0, 4, "nav"], [6, 9, "LOC"]]})  # fmt: skip
    cli("import", "news.db", "d.jsonl")
    with Project.open("news.db", readonly=True) as project:
        looked = {a.id: project.work(a.id, "iva").looked for a in project.articles()}
    assert looked == {"x": {"entities"}, "y": {"boilerplate", "entities"}}


def test_splits_come_back_with_our_own_format(cli, own_home):
    Path("n.jsonl").write_text(json.dumps({"id": "a", "text": "Новина."}) + "\n")
    cli("import", "news.db", "n.jsonl", "--split", "test")
    cli("export", "news.db", "--format", "jsonl", "-o", "own.jsonl")
    cli("import", "two.db", "own.jsonl")
    with Project.open("two.db", readonly=True) as project:
        assert project.splits() == {"a": "test"}
    cli("export", "two.db", "--format", "jsonl", "-o", "again.jsonl")
    assert Path("own.jsonl").read_bytes() == Path("again.jsonl").read_bytes()


def test_labels_of_a_second_file_on_the_same_article_are_looked_at_too(cli, own_home):
    doccano("e.jsonl", {"id": "x", "text": TEXT, "label": [[22, 25, "LOC"]]})
    doccano("b.jsonl", {"id": "x", "text": TEXT, "label": [[0, 2, "nav"], [3, 13, "PERSON"]]})
    ran = cli("import", "news.db", "e.jsonl", "b.jsonl", "--annotator", "iva")
    assert ran.code == 2
    assert "labels the scheme does not know: PERSON." in ran.err
    options = ("--annotator", "iva", "--map-label", "PERSON=-", "--json")
    ran = cli("import", "news.db", "e.jsonl", "b.jsonl", *options)
    assert (ran.code, ran.err) == (0, "")
    assert {label for _, label, *_ in spans()} == {"LOC", "nav"}
