"""The read-only JSON API at /api/v1/: what there is, put together."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from centres.api import CentreViewSet
from core.api import Cacheable
from curricula.api import CurriculumViewSet
from glossary.api import ConceptViewSet, SearchView, TermViewSet
from releases.api import ReleaseViewSet
from trades.api import TradeViewSet


class SchemaView(Cacheable, SpectacularJSONAPIView):
    """The OpenAPI document."""


router = SimpleRouter()
router.register("centres", CentreViewSet)
router.register("concepts", ConceptViewSet)
router.register("terms", TermViewSet)
router.register("trades", TradeViewSet)
router.register("curricula", CurriculumViewSet)
router.register("releases", ReleaseViewSet)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("search/", SearchView.as_view(), name="search"),
    path("openapi.json", SchemaView.as_view(), name="schema"),
    *router.urls,
]
