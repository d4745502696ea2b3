"""稳不稳: what grades and places hang on, and how raters mark. Advice for the office; nothing here changes a figure.

Screening and statistics are in floating point; every grade that is said to change was scored again exactly.
"""
