"""What every report begins with: which city, which scenario, which data, and the certificate of a plan."""

from __future__ import annotations

from liantu.chain.certificate import Certificate
from liantu.chain.network import Network
from liantu.chain.scenario import Scenario
from liantu.i18n import EN, current_language
from liantu.i18n import gettext as _
from liantu.report.listing import Fact
from liantu.runs import City


def heading(what: str, network: Network, scenario: Scenario) -> str:
    """'Plan: Jinchang, scenario low (a bad year)'."""
    city = network.title_en if current_language() == EN else network.title_zh
    title = f" ({scenario.title})" if scenario.title else ""
    said = {"what": what, "city": city, "scenario": f"{scenario.name}{title}"}
    return _("%(what)s: %(city)s, scenario %(scenario)s") % said


def city_facts(city: City) -> tuple[Fact, ...]:
    """The data that a result rests on."""
    return (Fact(_("Data"), f"{city.tables.name} {city.tables.digest[:12]}"),)


def certificate_facts(certificate: Certificate) -> tuple[Fact, ...]:
    """What shows that a plan is right, in two lines."""
    c = certificate
    said = {"gap": f"{c.gap + 0.0:.1e}", "residual": f"{c.residual + 0.0:.1e}", "solver": c.solver}
    holds = _("holds: gap %(gap)s, residual %(residual)s, %(solver)s")
    broken = _("DOES NOT HOLD: gap %(gap)s, residual %(residual)s, %(solver)s")
    facts = [Fact(_("Certificate"), (holds if c.holds else broken) % said)]
    if c.element:
        balance = f"{c.element} {100 * c.imbalance:+.2f} %"
        facts.append(Fact(_("Worst element over the city"), balance))
    return tuple(facts)
