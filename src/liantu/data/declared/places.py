# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""Declarations of who and where: plants, enterprises, parks, chains and their stages."""

from __future__ import annotations

from liantu.data.field import Field, Table, name_fields, note_field, quality_field, source_field

STATUSES = ("operating", "building", "planned", "closed")


def position(required: bool = False) -> tuple[Field, Field]:
    """Latitude and longitude in decimal degrees."""
    return (
        Field(
            "lat", "number", "latitude, decimal degrees north", "纬度（十进制度）", "deg", required, -90, 90
        ),
        Field(
            "lon", "number", "longitude, decimal degrees east", "经度（十进制度）", "deg", required, -180, 180
        ),
    )


FACILITIES = Table(
    "facilities", "Plants", "装置",
    (
        Field("id", "id", "identifier, unique in the table", "标识，本表内唯一", required=True),
        Field("enterprise_id", "id", "owner", "所属企业", references="enterprises.id"),
        Field("name_zh", "text", "name in Chinese", "中文名称"),
        Field("name_en", "text", "name in English", "英文名称"),
        Field("park_id", "id", "park", "所在园区", references="parks.id"),
        Field("process_id", "id", "recipe it runs", "工艺", required=True, references="processes.id"),
        Field("capacity_per_year", "number", "capacity in reference units a year", "年产能（基准产品单位）",
              "unit/y", required=True, minimum=0),
        Field("capacity_unit", "text", "unit of the capacity: reference unit + /y", "产能单位：基准单位 + /y"),
        Field("reference_product", "id", "reference product of its process", "基准产品", references="materials.id"),
        Field("status", "text", "state of the plant", "状态", enum=STATUSES, default="operating"),
        *position(),
        Field("position_quality", "text", "how well the position is known", "位置质量"),
        Field("capacity_source", "id", "where the capacity comes from", "产能出处", references="sources.id", list=True),
        Field("capacity_note", "text", "remark on the capacity", "产能说明"),
        Field("jobs_indicative", "number", "jobs, indicative", "就业人数（参考）", "jobs", minimum=0),
        quality_field(),
    ),
    required=True,
)  # fmt: skip

ENTERPRISES = Table(
    "enterprises", "Enterprises", "企业",
    (
        *name_fields(),
        Field("type", "text", "kind of enterprise", "类型"),
        Field("parent_id", "id", "parent company", "母公司", references="enterprises.id"),
        source_field(),
        note_field(),
    ),
)  # fmt: skip

PARKS = Table(
    "parks", "Parks", "园区",
    (
        *name_fields(),
        Field("level", "text", "rank of the park", "级别"),
        *position(),
        Field("area_ha_indicative", "number", "area, indicative", "面积（参考）", "ha", minimum=0),
        source_field(),
        note_field(),
        quality_field(),
    ),
)  # fmt: skip

CHAINS = Table(
    "chains", "Industrial chains", "产业链",
    (
        *name_fields(),
        Field("tier", "text", "class of the chain", "层级"),
        Field("parent_id", "id", "chain it is part of", "上级产业链", references="chains.id"),
        source_field(),
        note_field(),
    ),
)  # fmt: skip

CHAIN_STAGES = Table(
    "chain_stages", "What belongs to which chain, and at what stage", "产业链环节",
    (
        Field("chain_id", "id", "chain", "产业链", required=True, references="chains.id"),
        Field("item_type", "text", "kind of the item", "对象类型", required=True, enum=("process", "material")),
        Field("item_id", "id", "process or material, as item_type says", "工艺或物料标识", required=True,
              references="processes.id|materials.id"),
        Field("stage", "text", "stage in the chain", "环节", enum=("upstream", "midstream", "downstream")),
        Field("basis", "text", "why it belongs there", "归属依据"),
    ),
    key=("chain_id", "item_type", "item_id"),
)  # fmt: skip
