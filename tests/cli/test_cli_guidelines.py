"""`annotator guidelines` from the command line: versions, what they touch, what rests on older ones."""

import json
from pathlib import Path

import pytest
from release_kit import JUDGE, LEAD, annotated, decide, done_draft, save

from annotator.model.annotation import Kind
from annotator.model.event import Draft
from annotator.model.person import Person, Role
from annotator.store.project import Project

OLD = "# Guide\n## entities\nnames\n### ORG\noffices\n### PER\npeople\n"
NEW = OLD.replace("offices", "offices, ministries too").replace(
    "### PER", "### LOC\nplaces\n### PER"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return annotated(tmp_path / "p.db")


@pytest.fixture
def files(own_home: Path) -> tuple[str, str]:
    (own_home / "old.md").write_text(OLD)
    (own_home / "new.md").write_text(NEW)
    return "old.md", "new.md"


def test_the_guidelines_are_printed(cli, project):
    ran = cli("guidelines", project)
    assert ran.code == 0
    assert ran.out.startswith("Guidelines, version 1, the scheme's own\n")
    assert "## entities" in ran.out
    told = json.loads(cli("guidelines", project, "--json").out)
    assert (told["version"], told["when"]) == ("1", "")


def test_a_new_version_says_what_it_touches(cli, project, files):
    ran = cli("guidelines", project, "--set", files[0], "--version", "1.3", "--as", LEAD)
    assert ran.code == 0, ran.err
    assert "are now version 1.3 (minor), about" in ran.out
    ran = cli(
        "guidelines", project, "--set", files[1], "--change", "major", "--note", "why", "--as", LEAD
    )
    counts = "8 annotations of 3 annotators, in 3 articles"
    assert ran.out.splitlines() == [
        "entities/org: changed",
        "entities/loc: new",
        "The guidelines are now version 2.0 (major), about entities/LOC, entities/ORG.",
        f"Made on older ones: {counts}; annotator guidelines {project} --recheck lists them.",
    ]
    ran = cli("guidelines", project)
    assert "version 2.0, set 20" in ran.out
    assert f"by {LEAD}\n" in ran.out
    log = json.loads(cli("guidelines", project, "--log", "--json").out)
    assert [(each["version"], each["change"], each["note"]) for each in log] == [
        ("1", "minor", ""),
        ("1.3", "minor", ""),
        ("2.0", "major", "why"),
    ]
    assert "why" in cli("guidelines", project, "--log").out
    with Project.open(project, readonly=True) as opened:
        assert opened.scheme.guidelines == NEW


def test_versions_and_texts_that_cannot_be(cli, project, files, own_home):
    def refused(*argv: str) -> str:
        ran = cli("guidelines", project, "--set", *argv, "--as", LEAD)
        assert ran.code == 2
        assert ran.out == ""
        return ran.err

    assert "at version 1 already" in refused(files[0], "--version", "1.0")
    assert "cannot be a version of guidelines" in refused(files[0], "--version", "two")
    assert "no label 'NIX'" in refused(files[0], "--about", "entities/NIX")
    assert "cannot be read" in refused("missing.md")
    (own_home / "bad.md").write_bytes(b"\xff")
    assert "not UTF-8 at byte 0" in refused("bad.md")
    (own_home / "empty.md").write_bytes(b" \n")
    assert "the text is empty" in refused("empty.md")
    cli("guidelines", project, "--set", files[0], "--as", LEAD)
    assert "says just that already" in refused(files[0])
    (own_home / "intro.md").write_text(OLD.replace("# Guide", "# The guide\nbe careful"))
    assert "No section on a layer or label differs" in refused("intro.md", "--change", "major")
    assert json.loads(cli("guidelines", project, "--log", "--json").out)[-1]["version"] == "1.1"


def test_only_leads_set_them(cli, project, files):
    person = Person(LEAD, Role.LEAD)
    save(project, LEAD, Draft(Kind.PERSON, person.key, "", person.body()))
    ran = cli("guidelines", project, "--set", files[0], "--as", "iva")
    assert ran.code == 2
    assert "Only leads may set the guidelines" in ran.err
    assert cli("guidelines", project, "--set", files[0], "--as", LEAD).code == 0


def test_a_dry_run_changes_nothing(cli, project, files):
    ran = cli("guidelines", project, "--set", files[0], "--version", "4.0", "--dry-run")
    assert "would be version 4.0" in ran.out
    assert len(json.loads(cli("guidelines", project, "--log", "--json").out)) == 1


def test_about_can_be_said(cli, project, files):
    argv = ("--set", files[0], "--change", "major", "--about", "stance", "--about", "entities/PER")
    told = json.loads(cli("guidelines", project, *argv, "--json", "--as", LEAD).out)
    assert told["about"] == ["entities/PER", "stance"]
    assert {each["article"] for each in told["outdated"]} == {"bridge"}
    assert "text" not in told


def test_versions_are_compared_and_written(cli, project, files, own_home):
    cli("guidelines", project, "--set", files[0], "--version", "1.3", "--as", LEAD)
    cli("guidelines", project, "--set", files[1], "--version", "1.4", "--as", LEAD)
    lines = cli("guidelines", project, "--diff", "1.3", "1.4").out.splitlines()
    assert lines[:4] == ["entities/org: changed", "entities/loc: new", "--- 1.3", "+++ 1.4"]
    assert "+offices, ministries too" in lines
    assert cli("guidelines", project, "--diff", "1.3", "1.3").out == "They are the same.\n"
    assert "There is no version '9'" in cli("guidelines", project, "--diff", "1.3", "9").err
    assert cli("guidelines", project, "--export", "out.md", "--version", "1.3").code == 0
    assert (own_home / "out.md").read_text() == OLD
    again = cli("guidelines", project, "--export", "out.md")
    assert (again.code, "exists already" in again.err) == (2, True)
    assert cli("guidelines", project, "--version", "1.3").out.endswith("people\n")


def test_what_rests_on_older_ones_is_listed(cli, project, files):
    assert cli("guidelines", project, "--recheck").out == "Nothing rests on older guidelines.\n"
    decide(project, articles=["bridge"], note="is an office a place?", guideline=True)
    cli("guidelines", project, "--set", files[0], "--version", "2.0", "--change", "major",
        "--about", "entities/ORG", "--as", LEAD)  # fmt: skip
    told = json.loads(cli("guidelines", project, "--recheck", "--json").out)
    assert [(each["article"], each["actor"], each["version"]) for each in told] == [
        ("bridge", "iva", "1"),
        ("bridge", "mila", "1"),
        ("bridge", JUDGE, "1"),
        ("ferry", "iva", "1"),
        ("tunnel", "iva", "1"),
    ]
    assert told[2]["marked"] == len(told[2]["items"]) == 1
    ran = cli("guidelines", project, "--recheck", "2.0")
    assert (
        "Made on older ones: 4 annotations of 2 annotators and 1 decision, in 3 articles."
        in ran.out
    )
    save(project, "iva", done_draft("bridge", "iva"))
    listed = cli("guidelines", project, "--recheck", "--list").out
    assert listed == f"bridge\tmila\nbridge\t{JUDGE}\nferry\tiva\ntunnel\tiva\n"
    assert "no version '7'" in cli("guidelines", project, "--recheck", "7").err


def test_problems_of_the_guidelines_are_listed(cli, project):
    assert "No decision is marked" in cli("guidelines", project, "--problems").out
    decide(project, articles=["ferry"])
    decide(project, articles=["bridge"], note="is an office a place?", guideline=True)
    ran = cli("guidelines", project, "--problems")
    assert "is an office a place?" in ran.out
    assert "ferry" not in ran.out
    told = json.loads(cli("guidelines", project, "--problems", "--json").out)
    assert {each["actor"] for each in told} == {JUDGE}
    assert {each["version"] for each in told} == {"1"}


def test_annotators_see_only_what_they_did_themselves(cli, project, files):
    decide(project, articles=["bridge"], note="is an office a place?", guideline=True)
    with Project.open(project, LEAD) as opened:
        opened.set_people({LEAD: Role.LEAD, JUDGE: Role.ADJUDICATOR, "iva": Role.ANNOTATOR})
    cli("guidelines", project, "--set", files[0], "--version", "1.3", "--as", LEAD)
    cli("guidelines", project, "--set", files[1], "--change", "major", "--as", LEAD)

    def names(*who: str) -> set[str]:
        told = json.loads(cli("guidelines", project, "--recheck", "--json", *who).out)
        return {each["actor"] for each in told}

    assert names("--as", JUDGE) == {"iva", "mila", "petar", JUDGE}
    assert names("--as", "iva") == {"iva"}
    ran = cli("guidelines", project, "--problems", "--as", "iva")
    assert (ran.code, ran.out) == (2, "")
    assert "Only adjudicators may see what was decided" in ran.err
    assert "is an office" in cli("guidelines", project, "--problems", "--as", JUDGE).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--note", "x"), "--note goes with --set"),
        (("--change", "major"), "--change goes with --set"),
        (("--log", "--about", "entities"), "--about goes with --set"),
        (("--recheck", "--dry-run"), "--dry-run goes with --set"),
        (("--list",), "--list goes with --recheck"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(cli, project, words, said):
    ran = cli("guidelines", project, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_hostile_text_stays_text(cli, project, own_home):
    (own_home / "x.md").write_text("## entities\n\x1b[31mred\u202e\n")
    cli("guidelines", project, "--set", "x.md", "--note", "\x1b[2J", "--as", LEAD)
    for argv in ((), ("--log",), ("--diff", "1", "1.1"), ("--json",)):
        ran = cli("guidelines", project, *argv)
        assert ran.code == 0
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
