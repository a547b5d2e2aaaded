"""Who may come in, where is listened, and what a file of secrets must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.web.address import Address, checked
from annotator.web.doors import Doors, Proxy
from annotator.web.seat import Size, environment

SECRET = "s" * 20
NETWORK = {"network": True, "named": True, "public": "https://we.example.org"}


def test_a_token_opens_for_its_person_and_is_kept_nowhere():
    doors = Doors(["iva", "boris"])
    tokens = doors.new_tokens()
    cookie = doors.enter(tokens["iva"])
    assert cookie is not None
    assert doors.holder(cookie) == "iva"
    assert doors.holder(tokens["iva"]) is None
    assert doors.enter(cookie) is None
    kept = repr(vars(doors))
    assert not any(secret in kept for secret in (*tokens.values(), cookie))
    again = doors.new_tokens()
    assert doors.enter(tokens["iva"]) is None
    assert doors.holder(cookie) is None
    assert set(again.values()).isdisjoint(tokens.values())


@given(st.text(max_size=50))
def test_anything_else_is_nobody(text):
    doors = Doors(["iva"])
    assert (doors.enter(text), doors.holder(text)) == (None, None)  # before there are tokens
    doors.new_tokens()
    assert (doors.enter(text), doors.holder(text)) == (None, None)


@pytest.mark.parametrize("names", [["iva", "iva"], [""], ["a:b"], ["a\nb"], ["x" * 65]])
def test_only_annotators_names_once(names):
    with pytest.raises(AnnotatorError):
        Doors(names)


@pytest.mark.parametrize(
    ("names", "secrets", "person"),
    [
        (["iva"], [SECRET], "iva"),
        (["Яна Ω"], [SECRET], "Яна Ω"),
        (["iva"], [], None),
        (["iva"], ["s" * 19], None),
        (["iva"], [SECRET, SECRET], None),
        (["iva", "lead"], [SECRET], None),
        ([], [SECRET], None),
        ([""], [SECRET], None),
        (["a:b"], [SECRET], None),
        (["a\udcff"], [SECRET], None),
    ],
)
def test_a_proxy_vouches_with_its_secret_for_one_valid_name(names, secrets, person):
    doors = Doors([], Proxy("X-User", SECRET))
    assert doors.vouched({"x-user": names, "x-annotator-secret": secrets}) == person


def test_with_people_named_the_proxy_vouches_for_these_only():
    doors = Doors(["iva"], Proxy("X-User", SECRET))
    shown = {"x-annotator-secret": [SECRET]}
    assert doors.vouched({**shown, "x-user": ["iva"]}) == "iva"
    assert doors.vouched({**shown, "x-user": ["boris"]}) is None
    assert Doors(["iva"]).vouched({**shown, "x-user": ["iva"]}) is None


def test_the_names_of_this_machine_and_the_public_one_are_known():
    address = Address("127.0.0.1", 8100)
    assert address.hosts == {"127.0.0.1:8100", "localhost:8100", "[::1]:8100"}
    assert address.origins == {f"http://{host}" for host in address.hosts}
    assert address.url == "http://127.0.0.1:8100/"
    public = checked("127.0.0.1", 8100, "https://We.example.org:443/labels/", False, False)
    assert public.secure
    assert public.hosts == address.hosts | {"we.example.org"}
    assert public.origins == {"https://we.example.org"}
    assert Address("::1", 8100).url == "http://[::1]:8100/"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_needs_nothing_said(host):
    assert checked(host, 8100, "", False, False).port == 8100


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "::ffff:10.0.0.1"])
def test_other_addresses_are_refused_unless_all_is_said(host):
    assert checked(host, 8100, **NETWORK).public == NETWORK["public"]
    for left_out, nothing in (("network", False), ("named", False), ("public", "")):
        with pytest.raises(AnnotatorError, match=f"--{left_out}" if left_out != "named" else "--p"):
            checked(host, 8100, **{**NETWORK, left_out: nothing})


@pytest.mark.parametrize(
    "public",
    [
        "http://we.example.org",
        "we.example.org",
        "ftp://we.example.org",
        "https://",
        "https://iva:pw@we.example.org",
        "https://we.example.org/?a",
        "https://we.example.org/#a",
        "https://we.example.org:99999",
        "https://[::1",
    ],
)
def test_what_people_open_is_an_encrypted_place(public):
    with pytest.raises(AnnotatorError, match="--public"):
        checked("127.0.0.1", 8100, public, False, False)
    assert checked("127.0.0.1", 0, "http://localhost:9000", False, False).origins == {
        "http://localhost:9000"
    }


def test_a_host_name_is_no_address():
    with pytest.raises(AnnotatorError, match="--host"):
        checked("we.example.org", 8100, **NETWORK)


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ((100, 30), (100, 30)),
        ((None, None), (80, 24)),
        (("9", 1e9), (80, 24)),
        ((True, -5), (80, 5)),
        ((10**30, 10**30), (500, 300)),
    ],
)
def test_a_windows_size_is_within_reason(said, size):
    assert Size.fit(*said) == size


def test_the_process_knows_nothing_of_the_servers_terminal(monkeypatch):
    for name in ("TMUX", "TERM_PROGRAM", "KITTY_WINDOW_ID", "TEXTUAL_DRIVER", "SSH_AUTH_SOCK"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("TERM", "dumb")
    seen = environment("/there/iva.toml")
    assert not {"TMUX", "TERM_PROGRAM", "KITTY_WINDOW_ID", "TEXTUAL_DRIVER", "SSH_AUTH_SOCK"} & set(
        seen
    )
    assert (seen["TERM"], seen["ANNOTATOR_CONFIG"]) == ("xterm-256color", "/there/iva.toml")
