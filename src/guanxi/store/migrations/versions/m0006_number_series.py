"""Series of numbers are sequences: two who save at once no longer wait for each other's numbers."""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE guanxi.number_series (
    object TEXT NOT NULL,
    field TEXT NOT NULL,
    period TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (object, field, period)
);
COMMENT ON TABLE guanxi.number_series IS 'The last number given out per period';
"""


def upgrade() -> None:
    """Make a sequence of each series that has begun, which goes on behind its last number."""
    begun = sa.text("SELECT object, field, period, last FROM guanxi.number_series")
    for object_name, field, period, last in op.get_bind().execute(begun).all():
        name = _sequence(object_name, field, period)
        op.execute(f"CREATE SEQUENCE {name} START {last + 1}")
        op.execute(f"COMMENT ON SEQUENCE {name} IS '{object_name}.{field} {period}'")
    op.execute("DROP TABLE guanxi.number_series")


def downgrade() -> None:
    """Write the last number of each sequence into a table again."""
    op.execute(_TABLE)
    connection = op.get_bind()
    made = sa.text(
        "SELECT c.relname, obj_description(c.oid) FROM pg_class c "
        "WHERE c.relkind = 'S' AND c.relnamespace = 'guanxi'::regnamespace AND c.relname LIKE 'series\\_%'"
    )
    keep = sa.text("INSERT INTO guanxi.number_series VALUES (:object, :field, :period, :last)")
    for name, told in connection.execute(made).all():
        whose, _, period = told.partition(" ")
        object_name, _, field = whose.partition(".")
        value = f"SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM guanxi.{name}"
        last = connection.execute(sa.text(value)).scalar_one()
        given = {"object": object_name, "field": field, "period": period, "last": last}
        connection.execute(keep.bindparams(**given))
        op.execute(f"DROP SEQUENCE guanxi.{name}")


def _sequence(object_name: str, field: str, period: str) -> str:
    """Return the name of a sequence as `guanxi.store.numbers` calls it."""
    return "guanxi.series_" + hashlib.sha256(f"{object_name}/{field}/{period}".encode()).hexdigest()[:32]
