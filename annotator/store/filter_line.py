"""The line people type to filter the queue, read and written: `lang:bg source:"Новини БГ" words`."""

import re

from annotator.store.filters import Filter

FIELDS = ("assigned", "round", "lang", "source", "state", "group", "flag", "note", "long")
"""What `name:value` in a filter line narrows by; everything else is words."""

_ALIASES = {"language": "lang", "status": "state", "length": "long"}
_PART = re.compile(
    r"""(?P<name>[A-Za-z]+):(?:"(?P<quoted>(?:[^"]|"")*)"?|(?P<value>[^\s"]*)(?!\S))
    |(?P<space>\s+)
    |"[^"]*"?|[^\s"]+""",
    re.VERBOSE,
)


def parse(line: str) -> Filter:
    """A filter line as a filter; a value with blanks stands in double quotes, `""` for one in it."""
    fields: dict[str, str] = {}
    words = [""]
    for match in _PART.finditer(line):
        name = (match["name"] or "").casefold()
        name = _ALIASES.get(name, name)
        if name in FIELDS:
            quoted = match["quoted"]
            fields[name] = match["value"] if quoted is None else quoted.replace('""', '"')
            if words[-1].isspace():
                words.pop()
        else:
            words.append(match[0])
    return Filter(**fields)._replace(words="".join(words).lstrip())


def written(where: Filter) -> str:
    """The line for a filter: `parse` reads it as the same filter."""
    parts = [f"{name}:{_quoted(value)}" for name in FIELDS if (value := getattr(where, name))]
    return " ".join([*parts, where.words] if where.words else parts)


def _quoted(value: str) -> str:
    """A value, in quotes where it would not be read as one otherwise."""
    if not re.search(r'[\s"]', value):
        return value
    return '"' + value.replace('"', '""') + '"'
