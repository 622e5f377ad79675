"""What is owed, paid, adjusted and waived, in whole cents: a journal, and what payers decided."""
