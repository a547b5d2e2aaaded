"""Identities given before: counted as spans come and go, offered by use, group and form."""

from pathlib import Path

from store_help import caches, serious, tamper

from annotator.model.annotation import Kind, Span
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.project import Project
from annotator.text.forms import form_key

TEXT = "Мери Колева пристигна. Колева говори. След Колева говори Иван Дъб от Дъбрава."


def give(
    project: Project, article: str, surface: str, label: str = "PER", span: str = "", **attrs: str
) -> Act:
    """An act that labels the first place of a surface."""
    text = project.article(article).text
    start = text.index(surface)
    name = span or f"{article}-{surface}"
    made = Span(name, "entities", label, start, start + len(surface), attrs)
    return Act("label", (Draft(Kind.SPAN, made.key, article, made.body(text)),))


def removal(article: str, span: str) -> Act:
    return Act("remove", (Draft(Kind.SPAN, f"span:{span}", article, None),))


def listed(project: Project, group: str = "", surface: str = "") -> list[tuple[str, str, int, int]]:
    return [
        (k.xid, k.lemma, k.uses, k.in_group) for k in project.identities("entities", group, surface)
    ]


def add(project: Project) -> None:
    offered = [Article(f"t{n}", f"{TEXT} {n}", group="tree" if n else "") for n in range(3)]
    assert len(list(project.add(offered))) == 3


def test_each_identity_once_with_its_use(project: Project) -> None:
    add(project)
    acts = [
        give(project, "t0", "Мери Колева", xid="PER-Mary-Kolewa", lemma="Мери Колева"),
        give(project, "t1", "Мери Колева", xid="PER-Mary-Kolewa", lemma="Мери Колева"),
        give(project, "t1", "Колева", xid="PER-Mary-Kolewa", lemma="Колева"),
        give(project, "t1", "Дъбрава", "LOC", lemma="Дъбрава"),
        give(project, "t2", "Иван Дъб"),
    ]
    for act in acts:
        project.submit(act).result()
    assert listed(project) == [
        ("PER-Mary-Kolewa", "Мери Колева", 3, 0),
        ("", "Дъбрава", 1, 0),
    ]
    assert listed(project, "tree") == [
        ("PER-Mary-Kolewa", "Мери Колева", 3, 2),
        ("", "Дъбрава", 1, 1),
    ]
    known = project.identities("entities")[0]
    assert known.forms == (form_key("Мери Колева"), form_key("Колева"))
    assert known.label == "PER"
    assert project.identities("boilerplate") == []


def test_counts_follow_the_spans(project: Project) -> None:
    add(project)
    first = give(project, "t0", "Колева", span="k", xid="PER-K")
    project.submit(first).result()
    project.submit(give(project, "t1", "Колева", span="k1", xid="PER-K")).result()
    project.submit(give(project, "t0", "Колева", span="k", xid="PER-Koleva")).result()
    assert listed(project) == [("PER-K", "", 1, 0), ("PER-Koleva", "", 1, 0)]
    project.submit(removal("t1", "k1")).result()
    assert listed(project) == [("PER-Koleva", "", 1, 0)]
    project.submit(give(project, "t0", "Колева", span="k")).result()
    assert listed(project) == []
    assert serious(project) == []


def test_everybody_is_offered_their_own(path: Path) -> None:
    with Project.open(path, "ann") as project:
        add(project)
        project.submit(give(project, "t0", "Колева", xid="PER-Ann")).result()
        project.submit(give(project, "t0", "Колева", span="b", xid="PER-Bea"), "bea").result()
        assert listed(project) == [("PER-Ann", "", 1, 0)]
    with Project.open(path, "bea", readonly=True) as project:
        assert listed(project) == [("PER-Bea", "", 1, 0)]


def test_rebuilding_counts_the_same(path: Path) -> None:
    with Project.open(path, "ann") as project:
        add(project)
        for n in range(3):
            project.submit(give(project, f"t{n}", "Колева", xid="PER-K", lemma="Колева")).result()
        project.submit(give(project, "t0", "Дъбрава", "LOC", xid="LOC-D")).result()
        project.submit(removal("t1", "t1-Колева")).result()
    counted = caches(path)["identity"]
    assert sorted(row[-1] for row in counted) == [1, 2]
    tamper(path, "UPDATE identity SET uses = 7 WHERE xid = 'PER-K'")
    with Project.open(path, "ann") as project:
        assert any("identities" in problem for problem in serious(project))
        project.rebuild()
        assert serious(project) == []
    assert caches(path)["identity"] == counted


def test_a_lost_or_invented_count_is_found(path: Path) -> None:
    with Project.open(path, "ann") as project:
        add(project)
        project.submit(give(project, "t0", "Колева", xid="PER-K")).result()
    tamper(path, "DELETE FROM identity")
    with Project.open(path, "ann") as project:
        assert any("identities" in problem for problem in serious(project))
        project.rebuild()
    tamper(path, "INSERT INTO identity VALUES ('ann', 'entities', 'x', 'PER-X', '', 'PER', 1)")
    with Project.open(path, "ann") as project:
        assert any("identities" in problem for problem in serious(project))


def test_a_rare_identity_of_the_same_form_is_offered_too(path: Path, monkeypatch) -> None:
    monkeypatch.setattr("annotator.store.identities.MOST", 1)
    with Project.open(path, "ann") as project:
        add(project)
        for n in range(3):
            project.submit(give(project, f"t{n}", "Дъбрава", "LOC", xid="LOC-D")).result()
        project.submit(give(project, "t0", "Колева", xid="PER-K")).result()
        assert listed(project) == [("LOC-D", "", 3, 0)]
        assert listed(project, surface="колева") == [("LOC-D", "", 3, 0), ("PER-K", "", 1, 0)]
        assert listed(project, surface=" \t") == [("LOC-D", "", 3, 0)]


def test_odd_attributes_are_no_identities(path: Path) -> None:
    with Project.open(path, "ann") as project:
        add(project)
        act = give(project, "t0", "Колева", uncertain="yes")
        project.submit(act).result()
        made = Span("odd", "entities", "PER", 0, 4, {"xid": 7, "lemma": ["a"]})
        draft = Draft(Kind.SPAN, made.key, "t0", made.body(TEXT + " 0"))
        project.submit(Act("import", (draft,))).result()
        assert listed(project) == []
        assert serious(project) == []
