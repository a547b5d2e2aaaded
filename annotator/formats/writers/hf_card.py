"""The card of a data set: `README.md` with YAML for programs and a datasheet for people.

The YAML is what the Hugging Face Hub and `datasets` read: languages, files by split, and the type of
each column with the names of its labels. The headings below follow "Datasheets for Datasets" (Gebru
et al.). The project knows only what was done in it; the rest is said to be not recorded.
Format: https://huggingface.co/docs/hub/datasets-cards.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.formats.losses import Losses
from annotator.formats.writers.hf_features import Feature
from annotator.formats.writers.hf_files import DataFile
from annotator.formats.writers.hf_totals import Totals
from annotator.model.article import text_sha256
from annotator.model.scheme import Label, Scheme
from annotator.text.counting import Count
from annotator.text.visible import visible

SCHEMA = "annotator-hf/1"
"""What marks a folder as ours: `annotator: schema:` in the YAML."""

UNKNOWN = "not recorded"

_SOURCES = 20
"""Sources that are named; of more, the largest are."""

_COUNTED = {
    Count.CODE_POINTS: "Unicode code points, as Python counts",
    Count.UTF16: "UTF-16 code units, as Java and JavaScript count",
    Count.BYTES: "bytes of the text as UTF-8",
}


class Facts(NamedTuple):
    """What a data set is told about."""

    scheme: Scheme
    columns: tuple[Feature, ...]
    files: dict[str, DataFile]
    """By split."""
    splits: dict[str, str]
    """The project's name of each split that has one."""
    counts: Count
    """What offsets count."""
    totals: Totals
    losses: Losses

    @property
    def title(self) -> str:
        """The data set's name for people."""
        return self.scheme.title or self.scheme.name

    @property
    def langs(self) -> list[str]:
        """Language tags, without undetermined ones."""
        return sorted(lang for lang in self.totals.langs if lang != "und")

    @property
    def tags(self) -> list[str]:
        """Words to find the data set by."""
        stance = ["stance"] if self.scheme.stance_layer is not None else []
        return sorted({"news", *stance, *(layer.name.lower() for layer in self.scheme.layers)})


def card(facts: Facts) -> str:
    """The whole `README.md`."""
    head = "\n".join(["---", *_front_matter(facts), "---"])
    body = "\n\n".join(section.strip() for section in _sections(facts))
    return f"{head}\n\n{body}\n"


def _front_matter(facts: Facts) -> Iterator[str]:
    if facts.langs:
        yield "language:"
        yield from (f"- {_yaml(lang)}" for lang in sorted({x.split("-")[0] for x in facts.langs}))
    if any("-" in lang for lang in facts.langs):
        yield "language_bcp47:"
        yield from (f"- {_yaml(lang)}" for lang in facts.langs)
    yield "license: unknown"
    yield f"pretty_name: {_yaml(facts.title)}"
    yield "size_categories:"
    yield f"- {_size(facts.totals.total)}"
    yield "task_categories:"
    yield from _tasks(facts.scheme)
    yield "tags:"
    yield from (f"- {_yaml(tag)}" for tag in facts.tags)
    yield from _own(facts)
    yield from _configs(facts.files)
    yield "dataset_info:"
    yield "  features:"
    yield from _yaml_features(facts.columns, "  ")


def _tasks(scheme: Scheme) -> Iterator[str]:
    if scheme.span_layers:
        yield "- token-classification"
    if scheme.stance_layer is not None:
        yield "- text-classification"


def _own(facts: Facts) -> Iterator[str]:
    """What our own reader needs to know."""
    yield "annotator:"
    yield f"  schema: {_yaml(SCHEMA)}"
    yield f"  scheme: {_yaml(facts.scheme.name)}"
    yield f"  scheme_version: {facts.scheme.version}"
    yield f"  offsets: {_yaml(str(facts.counts))}"
    if facts.splits:
        yield "  splits:"
        yield from (f"    {_yaml(name)}: {_yaml(own)}" for name, own in facts.splits.items())


def _configs(files: dict[str, DataFile]) -> Iterator[str]:
    if not files:
        return
    yield "configs:"
    yield "- config_name: default"
    yield "  data_files:"
    for split, file in files.items():
        yield f"  - split: {_yaml(split)}"
        yield f"    path: {_yaml(file.path)}"


def _yaml_features(columns: Iterable[Feature], indent: str) -> Iterator[str]:
    for feature in columns:
        yield f"{indent}- name: {_yaml(feature.name)}"
        inner = indent + "  "
        key = "list" if feature.many else "dtype"
        if feature.dtype == "struct":
            yield f"{inner}{'list' if feature.many else 'struct'}:"
            yield from _yaml_features(feature.fields, inner)
        elif feature.dtype == "class_label":
            yield f"{inner}{key}:"
            yield f"{inner}  class_label:"
            yield f"{inner}    names:"
            for number, name in enumerate(feature.labels):
                yield f"{inner}      '{number}': {_yaml(name)}"
        else:
            yield f"{inner}{key}: {feature.dtype}"


_PLAIN = re.compile(r"[a-z]+(?:[_/.][a-z0-9]+)*")
_WORDS = frozenset(["y", "yes", "n", "no", "on", "off", "true", "false", "null"])
"""What YAML takes for something else than a string."""


def _yaml(value: str) -> str:
    """A string as YAML: plain where that cannot be misread, else in double quotes."""
    if _PLAIN.fullmatch(value) and value not in _WORDS:
        return value
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"


def _size(total: int) -> str:
    """The Hub's size category."""
    steps = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    return next((name for limit, name in steps if total < limit), "100K<n<1M")


def _sections(facts: Facts) -> Iterator[str]:
    totals = facts.totals
    yield f"# {md(facts.title)}"
    yield (
        f"{_many(totals.total, 'news article')} with what one annotator each marked in them, "
        "exported from a project of the program annotator. What the project does not know stands "
        f"here as *{UNKNOWN}*: fill it in before you publish."
    )
    yield "## Motivation"
    yield f"Why, by whom and with whose money the data set was made: {UNKNOWN}."
    yield "## Composition"
    yield from _composition(facts)
    yield "### Columns"
    yield from _columns(facts)
    yield "## Collection"
    yield f"How the articles were chosen and collected: {UNKNOWN}."
    yield from _sources(totals)
    yield "## Annotation process"
    yield from _annotation(facts)
    yield "## Uses"
    yield f"What it should and should not be used for, and known biases: {UNKNOWN}."
    yield "## Distribution"
    yield (
        f"Licence of the texts: {UNKNOWN}. Licence of the annotations: {UNKNOWN}. Texts of news "
        "usually belong to their publishers, and people are named in them, in bylines and in "
        "readers' comments: look into both before you pass the data set on."
    )
    yield "## Maintenance"
    yield f"Who keeps the data set, and how errors are reported: {UNKNOWN}."


def _composition(facts: Facts) -> Iterator[str]:
    totals = facts.totals
    yield (
        "An instance is one article, its text exactly as it came in, with the decisions of one "
        "annotator. Text without a mark is unmarked on purpose only in layers that `looked` names "
        "or when `finished` is true."
    )
    rows = [
        (f"`{split}`", f"`{file.path}`", totals.articles[split], totals.characters[split])
        for split, file in facts.files.items()
    ]
    yield _table(("split", "file", "articles", "characters"), rows)
    yield _table(("language", "articles"), [(md(x), n) for x, n in sorted(totals.langs.items())])
    dates = f"from {totals.earliest} to {totals.latest}" if totals.earliest else UNKNOWN
    undated = f" ({_many(totals.undated, 'article')} without a day)" if totals.undated else ""
    yield (
        f"Dates: {dates}{undated}. Articles that belong to a group of articles on the same event: "
        f"{totals.grouped}. Keep groups together when you split: near copies are common in news."
    )


def _columns(facts: Facts) -> Iterator[str]:
    rows = [
        (f"`{each.name}`", _type(each), visible(each.about).replace("|", r"\|"))
        for each in facts.columns
    ]
    yield _table(("column", "type", "what it holds"), rows)
    yield (
        f"`start` and `end` count {_COUNTED[facts.counts]}, from 0, half-open, into `text` as it "
        "stands in the row; the field `text` of a span repeats what is there. `lemma` and `xid` are "
        'empty when there is none; other attributes stand in `attrs` as a JSON object (`"{}"` for '
        "none)."
    )


def _type(feature: Feature) -> str:
    name = feature.dtype
    if feature.fields:
        name = "struct of " + ", ".join(f"`{each.name}`" for each in feature.fields)
    elif feature.labels:
        name = f"one of {len(feature.labels)} labels"
    return f"list of {name}" if feature.many else name


def _sources(totals: Totals) -> Iterator[str]:
    if not totals.sources:
        yield f"Sources: {UNKNOWN}."
        return
    named = sorted(totals.sources.items(), key=lambda item: (-item[1], item[0]))
    yield _table(("source", "articles"), [(md(name), n) for name, n in named[:_SOURCES]])
    if len(named) > _SOURCES:
        yield f"and {len(named) - _SOURCES} more."


def _annotation(facts: Facts) -> Iterator[str]:
    scheme, totals = facts.scheme, facts.totals
    guidelines = f"SHA-256 `{text_sha256(scheme.guidelines)}`" if scheme.guidelines else UNKNOWN
    yield (
        f"Scheme `{scheme.name}`, version {scheme.version}, SHA-256 of its file "
        f"`{text_sha256(scheme.toml)}`; guidelines: {guidelines}."
    )
    for layer in scheme.span_layers:
        yield f"### {md(layer.title or layer.name)} (`{layer.name}`)"
        counts = {label: n for (name, label), n in totals.spans.items() if name == layer.name}
        yield _looked(facts, layer.name)
        yield _labels(layer.labels, counts, "spans")
    if scheme.stance_layer is not None:
        stance = scheme.stance_layer
        yield f"### {md(stance.title or stance.name)} (`{stance.name}`)"
        yield _looked(facts, stance.name)
        yield _labels(stance.labels, dict(totals.stances), "stances")
    yield "### Annotators"
    rows = [(md(name), count) for name, count in sorted(totals.annotators.items())]
    yield _table(("annotator", "articles"), rows)
    yield f"Names are those used in the project. Training, background and pay: {UNKNOWN}."
    yield "### Agreement"
    yield f"Each article has the decisions of one annotator here. Agreement: {UNKNOWN}."
    yield "### Left out or changed"
    lost = [f"- {count} × {md(kind)}" for kind, count, _ in facts.losses]
    yield "\n".join(lost) or "Nothing."


def _looked(facts: Facts, layer: str) -> str:
    total = facts.totals.total
    return f"Looked at in {facts.totals.looked[layer]} of {_many(total, 'article')}."


def _labels(known: Iterable[Label], counts: dict[str, int], what: str) -> str:
    rows: list[tuple[str, str, int]] = []
    for label in known:
        count = counts.pop(label.name, 0)
        if count or not label.retired:
            rows.append((f"`{label.name}`", md(label.description or label.title), count))
    rows += [(f"`{name}`", "", count) for name, count in sorted(counts.items())]
    return _table(("label", "meaning", what), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


_MARKUP = re.compile(r"([\\`*_\[\]<>|~&#$])")


def md(text: str) -> str:
    """Foreign text inside a line of Markdown, everything in it made visible and plain."""
    return _MARKUP.sub(r"\\\1", visible(text))
