"""The home page and plain content pages."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from core.blocks import ContentBlocks
from core.models import BasePage

from .routing import find_below


class HomePage(BasePage):
    """The front door: what this is, one search box, the trades."""

    body = StreamField(ContentBlocks(), verbose_name=_("text"), blank=True)

    translated_streams = ("body",)
    content_panels = [*BasePage.content_panels, FieldPanel("body"), *BasePage.language_panels]
    template = "portal/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "portal.ContentPage",
        "lessons.LessonsIndexPage",
        "centres.CentresIndexPage",
    ]
    max_count = 1

    class Meta:
        verbose_name = _("home page")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        page = find_below(self, path_components)
        if page is None:
            # Pages may have addresses of their own below them.
            return super().route(request, path_components)
        return page.specific.route(request, [])


class ContentPage(BasePage):
    """A plain page of text and pictures in every language."""

    body = StreamField(ContentBlocks(), verbose_name=_("text"), blank=True)

    translated_streams = ("body",)
    content_panels = [*BasePage.content_panels, FieldPanel("body"), *BasePage.language_panels]
    template = "portal/content_page.html"
    parent_page_types = ["portal.HomePage", "portal.ContentPage"]
    subpage_types = ["portal.ContentPage"]

    class Meta:
        verbose_name = _("content page")
