"""What all desk pages share: only visible records, no deletion, a reason with every save.

Used by every page of the desk except accounts.
"""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from incidents.admin import once
from incidents.admin.choosing import ChoiceBox
from incidents.admin.history import HistoryPage
from incidents.admin.meanwhile import mention_kept, met_on_page
from incidents.admin.saving import save_rows, sign
from incidents.forms import CarefulForm, CarefulRows, changed_fields
from incidents.models import Claim, key_in
from incidents.turns import wait_for_turn


def visible(model, user):
    """Return the records of a model that this person may see, and of a vocabulary those in use."""
    records = model._default_manager.all()
    if hasattr(records, "visible_to"):
        return records.visible_to(user)
    return records.standing() if hasattr(records, "standing") else records


def is_key(text: str) -> bool:
    """Tell whether a text can be a record's key."""
    return key_in(text) is not None


class OnRecord:
    """Pages of what the project itself notes down: read, and never written by hand."""

    def has_add_permission(self, request) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        """Refuse."""
        return False


class OnlyVisible:
    """Lists, choices and rows hold only what the reader may see; nothing is deleted."""

    ADDABLE = ("source", "publisher", "credit", "place", "article")

    def get_queryset(self, request):
        """Return the records that this person may see."""
        records = super().get_queryset(request)
        return records.visible_to(request.user) if hasattr(records, "visible_to") else records

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only records that this person may see."""
        offered = visible(db_field.remote_field.model, request.user)
        if db_field.remote_field.model is Claim:
            offered = offered.select_related("source")  # a claim is named by who says it
        kwargs["queryset"] = offered
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", ChoiceBox(db_field, self.admin_site))
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
    form = CarefulForm
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
        offered = {getattr(name, "parameter_name", name) for name in self.list_filter}
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
        form.repeated = once.complaint(request)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Save one page at a time, and a page that is sent twice once."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            wait_for_turn()
            return once.answered(self, request) or super().changeform_view(
                request, object_id, form_url, extra_context
            )

    def render_change_form(self, request, context, *args, **kwargs):
        """Show what others changed while the page was open, and mark the page as sendable once."""
        rows = [shown.formset for shown in context["inline_admin_formsets"]]
        context["meanwhile"] = met_on_page(request.user, context["adminform"].form, rows)
        context["once"] = once.new_mark()
        return super().render_change_form(request, context, *args, **kwargs)

    def get_changeform_initial_data(self, request) -> dict:
        """Take from the address only what the fields can hold."""
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if self.can_hold(name, value)}

    def can_hold(self, name: str, value) -> bool:
        """Tell whether a field of the record can hold a value from the address."""
        column = next((one for one in self.opts.get_fields() if one.name == name), None)
        if not getattr(column, "editable", False):
            return False
        if column.is_relation:
            return all(map(is_key, value if isinstance(value, list) else [value]))
        try:
            column.to_python(value)
        except ValidationError:
            return False
        return True

    def response_action(self, request, queryset):
        """Refuse a selection that no page offers."""
        if all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return super().response_action(request, queryset)
        self.message_user(request, _("No record was selected; nothing is done."), messages.WARNING)
        return None

    def save_model(self, request, obj, form, change) -> None:
        """Save the record with who and why; leave it alone when nothing on it changed."""
        if change and not changed_fields(form):
            return
        sign(obj, request.user, form.cleaned_data.get("why", ""))
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change) -> None:
        """Save the rows with who and why."""
        save_rows(formset, by=request.user, why=form.cleaned_data.get("why", ""))

    def save_related(self, request, form, formsets, change) -> None:
        """Save the rows, and say which changes by others were kept beside them."""
        super().save_related(request, form, formsets, change)
        mention_kept(request, [form, *(row for rows in formsets for row in rows.initial_forms)])

    def log_addition(self, request, obj, message) -> None:
        """Remember that the page was sent; the record's own history says what was done."""
        once.remember(request, obj, once.ADDITION)

    def log_change(self, request, obj, message) -> None:
        """Remember that the page was sent; the record's own history says what was done."""
        once.remember(request, obj, once.CHANGE)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Answer alike for what does not exist and for what the person may not see."""
        raise Http404
