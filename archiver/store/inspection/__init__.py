"""Whether a WARC file is whole and says what it should: every kind of damage, each with its own code."""

from archiver.store.inspection.finding import KINDS, Expected, Finding, Inspected, Revisit
from archiver.store.inspection.inspect import inspect_warc
from archiver.store.inspection.revisits import revisits_of_nothing

__all__ = ["KINDS", "Expected", "Finding", "Inspected", "Revisit", "inspect_warc", "revisits_of_nothing"]
