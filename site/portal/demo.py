"""The content that ships with the project, loaded in the order in which it builds on itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Page, Site

from centres.loading import centres_are_loaded, load_centres
from core.languages import CODES
from curricula.loading import curricula_are_loaded, load_curricula
from curricula.rules import load_rules
from glossary.exchange.content import load_content as load_glossary
from glossary.models import Concept
from lessons.loading import courses_are_loaded, load_courses
from lessons.voice import start_voices
from portal.models import ContentPage, HomePage
from releases.demo import start_demo_releases
from trades.loading import load_frameworks, load_trades

PAGES = Path(__file__).parent / "content" / "pages.yaml"


def demo_is_loaded() -> bool:
    """Whether this site has content already, its own or the demo's."""
    return (
        HomePage.objects.exists()
        and Concept.objects.exists()
        and courses_are_loaded()
        and centres_are_loaded()
        and curricula_are_loaded()
    )


def load_demo(progress: Callable[[str], Any]) -> None:
    """Load everything; what is there already, by public id or slug, stays as it is."""
    progress(f"Trades: {load_trades()} new")
    progress(f"Framework levels: {load_frameworks()} new")
    progress(f"Pages: {load_pages()} new")
    load_glossary(progress)
    if load_courses(progress):
        start_voices(progress)
    load_centres(progress)
    progress(f"Rules: {load_rules()} new")
    if load_curricula(progress):
        start_demo_releases(progress)


@transaction.atomic
def load_pages() -> int:
    """Make the home page and the content pages below it; return how many are new."""
    content = yaml.safe_load(PAGES.read_text())
    home = HomePage.objects.first()
    made = 0
    if home is None:
        home = _make_home(content["home"])
        made += 1
    for entry in content["pages"]:
        if not home.get_children().filter(slug=entry["slug"]).exists():
            page = ContentPage(slug=entry["slug"], body=_blocks(entry["body"]), **_texts(entry))
            _publish_below(home, page)
            made += 1
    return made


def _make_home(entry: dict[str, Any]) -> HomePage:
    root = Page.get_first_root_node()
    home = HomePage(slug="mittaphap", **_texts(entry))
    _publish_below(root, home)
    welcome = Site.objects.filter(is_default_site=True).first()
    if welcome is None:
        Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
    else:
        old = welcome.root_page
        welcome.root_page = home
        welcome.site_name = "Mittaphap"
        welcome.save()
        # Wagtail's own welcome page, which its migrations make.
        if old.slug == "home" and type(old.specific) is Page and not old.get_children().exists():
            old.delete()
    return home


def _publish_below(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    # What ships is written in all languages at once, so none is older than its source.
    for code in CODES:
        page.confirm_translation(code)
    page.save_revision().publish()


def _texts(entry: dict[str, Any]) -> dict[str, str]:
    return {f"{name}_{c}": entry[name][c] for name in ("name", "introduction") for c in CODES}


def _blocks(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": kind, "value": value} for entry in entries for kind, value in entry.items()]
