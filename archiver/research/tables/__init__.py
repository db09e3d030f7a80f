"""An archive's lines as tables for SQL: Parquet files in `cache/`, kept as fresh as the lines, and read by DuckDB."""
