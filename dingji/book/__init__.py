"""A standard, or the office's settings, as a workbook and back: the same declaration writes, reads and explains it."""
