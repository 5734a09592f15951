"""Search entries carry a token of their object, by which the index leaves out the records of all others."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_GIVEN = sa.text("UPDATE guanxi.search_entry SET tokens = tokens || :kind WHERE object = :object")
_TAKEN = sa.text("UPDATE guanxi.search_entry SET tokens = array_remove(tokens, :kind) WHERE object = :object")


def upgrade() -> None:
    """Give every entry the token of its object."""
    _each_object(_GIVEN)


def downgrade() -> None:
    """Take the tokens away again."""
    _each_object(_TAKEN)


def _each_object(change: sa.TextClause) -> None:
    connection = op.get_bind()
    # Every entry changes: to build the index anew takes a fraction of changing it entry by entry.
    op.execute("DROP INDEX guanxi.ix_search_entry_tokens")
    for name in (
        connection.execute(sa.text("SELECT DISTINCT object FROM guanxi.search_entry")).scalars().all()
    ):
        # As `guanxi.store.search` numbers it.
        kind = zlib.crc32(b"@" + name.encode()) - 2**31 or 1
        connection.execute(change.bindparams(sa.bindparam("kind", kind, sa.Integer), object=name))
    op.execute("CREATE INDEX ix_search_entry_tokens ON guanxi.search_entry USING gin (tokens)")
