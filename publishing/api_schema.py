"""How a view of the public read API describes itself for OpenAPI."""

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from publishing.api import MOST_PER_PAGE, PER_PAGE

_MESSAGES = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
_WRONG_REQUEST = {"oneOf": [_MESSAGES, {"$ref": "#/components/schemas/Error"}]}


@extend_schema_serializer(description=_("出错的原因和下一步怎么做。"))
class ErrorSerializer(serializers.Serializer):
    detail = serializers.CharField(help_text=_("中文说明。"))


class Schema(AutoSchema):
    """From the view's ``tag``, ``summary``, ``description`` and ``notes`` (what its parameters mean), and its form."""

    def get_tags(self) -> list[str]:
        return [str(self.view.tag)]

    def get_summary(self) -> str:
        return str(self.view.summary)

    def get_description(self) -> str:
        return str(self.view.description)

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [*self._in_path(), *self._in_query()]

    def _in_path(self):
        for name, kind in getattr(self.view, "lookup_types", {}).items():
            yield OpenApiParameter(name, kind, OpenApiParameter.PATH, description=self._note(name))

    def _in_query(self):
        if not hasattr(self.view, "form_class"):
            return
        for name, field in self.view.form_class().fields.items():
            yield OpenApiParameter(name, _type_of(field), description=self._note(name, field.label))
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": PER_PAGE}
        yield OpenApiParameter("limit", limit, description=str(_("每页条数。")))
        yield OpenApiParameter(
            "cursor",
            {"type": "string"},
            description=str(_("翻页位置。直接请求上一页答复里next的地址即可，不要自己拼写。")),
        )

    def _note(self, name: str, label: str = "") -> str:
        return str(getattr(self.view, "notes", {}).get(name, label))

    def get_response_serializers(self) -> dict:
        answer = getattr(self.view, "answer", None) or super().get_response_serializers()
        errors = {
            304: OpenApiResponse(description=str(_("内容没有变化，请继续用已有的答复。"))),
            400: OpenApiResponse(_WRONG_REQUEST, str(_("参数有误：按参数名列出原因。请求本身读不懂时只有detail。"))),
            405: OpenApiResponse(ErrorSerializer, str(_("只能读取。"))),
            406: OpenApiResponse(ErrorSerializer, str(_("只提供JSON。"))),
            500: OpenApiResponse(ErrorSerializer, str(_("服务器出错。"))),
        }
        if hasattr(self.view, "lookup"):
            errors[404] = OpenApiResponse(ErrorSerializer, str(_("没有这条记录，或者没有公开，或者已经撤回。")))
        return {200: OpenApiResponse(answer, str(_("成功。"))), **dict(sorted(errors.items()))}


def _type_of(field: forms.Field) -> dict:
    match field:
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case forms.IntegerField():
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
        case forms.ModelMultipleChoiceField():
            return {"type": "array", "items": {"type": "string"}}
        case forms.ModelChoiceField():
            return {"type": "string"}
        case forms.ChoiceField():
            return {"type": "string", "enum": [value for value, _label in field.choices if value]}
        case _:
            return {"type": "string", **({"maxLength": field.max_length} if field.max_length else {})}
