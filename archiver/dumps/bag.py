"""The package's folder as a bag (BagIt 1.0, RFC 8493): all that stands in data/ is payload, all above it tag files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.dumps.contents import Contents
    from archiver.dumps.package import Package

PAYLOAD = "data/"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def close_bag(package: Package, contents: Contents) -> None:
    """Adds the bag's own files to a package that is otherwise complete; nothing in it tells the day. Raises OSError."""
    payload = sorted((each for each in package.files if each.path.startswith(PAYLOAD)), key=lambda each: each.path)
    info = {
        "External-Identifier": contents.name,
        "External-Description": contents.title,
        "Internal-Sender-Description": contents.summary,
        "Bag-Software-Agent": "archiver",
        "Payload-Oxum": f"{sum(each.bytes for each in payload)}.{len(payload)}",
    }
    package.write("bagit.txt", [DECLARATION], "about")
    package.write("bag-info.txt", [f"{name}: {value}\n".encode() for name, value in info.items()], "about")
    package.write("manifest-sha256.txt", [f"{each.sha256}  {each.path}\n".encode() for each in payload], "about")
    tags = sorted((each for each in package.files if not each.path.startswith(PAYLOAD)), key=lambda each: each.path)
    package.write("tagmanifest-sha256.txt", [f"{each.sha256}  {each.path}\n".encode() for each in tags], "about")
