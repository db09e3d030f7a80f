"""One spider class for every site, so that Scrapy's own commands know them by name and by address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.sites import load_sites, site_for, site_named
from archiver.spiders.site_spider import SiteSpider

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.settings import BaseSettings

    from archiver.site import Site


def spider_class(site: Site) -> type[SiteSpider]:
    """The spider of `site`."""
    return type(f"{site.name.title()}Spider", (SiteSpider,), {"name": site.name, "site": site, "__doc__": site.home})


class SiteLoader:
    """Scrapy's SpiderLoaderProtocol over `sites/`."""

    @classmethod
    def from_settings(cls, _settings: BaseSettings) -> SiteLoader:
        """Scrapy's hook."""
        return cls()

    def load(self, spider_name: str) -> type[SiteSpider]:
        """The spider of the site of that name. Raises KeyError, as Scrapy expects."""
        try:
            return spider_class(site_named(spider_name))
        except UsageError as unknown:
            raise KeyError(str(unknown)) from unknown

    def find_by_request(self, request: Request) -> list[str]:
        """The name of the site that the request's address belongs to."""
        try:
            name = site_for(request.url).name
        except UsageError:
            return []
        return [name] if name in load_sites() else []

    def list(self) -> list[str]:
        """The names of all sites."""
        return [*load_sites()]
