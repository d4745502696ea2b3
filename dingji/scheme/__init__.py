"""A grading standard as data: its model, how it is read from TOML, checked and told in sentences."""
