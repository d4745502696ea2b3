"""The goals of the program's speed and memory, measured by one command; the suite times nothing."""
