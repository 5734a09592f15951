"""Tokens of search entries as numbers: an index of numbers costs half as much as one of texts."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AT_ONCE = 50_000

# The numbers are those of `guanxi.records.search`; entries written before keep their tokens, which are more than
# are asked for now. They are worked out here: only PostgreSQL 18 has a function for them.
_BEGIN = """
CREATE TEMPORARY TABLE numbered (token text PRIMARY KEY, number integer NOT NULL) ON COMMIT DROP;
CREATE FUNCTION pg_temp.numbers_of(tokens text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT array_agg(n.number) FROM unnest(tokens) t JOIN pg_temp.numbered n ON n.token = t);
END $$;
"""
_DISTINCT = sa.text("SELECT DISTINCT unnest(tokens) FROM guanxi.search_entry")
_NUMBER = sa.text(
    "INSERT INTO numbered SELECT * FROM unnest(CAST(:tokens AS text[]), CAST(:numbers AS integer[]))"
)
_REWRITE = """
ANALYZE numbered;
DROP INDEX guanxi.ix_search_entry_tokens;
ALTER TABLE guanxi.search_entry ALTER COLUMN tokens TYPE integer[] USING coalesce(pg_temp.numbers_of(tokens), '{}');
CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens);
"""


def upgrade() -> None:
    """Write each token as its number."""
    connection = op.get_bind()
    op.execute(_BEGIN)
    found = connection.execute(_DISTINCT, execution_options={"yield_per": _AT_ONCE})
    for tokens in found.scalars().partitions():
        numbers = [zlib.crc32(each.encode()) - 2**31 for each in tokens]
        connection.execute(_NUMBER, {"tokens": list(tokens), "numbers": numbers})
    op.execute(_REWRITE)


def downgrade() -> None:
    """Forget the entries: their texts are written again with the records."""
    op.execute(
        "TRUNCATE guanxi.search_entry; ALTER TABLE guanxi.search_entry ALTER COLUMN tokens TYPE text[] USING '{}'"
    )
