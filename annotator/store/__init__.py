"""The only room that opens a project: articles, the event log, the work queue."""
