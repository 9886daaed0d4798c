"""Pages of the opportunities list."""

from __future__ import annotations

from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from liantu.report.workbook import write_report
from liantu.web.accounts.access import page
from liantu.web.accounts.permissions import Permission
from liantu.web.atlas import city as provider
from liantu.web.atlas.opportunities import actions, proposal, selectors
from liantu.web.atlas.opportunities.forms import OpportunityForm
from liantu.web.kit.pages import paged

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(Permission.OPPORTUNITIES_READ)
def listed(request: HttpRequest) -> HttpResponse:
    """Every opportunity that the person may see."""
    found = paged(request.GET, selectors.visible(request.user), selectors.OPPORTUNITIES)
    context = {"list": found, "today": timezone.localdate()}
    return render(request, "atlas/opportunities/list.html", context)


@page(Permission.OPPORTUNITIES_READ)
def export(request: HttpRequest) -> FileResponse:
    """The list as asked for, in full, as a workbook."""
    found = paged(request.GET, selectors.visible(request.user), selectors.OPPORTUNITIES)
    file = NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (the response closes it)
    write_report(selectors.report(found.whole), file.name)
    return FileResponse(file, as_attachment=True, filename="opportunities.xlsx", content_type=SHEET)


@page(Permission.OPPORTUNITIES_READ, post=True)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One opportunity: what was proved, its state and history; changed by who may."""
    found = get_object_or_404(selectors.visible(request.user).select_related("run__of", "created_by"), pk=pk)
    may_edit = selectors.visible(request.user, Permission.OPPORTUNITIES_EDIT).filter(pk=pk).exists()
    if request.method == "POST" and not may_edit:
        raise Http404
    form = OpportunityForm(request.POST if request.method == "POST" else None, found, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(opportunity=found, by=request.user, **form.cleaned_data)
        except actions.StaleError:
            form.add_error(
                None, _("Somebody changed it in between. Open it again and look what is there now.")
            )
        except actions.TransitionError:
            form.add_error("state", _("From its state now it can't go there."))
        else:
            messages.success(request, _("Saved."))
            return redirect("opportunities-one", pk)
    context = {
        "found": found,
        "form": form,
        "may_edit": may_edit,
        "history": found.history.select_related("by"),
    }
    return render(request, "atlas/opportunities/one.html", context, status=400 if form.errors else 200)


@page(Permission.OPPORTUNITIES_EDIT, post=True)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send a gap (`list` and `gap`) or a proof (`proof`) of the run that is shown."""
    city = provider.shown(request)
    report, plan = city.gaps().report, city.run
    kind, gap, proof = (request.POST.get(name, "") for name in ("list", "gap", "proof"))
    if report is None or plan is None:
        raise Http404(_("The missing links of this run are not there yet."))
    said = (
        proposal.of_proof(city, report, proof)
        if proof
        else proposal.of_row(city, report, kind, gap)
        if kind in proposal.LINKS
        else None
    )
    if said is None:
        raise Http404(_("This run has no such missing link."))
    made, new = actions.send(by=request.user, plan=plan, proposal=said)
    told = (
        _("It is on the opportunities list now.") if new else _("It was on the opportunities list already.")
    )
    if request.htmx:
        return render(request, "atlas/opportunities/_mark.html", {"opportunity": made, "may_read": True})
    messages.success(request, told)
    return redirect("opportunities-one", made.pk)
