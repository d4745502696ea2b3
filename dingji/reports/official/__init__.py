"""Official papers in Word: what is public, what goes to the superior, to the committee, and to each branch."""
