"""Structured log lines: readable in a terminal, JSON where a machine reads them."""

import logging
import sys
from typing import cast

import structlog


def configure(*, json_lines: bool, level: str = "INFO") -> None:
    """Send every log line to standard error, as text or as JSON."""
    # Plain tracebacks: the pretty ones print every local value, passwords included.
    text = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    for_machines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *(for_machines if json_lines else text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger called *name*."""
    return cast(structlog.stdlib.BoundLogger, structlog.get_logger(source=name))
