"""A newsroom that lives: what it publishes, edits, withdraws and returns is a function of its seed, start and habits.

Nothing runs and nothing waits: it is asked for a moment, and answers as it stands then.
"""
