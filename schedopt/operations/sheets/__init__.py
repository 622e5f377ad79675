"""The day's sheets: who comes when and for what, and what is missing."""
