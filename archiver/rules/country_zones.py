"""The zone of a site by its country-code domain, for countries where the whole press keeps one clock."""

from __future__ import annotations

from functools import lru_cache

from archiver import urls

# IANA zones, by the domains of ISO 3166-1 codes. Left out: countries of several zones (.us, .ru, .br, .au, .ca, .mx, .id,
# .kz), and domains that are sold as words (.co, .io, .tv, .me, .fm, .la, .ai, .to).
_ZONES = {
    "Africa/Accra": "gh", "Africa/Algiers": "dz", "Africa/Cairo": "eg", "Africa/Casablanca": "ma",
    "Africa/Johannesburg": "za", "Africa/Lagos": "ng", "Africa/Nairobi": "ke", "Africa/Tunis": "tn",
    "America/Argentina/Buenos_Aires": "ar", "America/Asuncion": "py", "America/Caracas": "ve",
    "America/Costa_Rica": "cr", "America/Guatemala": "gt", "America/Jamaica": "jm", "America/La_Paz": "bo",
    "America/Lima": "pe", "America/Montevideo": "uy", "America/Panama": "pa",
    "Asia/Bangkok": "th", "Asia/Colombo": "lk", "Asia/Dhaka": "bd", "Asia/Dubai": "ae", "Asia/Ho_Chi_Minh": "vn",
    "Asia/Hong_Kong": "hk", "Asia/Jerusalem": "il", "Asia/Karachi": "pk", "Asia/Kathmandu": "np",
    "Asia/Kolkata": "in", "Asia/Kuala_Lumpur": "my", "Asia/Manila": "ph", "Asia/Nicosia": "cy",
    "Asia/Phnom_Penh": "kh", "Asia/Qatar": "qa", "Asia/Riyadh": "sa", "Asia/Seoul": "kr", "Asia/Shanghai": "cn",
    "Asia/Singapore": "sg", "Asia/Taipei": "tw", "Asia/Tehran": "ir", "Asia/Tokyo": "jp", "Asia/Yangon": "mm",
    "Atlantic/Reykjavik": "is",
    "Europe/Amsterdam": "nl", "Europe/Athens": "gr", "Europe/Belgrade": "rs", "Europe/Berlin": "de",
    "Europe/Bratislava": "sk", "Europe/Brussels": "be", "Europe/Bucharest": "ro", "Europe/Budapest": "hu",
    "Europe/Chisinau": "md", "Europe/Copenhagen": "dk", "Europe/Dublin": "ie", "Europe/Helsinki": "fi",
    "Europe/Istanbul": "tr", "Europe/Kyiv": "ua", "Europe/Lisbon": "pt", "Europe/Ljubljana": "si",
    "Europe/London": "uk", "Europe/Luxembourg": "lu", "Europe/Madrid": "es", "Europe/Malta": "mt",
    "Europe/Minsk": "by", "Europe/Oslo": "no", "Europe/Paris": "fr", "Europe/Prague": "cz", "Europe/Riga": "lv",
    "Europe/Rome": "it", "Europe/Sarajevo": "ba", "Europe/Sofia": "bg", "Europe/Stockholm": "se",
    "Europe/Tallinn": "ee", "Europe/Vienna": "at", "Europe/Vilnius": "lt", "Europe/Warsaw": "pl",
    "Europe/Zagreb": "hr", "Europe/Zurich": "ch",
    "Pacific/Auckland": "nz",
}  # fmt: skip
_OF_DOMAIN = {domain: zone for zone, domain in _ZONES.items()}


@lru_cache(maxsize=1024)
def country_zone(url: str) -> str | None:
    """The IANA name of the zone of the site of `url`; None where its domain does not tell it."""
    return _OF_DOMAIN.get(urls.host(url).rpartition(".")[2])
