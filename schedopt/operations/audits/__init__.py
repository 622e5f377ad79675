"""Samples, findings and corrective actions, and what is due for compliance."""
