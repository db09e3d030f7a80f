"""Sealed months against the manifest: each in the chain, each as it was when it was sealed, each closed to its end."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archiver.store.months import SEALED, months
from archiver.store.sealing import MOMENTS, PART

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.proof.findings import Verified
    from archiver.store.manifest import Sealed


def verify_sealed(folder: Path, stated: Mapping[str, Sealed], found: Verified) -> None:
    """Tells of every sealed month of a site's folder that is not what the manifest says. Reads each once."""
    for kind in MOMENTS:
        known = {month.path for month in months(folder, kind)}
        for path in sorted((folder / kind).glob("**/*")):
            if not path.is_file() or ".torn-" in path.name:
                continue
            if path.name.endswith(PART) or (path not in known and path.with_suffix("") in known):
                found.tell("half-sealed", path, None, "sealing was stopped")
            elif path not in known:
                found.tell("foreign-file", path, None, f"no month of {kind}")
            elif path.suffix == SEALED:
                _verify(folder, path, stated, found)
    for file in stated:
        if not (folder / file).exists():
            if (folder / file).with_suffix("").exists():
                found.tell("half-sealed", folder / file, None, "open again, and sealed by the manifest")
            else:
                found.tell("missing-file", folder / file, None, "in the manifest, and not here")


def _verify(folder: Path, path: Path, stated: Mapping[str, Sealed], found: Verified) -> None:
    line = stated.get(path.relative_to(folder).as_posix())
    if line is None:
        found.tell("not-in-manifest", path, None, "sealed, and not in the manifest")
        return
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if path.stat().st_size != line.bytes:
        found.tell("not-as-listed", path, None, f"{path.stat().st_size} bytes, {line.bytes} by the manifest")
    elif sha256 != line.sha256:
        found.tell("not-as-listed", path, None, "its SHA-256 is not that of the manifest")
