"""What `bridgehead estimate` shows: tables in the terminal, one page with pictures, both languages."""
