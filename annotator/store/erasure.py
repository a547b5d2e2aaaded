"""What is left of an event whose article was withdrawn: everything but its body.

The body's place is taken by `{"erased": ID}` with the id of the withdrawal's event. The hash stays as
it was, so that the chain still proves that nothing is missing; the event's own hash can no longer be
computed. Such an event says that nothing stands, as a removed thing does.
"""

import re
from collections.abc import Mapping
from typing import Any

from annotator.model.event import canonical

_HEX = "[0-9a-f]"
_BODY = re.compile(
    rf'\{{"erased":"({_HEX}{{8}}-{_HEX}{{4}}-7{_HEX}{{3}}-{_HEX}{{4}}-{_HEX}{{12}})"\}}'
)
IS_ERASED = """(substr(body, 2, 10) = '"erased":"' AND length(body) = 49 AND substr(body, 48, 1) = '"'
             AND substr(body, 20, 1) = '-' AND substr(body, 25, 2) = '-7'
             AND substr(body, 30, 1) = '-' AND substr(body, 35, 1) = '-')"""
"""SQL for whether the body of an event was taken away, without braces so that it can be formatted."""
STANDING = f"CASE WHEN {IS_ERASED} THEN NULL ELSE body END"
"""SQL for the body of an event as its head has it."""


def erased(withdrawal: str) -> dict[str, str]:
    """The body that is left of an event; `withdrawal` is the id of the event that withdrew its article."""
    return {"erased": withdrawal}


def erased_text(withdrawal: str) -> str:
    """The same as the log keeps it."""
    return canonical(erased(withdrawal))


def erased_by(body: str | None) -> str:
    """The id of the withdrawal that took a body (as the log keeps it) away; "" when none did."""
    found = _BODY.fullmatch(body) if body else None
    return found[1] if found else ""


def is_erased(body: Mapping[str, Any] | None) -> bool:
    """Whether a body was taken away."""
    return body is not None and len(body) == 1 and bool(erased_by(canonical(body)))
