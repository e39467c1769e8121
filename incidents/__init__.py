"""Attest: a human-rights incident database in which every figure keeps its source."""

VERSION = "0.1.0"  # as in pyproject.toml; a test compares
