"""The glossary's reports, through the real admin views."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from glossary.models import Term
from glossary.reports import plain_cell
from glossary.search import index_concepts
from tests.factories import AdminFactory, ConceptFactory, TradeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(AdminFactory())
    return client


@pytest.fixture(autouse=True)
def glossary():
    welder, cook = TradeFactory(), TradeFactory(slug="cook", name_en="Cook")
    made = [
        ConceptFactory(lo="ໝໍ້", vi="nồi", en="pot", trades=[cook]),
        ConceptFactory(lo="ຫມໍ້", en="=saucepan", trades=[cook]),
        ConceptFactory(lo="ໝໍ້", trades=[welder]),
        ConceptFactory(vi="Nồi", trades=[welder, cook]),
        ConceptFactory(lo="ຖ້ວຍ", vi="nôi", en="cup", trades=[welder], live=False),
    ]
    Term.objects.filter(text="pot").update(review_state="reviewed")
    index_concepts([concept.pk for concept in made])


def report(client: Client, name: str, query: str = ""):
    response = client.get(f"{reverse(f'glossary_reports:{name}')}?{query}")
    assert response.status_code == 200
    return response


def rows(client: Client, name: str, query: str = "") -> list[str]:
    return sorted(str(row) for row in report(client, name, query).context["object_list"])


def test_terms_without_recording(admin: Client) -> None:
    assert len(rows(admin, "without-recording")) == 10
    assert rows(admin, "without-recording", "language=en") == ["=saucepan", "cup", "pot"]


def test_proposed_terms_are_left_out(admin: Client) -> None:
    Term.objects.filter(text="cup").update(status="proposed")
    assert rows(admin, "without-recording", "language=en") == ["=saucepan", "pot"]


def test_unreviewed_terms(admin: Client) -> None:
    assert rows(admin, "unreviewed", "language=en") == ["=saucepan", "cup"]


def test_concepts_without_lao_or_vietnamese(admin: Client) -> None:
    assert rows(admin, "without-lao") == ["Nồi"]
    assert rows(admin, "without-vietnamese") == ["ໝໍ້", "ໝໍ້ · =saucepan"]


def test_reports_are_narrowed_to_a_trade(admin: Client) -> None:
    welder = TradeFactory()
    assert rows(admin, "without-vietnamese", f"trade={welder.pk}") == ["ໝໍ້"]
    assert rows(admin, "unreviewed", f"trade={welder.pk}&language=lo") == ["ຖ້ວຍ", "ໝໍ້"]


def test_duplicates_are_of_one_trade_and_language_whatever_the_spelling(admin: Client) -> None:
    response = report(admin, "duplicates")
    found = [
        (double.trade, double.language, double.texts, double.count)
        for double in response.context["table"].data
    ]
    assert sorted(found) == [("Cook", "lo", "ໝໍ້", 2), ("Cook", "vi", "Nồi / nồi", 2)]
    assert "=saucepan" in response.content.decode()


@pytest.mark.parametrize(
    "name", ["without-recording", "without-lao", "without-vietnamese", "unreviewed", "duplicates"]
)
def test_exports_open_and_carry_no_formula(admin: Client, name: str) -> None:
    response = report(admin, name, "export=csv")
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert not any(
        cell.startswith(("=", "+", "-", "@"))
        for line in text.splitlines()
        for cell in line.split(",")
    )
    response = report(admin, name, "export=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert sheet.max_row > 1
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_whole_report_is_exported(admin: Client) -> None:
    for number in range(60):
        ConceptFactory(en=f"tool {number}")
    text = b"".join(report(admin, "without-lao", "export=csv").streaming_content).decode()
    assert len(text.splitlines()) == 62
    assert len(rows(admin, "without-lao")) == 50


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_become_text(value: str) -> None:
    assert plain_cell(value) == f"'{value}"
    assert plain_cell("a=1") == "a=1"


@pytest.mark.parametrize("query", ["language=xx", "trade=abc", "p=99999", "export=exe", "p=%00"])
def test_unknown_filters_are_left_aside(admin: Client, query: str) -> None:
    assert report(admin, "unreviewed", query)


def test_reports_stand_in_the_menu(admin: Client) -> None:
    page = admin.get(reverse("wagtailadmin_home")).content.decode()
    assert "reports/glossary/duplicates" in page
