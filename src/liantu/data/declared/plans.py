# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""Declarations of what is planned and what binds: projects, candidates, city caps, demands, parameters, sources."""

from __future__ import annotations

from liantu.data.declared.places import position
from liantu.data.field import Field, Table, name_fields, note_field, quality_field, source_field

CONSTRAINT_KINDS = (
    "buy_cap", "agri_cap", "sell_cap", "disposal_cap", "emission_cap", "energy_cap", "land_cap", "dispatchable_min", "price",
)  # fmt: skip

PROJECTS = Table(
    "projects", "Investment projects", "投资项目",
    (
        *name_fields(),
        Field("investor_ids", "id", "investors", "投资方", references="enterprises.id", list=True),
        Field("investment_cny", "number", "investment", "投资额", "CNY", minimum=0),
        Field("capacity", "number", "size", "规模", minimum=0),
        Field("capacity_unit", "text", "unit of the size", "规模单位"),
        Field("status", "text", "state", "状态"),
        Field("status_in_source_zh", "text", "the source's words for its state", "出处对状态的原文表述"),
        Field("date", "date", "when it was so: 2025, 2025-06, 2025-06-26 or 2021-2025", "时间"),
        Field("colour_card", "text", "green: under construction, blue: in formalities, orange: signed, red: tracked",
              "色卡：绿在建、蓝手续、橙签约、红跟踪", enum=("green", "blue", "orange", "red")),
        Field("colour_derivation", "text", "how the colour was derived", "色卡依据"),
        Field("facility_ids", "id", "plants it built", "对应装置", references="facilities.id", list=True),
        source_field(),
        note_field(),
        quality_field(),
    ),
)  # fmt: skip

CANDIDATES = Table(
    "candidates", "Processes the city could attract", "候选项目",
    (
        *name_fields(),
        Field("chain_id", "id", "chain", "产业链", references="chains.id"),
        Field("process_id", "id", "recipe", "工艺", required=True, references="processes.id"),
        Field("link_type", "text", "补链 fill, 延链 extend, 强链 strengthen", "补链、延链或强链",
              enum=("补链", "延链", "强链")),
        Field("typical_scale", "number", "usual capacity in reference units a year", "典型规模", "unit/y",
              required=True, minimum=0),
        Field("scale_unit", "text", "unit of the scale: reference unit + /y", "规模单位：基准单位 + /y"),
        Field("capex_cny_per_unit_year", "number", "investment per unit of yearly capacity; blank: its process's",
              "单位年产能投资；空白取工艺值", "CNY/(unit/y)", minimum=0),
        Field("capex_total_cny", "number", "investment at typical scale", "典型规模总投资", "CNY", minimum=0),
        Field("land_ha", "number", "land at typical scale", "用地", "ha", minimum=0, default=0.0),
        Field("water_m3_per_unit", "number", "water, for display", "单位用水，仅供显示", "m3/unit"),
        Field("water_m3_per_year", "number", "water at typical scale, for display", "年用水，仅供显示", "m3/y"),
        Field("electricity_mwh_per_unit", "number", "electricity, for display", "单位用电，仅供显示", "MWh/unit"),
        Field("electricity_mwh_per_year", "number", "electricity at typical scale, for display", "年用电，仅供显示",
              "MWh/y"),
        Field("net_energy_tce_per_unit", "number", "net energy, for display", "净能耗，仅供显示", "tce/unit"),
        Field("jobs", "number", "jobs", "就业", "jobs", minimum=0, default=0.0),
        Field("suggested_park_id", "id", "park it would stand in", "建议园区", references="parks.id"),
        Field("works_best_with", "id", "partners to test it with", "宜同建项目", references="candidates.id", list=True),
        Field("shares_capacity_with_facility", "id", "retrofit: runs inside this plant's capacity",
              "技改：共用该装置产能", references="facilities.id"),
        Field("local_only_inputs", "id", "inputs that must come from the city", "须本地供应的原料",
              references="materials.id", list=True),
        Field("rationale", "text", "why it would pay", "理由"),
        quality_field(),
        Field("min_scale", "number", "least capacity worth building; blank: typical_scale, all or nothing",
              "最小规模；空白即典型规模，全建或不建", "unit/y", minimum=0),
        source_field(),
    ),
)  # fmt: skip

RESOURCES = Table(
    "resources", "What binds the city as a whole", "全市约束",
    (
        *name_fields(),
        Field("unit", "text", "unit of the value", "单位", required=True),
        Field("value", "number", "the cap, share or price", "数值", required=True),
        Field("material_id", "id", "material that is capped or priced", "物料", references="materials.id"),
        Field("constraint_kind", "text", "buy, sell, disposal, emission: yearly sum of that crossing; agri: a buy cap of farms; energy: tce "
              "bought; land: candidates; dispatchable_min: least share of electricity from coal, gas or grid; price",
              "约束种类", required=True, enum=CONSTRAINT_KINDS),
        note_field(),
        quality_field(),
        Field("applies_to", "text", "blank: everything; else process:ID, facility:ID, chain:ID, park:ID separated by "
              "';'; a leading ! means all but these", "适用范围：空白为全部；process:ID 等，用 ; 分隔；前加 ! 为除此之外",
              list=True),
        source_field(),
    ),
)  # fmt: skip

DEMANDS = Table(
    "demands", "Committed demand in the city", "已承诺的需求",
    (
        *name_fields(),
        Field("material_id", "id", "material", "物料", required=True, references="materials.id"),
        Field("quantity_per_year", "number", "quantity a year", "年需求量", "unit/y", required=True, minimum=0),
        Field("unit", "text", "unit of the quantity: that of the material, or it + /y", "单位，须与物料一致"),
        Field("park_id", "id", "park where it is needed", "所在园区", references="parks.id"),
        *position(),
        Field("penalty_cny_per_unit", "number", "cost of falling short; blank: the city's parameter",
              "短缺罚金；空白取全市参数", "CNY/unit", minimum=0),
        note_field(),
        quality_field(),
        source_field(),
    ),
)  # fmt: skip

PARAMETERS = Table(
    "parameters", "Parameters of the plan", "计划参数",
    (
        *name_fields(),
        Field("value", "number", "value, where it is a number", "数值"),
        Field("text", "text", "value, where it is words", "文字值"),
        Field("unit", "text", "unit", "单位"),
        note_field(),
        quality_field(),
        source_field(),
    ),
)  # fmt: skip

SOURCES = Table(
    "sources", "Sources of the figures", "数据出处",
    (
        Field("id", "id", "identifier, unique in the table", "标识，本表内唯一", required=True),
        Field("title_zh", "text", "title", "标题"),
        Field("publisher", "text", "publisher", "发布单位"),
        Field("date", "date", "date of publication", "发布日期"),
        Field("date_quality", "text", "how well the date is known", "日期质量", enum=("exact", "approximate")),
        note_field(),
    ),
)  # fmt: skip
