"""The list of imports, the upload of a file, and the report of what became of it.

One rule: pages collect and show; `importing.jobs` queues the work, which a worker does.
An upload is kept under a name of our own and is never served; what can be taken away are the
reports, the mapping and blank files. Everything works without a script.
"""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, re_path, reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from incidents.admin.columns import columns_view, first_mapping, import_or_404, report_of
from incidents.admin.shared import OnRecord
from incidents.forms.importing import GoodRowsForm, UndoImportForm, UploadForm
from incidents.importing import blanks, folders, jobs, presets
from incidents.importing.remembered import stem_of
from incidents.importing.running import SOURCES
from incidents.importing.uploading import is_too_large
from incidents.models import Import, choices, key_in
from incidents.refusals import Refused

State = choices.ImportState
SECONDS = 2  # between two looks at work that is under way
SHOWN = 200  # lines of a kind on the page; the files have them all
COUNTED = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "unchanged": gettext_lazy("unchanged"),
    "revived": gettext_lazy("brought back"),
    "merged": gettext_lazy("the same as another row"),
    "conflicts": gettext_lazy("in conflict with an edit here"),
    "rejected": gettext_lazy("rejected"),
    "duplicates": gettext_lazy("possible duplicates among them"),
}
NEW_SOURCES = gettext_lazy("sources that were not known")
KINDS = {
    "rejected": gettext_lazy("Rejected"),
    "conflict": gettext_lazy("In conflict with an edit here, and left as it stands here"),
    "duplicate": gettext_lazy("Possible duplicates"),
    "changed": gettext_lazy("Changed"),
    "merged": gettext_lazy("The same as another row"),
    "kept": gettext_lazy("Kept as extra data"),
    "unread": gettext_lazy("Columns that are not read"),
}
FILES = {
    "rejected": ("text/csv; charset=utf-8", ".rejected.csv"),
    "rows": ("text/csv; charset=utf-8", ".rejected-rows.csv"),
    "report": ("text/csv; charset=utf-8", ".report.csv"),
    "mapping": ("application/toml; charset=utf-8", ".toml"),
}
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one kind in a report."""

    kind: str
    label: str
    lines: list[list]

    @property
    def is_open(self) -> bool:
        """Whether it asks somebody to do something, and so is shown at once."""
        return self.kind in ("rejected", "conflict", "duplicate")


@admin.register(Import)
class ImportAdmin(OnRecord, admin.ModelAdmin):
    """Imports: who brought in which file, and what became of its rows.

    One begins with a file, is carried on by its buttons, and can be undone.
    """

    list_display = ("name", "by", "dataset", "state", "counted", "started")
    list_filter = ("state",)
    list_select_related = ("by",)
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "admin/incidents/import/change_list.html"

    @admin.display(description=_("rows"))
    def counted(self, run: Import) -> str:
        """Show what became of the rows."""
        counts = [(_("rows"), run.rows), *counts_of(run)] if run.rows else []
        return ", ".join(f"{number:,} {label}" for label, number in counts)

    def get_urls(self) -> list:
        """Add the pages of an import."""
        views = {
            "upload/": (upload_view, "upload"),
            "<int:pk>/columns/": (columns_view, "columns"),
            "<int:pk>/step/": (step_view, "step"),
        }
        named = {
            rf"^(?P<pk>\d+)/(?P<name>{'|'.join(FILES)})/$": (file_view, "file"),
            r"^blank/(?P<name>claims-csv|claims-xlsx|incidents-csv|incidents-xlsx)/$": (
                blank_view,
                "blank",
            ),
        }
        wrap, begin = self.admin_site.admin_view, "incidents_import_"
        return [
            *(path(route, wrap(view), name=begin + name) for route, (view, name) in views.items()),
            *(re_path(route, wrap(v), name=begin + name) for route, (v, name) in named.items()),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None) -> HttpResponse:
        """Call the list what it is."""
        return super().changelist_view(request, {"title": _("Imports")})

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        """Show how far the import is, then its report."""
        if request.method != "GET" or not self.has_view_permission(request):
            raise PermissionDenied
        run = import_or_404(key_in(object_id) or 0, request.user)
        return shown(request, run)

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        """Show what was done at the desk, to whoever brought the file in."""
        import_or_404(key_in(object_id) or 0, request.user)
        return super().history_view(request, object_id, extra_context)


def allow(request: HttpRequest) -> None:
    """Refuse whoever may not import."""
    if not request.user.has_perm("incidents.run_import"):
        raise PermissionDenied


def counts_of(run: Import) -> list[tuple[str, int]]:
    """List what became of the rows, without what became of none, and how many sources are new."""
    rows = [(str(label), n) for name, label in COUNTED.items() if (n := getattr(run, name))]
    sources = run.options.get(SOURCES, 0)
    return [*rows, (str(NEW_SOURCES), sources)] if sources else rows


def upload_view(request: HttpRequest) -> HttpResponse:
    """Take a file; keep it, and go on to its columns."""
    allow(request)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, user=request.user, is_too_large=is_too_large(request))
    if posted and form.is_valid():
        run = kept(request, form)
        return HttpResponseRedirect(reverse("admin:incidents_import_columns", args=[run.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Import a file"),
        "opts": Import._meta,
        "form": form,
        "rarely": [form[name] for name in form.rarely],
        "often": [field for field in form.visible_fields() if field.name not in form.rarely],
        "blanks": [(table, columns_said(table)) for table in blanks.TABLES],
    }
    status = 400 if posted else 200
    return TemplateResponse(request, "admin/incidents/import/upload.html", context, status=status)


def columns_said(table: str) -> str:
    """Name the first columns of a blank file."""
    return ", ".join(name for name, _what in blanks.columns_of(table)[:6])


def kept(request: HttpRequest, form: UploadForm) -> Import:
    """Keep an uploaded file and what was said about it."""
    said = form.cleaned_data
    name, digest = folders.keep(said["file"])
    run = Import(
        name=said["file"].shown_name,
        sha256=digest,
        size=said["file"].size,
        file=name,
        status=said["status"],
        encoding=form.sheet.encoding,
        delimiter=form.sheet.delimiter,
        state=State.UPLOADED,
        by=request.user,
        options={
            **{option: said.get(option) or "" for option in form.rarely},
            "category": said["category"].code,
        },
    )
    first_mapping(run, form.sheet, form.preset, rows=said["rows"], user=request.user)
    run.save()
    return run


def shown(request: HttpRequest, run: Import, *, good=None, undo=None, status=200) -> HttpResponse:
    """Make the page of an import; it loads itself again while something is under way."""
    standing = jobs.standing(run)
    if standing.state == "ended":
        run.refresh_from_db()
        standing = jobs.standing(run)
    folder = folders.Folder(run.file.name) if run.file else None
    context = {
        **admin.site.each_context(request),
        "title": run.name,
        "opts": Import._meta,
        "run": run,
        "standing": standing,
        "refreshing": standing.is_under_way and "still" not in request.GET,
        "shown": SHOWN,
        "may": request.user.has_perm("incidents.run_import"),
        "counts": counts_of(run),
        "groups": groups_of(run),
        "has_rejected": bool(folder and folder.rejected.exists()),
        "has_rows": bool(folder and folder.rejected_rows.exists()),
        "has_report": bool(folder and folder.remarks.exists()),
        "is_kept": bool(folder and folder.sheet.exists()),
        "is_checked": run.state == State.CHECKED,
        "can_save_good": run.state in jobs.SAVABLE and bool(run.rejected) and not run.problem,
        "editions": run.options.get(jobs.EDITIONS, []) if run.state in jobs.SAVABLE else [],
        "has_ids": bool(run.mapping and presets.read(run.mapping).id),
        "is_undoing": jobs.UNDO in run.options,
        "is_saved": run.state == State.SAVED,
        "can_check": run.state not in (*jobs.AT_WORK, *jobs.FINAL) and bool(run.mapping),
        "good": good or GoodRowsForm(),
        "undo": undo or UndoImportForm(),
    }
    page = "admin/incidents/import/change_form.html"
    response = TemplateResponse(request, page, context, status=status)
    if context["refreshing"]:
        response["Refresh"] = f"{SECONDS}; url={report_of(run)}"  # without #preview, which stays
    return response


def groups_of(run: Import) -> list[Group]:
    """Sort the lines of the report by kind."""
    return [
        Group(kind, str(label), lines)
        for kind, label in KINDS.items()
        if (lines := [line for line in run.report if line[4] == kind][:SHOWN])
    ]


def step_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what a button says, and go back to the page of the import."""
    if request.method != "POST":
        raise Http404
    allow(request)
    run, step = import_or_404(pk, request.user), request.POST.get("step", "")
    if step not in STEPS:
        raise BadRequest(_("step: “%s” is not a button of this page.") % step[:100])
    try:
        answer = STEPS[step](request, run)
    except Refused as refusal:
        messages.error(request, str(refusal))
        answer = None
    return answer or HttpResponseRedirect(report_of(run))


def check(request: HttpRequest, run: Import) -> None:
    """Check the whole file, and save nothing."""
    jobs.start(run, "check", by=request.user)


def save(request: HttpRequest, run: Import) -> None:
    """Save all rows or none."""
    jobs.start(run, "save", by=request.user)


def save_good(request: HttpRequest, run: Import) -> HttpResponse | None:
    """Save all but the rejected rows, once somebody said that they know."""
    form = GoodRowsForm(request.POST)
    if not form.is_valid():
        return shown(request, run, good=form, status=400)
    jobs.start(run, "save", by=request.user, keep_good=True)
    return None


def edition(request: HttpRequest, run: Import) -> None:
    """Compare the file with an earlier data set."""
    jobs.take_as_edition(run, request.POST.get("dataset", ""), by=request.user)


def again(request: HttpRequest, run: Import) -> None:
    """Begin anew what broke off, in the way it was asked for."""
    if why := run.options.get(jobs.UNDO):
        jobs.start_undo(run, by=request.user, why=why)
        return
    step = "save" if run.state == State.SAVING else "check"
    jobs.start(run, step, by=request.user, keep_good=run.keep_good)


def cancel(request: HttpRequest, run: Import) -> None:
    """Stop."""
    jobs.cancel(run, by=request.user)


def undo(request: HttpRequest, run: Import) -> HttpResponse | None:
    """Withdraw what the import made."""
    form = UndoImportForm(request.POST)
    if not form.is_valid():
        return shown(request, run, undo=form, status=400)
    jobs.start_undo(run, by=request.user, why=form.cleaned_data["why"])
    return None


STEPS = {
    "check": check,
    "save": save,
    "save-good": save_good,
    "edition": edition,
    "again": again,
    "cancel": cancel,
    "undo": undo,
}


def file_view(request: HttpRequest, pk: str, name: str) -> HttpResponse:
    """Send a report, or the mapping, under the name of the file it is about."""
    allow(request)
    run = import_or_404(key_in(pk) or 0, request.user)
    written = run.mapping.encode() if name == "mapping" else b""
    if run.file and name != "mapping":
        folder = folders.Folder(run.file.name)
        beside = {"rejected": folder.rejected, "rows": folder.rejected_rows}
        report = beside.get(name, folder.remarks)
        written = report.read_bytes() if report.exists() else b""
    if not written:
        raise Http404
    kind, suffix = FILES[name]
    named = slugify(stem_of(run.name), allow_unicode=True) or "import"
    return download(written, kind, f"{named}{suffix}")


def blank_view(request: HttpRequest, name: str) -> HttpResponse:
    """Send a blank file to fill in."""
    allow(request)
    table, _dash, kind = name.partition("-")
    if kind == "csv":
        return download(blanks.blank_csv(table), "text/csv; charset=utf-8", f"{table}.csv")
    return download(blanks.blank_workbook(table), WORKBOOK, f"{table}.xlsx")


def download(written: bytes, kind: str, name: str) -> HttpResponse:
    """Send a file to be saved."""
    response = HttpResponse(written, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
