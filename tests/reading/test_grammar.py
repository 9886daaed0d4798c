"""Small sentences of the language: whose figure it is, of what, when, and compared with what."""

import pytest

from liantu.reading import Fact, Reading, read_text


def reading(text: str, date: str = "2025-11-07") -> Reading:
    return read_text(text, date=date)


def facts(text: str, date: str = "2025-11-07") -> list[Fact]:
    return list(reading(text, date).facts)


def rows(text: str) -> list[tuple[object, ...]]:
    return [(f.subject, f.indicator, f.value, f.unit) for f in facts(text)]


@pytest.mark.parametrize(
    ("text", "values", "unit", "measure"),
    [
        ("地区生产总值增长5.5%—6%。", [5.5, 6], "%", "rate"),
        ("年降水量下降3%至5%。", [-3, -5], "%", "rate"),
        ("玩具占出口的八成三,按年升一成七。", [83, 17], "%", None),
        ("产业结构由12:58:30调整为3:52:45。", [12, 58, 30, 3, 52, 45], "ratio", "ratio"),
        ("城乡居民收入比由上年同期的1.84缩小到1.81。", [1.84, 1.81], "ratio", "ratio"),
        ("吨成本比外地低260元。", [-260], "CNY", "change"),
        ("贷款同比少增36.5亿元。", [-36.5e8], "CNY", "change"),
        ("固定资产投资降幅扩大0.5个百分点。", [-0.5], "pp", "change"),
        ("固定资产投资降幅收窄0.5个百分点。", [0.5], "pp", "change"),
        ("规上工业增加值增速快于全省2.7个百分点。", [2.7], "pp", "change"),
        ("规上工业增加值增速比全省低2.7个百分点。", [-2.7], "pp", "change"),
        ("销售收入是上年的1.7倍。", [1.7], "times", "multiple"),
        ("年产片剂30亿片,日产连接器150万只。", [30e8, 150e4], None, "level"),
        ("日处理能力由600吨提升到2000吨。", [600, 2000], "t/d", "level"),
        ("紧密纺规模12万锭。", [120000], "count", "level"),
    ],
)
def test_forms(text: str, values: list[float], unit: str | None, measure: str | None) -> None:
    found = facts(text)
    assert [f.value for f in found] == pytest.approx(values)
    assert unit is None or {f.unit for f in found} == {unit}
    assert measure is None or {f.measure for f in found} == {measure}


def test_a_firm_is_known_by_its_trade_and_by_what_introduces_it() -> None:
    text = (
        "青岩市经济平稳。位于城北的凯瑞药业前6个月产值5.6亿元。"
        "龙头企业奇星玩具去年营收19.3亿元,该公司利润2亿元。"
    )
    assert [f.subject for f in facts(text)] == ["凯瑞药业", "奇星玩具", "奇星玩具"]


def test_a_branch_of_industry_is_no_firm() -> None:
    text = "青岩市大力发展现代农业,绿色化工产值增长9%。采矿业增加值增长3.2%,上市公司达到8家。"
    assert {f.subject for f in facts(text)} == {"青岩市"}


def test_figures_in_brackets_belong_to_the_name_before_them() -> None:
    text = "投资完成率居前三位的是江北区(72.3%)、龙潭县(68.8%)和高新区(66.1%)。"
    assert rows(text) == [
        ("江北区", "投资完成率", 72.3, "%"), ("龙潭县", "投资完成率", 68.8, "%"),
        ("高新区", "投资完成率", 66.1, "%"),
    ]  # fmt: skip


def test_a_sentence_that_only_names_places_goes_on_with_its_indicator() -> None:
    text = "宁川市实现地区生产总值892.4亿元。分县区看,城关区完成312.5亿元,增长6.2%;永安县完成148.7亿元。"
    assert [(f.subject, f.indicator) for f in facts(text)] == [
        ("宁川市", "gdp"), ("城关区", "gdp"), ("城关区", "gdp"), ("永安县", "gdp"),
    ]  # fmt: skip


def test_a_list_of_products_shares_the_end_of_its_name() -> None:
    text = "新能源汽车、锂电池、光伏电池产量分别达到32.1万辆、78.5GWh和12.6GW。"
    assert [(f.indicator, f.unit) for f in facts(text)] == [
        ("新能源汽车产量", "count"), ("锂电池产量", "MWh"), ("光伏电池产量", "kW"),
    ]  # fmt: skip


def test_a_briefing_goes_on_with_the_period_of_its_first_paragraph() -> None:
    text = "1—6月,麻山县财政收入9.84亿元,增长4.8%。\n分部门看,税务部门收入7.02亿元,财政部门收入2亿元。"
    assert {f.period for f in facts(text)} == {"2025-01/2025-06"}


def test_a_reportage_does_not_take_the_period_of_another_paragraph() -> None:
    prose = "走进车间,机器低鸣,工人们正忙着赶制订单,一派繁忙景象,大家脸上都带着笑。" * 4
    text = f"2023年,青岩市产值3亿元。\n{prose}\n{prose}\n车间里有18名工人。"
    assert facts(text)[-1].period == "2025"


@pytest.mark.parametrize(
    ("text", "period", "base"),
    [
        ("2024年,公司营收9亿元,上年同期为8亿元。", ["2024", "2023"], [None, None]),
        (
            "高新企业2024年达到412家,是2020年的2.6倍,年均增长27%。",
            ["2024", "2024", "2021/2024"],
            [None, "2020", "2020"],
        ),
        ("2014年生产总值312亿元,2024年生产总值1268亿元,年均增长15%。", ["2014", "2024", "2015/2024"], None),
        ("增速由一季度的5.1%回升至前三季度的7.6%。", ["2025-Q1", "2025-01/2025-09"], None),
        ("三年前加工率40%。", ["2022"], None),
        ("今年首七个月出口8亿元。", ["2025-01/2025-07"], None),
        ("1—8月用电9亿千瓦时,8月当月用电1亿千瓦时。", ["2025-01/2025-08", "2025-08"], None),
        ("2023年、2024年投资分别增长25%和18%,两年平均增长21%。", ["2023", "2024", "2023/2024"], None),
    ],
)
def test_periods(text: str, period: list[str], base: list[str | None] | None) -> None:
    found = facts(text)
    assert [f.period for f in found] == period
    assert base is None or [f.base_period for f in found] == base


def test_what_a_later_figure_is_compared_with_decides_its_basis() -> None:
    *_, times = facts("人均纯收入从2014年的2860元增长到2024年的16340元,增长4.7倍。")
    assert (times.measure, times.growth_basis) == ("multiple", "cum")


@pytest.mark.parametrize(
    "text",
    [
        "第三届矿业博览会9月12日开幕,12:30闭幕。",
        "3号线、5路公交车与207国道贯通。",
        "获评“中国十大最具投资价值开发区”。",
        "500万元以上项目投资由负转正。",
        "每亿元产值能耗下降,每百元营业收入成本降低。",
        "完善“1+3+N”体系,落实“26条”措施。",
        "盐城市、诸城市来访。",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert facts(text) == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("兴城市实现产值3亿元。", "兴城市"),
        ("全省经济平稳。今年全省完成投资3亿元。", "全省"),
        ("甘肃省统计局消息,全省投资3亿元,全省出口2亿元。", "甘肃省"),
        ("9月份,全国居民消费价格上涨0.4%。", "全国"),
        ("太岳钢铁集团发布年报。报告期内,公司实现营业收入3亿元。", "太岳钢铁集团"),
    ],
)
def test_subjects(text: str, subject: str) -> None:
    assert {f.subject for f in facts(text)} == {subject}


def test_confidence_is_lower_where_the_text_is_silent() -> None:
    named, silent = facts("2024年,青岩市地区生产总值3亿元。\n另有纸张投入2亿元。")
    assert named.confidence["indicator"] > silent.confidence["indicator"]
    assert named.confidence["period"] > silent.confidence["period"]
