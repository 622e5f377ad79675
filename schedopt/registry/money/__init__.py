"""What a store knows of money: accounts, coverage, claims, fees."""
