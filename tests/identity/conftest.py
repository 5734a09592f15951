"""Fixtures of a company with people."""

from tests.world import administrator, database_server, reader, steward, store

__all__ = ["administrator", "database_server", "reader", "steward", "store"]
