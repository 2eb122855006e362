"""What lessons add to the Wagtail admin."""

from wagtail import hooks


@hooks.register("register_icons")
def icons(names: list[str]) -> list[str]:
    """Icons of blocks that Wagtail has none for."""
    return [*names, *(f"lessons/icons/lesson-{name}.svg" for name in ("listen", "speak"))]
