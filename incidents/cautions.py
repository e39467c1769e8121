"""What a careful colleague would point out about an article, a claim or an incident.

One rule: a caution is a sentence with what to look at beside it, and never stops anybody. It
names only records that its reader may see. Called by the desk, before and after a save.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from incidents import likeness, recognising
from incidents.models import Article, Claim, Incident, Place

SURNAMES = "Kim|Lee|Park|Pak|Choi|Choe|Jung|Jong|Kang|Cho|Yoon|Jang|Lim|Han|Seo|Shin|Kwon|Hwang|Ahn"
SIGNS = (
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][\w-]+",
    r"\b(?:named|called|identified as|surnamed) [A-Z][\w-]+(?: [A-Z][\w-]+)*",
    rf"\b(?:{SURNAMES}) [A-Z][a-z]+(?:[- ]?[A-Z]?[a-z]+)?\b",
    r"[가-힣]{2,4}\s?(?:씨|양|군)(?=[\s,.(은는이가의와과을를]|$)",
    r"[가-힣]{2,4}\s?\(\d{1,2}\)",
    r"\b(?:born|b\.) (?:on |in )?(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d\b",
)
NAMES = re.compile("|".join(SIGNS))


@dataclass(slots=True)
class Caution:
    """One thing to look at: a sentence, and the records it is about."""

    sentence: str
    articles: list[Article] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


def seems_to_name(text: str) -> str:
    """Return the first piece of a text that looks like a person's name or birth date, or ``""``."""
    found = NAMES.search(text)
    return found[0].strip() if found else ""


def on_names(texts: Iterable[str]) -> list[Caution]:
    """Point to texts that seem to name a person.

    A public figure may be named, a victim may not; which one it is only a person can tell.
    """
    sentence = _(
        "“%s” looks like a person's name. If it is a victim's, a witness's or a relative's, take "
        "it out: Attest keeps no names."
    )
    return [Caution(sentence % found) for found in filter(None, map(seems_to_name, texts))]


def on_same_page(article: Article, user) -> list[Caution]:
    """Point to articles that may be this very page: nearly the same URL, or title and publisher."""
    others = Article.objects.visible_to(user).exclude(pk=article.pk).select_related("publisher")
    alike = Q(pk=None)
    if article.url_key:
        alike |= Q(url_key=article.url_key) & ~Q(url=article.url)
    if article.title and article.publisher_id:
        alike |= Q(title=article.title, publisher=article.publisher_id)
    found = list(others.filter(alike).order_by("pk")[:5])
    if not found:
        return []
    sentence = _("An article with nearly the same URL or title is recorded. Is it the same page?")
    return [Caution(sentence, articles=found)]


def on_twins(incident: Incident, user, places: Sequence[Place] = ()) -> list[Caution]:
    """Point to incidents with the same kind of act, states and days, with the rule in words."""
    found = likeness.twins(incident, user, places=places)
    if not found:
        return []
    sentence = _(
        "The same kind of act, between the same states, on the same days stands here already. "
        "One incident or several? Where no source counts them separately they are one incident "
        "with several claims. Split only what a source itself counts separately, or what place "
        "and day keep apart; then tie the two with a wave or a link."
    )
    return [Caution(sentence, incidents=found)]


def on_contradiction(claim: Claim, contradicted: Sequence[int], user) -> list[Caution]:
    """Point to the claims (by key) that cannot be true together with this one, side by side."""
    if not contradicted:
        return []
    others = Claim.objects.visible_to(user).filter(pk__in=contradicted)
    found = list(others.select_related("source", "article", "article__publisher")[:10])
    sentence = _(
        "“%s” cannot be true together with what others say. Both stay; the figure is disputed. "
        "Is it the same act and the same people? Does one correct or repeat the other?"
    )
    return [Caution(sentence % claim.words, claims=found)] if found else []


def on_source(claim: Claim) -> list[Caution]:
    """Point out that the printed name is another name of the source, or nobody's yet."""
    printed, source = claim.source_as_printed, claim.source
    if not printed:
        return []
    if source is not None and source.name != printed:
        if claim.source_suggested:
            sentence = _("“%(printed)s” is read as %(name)s: a suggestion until somebody agrees.")
        elif recognising.source_called(printed) == source:
            sentence = _("“%(printed)s” is recorded as another name of %(name)s.")
        else:
            sentence = _(
                "“%(printed)s” is not a recorded name of %(name)s. Add it to the names of that "
                "source, or mark the reading as suggested."
            )
        return [Caution(sentence % {"printed": printed, "name": source.name})]
    if source is None and (known := recognising.sources_like(printed, limit=3)):
        sentence = _("“%(printed)s” is not a recorded name. Is it: %(names)s?")
        names = ", ".join(one.name for one in known)
        return [Caution(sentence % {"printed": printed, "names": names})]
    return []


def on_earlier_words(claim: Claim, user) -> list[Caution]:
    """Point to an earlier claim of the same source about the same incident with another count."""
    if not (claim.incident_id and claim.source_id) or claim.corrects_id or claim.repeats_id:
        return []
    if claim.basis != Claim.Basis.EVENT:
        return []
    earlier = (
        Claim.objects.visible_to(user)
        .filter(
            incident=claim.incident_id, source=claim.source_id, measure=claim.measure, basis="event"
        )
        .filter(repeats=None)
    )
    earlier = earlier.exclude(pk=claim.pk).exclude(words=claim.words)
    found = list(earlier.select_related("source", "article", "article__publisher")[:5])
    if not found:
        return []
    sentence = _("%s said something else before. Does this claim correct it?") % claim.source.name
    return [Caution(sentence, claims=found)]
