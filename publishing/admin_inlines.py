"""Parts of a record, edited inside its form: rows, figures, photos."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.forms import ModelChoiceField, Select
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publishing.admin import ScopedAdmin, ScopedChoices
from publishing.admin_forms import PartForm, PhotoInput, StatedQuantityForm
from publishing.images import PictureFormField
from publishing.sent_rows import SentRows


class SharedChoicesFormSet(BaseInlineFormSet):
    """Asks the database once for what a column offers, not once for each row."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        known = self.__dict__.setdefault("_choices", {})
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if (
                isinstance(field, ModelChoiceField)
                and isinstance(widget, Select)
                and not isinstance(widget, AutocompleteSelect)
            ):
                field.choices = known[name] = known.get(name) or list(field.choices)


class ScopedInline(ScopedChoices, admin.TabularInline):
    """Parts of a record, edited inside it; whoever may not change the record may not change them."""

    empty_value_display = ScopedAdmin.empty_value_display
    form = PartForm
    formset = SharedChoicesFormSet
    extra = 0

    def get_formset(self, request, obj=None, **kwargs):
        knows_more = issubclass(self.formset, SentRows)  # about which of its rows are the same
        bases = (self.formset,) if knows_more else (SentRows, self.formset)
        kwargs.setdefault("formset", type(self.formset.__name__, bases, {}))
        return super().get_formset(request, obj, **kwargs)


class QuantityInline(ScopedInline):
    """Rows that are figures: one text box for the number as it is stated."""

    form = StatedQuantityForm

    @admin.display(description=_("数量"))
    def quantity(self, row):
        """Where the row is only shown."""
        return row.quantity.display(row.unit_text)


class PictureInline(ScopedInline):
    """Photos: to be chosen where the record may be changed, to be looked at where it may not."""

    extra = 1
    classes = ["cards", "photos"]
    fields = ["image", "caption", "alt", "consent", "position"]
    formfield_overrides = ScopedInline.formfield_overrides | {
        models.ImageField: {"form_class": PictureFormField, "widget": PhotoInput}
    }
    #: what the first photo is used for, and whether it is cut to the shape of a card there
    cover_words = ""
    cover_is_cut = False

    class Media:
        css = {"all": ["css/photos.css"]}
        js = ["js/photo-rows.js", "js/photos.js"]

    def _is_shown_only(self, request, record) -> bool:
        return bool(record) and not self.admin_site.get_model_admin(self.parent_model).has_change_permission(
            request, record
        )

    def get_fields(self, request, obj=None):
        first = "thumbnail" if self._is_shown_only(request, obj) else "image"
        return [first, *self.fields[1:]]

    def get_readonly_fields(self, request, obj=None):
        return ["thumbnail"] if self._is_shown_only(request, obj) else []

    @admin.display(description=_("照片"))
    def thumbnail(self, photo):
        return format_html('<img class="thumbnail" src="{}" alt="{}">', photo.url_at(480), photo.alternative)
