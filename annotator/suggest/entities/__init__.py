"""Names learnt from finished articles: what was labelled before, and a model of where names stand."""
