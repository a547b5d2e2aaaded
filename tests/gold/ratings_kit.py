"""Published ratings that several tests need, and how tests write ratings down."""

from annotator.gold.agreement.coefficients import Table

COUNTS = """
0 0 0 6 0|0 3 0 0 3|0 1 4 0 1|0 0 0 0 6|0 3 0 3 0|2 0 4 0 0|0 0 4 0 2|2 0 3 1 0|2 0 0 4 0|0 0 0 0 6
1 0 0 5 0|1 1 0 4 0|0 3 3 0 0|1 0 0 5 0|0 2 0 3 1|0 0 5 0 1|3 0 0 1 2|5 1 0 0 0|0 2 0 4 0|1 0 2 0 3
0 0 0 0 6|0 1 0 5 0|0 2 0 1 3|2 0 0 4 0|1 0 0 4 1|0 5 0 1 0|4 0 0 0 2|0 2 0 4 0|1 0 5 0 0|0 0 0 0 6
"""
"""Fleiss 1971, Psychological Bulletin 76(5), p. 379: 30 subjects, 6 ratings each, 5 diagnoses."""
KRIPPENDORFF_C = [
    (1, 1, None, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (None, 5, 5, 5),
    (None, None, 1, 1),
    (None, 3, None, None),
]
"""Krippendorff 2011, Computing Krippendorff's alpha-reliability, example C."""


def items(rows):
    """Rows of ratings, an annotator a column, None where one did not rate."""
    return [
        {f"r{at}": str(label) for at, label in enumerate(row) if label is not None} for row in rows
    ]


def table(rows):
    return Table.of(items(rows))


def fleiss_1971():
    rows = []
    for subject in COUNTS.strip().replace("\n", "|").split("|"):
        rows.append([c for c, n in enumerate(subject.split(), 1) for _ in range(int(n))])
    return table(rows)
