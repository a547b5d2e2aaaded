"""What the field talks about: articles, spans, stances, schemes, events, and the rules they keep."""
