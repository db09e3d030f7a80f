"""The few ways in which an archive changes the disk. Everything in store/ goes through here, so that a test can stop the
writer before and after each of them.

What has been written survives the death of the process; what has been synced, the folder of a new or renamed file
included, survives the loss of power (fsync(2), rename(2)).
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError, DiskTrouble, UsageError

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

_NOT_OURS = (errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ENOENT)
"""Errors of a path, not of a disk."""

_FOLDERS_OF_A_FILE = 6
"""The deepest file is ARCHIVE/SITE/captures/2026/11/NAME, and ARCHIVE has a name too."""


def append_to(path: Path) -> int:
    """A descriptor that appends to `path`. The file, and the folders around it, are on the disk by their names.

    Names of files that are there already are synced too: the run that made them may have ended before it did.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        for folder in path.parents[:_FOLDERS_OF_A_FILE]:
            # A folder around the archive may be closed to us: its names are not ours.
            with contextlib.suppress(PermissionError):
                sync_folder(folder)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def write(descriptor: int, data: bytes) -> None:
    """Appends all of `data`. Raises OSError with a part of it written where the disk takes no more."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def open_in_place(path: Path) -> int:
    """A descriptor that writes into `path`, which is there, at any place."""
    return os.open(path, os.O_RDWR | os.O_CLOEXEC)


def overwrite(descriptor: int, offset: int, data: bytes) -> None:
    """Writes all of `data` over what stands at `offset`. Raises OSError with a part of it written."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        offset, view = offset + written, view[written:]


def cut(descriptor: int, size: int) -> None:
    """The file ends at `size` bytes."""
    os.ftruncate(descriptor, size)


def sync(descriptor: int) -> None:
    """Returns when what was written to the file is on the disk."""
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Returns when the names in `folder` are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(old: Path, new: Path) -> None:
    """`old` is called `new`, and what was called so before is gone."""
    os.replace(old, new)  # noqa: PTH105  # one way to the disk, named as the system call


def remove(path: Path) -> None:
    """`path` is gone: what it held stands elsewhere."""
    path.unlink()


def commit(connection: sqlite3.Connection) -> None:
    """The open transaction is on the disk."""
    connection.execute("COMMIT")


def trouble(
    path: Path,
    error: OSError,
    *,
    option: str = "--archive",
    again: str = "then run the same command again: it goes on where it stopped",
) -> ArchiverError:
    """`error` in a line: which file, which file system, how much room is left on it, and what to do.

    `option` is the one that names the folder, `again` what to do when there is room. A UsageError where the path cannot be written by this user or at all, else DiskTrouble.
    """
    says = error.strerror or str(error)
    if error.errno in _NOT_OURS:
        return UsageError(f"{path}: cannot be written ({says}). Mend the rights or choose another {option} DIR")
    path = path.absolute()
    place = next(folder for folder in (path, *path.parents) if folder.is_dir())
    mount = next((folder for folder in (place, *place.parents) if folder.is_mount()), place)
    free = shutil.disk_usage(place).free / 1e6
    return DiskTrouble(f"{path}: cannot be written ({says}; {free:,.0f} MB free on {mount}). Make room, {again}")
