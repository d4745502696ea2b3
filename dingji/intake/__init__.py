"""Readings → the entries that count: who owes what, what came twice, what contradicts."""
