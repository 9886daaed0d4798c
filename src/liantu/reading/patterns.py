"""Patterns and small tables with which `heads` and `naming` find what a figure is of."""

from __future__ import annotations

import re

RANKING = re.compile(
    r"(?:均|都|继续|连续[^,，]{0,4}|分别|排名)*(?:稳居|位居|分居|居|位列|(?<!得)分列|名列|列|排在|排名|排|"
    r"跃居|升至|前移|跻身)[^,，。;]{0,14}$|(?:(?<!经济)总量|增速|位次|排名|名次)?[由从](?:[^,，。;\d]{0,10}的)?(?:在)?(?:全[省国市区]|西部)[^,，。;\d]{0,8}$|在全[市省国县州区]的?(?:排|位)[^,，。;]{0,8}$"
)
GENERIC = re.compile(r"(?:总?规模|总额|资金|金额|总量)$")
MAKES = re.compile(r"(?:年产|日产|生产|产能|处理|消化|消纳|加工)$")
COUNTED = ("count", "person", "mass", "power", "energy", "area", "length", "volume")
TASK = re.compile(
    "(?:完成|达到?|占|为|是)[^,，。;]{0,8}(?:任务|计划|目标|预算|进度)[^,，。;]{0,4}(?:的|率)?$"
)
MONEY_OF = {"projects_signed": "contract_investment", "projects_started": "total_investment"}
AGAINST = re.compile("(?<![占环之入价对])(?:同?比|较|与)(?![重例率值])[^,，。;]{1,14}(?:相比)?$")

WHOLES = {
    "installed_capacity": "装机容量",
    "new_energy_capacity": "装机容量",
    "power_generation": "发电量",
    "power_consumption": "用电量",
}
BOUND = re.compile(r"^[\d.]*[十百千]?[万亿]+元以上(?=.)")
SHARE_OF = {"livelihood_expenditure": "livelihood_expenditure_share"}
TIMES_OF = re.compile("(?:相当于|是|为|达)[^,，。;]{1,14}的$")
STEPS = re.compile("[一-龥]{0,5}(?:台阶|关口|门槛|大关)")
SAID = re.compile(
    "(?:表示|介绍|介绍说|说|称|指出|透露|显示|了解到|获悉|告诉记者|认为|强调|看到|讲到|提出)[,，:]?$"
)
VIEW = re.compile("(?:分|从|按)[^,，。;]{1,12}(?:看|来看|分|划分)[,，]")
RANKED = re.compile(
    "(?:稳?居|位居|位列|位于|保持|增长|下降|蝉联|领跑|高于|快于|排名?|列|正增长|两位数|实现|稳定)"
)
WITHOUT = re.compile("(?:若|如|如果)?(?:扣除|剔除|不含|不包括|除去)")
BARE = re.compile("(?:完成|实现|达到?|为|增长|下降|增速|分别)[^,，。;一-龥]*$")
AMONG = re.compile(r"(?:位列|列|位居|居|排名|排(?!名|在))([一-龥]{3,12})$")
WORKS = ("项目", "工程", "基地", "中心", "园", "一期", "二期", "三期")
NOUN_ENDING = re.compile(
    "(?<=绿化)覆盖率|(?<=建设)投资|(?<=改造)投资|[期率量线额值]|成本|余额|面积|能力|总(?!投资|产值|收入|额)|体系|效率|规模|指数|金$|力|能(?!源)"
)
CHANGED = re.compile("(?:起步|保持|稳|增|减|提|发展到|上升|下降|扩|升|降|跃|到|至|以上|缩|压)")
KEPT = re.compile(
    "在[岗册建校役线营职编库途]|由于|为期|对[外接口标]|和[美谐]|与会|现[代金货]|可[再持]|再[生造]|将军|还款|以[工旧]|末端|要素|使用|从业"
)
THRESHOLD = re.compile(r"[\d.]*[十百千]?[万亿]+元(?:及)?以上(?:的)?")
SUPERLATIVE = re.compile(
    "(?:[^,，。;]{0,10}[,，])?([^,，。;(]{2,16}?)(?:居前|居后|居|[前后][两三四五六七八九十]+[位名]|最|排名|排|位列|位居|较|靠|超过|高于|低于|的是)"
)
SIDES = ("以上", "左右", "以内", "多", "以下", "大关")
TRIM_LEFT = "- ,，、;:。()”和及与的之了"
TRIM_RIGHT = " ,，、;:(“的"
FOLLOWED = ("count", "person", "mass", "power", "energy", "area", "length", "volume", "duration")
BEARERS = re.compile(
    r"^.{0,12}(?:企业|公司|集团|园区)$|^.{0,24}(?:[两三四五六七八九十\d]大|支柱|主导).{0,4}产业$"
)
"""A class of firms or a branch before an indicator that any of them has: 民营企业进出口, 三大产业产值."""
BORNE = frozenset(
    ["output", "revenue", "profit", "tax_paid", "trade_total", "exports", "imports", "funds_in_place",
     "contract_investment", "total_investment", "completed_investment", "projects_signed", "rd_spending",
     "profit_and_tax", "employment"]
)  # fmt: skip
PER_HEAD = re.compile("每[万千百]?[人户亩吨家]")
BRACKETS = re.compile(r"\)(?:、|和|,|，|及|;)([^()、,，。;]{2,20})\($")
TABLE = re.compile(
    r"([^,，。;:的“”在]{2,24}(?:评价|考核|考评|榜单|排行榜|榜|排名|测评|评估|评比))(?:结果)?(?:中|里|上|内)?[,，]"
)
LISTED = re.compile("(?:、|和|与|及|以及)")
TAKES = re.compile("占(?!有率|用率)")
OUTPUTS = re.compile("^(?!.*(?:(?<!加)工业|[一二三]产业)$).{0,14}(?:行业|[^企]业|制造|板块)$")
"""A branch before 产值."""
PROJECT = re.compile(
    r"^(?!.*(?:重点|重大|新建|续建|招商|签约|以上|在建|储备|[市省县区]列|各类|类|这些|该|本|其|个|等)项目$).{3,24}"
    r"(?:项目|工程|基地|中心|产业园|电站|一期|二期|三期)$"
)
"""The name of one project before its investment; not 重点项目."""
COUNTED_AS = (
    (re.compile("^(?:新|已|集中|全部|陆续|累计)*开工(?:建设)?.{1,16}项目$"), "projects_started"),
    (re.compile("^(?:新|已|集中|成功|累计|集体)*签约?(?!率).{1,16}项目$"), "projects_signed"),
)
"""Projects of a kind that were begun or signed: 新开工钛产业项目."""
SCOPES = re.compile("(?:全[国球省市区县]|世界|亚洲|西部|西北|国内)(?:的|同类产品)?$")
COMPARES = re.compile(
    r"(?:总量|增速|规模)?在全[省市国]|(?:地区生产总值|生产总值|GDP|营业收入)之比$|"
    r".{0,8}(?:投产|达产|建成|投用|完工|满产)后$|"
    r"(?:总量|增速)[和、与]|"
    r"[比较与同]|高[于出全]|超出|低[于全]|落后|快于|领先|位居|居(?!民)|列|排名|全[省国市]|达产|年均|平均(?:水平|值|增速|$)|增速|占|"
    r"完成|其中|恢复|扣除|剔除|靠[前后]|居[前后首]|最[高低快慢]|较[高低快慢]|总数$|总量$|总额$|余额$|数量$|数$|规模$|序时进度|超序时|降幅|涨幅|增幅|拉动|连跨|.*台阶|迈|跃|跻身|稳居|斩获|冲刺|领跑|"
    r"[\d.]*[十百]?亿元?以上|[\d.]+万元以上"
)
"""What only compares or goes on, and names nothing."""
QUALIFYING = re.compile(
    r"[“”+\d]|(?:国家|省|市)级以上|银行业|(?:国庆|中秋|春节|五一|元旦|端午|清明)+(?:小长假|假期|期间|节)?|电网|全网|境内|辖内|全口径|(?:规上|规模以上)工业企业|国家级|省级|市级|归属于|规上|规模以上|"
    r"金融机构|外贸|全体|新|全部|地方|实现|完成|同期|主要|引进|全社会|一期|二期|三期|计划|企业$|^企业|的"
)
"""Words before an indicator that leave it the same."""
WORK_BEHIND = re.compile(
    r"的(?:年产)?(?:[\d.]+[万亿]?(?:吨|千瓦|吉瓦时|GWh|平方米))?([^,，。;、\d]{2,20}?(?:项目|中心|基地|产业园|物流园|园区|"
    r"工程|工厂|电站|生产线|水库|枢纽|铁路|高速公路|机场|大桥))"
)
PROJECTS_DONE = re.compile(r"(?:集中|全部|同时|相继|陆续|正式|已)*(开工|签约)(?!率)(?![^,，。;\n]{0,3}\d)")
AMIDST = re.compile("(?:在)?(?:全[省国市区县州]|西部|同类|西北)[^,，。;\\d]{0,2}$")
"""Before a count of those among whom something is ranked: 在全省14个市州中."""
TOPPED = re.compile(
    r"([^,，。;:]{2,16}?)(?:总量|增速)?(?:排名|排|位居|居|列)?[前后][两三四五六七八九十]+[位名]?的?[^,，。;:\d]{0,6}?(?:依次|分别)?(?:是|为|有)"
)
"""到位资金排名前三位的县区依次是: what the figures after it are of."""
OF_MONEY = {"签约": "contract_investment", "到位": "funds_in_place", "外资": "foreign_investment"}
STAGE = re.compile("[一二三四五]期")
