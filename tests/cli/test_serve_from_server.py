"""`annotator serve` with a project on a server: who connects with which login."""

from argparse import Namespace

import pytest

pytest.importorskip("aiohttp", reason="the extra `serve` is not installed")

from pathlib import Path

from annotator.cli import connecting, main, serving
from annotator.cli import serving_from_server as far
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.accounts import Account
from annotator.store.address import Address
from annotator.web.doors import Doors, Proxy

OWN = Address("postgresql://db.example.org/news?sslmode=require")
IVA = Address("postgresql://iva@db.example.org/news")
PROXY = Proxy("X-User", "a secret of the two")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The logins whose accounts were looked up; `vera` leads, others annotate."""
    found: list[str] = []

    def account_of(place: Address) -> Account:
        found.append(place.user)
        return Account(place.user, Role.LEAD if place.user == "vera" else Role.ANNOTATOR)

    monkeypatch.setattr(connecting, "account_of", account_of)
    return found


def test_everybody_connects_with_their_own_login_where_the_address_names_none(
    asked: list[str],
) -> None:
    far.let_in(OWN, Doors(["iva", "Борис Б"]))
    assert asked == ["iva", "Борис Б"]
    assert str(far.place_for(OWN, "iva")) == "postgresql://iva@db.example.org/news?sslmode=require"
    assert far.place_for(IVA, "boris") == IVA
    assert far.place_for(Path("news.db"), "boris") == Path("news.db")


def test_a_lead_s_login_is_for_all(asked: list[str]) -> None:
    lead = Address("postgresql://vera@db.example.org/news")
    far.let_in(lead, Doors(["iva", "boris"]))
    far.let_in(lead, Doors([], PROXY))
    assert asked == ["vera", "vera"]


@pytest.mark.parametrize("doors", [Doors(["iva", "boris"]), Doors(["boris"]), Doors([], PROXY)])
@pytest.mark.usefixtures("asked")
def test_an_annotator_s_login_is_for_nobody_else(doors: Doors) -> None:
    with pytest.raises(AnnotatorError, match="for iva alone"):
        far.let_in(IVA, doors)
    far.let_in(IVA, Doors(["iva"]))


@pytest.mark.usefixtures("asked")
def test_the_login_says_who_one_is_where_one_serves_oneself() -> None:
    args = Namespace(project=str(IVA), actor=None, people=[], user_header=None)
    far.say_who(IVA, args)
    assert args.actor == "iva"
    for several in ({"people": ["iva,boris"]}, {"user_header": "X-User"}):
        args = Namespace(
            project=str(IVA), actor=None, **{"people": [], "user_header": None, **several}
        )
        far.say_who(IVA, args)
        assert args.actor is None


def test_the_command_settles_it_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "prepare", lambda _: 1 / 0)
    seen: list[str] = []
    monkeypatch.setattr(serving, "run", lambda args: seen.append(args.project) or 0)
    assert main.main(["serve", str(OWN), "--people", "iva"]) == 0
    assert seen == [str(OWN)]
