"""What an ensemble looks like: on the terminal, and as a page."""
