"""Database constraints that Django does not ship."""

from django.core.exceptions import ValidationError
from django.db import models


class SameParent(models.BaseConstraint):
    """A foreign key must point to a row that has the same parent as this one.

    ``SameParent(field="branch", parent="hospital", ...)``: the branch of a brand belongs to the brand's hospital.
    It is a composite foreign key (branch_id, hospital_id) -> branch (id, hospital_id), so neither ``update()`` nor
    an import nor raw SQL can go round it, on SQLite and PostgreSQL alike. The referenced model needs a unique
    constraint over its primary key and the parent.
    """

    def __init__(self, *, field: str, parent: str, name: str, violation_error_message=None):
        self.field = field
        self.parent = parent
        super().__init__(name=name, violation_error_message=violation_error_message)

    def _fragment(self, model, schema_editor) -> str:
        quote = schema_editor.quote_name
        field, parent = model._meta.get_field(self.field), model._meta.get_field(self.parent)
        target = field.remote_field.model._meta
        target_parent = target.get_field(self.parent)
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote(field.column)}, {quote(parent.column)}) "
            f"REFERENCES {quote(target.db_table)} ({quote(target.pk.column)}, {quote(target_parent.column)}) "
            "DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model, schema_editor):
        return self._fragment(model, schema_editor)

    def create_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self._fragment(model, schema_editor)}"

    def remove_sql(self, model, schema_editor):
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, model, instance, exclude=None, using=None):
        if exclude and (self.field in exclude or self.parent in exclude):
            return
        field = model._meta.get_field(self.field)
        if getattr(instance, field.attname) is None:
            return
        related = getattr(instance, self.field)
        parent_id = model._meta.get_field(self.parent).attname
        if getattr(related, related._meta.get_field(self.parent).attname) != getattr(instance, parent_id):
            raise ValidationError({self.field: ValidationError(self.get_violation_error_message(), code="same_parent")})

    def __eq__(self, other):
        if isinstance(other, SameParent):
            return (self.name, self.field, self.parent, self.violation_error_message) == (
                other.name,
                other.field,
                other.parent,
                other.violation_error_message,
            )
        return super().__eq__(other)

    __hash__ = None

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"field": self.field, "parent": self.parent}


class UniqueAtField(models.UniqueConstraint):
    """A unique constraint with a condition, which Django reports for the whole form: here at its last field.

    To the database and its migrations it is a plain UniqueConstraint.
    """

    def validate(self, model, instance, *args, **kwargs):
        try:
            super().validate(model, instance, *args, **kwargs)
        except ValidationError as refusal:
            raise ValidationError({self.fields[-1]: refusal}) from refusal

    def deconstruct(self):
        _path, args, kwargs = super().deconstruct()
        return "django.db.models.UniqueConstraint", args, kwargs
