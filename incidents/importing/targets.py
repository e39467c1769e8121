"""What a row can say: the values of an incident, its places, its claims and their articles.

One rule: every target is a column of the exports, or is explained here for the template, the
mapping page and the codebook alike. Called by presets, understanding and pages.
"""

from django.utils.translation import gettext_lazy as _

INCIDENT = {
    "key": _("What names the incident in your sheet: rows with the same key are one incident."),
    "kind": _("event, wave or aggregate; empty: event."),
    "category": _("Code, name or usual word for the kind of act; empty: other."),
    "title": _("One plain line, without names; empty: put together from the rest."),
    "summary": _("What is known and what is judged."),
    "date": _("When it happened, as worded."),
    "people_label": _("Who the people are, as the sources call them."),
    "nationality": _("Country of the people, by code or name."),
    "sending": _("The state that sent people away, by code or name."),
    "receiving": _("The state they were sent to, by code or name."),
    "responsible": _("Responsible authority, as alleged."),
    "wave": _("The key of the wave it is part of."),
    "point": _("A point that the source itself gives: latitude, longitude."),
    "point_precision": _("How exact that point is: exact, site or locality."),
    "extra": _("Labelled data without a column of its own, as JSON."),
    "version": _("Which version the row shows: what was edited since is not overwritten."),
    "address": _("Address of the record's page: tells files of this database from others."),
    "updated": _("When the record was last changed: what was edited since is not overwritten."),
}
PLACE = {
    "place": _("Where, by code or name; a town may stand with its country: Shenyang, China."),
    "role": _("What happened there: happened, apprehension, detention, crossing, destination."),
    "words": _("The place as printed."),
}
CLAIM = {
    "key": _("What names the claim in your sheet, such as a number."),
    "words": _("How many, as worded: around 200, up to 60, 200여 명; empty: none stated."),
    "measure": _("What is counted; empty: what the category counts."),
    "basis": _("event, part, stock, cumulative, rate, planned, prevented; empty: event."),
    "of": _("For a part: the key of the claim it is a part of."),
    "stance": _("affirms, denies, …; empty: affirms."),
    "source": _("Who says so, as identified."),
    "source_as_printed": _("Who says so, as the article prints the name."),
    "steps": _("The chain inside the article: name, verb, date of each step."),
    "people": _("People as printed."),
    "act_words": _("Act as printed."),
    "date": _("When it happened, as this source words it."),
    "place": _("Where, by code or name, as this source says."),
    "place_words": _("Place as printed."),
    "place_role": _("What happened there."),
    "quote": _("Short quote as printed."),
    "translation": _("Translation of the quote."),
    "locator": _("Where in the article."),
    "origin": _("own, relays or not_known."),
    "seen_original": _("yes when the claimant's own publication was read."),
    "repeats": _("The key of the claim it repeats."),
    "corrects": _("The key of the claim it corrects."),
    "credibility": _("Admiralty 1 to 6."),
    "status": _("accepted, conflict, needs_work or set_aside; empty: accepted."),
    "status_note": _("Why it is not simply accepted."),
    "article_url": _("Address of the article."),
    "archive_url": _("Address of an archived copy."),
    "article_title": _("Title of the article."),
    "publisher": _("Who published it."),
    "credit": _("Whom it credits."),
    "published": _("When it was published."),
    "language": _("Language of the article."),
    "article_kind": _("news, editorial, report, statement, page, broadcast, post, other."),
}
ASSESSMENT = {
    "measure": _("What is counted."),
    "low": _("The smallest number that holds."),
    "best": _("The number best supported."),
    "high": _("The largest number that holds."),
    "rule": _("By which rule the numbers were reached."),
    "reason": _("Why."),
}
