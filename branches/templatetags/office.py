"""The pages on which the office works with what has been recorded, one row of links over each of them."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

register = template.Library()

#: (name, what it is called, its address, the right it takes) in the order of the work
OFFICE_PAGES = (
    ("ledger", _("台账"), "admin:branches_activity_ledger_page", "branches.view_activity"),
    ("statistics", _("统计"), "admin:branches_activity_statistics_page", "branches.view_activity"),
    ("reconciliation", _("核对"), "admin:branches_activity_reconciliation_page", "branches.view_periodreport"),
    ("duties", _("应办"), "admin:branches_obligation_board", "branches.view_obligation"),
    ("frozen", _("报送"), "admin:branches_frozenledger_changelist", "branches.view_frozenledger"),
    ("pack", _("迎检"), "admin:branches_activity_pack_page", "branches.view_activity"),
    ("intake", _("导入"), "admin:branches_activity_intake", "branches.add_activity"),
)


@register.inclusion_tag("admin/branches/office_tabs.html", takes_context=True)
def office_tabs(context, here: str) -> dict:
    """``here``: the name of the page it stands on. Only pages that whoever asks may open."""
    user = context["request"].user
    pages = [
        {"label": label, "url": reverse(address), "is_here": name == here}
        for name, label, address, right in OFFICE_PAGES
        if user.has_perm(right)
    ]
    return {"pages": pages}


@register.simple_tag(takes_context=True)
def is_office_page(context) -> bool:
    """For the masthead, where all of them stand behind 台账 but those that have a list of their own in it."""
    match = context["request"].resolver_match
    own = {address for _name, _label, address, _right in OFFICE_PAGES if not address.endswith("_changelist")}
    return match is not None and match.view_name in own
