"""The reference of everything a standard and config.toml may say: `documents` writes it from their models."""
