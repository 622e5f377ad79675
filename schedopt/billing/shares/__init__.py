"""What a patient will owe: steps of an estimate, and the good-faith estimate."""
