"""Articles that are left out, counted in words."""

from collections import Counter

from annotator.cli import out
from annotator.store.gone import Why
from annotator.store.project import Project


def left_out(project: Project, release: str = "") -> str:
    """How many articles were withdrawn and replaced, as `2 withdrawn, 1 replaced`; "" when none was.

    Of a release, which keeps articles that were replaced since, those of it that were withdrawn.
    """
    if release:
        count = project.withdrawn_from(project.release(release))
        return f"{out.number(count)} {Why.WITHDRAWN}" if count else ""
    counts = Counter(each.why for each in project.gone().values())
    return ", ".join(f"{out.number(counts[why])} {why}" for why in Why if counts[why])
