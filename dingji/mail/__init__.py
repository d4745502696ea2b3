"""Mail: what may go to whom, as drafts and a list; and, where the office says so, sent through its own server."""
