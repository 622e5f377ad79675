"""The technique of a store: its engine, its schema and migrations, sealing, who may do what, and the audit trail.

It knows rows of tables and nothing of what they say; ``schedopt.registry`` makes an office of it.
"""
