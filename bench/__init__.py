"""Measures how fast the project is, beside the limits and its peers; `make bench` runs it.

One rule: everything in one run is measured on the same rows of the same made-up database, so
that what counts are ratios. Only development uses it; nothing of the project imports it.
"""
