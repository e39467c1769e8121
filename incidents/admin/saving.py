"""Saves what a desk page holds, and says which incidents that touched.

One rule: every row is saved with its author and reason, and each incident touched is revised
exactly once, in the same transaction; what readers may not see leaves nothing in its history.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from incidents import actions
from incidents.forms import ArticleClaimForm, changed_fields
from incidents.models import Article, Claim, Incident, User
from incidents.settling import settle

SHOWN_OF_ARTICLE = {
    "restricted_to",
    "publisher",
    "date_words",
    "title",
    "url",
    "archive_url",
    "credit",
    "reprint_of",
}


def sign(record, by: User, why: str) -> None:
    """Have the record's next history row say who and why; an incident keeps who logged it."""
    record._history_user, record._change_reason = by, why.strip()
    if isinstance(record, Incident) and record.pk is None:
        record.logged_by = by


def save_rows(formset, *, by: User, why: str) -> None:
    """Save the rows of a page: remove, then write, each with its author and reason."""
    rows = formset.save(commit=False)
    for row in formset.deleted_objects:
        sign(row, by, why)
        row.delete()
    for form in formset.saved_forms:
        if isinstance(form, ArticleClaimForm) and form.draft is not None:
            start_incident(form, formset.instance, by, why)
    for row in rows:
        sign(row, by, why)
        row.save()
    formset.save_m2m()


def start_incident(form: ArticleClaimForm, article: Article, by: User, why: str) -> None:
    """Save the new incident that a claim names, unless an earlier claim did, and place it there.

    What starts from a record kept to groups is kept to the same groups.
    """
    draft, claim = form.draft, form.instance
    if draft.pk is None:
        sign(draft, by, why or _("Started with its first claim."))
        draft.save()
        groups = article.restricted_to.all() or form.cleaned_data.get("restricted_to", [])
        draft.restricted_to.set(groups)
    claim.incident = draft
    claim.measure = claim.measure or draft.category.measure


class Touched:
    """The incidents that one save touched: some get a new version, all are settled."""

    def __init__(self) -> None:
        """Start with none."""
        self.revised: set[int] = set()
        self.settled: set[int] = set()
        self.hushed = False

    def by_claim(self, form, *, closed: bool | None = None) -> None:
        """Add the incidents of a claim that was changed: where it stood and where it stands.

        A claim that was and stays closed to others changes nothing they see: its incident is
        only settled, unless that is itself kept to groups.
        """
        claim = form.instance
        closed = is_closed(claim) if closed is None else closed
        keys = {form.incident_before, claim.incident_id} - {None}
        self.settled |= keys
        if closed and form.closed_before is not False:
            keys = set(
                Incident.objects.filter(pk__in=keys, restricted=True).values_list("pk", flat=True)
            )
        self.revised |= keys
        self.hushed |= closed or bool(form.closed_before)

    def by_started(self, formsets: Iterable) -> None:
        """Add the incidents that were started in this save; their first version is this one."""
        drafts = (getattr(form, "draft", None) for formset in formsets for form in formset.forms)
        started = {draft.pk for draft in drafts if draft is not None and draft.pk}
        self.settled |= started
        self.revised -= started

    def by_article(self, article: Article, *, closed_before: bool | None) -> None:
        """Add every incident that an article's claims are about.

        `closed_before` is None for a new article: when it is closed from the start, nobody else
        ever saw anything of it.
        """
        keys = set(Claim.objects.filter(article=article).values_list("incident_id", flat=True))
        self.settled |= keys
        closed = article.restricted_to.exists()
        if not (closed and closed_before is not False):
            self.revised |= keys
        self.hushed |= closed or bool(closed_before)

    def reason(self, why: str) -> str:
        """Choose what the incidents' history says: nothing that was typed about closed records."""
        if self.hushed:
            return gettext_noop("Claims on this record changed.")
        return why.strip() or gettext_noop("Claims on this record changed.")

    def write(self, *, by: User, why: str, article: Article | None = None) -> None:
        """Revise and settle, once."""
        reason = self.reason(why)
        if article is not None:
            actions.revise_article(article=article, by=by, why=reason, incidents=self.revised)
        elif self.revised:
            actions.revise(incidents=self.revised, by=by, why=reason)
        settle(self.settled - self.revised)


def hold(keys: Iterable[int | None]) -> None:
    """Lock these incidents, always in the same order, before their claims are written."""
    list(Incident.objects.select_for_update().filter(pk__in=set(keys) - {None}).order_by("pk"))


def is_closed(claim: Claim) -> bool:
    """Tell whether a claim is kept to groups, itself or with its article."""
    return claim.restricted_to.exists() or claim.article.restricted_to.exists()


def reread_dates(article: Article, *, by: User, why: str) -> list[Claim]:
    """Work relative dates of an article's claims out anew after its own date changed.

    Returns the claims whose words no longer say a day; they keep the old reading.
    """
    stale = []
    for claim in Claim.objects.filter(article=article).exclude(date_words=""):
        before = (claim.date_edtf, claim.date_anchor)
        try:
            claim.read_date(article.published_on)
        except ValueError:
            stale.append(claim)
            continue
        if (claim.date_edtf, claim.date_anchor) != before:
            sign(claim, by, why)
            claim.save()
    return stale


def really_changed(form, formsets: Iterable) -> bool:
    """Tell whether a page holds any change at all."""
    return bool(changed_fields(form)) or any(formset.has_changed() for formset in formsets)
