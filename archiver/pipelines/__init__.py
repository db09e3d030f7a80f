"""From a parsed article to a line of the archive, one step after the other."""

from __future__ import annotations

from archiver.pipelines.append_revision import AppendRevision
from archiver.pipelines.normalise import Normalise
from archiver.pipelines.reject_incomplete import RejectIncomplete
from archiver.pipelines.set_aside_events import SetAsideEvents

ORDER = (SetAsideEvents, Normalise, RejectIncomplete, AppendRevision)
