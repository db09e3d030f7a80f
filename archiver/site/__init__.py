"""Sites: what one is made of, and how its pages become records."""

from archiver.site.kinds import Address, Expect, Layout, Listing
from archiver.site.making import rules_digest
from archiver.site.provenance import is_own, own_rules
from archiver.site.site import Site
from archiver.site.sources import Announced, Feed, Sitemap, Source, Sweep

__all__ = [
    "Address", "Announced", "Expect", "Feed", "Layout", "Listing", "Site", "Sitemap", "Source", "Sweep",
    "is_own", "own_rules", "rules_digest",
]  # fmt: skip
