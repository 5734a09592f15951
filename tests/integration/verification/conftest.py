from tests.world import database_server, steward, store

__all__ = ["database_server", "steward", "store"]
