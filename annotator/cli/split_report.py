"""What `annotator split` says: who is where, what holds together, and what leaks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.cli import out
from annotator.cli.status import language_name
from annotator.gold.components import Component, Entry, made_of
from annotator.gold.duplicates import Copies
from annotator.gold.leaks import Leak, leaks
from annotator.gold.splits import Plan

SHOWN = 5
"""Components that are listed."""
LANGUAGES, SOURCES = 6, 10
"""So many columns and rows at most; the rest is summed up."""

Crossed = dict[str, Counter[str]]
"""By language or source, how many articles each split has."""


class Report:
    """What was done, or would be."""

    def __init__(
        self, project: str, dry_run: bool, plan: Plan, copies: Copies, entries: Sequence[Entry]
    ) -> None:
        """Counts everything that is said later."""
        self._project = project
        self._dry_run = dry_run
        self._plan = plan
        self._copies = copies
        self._languages = _crossed((e.lang, plan.splits[e.id]) for e in entries)
        self._sources = _crossed((e.source, plan.splits[e.id]) for e in entries)
        self._sizes = Counter(plan.splits.values())
        self._new = Counter(each.split for each in plan.new)
        self.leaks: list[Leak] = leaks(plan.splits, copies, plan.settings.train)

    # --- for programs

    def json(self) -> dict[str, Any]:
        """The report as JSON values."""
        plan = self._plan
        joined = [each for each in plan.components if each.size > 1]
        return {
            "project": self._project,
            "dry_run": self._dry_run,
            "settings": {**plan.settings.body(), "ratios": dict(plan.settings.ratios)},
            "articles": len(plan.splits),
            "kept": len(plan.splits) - len(plan.new),
            "assigned": len(plan.new),
            "splits": {name: self._split_json(name) for name in self._names},
            "components": {
                "count": len(plan.components),
                "joined": len(joined),
                "articles_joined": sum(each.size for each in joined),
                "largest": [self._component_json(each) for each in joined[:SHOWN]],
            },
            "near_copies": self._copied,
            "leaks": [leak._asdict() for leak in self.leaks] if plan.settings.duplicates else None,
            "torn": [self._component_json(each) for each in plan.torn],
        }

    def _split_json(self, name: str) -> dict[str, Any]:
        return {
            "articles": self._sizes[name],
            "new": self._new[name],
            "languages": _of_split(self._languages, name),
            "sources": _of_split(self._sources, name),
        }

    def _component_json(self, component: Component) -> dict[str, Any]:
        return {
            "key": component.key,
            "articles": component.size,
            "splits": dict(self._where(component)),
            "made_of": self._made_of(component),
        }

    # --- for people

    def print(self) -> None:
        """The report for people."""
        plan = self._plan
        kept = len(plan.splits) - len(plan.new)
        out.say(
            f"{self._project}: {out.counted(len(plan.splits), 'article')}; "
            f"{out.number(kept)} kept the split they had, {out.number(len(plan.new))} are new."
        )
        out.say(self._settings())
        self._print_splits()
        self._print_components()
        self._print_leaks()
        if plan.torn:
            self._print_torn()
        if self._dry_run:
            out.say("Nothing was changed: this was a dry run.")

    def _settings(self) -> str:
        settings = self._plan.settings
        ratios = ", ".join(f"{name} {ratio:g}" for name, ratio in settings.ratios.items())
        kept = ", ".join((*(["near copies"] if settings.duplicates else []), *settings.together))
        held = "".join(f"; {topic} held out" for topic in settings.topics)
        return f"Ratios {ratios}; seed {settings.seed}; kept together: {kept or 'nothing'}{held}."

    @property
    def _names(self) -> list[str]:
        """All splits, as the ratios name them, then others."""
        settings = self._plan.settings
        return sorted({*settings.ratios, *self._sizes}, key=settings.rank)

    def _print_splits(self) -> None:
        names, number = self._names, len(self._plan.splits)
        languages = _largest(self._languages, LANGUAGES)
        rows = [
            (
                name,
                out.number(self._sizes[name]),
                _share(self._sizes[name], number),
                out.number(self._new[name]),
                *(out.number(counts[name]) for counts in languages.values()),
            )
            for name in names
        ]
        tags = (f"{language_name(tag)}>" for tag in languages)
        out.table("Splits", ("split", "articles>", "share>", "new>", *tags), rows)
        sources = _largest(self._sources, SOURCES)
        if len(sources) > 1:
            columns = ("source", *(f"{name}>" for name in names))
            shown = (
                (source or "not known", *(out.number(counts[name]) for name in names))
                for source, counts in sources.items()
            )
            out.table("Sources", columns, shown)
        for name in names:
            if not self._sizes[name] and self._plan.settings.ratios.get(name):
                out.say(
                    f"{name} has no article: what there is holds together too much, or is too little."
                )

    def _print_components(self) -> None:
        joined = [each for each in self._plan.components if each.size > 1]
        if not joined:
            out.say("No two articles hold together.")
            return
        rows = (
            (out.number(each.size), _words(self._where(each)), self._made_of(each))
            for each in joined[:SHOWN]
        )
        inside = sum(each.size for each in joined)
        title = f"{out.number(inside)} articles hold together, in {out.number(len(joined))} lots"
        out.table(f"{title}; the largest", ("articles>", "split", "what they are"), rows)

    def _print_leaks(self) -> None:
        settings = self._plan.settings
        if not settings.duplicates:
            out.say("Near copies were not looked for: whether the splits leak is not known.")
            return
        rows = (
            (
                leak.split,
                out.number(leak.articles),
                f"{out.number(leak.leaking)} ({_share(leak.leaking, leak.articles)})",
                f"{leak.random:.1f} ({_share(leak.random, leak.articles)})",
            )
            for leak in self.leaks
        )
        if not self.leaks:
            return
        columns = ("split", "articles>", f"near copy in {settings.train}>", "had chance decided>")
        out.table("Leaks", columns, rows)

    def _print_torn(self) -> None:
        rows = (
            (out.number(each.size), _words(self._where(each)), self._made_of(each))
            for each in self._plan.torn[:SHOWN]
        )
        number = out.counted(len(self._plan.torn), "lot")
        title = (
            f"{number} of articles that hold together had different splits before, and keep them"
        )
        out.table(title, ("articles>", "splits", "what they are"), rows)

    # --- both

    @property
    def _copied(self) -> dict[str, int] | None:
        """How many articles have a near copy, and in how many lots of the very same words."""
        if not self._plan.settings.duplicates:
            return None
        names = {name for link in self._copies.links() for name in link}
        return {"articles": len(names), "same_words": sum(map(len, self._copies.same))}

    def _where(self, component: Component) -> Mapping[str, int]:
        counted = Counter(self._plan.splits[entry.id] for entry in component.members)
        return dict(sorted(counted.items(), key=lambda each: self._plan.settings.rank(each[0])))

    def _made_of(self, component: Component) -> str:
        return made_of(component, self._plan.settings.together, self._copies)


def _crossed(pairs: Iterable[tuple[str, str]]) -> Crossed:
    found: Crossed = {}
    for value, split in pairs:
        found.setdefault(value, Counter())[split] += 1
    return dict(sorted(found.items(), key=lambda each: (-each[1].total(), each[0])))


def _largest(crossed: Crossed, limit: int) -> Crossed:
    """The largest values, and all others in one."""
    shown = dict(list(crossed.items())[:limit])
    rest: Counter[str] = sum(list(crossed.values())[limit:], Counter())
    return {**shown, "others": rest} if rest else shown


def _of_split(crossed: Crossed, split: str) -> dict[str, int]:
    return {value: counts[split] for value, counts in crossed.items() if counts[split]}


def _words(counts: Mapping[str, int]) -> str:
    """The split, or the splits with the number of articles in each."""
    if len(counts) == 1:
        return next(iter(counts))
    return ", ".join(f"{name} {out.number(number)}" for name, number in counts.items())


def _share(part: float, whole: int) -> str:
    """A share to a tenth of a percent; of nothing it is undefined."""
    return f"{part / whole:.1%}" if whole else "—"
