"""The web server in front of the pages."""

from granian import Granian
from granian.constants import Interfaces
from rich.console import Console

from guanxi.settings import Settings


def serve_pages(console: Console, settings: Settings) -> None:
    """Serve the pages until the process is told to stop; each web process opens the database for itself."""
    console.print(f"Guanxi 关系: [bold]http://{settings.host}:{settings.port}[/]  (Ctrl-C stops)")
    server = Granian(
        "guanxi.app:serve_site",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.web_processes,
        log_enabled=settings.log_level in ("DEBUG", "INFO"),
    )
    server.serve()
