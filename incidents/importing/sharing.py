"""Says whose imports somebody may open, carry on and undo.

One rule: one's own; a reviewer's also those of others, where nothing that their maker may see is
kept from the reviewer; a superuser's all. For file and report may tell of what only some see.
"""

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

from incidents.importing.own import DATASET
from incidents.models import Article, Claim, Import, Incident, Origin, User

RESTRICTED = (Incident, Article, Claim)


def may_open(run: Import, user: User) -> bool:
    """Tell whether somebody may see the file and report of an import, and carry it on."""
    if user.is_superuser or run.by_id == user.pk:
        return True
    return user.has_perm("incidents.review_incident") and not is_kept_from(run, user)


def is_kept_from(run: Import, user: User) -> bool:
    """Tell whether an import may tell of something that is kept from somebody."""
    if run.by.is_superuser or sees_more(run.by, user):
        return True
    if run.dataset.startswith(DATASET):  # a file of our own may name any record
        return any(model.objects.closed_to(user).exists() for model in RESTRICTED)
    brought = Origin.objects.filter(Q(dataset=run.dataset) | Q(made_by=run) | Q(last=run))
    return brought.filter(
        Q(incident__in=Incident.objects.closed_to(user).values("pk"))
        | Q(claim__in=Claim.objects.closed_to(user).values("pk"))
        | Q(claim__article__in=Article.objects.closed_to(user).values("pk"))
    ).exists()


def sees_more(one: User, other: User) -> bool:
    """Tell whether records are kept to groups of the one that are none of the other."""
    groups: QuerySet[Group] = one.groups.exclude(pk__in=other.groups.values("pk"))
    return any(model.objects.filter(restricted_to__in=groups).exists() for model in RESTRICTED)
