# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""Declaration of the table of materials."""

from __future__ import annotations

from liantu.data.field import Field, Table, name_fields, note_field, quality_field, source_field

KINDS = ("ore", "reagent", "intermediate", "product", "byproduct", "waste", "utility")
MODES = (
    "none", "pipeline", "onsite", "conveyor", "grid", "truck", "tank_truck", "hazmat_truck", "rail_truck",
    "rail_tank", "container", "security",
)  # fmt: skip
PRICE_LEVELS = ("low", "mid", "high")


def _price(level: str, zh: str) -> Field:
    return Field(
        f"price_{level}_cny", "number",
        f"{level} price at the gate, CNY per unit, without VAT; may be negative where the holder pays "
        "to be rid of it; blank: no market",
        f"{zh}价，出厂不含税，元/单位；须付费才能出手的可为负；空白表示没有市场", unit="CNY/unit",
    )  # fmt: skip


_WHAT = (
    *name_fields(),
    Field("formula", "text", "chemical formula, hydrate with a dot: NiSO4·6H2O", "化学式，结晶水用间隔点"),
    Field("purity", "number", "mass fraction of the formula", "化学式的质量分数", "t/t", minimum=0, maximum=1),
    Field("composition", "text", "mass fractions of tracked elements, Fe:0.36;S:0.27; O and H are not tracked",
          "被追踪元素的质量分数，如 Fe:0.36;S:0.27；不追踪氧和氢"),
    Field("kind", "text", "role of the material in the city", "在城市中的角色", enum=KINDS, default="product"),
    Field("unit", "text", "unit in which every amount of it is counted", "计量单位", required=True),
    Field("t_per_unit", "number", "tonnes in one unit, 0 for what has no mass; blank means 1 for t, 0.001 for kg, "
          "0 for energy, and must be given for any other unit", "每单位折吨，无质量者为 0；空白时 t 为 1、kg 为 0.001、"
          "能量为 0，其他单位必填", "t/unit", minimum=0),
    Field("hazard_class", "text", "UN hazard class, unverified", "危险货物类别（联合国编号，未核实）"),
    Field("transport_mode", "text", "how it travels", "运输方式", enum=MODES, default="truck"),
    Field("max_transport_km", "number", "farthest a plant is supplied from; up to 12 means a direct link (pipe, duct, "
          "on site); 0 under a utility means no limit matters", "供应半径；12 以内为直接连接（管道、同场）；"
          "公用工程为 0 表示不限", "km", minimum=0, default=2000.0),
    Field("transport_constraint", "text", "what limits its transport", "运输限制说明"),
    Field("transport_cost_cny_per_tkm", "number", "freight", "运费", "CNY/t/km", minimum=0, default=0.5),
    _price("low", "低"),
    _price("mid", "中"),
    _price("high", "高"),
    Field("price_basis", "text", "basis of the prices", "价格依据"),
    Field("disposal_cost_cny_per_unit", "number", "cost of dumping; blank: it may not be dumped",
          "处置费；空白表示不得弃置", "CNY/unit"),
)  # fmt: skip

_BORDER = (
    Field("external_buy", "flag", "may be bought from outside the city", "可从市外购入", default=False),
    Field("external_sell", "flag", "may be sold outside the city", "可销往市外", default=False),
    Field("import_km", "number", "distance it is brought in from", "调入运距", "km", minimum=0, default=0.0),
    Field("export_km", "number", "distance it is sent out to", "调出运距", "km", minimum=0, default=0.0),
    Field("external_buy_cap_per_year", "number", "most that can be bought a year; blank: no cap",
          "年最大购入量；空白不限", "unit/y", minimum=0),
    Field("external_sell_cap_per_year", "number", "most that can be sold a year; blank: no cap",
          "年最大销售量；空白不限", "unit/y", minimum=0),
    Field("free_source", "flag", "air and water: exempt from the balance of elements", "空气和水：不计元素平衡",
          default=False),
    Field("tce_per_unit", "number", "tonnes of coal equivalent, counted when bought", "折标准煤，购入时计",
          "tce/unit", minimum=0, default=0.0),
    Field("hs_code", "text", "HS code, from memory, unverified", "海关编码（凭记忆，未核实）"),
    Field("gbt4754", "text", "GB/T 4754 industry code, from memory, unverified", "国民经济行业代码（凭记忆，未核实）"),
    note_field(),
    Field("pool", "text", "one shared balance instead of pairs of plants: for the city or for each park; "
          "blank: pairs", "共用一个平衡（全市或园区），不按厂对厂；空白为厂对厂", enum=("city", "park")),
    Field("sell_price_level", "text", "never sold above this price level", "出售价不高于该档", enum=PRICE_LEVELS),
    Field("emits_as", "id", "material booked as an emission when this one is dumped", "弃置时计为何种排放",
          references="materials.id"),
    Field("emits_per_unit", "number", "units of emits_as per unit dumped; blank means 1 where emits_as is given",
          "每单位弃置量折排放量；已填 emits_as 时空白为 1", "unit/unit", minimum=0),
    quality_field(),
    source_field(),
)  # fmt: skip

MATERIALS = Table("materials", "Materials", "物料", _WHAT + _BORDER, required=True)

TRANSPORTS = Table(
    "transports", "Further ways of transport of a material", "物料的其他运输方式",
    (
        Field("material_id", "id", "material, which has one way of its own already", "物料，其自身已有一种运输方式",
              required=True, references="materials.id"),
        Field("transport_mode", "text", "how it travels this way", "运输方式", required=True,
              enum=tuple(mode for mode in MODES if mode != "none")),
        Field("max_transport_km", "number", "farthest it goes this way", "此方式的最远距离", "km", required=True,
              minimum=0),
        Field("transport_cost_cny_per_tkm", "number", "freight", "运费", "CNY/t/km", required=True, minimum=0),
        Field("loading_cost_cny_per_t", "number", "loading and unloading", "装卸费", "CNY/t", minimum=0, default=0.0),
        quality_field(),
        source_field(),
    ),
    key=("material_id", "transport_mode"),
)  # fmt: skip
"""A shipment between plants goes the cheapest way that reaches; across the city line a material goes its own."""
