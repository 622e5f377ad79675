"""What visits use up: how long it lasts, and what to order when."""
