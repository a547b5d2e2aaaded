"""A project's place as one types it, and whose login an address names."""

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.store.address import Address, missing, place_of, typed

pytestmark = pytest.mark.file_only

BY_SOCKET = "postgresql://postgres@/news?host=/home/lena/news-server&port=6000"


def test_a_file_is_typed_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert typed(Path("news.db")) == "news.db"
    assert typed(tmp_path / "news.db") == "news.db"
    assert typed(tmp_path / "our news" / "news.db") == "'our news/news.db'"
    assert typed(Path("/elsewhere/news.db")) == "/elsewhere/news.db"
    assert typed("news.db") == "news.db"


def test_an_address_is_quoted_where_a_shell_would_read_it() -> None:
    assert typed(Address("postgresql://iva@db.example.org/news")) == (
        "postgresql://iva@db.example.org/news"
    )
    assert typed(Address(BY_SOCKET)) == f"'{BY_SOCKET}'"
    assert typed(BY_SOCKET) == f"'{BY_SOCKET}'"


@pytest.mark.parametrize(
    ("url", "user", "for_iva"),
    [
        ("postgresql://h/news", "", "postgresql://iva@h/news"),
        ("postgresql://h:6000/news?sslmode=require", "", "postgresql://iva@h:6000/news?sslmode=require"),
        ("postgresql:///news?host=/run/pg", "", "postgresql://iva@/news?host=/run/pg"),
        ("postgresql://@h/news", "", "postgresql://iva@h/news"),
        ("postgresql://bo%20ris@h/news", "bo ris", "postgresql://bo%20ris@h/news"),
        ("postgresql://h/news?user=boris", "boris", "postgresql://h/news?user=boris"),
    ],
)  # fmt: skip
def test_whose_login_an_address_names(url: str, user: str, for_iva: str) -> None:
    place = place_of(url)
    assert isinstance(place, Address)
    assert place.user == user
    assert str(place.for_user("iva")) == for_iva


@given(name=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1))
def test_any_name_can_be_a_login_s(name: str) -> None:
    found = place_of(str(Address("postgresql://h/news").for_user(name)))
    assert isinstance(found, Address)
    assert (found.user, found.name, found.known_as) == (name, "news", "h/news")
    assert shlex.split(typed(found)) == [str(found)]


@pytest.mark.parametrize("port", ["0", "65536", "5432x", "٥", "news", "1:2"])
def test_a_port_that_is_none_is_told_before_anybody_connects(port: str) -> None:
    with pytest.raises(AnnotatorError, match=rf"^{port} is no port: .*65535"):
        place_of(f"postgresql://iva@db.example.org:{port}/news")


@pytest.mark.parametrize(
    "hosts",
    ["h:65535", "[::1]", "[::1]:5433", "a:5432,b:5433", "%2Frun%2Fpg", "%2Frun%2Fpg:6000", ""],
)
def test_ports_that_are_some(hosts: str) -> None:
    assert isinstance(place_of(f"postgresql://iva@{hosts}/news"), Address)


def test_of_a_project_that_there_is_not_the_name_is_doubted_first() -> None:
    assert str(missing(Path("new's.db"))) == (
        "There is no project at new's.db: check its name, or make one with `annotator init 'new'\"'\"'s.db'`."
    )
    assert "or make one with `annotator server init postgresql://h/news`" in str(
        missing(Address("postgresql://h/news"))
    )
