"""What is tried for each row of the table: through the real views, judged by what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, ReferenceIndex
from wagtail.test.utils.form_data import nested_form_data, streamfield

from centres.models import CentrePage, Province
from curricula.models import CurriculumPage, ModuleUnitPage
from media.models import Recording, SiteDocument, SiteImage
from portal.models import ContentPage
from tests.core.editor import edit_url
from tests.curricula.editing import Editor
from tests.factories import UserFactory
from tests.media.sounds import tone

from .two_centres import Corner

ACTIONS: dict[str, Callable[["Actor"], bool]] = {}
FILES = ((SiteImage, "wagtailimages"), (SiteDocument, "wagtaildocs"), (Recording, "wagtailmedia"))


@dataclass
class Actor:
    """Someone who tries things on the centre `theirs`."""

    client: Client
    administrator: Client
    user: User | None
    theirs: Corner
    other: CentrePage
    about: ContentPage
    forms: dict[int, dict[str, Any]] = field(default_factory=dict)

    def shows(self, url: str, word: str = "zebra", **query: Any) -> bool:
        response: Any = self.client.get(url, query)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code == 200 and word in body.decode("utf-8", "replace")

    def page_url(self, name: str, page: Page, *more: Any) -> str:
        return reverse(f"wagtailadmin_pages:{name}", args=[page.pk, *more])

    def form(self, page: Any, **changes: Any) -> dict[str, Any]:
        """The form of a page as somebody who may open it would post it."""
        if page.pk not in self.forms:
            self.forms[page.pk] = Editor(self.administrator, page).data()
        return {**self.forms[page.pk], **changes}

    def files(self) -> list[tuple[Any, str]]:
        made = (self.theirs.image, self.theirs.document, self.theirs.recording)
        return [(file, names) for file, (_model, names) in zip(made, FILES, strict=True)]


def action(what: str) -> Callable[[Callable[[Actor], bool]], Callable[[Actor], bool]]:
    def register(function: Callable[[Actor], bool]) -> Callable[[Actor], bool]:
        ACTIONS[what] = function
        return function

    return register


def fresh(item: Any) -> Any:
    """The row as it is now, None where it is gone."""
    return type(item)._default_manager.filter(pk=item.pk).first()


def agreed(answers: list[bool]) -> bool:
    """The one answer for images, documents and recordings alike."""
    assert len(set(answers)) == 1, answers
    return answers[0]


# --- Seeing ---------------------------------------------------------------------------------------


@action("see drafts in the list of pages")
def _(a: Actor) -> bool:
    return a.shows(reverse("wagtailadmin_explore", args=[a.theirs.centre.pk]))


@action("find drafts by search")
def _(a: Actor) -> bool:
    return a.shows(reverse("wagtailadmin_pages:search"), "zebra curriculum", q="zebr")


@action("choose a draft for a link")
def _(a: Actor) -> bool:
    found = a.shows(reverse("wagtailadmin_choose_page_search"), q="zebr")
    below = reverse("wagtailadmin_choose_page_child", args=[a.theirs.centre.pk])
    chosen = reverse("wagtailadmin_choose_page_chosen_multiple")
    by_key = a.shows(chosen, id=a.theirs.curriculum.pk)
    return agreed([found, a.shows(below), by_key])


@action("list drafts as JSON")
def _(a: Actor) -> bool:
    url = reverse("wagtailadmin_api:pages:listing")
    one = reverse("wagtailadmin_api:pages:detail", args=[a.theirs.curriculum.pk])
    return agreed([a.shows(url, child_of=a.theirs.centre.pk), a.shows(one)])


@action("open a draft for editing")
def _(a: Actor) -> bool:
    pages = (a.theirs.curriculum, a.theirs.module, a.theirs.unit)
    return agreed([a.shows(edit_url(page)) for page in pages])


@action("preview a draft")
def _(a: Actor) -> bool:
    pages = (a.theirs.curriculum, a.theirs.module, a.theirs.unit)
    return agreed([a.shows(a.page_url("view_draft", page)) for page in pages])


@action("open an older version")
def _(a: Actor) -> bool:
    page, revision = a.theirs.curriculum, a.theirs.revision.pk
    urls = [a.page_url(f"revisions_{name}", page, revision) for name in ("view", "revert")]
    urls.append(a.page_url("revisions_compare", page, "earliest", "latest"))
    return agreed([a.shows(url) for url in urls])


@action("read the history of a draft")
def _(a: Actor) -> bool:
    page = a.theirs.submitted
    urls = [a.page_url(name, page) for name in ("history", "workflow_history", "usage")]
    return agreed([a.shows(url) for url in urls])


@action("read of drafts in reports")
def _(a: Actor) -> bool:
    names = ("site_history", "workflow", "workflow_tasks")
    return agreed([a.shows(reverse(f"wagtailadmin_reports:{name}")) for name in names])


# --- Writing --------------------------------------------------------------------------------------


@action("save a draft")
def _(a: Actor) -> bool:
    unit = a.theirs.unit
    a.client.post(edit_url(unit), a.form(unit, name_en="New name"))
    return fresh(unit).get_latest_revision_as_object().name_en == "New name"


@action("save a draft as JSON")
def _(a: Actor) -> bool:
    unit = a.theirs.unit
    data = a.form(unit, name_en="New name")
    a.client.post(edit_url(unit), data, headers={"accept": "application/json"})
    return fresh(unit).get_latest_revision_as_object().name_en == "New name"


@action("add a curriculum")
def _(a: Actor) -> bool:
    args = ["curricula", "curriculumpage", a.theirs.centre.pk]
    streams = {name: streamfield([]) for name in CurriculumPage.translated_streams}
    data = {
        **a.form(a.theirs.curriculum),
        **nested_form_data(streams),
        "name_en": "Added",
        "slug": "",
    }
    a.client.post(reverse("wagtailadmin_pages:add", args=args), data)
    return a.theirs.centre.get_children().filter(title="Added").exists()


@action("submit for review")
def _(a: Actor) -> bool:
    page = a.theirs.curriculum
    a.client.post(edit_url(page), a.form(page, **{"action-submit": "1"}))
    return fresh(page).workflow_in_progress


@action("approve in review")
def _(a: Actor) -> bool:
    page, task = a.theirs.submitted, a.theirs.task_state
    url = a.page_url("workflow_action", page, "approve", task.pk)
    a.client.post(url, {"comment": "", "next": "/admin/"})
    task.refresh_from_db()
    return task.status == "approved"


@action("publish")
def _(a: Actor) -> bool:
    page = a.theirs.curriculum
    a.client.post(edit_url(page), a.form(page, **{"action-publish": "1"}))
    return fresh(page).live


@action("unpublish")
def _(a: Actor) -> bool:
    Page.objects.filter(pk=a.theirs.curriculum.pk).update(live=True)
    a.client.post(a.page_url("unpublish", a.theirs.curriculum))
    return not fresh(a.theirs.curriculum).live


@action("lock a page")
def _(a: Actor) -> bool:
    a.client.post(a.page_url("lock", a.theirs.curriculum))
    return fresh(a.theirs.curriculum).locked


def _copied(a: Actor, parent: Page) -> bool:
    data = {"new_title": "x", "new_slug": "copied", "new_parent_page": parent.pk}
    a.client.post(a.page_url("copy", a.theirs.curriculum), data)
    return fresh(parent).get_children().filter(slug="copied").exists()


@action("copy a curriculum")
def _(a: Actor) -> bool:
    return _copied(a, a.theirs.centre)


@action("copy a curriculum to another centre")
def _(a: Actor) -> bool:
    return _copied(a, a.other)


@action("move a curriculum to another centre")
def _(a: Actor) -> bool:
    page = a.theirs.curriculum
    a.client.post(a.page_url("move_confirm", page, a.other.pk))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    a.client.post(f"{bulk}?id={page.pk}", {"chooser": a.other.pk})
    return fresh(page).get_parent().pk == a.other.pk


@action("delete a draft with what is below it")
def _(a: Actor) -> bool:
    a.client.post(a.page_url("delete", a.theirs.curriculum))
    api = reverse("wagtailadmin_api:pages:action", args=[a.theirs.curriculum.pk, "delete"])
    a.client.post(api)
    return fresh(a.theirs.curriculum) is None


@action("delete several pages at once")
def _(a: Actor) -> bool:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    a.client.post(f"{url}?id={a.theirs.curriculum.pk}")
    return fresh(a.theirs.curriculum) is None


# --- Centres --------------------------------------------------------------------------------------


@action("change the page of the centre")
def _(a: Actor) -> bool:
    centre = a.theirs.centre
    a.client.post(edit_url(centre), a.form(centre, phone="1234"))
    return fresh(centre).get_latest_revision_as_object().phone == "1234"


@action("delete the centre")
def _(a: Actor) -> bool:
    a.client.post(a.page_url("delete", a.theirs.centre), {"confirm_site_name": "Mittaphap"})
    return fresh(a.theirs.centre) is None


@action("make a centre")
def _(a: Actor) -> bool:
    data = {"name_en": "Made", "kind": "enterprise", "country": "VN", "source_language": "en"}
    a.client.post(reverse("centres_admin:new"), data)
    args = ["centres", "centrepage", a.theirs.centre.get_parent().pk]
    a.client.post(reverse("wagtailadmin_pages:add", args=args), data)
    return CentrePage.objects.filter(title="Made").exists()


@action("say who belongs to the centre")
def _(a: Actor) -> bool:
    url = reverse("centres_admin:members", args=[a.theirs.centre.pk])
    someone = a.user if a.user and not a.user.is_superuser else UserFactory()
    had = someone.groups.count()
    a.client.post(url, {"user": someone.pk, "role": "publishers"})
    a.client.post(url, {"remove": a.theirs.editor.pk})
    return someone.groups.count() > had and not a.theirs.editor.groups.exists()


@action("change provinces")
def _(a: Actor) -> bool:
    url = reverse(Province.snippet_viewset.get_url_name("add"))
    data = {
        "name_en": "Atlantis", "slug": "atlantis", "country": "LA", "position": "1",
        "source_language": "en", "languages": ["en"], "ready_languages": ["en"],
        "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
    }  # fmt: skip
    a.client.post(url, data)
    return Province.objects.filter(slug="atlantis").exists()


# --- Files ----------------------------------------------------------------------------------------


@action("see files in their lists")
def _(a: Actor) -> bool:
    return agreed([a.shows(reverse(f"{names}:index"), f"zebra {word}")
                   for names, word in (("wagtailimages", "image"), ("wagtaildocs", "document"),
                                       ("wagtailmedia", "recording"))])  # fmt: skip


@action("choose files")
def _(a: Actor) -> bool:
    image, document, recording = a.theirs.image, a.theirs.document, a.theirs.recording
    urls = [
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtaildocs_chooser:choose"),
        reverse("wagtailmedia:chooser"),
        reverse("wagtailimages_chooser:chosen", args=[image.pk]),
        reverse("wagtaildocs_chooser:chosen", args=[document.pk]),
        reverse("wagtailmedia:media_chosen", args=[recording.pk]),
    ]
    return agreed([a.shows(url) for url in urls])


def uploaded_image() -> SimpleUploadedFile:
    data = get_test_image_file().file.getvalue()
    return SimpleUploadedFile("brought.png", data, content_type="image/png")


@action("upload files")
def _(a: Actor) -> bool:
    collection = a.theirs.image.collection_id
    common = {"title": "Brought", "collection": collection}
    sent = [
        ("wagtailimages:add", SiteImage, uploaded_image(), {}),
        ("wagtaildocs:add", SiteDocument, SimpleUploadedFile("b.csv", b"a,b\n1,2\n"), {}),
        ("wagtailmedia:add", Recording, SimpleUploadedFile("b.wav", tone()), {"consent": "on"}),
    ]
    for name, _model, file, more in sent:
        url = reverse(name, args=["audio"] if "media" in name else [])
        a.client.post(url, {**common, **more, "file": file})
    return agreed([model.objects.filter(title="Brought").exists() for _n, model, _f, _m in sent])


@action("change files of others")
def _(a: Actor) -> bool:
    for file, names in a.files():
        data = {"title": "Changed", "collection": file.collection_id, "duration": "1"}
        a.client.post(reverse(f"{names}:edit", args=[file.pk]), data)
    return agreed([fresh(file).title == "Changed" for file, _names in a.files()])


@action("delete files of others")
def _(a: Actor) -> bool:
    for file, names in a.files():
        a.client.post(reverse(f"{names}:delete", args=[file.pk]))
    return agreed([fresh(file) is None for file, _names in a.files()])


@action("delete several files at once")
def _(a: Actor) -> bool:
    for file in (a.theirs.image, a.theirs.document):
        args = ["media", file._meta.model_name, "delete"]
        a.client.post(reverse("wagtail_bulk_action", args=args) + f"?id={file.pk}")
    return agreed([fresh(file) is None for file in (a.theirs.image, a.theirs.document)])


@action("place a file on a page")
def _(a: Actor) -> bool:
    """On a page that the actor may change, whichever that is."""
    page = a.theirs.unit if a.shows(edit_url(a.theirs.unit)) else own_unit(a)
    if page is None:
        return False
    body = [("drawing", drawing(a.theirs.image)), ("file", attached(a.theirs.document))]
    data = a.form(page) | nested_form_data({"body": streamfield(body)})
    a.client.post(edit_url(page), data)
    kinds = [block.block_type for block in fresh(page).get_latest_revision_as_object().body]
    return kinds == ["drawing", "file"]


def own_unit(a: Actor) -> Any:
    """A unit of the actor's own centre."""
    units = ModuleUnitPage.objects.exclude(pk=a.theirs.unit.pk)
    return next((unit for unit in units if a.shows(edit_url(unit), "page-edit-form")), None)


def drawing(image: SiteImage) -> dict[str, Any]:
    empty = dict.fromkeys(("lo", "vi", "en"), "")
    return {"image": image.pk, "alternative": {**empty, "en": "x"}, "caption": empty}


def attached(document: SiteDocument) -> dict[str, Any]:
    empty = dict.fromkeys(("lo", "vi", "en"), "")
    return {"document": document.pk, "title": {**empty, "en": "x"}}


@action("read a document that is on no public page")
def _(a: Actor) -> bool:
    return a.shows(a.theirs.document.url, "%PDF")


@action("read a document that is on a public page")
def _(a: Actor) -> bool:
    link = f'<p><a linktype="document" id="{a.theirs.document.pk}">x</a></p>'
    a.about.body = [("paragraphs", {"en": link, "lo": "", "vi": ""})]
    a.about.save()
    ReferenceIndex.create_or_update_for_object(a.about)
    return a.shows(a.theirs.document.url, "%PDF")


@action("read a public page")
def _(a: Actor) -> bool:
    public = a.theirs.centre
    json = f"/api/v1/centres/{public.public_id}/"
    return agreed([a.shows("/en/centres/theirs/", "Theirs"), a.shows(json, "Theirs")])
