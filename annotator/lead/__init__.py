"""The lead's desk without a screen: agreement, adjudication, releases, quality over a project."""
