"""From several annotators' work to items, proposals and a gold standard."""
