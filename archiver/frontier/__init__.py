"""What is to be fetched next, and what is fetched already."""
