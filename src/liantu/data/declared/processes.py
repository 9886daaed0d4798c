# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""Declarations of recipes: processes and their flows."""

from __future__ import annotations

from liantu.data.field import Field, Table, name_fields, note_field, quality_field, source_field

ROLES = (
    "feed", "reagent", "fuel", "utility", "free", "main", "coproduct", "byproduct", "intermediate", "waste",
    "emission",
)  # fmt: skip

PROCESSES = Table(
    "processes", "Processes", "工艺",
    (
        *name_fields(),
        Field("reference_product", "id", "material the recipe is counted in", "基准产品", required=True,
              references="materials.id"),
        Field("reference_unit", "text", "unit of the reference product", "基准产品单位"),
        Field("route", "text", "technology in words", "技术路线"),
        Field("process_group", "text", "group it is drawn in", "工艺分组"),
        Field("chain", "id", "chain it mainly belongs to", "所属产业链", references="chains.id"),
        Field("gbt4754", "text", "GB/T 4754 industry code, unverified", "国民经济行业代码（未核实）"),
        Field("status_default", "text", "whether the city has it already", "本市是否已有",
              enum=("existing", "candidate"), default="existing"),
        Field("other_opex_cny_per_unit", "number", "cost not covered by the flows: labour, repair, small reagents",
              "流量之外的成本：人工、维修、零星药剂", "CNY/unit", default=0.0),
        Field("capex_cny_per_unit_year", "number", "investment per unit of yearly capacity", "单位年产能投资",
              "CNY/(unit/y)", minimum=0, default=0.0),
        Field("land_ha_per_unit_year", "number", "land per unit of yearly capacity", "单位年产能用地",
              "ha/(unit/y)", minimum=0, default=0.0),
        Field("net_electricity_mwh_per_unit", "number", "electricity used less made, for display; the flows count",
              "净用电，仅供显示，以流量为准", "MWh/unit"),
        Field("net_steam_gj_per_unit", "number", "steam used less made, for display; the flows count",
              "净用汽，仅供显示，以流量为准", "GJ/unit"),
        Field("water_m3_per_unit", "number", "water used, for display; the flows count", "用水，仅供显示，以流量为准",
              "m3/unit"),
        Field("co2_t_per_unit", "number", "direct CO2, for display; the flows count", "直接二氧化碳，仅供显示，以流量为准",
              "t/unit"),
        Field("balance_scope", "text", "full; 'full except Ag,Au: why' flags those elements; 'exempt: why' takes the "
              "whole recipe out of the balance", "元素平衡范围：full；full except 元素: 原因；exempt: 原因", default="full"),
        Field("cost_basis", "text", "basis of the costs", "成本依据"),
        note_field(),
        Field("dispatchable", "flag", "its electricity can be called up when needed (coal, gas)", "可调度电源",
              default=False),
        quality_field(),
        source_field(),
    ),
    required=True,
)  # fmt: skip

PROCESS_FLOWS = Table(
    "process_flows", "Flows of the processes, per unit of reference product", "工艺流量（每单位基准产品）",
    (
        Field("process_id", "id", "process", "工艺", required=True, references="processes.id"),
        Field("line", "number", "line number within the process", "工艺内行号", "1", required=True, minimum=1),
        Field("material_id", "id", "material", "物料", required=True, references="materials.id"),
        Field("direction", "text", "in: used, out: made", "in 消耗，out 产出", required=True, enum=("in", "out")),
        Field("amount", "number", "amount per unit of reference product", "每单位基准产品的量", "unit/unit",
              required=True, minimum=0),
        Field("unit", "text", "unit of the amount: that of the material", "单位，须与物料一致"),
        Field("role", "text", "role in the recipe", "在配方中的角色", enum=ROLES),
        Field("basis", "text", "what the amount rests on", "数值依据"),
        quality_field(),
        source_field(),
    ),
    key=("process_id", "line"),
    required=True,
)  # fmt: skip
