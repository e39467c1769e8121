"""The desk pages that merge two records which are one, and that take a merge back.

One rule: nobody confirms what has not stood on the page. The first posting shows both records and
what would follow; only a posting that names the state of both as shown is carried out, by
`incidents.merging`. A merged record can be read, not edited, and says where it went.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import re_path, reverse
from django.utils.translation import gettext as _

from incidents import merging
from incidents.actions import Refused
from incidents.admin.sides import foreseen
from incidents.forms import MergeForm, MergeIncidentForm, MergePlaceForm, MergeSourceForm, UndoForm
from incidents.models import Incident, Merge, Place, Source, User, choices


@dataclass(frozen=True, slots=True)
class Merging:
    """How one kind of record is merged: what it is called, who may, by which form and action."""

    kind: str
    right: str
    form: type[MergeForm]
    run: Callable[..., Merge]


MERGINGS = {
    Incident: Merging(
        choices.MergeKind.INCIDENT,
        "incidents.review_incident",
        MergeIncidentForm,
        merging.merge_incidents,
    ),
    Source: Merging(
        choices.MergeKind.SOURCE,
        "incidents.merge_source",
        MergeSourceForm,
        merging.merge_sources,
    ),
    Place: Merging(
        choices.MergeKind.PLACE,
        "incidents.merge_place",
        MergePlaceForm,
        merging.merge_places,
    ),
}


class MergingPages:
    """Gives a record's page the pages that merge it into another, and that undo it."""

    @property
    def merging(self) -> Merging:
        """How this desk's records are merged."""
        return MERGINGS[self.model]

    def get_urls(self) -> list:
        """Add the two addresses."""
        pages = (("merge", self.merge_view), ("unmerge", self.unmerge_view))
        added = [
            re_path(
                rf"^(?P<pk>\d{{1,15}})/{name}/$",
                self.admin_site.admin_view(view),
                name=f"incidents_{self.opts.model_name}_{name}",
            )
            for name, view in pages
        ]
        return [*added, *super().get_urls()]

    def has_change_permission(self, request, obj=None) -> bool:
        """Refuse to change what was merged into another record."""
        if obj is not None and obj.merged_into_id:
            return False
        return super().has_change_permission(request, obj)

    def get_inlines(self, request, obj) -> tuple:
        """Show no rows of a merged record: they are on the page of the one that stands for it."""
        return () if obj is not None and obj.merged_into_id else super().get_inlines(request, obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the record with where it went, or what was merged into it."""
        record = self.get_object(request, object_id)
        told = {} if record is None else {"merging": self.told(record, request.user)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **told})

    def told(self, record, user: User) -> dict:
        """Say what was merged, as far as this person may see it, and what they may do about it."""
        may = user.has_perm(self.merging.right)
        merges = Merge.objects.standing().filter(kind=self.merging.kind).select_related("made_by")
        gone = dict(merges.filter(survivor=record.pk).values_list("gone", "reason"))
        came = self.seen(user).filter(pk__in=gone).order_by("pk")
        return {
            "went": merges.filter(gone=record.pk).first(),
            "into": self.seen(user).filter(pk=record.merged_into_id).first(),
            "came": [(other, self.page("change", other)) for other in came],
            "merge": "" if record.merged_into_id or not may else self.page("merge", record),
            "undo": self.page("unmerge", record) if record.merged_into_id and may else "",
            "address": self.page("change", record.merged_into) if record.merged_into_id else "",
        }

    def seen(self, user: User):
        """Ask for the records that this person may see."""
        records = self.model._default_manager.all()
        return records.visible_to(user) if hasattr(records, "visible_to") else records

    def page(self, name: str, record) -> str:
        """Give the address of a page of one record."""
        return reverse(f"admin:incidents_{self.opts.model_name}_{name}", args=[record.pk])

    def asked_about(self, request, pk: str):
        """Find the record, for somebody who may merge it."""
        record = self.get_object(request, pk)
        if record is None:
            raise Http404
        if not request.user.has_perm(self.merging.right):
            raise PermissionDenied
        return record

    def merge_view(self, request, pk: str):
        """Ask which record stays, show what would follow, then merge."""
        record = self.asked_about(request, pk)
        form = self.merging.form(
            request.POST or None,
            record=record,
            user=request.user,
            initial={"other": request.GET.get("other", "")},
        )
        if form.is_valid() and self.merged(request, record, form):
            return HttpResponseRedirect(self.address_after(form.chosen, request.user))
        other = form.chosen
        shown = foreseen(record, other, request.user) if other is not None else None
        context = {
            "title": _("Merge into another: %s") % record,
            "form": form,
            "shown": shown,
            "state": state_of(record, other) if shown and not shown.refusal else "",
        }
        return self.answer(request, record, "admin/incidents/merge.html", context)

    def merged(self, request, record, form: MergeForm) -> bool:
        """Merge what was shown; when it is refused, put the sentence on the form."""
        other = form.cleaned_data["other"]
        if form.cleaned_data["seen"] != state_of(record, other):
            return False
        try:
            self.merging.run(
                gone=record, survivor=other, by=request.user, why=form.cleaned_data["why"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(
            request,
            _("%(gone)s was merged into %(survivor)s.") % {"gone": record, "survivor": other},
        )
        return True

    def address_after(self, record, user: User) -> str:
        """Give the page of a record, or the list where the person may no longer see it."""
        if self.seen(user).filter(pk=record.pk).exists():
            return self.page("change", record)
        return reverse(f"admin:incidents_{self.opts.model_name}_changelist")

    def unmerge_view(self, request, pk: str):
        """Ask why, then take the merge of this record back."""
        record = self.asked_about(request, pk)
        merge = Merge.objects.standing().filter(kind=self.merging.kind, gone=record.pk).first()
        if merge is None:
            raise Http404
        form = UndoForm(request.POST or None)
        if form.is_valid() and self.unmerged(request, merge, form):
            return HttpResponseRedirect(self.page("change", record))
        into = self.seen(request.user).filter(pk=record.merged_into_id).first()
        context = {
            "title": _("Undo the merge: %s") % record,
            "form": form,
            "merge": merge,
            "into": into,
        }
        return self.answer(request, record, "admin/incidents/unmerge.html", context)

    def unmerged(self, request, merge: Merge, form: UndoForm) -> bool:
        """Take a merge back, and name what stayed; a refusal is said on the form."""
        try:
            undone = merging.undo(merge=merge, by=request.user, why=form.cleaned_data["why"])
        except Refused as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(request, _("The merge was undone."))
        if undone.left:
            messages.warning(
                request,
                _("Changed since, and left where it is: %s.") % "; ".join(undone.left),
            )
        return True

    def answer(self, request, record, template: str, context: dict) -> TemplateResponse:
        """Lay one of the two pages out."""
        shared = {"record": record, "opts": self.opts, "back": self.page("change", record)}
        return TemplateResponse(
            request, template, {**self.admin_site.each_context(request), **shared, **context}
        )


def state_of(gone, survivor) -> str:
    """Name the state of two records, so that a change of either is noticed."""
    return " ".join(str(state) for each in (gone, survivor) for state in (each.pk, version(each)))


def version(record) -> str:
    """Name the state of one record: its version, else its latest entry in the history."""
    if isinstance(record, Incident):
        return str(record.version)
    return str(record.history.order_by("-history_id").values_list("history_id", flat=True).first())
