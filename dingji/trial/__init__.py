"""One branch's figures through the real forms, reading and scoring: the examples of a standard, and `scheme try`."""
