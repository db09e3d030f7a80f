"""Records in, records out: the archive on disk. Nothing here knows of Scrapy."""
