"""Brings in what teams already have: files read, understood, compared, saved."""
