"""The documents say what is true: commands, variables, addresses, page types they should name."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from wagtail.models import Page

from core.models import RESERVED_ROOT_SLUGS

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
OUR_APPS = {"core", "media", "trades", "glossary", "lessons", "portal"}


def read(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_command_of_ours_is_in_operations() -> None:
    text = read("docs/operations.md")
    ours = {name for name, app in get_commands().items() if str(app).split(".")[0] in OUR_APPS}
    assert {name for name in ours if name not in text} == set()


def test_every_environment_variable_is_in_operations() -> None:
    text = read("docs/operations.md")
    found = set()
    for path in (ROOT / "site" / "config").rglob("*.py"):
        found |= set(re.findall(r'environ\.get\(\s*"([A-Z_]+)"', path.read_text()))
    assert {name for name in found if name not in text} == set()


def test_every_page_type_is_in_the_architecture() -> None:
    text = read("docs/architecture.md")
    ours = [m for m in apps.get_models() if issubclass(m, Page) and m is not Page]
    assert {model.__name__ for model in ours if model.__name__ not in text} == set()


def test_reserved_addresses_are_in_the_architecture() -> None:
    text = read("docs/architecture.md")
    assert {slug for slug in RESERVED_ROOT_SLUGS if f"`{slug}`" not in text} == set()


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    for path in DOCS:
        named = set(re.findall(r"`make ([a-z-]+)", path.read_text()))
        assert named <= targets, path


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_decisions_are_numbered_without_gaps_or_doubles() -> None:
    names = [p.name for p in (ROOT / "docs" / "decisions").glob("*.md")]
    numbers = sorted(int(name[:4]) for name in names)
    assert numbers == list(range(1, len(numbers) + 1)), names
