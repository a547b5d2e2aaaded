"""Fits the model of names over and over, standing back behind others: `python -m ... FILE ARTICLES`.

What runs beside the annotator when `costs` measures whether a refit is felt.
"""

import sys
from pathlib import Path

from annotator.coach.starting import stand_back
from annotator.coach.worker import REFIT_NICE
from annotator.suggest.entities.names import Names
from benchmarks.suggestions.corpus import LAYER, read


def main() -> None:
    """Refit until ended."""
    stand_back(REFIT_NICE, idle=True)
    items = read(Path(sys.argv[1]))[: int(sys.argv[2])]
    articles = [item.article for item in items]
    while True:
        Names(LAYER).refit(articles)
        print("refitted", flush=True)


if __name__ == "__main__":
    main()
