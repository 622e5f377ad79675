"""Turns insurance into rules: coverage, networks, authorisations, referrals, self-pay, fees."""
