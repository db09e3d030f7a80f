"""What watches a run: its events, its verdict, its progress."""
