"""The small pages on which a record moves on: submit, publish, send back, withdraw, assess, link.

One rule: a page only collects the reason; `incidents.actions` decides and writes. What it refuses
stands as a sentence on the same page, with everything typed kept.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Subquery
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents import actions, evidence, signing, waiting
from incidents.admin.figures import visible_links
from incidents.forms import ActionForm, AssessForm, LinkForm, UnlinkForm, VersionForm
from incidents.models import Incident, User, choices

Status = choices.Status


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done with an incident: who may, when, and what it does."""

    name: str
    label: str
    right: str
    statuses: tuple[str, ...]
    effect: str
    run: Callable
    form: type[ActionForm] = ActionForm


ACTS = {
    act.name: act
    for act in (
        Act(
            "submit",
            gettext_lazy("Submit for review"),
            "incidents.change_incident",
            (Status.DRAFT, Status.WITHDRAWN),
            gettext_lazy(
                "Everybody with an account will see the record, marked as in review. "
                "A reviewer who did not work on it can then publish it."
            ),
            actions.submit,
        ),
        Act(
            "publish",
            gettext_lazy("Publish"),
            "incidents.review_incident",
            (Status.IN_REVIEW, Status.PUBLISHED),
            gettext_lazy(
                "You sign for the record as it stands now, with the figure below. It enters "
                "lists, totals and exports as published, with your name in its history."
            ),
            actions.publish,
            VersionForm,
        ),
        Act(
            "send-back",
            gettext_lazy("Send back"),
            "incidents.review_incident",
            (Status.IN_REVIEW, Status.PUBLISHED),
            gettext_lazy(
                "What was submitted becomes a draft again; what was published and changed stays "
                "published, marked as changed. Say what is missing: whoever works on the record "
                "sees your words on its page."
            ),
            actions.send_back,
        ),
        Act(
            "withdraw",
            gettext_lazy("Withdraw"),
            "incidents.review_incident",
            (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED),
            gettext_lazy(
                "Readers no longer see the record, and no total holds it. It stays, with its "
                "history and your reason, and can be submitted again."
            ),
            actions.withdraw,
        ),
        Act(
            "assess",
            gettext_lazy("Assess the figure"),
            "incidents.add_assessment",
            (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED),
            gettext_lazy(
                "Your numbers replace those that follow from the claims. The claims stay; a "
                "dispute among them stays marked; an assessment is never changed, only followed "
                "by another. It changes the record, so somebody else signs it afterwards."
            ),
            actions.assess,
            AssessForm,
        ),
        Act(
            "link",
            gettext_lazy("Link to another incident"),
            "incidents.change_incident",
            (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN),
            gettext_lazy(
                "Both records show the link, and totals no longer simply add their people. "
                "Linking the same two again changes the certainty. It changes both records, so "
                "somebody else signs them afterwards."
            ),
            actions.link,
            LinkForm,
        ),
        Act(
            "unlink",
            gettext_lazy("Remove a link"),
            "incidents.review_incident",
            (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED, Status.WITHDRAWN),
            gettext_lazy(
                "Totals count the two records apart again. The history keeps the link. It changes "
                "both records, so somebody else signs them afterwards."
            ),
            actions.unlink,
            UnlinkForm,
        ),
    )
}


class ActingPages:
    """Gives the incident page its action pages and the buttons that lead there."""

    change_form_template = "admin/incidents/incident/change_form.html"

    def get_urls(self) -> list:
        """Add one address for each thing that can be done."""
        names = "|".join(ACTS)
        act = re_path(
            rf"^(?P<pk>\d{{1,15}})/(?P<action>{names})/$",
            self.admin_site.admin_view(self.act_view),
            name="incidents_incident_act",
        )
        return [act, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the record with the buttons that fit it."""
        incident = self.get_object(request, object_id)
        offered = {} if incident is None else self.offer(request.user, incident)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **offered}
        )

    def offer(self, user: User, incident: Incident) -> dict:
        """List the buttons for this person and record, and say why one is missing."""
        offered = [act for act in ACTS.values() if fits(act, incident, user)]
        own = may_not_sign(incident, user)
        if own:
            offered = [act for act in offered if act.name != "publish"]
        return {"acts": offered, "own_change": own, "sent_back": sent_back(incident)}

    def act_view(self, request, pk: str, action: str):
        """Ask for the reason, then do it; a refusal is said on the same page."""
        act, incident = ACTS[action], self.get_object(request, pk)
        if incident is None:
            raise Http404
        if not request.user.has_perm(act.right):
            raise PermissionDenied
        form = self.act_form(request, act, incident)
        if request.method == "POST" and form.is_valid() and self.run(request, act, form):
            messages.success(request, done(act, incident))
            return HttpResponseRedirect(
                reverse("admin:incidents_incident_change", args=[incident.pk])
            )
        return TemplateResponse(
            request,
            "admin/incidents/incident/act.html",
            self.act_context(request, act, incident, form),
        )

    def act_form(self, request, act: Act, incident: Incident) -> ActionForm:
        """Make the page's form."""
        wanted = {"links": visible_links(incident, request.user)} if act.name == "unlink" else {}
        return act.form(request.POST or None, incident=incident, user=request.user, **wanted)

    def run(self, request, act: Act, form: ActionForm) -> bool:
        """Do it; when it is refused, put the sentence on the form and return False."""
        subject = {} if act.name in ("link", "unlink") else {"incident": form.incident}
        try:
            act.run(by=request.user, why=form.cleaned_data["why"], **subject, **form.details())
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        except ValidationError as invalid:
            form.add_error(None, invalid.messages)
        return not form.errors

    def act_context(self, request, act: Act, incident: Incident, form: ActionForm) -> dict:
        """Say what will happen, and on what it rests."""
        return {
            **self.admin_site.each_context(request),
            "title": f"{act.label}: {incident}",
            "act": act,
            "incident": incident,
            "standing": self.where_it_stands(incident),
            "figures": self.figures(incident),
            "contributors": names_of(signing.contributors(incident)),
            **rests_on(act, incident, request.user),
            "fits": incident.status in act.statuses,
            "sends_back": fits(ACTS["send-back"], incident, request.user) and ACTS["send-back"],
            "form": form,
            "opts": self.opts,
        }


def rests_on(act: Act, incident: Incident, user: User) -> dict:
    """Gather what somebody reads before this decision."""
    shown: dict = {"solo": settings.SOLO_REVIEW}
    if act.name in ("publish", "send-back"):
        [shown["row"]] = waiting.waiting([incident], user)
    if act.name in ("publish", "assess"):
        shown["evidence"] = evidence.of_incident(incident, user)
    return shown


def fits(act: Act, incident: Incident, user: User) -> bool:
    """Tell whether a button makes sense for this person and this record."""
    if not user.has_perm(act.right) or incident.status not in act.statuses:
        return False
    if act.name in ("publish", "send-back") and incident.status == Status.PUBLISHED:
        return incident.version > incident.signed_version
    return act.name != "unlink" or visible_links(incident, user).exists()


def may_not_sign(incident: Incident, user: User) -> bool:
    """Tell whether somebody else has to sign, because this person changed the record."""
    if settings.SOLO_REVIEW or not fits(ACTS["publish"], incident, user):
        return False
    return user.pk in signing.changed_by(incident)


def sent_back(incident: Incident):
    """Find the saved state that brought the reviewer's note; None without one."""
    if not incident.review_note:
        return None
    before = incident.history.exclude(review_note=incident.review_note).order_by("-history_id")
    since = incident.history.filter(history_id__gt=Subquery(before.values("history_id")[:1]))
    return since.select_related("history_user").order_by("history_id").first()


def names_of(keys: set[int]) -> str:
    """Name people by their accounts."""
    people = User.objects.filter(pk__in=keys).order_by("username")
    return ", ".join(people.values_list("username", flat=True)) or _("nobody")


def done(act: Act, incident: Incident) -> str:
    """Say in one line what was done."""
    return _("Done: %(act)s, %(code)s.") % {"act": act.label, "code": incident.code}
