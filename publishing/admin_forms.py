"""Widgets and forms of the admin: dates and pictures as the browser offers them, figures as people write them."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.forms.utils import flatatt
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField
from taggit.models import Tag
from taggit.utils import parse_tags

from publishing.forms import QuantityField
from publishing.templatetags.choices import options


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None, format="%Y-%m-%d"):
        super().__init__(attrs, format)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs=None, format="%H:%M"):
        super().__init__(attrs, format)


class LongSelect(forms.Select):
    """A select of a thousand options, written as those of the filters are: Django's draws each by two templates of its own."""

    def render(self, name, value, attrs=None, renderer=None):
        pairs = ((str(key), str(label)) for key, label in self.choices)
        drawn = options(pairs, next(iter(self.format_value(value)), ""))
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), drawn)


def back_to_page(request, name: str) -> HttpResponseRedirect:
    """To the page of a form with the same conditions: it says which of them could not be read."""
    return HttpResponseRedirect(f"{reverse(name)}?{request.GET.urlencode()}")


def is_key(text: str) -> bool:
    """Could be the number of a row: ASCII digits, below the largest 64-bit number."""
    return text.isascii() and text.isdigit() and len(text) <= 18


class PostedKeys:
    """What is posted in place of a row's key and cannot be one is refused as a choice that does not exist.

    Django's own widget looks such a value up when the form is shown again, and fails: a text where the key is a
    number, a number no database can hold, NUL.
    """

    NO_ROW = "-1"

    def value_from_datadict(self, data, files, name):
        posted = super().value_from_datadict(data, files, name)
        if isinstance(posted, list):
            return [self._key(value) for value in posted]
        return posted and self._key(posted)

    def _key(self, value: str) -> str:
        key_is_text = isinstance(self.field.target_field, models.CharField)
        return value if is_key(value) or (key_is_text and value.isprintable()) else self.NO_ROW


class Autocomplete(PostedKeys, AutocompleteSelect):
    pass


class AutocompleteMany(PostedKeys, AutocompleteSelectMultiple):
    pass


class CompactTextarea(AdminTextareaWidget):
    """Three lines; the style sheet lets it grow with its text."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 3} | (attrs or {}))


class PictureInput(forms.ClearableFileInput):
    """The picture as it is now, and a button for another one.

    A page shown again after an error cannot fill in a chosen file: browsers forbid it. So it says so.
    """

    AGAIN = _("照片需要重新选择：刚才有内容没有通过检查，浏览器不会保留已选的照片。")
    was_chosen = False  # each form has a copy of its widgets

    def value_from_datadict(self, data, files, name):
        self.was_chosen = name in files
        return super().value_from_datadict(data, files, name)

    def render(self, name, value, attrs=None, renderer=None):
        parts = [self.render_button(name, value, self.build_attrs(self.attrs, attrs), renderer)]
        if self.is_initial(value):
            small = getattr(value.instance, "url_at", None)
            address = small(480) if small else value.url
            parts.insert(0, format_html('<img class="thumbnail" src="{}" alt="{}">', address, _("现在的图片")))
            if not self.is_required:
                box = '<label class="clear-picture"><input type="checkbox" name="{}"> {}</label>'
                parts.append(format_html(box, self.clear_checkbox_name(name), _("去掉这张图片")))
        if self.was_chosen:
            parts.append(format_html('<p class="choose-again">{}</p>', self.AGAIN))
        return format_html_join("", "{}", ((part,) for part in parts))

    def render_button(self, name, value, attrs, renderer):
        return forms.FileInput().render(name, None, attrs, renderer)


class PhotoInput(PictureInput):
    """One of many photos: the button for another picture is out of the way until it is wanted."""

    def render_button(self, name, value, attrs, renderer):
        button = super().render_button(name, value, attrs, renderer)
        is_there = self.is_initial(value)
        return format_html("<details><summary>{}</summary>{}</details>", _("换一张"), button) if is_there else button


class SentBoundField(forms.BoundField):
    """What is hidden in a row and cannot be changed is sent all the same.

    Should somebody delete the row meanwhile, it can be made anew from what was sent.
    """

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if (widget or self.field.widget).is_hidden:
            attrs.pop("disabled", None)
        return attrs


class PartForm(forms.ModelForm):
    """A row inside a record's form.

    Django leaves out the constraints that name the record itself, so a row entered meanwhile in another window would
    end in an error of the database instead of a sentence.
    """

    bound_field_class = SentBoundField

    def has_changed(self):
        """A number in the order of rows is no row yet."""
        is_new = self.instance._state.adding
        return bool(set(self.changed_data) - {"position"}) if is_new else super().has_changed()

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except forms.ValidationError as error:
                self.add_error(None, error)


class StatedQuantityForm(PartForm):
    """A row that is one figure, typed as people write it: 60余, 近20, 2万余."""

    quantity = QuantityField(label=_("数量"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.initial.setdefault("quantity", self.instance.quantity)
            self.count_in(self.instance.unit_text)
        else:
            self.count_in("")

    def count_in(self, unit: str, *, whole: bool = False) -> None:
        """What the figure counts, for the check and for the sentence beside the input (also by static/js/admin.js)."""
        field = self.fields["quantity"]
        field.unit, field.whole = unit, whole
        field.widget.attrs |= {"data-understand": unit} | ({"data-whole": "1"} if whole else {})

    def clean(self):
        data = super().clean()
        if data.get("quantity"):
            self.instance.set_quantity(data["quantity"])
        return data


class TagsField(TagField):
    """Tags that the database and the address of their page can take."""

    MAX_LENGTH = 30

    def clean(self, value):
        tags = parse_tags(super(TagField, self).clean(value))
        for tag in tags:
            if len(tag) > self.MAX_LENGTH:
                raise forms.ValidationError(
                    _("标签“%(start)s…”太长。一个标签最多%(limit)d个字，几个标签之间请用逗号或顿号隔开。"),
                    params={"start": tag[:10], "limit": self.MAX_LENGTH},
                )
            if not 0 < len(Tag().slugify(tag)) <= 3 * self.MAX_LENGTH:  # one ligature can unfold into eighteen letters
                raise forms.ValidationError(_("标签“%(tag)s”不能用作网址，请改用普通文字。"), params={"tag": tag})
        return tags
