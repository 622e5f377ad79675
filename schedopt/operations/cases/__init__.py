"""Inquiries, concerns and complaints, from received to closed."""
