"""`annotator release` and exports of releases: frozen bytes, refusals, differences."""

import json
from pathlib import Path

import pytest
from release_kit import JUDGE, LEAD, annotated, decide, done_draft, save, span_draft

from annotator.model.person import Role
from annotator.model.scheme import Label
from annotator.model.scheme_change import add, find_layer, rename
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot, Why
from annotator.store.adjudicated import finished
from annotator.store.project import Project

FORMATS = (("jsonl", "x.jsonl", ("--votes",)), ("hf", "x-hf", ()), ("iob2", "x.iob2", ()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = annotated(tmp_path / "p.db")
    decide(path)
    return path


def made(cli, project: Path, version: str, *more: str) -> str:
    ran = cli("release", project, version, "--as", LEAD, *more)
    assert ran.code == 0, ran.err
    return ran.out


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def exported(cli, project: Path, folder: Path, *more: str) -> dict[str, bytes]:
    folder.mkdir()
    for name, output, options in FORMATS:
        ran = cli("export", project, "--format", name, "-o", folder / output, *options, *more)
        assert ran.code == 0, ran.err
    return files(folder)


def test_a_release_is_made_listed_and_shown(cli, project):
    assert cli("release", project).out == "There is no release yet.\n"
    out = made(cli, project, "1.0", "--note", "first")
    assert "Release 1.0, made 20" in out
    assert "articles: 2" in out
    assert "annotators: 3" in out
    assert "strict_f1" in out
    assert JUDGE not in out
    assert f"annotator export {project} --release 1.0 writes it." in out
    assert "first" in cli("release", project, "--list").out
    (told,) = json.loads(cli("release", project, "--json").out)
    assert told == json.loads(cli("release", project, "--show", "1.0", "--json").out)
    assert (told["who"], told["version"]) == (LEAD, "1.0")
    assert cli("release", project, "--show", "1.0").out == out[: out.rindex("Release 1.0 is made")]


def test_a_dry_run_makes_none(cli, project):
    out = made(cli, project, "1.0", "--dry-run")
    assert "Nothing was saved; without --dry-run this becomes release 1.0.\n" in out
    assert json.loads(cli("release", project, "--list", "--json").out) == []


def test_annotators_learn_nothing_from_a_dry_run(cli, project):
    with Project.open(project, LEAD) as opened:
        opened.set_people({LEAD: Role.LEAD, JUDGE: Role.ADJUDICATOR})
    for way in (("--dry-run",), ("--dry-run", "--gold", "agreed")):
        ran = cli("release", project, "1.0", *way, "--as", "iva")
        assert (ran.code, ran.out) == (2, "")
        assert "Only adjudicators may see what a release would hold" in ran.err
        assert cli("release", project, "1.0", *way, "--as", JUDGE).code == 0
    assert "Only leads" in cli("release", project, "1.0", "--as", JUDGE).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("",), "'' cannot be a release"),
        (("--gold", "majority"), "Say which release to make"),
        (("--note", "first"), "Say which release to make"),
        (("--dry-run",), "Say which release to make"),
        (("--list", "--allow-open"), "--allow-open goes with making a release"),
        (("--show", "1.0", "--names"), "--names goes with making a release"),
    ],
)
def test_nothing_is_listed_when_a_release_was_meant(cli, project, words, said):
    ran = cli("release", project, *words, "--as", LEAD)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_nothing_to_release_says_what_lacks(cli, tmp_path):
    path = tmp_path / "empty.db"
    with Project.create(path, preset("news"), LEAD):
        pass
    assert "annotator adjudicate does that" in cli("release", path, "1.0", "--as", LEAD).err
    ran = cli("release", path, "1.0", "--gold", "majority", "--as", LEAD)
    assert "nobody has finished a layer" in ran.err
    assert "adjudicate" not in ran.err


def test_numbers_come_in_one_order_before_and_after(cli, project):
    def numbers(out: str) -> list[str]:
        rows = [line.split() for line in out.splitlines() if line.startswith("  entities  ")]
        return [words[1] for words in rows if words[1].endswith("_f1")]

    trial = numbers(made(cli, project, "1.0", "--dry-run"))
    assert trial[0] == "strict_f1"
    assert numbers(made(cli, project, "1.0")) == trial


def test_answers_to_hidden_questions_are_no_votes_about_gold(cli, project, tmp_path):
    def told(gold: str) -> tuple[str, int, dict]:
        ran = cli("release", project, "9", "--dry-run", "--json", "--gold", gold, "--as", LEAD)
        found = json.loads(ran.out)
        return found["digest"], found["people"]["annotators"], found["open"]["states"]

    def exported(name: str, gold: str) -> bytes:
        output = tmp_path / f"{name}-{gold}.jsonl"
        cli("export", project, "--format", "jsonl", "--gold", gold, "-o", output)
        return output.read_bytes()

    policies = ("adjudicated", "majority", "agreed")
    before = {gold: (told(gold), exported("before", gold)) for gold in policies}
    with Project.open(project, LEAD) as opened:
        ready = finished(opened)
        opened.assign([Slot("bridge", "zoe", why=Why.GOLD), Slot("ferry", "zoe", why=Why.GOLD)])
        assert finished(opened) == ready, "nobody waits for an answer"
    save(project, "zoe", span_draft("bridge", "EVT", "Harbour Office"), done_draft("bridge", "zoe"),
         done_draft("ferry", "zoe"))  # fmt: skip
    assert {gold: (told(gold), exported("after", gold)) for gold in policies} == before
    with Project.open(project, LEAD) as opened:
        assert finished(opened) == ready
    made(cli, project, "1.0")
    output = tmp_path / "own.jsonl"
    cli("export", project, "--format", "jsonl", "-o", output)
    assert "zoe" in output.read_text(), "as somebody's own work they go out"


def test_refusals_have_a_sentence(cli, project):
    def refused(*argv: str) -> str:
        ran = cli("release", project, *argv, "--as", LEAD)
        assert ran.code == 2
        assert ran.out == ""
        return ran.err

    assert "cannot be a release" in refused("v1")
    assert "not both in one go" in refused("1.0", "--list")
    assert "no release '1.0' in p.db: none yet" in refused("--show", "1.0")
    save(project, "mila", span_draft("ferry", "PER", "Съветът"))
    assert "something is not decided: 1 stale; articles with such items: 1." in refused("1.0")
    out = made(cli, project, "1.0", "--dry-run")
    assert "not decided: 1 stale in 1 article" in out
    assert "this becomes release 1.0 (with --allow-open)." in out
    assert "left out for it: entities of 1" in made(cli, project, "1.0", "--allow-open")
    assert "There is a release 1.0 already" in refused("1.0")


def test_an_export_of_a_release_is_the_same_whatever_happens_since(cli, project, tmp_path):
    made(cli, project, "1.0")
    before = exported(cli, project, tmp_path / "before", "--release", "1.0")
    assert b'"gold":[' in before["x.jsonl"]
    assert json.loads(before["x.jsonl.manifest.json"])["facts"]["release"] == "1.0"
    save(project, "iva", span_draft("bridge", "LOC", "Novobryag"), done_draft("tunnel", "iva"))
    decide(project)
    with Project.open(project, LEAD) as opened:
        layer = find_layer(opened.scheme, "entities")
        opened.relabel(rename(opened.scheme, layer, "ORG", "BODY", ""))
        layer = find_layer(opened.scheme, "entities")
        opened.relabel(add(opened.scheme, layer, Label("LAW", "w", "Law", "blue")))
        opened.set_language("bridge", "bg")
        from annotator.model.split import Assigned

        opened.assign_splits([Assigned("bridge", "train")])
    (tmp_path / "g.md").write_text("## entities\nother\n")
    assert cli("guidelines", project, "--set", tmp_path / "g.md", "--as", LEAD).code == 0
    assert exported(cli, project, tmp_path / "after", "--release", "1.0") == before
    for _, output, _ in FORMATS:
        ran = cli("export", project, "--verify", tmp_path / "before" / output)
        assert ran.code == 0, ran.out
    made(cli, project, "1.1")
    assert exported(cli, project, tmp_path / "again", "--release", "1.0") == before
    assert exported(cli, project, tmp_path / "newer", "--release", "1.1") != before


def test_a_release_is_the_adjudicated_gold_of_its_time(cli, project, tmp_path):
    made(cli, project, "1.0")
    gold, released = (tmp_path / name for name in ("gold.jsonl", "released.jsonl"))
    assert (
        cli("export", project, "--format", "jsonl", "-o", gold, "--gold", "adjudicated").code == 0
    )
    assert cli("export", project, "--format", "jsonl", "-o", released, "--release", "1.0").code == 0
    lines = [json.loads(line) for line in gold.read_text().splitlines()]
    assert [line for line in lines if line["annotators"]] == [
        json.loads(line) for line in released.read_text().splitlines()
    ]
    assert cli("export", project, "--verify", gold).code == 0
    save(project, "mila", span_draft("ferry", "PER", "Съветът"))
    ran = cli("export", project, "--verify", gold)
    assert ran.code == 1
    assert "does not give these bytes now" in ran.out
    assert cli("export", project, "--verify", released).code == 0


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("--release", "2.0"), "no release '2.0'"),
        (("--release", "1.0", "--gold", "majority"), "leave --gold away"),
        (("--release", "1.0", "--annotator", "iva"), "leave --annotator away"),
        (("--gold", "adjudicated", "--status", "done"), "leave --status away"),
        (("--votes",), "--votes stand beside gold"),
    ],
)
def test_what_an_export_of_gold_cannot_be(cli, project, own_home, argv, says):
    made(cli, project, "1.0")
    ran = cli("export", project, "--format", "jsonl", "-o", "x.jsonl", *argv)
    assert ran.code == 2
    assert says in ran.err
    assert not (own_home / "x.jsonl").exists()


def test_exports_of_releases_can_be_chosen_from(cli, project, own_home):
    made(cli, project, "1.0")
    argv = (
        "--format",
        "jsonl",
        "--release",
        "1.0",
        "--layer",
        "entities",
        "--label",
        "PER",
        "--votes",
    )
    assert cli("export", project, "-o", "x.jsonl", *argv).code == 0
    bridge = json.loads((own_home / "x.jsonl").read_text().splitlines()[0])
    assert [span["label"] for span in bridge["layers"]["entities"]] == ["PER"]
    assert [item["answers"][0]["share"] for item in bridge["gold"]] == [1.0]
    assert cli("export", project, "--verify", "x.jsonl").code == 0


def test_votes_can_be_released_without_adjudication(cli, tmp_path):
    project = annotated(tmp_path / "q.db")
    out = made(cli, project, "0.1", "--gold", "majority")
    assert "gold: majority" in out
    assert "entities span without enough agreement" in out
    told = json.loads(cli("release", project, "--show", "0.1", "--json").out)
    assert told["counts"]["labels"] == {"entities/LOC": 1, "entities/ORG": 1, "entities/PER": 1}
    assert told["counts"]["methods"] == {"majority": 3, "unanimous": 3}
    made(cli, project, "0.2", "--gold", "agreed")
    ran = cli("release", project, "--diff", "0.1", "0.2")
    assert "From release 0.1 to 0.2: 0 new, 0 gone, 1 changed articles." in ran.out


def test_two_releases_are_compared(cli, project):
    made(cli, project, "1.0")
    save(project, "iva", span_draft("bridge", "LOC", "Novobryag"))
    decide(project)
    out = made(cli, project, "1.1")
    assert "Since release 1.0: 0 new, 0 gone, 1 changed." in out
    told = json.loads(cli("release", project, "--diff", "1.0", "1.1", "--json").out)
    assert told["articles"] == {"new": 0, "gone": 0, "changed": 1}
    assert told["labels"] == {"entities/LOC": {"added": 1, "removed": 0}}
    (change,) = told["changes"]
    assert (change["article"], change["removed"]) == ("bridge", [])
    assert change["added"][0].endswith("Novobryag")
    assert "Novobryag" in cli("release", project, "--diff", "1.0", "1.1").out
    back = json.loads(cli("release", project, "--diff", "1.1", "1.0", "--json").out)
    assert back["changes"][0]["removed"] == change["added"]


def test_names_on_request(cli, project):
    assert "annotators: 3 (iva, mila, petar)" in made(cli, project, "1.0", "--names")


def test_withdrawn_articles_are_left_out_and_told(cli, project, tmp_path):
    made(cli, project, "1.0")
    output = tmp_path / "x.jsonl"
    assert cli("export", project, "--format", "jsonl", "-o", output, "--release", "1.0").err == ""
    with Project.open(project, LEAD) as opened:
        opened.withdraw("ferry", "asked for")
    ran = cli("export", project, "--format", "jsonl", "-o", output, "--release", "1.0")
    assert ran.code == 0
    assert "Withdrawn since release 1.0 and left out: 1 article." in ran.err
    assert [json.loads(line)["id"] for line in output.read_text().splitlines()] == ["bridge"]
    assert "in it no more: 1 article" in cli("release", project, "--show", "1.0").out
    assert cli("export", project, "--verify", output).code == 0
