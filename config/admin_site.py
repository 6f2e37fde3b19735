"""The admin's front page: Chinese, in the order in which the work goes, and starting from what there is to do."""

from functools import cache, update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.workbench import Workbench
from publishing import log
from publishing.admin_workflow import PublishableAdmin

#: (heading, models in their order); a model not named here comes last under its own application.
SECTIONS = [
    (_("填报"), ["branches.activity", "articles.article", "branches.periodreport", "branches.frozenledger"]),
    (_("品牌与举措"), ["branches.brand", "branches.initiative"]),
    (_("组织"), ["hospitals.hospital", "branches.branch", "branches.partner"]),
    (_("应办"), ["branches.obligation", "branches.exemption"]),
    (
        _("设置"),
        [
            "branches.ledgerprofile",
            "branches.activitykind",
            "branches.measure",
            "hospitals.region",
            "taggit.tag",
            "publishing.watchedword",
            "publishing.greyperiod",
        ],
    ),
    (_("人员与日志"), ["hospitals.user", "publishing.logentry"]),
]
#: What the workbench offers to begin: of which model, at which of its pages, and what it says about it.
STARTS = [
    ("branches.activity", "add", _("新建活动"), _("选类别，填时间、地点、人数和照片")),
    ("articles.article", "intake", _("导入来稿"), _("Word稿件连同照片读成草稿，微信来的粘贴")),
    ("articles.article", "add", _("新建稿件"), _("直接写，或从网页粘贴，配照片和署名")),
]


class NamedChoices(AutocompleteJsonView):
    """Search results under the names that the forms use."""

    def serialize_result(self, obj, to_field_name):
        label = getattr(self.model_admin, "choice_label", lambda request, row: str(row))
        return super().serialize_result(obj, to_field_name) | {"text": str(label(self.request, obj))}


class HongfanAdminSite(AdminSite):
    site_header = _("红帆 · 党建工作后台")
    site_title = _("红帆后台")
    index_title = _("工作台")
    site_url = "/"
    enable_nav_sidebar = False
    logout_template = "admin/logged_out.html"

    def get_urls(self):
        # Django's redirect to a record's public page looks neither at the person's hospital nor at the status.
        kept = [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]
        return [path("work/<slug:name>/", self.admin_view(self.board), name="board"), *kept]

    def app_index(self, request, app_label, extra_context=None):
        """The workbench has all lists; a page for each application would only be one more place to get lost."""
        return redirect("admin:index")

    def admin_view(self, view, cacheable=False):
        """A refusal is a page of the admin that says in Chinese what to do, not a bare error."""

        def refusing(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except PermissionDenied as refusal:
                reason = str(refusal) or _("您的角色不能做这一步。如果工作需要，请联系平台管理员。")
                log.refused_page(request, reason, refusal)
                return self._refuse(request, 403, _("没有权限"), reason)
            except Http404 as refusal:
                log.refused_page(request, _("没有找到"), refusal)
                reason = _("没有找到：记录可能已经合并，或不属于您所在的医院。请从列表里重新打开。")
                return self._refuse(request, 404, _("没有找到"), reason)

        return super().admin_view(update_wrapper(refusing, view), cacheable)

    def _refuse(self, request, status, title, reason):
        context = self.each_context(request) | {"title": title, "reason": reason}
        return TemplateResponse(request, "admin/refusal.html", context, status=status)

    def password_change(self, request, extra_context=None):
        with transaction.atomic():
            response = super().password_change(request, extra_context)
            if request.method == "POST" and response.status_code == 302:  # otherwise it shows the form again
                log.own_password_changed(request.user)
        return response

    def autocomplete_view(self, request):
        return NamedChoices.as_view(admin_site=self)(request)

    def each_context(self, request):
        """Every page says how many records wait for the person; asked only where the masthead is shown."""
        return super().each_context(request) | {"waiting_for_me": cache(lambda: self._workbench(request).waiting())}

    def index(self, request, extra_context=None):
        workbench = self._workbench(request)
        excerpts = workbench.excerpts()
        context = {
            "greeting": _greeting(),
            "today": timezone.localdate(),
            "starts": [start for own in STARTS if (start := self._start(request, *own))],
            "duties": [excerpt for excerpt in excerpts if excerpt.board.is_duty],
            "others": [excerpt for excerpt in excerpts if not excerpt.board.is_duty],
            "shows_place": workbench.shows_place,
            "obligations": workbench.duties(),
            "waiting_for_me": next((excerpt.count for excerpt in excerpts if excerpt.board.name == "awaiting"), None),
        }
        return super().index(request, context | (extra_context or {}))

    def board(self, request, name):
        """A board of the workbench from its first row to its last."""
        workbench = self._workbench(request)
        board = workbench.board(name)
        if board is None:
            raise PermissionDenied(_("您的角色没有这张清单。请回工作台，从那里打开。"))
        context = self.each_context(request) | {
            "title": board.title,
            "board": board,
            "page": workbench.page(request, board),
            "shows_place": workbench.shows_place,
        }
        return TemplateResponse(request, "admin/board.html", context)

    def _workbench(self, request) -> Workbench:
        return Workbench(request, [own for own in self._registry.values() if isinstance(own, PublishableAdmin)])

    def _start(self, request, label: str, page: str, name: str, hint: str) -> dict | None:
        found = [(model, own) for model, own in self._registry.items() if model._meta.label_lower == label]
        if not found or not found[0][1].has_add_permission(request):
            return None
        options = found[0][0]._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_{page}")
        return {"name": name, "url": address, "hint": hint}

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {
            f"{app['app_label']}.{model['model']._meta.model_name}": model for app in apps for model in app["models"]
        }
        sections = [
            {
                "name": heading,
                "app_label": f"section-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": [models.pop(name) for name in names if name in models],
            }
            for number, (heading, names) in enumerate(SECTIONS)
        ]
        rest = [app | {"models": [model for model in app["models"] if model in models.values()]} for app in apps]
        return [section for section in [*sections, *rest] if section["models"]]


def _greeting() -> str:
    hour = timezone.localtime().hour
    return str(_("上午好") if hour < 12 else _("下午好") if hour < 18 else _("晚上好"))
