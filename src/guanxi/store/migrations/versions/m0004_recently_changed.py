"""Records changed last are found at once: an index on every table of records that is there already."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Tables of links have no such column and need no such index.
_EACH_TABLE = """
DO $$
DECLARE one text;
BEGIN
    FOR one IN
        SELECT table_name FROM information_schema.columns WHERE table_schema = 'crm' AND column_name = 'updated_at'
    LOOP
        EXECUTE format('{change}', 'ix_' || one || '_updated_at', one);
    END LOOP;
END $$;
"""
_ADDED = _EACH_TABLE.format(change="CREATE INDEX IF NOT EXISTS %1$I ON crm.%2$I (updated_at, id)")
_DROPPED = _EACH_TABLE.format(change="DROP INDEX IF EXISTS crm.%1$I")


def upgrade() -> None:
    """Add the index to each table."""
    op.execute(_ADDED)


def downgrade() -> None:
    """Drop the index of each table."""
    op.execute(_DROPPED)
