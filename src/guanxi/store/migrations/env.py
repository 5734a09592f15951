"""Alembic's entry: run inside the transaction that `migrate` opened."""

import sqlalchemy as sa
from alembic import context

from guanxi.store.tables import SYSTEM_SCHEMA, system

connection = context.config.attributes["connection"]
connection.execute(sa.schema.CreateSchema(SYSTEM_SCHEMA, if_not_exists=True))
context.configure(
    connection=connection,
    target_metadata=system,
    version_table_schema=SYSTEM_SCHEMA,
    include_schemas=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
