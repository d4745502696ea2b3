"""A workbook → its sheets as entries and problems. Runs in the reading process, so nothing here imports pandas."""
