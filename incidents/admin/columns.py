"""The mapping page of an import: what each column becomes, and the first rows as understood.

One rule: what was chosen is kept as a mapping with the import whenever a button is pressed, and the
preview and the import read nothing but that mapping.
"""

from itertools import islice

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.forms.importing import ColumnsForm, meanings
from incidents.forms.own_words import OwnWordsForm
from incidents.importing import jobs, presets
from incidents.importing.composing import Columns, composed
from incidents.importing.folders import Folder
from incidents.importing.guessing_columns import guessed
from incidents.importing.own_words import own_words, with_words
from incidents.importing.previewing import preview
from incidents.importing.reading import Sheet, Unreadable
from incidents.importing.remembered import key_of_headers, last_alike, same_name, stem_of
from incidents.importing.sharing import may_open
from incidents.importing.writing import written
from incidents.models import Import, User, choices
from incidents.refusals import Refused

LOOKED_AT = 50  # rows, for a guess
FIRST = 3  # values of a column that are shown
BUTTONS = ("preview", "check", "own")
OWN_CHOICE = ("", "incidents", "claims")  # what a row is, where columns may be chosen

State = choices.ImportState


def first_mapping(
    run: Import, sheet: Sheet, preset: presets.Preset | None, *, rows: str, user: User
) -> None:
    """Give a new import the mapping last used for such columns, one that fits, or a guess."""
    run.options = {**run.options, "headers": key_of_headers(sheet.headers)}
    earlier = last_alike(sheet.headers, by=user) if rows in OWN_CHOICE else None
    if earlier and rows in ("", presets.read(earlier.mapping).rows):
        keep_earlier(run, earlier)
        return
    if preset:
        keep_preset(run, preset)
        return
    keep_guess(run, sheet, rows=rows if rows == "claims" else "incidents", user=user)


def keep_earlier(run: Import, earlier: Import) -> None:
    """Take the mapping of an earlier import; its data set too where the file has its name."""
    run.mapping, run.dataset, said = earlier.mapping, earlier.dataset, earlier.options
    run.options = {**run.options, "columns": said.get("columns"), "like": earlier.pk}
    run.options["order"] = run.options.get("order") or said.get("order", "")
    if said.get("columns") is None:
        return
    title = earlier.dataset if same_name(run.name, earlier.name) else title_of(run)
    chosen = {target: header for header, target in said["columns"].items()}
    keep_columns(run, chosen, rows=presets.read(earlier.mapping).rows, title=title)


def title_of(run: Import) -> str:
    """Name the data set of a file that nobody named."""
    return stem_of(run.name)[:100] or "-"


def keep_preset(run: Import, preset: presets.Preset) -> None:
    """Take a whole mapping."""
    run.mapping, run.dataset = written(preset), preset.name
    run.options = {**run.options, "columns": None}


def keep_guess(run: Import, sheet: Sheet, *, rows: str, user: User) -> None:
    """Guess what the columns become."""
    sample = [cells for _number, cells in islice(sheet.rows(), LOOKED_AT)]
    found = guessed(sheet.headers, sheet.tags, sample)
    decides = user.has_perm("incidents.add_assessment")
    chosen = {
        target: header
        for header, target in found.items()
        if decides or not target.startswith("assessment")
    }
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if one not in chosen:
            chosen.pop(other, None)
    run.options.pop("like", None)
    keep_columns(run, chosen, rows=rows, title=title_of(run))


def keep_columns(run: Import, chosen: Columns, *, rows: str, title: str) -> None:
    """Keep what was chosen, and the mapping that follows from it, with the words said before."""
    preset = composed(chosen, rows=rows, title=title)
    if run.mapping:
        preset = with_words(preset, presets.read(run.mapping).values)
    run.mapping, run.dataset = written(preset), title[:100]
    columns = {header: target for target, header in chosen.items()}
    run.options = {**run.options, "columns": columns, "rows": rows}


def columns_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the columns and the first rows; keep what was chosen; go on to the check."""
    if not request.user.has_perm("incidents.run_import"):
        raise PermissionDenied
    run = import_or_404(pk, request.user)
    if run.state in (*jobs.AT_WORK, *jobs.FINAL) or not run.mapping:
        return HttpResponseRedirect(report_of(run))
    try:
        sheet = jobs.opened(run, Folder(run.file.name))
        if request.method != "POST":
            return shown(request, run, sheet, first_form(request, run, sheet))
        return answered(request, run, sheet)
    except Unreadable as refusal:
        messages.error(request, jobs.said_of(run, Folder(run.file.name), refusal))
        return HttpResponseRedirect(report_of(run))


def answered(request: HttpRequest, run: Import, sheet: Sheet) -> HttpResponse:
    """Do what a button of the page says."""
    button = request.POST.get("button", "")
    if button not in BUTTONS:
        raise BadRequest(_("button: “%s” is not a button of this page.") % button[:100])
    keep_words(request, run, sheet)
    if button == "own":
        keep_guess(run, sheet, rows=presets.read(run.mapping).rows, user=request.user)
    elif run.options.get("columns") is not None:
        form = ColumnsForm(request.POST, headers=sheet.headers, user=request.user)
        if not form.is_valid():
            return shown(request, run, sheet, form, status=400)
        said = form.cleaned_data
        run.options["order"] = said["order"]
        keep_columns(run, form.chosen(), rows=said["rows"], title=said["title"])
    run.state = State.UPLOADED  # what was checked was another mapping
    run.save(update_fields=["mapping", "dataset", "options", "state"])
    if button != "check":
        here = reverse("admin:incidents_import_columns", args=[run.pk])
        return HttpResponseRedirect(f"{here}#preview" if button == "preview" else here)
    try:
        jobs.start(run, "check", by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(report_of(run))


def keep_words(request: HttpRequest, run: Import, sheet: Sheet) -> None:
    """Keep what was said of the words in columns of categories and measures."""
    preset = presets.read(run.mapping)
    form = OwnWordsForm(request.POST, words=own_words(sheet, preset))
    if form.is_valid():
        run.mapping = written(with_words(preset, form.chosen()))


def import_or_404(pk: int, user: User) -> Import:
    """Find an import that somebody may open; of any other, nothing is told."""
    run = get_object_or_404(Import.objects.select_related("by"), pk=pk)
    if not may_open(run, user):
        raise Http404
    return run


def like(run: Import) -> Import | None:
    """Find the import whose mapping this one took over, an earlier one of the same person."""
    return Import.objects.filter(pk=run.options.get("like"), by=run.by).first()


def report_of(run: Import) -> str:
    """Say where the report of an import is."""
    return reverse("admin:incidents_import_change", args=[run.pk])


def first_form(request: HttpRequest, run: Import, sheet: Sheet) -> ColumnsForm | None:
    """Fill in what was chosen or guessed; None where a whole mapping reads the file."""
    columns = run.options.get("columns")
    if columns is None:
        return None
    initial = {
        "title": run.dataset,
        "rows": run.options.get("rows"),
        "order": run.options.get("order", ""),
        **{f"column-{place}": columns.get(header) for place, header in enumerate(sheet.headers)},
    }
    return ColumnsForm(initial=initial, headers=sheet.headers, user=request.user)


def shown(
    request: HttpRequest, run: Import, sheet: Sheet, form: ColumnsForm | None, status: int = 200
) -> HttpResponse:
    """Make the page."""
    preset = presets.read(run.mapping)
    first = list(islice(sheet.rows(), FIRST))
    words = OwnWordsForm(words=own_words(sheet, preset))
    seen = preview(
        run,
        sheet,
        preset,
        category=run.options.get("category", ""),
        order=run.options.get("order", ""),
    )
    context = {
        **admin.site.each_context(request),
        "title": _("What the columns become: %s") % run.name,
        "opts": Import._meta,
        "run": run,
        "sheet": sheet,
        "preset": preset,
        "form": form,
        "columns": [
            (field, [cells[place] for _number, cells in first if cells[place].strip()])
            for place, field in enumerate(form.columns if form else [])
        ],
        "like": like(run),
        "words": words.rows,
        "is_asking": any(word.is_open for word, _field in words.rows),
        "preview": seen,
        "is_stale": bool(form and form.errors),
        "meanings": meanings(request.user),
    }
    page = "admin/incidents/import/columns.html"
    return TemplateResponse(request, page, context, status=status)
