"""Every address of the desk, as each role, read and with forged fields; found by walking them all.

A new page is swept as soon as it has an address. Where its address holds something new, ARGUMENTS
has to say what to put there; where it may move a column of COLUMNS, MOVES has to say so.
"""

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection, models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.site import site
from incidents.actions import link
from incidents.models import (
    Category,
    ExportLog,
    Import,
    Incident,
    IncidentLink,
    User,
)
from tests.admin.desk import filled, signed_in
from tests.factories import (
    make_article,
    make_claim,
    make_incident,
    make_place,
    make_source,
    make_user,
    touch,
)

pytestmark = [pytest.mark.django_db, pytest.mark.looks]

READING = ("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ")
HIDDEN = "Zanzibar"  # stands in every word of the closed records, and nowhere else
DESK_ROLES = ("Researcher", "Reviewer", "Administrator")
ROLES = ("", "Viewer", *DESK_ROLES)
RECORDS = ("article", "claim", "incident", "source", "place")
ADMINISTRATOR = ("Administrator",)

# Who opens which page, by the end of its name; None: nobody.
READERS = dict.fromkeys((*RECORDS, "category"), DESK_ROLES)
READERS |= dict.fromkeys(("user", "group", "exportlog"), ADMINISTRATOR) | {"import": DESK_ROLES}
ADDERS = dict.fromkeys(RECORDS, DESK_ROLES)
ADDERS |= dict.fromkeys(("category", "user", "group"), ADMINISTRATOR)
ADDERS |= {"exportlog": (), "import": ()}
REVIEWING = {"publish", "send-back", "withdraw", "assess", "unlink"}

# What no form may move on any record, and nobody ever.
COLUMNS = {
    "incident": "status signed_by signed_version signed_at second_read first_published "
    "merged_into logged_by review_note created extra".split(),
    "source": ["slug", "merged_into"],
    "place": ["code", "merged_into"],
    "category": ["code"],
    "user": ["is_superuser", "is_staff", "password", "username"],
    "group": ["name"],
}
REMOVABLE = ["claimstep", "incidentplace", "sourcealias", "placename"]
NEVER_FEWER = (
    "article assessment category claim exportlog import incident incidentlink merge place source "
    "user group historicalarticle historicalclaim historicalincident historicalsource "
    "historicalplace"
).split()
# Pages whose business a column is: the name of the page, and what it may move.
MOVES = {
    "incidents_incident_act": {"incident": set(COLUMNS["incident"])},
    "incidents_user_change": {"user": {"username"}},
    "auth_user_password_change": {"user": {"password"}},
    "auth_group_change": {"group": {"name"}},
}


@pytest.fixture
def world() -> dict[str, list[models.Model]]:
    """An open record of each kind, then a closed one where there can be one; nobody swept is in."""
    team = Group.objects.create(name="Team of the closed")
    insider = make_user("Reviewer", "ina")
    insider.groups.add(team)
    place = make_place("CN", name="China")
    source = make_source("Radio")
    source.aliases.create(name="RFA")
    place.names.create(name="Middle Kingdom", folded="middle kingdom")
    article, incident = make_article(title="Open article"), make_incident("Open incident")
    touch(incident, place)
    claim = make_claim(incident, article=article, source=source)
    claim.steps.create(position=1, name_as_printed="a source")
    second = make_incident("Second incident", published=False, status="in_review")
    tie(incident, second, insider)
    closed = closed_records(team, claim, insider)
    log = ExportLog.objects.create(
        user=insider, table="incidents", query=f"q={HIDDEN}&wave={closed['incident'].code}"
    )
    return {
        "article": [article, closed["article"]],
        "incident": [incident, second, closed["incident"]],
        "claim": [claim, *closed["claims"]],
        "source": [source],
        "place": [place],
        "category": [Category.objects.get(code="other")],
        "user": [make_user("Viewer", "vera"), insider],
        "group": [team, Group.objects.get(name="Administrator")],
        "exportlog": [log],
        "import": [Import.objects.create(name="sheet.csv", file="imports/0/sheet", by=insider)],
        "closed": [closed["article"], closed["incident"], *closed["claims"]],
    }


def closed_records(team: Group, claim, insider: User) -> dict:
    """Make records that are kept to a group, tied to open ones in every way there is."""
    incident = make_incident(
        f"{HIDDEN} night", summary=HIDDEN, kind="wave", restricted_to=team, responsible=HIDDEN
    )
    article = make_article(
        title=f"{HIDDEN} paper", url=f"https://{HIDDEN.lower()}.example/", restricted_to=team
    )
    words = {"quote": HIDDEN, "source_as_printed": HIDDEN, "act_words": HIDDEN}
    claims = [
        make_claim(claim.incident, "77", article=claim.article, restricted_to=team, **words),
        make_claim(claim.incident, "78", article=article, **words),
        make_claim(incident, "79", article=claim.article, **words),
    ]
    claim.repeats = claims[0]
    claim._change_reason = ""
    claim.save()
    tie(claim.incident, incident, insider)
    made = claim.incident.assessments.create(
        measure="returned", people_low=77, rule=HIDDEN, reason=HIDDEN, made_by=insider
    )
    made.claims.add(claims[0])
    return {"incident": incident, "article": article, "claims": claims}


def tie(first: Incident, second: Incident, by: User) -> IncidentLink:
    """Link two incidents; the reason names the closed one."""
    why = f"{HIDDEN} camp" if HIDDEN in second.title else "same week"
    return link(
        first=first, second=second, by=by, why=why, kind="same_people", certainty="possible"
    )


def walked(patterns, before: str = "") -> Iterator[tuple[str, str]]:
    """List every address under these patterns, with the name of its page."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walked(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


ADDRESSES = [
    (route, name)
    for route, name in walked(get_resolver().url_patterns)
    if route.startswith("admin/") and "(?P<url>" not in route
]
HOLE = re.compile(
    r"<(?:\w+:)?(?P<path>\w+)>|\(\?P<(?P<name>\w+)>(?P<values>(?:[^()]|\([^()]*\))*)\)"
)
# Pages, and holes, about a record of a model that their address does not name.
OWNERS = {"code": "article", "original": "article"}
KEYS = {"object_id", "id", "pk", "original"}


def model_of(route: str) -> str:
    """Name the model that an address is about: `admin/incidents/claim/…`, else see OWNERS."""
    parts = route.split("/")
    return parts[2] if parts[1] in ("incidents", "auth") else OWNERS.get(parts[1], "")


def filled_in(route: str, world: dict) -> list[str]:
    """Put something real into each hole of an address: every value, every record."""
    values = []
    for hole in HOLE.finditer(route):
        name, listed = hole["path"] or hole["name"], hole["values"] or ""
        model = OWNERS.get(name) or model_of(route)
        if name in KEYS:
            assert model in world, f"say in OWNERS which model {route} is about"
            values.append([str(record.pk) for record in world[model]])
        else:
            assert re.fullmatch(r"[\w-]+(\|[\w-]+)*", listed), f"no value known for {name}: {route}"
            values.append(listed.split("|"))
    addresses = []
    for chosen in itertools.product(*values):
        given = iter(chosen)
        address = HOLE.sub(lambda _hole, given=given: next(given), route)
        addresses.append("/" + address.replace("^", "").replace("$", ""))
    return addresses


def test_every_kind_of_page_is_swept(world):
    names = {name for _route, name in ADDRESSES}
    assert {"index", "autocomplete", "incidents_incident_act", "incidents_claim_history"} <= names
    acts = [route for route, name in ADDRESSES if name == "incidents_incident_act"]
    assert f"/admin/incidents/incident/{world['incident'][0].pk}/publish/" in filled_in(
        acts[0], world
    )


def openers(route: str, name: str, address: str) -> tuple[str, ...] | None:
    """Say which roles may open a page; None where a page of its own says so in its own tests."""
    model, page = model_of(route), name.rpartition("_")[2]
    if page == "delete":
        return ()
    if page == "add":
        return ADDERS[model]
    if page in ("changelist", "change", "history") and model in READERS:
        return READERS[model]
    if name == "incidents_incident_act":
        action = address.rstrip("/").rpartition("/")[2]
        return DESK_ROLES[1:] if action in REVIEWING else DESK_ROLES
    return None


@pytest.fixture(params=ROLES, ids=lambda role: role or "no role")
def role(request) -> str:
    """Each role in turn, and somebody without one."""
    return request.param


def leaks(response, world: dict) -> list[str]:
    """List what an answer tells of closed records."""
    text = "" if response.streaming else response.content.decode(errors="replace")
    code = world["closed"][1].code
    return [word for word in (HIDDEN.lower(), code.lower()) if word in text.lower()]


def closed_addresses(world: dict) -> set[str]:
    """List the addresses of the pages of closed records, so far as the model is in them.

    An import of somebody else's is closed as well.
    """
    closed = [*world["closed"], *world["import"]]
    return {f"/{one._meta.model_name}/{one.pk}/" for one in closed}


def test_reading_shows_each_role_its_pages_and_nothing_closed(role, world):
    desk, wrong = signed_in(make_user(role)), []
    for route, name in ADDRESSES:
        for address in filled_in(route, world):
            response = desk.get(address)
            wrong += [f"GET {address} tells of {word}" for word in leaks(response, world)]
            wrong += [
                f"GET {address}: {said}"
                for said in misplaced(response, role, world)(route, name, address)
            ]
    assert not wrong, "\n".join(wrong)


def misplaced(response, role: str, world: dict):
    """Return a function that says what is wrong with the status of an answer."""

    def said(route: str, name: str, address: str) -> list[str]:
        status = response.status_code
        if role not in DESK_ROLES:
            fine = status == 403 or (name in ("login", "logout", "") and status in (302, 405))
            return [] if fine else [f"{status} for {role or 'no role'}"]
        closed = any(part in address for part in closed_addresses(world))
        roles = openers(route, name, address)
        if closed:
            return [] if status in (403, 404) or (not name and status == 302) else [f"{status}"]
        if roles is None:
            return [] if status in (200, 302, 400, 403, 404, 405) else [f"{status}"]
        expected = {200} if role in roles else {403}
        if name == "incidents_user_change" or name == "auth_group_change":
            expected |= {200, 403}
        return [] if status in expected else [f"{status}, expected {sorted(expected)}"]

    return said


def test_stranger_is_asked_to_sign_in_everywhere(client, world):
    wrong = []
    for route, _name in ADDRESSES:
        for address in filled_in(route, world):
            for method in (client.get, client.post):
                response = method(address, {"title": "x"})
                asked = response.status_code == 302 or "kept" in (response.context or {})
                if not asked or leaks(response, world):
                    wrong.append(f"{address}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


def forged(world: dict) -> dict:
    """Give every field that a page never asks, as somebody would who knows the columns."""
    boss = Group.objects.get(name="Administrator")
    return {
        "signed_by": world["user"][1].pk,
        "signed_version": "99",
        "signed_at": "2026-01-01",
        "second_read": "on",
        "first_published": "2026-01-01",
        "version": "99",
        "merged_into": world["incident"][1].pk,
        "logged_by": world["user"][0].pk,
        "review_note": "forged",
        "restricted": "on",
        "counts": "on",
        "people_low": "1",
        "people_best": "7",
        "people_high": "9",
        "figure_words": "forged",
        "low": "1",
        "value": "7",
        "qualifier": "exactly",
        "folded": "forged",
        "url_key": "forged",
        "extra": '{"forged": 1}',
        "is_superuser": "on",
        "is_staff": "on",
        "groups": [str(boss.pk)],
        "user_permissions": [str(key) for key in Permission.objects.values_list("pk", flat=True)],
        "permissions": [str(key) for key in Permission.objects.values_list("pk", flat=True)],
        "_delete": "1",
        "delete": "1",
        "post": "yes",
        "_method": "DELETE",
        "action": "delete_selected",
        "select_across": "1",
        "why": "forged",
        "reason": "forged",
    }


def payloads(desk, address: str, world: dict, role: str) -> list[dict]:
    """Give what is posted to a page: forged fields alone, then on top of a page filled in."""
    fields, selected = forged(world), {}
    model = address.split("/")[3] if address.count("/") > 3 else ""
    if model in world:
        selected = {"_selected_action": [str(record.pk) for record in world[model]]}
    alone = fields | selected | {"status": "published", "title": "forged"}
    page = desk.get(address) if role in DESK_ROLES else None
    if page is None or page.status_code != 200 or "adminform" not in (page.context or {}):
        return [alone]
    whole = filled(page) | fields
    for shown in page.context["inline_admin_formsets"]:
        whole |= forged_rows(shown.formset, fields)
    team = {"restricted_to": [str(world["group"][0].pk)], "status": "published"}
    return [alone, whole, whole | {"name": "Forged"} | team]


def forged_rows(formset, fields: dict) -> dict:
    """Ask to remove every row of a page, and forge its columns."""
    rows = {}
    for form in formset.initial_forms:
        rows[f"{form.prefix}-DELETE"] = "on"
        rows |= {f"{form.prefix}-{name}": fields[name] for name in ("counts", "restricted", "low")}
    return rows


def stored() -> dict[str, dict]:
    """Read every row of every table that people write."""
    models = [*apps.get_app_config("incidents").get_models(), Group]
    return {
        model._meta.model_name: {row["pk"]: row for row in model._base_manager.values("pk", *names)}
        for model in models
        if model._meta.model_name in (*NEVER_FEWER, *REMOVABLE)
        for names in [[column.attname for column in model._meta.concrete_fields]]
    }


def rights() -> dict:
    """Read who holds which single right, and which group."""
    single, shared = User.user_permissions.through.objects, Group.permissions.through.objects
    return {
        "single rights": set(single.values_list("user", "permission")),
        "rights of groups": set(shared.values_list("group", "permission")),
    }


@contextmanager
def writing() -> Iterator[list[str]]:
    """Note every statement that may write: where there is none, every row is as it was."""
    noted: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.startswith(READING):
            noted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield noted


def damage(before: dict, after: dict, world: dict, name: str) -> list[str]:
    """List what one post did that no role may do."""
    said = [
        f"{table}: {len(before[table])} > {len(after[table])} rows"
        for table in NEVER_FEWER
        if before[table].keys() - after[table].keys()
        and not (table == "incidentlink" and name == "incidents_incident_act")
    ]
    for table, columns in COLUMNS.items():
        allowed = MOVES.get(name, {}).get(table, set())
        for key, row in before[table].items():
            now = after[table].get(key, row)
            said += [
                f"{table} {key}: {column} is {now[place]!r}"
                for column in set(columns) - allowed
                for place in (column if column in row else f"{column}_id",)
                if row[place] != now[place]
            ]
    for one in world["closed"]:
        table = one._meta.model_name
        if before[table][one.pk] != after[table].get(one.pk):
            said.append(f"closed {table} {one.pk} was changed")
    return said


def test_forged_posts_do_nothing_beyond_the_role(role, world):
    desk, wrong = signed_in(make_user(role)), []
    before = (stored(), rights())
    for route, name in ADDRESSES:
        if name in ("logout", "password_change"):
            continue
        for address in filled_in(route, world):
            with writing() as written:
                posted = payloads(desk, address, world, role)
            for typed in posted:
                with writing() as written_now:
                    response = desk.post(address, typed)
                after = (stored(), rights()) if written or written_now else before
                said = [f"tells of {word}" for word in leaks(response, world)]
                said += damage(before[0], after[0], world, name)
                said += [] if before[1] == after[1] else ["rights were changed"]
                if is_refused(role, openers(route, name, address)):
                    said += refusal_broken(response, before, after)
                wrong += [f"POST {address}: {line}" for line in said]
                before = after
    assert not wrong, "\n".join(wrong)
    call_command("settle", "--check")


def is_refused(role: str, roles: tuple[str, ...] | None) -> bool:
    """Tell whether a page is closed to a role."""
    return role not in DESK_ROLES or (roles is not None and role not in roles)


def refusal_broken(response, before, after) -> list[str]:
    """Say what is wrong with a refusal."""
    said = [] if before == after else ["something was written"]
    if response.status_code not in (302, 403, 404, 405):
        said.append(f"answered with {response.status_code}")
    return said


def choice_boxes() -> list[tuple[str, str, str]]:
    """List every choice box of the desk: app, model and field."""
    boxes = set()
    for admin in site._registry.values():
        for shown in (admin, *(inline(admin.model, site) for inline in admin.inlines)):
            opts = shown.model._meta
            boxes |= {(opts.app_label, opts.model_name, f) for f in shown.autocomplete_fields}
    return sorted(boxes)


@pytest.mark.parametrize("term", ["", HIDDEN, "AT-", "7", "https://"])
def test_choice_boxes_offer_nothing_closed(role, world, term):
    desk, wrong = signed_in(make_user(role)), []
    for app, model, field in choice_boxes():
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": term}
        response = desk.get(reverse("admin:autocomplete"), asked)
        if role not in DESK_ROLES:
            assert response.status_code == 403
            continue
        lines = json.loads(response.content)["results"]
        offered = targeted(model, field)
        shut = {str(one.pk) for one in world["closed"] if one._meta.model_name == offered}
        wrong += [f"{model}.{field}: {line}" for line in lines if line["id"] in shut]
        wrong += [f"{model}.{field}: {word}" for word in leaks(response, world)]
    assert not wrong


def targeted(model: str, field: str) -> str:
    """Name the model that a choice box offers."""
    column = apps.get_model("incidents", model)._meta.get_field(field)
    return column.remote_field.model._meta.model_name


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=a%00b",
        "status__exact=%00",
        "kind__exact=%00",
        "coding_state__exact=%00",
        "o=%00",
        "p=%00",
        "_to_field=%00",
        "_changelist_filters=%00",
        "publisher=%00",
        "%00=1",
    ],
)
def test_nul_in_an_address_of_the_desk_is_refused_with_a_sentence(query):
    desk = signed_in(make_user("Administrator"))
    for route, name in ADDRESSES:
        if name != "login" and not HOLE.search(route):
            response = desk.get(f"/{route}?{query}")
            assert response.status_code == 400, route
            assert "NUL" in response.text


def test_nul_in_a_choice_box_is_refused_with_a_sentence():
    desk = signed_in(make_user("Researcher"))
    for app, model, field in choice_boxes():
        asked = {"app_label": app, "model_name": model, "field_name": field, "term": "a\0b"}
        assert desk.get(reverse("admin:autocomplete"), asked).status_code == 400


@pytest.mark.parametrize("value", ["abc", "-1", "99999999999999999999999", "1,2,x", "", "[1]", "é"])
@pytest.mark.parametrize("model", [*RECORDS, "category"])
def test_junk_in_the_address_of_a_new_page_is_left_out(model, value):
    desk = signed_in(make_user("Administrator"))
    page = reverse(f"admin:incidents_{model}_add")
    form = desk.get(page).context["adminform"].form
    names = [*form.fields, "id", "status", "restricted_to", "nothing", "history", "claims"]
    assert desk.get(page, dict.fromkeys(names, value)).status_code == 200


def test_closed_record_in_the_address_of_a_new_page_is_not_shown(world):
    desk = signed_in(make_user("Administrator"))
    page = reverse("admin:incidents_claim_add")
    closed = {"incident": world["closed"][1], "article": world["closed"][0]}
    for name, record in closed.items():
        assert not leaks(desk.get(page, {name: record.pk}), world)


@pytest.mark.parametrize("chosen", ["abc", "\0", "-1", "99999999999999999999999"])
@pytest.mark.parametrize("action", ["export_incidents", "delete_selected", "nothing", "\0"])
def test_junk_selection_does_nothing(chosen, action):
    desk = signed_in(make_user("Reviewer"))
    make_incident()
    page = reverse("admin:incidents_incident_changelist")
    response = desk.post(page, {"action": action, "_selected_action": [chosen], "index": "0"})
    assert response.status_code in (200, 302, 400)
    assert Incident.objects.count() == 1
