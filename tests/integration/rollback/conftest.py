"""Fixtures of a company with records."""

from tests.world import administrator, database_server, reader, steward, store

__all__ = ["administrator", "database_server", "reader", "steward", "store"]
