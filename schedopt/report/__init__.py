"""What a finished plan is written to: a folder, a page, a few lines for the terminal."""
