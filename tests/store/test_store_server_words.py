"""The word index of a server finds what that of a file finds."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store import folding, migrations, words
from annotator.store.address import Address, Place, place_of
from annotator.store.engine import Connection, writer_connection
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.store.words import TITLES, WORDS, Piece, Sought

Conns = list[Connection]

LETTERS = (
    "abABáÁàa\u0301\u0327\u0308 xX--''\"\"..,,\n\t__##*()&|!:<>\\ 019٣५½²Ⅸ ßẞſﬁıİIǆǅøØłŁαάΣσςΩ"
    "авАВёЁйИии\u0306ѝѢ\u0301ԱաաეაႠ א\u05d0\u05b8بُ\u064bپ हिन्दी\u094d\u093f தமிழ் ไทยสวัสดี\u0e31 ລາວ ကမ္ဘာ ខ្មែរ"
    "中国人民金正恩朝鲜ひらがなカタカナがか\u3099ﾊﾟﾋﾟー 한글\u1112\u1161\u11ab 𝐀𝒜ｆｕｌｌＦ 🇧🇬😀👨‍👩‍👧\u200d\u200b\u00ad\ufeff\u202e\u2028\u3000\xa0"
    "\u0378\u0530\uffff\ufffe\ue000\U000f0000\U0010ffff\U0001e900𐐀"
)
"""Of many scripts, with marks, digits, what is written twice or not at all, and what nobody assigned."""
TEXTS = st.text(st.sampled_from(LETTERS), max_size=40) | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20
)


@pytest.fixture
def conns(pg_url: Callable[[], str], tmp_path: Path) -> Iterator[Conns]:
    """Writing connections to the tables of a file and of a server."""
    places: list[Place] = [tmp_path / "p.db", place_of(pg_url())]
    for place in places:
        Project.create(place, preset("news"), "ann").close()
    found = [writer_connection(place) for place in places]
    yield found
    for conn in found:
        conn.close()


def put(conns: Conns, name: str, texts: list[str]) -> None:
    for conn in conns:
        conn.begin()
        conn.words.add(conn, name, [(n, words.indexed(text)) for n, text in enumerate(texts, 1)])


def forget(conns: Conns) -> None:
    for conn in conns:
        conn.execute("ROLLBACK")


def numbers(conn: Connection, sought: Sought | None, of: int) -> list[int]:
    """The numbers that are found, which must be those that pass the test."""
    if sought is None:
        return []
    sql = f"SELECT {sought.number} FROM {sought.start} ORDER BY 1"
    led = [n for (n,) in conn.execute(sql, sought.params).fetchall()]
    every = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, of + 1))
    sql = f"SELECT a.n FROM ({every}) a WHERE {sought.test} ORDER BY a.n"
    assert [n for (n,) in conn.execute(sql, sought.params).fetchall()] == led
    return led


def found(conns: Conns, typed: str, of: int, name: str = WORDS) -> list[int]:
    """What a search finds, which both engines must agree on."""
    wanted = words.pieces(typed)
    if name == TITLES:
        wanted = [Piece(word, True) for piece in wanted for word in words.tokens(piece.words)]
    if not wanted:
        return []
    file, server = (numbers(conn, conn.words.sought(name, wanted), of) for conn in conns)
    assert file == server, (typed, file, server)
    return server


def slices(texts: list[str]) -> st.SearchStrategy[str]:
    """A part of one of the texts, perhaps in quotes."""
    one = st.sampled_from(texts).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(1, 12)).map(
            lambda cut: text[cut[0] : cut[0] + cut[1]]
        )
    )
    return st.tuples(one, st.sampled_from(("{}", '"{}"', "{} ", '"{} "'))).map(
        lambda pair: pair[1].format(pair[0].replace('"', ""))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_the_same_articles_are_found(conns: Conns, data: st.DataObject) -> None:
    texts = data.draw(st.lists(TEXTS, min_size=1, max_size=6))
    name = data.draw(st.sampled_from((WORDS, TITLES)))
    typed = st.lists(slices(texts) | TEXTS, min_size=1, max_size=3)
    asked = data.draw(st.lists(typed, min_size=8, max_size=8))
    put(conns, name, texts)
    try:
        for parts in asked:
            found(conns, " ".join(parts), len(texts), name)
            found(conns, "".join(parts), len(texts), name)
    finally:
        forget(conns)


CASES = {
    "чен-ун": [1], "ЧЕН УН": [1, 2], '"ун чен"': [2], "金正": [3], "正金": [], "金恩": [4], "恩": [3, 4],
    "cafe": [5], "CAFÉ ": [5], "caf": [5], '"caf"': [], "été ": [5], "и": [6], "й": [6], "ии": [], "full": [7],
    "#": [], "'": [], "a\\b": [8], "x & y | !z": [8], "x:*": [8], "xyz": [], "วัส": [9], "สวดี": [], "ＦＵＬＬ": [7],
    '"a b"': [8], "b a": [8], '"b x"': [8], "\u0301": [], "\u0378": [], "\u0378x": [], "x\u0378": [], "김정": [11], "김정 ": [],
}  # fmt: skip


def test_cases(conns: Conns) -> None:
    texts = [
        "Чен-ун", "ун чен", "金正恩", "金。\n恩", "Cafe\u0301, Été", "й и", "ＦＵＬＬ", "a\\b 'x' & y | !z", "สวัสดี",
        "\u0378", "김정은",
    ]  # fmt: skip
    put(conns, WORDS, texts)
    assert {typed: found(conns, typed, len(texts)) for typed in CASES} == CASES
    forget(conns)


def test_texts_beyond_the_limits_of_a_tsvector(conns: Conns) -> None:
    """A megabyte of words, 16,383 places, 2,046 bytes of a word; and 32,768 bytes in a file's index."""
    many = [f"слово{n:06}" for n in range(70_000)]
    endless = "ж" * 3000
    texts = [
        " ".join(many),
        " ".join(["a", "b"] * 20_000 + ["b", "a", "a"]),
        f"x {endless}ъ y",
        "金" * 30_000 + "恩",
        "ю" * 16_384 + "я",
        "слово000001",
    ]
    put(conns, WORDS, texts)
    seen = {
        typed: found(conns, typed, len(texts))
        for typed in (
            "слово069999 ", "слово06999", "слово000001", "слово07", '"слово069998 слово069999"',
            '"слово069999 слово069998"', '"b b a"', '"b a a"', '"a a a"', endless, endless + " ", endless + "ъ ",
            endless + "ъа", f'"{endless}ъ y"', endless[:400], endless[:500], endless[:500] + " ", "金恩", "恩金",
            "ю" * 16_384 + "ё ", "ю" * 16_383 + " ", "y слово000001", "x a",
        )
    }  # fmt: skip
    forget(conns)
    assert list(seen.values()) == [
        [1], [1], [1, 6], [], [1], [], [2], [2], [], [3], [], [3], [], [3], [3], [3], [], [4], [], [5], [], [], []
    ]  # fmt: skip


def test_an_index_that_is_changed(conns: Conns) -> None:
    for conn in conns:
        conn.begin()
        conn.words.add(conn, WORDS, [(1, "a b"), (2, "b"), (3, "c")])
        conn.words.remove(conn, WORDS, 2, "b")
        conn.words.add(conn, WORDS, [(2, "d")])
    assert [found(conns, typed, 3) for typed in ("b ", "d ", "c ")] == [[1], [2], [3]]
    forget(conns)


def test_rows_are_counted_after_an_import(projects: list[Project]) -> None:
    """The planner goes by how many there are; nobody else counts them soon enough."""
    address = projects[1].path
    sql = "SELECT reltuples FROM pg_class WHERE relname = ?"
    with closing(writer_connection(address)) as conn:
        assert [
            conn.execute(sql, (name,)).fetchone()[0] for name in ("article", "article_text")
        ] == [30, 30]


@pytest.fixture
def projects(pg_url: Callable[[], str], tmp_path: Path) -> Iterator[list[Project]]:
    """A file and a server with the same thirty articles."""
    both = []
    for place in (tmp_path / "p.db", place_of(pg_url())):
        Project.create(place, preset("news"), "ann").close()
        both.append(Project.open(place, "ann"))
        texts = ("Ким Чен-ун в Пхенян", "Чен Ким и Ун", "金正恩会见客人", "no words")
        articles = (
            Article(
                f"a{n}", texts[n % 4], title=f"Title {n % 3} {texts[n % 4][:4]}", source=f"s{n % 5}"
            )
            for n in range(30)
        )
        list(both[-1].add(articles))
        while both[-1].index_words(7):
            pass
    yield both
    for project in both:
        project.close()


def test_pages_are_full(projects: list[Project]) -> None:
    """What the index leads to and is not there takes no place on a page."""
    for typed, of in (('"чен ун"', 8), ("чен ким", 16), ("正恩", 7), ("恩正", 0), ("пхен", 8)):
        told = []
        for project in projects:
            pages, after = [], 0
            while page := project.search(typed, 3, after):
                pages.append(page)
                after = page[-1].n
            assert [len(page) for page in pages[:-1]] == [3] * (len(pages) - 1)
            assert sum(map(len, pages)) == of
            told.append(pages)
        assert told[0] == told[1]


def test_filters_with_words(projects: list[Project], monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that lead to articles, and words that articles are tried for, forwards and backwards."""
    from annotator.store import filters, statements

    wheres = [
        Filter(words=typed, source=source)
        for typed in ('"чен ун"', "чен", "正恩", "恩正", "none", "пхен no")
        for source in ("", "s1", "s9")
    ]
    for few in (filters.FEW, 2, 0):  # how many are few decides what leads
        monkeypatch.setattr(filters, "FEW", few)
        monkeypatch.setattr(statements, "MET", few)
        for sort in ("number", "-number", "source", "title", "random:1"):
            file, server = (
                [
                    [[row.id for row in project.page(where, sort, limit=4)] for where in wheres],
                    [project.count(where, limit) for where in wheres for limit in (0, 3)],
                    [
                        [row.id for row in project.page(where, sort, before=15, limit=3)]
                        for where in wheres
                    ],
                ]
                for project in projects
            )
            assert file == server, (few, sort)


def test_titles_as_one_types(projects: list[Project]) -> None:
    for typed in ("t", "ti", "title 1", "1 чен", "金", "чен к", "a7", "x"):
        file, server = (
            [[row.id for row in project.titled(typed, 4, after)] for after in (0, 12)]
            for project in projects
        )
        assert file == server, typed


def test_words_of_a_withdrawn_article_are_gone(projects: list[Project]) -> None:
    for project in projects:
        project.withdraw("a2", "asked to")
        assert [hit.article for hit in project.search("正恩", 2)] == ["a6", "a10"]
        assert "a2" not in [row.id for row in project.titled("title 金", 50)]
    address = projects[1].path
    assert isinstance(address, Address)
    with closing(writer_connection(address)) as conn:
        for table in words.TABLES.values():
            rows = conn.execute(f"SELECT count(*), max(n) FROM {table}").fetchall()
            assert rows == [(29, 30)]


def test_the_tokenizer_asked_is_that_of_files() -> None:
    made = [sql for sql in (migrations._WORDS, migrations._TITLES) if folding.TOKENIZER in sql]
    assert len(made) == 2


@given(TEXTS)
@example("a" * 40_000)
@example(" ")
def test_folded_words_stay_as_they_are(text: str) -> None:
    once = folding.folded(words.indexed(text))
    again = folding.folded(" ".join(once))
    assert [word for word in once if word] == again
    assert all(len(word.encode()) <= folding.LONGEST for word in once)
