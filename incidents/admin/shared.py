"""What all desk pages share: only visible records, no deletion, a reason with every save.

Used by every page of the desk except accounts.
"""

from django import forms
from django.contrib import admin
from django.db import connection
from django.http import Http404

from incidents.admin.history import HistoryPage
from incidents.admin.saving import save_rows, sign
from incidents.forms import CarefulRows, changed_fields


def visible(model, user):
    """Return the records of a model that this person may see, and of a vocabulary those in use."""
    records = model._default_manager.all()
    if hasattr(records, "visible_to"):
        return records.visible_to(user)
    return records.standing() if hasattr(records, "standing") else records


class OnlyVisible:
    """Lists, choices and rows hold only what the reader may see; nothing is deleted."""

    ADDABLE = ("source", "publisher", "credit", "place", "article")

    def get_queryset(self, request):
        """Return the records that this person may see."""
        records = super().get_queryset(request)
        return records.visible_to(request.user) if hasattr(records, "visible_to") else records

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only records that this person may see."""
        kwargs["queryset"] = visible(db_field.remote_field.model, request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Keep the small icons beside a choice to the one that adds a missing record."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if hasattr(getattr(field, "widget", None), "can_change_related"):
            widget = field.widget
            widget.can_change_related = widget.can_view_related = widget.can_delete_related = False
            widget.can_add_related = widget.can_add_related and db_field.name in self.ADDABLE
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Show groups as boxes to tick; which ones are offered is the form's matter."""
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Refuse: records are withdrawn or set aside with a reason, never deleted."""
        return False


class RecordInline(OnlyVisible):
    """Rows on the page of another record."""

    extra = 1
    formset = CarefulRows

    def get_formset(self, request, obj=None, **kwargs):
        """Tell the rows' form who is asking."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.user = request.user
        return formset


class RemovableRows(RecordInline):
    """Rows that can be taken off the page by whoever has the right."""

    def has_delete_permission(self, request, obj=None) -> bool:
        """Ask the person's roles."""
        return admin.options.InlineModelAdmin.has_delete_permission(self, request, obj)


class RecordAdmin(OnlyVisible, HistoryPage, admin.ModelAdmin):
    """The desk page of one kind of record."""

    asked_by: frozenset = frozenset()  # parameters that a filter of the list's own takes
    view_on_site = False
    show_full_result_count = False
    list_per_page = 50
    save_on_top = False

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """Let the address filter by what stands beside the list, and by nothing else.

        Django lets any relation through, which would answer questions about restricted records.
        """
        if lookup in self.asked_by:
            return True
        offered = {name for name in self.list_filter if isinstance(name, str)}
        return lookup.split("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def get_object(self, request, object_id, from_field=None):
        """Find the record; hold it until the end where it is about to be changed."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        return self.model._base_manager.select_for_update().get(pk=found.pk)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tell the form who is asking."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request, obj, form, change) -> None:
        """Save the record with who and why; leave it alone when nothing on it changed."""
        if change and not changed_fields(form):
            return
        sign(obj, request.user, form.cleaned_data.get("why", ""))
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change) -> None:
        """Save the rows with who and why."""
        save_rows(formset, by=request.user, why=form.cleaned_data.get("why", ""))

    def log_addition(self, request, obj, message) -> None:
        """Write nothing: the record's own history says more."""

    def log_change(self, request, obj, message) -> None:
        """Write nothing: the record's own history says more."""

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Answer alike for what does not exist and for what the person may not see."""
        raise Http404
