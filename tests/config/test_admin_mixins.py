"""The admins are made of many mixins: none of them takes away another's method by chance."""

import inspect
from collections import defaultdict

from django.contrib import admin


def test_no_two_mixins_of_an_admin_have_a_private_method_of_one_name_by_chance():
    """A public one is overridden on purpose; of a private one its owner alone should know."""
    clashes = set()
    for model_admin in admin.site._registry.values():
        holders = defaultdict(list)
        for owner in type(model_admin).__mro__:
            if not owner.__module__.startswith("django."):
                for name, member in vars(owner).items():
                    if inspect.isfunction(member) and name.startswith("_") and not name.startswith("__"):
                        holders[name].append(owner)
        for name, owners in holders.items():
            for first, second in zip(owners, owners[1:], strict=False):
                knows = issubclass(first, second) or f"super().{name}" in inspect.getsource(vars(first)[name])
                if not knows:
                    clashes.add(f"{first.__name__}.{name} hides {second.__name__}.{name}")
    assert clashes == set()
