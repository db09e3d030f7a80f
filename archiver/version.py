"""The version of this package: written into every record and run report."""

__version__ = "0.1.0"
