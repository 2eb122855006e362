from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurriculaConfig(AppConfig):
    """Training programmes: curricula, their modules and teaching units."""

    name = "curricula"
    verbose_name = _("Curricula")

    def ready(self) -> None:
        from wagtail.signals import task_submitted

        from centres.review import use_task

        from . import catalogue, search, trade_hub
        from .review import fix_submission
        from .submissions import CurriculumApprovalTask

        search.connect()
        catalogue.connect()
        trade_hub.connect()
        use_task(CurriculumApprovalTask)
        task_submitted.connect(fix_submission, dispatch_uid="curricula.fix_submission")
