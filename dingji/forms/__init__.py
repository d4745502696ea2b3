"""Forms: declared once, from which they are written, read back and documented."""
