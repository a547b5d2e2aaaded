"""The browser: the annotator's screens in a tab, one process for each person."""
