"""The checklist of a first live fetch: what is asked of a site, in which order, and what each answer tells."""

from archiver.checklist.answer import Answer, Ask, Certificate, Robots
from archiver.checklist.check import Check, FieldFound, Probed
from archiver.checklist.visit import Visit

__all__ = ["Answer", "Ask", "Certificate", "Check", "FieldFound", "Probed", "Robots", "Visit"]
