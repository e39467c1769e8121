"""What every new database holds: the categories, and the four roles with their rights.

Called once, by the first migration, with that migration's own models.
"""

import tomllib
from pathlib import Path

from django.contrib.auth.management import create_permissions
from django.utils import timezone

ELSEWHERE = Path(__file__).parent / "data" / "categories.toml"
CATEGORIES = [
    # code, name, principal measure, definition
    (
        "forced_return",
        "Forced return (refoulement)",
        "returned",
        (
            "People sent back to a state where they face persecution, torture or other serious "
            "harm, after they had left it. Not: returns for which no risk is alleged (expulsion)."
        ),
    ),
    (
        "expulsion",
        "Expulsion or deportation",
        "returned",
        (
            "People removed from a state's territory by its authorities, by whatever procedure, "
            "where the sources do not say that they face persecution on return."
        ),
    ),
    (
        "pushback",
        "Pushback at a border",
        "returned",
        "People turned back at or near a border, at sea or on land, without a hearing.",
    ),
    (
        "prevented_return",
        "Prevented or refused return",
        "affected",
        "A return that was stopped or refused: by a court, another state, the carrier, protest.",
    ),
    (
        "planned_return",
        "Planned or threatened return",
        "affected",
        "A return that is announced, prepared or feared and has not happened.",
    ),
    (
        "arrest",
        "Arrest",
        "arrested",
        "People seized by an authority. When the sources speak of their being held: detention.",
    ),
    (
        "arbitrary_detention",
        "Arbitrary detention",
        "detained",
        "People held without a lawful ground or hearing, including while they await removal.",
    ),
    (
        "enforced_disappearance",
        "Enforced disappearance",
        "disappeared",
        (
            "People taken by agents of a state or with its consent, whose fate or whereabouts the "
            "authorities conceal."
        ),
    ),
    (
        "torture",
        "Torture or ill-treatment",
        "affected",
        (
            "Severe pain or suffering inflicted on purpose by or with the consent of officials. "
            "Only reported acts; a feared one is context."
        ),
    ),
    ("killing", "Killing", "dead", "People killed by, or with the consent of, an authority."),
    (
        "death",
        "Death in transit or custody",
        "dead",
        "People who died on the way, at a border or in custody, where no killing is alleged.",
    ),
    (
        "armed_conflict",
        "Deaths in armed conflict",
        "dead",
        (
            "People killed in fighting between organised armed groups, or by such a group's "
            "violence against civilians. Not: a killing by an authority outside a conflict."
        ),
    ),
    ("other", "Other", "affected", "A reported act that no other category fits; say what it is."),
]

VIEW = (
    "article assessment category claim claimstep incident incidentlink incidentplace place source"
).split()
WRITE = "article claim claimstep incident incidentlink incidentplace source".split()
VOCABULARY = "category place source sourcealias placename".split()

ROLES = {
    "Viewer": [*(f"view_{model}" for model in VIEW), "export_incident"],
    "Researcher": [
        *(f"{verb}_{model}" for model in WRITE for verb in ("add", "change")),
        "add_sourcealias",
        "change_sourcealias",
        "view_sourcealias",
        "view_placename",
        "delete_incidentplace",
        "delete_claimstep",
        "add_place",
        "add_placename",
        "run_import",
        "view_import",
    ],
    "Reviewer": ["review_incident", "add_assessment", "delete_incidentlink"],
    "Administrator": [
        *(f"{verb}_{model}" for model in VOCABULARY for verb in ("add", "change", "view")),
        "delete_sourcealias",
        "delete_placename",
        "merge_source",
        "merge_place",
        *(f"{verb}_user" for verb in ("add", "change", "view")),
        *(f"{verb}_group" for verb in ("add", "change", "view")),
        "view_exportlog",
    ],
}


def roles_with(permission: str) -> list[str]:
    """Name the roles that include a right, for sentences that say who may."""
    names = list(ROLES)
    right = permission.rpartition(".")[2]
    return next((names[place:] for place, name in enumerate(names) if right in ROLES[name]), [])


def category_elsewhere(code: str) -> dict[str, str]:
    """Give the names and definitions of a category in further languages, by column."""
    languages = tomllib.loads(ELSEWHERE.read_text(encoding="utf-8"))
    return {
        f"{part}_{language}": words
        for language, categories in languages.items()
        for part, words in categories[code].items()
    }


def seed_categories(apps, schema_editor) -> None:
    """Enter the categories, and their first history rows: figures of the past rest on them."""
    category = apps.get_model("incidents", "Category")
    category.objects.bulk_create(
        category(
            code=code,
            name=name,
            measure=measure,
            definition=definition,
            position=position,
            **category_elsewhere(code),
        )
        for position, (code, name, measure, definition) in enumerate(CATEGORIES)
    )
    state = apps.get_model("incidents", "HistoricalCategory")
    state.objects.bulk_create(
        state(**entered, history_date=timezone.now(), history_type="+")
        for entered in category.objects.values()
    )


def seed_roles(apps, schema_editor) -> None:
    """Make the four roles; each includes the rights of those before it."""
    for label in ("auth", "incidents"):
        config = apps.get_app_config(label)
        config.models_module = True  # permissions are made only for apps that have models
        create_permissions(config, apps=apps, verbosity=0)
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    rights: list[str] = []
    for role, added in ROLES.items():
        rights += added
        made, _created = group.objects.get_or_create(name=role)
        made.permissions.set(permission.objects.filter(codename__in=rights))
