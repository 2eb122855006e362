from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Start-up checks of the deployment."""

    name = "config"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the checks)
