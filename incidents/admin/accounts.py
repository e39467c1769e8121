"""The desk pages of accounts and groups, for administrators.

One rule: nobody gives anybody, or themselves, more than an administrator may give: superusers and
single rights are a superuser's matter, and nobody changes their own roles.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from incidents.models import User
from incidents.seeds import ROLES

admin.site.unregister(Group)

DOING = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view")}
RIGHTS = (
    gettext_noop("Can publish, send back, withdraw, assess and merge incidents"),
    gettext_noop("Can take incidents away as files"),
    gettext_noop("Can import files and undo imports"),
    gettext_noop("Can merge places, and undo it"),
    gettext_noop("Can merge sources, and undo it"),
)


class RightsField(forms.ModelMultipleChoiceField):
    """Single rights, said in the language of whoever gives them."""

    def label_from_instance(self, right: Permission) -> str:
        """Name what may be done with which records."""
        what = capfirst(right.content_type.name)
        if right.name in RIGHTS:
            said = gettext(right.name)
            return f"{what}: {said}"
        return f"{what}: {DOING.get(right.codename.partition('_')[0], right.name)}"


def rights_to_give() -> QuerySet[Permission]:
    """List the rights to records that a role has rights to; nobody opens any other table."""
    held = Permission.objects.filter(group__name__in=ROLES).values("content_type")
    return Permission.objects.filter(content_type__in=held).select_related("content_type")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts: people who work with the records. They are closed, never deleted."""

    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    ordering = ("username",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("Roles and groups"),
            {
                "fields": ("is_active", "groups"),
                "description": _(
                    "One role is enough, each includes those before it: Viewer, Researcher, "
                    "Reviewer, Administrator. Further groups open the records kept to them."
                ),
            },
        ),
    )
    superuser_only = (_("Beyond roles"), {"fields": ("is_superuser", "user_permissions")})

    def get_fieldsets(self, request, obj=None):
        """Show single rights to superusers alone."""
        fieldsets = super().get_fieldsets(request, obj)
        return (*fieldsets, self.superuser_only) if obj and request.user.is_superuser else fieldsets

    def get_readonly_fields(self, request, obj=None):
        """Keep people from changing their own roles."""
        own = obj is not None and obj.pk == request.user.pk and not request.user.is_superuser
        return ("is_active", "groups", "last_login") if own else ()

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        """Show groups as boxes to tick, and rights in the reader's language."""
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        else:
            kwargs |= {"form_class": RightsField, "queryset": rights_to_give()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None) -> bool:
        """Leave the accounts of superusers to superusers."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Refuse: histories name the account; clear “active” instead."""
        return False


@admin.register(Group)
class NamedGroupAdmin(GroupAdmin):
    """Groups: the four roles, whose rights are fixed, and groups to which records are kept."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        """Say rights in the reader's language."""
        kwargs |= {"form_class": RightsField, "queryset": rights_to_give()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fields(self, request, obj=None):
        """Show rights to superusers alone."""
        return ("name", "permissions") if request.user.is_superuser else ("name",)

    def has_change_permission(self, request, obj=None) -> bool:
        """Leave the four roles to superusers."""
        if obj is not None and obj.name in ROLES and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Refuse: records kept to the group would open to everybody."""
        return False
