"""Fixtures of the whole suite."""

import os
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Collection, Locale, Page, Site

from glossary.marker import forget as forget_terms
from portal.models import HomePage

# Playwright's synchronous interface runs an event loop of its own beside Django's live server.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Lao and Vietnamese need compiled catalogues, also when pytest is started by hand."""
    call_command("compile_catalogues", verbosity=0)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:  # type: ignore[no-untyped-def]
    """In CI everything is installed, so a skipped test is a failure."""
    if os.environ.get("REQUIRE_ALL") == "1" and terminalreporter.stats.get("skipped"):
        terminalreporter.section("skipped, though REQUIRE_ALL=1")
        for report in terminalreporter.stats["skipped"]:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped") if reporter else None
    if os.environ.get("REQUIRE_ALL") == "1" and skipped and exitstatus == 0:
        session.exitstatus = 1


def _make_tree() -> None:
    """What Wagtail's migrations make: --nomigrations leaves it out."""
    locale, _ = Locale.objects.get_or_create(language_code="en")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    if not Page.objects.exists():
        content_type = ContentType.objects.get_for_model(Page)
        Page.add_root(
            instance=Page(title="Root", slug="root", content_type=content_type, locale=locale)
        )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):  # type: ignore[no-untyped-def]
    """The root page, collection and locale, once a session."""
    with django_db_blocker.unblock():
        _make_tree()


@pytest.fixture
def transactional_db(transactional_db: None) -> None:
    """A test that commits, as one with a live server does, ends by emptying the database."""
    _make_tree()


def _clear_caches() -> None:
    for name in caches.settings:
        caches[name].clear()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request leaves its language active in the thread; no test hears of another's."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    _clear_caches()
    # The living dictionary is kept in memory; a test's own terms end with it.
    forget_terms()
    yield
    _clear_caches()
    forget_terms()


@pytest.fixture
def home(db: None) -> HomePage:
    """The home page, published, and the site that serves it."""
    root = Page.get_first_root_node()
    page = HomePage(name_lo="ມິດຕະພາບ", name_vi="Mittaphap", name_en="Mittaphap", slug="home")
    root.add_child(instance=page)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": page},
    )
    return page
