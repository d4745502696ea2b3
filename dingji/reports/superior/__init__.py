"""The superior's own form: what its columns are, which row is whose, and its copy filled in."""
