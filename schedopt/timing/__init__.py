"""How long visits take, who comes, and when within a session each should start."""
