"""Helpers of the tests of the editor: a form as a browser would fill it in and post it."""

from typing import Any

from django.test import Client
from wagtail.test.utils.form_data import nested_form_data, streamfield

from core.identity import new_public_id
from tests.core.editor import edit_url, soup


def client_of(user: Any) -> Client:
    """The client of a user."""
    client = Client()
    client.force_login(user)
    return client


class Editor:
    """An open editor of a page with a table of children."""

    def __init__(self, client: Client, page: Any) -> None:
        self.client = client
        self.url = edit_url(page)
        # Scripts render the streams; the pages of these tests have none.
        self.streams = nested_form_data({name: streamfield([]) for name in page.translated_streams})
        self.read(client.get(self.url))

    def read(self, response: Any) -> None:
        """Take the form as the response shows it."""
        self.page = soup(response)
        form = self.page.select_one("#page-edit-form")
        assert form is not None
        for template in form.select("template"):
            template.extract()
        values = form_values(form)
        self.rows: list[dict[str, str]] = []
        for row in form.select("[data-row]"):
            names = [tag["name"] for tag in row.select("[name]") if not tag.has_attr("disabled")]
            self.rows.append({name.split("-", 2)[2]: values.pop(name, "") for name in names})
        self.fields = values

    def add(self, **values: str) -> dict[str, str]:
        row = {"page": new_public_id(), "shown": "", "draft": "", **values}
        self.rows.append(row)
        return row

    def row(self, page: Any) -> dict[str, str]:
        return next(row for row in self.rows if row["page"] == page.public_id)

    def delete(self, page: Any) -> None:
        self.row(page)["DELETE"] = "on"

    def data(self) -> dict[str, Any]:
        data = {**self.fields, **self.streams, "children-TOTAL_FORMS": str(len(self.rows))}
        for place, row in enumerate(self.rows):
            data |= {f"children-{place}-{name}": value for name, value in row.items()}
            data[f"children-{place}-ORDER"] = str(place + 1)
        return data

    def save(self, **extra: Any) -> Any:
        return self.client.post(self.url, {**self.data(), **extra})

    def autosave(self, **extra: Any) -> Any:
        """What Wagtail's script does: posts, and takes over what the answer says."""
        response = self.client.post(
            self.url, {**self.data(), **extra}, headers={"accept": "application/json"}
        )
        for name, value in response.json().get("field_updates", {}).items():
            prefix, _dash, rest = name.partition("-")
            place, _dash, field = rest.partition("-")
            if prefix == "children" and place.isdecimal():
                self.rows[int(place)][field] = value
            else:
                self.fields[name] = value
        if response.json().get("revision_id"):
            self.fields["overwrite_revision_id"] = str(response.json()["revision_id"])
        return response


def form_values(form: Any) -> dict[str, Any]:
    """What a browser would post of a form as it stands, without its buttons."""
    values: dict[str, Any] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        name, kind = tag["name"], tag.get("type")
        if tag.has_attr("disabled") or kind in ("submit", "button", "file"):
            continue
        if tag.name == "textarea":
            # A line end right behind the tag belongs to the tag.
            values[name] = tag.text.removeprefix("\n")
        elif tag.name == "select":
            chosen = [option["value"] for option in tag.select("option[selected]")]
            first = [option["value"] for option in tag.select("option")][:1]
            values[name] = chosen if tag.has_attr("multiple") else "".join(chosen[:1] or first)
        elif kind not in ("checkbox", "radio"):
            values[name] = tag.get("value", "")
        elif tag.has_attr("checked"):
            values.setdefault(name, []).append(tag.get("value", "on"))
    return values
