"""Other tools' files, damaged by the thousand: read or refused with a reason, never a traceback.

The seeds are our own exports in every format that is read, and the real files in ../shared where that
is there. `make test-long` damages them 10,000 times, `make test` a sample of that.
"""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from formats_kit import SHARED
from formats_samples import documents, news
from test_source_fuzz import HOSTILE, mutated

from annotator.cli.foreign import Brought, Foreign
from annotator.cli.main import main
from annotator.formats.claims import Record
from annotator.formats.labelling import Labelling
from annotator.formats.registry import export
from annotator.formats.sources.guess import read
from annotator.formats.sources.incoming import ReadOptions, Refusal
from annotator.formats.table import OWN
from annotator.model.errors import AnnotatorError
from annotator.store.project import Project

ROUNDS = 10_000 if os.environ.get("ANNOTATOR_LONG") == "1" else 1_000
THROUGH_THE_COMMAND = 300 if os.environ.get("ANNOTATOR_LONG") == "1" else 15
ACCIDENTS = [
    *HOSTILE,
    *(b"\t", b"\t\t", b"-1", b"1e3", b"0", b"T1\tPER 0 999999999999\tx\n", b"B-", b"I-", b"%TYPES"),
    *(
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"#FORMAT=WebAnno TSV 3.3\n",
        b"null",
        b"[[1,2,3]]",
        b"\\N",
    ),
]
WHOLE = ("brat", "slavicner", "bsnlp", "hf")
"""Exports that are folders read as one."""


def _seeds(folder: Path) -> Iterator[Path]:
    """Files and folders to damage."""
    for format_ in OWN:
        if format_.name in ("spacy", "html", "cleaneval", "stance-tsv", "article-extraction"):
            continue
        target = folder / f"own-{format_.name}{format_.suffix}"
        export(format_.name, documents()[:1], news(), target)
        yield target
    if SHARED.is_dir():
        for path in sorted((SHARED / "foreign").rglob("*")):
            if path.is_file() and path.stat().st_size < 60_000 and "LICENSE" not in path.name:
                yield path


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(_seeds(tmp_path_factory.mktemp("seeds")))


def damaged(chance: random.Random, seed: Path, folder: Path) -> Path:
    """A damaged copy of a file, or of one file of a folder, with what belongs beside it."""
    target = folder / seed.name
    if seed.is_dir():
        shutil.copytree(seed, target)
        place = chance.choice(sorted(p for p in target.rglob("*") if p.is_file()))
    else:
        stem = seed.name.split(".")[0]
        for beside in seed.parent.iterdir():
            if beside.is_file() and beside.name.split(".")[0] == stem:
                shutil.copy(beside, folder / beside.name)
        place = target
    os.chmod(place, 0o644)
    data = place.read_bytes()
    if chance.random() < 0.5:
        data = mutated(chance, data)
    else:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice(ACCIDENTS) + data[at:]
    place.write_bytes(data)
    return target


def bring(path: Path) -> tuple[int, int]:
    """Read a damaged file to its end: how many records came, and how many refusals."""
    foreign = Foreign(None, Labelling(news()), "", "anna")
    came = refused = 0
    for item in read(path, ReadOptions()):
        given = foreign.bring(item) if isinstance(item, Record) else item
        if isinstance(given, Refusal):
            refused += 1
            assert given.reason
            assert given.where
            given.reason.encode()
        elif isinstance(given, Brought):
            came += 1
            given.article.text.encode()
            for span in given.spans:
                assert 0 <= span.start < span.end <= len(given.article.text)
    return came, refused


def test_damaged_files_are_read_or_refused(seeds, tmp_path):
    came = refused = stopped = 0
    for round_ in range(ROUNDS):
        chance = random.Random(round_)
        folder = tmp_path / "now"
        folder.mkdir()
        path = damaged(chance, chance.choice(seeds), folder)
        try:
            one, other = bring(path)
        except AnnotatorError:  # one sentence for all of it
            stopped += 1
        except Exception as error:
            raise AssertionError(f"round {round_}: {path.name}: {error!r}") from error
        else:
            came, refused = came + one, refused + other
        shutil.rmtree(folder)
    assert min(came, refused) > ROUNDS // 20, (came, refused, stopped)


def test_the_command_says_one_line_and_changes_nothing_it_refuses(
    seeds, tmp_path, monkeypatch, capfd
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(tmp_path / "none.toml"))
    project = tmp_path / "news.db"
    Project.create(project, news(), "anna").close()
    for round_ in range(THROUGH_THE_COMMAND):
        chance = random.Random(f"command {round_}")
        folder = tmp_path / "now"
        folder.mkdir()
        path = damaged(chance, chance.choice(seeds), folder)
        with Project.open(project, readonly=True) as opened:
            before = opened.vector(), opened.count()
        words = ["import", str(project), str(path), "--as", "anna", "--no-languages"]
        capfd.readouterr()
        code = main(words)
        said = capfd.readouterr()
        assert code in (0, 1, 2), (round_, path.name, said.err)
        assert "Traceback" not in said.err
        with Project.open(project, readonly=True) as opened:
            after = opened.vector(), opened.count()
            assert not [p for p in opened.verify() if p.severity == "error"]
        if code == 2:
            assert after == before, (round_, path.name)
            assert said.err.count("\n") == 1
        shutil.rmtree(folder)
