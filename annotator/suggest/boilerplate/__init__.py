"""Proposals for what on a page is not the article: a line's kind, lines that recur, stretches glued to one."""
