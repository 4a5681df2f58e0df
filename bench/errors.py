class BenchError(Exception):
    """The figures would not be worth anything."""
