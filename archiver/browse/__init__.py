"""The read-only web page of an archive."""
