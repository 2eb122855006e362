import pytest
from django.core.management import call_command

from core.search import search
from core.search.models import SearchEntry
from portal.models import HomePage
from tests.factories import content_page

pytestmark = pytest.mark.django_db


def test_command_rebuilds_and_says_so(home: HomePage, capsys: pytest.CaptureFixture[str]) -> None:
    page = content_page(home, name_en="Timetable")
    SearchEntry.objects.all().delete()
    call_command("rebuild_search", "page")
    assert [hit.object_id for hit in search("timetable").hits] == [page.pk]
    assert "page: 2 of 2" in capsys.readouterr().out


def test_command_names_the_kinds_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("rebuild_search", "nothing")
    known = capsys.readouterr().err.partition("Known: ")[2]
    assert "concept" in known and "page" in known
