"""What decisions say, in words."""

from annotator.model.decision import Decision, Verdict
from annotator.text.visible import plain_line

LONGEST = 60
"""Characters of a stretch that is quoted."""


def in_words(decision: Decision, text: str, longest: int = LONGEST) -> str:
    """What is gold by a decision, or that it is to be discussed; `text` is the article's."""
    if decision.verdict is not Verdict.DECIDED:
        return "to discuss" if decision.verdict is Verdict.DISCUSS else "passed over"
    if decision.item.startswith("item:evidence:"):
        quotes = [f"“{_quote(text, e.start, e.end, longest)}”" for e in decision.evidence]
        return ", ".join(quotes) or "no evidence"
    if decision.stance is not None:
        return plain_line(decision.stance.label, longest)
    spans = [
        f"{plain_line(s.label, longest)} “{_quote(text, s.start, s.end, longest)}”"
        for s in decision.spans
    ]
    return ", ".join(spans) or "nothing"


def _quote(text: str, start: int, end: int, longest: int) -> str:
    words = plain_line(text[start : min(end, start + longest)], longest)
    return words if end - start <= longest else f"{words}…"
