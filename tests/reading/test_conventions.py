"""What a fact is, and what is none: the conventions on small sentences."""

import pytest

from liantu.reading import Fact, read_text


def read(text: str, date: str = "2025-11-07") -> list[Fact]:
    return list(read_text(text, date=date).facts)


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月,首列班列开行。",
        "9月18日至20日上午9:30举行。",
        "第三届博览会在第六展馆开幕。",
        "G312线与S21高速贯通。",
        "井下5G网络全覆盖,3D打印、4N5铜板带、A4纸。",
        "构建“2+4”产业体系和“1+N”格局。",
        "“十四五”以来,坚持一二三产业融合。",
        "万元工业增加值能耗持续下降。",
        "一心一意谋发展,千方百计促增收,构建“四梁八柱”。",
        "联系电话:0931-5566778。",
        "(接1版)",
        "入围世界500强、中国百强。",
        "打造千亿级产业集群、百亿元级园区。",
        "12345热线24小时服务。",
        "一盘棋推进,两手抓、两手硬。",
        "《条例》第十二条规定。",
        "答案藏于三个关键词。",
        "“365”工作方法和“黄金十条”。",
        "亿元以上项目加快落地。",
        "保持两位数增长。",
        "甘政发〔2024〕15号文件。",
        "三年行动方案实施。",
        "20世纪90年代建厂。",
        "1至5月运行平稳。",
        "一位位先进典型涌现。",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert read(text) == []


def test_the_span_leaves_out_qualifiers() -> None:
    facts = read("产值突破70余亿元,约30%的产品出口,惠及超1.2万户以上。")
    assert [(f.text, f.qualifier) for f in facts] == [
        ("70余亿元", "above"),
        ("30%", "about"),
        ("1.2万户", "above"),
    ]


def test_a_list_shares_its_unit() -> None:
    facts = read("龙头企业先后投资30亿、40亿、50亿元。")
    assert [(f.text, f.value, f.unit) for f in facts] == [
        ("30亿", 30e8, "CNY"),
        ("40亿", 40e8, "CNY"),
        ("50亿元", 50e8, "CNY"),
    ]


def test_several_subjects_take_their_own_values() -> None:
    facts = read("一季度,兰州、白银、武威三市工业增加值分别增长6.8%、5.2%和9.1%。")
    assert [(f.subject, f.indicator, f.value) for f in facts] == [
        ("兰州市", "industrial_value_added", 6.8),
        ("白银市", "industrial_value_added", 5.2),
        ("武威市", "industrial_value_added", 9.1),
    ]


def test_from_to_gives_two_levels_and_the_base() -> None:
    first, last, rate = read("全市工业总产值由2020年的86亿元增加到2024年的131亿元,年均增长11.1%。")
    assert (first.value, first.period, last.value, last.period) == (86e8, "2020", 131e8, "2024")
    assert last.base_period == "2020"
    assert (rate.measure, rate.growth_basis, rate.period) == ("rate", "avg", "2021/2024")


def test_ranks_move_as_changes_in_rank() -> None:
    before, after, places = read("集团世界500强排名从第412名升至第287名,上升125位。")
    assert [f.measure for f in (before, after, places)] == ["rank", "rank", "change"]
    assert {f.unit for f in (before, after, places)} == {"rank"}
    assert (before.value, after.value, places.value) == (412, 287, 125)


def test_one_span_for_two_indicators_is_two_facts() -> None:
    *_, first, second = read("全社会研发投入强度1.71%,综合科技进步水平指数72.4%,均居全省第三。")
    assert (first.start, first.value) == (second.start, second.value)
    assert {first.indicator, second.indicator} == {"rd_intensity", "tech_progress_index"}


def test_a_ratio_of_three_is_three_facts() -> None:
    facts = read("三次产业结构比为22.1:33.4:44.5。")
    assert [f.value for f in facts] == [22.1, 33.4, 44.5]
    assert {f.text for f in facts} == {"22.1:33.4:44.5"}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2024年实现产值3亿元。", "2024"),
        ("今年1—5月实现产值3亿元。", "2025-01/2025-05"),
        ("2020年一季度实现产值3亿元。", "2020-Q1"),
        ("今年前三季度实现产值3亿元。", "2025-01/2025-09"),
        ("去年上半年实现产值3亿元。", "2024-01/2024-06"),
        ("截至9月底实现产值3亿元。", "2025-09"),
        ("“十四五”期间实现产值3亿元。", "2021/2025"),
        ("五年来实现产值3亿元。", "2021/2025"),
        ("到2030年实现产值3亿元。", "2030"),
        ("二〇二三年实现产值3亿元。", "2023"),
    ],
)
def test_periods(text: str, period: str) -> None:
    assert [f.period for f in read(text)] == [period]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("完成投资3亿元。", "actual"),
        ("预计完成投资3亿元。", "expected"),
        ("力争完成投资3亿元。", "target"),
        ("计划投资3亿元。", "planned"),
    ],
)
def test_status(text: str, status: str) -> None:
    assert [f.status for f in read(text)] == [status]


def test_capacity_is_a_yearly_rate() -> None:
    made, project, sold = read("年产4万吨铜箔,40万吨铜电解项目投产,去年销售铜材3万吨。")
    assert (made.unit, project.unit, sold.unit) == ("t/a", "t/a", "t")


def test_shares_and_growth_differ() -> None:
    share, growth, named = read("新材料产值占全市工业总产值的64%,同比增长16.2%,覆盖率达到98%。")
    assert (share.measure, growth.measure, named.measure) == ("share", "rate", "level")


def test_every_field_has_its_rule_and_confidence() -> None:
    (fact,) = read("今年前三季度,金昌市地区生产总值达到505.7亿元。")
    for name in ("value", "unit", "subject", "indicator", "period", "measure", "status"):
        assert fact.rules[name]
        assert 0 < fact.confidence[name] <= 1
    assert (fact.subject, fact.indicator) == ("金昌市", "gdp")
