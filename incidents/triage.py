"""What happens to a page between its address and its coding: queued, given to somebody, set aside.

One rule: an address that somebody may already see as an article is shown, never recorded again;
what is queued is an address and nothing else, for nobody has read it yet. Called by the desk.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.actions import Refused, need, save
from incidents.addresses import url_key
from incidents.models import Article, Claim, User, choices

State = choices.CodingState


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of one address: the articles that stand under it, and how they came there.

    `became` is new, known (recorded before), or again (another address of the same request).
    """

    url: str
    articles: list[Article]
    became: str


@transaction.atomic
def queue(
    *, urls: Sequence[str], by: User, why: str, assigned_to: User | None = None
) -> list[Queued]:
    """Record the addresses that are new to this person, to be coded; say for each what it is.

    An address that differs from a recorded one only as `url_key` ignores is the same.
    """
    need(by, "incidents.add_article", _("queue articles"))
    if assigned_to is not None:
        need_coder(assigned_to)
    known, seen, outcomes = articles_at(urls, by), set(), []
    for url in urls:
        key = url_key(url)
        became = "again" if key in seen else "known" if known[key] else "new"
        if became == "new":
            made = started(url, by=by, why=why, assigned_to=assigned_to)
            known[key] = [made] if made else articles_at([url], by)[key]
            became = "new" if made else "known"
        seen.add(key)
        outcomes.append(Queued(url, known[key], became))
    return outcomes


def articles_at(urls: Iterable[str], user: User) -> dict[str, list[Article]]:
    """Find the articles under these addresses that a person may see, by the address's key."""
    known: dict[str, list[Article]] = defaultdict(list)
    seen = Article.objects.visible_to(user).at(map(url_key, urls))
    for article in seen.select_related("publisher", "assigned_to").with_logger().order_by("pk"):
        known[article.url_key].append(article)
    return known


def started(url: str, *, by: User, why: str, assigned_to: User | None) -> Article | None:
    """Record one address; None when somebody else recorded it a moment before."""
    article = Article(url=url, assigned_to=assigned_to)
    try:
        with transaction.atomic():
            save(article, by=by, why=why)
    except IntegrityError:
        return None
    return article


@transaction.atomic
def assign(*, article: Article, to: User | None, by: User, why: str) -> Article:
    """Put an article into somebody's queue, or (to None) back before everybody."""
    article = waiting(article, by)
    if to is not None:
        need_coder(to)
        if not Article.objects.visible_to(to).filter(pk=article.pk).exists():
            raise Refused(
                _("%s may not see this article, so it cannot be given to them.") % to.get_username()
            )
    article.assigned_to = to
    save(article, by=by, why=why)
    return article


@transaction.atomic
def set_aside(*, article: Article, by: User, why: str) -> Article:
    """Note that an article was read and brings nothing that is not recorded yet."""
    article = waiting(article, by)
    claims = Claim.objects.visible_to(by).filter(article=article).count()
    if claims:
        raise Refused(
            ngettext(
                "This article has %s claim, so it did bring something. Finish coding it.",
                "This article has %s claims, so it did bring something. Finish coding it.",
                claims,
            )
            % claims
        )
    article.coding_state = State.NOTHING_NEW
    save(article, by=by, why=why)
    return article


@transaction.atomic
def put_back(*, article: Article, by: User, why: str) -> Article:
    """Return an article that was set aside, or coded, to the queue it came from."""
    article = held(article, by)
    if article.coding_state == State.TO_CODE:
        raise Refused(_("This article waits to be coded already."))
    article.coding_state = State.TO_CODE
    save(article, by=by, why=why)
    return article


def waiting(article: Article, by: User) -> Article:
    """Hold an article that waits to be coded; refuse one that no longer does."""
    article = held(article, by)
    if article.coding_state != State.TO_CODE:
        raise Refused(
            _("This article no longer waits to be coded; it is “%s” by now.")
            % article.get_coding_state_display()
        )
    return article


def held(article: Article, by: User) -> Article:
    """Read the article again, and hold it until the transaction ends."""
    need(by, "incidents.change_article", _("change articles"))
    return Article.objects.select_for_update().get(pk=article.pk)


def need_coder(person: User) -> None:
    """Refuse to queue anything for somebody who cannot code it."""
    if not person.is_active or not person.has_perm("incidents.add_article"):
        raise Refused(
            _("%s does not code articles; choose somebody who does.") % person.get_username()
        )


def coders():
    """List the accounts that may code articles, by name."""
    return User.objects.with_perm("incidents.add_article").order_by("username")
