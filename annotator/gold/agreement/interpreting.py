"""What a coefficient means, in a sentence: judged by the lower end of its interval."""

from annotator.gold.agreement.report import HEADLINE, Figures, Kind, Reading

LIMITS = (0.667, 0.800)
"""Krippendorff's (Content Analysis): below the first nothing can be concluded, below the second only
tentatively."""
_STEPS = ((0.81, "almost perfect"), (0.61, "substantial"), (0.41, "moderate"), (0.21, "fair"),
          (0.0, "slight"))  # fmt: skip
"""Landis and Koch (1977), who call their own steps arbitrary."""


def reading(kind: Kind, figures: Figures, below: tuple[float, float] | None) -> Reading:
    """The sentence on a layer's headline.

    Args:
        kind: the layer's.
        figures: its numbers.
        below: how likely the headline is below each of `LIMITS`.
    """
    if kind is Kind.SPANS:
        return Reading(
            "F1 has no scale of its own: set a target for the project and see whether the lower "
            "end of the interval reaches it."
        )
    figure = figures[HEADLINE[kind][0]]
    if figure.value is None:
        return Reading("")
    sure = figure.value if figure.low is None else figure.low
    if figure.low is None:
        text = "There is no interval, so nothing can be relied on yet."
    elif sure >= LIMITS[1]:
        text = "Reliable: even the lower end of the interval reaches .800."
    elif sure >= LIMITS[0]:
        text = "For tentative conclusions only: the lower end of the interval is below .800."
    else:
        text = "Not to be relied on: the lower end of the interval is below .667."
    word = next((word for least, word in _STEPS if figure.value >= least), "poor")
    text += f' (Landis and Koch would call {figure.value:.2f} "{word}"; their steps are arbitrary.)'
    return Reading(text, *(below or (None, None)))
