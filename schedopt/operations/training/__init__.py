"""What staff can do and until when: competences, onboarding, and courses where they cost least."""
