"""Brings what annotators finished to the suggesters, and what these suggest to the desk."""
