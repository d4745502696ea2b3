"""The fault kit: every way in which a form is known to go wrong, each in a branch of its own beside healthy ones."""
