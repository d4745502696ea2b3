"""What would have come of it if something had been otherwise: scored again with changed inputs, never guessed."""
