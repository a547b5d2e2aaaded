"""Who may come in: people with a link of their own, or those whom a proxy vouches for.

Each person gets a token, made when the server starts; it goes once from the link to the server, which
gives a cookie for it. Of both only digests are kept here. A proxy says who somebody is in a header
that counts only together with a secret that the two share: on a machine with several users an address
alone would vouch for anybody.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError

SECRET_HEADER = "X-Annotator-Secret"  # noqa: S105  # the name of a header
TOKEN_BYTES = 32
"""Bytes of randomness in a token and in a cookie."""
LEAST_SECRET = 16
"""Characters that the secret shared with a proxy must have."""


class Proxy(NamedTuple):
    """What a proxy sends."""

    header: str
    """The header with the user's name."""
    secret: str
    """What it sends as `SECRET_HEADER`."""


class Doors:
    """Tells who somebody is from what they show."""

    def __init__(self, people: Sequence[str], proxy: Proxy | None = None) -> None:
        """`people` may come in; with a `proxy` that is whom it vouches for, if anybody is named.

        Raises:
            AnnotatorError: a name cannot be an annotator's, or is there twice.
        """
        self.people = tuple(valid_name(name) for name in people)
        twice = {name for name in self.people if self.people.count(name) > 1}
        if twice:
            raise AnnotatorError(f"{min(twice)} is named twice.")
        self._proxy = proxy
        self._tokens: dict[str, bytes] = {}
        self._cookies: dict[str, bytes] = {}
        self._salt = secrets.token_bytes(TOKEN_BYTES)

    @property
    def is_proxied(self) -> bool:
        """Whether a proxy says who somebody is; then there are no tokens."""
        return self._proxy is not None

    def new_tokens(self) -> dict[str, str]:
        """A new token for each person, by name; earlier ones and their cookies are void."""
        tokens = {name: secrets.token_urlsafe(TOKEN_BYTES) for name in self.people}
        self._tokens = {name: _digest(token) for name, token in tokens.items()}
        self._cookies = {name: _digest(self._cookie(token)) for name, token in tokens.items()}
        return tokens

    def enter(self, token: str) -> str | None:
        """The cookie for a token; None when it is nobody's."""
        return None if self._holder(self._tokens, token) is None else self._cookie(token)

    def holder(self, cookie: str) -> str | None:
        """Whose cookie it is; None when it is nobody's."""
        return self._holder(self._cookies, cookie)

    def vouched(self, headers: Mapping[str, Sequence[str]]) -> str | None:
        """Whom the proxy vouches for, from all values of its two headers by lower-case names.

        None without the secret, with a name twice, or one that cannot come in.
        """
        if self._proxy is None:
            return None
        shown = headers.get(SECRET_HEADER.lower(), ())
        names = headers.get(self._proxy.header.lower(), ())
        if len(shown) != 1 or len(names) != 1 or not _same(shown[0], self._proxy.secret):
            return None
        try:
            name = valid_name(names[0])
        except AnnotatorError:
            return None
        return name if not self.people or name in self.people else None

    def _cookie(self, token: str) -> str:
        """The cookie that belongs to a token; nobody can tell one from the other."""
        return hmac.new(self._salt, token.encode("utf-8", "replace"), sha256).hexdigest()

    @staticmethod
    def _holder(digests: Mapping[str, bytes], shown: str) -> str | None:
        """Whose it is; takes as long for each wrong one."""
        digest = _digest(shown)
        matches = [name for name, each in digests.items() if hmac.compare_digest(each, digest)]
        return matches[0] if matches else None


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "replace")).digest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(_digest(one), _digest(other))
