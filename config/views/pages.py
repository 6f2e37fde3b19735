"""Pages of words: what this site is, and how far everybody can use it."""

from django.conf import settings
from django.shortcuts import render
from django.utils.translation import gettext as _

from config.corrections import letter_to_editors, page_in_question
from config.meta import page_meta
from publishing.freshness import public_page


@public_page
def about(request):
    page = page_in_question(request)
    context = {
        "meta": page_meta(
            _("关于%s") % settings.SITE_NAME,
            _("这个网站公开什么、谁来发布和审核、数字从哪里来、发现错误找谁、怎样订阅。"),
            "about",
        ),
        "page": page,
        "letter": letter_to_editors(page),
        "correction_email": settings.SITE_CORRECTION_EMAIL,
    }
    return render(request, "pages/about.html", context)


@public_page
def accessibility(request):
    description = _("关怀版、键盘、字号、对比度做到了哪一步，还有哪些没有测，遇到障碍找谁。")
    context = {
        "meta": page_meta(_("无障碍声明"), description, "accessibility"),
        "correction_email": settings.SITE_CORRECTION_EMAIL,
    }
    return render(request, "pages/accessibility.html", context)
