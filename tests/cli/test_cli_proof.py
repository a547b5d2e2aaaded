"""Every export has a manifest and sums, and can be proved against its project."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from engines import stands_for

from annotator.model import scheme_file
from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.project import Project

TEXT = "🇧🇬 Ана Лозева отиде в Лом.\nМеню\n"


def decide(project: Project, article: str, *spans: tuple[str, int, int]) -> None:
    drafts = []
    for label, start, end in spans:
        layer = "boilerplate" if label == "nav" else "entities"
        span = Span(f"{article}{start}", layer, label, start, end)
        drafts.append(Draft(Kind.SPAN, span.key, article, span.body(TEXT)))
    done = Status(State.DONE, "", 60).body()
    drafts.append(Draft(Kind.STATUS, Status.key("iva", article), article, done))
    project.submit(Act("label", tuple(drafts))).result()


@pytest.fixture
def project(own_home: Path) -> Path:
    with Project.create("news.db", scheme_file.preset("news"), "iva") as project:
        list(
            project.add(
                [Article("a", TEXT, lang="bg", source="Вести"), Article("b", TEXT, lang="bg")]
            )
        )
        decide(project, "a", ("PER", 3, 13), ("LOC", 22, 25), ("nav", 27, 31))
    return own_home


def told(path: str) -> dict:
    return json.loads(Path(path).read_text("utf-8"))


def test_the_manifest_says_what_went_in_and_out(cli, project):
    assert cli("export", "news.db", "--format", "iob2", "-o", "x.iob2").code == 0
    manifest = told("x.iob2.manifest.json")
    assert manifest["format"] == "iob2"
    assert manifest["went_in"]["labels"] == {
        "boilerplate/nav": 1,
        "entities/LOC": 1,
        "entities/PER": 1,
    }
    assert manifest["went_in"]["annotators"] == {"iva": 1}
    assert manifest["went_in"]["methods"] == {"hand": 3}
    assert manifest["went_out"]["entities"] == 2
    assert manifest["scheme"]["name"] == "news"
    assert manifest["versions"]["unicode"]
    assert {loss["what"] for loss in manifest["losses"]} >= {"span of layer boilerplate"}
    with Project.open("news.db", readonly=True) as opened:
        assert manifest["newest_event"] == max(opened.work("a", "iva").versions.values())


def test_the_sums_are_what_sha256sum_checks(cli, project):
    assert cli("export", "news.db", "--format", "iob2", "-o", "x.iob2").code == 0
    done = subprocess.run(["sha256sum", "-c", "x.iob2.sha256"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.count(": OK") == 3  # the file, its offsets, the manifest
    for name, sum_ in told("x.iob2.manifest.json")["files"].items():
        assert hashlib.sha256(Path(name).read_bytes()).hexdigest() == sum_


@pytest.mark.parametrize(
    "options",
    [
        ("--format", "jsonl", "-o", "out"),
        ("--format", "cleaneval", "-o", "out"),
        ("--format", "iob2", "--map", "conll4", "--lang", "bg", "--status", "done", "-o", "out"),
        (
            "--format",
            "iob2",
            "--gold",
            "agreed",
            "--cut",
            "strict-body",
            "--whole-tokens",
            "-o",
            "out",
        ),
    ],
)
def test_an_export_is_proved_with_the_options_it_was_made_with(cli, project, options):
    assert cli("export", "news.db", *options).code == 0
    ran = cli("export", "news.db", "--verify", "out")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("gives the same bytes: proved.\n")


def test_a_folder_too(cli, project):
    Path("clean").mkdir()
    assert cli("export", "news.db", "--format", "cleaneval", "-o", "clean").code == 0
    assert sorted(p.name for p in Path("clean").iterdir()) == [
        "SHA256SUMS",
        "a.txt",
        "index.tsv",
        "manifest.json",
    ]
    assert cli("export", "news.db", "--verify", "clean").code == 0
    Path("clean/a.txt").write_text("другое")
    ran = cli("export", "news.db", "--verify", "clean")
    assert ran.code == 1
    assert "a.txt: changed since it was written." in ran.out


def test_newer_decisions_are_found_out(cli, project):
    cli("export", "news.db", "--format", "jsonl", "-o", "out")
    with Project.open("news.db", "iva") as opened:
        decide(opened, "b", ("PER", 3, 6))
    ran = cli("export", "news.db", "--verify", "out")
    assert ran.code == 1
    shown = stands_for(Path("news.db"))
    assert f"{shown} does not give these bytes now: out. Decisions were made since" in ran.out


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda: Path("out.manifest.json").unlink(), "has no manifest out.manifest.json"),
        (lambda: Path("out.manifest.json").write_text("{"), "is damaged: it is not JSON"),
        (lambda: Path("out.manifest.json").write_text("[]"), "not a manifest of the schema"),
        (
            lambda: Path("out.manifest.json").write_text('{"schema":"annotator-manifest/1"}'),
            "is damaged: it has no fit",
        ),
        (lambda: Path("out.sha256").unlink(), "out.sha256 cannot be read"),
        (lambda: Path("out").unlink(), "There is no file or folder out"),
    ],
)
def test_what_cannot_be_proved_is_one_sentence(cli, project, spoil, says):
    cli("export", "news.db", "--format", "jsonl", "-o", "out")
    spoil()
    ran = cli("export", "news.db", "--verify", "out")
    assert ran.code == 2
    assert says in ran.err


def test_a_name_that_leads_out_is_not_followed(cli, project):
    cli("export", "news.db", "--format", "jsonl", "-o", "out")
    lines = Path("out.sha256").read_text() + "0" * 64 + "  ../../etc/passwd\n"
    Path("out.sha256").write_text(lines)
    ran = cli("export", "news.db", "--verify", "out")
    assert ran.code == 1
    assert "../../etc/passwd: this name leads out of the export." in ran.out


def test_wrong_choices_are_one_sentence(cli, project):
    assert "Say what to write" in cli("export", "news.db", "-o", "x").err
    assert (
        "no layer 'x'"
        in cli("export", "news.db", "--format", "jsonl", "--layer", "x", "-o", "x").err
    )
    assert (
        "no label map nix"
        in cli("export", "news.db", "--format", "jsonl", "--map", "nix", "-o", "x").err
    )
    ran = cli("export", "news.db", "--format", "jsonl", "--parquet", "-o", "x")
    assert "The format jsonl has no option parquet." in ran.err
    assert not Path("x").exists()


def test_a_planted_file_and_a_forged_manifest_are_found_out(cli, project):
    cli("export", "news.db", "--format", "brat", "-o", "brat")
    Path("brat/evil.txt").write_text("Чуждо")
    ran = cli("export", "news.db", "--verify", "brat")
    assert ran.code == 1
    assert "evil.txt: this file is not of the export." in ran.out
    Path("brat/evil.txt").unlink()
    manifest = told("brat/manifest.json")
    manifest["went_in"]["articles"] = {"bg": 100_000}
    text = json.dumps(manifest)
    Path("brat/manifest.json").write_text(text)
    sums = Path("brat/SHA256SUMS").read_text().splitlines(keepends=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    kept = [line for line in sums if "manifest.json" not in line]
    Path("brat/SHA256SUMS").write_text("".join([*kept, f"{digest}  manifest.json\n"]))
    ran = cli("export", "news.db", "--verify", "brat")
    assert ran.code == 1
    assert "The manifest says another 'went_in' than the project gives now." in ran.out


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"offsets": "foo"}},
        {"selection": {"labelled_as": "x"}},
        {"selection": {"langs": 5}, "options": {"layer": []}},
        {"format": "nix"},
    ],
)
def test_a_damaged_manifest_is_one_sentence(cli, project, change):
    cli("export", "news.db", "--format", "jsonl", "-o", "out")
    manifest = told("out.manifest.json") | change
    Path("out.manifest.json").write_text(json.dumps(manifest))
    ran = cli("export", "news.db", "--verify", "out")
    assert ran.code in (1, 2)
    assert ran.err.count("\n") == (1 if ran.code == 2 else 0)


def test_a_manifest_nested_without_end(cli, project):
    cli("export", "news.db", "--format", "jsonl", "-o", "out")
    Path("out.manifest.json").write_text("[" * 100_000)
    ran = cli("export", "news.db", "--verify", "out")
    assert (ran.code, ran.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--lang", "english"), "No article fits what was chosen"),
        (("--split", "validation"), "No article fits"),
        (("--annotator", "ivaa"), "Nobody named ivaa worked on these articles"),
    ],
)
def test_a_slip_of_the_finger_gives_no_empty_export(cli, project, options, says):
    ran = cli("export", "news.db", "--format", "jsonl", *options, "-o", "x")
    assert ran.code == 2
    assert says in ran.err
    assert not list(Path().glob("x*"))


def test_gold_of_one_annotator(cli, project):
    ran = cli(
        "export", "news.db", "--format", "iob2", "--gold", "agreed", "--annotator", "iva", "-o", "x"
    )
    assert ran.code == 0
    assert told("x.manifest.json")["went_out"]["entities"] == 2


def test_a_map_of_one_layer_leaves_a_folder_that_loads(cli, project):
    assert cli("export", "news.db", "--format", "hf", "--map", "conll4", "-o", "hf").code == 0
    card = Path("hf/README.md").read_text("utf-8")
    assert "names:\n  -" not in card
    assert (
        "class_label:\n            names:\n"
        not in card.split("- name: boilerplate")[1].split("- name: entities")[0]
    )
