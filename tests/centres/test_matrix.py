"""The table "Who may do what" of docs/centres.md, walked through the real screens."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client

from portal.models import HomePage
from tests.core.test_admin_search import full_text  # noqa: F401 — a fixture.
from tests.factories import AdminFactory, UserFactory, centre_page, content_page

from .matrix_actions import ACTIONS, Actor
from .two_centres import corner

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "centres.md"
COLUMNS = (
    "anonymous",
    "no centre",
    "editor, own",
    "editor, other",
    "publisher, own",
    "publisher, other",
    "administrator",
)


def matrix() -> dict[str, dict[str, bool]]:
    """What → column → whether it is allowed."""
    lines = DOCUMENT.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| what | anonymous"))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:]
            if line.startswith("|")][: len(ACTIONS) + 2]  # fmt: skip
    assert tuple(rows[0][1:]) == COLUMNS
    words = {"yes": True, "no": False}
    return {
        row[0]: {column: words[word] for column, word in zip(COLUMNS, row[1:], strict=True)}
        for row in rows[2:]
    }


def test_the_table_and_the_test_speak_of_the_same() -> None:
    assert list(matrix()) == list(ACTIONS)


@pytest.mark.parametrize("column", COLUMNS)
def test_everybody_may_do_what_the_table_says(
    home: HomePage,
    full_text: None,  # noqa: F811
    column: str,
) -> None:
    theirs, mine = corner(home, "Theirs", "zebra"), corner(home, "Mine", "heron")
    other = centre_page(home, name_en="Third", slug="third")
    about = content_page(home)
    users: dict[str, Any] = {
        "no centre": outsider,
        "editor, own": lambda: colleague(theirs.centre.space.editors),
        "editor, other": lambda: mine.editor,
        "publisher, own": lambda: theirs.publisher,
        "publisher, other": lambda: mine.publisher,
        "administrator": AdminFactory,
    }
    client = Client()
    user = users[column]() if column in users else None
    if user is not None:
        client.force_login(user)
    administrator = Client()
    administrator.force_login(AdminFactory())
    actor = Actor(client, administrator, user, theirs, other, about)
    found = {what: tried(actor, what) for what in ACTIONS}
    expected = {what: row[column] for what, row in matrix().items()}
    differing = {what: allowed for what, allowed in found.items() if allowed != expected[what]}
    assert not differing


def tried(actor: Actor, what: str) -> bool:
    """Whether the actor brings it about; nothing of it stays."""
    with transaction.atomic():
        allowed = ACTIONS[what](actor)
        transaction.set_rollback(True)
    return allowed


def outsider() -> Any:
    """Someone with access to the admin, who belongs to no centre."""
    user, group = UserFactory(username="outsider"), Group.objects.create(name="Others")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    return user


def colleague(group: Group) -> Any:
    """A second editor, who owns nothing."""
    user = UserFactory(username="colleague")
    user.groups.add(group)
    return user
