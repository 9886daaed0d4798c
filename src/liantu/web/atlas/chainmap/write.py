"""The drawing as the inside of an SVG. Written here and not in a template: 500 plants and a thousand flows
take a template seconds. Everything that comes from data is escaped."""

from __future__ import annotations

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from liantu.web.atlas.chainmap.box import Box
from liantu.web.atlas.chainmap.draw import Drawing, Label, Wire
from liantu.web.atlas.chainmap.parts import CANDIDATE, FIRST_ORDER, PROVED, Node, Worth
from liantu.web.atlas.templatetags.city import place_name
from liantu.web.kit.templatetags.figures import (
    money,
    per_year,
    percent,
    price_text,
    quantity,
    signed_money,
    unit,
)

KINDS = ("main", "byproduct", "utility", "burden", "candidate")
TITLED_UP_TO = 300  # flows; beyond, a title for each costs the browser more than the drawing


def write(drawing: Drawing, *, titled: bool | None = None) -> SafeString:
    """Markers, stages, flows, names of materials, plants, in this order from back to front.

    `titled`: what is said of a flow or plant stands in a <title>, which a browser shows without scripts; else
    in `data-tip` and the link's own name. By itself where the map is not too large.
    """
    names = _Names()
    titled = len(drawing.wires) <= TITLED_UP_TO if titled is None else titled
    parts = [f"<defs>{''.join(map(_marker, KINDS))}</defs>", "<g>"]
    for i, band in enumerate(drawing.bands):
        other = " other" if i % 2 else ""
        parts.append(
            f'<rect class="band{other}" x="{band.x}" y="6" width="{band.width}" '
            f'height="{drawing.map_height:.1f}" rx="6"/>'
            f'<text class="band-name" x="{band.middle}" y="25">{escape(band.title)}</text>'
        )
    parts.append("</g>\n<g>")
    parts += [_wire(wire, names, titled) for wire in drawing.wires]
    parts.append('</g>\n<g aria-hidden="true">')
    parts += [_label(label) for label in drawing.labels]
    parts.append("</g>\n")
    if drawing.note_y:
        said = escape(_("Without flows to other plants here:"))
        parts.append(f'<text class="note" x="16" y="{drawing.note_y:.1f}">{said}</text>\n')
    parts.append("<g>")
    parts += [_box(box, titled) for box in drawing.boxes]
    parts.append("</g>")
    return mark_safe("".join(parts))  # every text in it is escaped above and below


class _Names:
    """Names of places, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, place: str) -> str:
        if place not in self._known:
            self._known[place] = str(place_name(place))
        return self._known[place]


def _marker(kind: str) -> str:
    return (
        f'<marker id="arrow-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path class="arrow-{kind}" d="M0 0L8 4L0 8Z"/></marker>'
    )


def _wire(wire: Wire, names: _Names, titled: bool) -> str:
    f = wire.flow
    kind = "burden" if wire.burden else f.kind
    title = [str(f.material) + (" · " + _("if it is built") if f.kind == CANDIDATE else "")]
    title.append(f"{names.of(f.source)} → {names.of(f.target)}")
    title.append(f"{quantity(f.quantity, per_year(f.unit))} · {money(f.value)}{_('/y')}")
    if f.price:
        title.append(f"{_('Local price')} {_price(f.price, f.unit)}")
    text = escape("\n".join(title))
    tip, inside = ("", f"><title>{text}</title></path>") if titled else (f' data-tip="{text}"', "/>")
    return (
        f'<path class="wire {kind}{" backward" if wire.backward else ""}" d="{wire.path}" '
        f'stroke-width="{wire.thick}" marker-end="url(#arrow-{kind})" data-from="{escape(f.source)}" '
        f'data-to="{escape(f.target)}" data-what="{escape(f.material.id)}"{tip}{inside}\n'
    )


def _label(label: Label) -> str:
    end = ' text-anchor="end"' if label.end else ""
    return (
        f'<text class="flow-name" x="{label.x}" y="{label.y}"{end}>{escape(label.text)}'
        f"<title>{escape(label.title)}</title></text>\n"
    )


def _box(box: Box, titled: bool) -> str:
    node = box.node
    href = reverse("plants-one", args=[node.plant.id]) if node.chain or node.unit else reverse("plan")
    marks = {
        "outside": not node.inside,
        "idle": box.idle,
        "full": box.full,
        "bottleneck": node.bottleneck,
        "candidate": node.worth is not None,
    }
    kind = " ".join(["box", *(name for name, on in marks.items() if on)])
    lines = "".join(f'<text x="{box.text_x:.1f}" y="{y}">{escape(line)}</text>' for line, y in box.lines)
    said = facts(node)
    text = escape("\n".join(said))
    tip, title = "", f"<title>{text}</title>"
    if not titled:
        tip, title = f' data-tip="{text}" aria-label="{escape("; ".join(said))}"', ""
    return (
        f'<a href="{escape(href)}" class="{kind}" data-plant="{escape(node.plant.id)}"{tip}>{title}'
        f'<rect class="body" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4"/>'
        f'<rect class="chain-{box.colour}" x="{box.x}" y="{box.y}" width="5" height="{box.height}" rx="2"/>'
        f"{lines}{_worth(box)}{_signs(box)}</a>\n"
    )


def facts(node: Node) -> list[str]:
    """What is said of a plant where it is pointed at, its name first."""
    out = [str(node.plant)]
    if node.worth:
        out.append(f"{_('Candidate')} · {_('Typical scale')} {quantity(node.activity, per_year(node.unit))}")
        out.append(worth_text(node.worth))
        if node.worth.partners:
            out.append(f"{_('with its partners')}: {', '.join(map(str, node.worth.partners))}")
    elif node.unit:
        activity = quantity(node.activity, per_year(node.unit))
        out.append(f"{_('Load')} {percent(node.load)} · {_('Activity')} {activity}")
        if node.price:
            out.append(f"{_('Local price')}: {node.product} {_price(node.price, node.unit)}")
        if node.enterprise:
            out.append(str(node.enterprise))
    if node.bottleneck:
        out.append(f"{_('Bottleneck: one unit more would bring')} {money(node.rent)}")
    if node.bought:
        out.append(f"{_('Bought in:')} {', '.join(map(str, node.bought))}")
    if node.dumped:
        out.append(f"{_('Dumped:')} {', '.join(map(str, node.dumped))}")
    return out


def worth_text(worth: Worth) -> str:
    """The worth of a candidate with what stands behind it."""
    names = {PROVED: _("Proved worth"), FIRST_ORDER: _("First-order worth")}
    said = signed_money(worth.cny) + _("/y") if worth.known else _("no outlet or source")
    return f"{names[worth.basis]} {said}"


def _price(price: tuple[float, float], symbol: str) -> str:
    return f"{price_text(*price)} {_('CNY')}/{unit(symbol)}"


def _worth(box: Box) -> str:
    worth = box.node.worth
    if worth is None:
        return ""
    names = {PROVED: _("proved"), FIRST_ORDER: _("first order")}
    said = signed_money(worth.cny) if worth.known else _("no outlet or source")
    kind = "worth" if worth.basis == PROVED else "worth first-order"
    text = escape(f"{names[worth.basis]} {said}")
    return f'<text class="{kind}" x="{box.text_x:.1f}" y="{box.worth_y}">{text}</text>'


def _signs(box: Box) -> str:
    out = []
    if box.load_bar:
        place = f'x="{box.text_x:.1f}" y="{box.bar_y}"'
        out.append(f'<rect class="load-room" {place} width="{box.bar_room}" height="3" rx="1.5"/>')
        out.append(f'<rect class="load-part" {place} width="{box.load_width}" height="3" rx="1.5"/>')
    if box.node.bottleneck:
        out.append(f'<path class="sign-bottleneck" d="{box.bottleneck_sign}"/>')
    if box.node.bought:
        out.append(f'<path class="sign-bought" d="{box.bought_sign}"/>')
    if box.node.dumped:
        out.append(f'<path class="sign-dumped" d="{box.dumped_sign}"/>')
    return "".join(out)
