"""What ends a run with one line."""


class PeersError(Exception):
    """Its text says what was wrong and what would be right."""
