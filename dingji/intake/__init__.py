"""Files → entries and problems. Imports no pandas: it runs in the reading process."""
