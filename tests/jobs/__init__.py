"""Durable work: tests that kill it."""
