"""Entries → results: pure functions on tables, exact at every bound."""
