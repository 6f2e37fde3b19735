"""生成稿件 in the admin: what would be told of an activity is shown, and becomes a draft when somebody says so."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from articles.telling import body_of, branches_of, tell, told_of
from branches.models import Activity
from branches.models.scope import why_not_for


class Telling(admin.ModelAdmin):
    """Adds ``of-activity/`` to the admin of articles."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.tell_page)
        return [path("of-activity/<int:activity>/", view, name="articles_article_of_activity"), *super().get_urls()]

    def tell_page(self, request, activity):
        rows = Activity.objects.editable_by(request.user).originals().select_related("hospital", "branch", "kind")
        with transaction.atomic():
            if request.method == "POST":  # of two who press at once the second finds the article of the first
                rows = rows.select_for_update(of=("self",), no_key=True)
            found = rows.filter(pk=activity).first()
            if found is None:
                raise Http404
            self._refuse_without_right(request.user, found)
            if made := told_of(found):
                messages.info(request, _("这条活动已经生成过稿件《%s》。") % made)
                return redirect("admin:articles_article_change", made.pk)
            if request.method == "POST":
                article = tell(found, by=request.user)
                messages.success(request, _("已生成草稿《%s》。请补写内容，再送审。") % article)
                return redirect("admin:articles_article_change", article.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("生成稿件"), "opts": self.opts, "activity": found, "photos": found.photos.count(),
            "body": mark_safe(body_of(found)),  # sanitised there
        }  # fmt: skip
        return TemplateResponse(request, "admin/articles/article/of_activity.html", context)

    def _refuse_without_right(self, user, activity: Activity) -> None:
        if not user.has_perm("articles.add_article", activity.hospital):
            raise PermissionDenied(_("您没有在%s新建稿件的权限。如果工作需要，请联系医院管理员。") % activity.hospital)
        if refusal := why_not_for(user, activity.hospital, branches_of(activity)):
            raise PermissionDenied(refusal)
