"""The next round opened from a finished one: its settings, what goes along, and the papers for whoever takes over."""
