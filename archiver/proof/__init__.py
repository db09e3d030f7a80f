"""Proof: that an archive is as it was written, and that its lines follow from its captures."""
