"""The stance TSV: golden bytes, and a checker with the rules of the task's scorer."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from formats_samples import BRIDGE, check_golden, documents, news, several

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.registry import export
from annotator.model.annotation import Party, Stance, State, Status, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme


def exported(
    docs: list[Document], folder: Path, scheme: Scheme | None = None, **options: object
) -> tuple[str, Losses]:
    path = folder / "out.tsv"
    losses = export("stance-tsv", docs, scheme or news(), path, Options(**options))
    return path.read_text("utf-8"), losses


def scorer_reads(data: str) -> list[list[str]]:
    """The lines as the task's scorer takes them; fails where it would."""
    lines = data.splitlines()
    assert lines[0] == "ID\tTarget\tTweet\tStance"
    rows = [line.split("\t") for line in lines[1:]]
    assert all(len(row) == 4 for row in rows)
    assert all(row[3] in ("FAVOR", "AGAINST", "NONE", "UNKNOWN") for row in rows)
    assert len({row[0] for row in rows}) == len(rows)
    assert all(cell.strip() for row in rows for cell in row)
    return rows


def test_bytes_are_kept(tmp_path):
    data, losses = exported(documents(), tmp_path, quoted=True)
    check_golden("stance.tsv", data.encode())
    check_golden("stance.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_only_the_author_by_default(tmp_path):
    data, losses = exported(documents(), tmp_path)
    rows = scorer_reads(data)
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("bridge#entity:Мостът край Лом#author", "Мостът край Лом", "NONE"),
        ("bridge#proposition:Заплатите%09да се платят#author", "Заплатите да се платят", "AGAINST"),
        ("harbour%231#entity:Порт#author", "Порт", "AGAINST"),
    ]
    assert losses["stance of a holder of kind quoted"] == 1
    assert losses["NEUTRAL written as NONE"] == 1
    assert losses["evidence of a stance"] == 1
    assert losses["basis, confidence or note of a stance"] == 3
    assert losses.written == {
        "articles": 2, "articles by anna": 2, "NONE lines": 1, "AGAINST lines": 2
    }  # fmt: skip


def test_quoted_holders_get_ids_of_their_own(tmp_path):
    data, losses = exported(documents(), tmp_path, quoted=True)
    row = scorer_reads(data)[1]
    assert row[0] == "bridge#entity:Мостът край Лом#quoted:Йоан Петров"
    assert row[3] == "FAVOR"
    assert losses["stance of a holder of kind quoted"] == 0


def test_python_reads_it_without_quoting(tmp_path):
    text = 'Той каза: "Да\tили не".\r\nКрай"'
    stance = Stance(Party("entity", '"Да"'), "FAVOR")
    docs = [Document(Article("q", text), (Work("q", "anna", stances=(stance,)),))]
    data, _ = exported(docs, tmp_path)
    rows = list(csv.DictReader(data.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows == [
        {
            "ID": 'q#entity:"Да"#author',
            "Target": '"Да"',
            "Tweet": 'Той каза: "Да или не". Край"',
            "Stance": "FAVOR",
        }
    ]


def test_nothing_in_a_text_breaks_a_line(tmp_path):
    text = "а" + "".join(chr(code) for code in (*range(1, 32), 0x7F, 0x85, 0x2028, 0x2029)) + "б"
    stances = tuple(Stance(Party("proposition", f"x{char}y"), "FAVOR") for char in text)
    docs = [Document(Article(text, text), (Work(text, "anna", stances=stances),))]
    data, _ = exported(docs, tmp_path)
    assert len(scorer_reads(data)) == len(stances)
    assert len(data.splitlines()) == data.count("\n")


def test_targets_of_the_scheme_not_discussed_are_none(tmp_path):
    layer = replace(news().stance_layer, targets=("Мостът е нужен", "Портът е нужен"))
    layers = tuple(layer if one.name == layer.name else one for one in news().layers)
    scheme = replace(news(), layers=layers)
    said = Stance(Party("proposition", "Мостът е нужен"), "FAVOR")
    work = Work("bridge", "anna", stances=(said,), looked=frozenset({"stance"}))
    data, _ = exported([Document(Article("bridge", BRIDGE), (work,))], tmp_path, scheme)
    assert [row[1:4:2] for row in scorer_reads(data)] == [
        ["Мостът е нужен", "FAVOR"],
        ["Портът е нужен", "NONE"],
    ]
    unlooked = replace(work, looked=frozenset())
    data, _ = exported([Document(Article("bridge", BRIDGE), (unlooked,))], tmp_path, scheme)
    assert len(scorer_reads(data)) == 1


def test_a_label_the_task_does_not_know_is_left_out_and_said(tmp_path):
    work = Work("b", "anna", stances=(Stance(Party("entity", "x"), "MOCKS"),))
    data, losses = exported([Document(Article("b", BRIDGE), (work,))], tmp_path)
    assert scorer_reads(data) == []
    assert losses["stance MOCKS, which the task does not know"] == 1


def test_one_of_several_annotators_must_be_chosen(tmp_path):
    docs = several()[:1]
    done = replace(docs[0].works[1], status=Status(State.DONE))
    docs = [Document(docs[0].article, (docs[0].works[0], done))]
    with pytest.raises(AnnotatorError, match="choose one"):
        exported(docs, tmp_path)
    assert len(scorer_reads(exported(docs, tmp_path, annotator="anna")[0])) == 2


def test_a_scheme_without_stance_is_refused(tmp_path):
    scheme = replace(news(), layers=news().span_layers)
    with pytest.raises(AnnotatorError, match="no stance layer"):
        exported(documents(), tmp_path, scheme)
