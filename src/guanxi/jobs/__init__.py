"""Durable work that survives a crash, can be watched, cancelled and resumed: the only address of DBOS."""
