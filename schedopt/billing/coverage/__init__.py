"""What payers answer before a visit: coverage, benefits, authorisations, referrals; each with its day and source."""
