"""SQL sees the tables and nothing else: what reaches for files, the network, settings or changes is refused."""

from __future__ import annotations

import contextlib
import hashlib

import pytest
from small_archive import article, edited, write_archive

from archiver.errors import UsageError
from archiver.research.tables.engine import asking, duckdb, shut
from archiver.research.tables.tables import Tables
from archiver.store.event import Event

ATTACKS = [
    # files that are read
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "DESCRIBE '/etc/passwd'",
    "DESCRIBE SELECT * FROM read_csv('/etc/passwd')",
    "SUMMARIZE '{part}'",
    "FROM '{part}'",
    "FROM 'kept.json'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('{part}')",
    "SELECT * FROM read_parquet('{part}')",
    "SELECT * FROM parquet_scan('{part}')",
    "SELECT * FROM parquet_metadata('{part}')",
    "SELECT * FROM parquet_schema('{part}')",
    "SELECT * FROM main.read_text('/etc/passwd')",
    "SELECT * FROM system.main.read_text('/etc/passwd')",
    "SELECT * FROM \"READ_TEXT\"('/etc/passwd')",
    "SELECT * FROM read_json('{archive}/hcma/site.json')",
    "SELECT * FROM read_ndjson_objects('{archive}/hcma/articles/2026/2026-01.jsonl')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM glob('{archive}/**')",
    "SELECT (SELECT max(content) FROM read_text('/etc/passwd')) FROM articles",
    "SELECT * FROM articles WHERE EXISTS (FROM read_text('/etc/passwd'))",
    "WITH a AS (FROM read_text('/etc/passwd')) SELECT * FROM a",
    "SELECT 1 UNION ALL SELECT size FROM read_text('/etc/passwd')",
    "SELECT * FROM articles, LATERAL (SELECT * FROM read_text(id))",
    "PIVOT read_text('/etc/passwd') ON size IN (1) USING count(*)",
    "SELECT * FROM query('FROM read_text(''/etc/passwd'')')",
    "SELECT * FROM query_table('/etc/passwd')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM read_duckdb('{archive}/x.duckdb')",
    "SELECT * FROM sqlite_scan('{archive}/hcma/ledger.sqlite', 'file')",
    "SELECT getenv('HOME')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM which_secret('s3://x', 's3')",
    # files that are written
    "COPY articles TO '{archive}/x.csv'",
    "COPY (SELECT 1) TO '{part}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY (SELECT 1) TO '{line}' (USE_TMP_FILE false)",
    "WITH x AS (COPY (SELECT 1) TO '{part}' (FORMAT parquet, USE_TMP_FILE false)) SELECT * FROM x",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{part}' (FORMAT parquet, USE_TMP_FILE false)",
    "COPY articles FROM '/etc/passwd'",
    "EXPORT DATABASE '{archive}/dump'",
    "IMPORT DATABASE '{archive}'",
    "ATTACH '{archive}/x.duckdb' AS x",
    "ATTACH ':memory:' AS x",
    "ATTACH '{part}' AS x",
    "DETACH memory",
    "SELECT 1; COPY (SELECT 1) TO '{part}' (USE_TMP_FILE false)",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    # the network
    "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
    "SELECT * FROM read_csv('https://127.0.0.1:9/x.csv')",
    "SELECT * FROM 's3://bucket/x.parquet'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '{archive}/x.duckdb_extension'",
    "CREATE SECRET s (TYPE s3)",
    # settings
    "SET enable_external_access = true",
    "SET memory_limit = '100GB'",
    "SET lock_configuration = false",
    "SET TimeZone = 'Asia/Ho_Chi_Minh'",
    "RESET memory_limit",
    "PRAGMA memory_limit = '100GB'",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL enable_logging()",
    "SELECT * FROM enable_logging()",
    "SELECT * FROM force_checkpoint()",
    "USE memory",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    # changes of what others see
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE MACRO f() AS 1",
    "CREATE OR REPLACE VIEW articles AS SELECT 1",
    "DROP VIEW articles",
    "DELETE FROM kept.superseded",
    "WITH x AS (DELETE FROM kept.superseded RETURNING *) SELECT * FROM x",
    "INSERT INTO kept.superseded VALUES ('a', 'b', 1)",
    "UPDATE articles SET title = ''",
    "TRUNCATE articles",
    "ALTER TABLE articles ADD COLUMN x INTEGER",
    "COMMENT ON VIEW articles IS 'x'",
    # variables of the program that asks
    "SELECT * FROM secrets",
    "SELECT * FROM frame",
    "SELECT * FROM pandas_scan(1)",
    "SELECT * FROM arrow_scan(1, 2, 3)",
    "SELECT * FROM python_map_function(1)",
    # nothing, too much, and what is no SQL
    "",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "\x00",
    "SELECT \udce9",
]

QUESTIONS = """
SELECT section, count(*) AS n FROM articles WHERE published_on >= DATE '2020-01-01' AND title ILIKE '%x%' GROUP BY 1 HAVING n > 0 ORDER BY n DESC NULLS LAST LIMIT 10 OFFSET 0
SELECT DISTINCT ON (site) * FROM articles ORDER BY id
SELECT * EXCLUDE (body) REPLACE (upper(title) AS title) FROM articles LIMIT 10%
WITH a AS (SELECT 1 AS x), b AS MATERIALIZED (FROM a) SELECT * FROM b
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t
FROM articles UNION ALL BY NAME SELECT * FROM revisions
(SELECT 1 UNION SELECT 2) INTERSECT SELECT 1 EXCEPT SELECT 3
SELECT row_number() OVER (PARTITION BY site ORDER BY published_utc ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM articles QUALIFY n = 1
SELECT * FROM articles AS a JOIN authors AS b USING (id) LEFT JOIN images AS i ON i.id = a.id CROSS JOIN range(3)
SELECT * FROM articles AS a ASOF JOIN events AS e ON a.fetched_utc >= e.time_utc
SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM articles) GROUP BY ALL ORDER BY ALL
FROM articles SELECT title WHERE list_contains(tags, 'chính trị')
SELECT extractor.found_by['title'], map_keys(extractor.found_by) FROM articles
SELECT list_transform(images, lambda image: image.caption), [i.url for i in images if i.caption <> ''] FROM articles
SELECT * FROM articles USING SAMPLE 10 ROWS
PIVOT articles ON status IN ('live', 'gone') USING count(*) GROUP BY section
UNPIVOT (SELECT 1 AS a, 2 AS b) ON a, b INTO NAME name VALUE value
DESCRIBE articles
SUMMARIZE authors
SHOW TABLES
VALUES (1, 'a'), (2, 'b')
SELECT date_trunc('month', published_on) AS month, CASE WHEN status = 'live' THEN 1 ELSE 0 END, '1'::INTEGER, 1.5::DECIMAL(4, 1) FROM articles
SELECT * FROM articles WHERE id IN (SELECT id FROM authors WHERE name ILIKE '%a%') AND published_on BETWEEN '2020-01-01' AND '2027-01-01'
SELECT count(*) FILTER (WHERE status = 'gone'), quantile_cont(body_characters, 0.5), string_agg(title, ', ' ORDER BY title) FROM articles GROUP BY ROLLUP (section, site)
SELECT COLUMNS('pub.*') FROM articles
SELECT strip_accents(title), regexp_extract(body, '\\d+') FROM articles WHERE title SIMILAR TO '.*'
SELECT * FROM generate_series(DATE '2026-01-01', DATE '2026-12-01', INTERVAL 1 MONTH)
SELECT table_name FROM information_schema.tables
SELECT now(), current_date
""".strip().splitlines()


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive")
    first = article(1, title="Một")
    event = Event(time=first.fetched_at, url=first.url, id=first.id, outcome="new")
    write_archive(root, first, edited(first, title="Hai"), article(2), events=(event,))
    return root


@pytest.fixture(scope="module")
def tables(archive):
    with Tables([archive / "hcma"]) as tables:
        yield tables


def tree(root):
    """Every file below a folder, and what is in it."""
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda sql: ascii(sql[:70]))
def test_what_reaches_beyond_the_tables_is_refused_in_one_line_and_changes_no_byte(
    archive, tables, tmp_path, monkeypatch, attack
):
    monkeypatch.chdir(tmp_path)
    secrets = [1]
    frame = {"a": secrets}
    part = next((archive / "hcma/cache/tables").glob("articles*.parquet"))
    line = archive / "hcma/articles/2026/2026-01.jsonl"
    sql = attack.replace("{archive}", str(archive)).replace("{part}", str(part)).replace("{line}", str(line))
    before = tree(archive)
    with pytest.raises(UsageError) as refusal:
        list(tables.ask(sql))

    assert str(refusal.value).startswith("SQL")
    assert "\n" not in str(refusal.value)
    assert tree(archive) == before
    assert list(tmp_path.iterdir()) == []
    assert list(tables.ask("SELECT id, title FROM articles ORDER BY id")) == [
        ("hcma:1", "Hai"),
        ("hcma:2", article(2).title),
    ]
    assert frame


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda sql: sql[:60])
def test_what_a_researcher_asks_is_let_through(tables, question):
    assert list(tables.ask(question)) is not None


@pytest.mark.parametrize("depth", [500, 5_000, 200_000])
def test_what_is_nested_deep_is_answered_or_told(tables, depth):
    with contextlib.suppress(UsageError):
        assert list(tables.ask("SELECT " + "(" * depth + "1" + ")" * depth)) == [(1,)]

    assert list(tables.ask("SELECT 1")) == [(1,)]


def test_values_stand_for_what_they_are(tables):
    assert list(tables.ask("SELECT id FROM articles WHERE title = ?", ["Hai"])) == [("hcma:1",)]
    assert list(tables.ask("SELECT id FROM articles WHERE title = $title", {"title": "Hai"})) == [("hcma:1",)]
    assert list(tables.ask("SELECT ? AS x", ["'; DROP VIEW articles; --"])) == [("'; DROP VIEW articles; --",)]


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '{folder}/y.parquet'",
        "ATTACH '{folder}/x.duckdb' AS x",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SELECT * FROM secrets",
    ],
)
def test_duckdb_itself_is_shut_too(tmp_path, attack):
    secrets = [1]
    (tmp_path / "spill").mkdir()
    part = tmp_path / "part.parquet"
    with duckdb.connect() as writing:
        writing.execute(f"COPY (SELECT 1 AS x) TO '{part}'")
    with asking("1GB", tmp_path / "spill") as connection:
        shut(connection, [part])
        with pytest.raises(duckdb.Error):
            connection.cursor().execute(attack.replace("{folder}", str(tmp_path))).fetchall()

        assert connection.execute(f"SELECT x FROM read_parquet('{part}')").fetchall() == [(1,)]
    assert secrets


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("selec * from articles", 'SQL, line 1, column 1: syntax error at or near "selec". Did you mean SELECT?'),
        ("SELECT id\nFROM articles\nWHER id = 1", "line 3, column 6: syntax error"),
        ("SELECT * FROM articles WHERE title = 'chính trị' AND (", "line 1, column 5"),
        ("SELECT titel FROM articles", "SQL, line 1, column 8: no column 'titel'. Nearest: title"),
        ("SELECT 'chính trị', a.titel FROM articles AS a", "line 1, column 21: no column 'titel'. Nearest: title"),
        ("SELECT id FROM\n  artikel", "SQL, line 2, column 3: no table 'artikel'. Nearest: articles"),
        ("SELECT id FROM articles WHERE x.id = '1'", "SQL, line 1, column 31: no table 'x'"),
        ("SELECT zzzzzz FROM articles", "Tables: revisions, events, runs, articles"),
        ("SELECT upperr(title) FROM articles", "upper"),
        ("SELECT title + 1 FROM articles", "SQL"),
        ("SELECT 'x'::INTEGER", "SQL"),
        ("SELECT id FROM articles GROUP BY site", "GROUP BY"),
        ("SELECT ?", "SQL"),
    ],
    ids=lambda value: value[:40],
)
def test_a_wrong_statement_is_told_with_its_place_and_what_was_meant(tables, sql, says):
    with pytest.raises(UsageError) as refusal:
        list(tables.ask(sql))

    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_takes_too_much_memory_is_told(archive):
    with Tables([archive / "hcma"], memory="20MB") as tables, pytest.raises(UsageError, match="--memory 4GB"):
        list(tables.ask("SELECT list(i) FROM range(20000000) AS t(i)"))


def test_a_size_that_is_none_is_told(archive):
    with pytest.raises(UsageError, match="Write it as 2GB"):
        Tables([archive / "hcma"], memory="much")
