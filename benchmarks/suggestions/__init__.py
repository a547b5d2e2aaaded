"""Suggestions that learn, measured on labelled articles as a project would come by them.

`python -m benchmarks.suggestions entities|boilerplate|keys|costs|all [FILES] [--seeds N] [--quick]`
"""
