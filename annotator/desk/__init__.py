"""The annotator's desk without a screen: cursor, selection, actions, undo."""
