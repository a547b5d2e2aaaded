"""Where `serve` listens and by which names it may be called: refused unless that is safe.

Two attacks come through a browser that is somewhere else. A page of another site may open a
connection here with the visitor's cookie (the request's `Origin` tells), and a name of another site
may be made to lead to this machine (the request's `Host` tells). Both are compared with what is
written here.
"""

import ipaddress
from typing import NamedTuple
from urllib.parse import urlsplit

from annotator.model.errors import AnnotatorError

LOOPBACK = "127.0.0.1"
"""Where it listens if nothing else is said: nobody outside of this machine can connect."""
DEFAULT_PORTS = {"http": 80, "https": 443}


class Address(NamedTuple):
    """Where to listen, and as what people reach it."""

    host: str = LOOPBACK
    """A numeric address."""
    port: int = 0
    """0 takes a free one."""
    public: str = ""
    """What people open, without the `/` at its end; "" where that is this machine itself."""

    @property
    def url(self) -> str:
        """What people open, with the `/` at its end."""
        return f"{self.public or f'http://{_bracketed(self.host)}:{self.port}'}/"

    @property
    def secure(self) -> bool:
        """Whether it is reached through https."""
        return self.public.startswith("https:")

    @property
    def hosts(self) -> frozenset[str]:
        """The values of `Host` that mean this server, in lower case.

        With those of the machine itself: a proxy may send the address that it connects to.
        """
        here = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost", "[::1]")}
        if _is_loopback(self.host):
            here.add(f"{_bracketed(self.host)}:{self.port}")
        return frozenset(here | ({_netloc(self.public)} if self.public else set()))

    @property
    def origins(self) -> frozenset[str]:
        """The values of `Origin` of this server's own page."""
        if self.public:
            return frozenset({f"{urlsplit(self.public).scheme}://{_netloc(self.public)}"})
        return frozenset(f"http://{host}" for host in self.hosts)


def checked(host: str, port: int, public: str, network: bool, named: bool) -> Address:
    """The address, if it may be listened on.

    Args:
        host: An address, or "localhost".
        port: The port; 0 takes a free one.
        public: What people open, "" for the address itself.
        network: Whether other machines were allowed to connect.
        named: Whether it was said who may come in.

    Raises:
        AnnotatorError: it may not; the sentence says what is missing.
    """
    host = LOOPBACK if host == "localhost" else host
    try:
        loopback = _is_loopback(host)
    except ValueError:
        raise AnnotatorError(f"--host takes an address such as {LOOPBACK}, not {host!r}.") from None
    public = _checked_public(public) if public else ""
    if not loopback:
        missing = [
            words
            for given, words in (
                (network, "--network (other machines may connect)"),
                (named, "--people or --user-header (who may come in)"),
                (public, "--public https://… (what they open: a proxy that encrypts)"),
            )
            if not given
        ]
        if missing:
            raise AnnotatorError(
                f"{host} can be reached from other machines; that also takes {'; '.join(missing)}."
            )
    return Address(host, port, public)


def _checked_public(public: str) -> str:
    """What people open, checked, without the `/` at its end."""
    try:
        parts = urlsplit(public)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    extra = parts.query or parts.fragment or "@" in parts.netloc or port == 0
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or extra:
        raise AnnotatorError(
            f"--public takes what people open, such as https://labels.example.org, not {public!r}."
        )
    if parts.scheme == "http" and not _is_local_name(parts.hostname):
        raise AnnotatorError(
            "--public must begin with https://: otherwise the network reads everybody's key and work."
        )
    return public.rstrip("/")


def _is_local_name(name: str) -> bool:
    """Whether a name in a URL means the machine of whoever opens it."""
    try:
        return name == "localhost" or _is_loopback(name)
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    """Raises ValueError when this is no numeric address."""
    return ipaddress.ip_address(host).is_loopback


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _netloc(url: str) -> str:
    """Host and port as browsers send them: lower case, no default port."""
    parts = urlsplit(url)
    name = _bracketed(parts.hostname or "")
    port = parts.port
    return name if port in (None, DEFAULT_PORTS[parts.scheme]) else f"{name}:{port}"
