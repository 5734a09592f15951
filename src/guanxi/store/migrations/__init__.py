"""Bring the system's own tables to the version this program needs."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

_LOCK = 0x6775616E7869  # "guanxi": one process migrates, the others wait


def migrate(engine: sa.Engine) -> None:
    """Create or upgrade the tables of schema ``guanxi``; safe when several processes start at once."""
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    with engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
