"""What stands at fixed addresses without a language: sitemap.xml and robots.txt."""

from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .sitemaps import sitemaps


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps."""
    response: HttpResponse = sitemap_views.index(
        request, sitemaps(), sitemap_url_name="sitemap-section"
    )
    return response


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """The addresses of one section."""
    response: HttpResponse = sitemap_views.sitemap(request, sitemaps(), section)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything may be read but the admin and what is made for scripts and forms."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/glossary/suggest",
        "Disallow: /*/glossary/request/",
        "",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
