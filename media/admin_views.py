"""wagtailmedia's chooser, for sound alone."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtailmedia.forms import get_media_form
from wagtailmedia.permissions import get_permission_policy
from wagtailmedia.utils import paginate
from wagtailmedia.views.chooser import get_media_json

from .models import Recording


@PermissionPolicyChecker(get_permission_policy()).require("add")
def chooser_upload(request: HttpRequest) -> HttpResponseBase:
    """An upload in the chooser; wagtailmedia's own view offers video once sound was refused."""
    recording = Recording(uploaded_by_user=request.user)
    form = get_media_form(Recording)(
        request.POST or None,
        request.FILES or None,
        instance=recording,
        user=request.user,
        prefix="media-chooser-upload",
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        chosen = {"step": "media_chosen", "result": get_media_json(recording)}
        return render_modal_workflow(request, None, None, None, json_data=chosen)
    policy = get_permission_policy()
    recordings = policy.instances_user_has_any_permission_for(request.user, ["change", "delete"])
    _paginator, page = paginate(request, recordings.order_by("-created_at"))
    context = {
        "media_files": page,
        "searchform": SearchForm(),
        "uploadforms": {"audio": form},
        "media_type": "audio",
        "ordering": "-created_at",
        "chooser_url": reverse("wagtailmedia:chooser_typed", args=("audio",)),
    }
    return render_modal_workflow(
        request, "wagtailmedia/chooser/chooser.html", None, context, json_data={"step": "chooser"}
    )
