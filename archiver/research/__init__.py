"""What can be asked of an archive that is there."""
