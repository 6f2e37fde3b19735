"""A form field that takes a figure as people write it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publishing.quantities import Precision, Quantity, QuantityError, check_unit, echo, parse
from publishing.stated_numbers import tidy


class QuantityInput(forms.TextInput):
    """A text box: 余 and 万 need the full keyboard, and a number input would refuse them.

    No maxlength: a browser would cut a pasted text in silence, and what remains may be another number.
    """

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__({"inputmode": "text", "autocomplete": "off"} | (attrs or {}))


class QuantityBoundField(forms.BoundField):
    """Knows what the page says under the input; ``echo_id`` is the id of the element that says it."""

    @property
    def echo_id(self) -> str:
        return f"{self.auto_id}_echo" if self.auto_id else ""

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is None or not self.echo_id:
            return described
        return f"{described} {self.echo_id}".strip()

    @property
    def echo(self) -> str:
        """理解为…, or '' while there is nothing, or nothing that can be understood."""
        quantity = self._understood()
        return echo(quantity, self.field.unit) if quantity else ""

    @property
    def unit_warning(self) -> str:
        quantity = self._understood()
        return check_unit(quantity, self.field.unit) if quantity else ""

    def _understood(self) -> Quantity | None:
        try:
            return self.field.to_python(self.field.prepare_value(self.value()))
        except QuantityError:
            return None


class QuantityField(forms.CharField):
    """Cleans to a Quantity, or to None where nothing was given: empty is never 0.

    ``whole`` for people and sessions; ``unit`` is what the field counts in, for the echo and the warning.
    """

    widget = QuantityInput
    default_error_messages = {"required": _("请填写一个数，例如“12”或“60余”。")}

    def __init__(self, *, whole: bool = False, unit: str = "", **kwargs: Any):
        self.whole, self.unit = whole, unit
        super().__init__(empty_value=None, **kwargs)

    def to_python(self, value: Any) -> Quantity | None:
        if value is None or isinstance(value, Quantity):  # a disabled field cleans its initial value
            return value
        text = str(value)
        return parse(text, whole=self.whole) if tidy(text) else None

    def prepare_value(self, value: Any) -> Any:
        """What was typed is what is shown again."""
        if isinstance(value, Quantity):
            return value.input_text
        if isinstance(value, Decimal):
            return Quantity(value, Precision.EXACT, "").display()
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        if self.disabled:
            return False
        before, now = (tidy(str(self.prepare_value(value) or "")) for value in (initial, data))
        return before != now

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> QuantityBoundField:
        return QuantityBoundField(form, self, field_name)
