"""The restricted claims that one reader may see, and not everybody.

One rule: the same as `visible_to` of the restricted claims, but asked for each of these few instead
of listing all incidents first, which took seconds among a million. Called by filters and totals.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet

from incidents.models import Article, Claim, Incident


def closed_claims(user) -> QuerySet:
    """The restricted claims that this person may see; `user=None`, any viewer, sees none."""
    closed = Claim.objects.filter(restricted=True).order_by()
    if user is None:
        return closed.none()
    if user.is_superuser:
        return closed
    # Most readers belong to no such group: that is told before the few thousand are looked at.
    own = Claim.restricted_to.through.objects.filter(group__user=user).values("claim")
    through = Article.restricted_to.through.objects.filter(group__user=user).values("article")
    closed = closed.filter(Q(pk__in=own) | Q(article__in=through))
    groups = Claim.restricted_to.through.objects.filter(claim=OuterRef("pk"))
    article = Article.objects.visible_to(user).filter(pk=OuterRef("article"))
    incident = Incident.objects.visible_to(user).filter(pk=OuterRef("incident"))
    return closed.filter(
        Exists(groups.filter(group__user=user)) | ~Exists(groups), Exists(article), Exists(incident)
    )
