"""What an approved workflow does (WAGTAIL_FINISH_WORKFLOW_ACTION).

Wagtail's models import this module, so it imports no models itself.
"""

from typing import Any

from wagtail.workflows import publish_workflow_state


def publish_approved(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved: of a curriculum all that was submitted, else the page."""
    from .models import CurriculumPage
    from .review import publish_submission

    if workflow_state.content_type.model_class() is CurriculumPage:
        publish_submission(workflow_state, user)
    else:
        publish_workflow_state(workflow_state, user=user)
