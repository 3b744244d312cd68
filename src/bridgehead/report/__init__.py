"""What a reader sees: the command, figures, tables and the self-contained report."""
