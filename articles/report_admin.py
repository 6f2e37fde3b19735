"""导入来稿 in the admin: a report in Word becomes a draft; what it mentions is offered beside the draft."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.intake.drafting import draft_of
from articles.intake.suggested import found_branches, make_activity, name_branches
from articles.models import Article, ReceivedReport
from articles.report_forms import ReportUpload, SuggestedActivity, SuggestedBranches
from publishing import log
from publishing.file_names import content_disposition

NAME = "articles_article"


class ReportIntake(admin.ModelAdmin):
    """Adds ``intake/`` to the admin of articles, and to each article the file that it was read from."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("intake/", wrap(self.intake_page), name=f"{NAME}_intake"),
            path("<path:object_id>/received/", wrap(self.received_file), name=f"{NAME}_received"),
            path("<path:object_id>/suggested/", wrap(require_POST(self.use_suggested)), name=f"{NAME}_suggested"),
            *super().get_urls(),
        ]

    def intake_page(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ReportUpload(*sent, user=request.user)
        if sent and form.is_valid():
            article = draft_of(
                form.report, form.content, hospital=form.chosen_hospital, branches=form.branches, by=request.user
            )
            messages.success(request, _("已读成草稿《%s》。请对照原稿看一遍，再送审。") % article)
            return redirect("admin:articles_article_change", article.pk)
        context = self.admin_site.each_context(request) | {"title": _("导入来稿"), "opts": self.opts, "form": form}
        return TemplateResponse(request, "admin/articles/article/intake.html", context)

    def received_file(self, request, object_id):
        received = self._received(request, object_id)
        log.record(log.Verb.EXPORT, by=request.user, about=received.article, reason=_("来稿原件：%s") % received)
        response = FileResponse(received.file.open(), content_type="application/octet-stream")
        response["Content-Disposition"] = content_disposition(received.name)
        return response

    def use_suggested(self, request, object_id):
        """One of the two forms beside the draft: its branches, or an activity of its figures."""
        back = redirect("admin:articles_article_change", object_id)
        with transaction.atomic():
            received = self._received(request, object_id, is_saving=True)
            article = received.article
            if not self.has_change_permission(request, article):
                raise PermissionDenied(_("这篇稿件现在不能修改。"))
            if "branches-branches" in request.POST or "activity-title" not in request.POST:
                return self._use_branches(request, received) or back
            if not request.user.has_perm("branches.add_activity", article.hospital):
                raise PermissionDenied(_("您没有在%s新建活动的权限。") % article.hospital)
            form = SuggestedActivity(request.POST, article=article, suggestions=received.suggestions)
            if form.is_valid() and (activity := self._made(article, form, request.user)):
                messages.success(request, _("已新建活动草稿“%s”，并写进“文中活动”。请补全后再送审。") % activity)
                return redirect("admin:branches_activity_change", activity.pk)
        for errors in form.errors.values():
            messages.error(request, f"没有新建活动：{''.join(errors)}")
        return back

    def _made(self, article, form, user):
        """The activity; None where its own rules refuse it, which the form then says."""
        try:
            return make_activity(article, form, by=user)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)

    def _use_branches(self, request, received):
        form = SuggestedBranches(request.POST, found=found_branches(received))
        if form.is_valid():
            branches = form.cleaned_data["branches"]
            name_branches(received.article, branches, by=request.user)
            messages.success(request, _("已写进“文中支部”：%s。") % "、".join(branch.name for branch in branches))
        else:
            messages.error(request, "".join(form.errors["branches"]))

    def _received(self, request, object_id, *, is_saving=False) -> ReceivedReport:
        """Of an article that the person may open."""
        rows = self.rows(request)
        rows = rows.select_for_update(of=("self",), no_key=True) if is_saving else rows
        try:
            article = rows.get(pk=object_id)
            return ReceivedReport.objects.select_related("article__hospital").get(article=article)
        except (Article.DoesNotExist, ReceivedReport.DoesNotExist, ValueError, OverflowError) as error:
            raise Http404 from error

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        received = (
            ReceivedReport.objects.filter(article=obj).first() if obj and obj.status == obj.Status.DRAFT else None
        )
        if received:
            context |= {"received": received, "suggested_url": reverse(f"admin:{NAME}_suggested", args=[obj.pk])}
            if self.has_change_permission(request, obj):
                context |= self._forms(request, received)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _forms(self, request, received: ReceivedReport) -> dict:
        found, forms = found_branches(received), {}
        if found:
            forms["suggested_branches"] = SuggestedBranches(found=found)
        offered = received.suggestions.get("figures") or received.suggestions.get("dates")
        if offered and request.user.has_perm("branches.add_activity", received.article.hospital):
            forms["suggested_activity"] = SuggestedActivity(article=received.article, suggestions=received.suggestions)
        return forms
