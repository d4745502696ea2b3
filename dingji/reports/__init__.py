"""Results → files: the result workbook, documents through Jinja, lists for the office. Computes no score."""
