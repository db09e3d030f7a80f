"""Sites: what one is made of, and how its pages become records."""

from archiver.site.kinds import Address, Expect, Layout, Listing
from archiver.site.making import rules_digest
from archiver.site.site import Site

__all__ = ["Address", "Expect", "Layout", "Listing", "Site", "rules_digest"]
