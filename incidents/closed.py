"""The restricted claims that one reader may see, and not everybody.

One rule: the same as `visible_to` of the restricted claims, but asked for each of these few instead
of listing all incidents first, which took seconds among a million. Called by filters and totals.
"""

from django.db.models import Exists, OuterRef, QuerySet

from incidents.models import Article, Claim, Incident


def closed_claims(user) -> QuerySet:
    """The restricted claims that this person may see; `user=None`, any viewer, sees none."""
    closed = Claim.objects.filter(restricted=True).order_by()
    if user is None:
        return closed.none()
    if user.is_superuser:
        return closed
    few = told_to_groups_of(user)
    if not few:
        return closed.none()
    groups = Claim.restricted_to.through.objects.filter(claim=OuterRef("pk"))
    article = Article.objects.visible_to(user).filter(pk=OuterRef("article"))
    incident = Incident.objects.visible_to(user).filter(pk=OuterRef("incident"))
    return closed.filter(
        Exists(groups.filter(group__in=user.group_keys)) | ~Exists(groups),
        Exists(article),
        Exists(incident),
        pk__in=few,
    )


def told_to_groups_of(user) -> list[int]:
    """The claims that are kept, with or without their article, to a group of this person's.

    Mostly none; asked first, so that the others are never looked at.
    """
    own = Claim.restricted_to.through.objects.filter(group__in=user.group_keys)
    articles = Article.restricted_to.through.objects.filter(group__in=user.group_keys)
    through = Claim.objects.filter(restricted=True, article__in=articles.values("article"))
    found = own.order_by().values_list("claim_id", flat=True)
    return list(found.union(through.order_by().values_list("pk", flat=True)))
