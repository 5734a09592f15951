"""Tokens of search entries as numbers: an index of numbers costs half as much as one of texts."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The numbers are those of `guanxi.records.search`; entries written before keep their tokens, which are more than
# are asked for now.
_NUMBERED = """
CREATE FUNCTION pg_temp.numbered(tokens text[]) RETURNS integer[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT array_agg((crc32(convert_to(t, 'UTF8')) - 2147483648)::integer) FROM unnest(tokens) t);
END $$;
DROP INDEX guanxi.ix_search_entry_tokens;
ALTER TABLE guanxi.search_entry ALTER COLUMN tokens TYPE integer[] USING coalesce(pg_temp.numbered(tokens), '{}');
CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens);
"""


def upgrade() -> None:
    """Write each token as its number."""
    op.execute(_NUMBERED)


def downgrade() -> None:
    """Forget the entries: their texts are written again with the records."""
    op.execute(
        "TRUNCATE guanxi.search_entry; ALTER TABLE guanxi.search_entry ALTER COLUMN tokens TYPE text[] USING '{}'"
    )
