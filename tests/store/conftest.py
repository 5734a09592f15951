"""Fixtures of a real database."""

from tests.database import database_server, empty_database

__all__ = ["database_server", "empty_database"]
