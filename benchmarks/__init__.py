"""Measurements, each one command; the suite times nothing."""
