"""How the office does: measures with their definitions, and control charts."""
