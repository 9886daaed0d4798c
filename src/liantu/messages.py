# ruff: noqa: E501 -- a table with Chinese text, whose characters count double
"""The sentence and the fix for each problem code, in English and Chinese: the one table, rendered at the edge."""

from __future__ import annotations

from typing import Literal

from liantu.errors import Problem, Severity
from liantu.messages_ledger import LEDGER

Lang = Literal["zh", "en"]

NOTICES = frozenset(
    {
        "byte_order_mark",
        "gb18030",
        "utf16",
        "number_as_text",
        "text_as_number",
        "skipped_sheet",
        "far_position",
    }
)
"""Codes of what the reader did and says so; every other code refuses the input."""

# code: (en, zh, fix in en, fix in zh). {found} and {expected} are those of the problem.
_TABLE: dict[str, tuple[str, str, str, str]] = {
    # the place and its files
    "no_such_path": ("there is nothing at this path", "该路径不存在", "check the path{near}", "检查路径{near}"),
    "unreadable_file": ("can't be read: {found}", "无法读取：{found}", "check the file and its permissions",
                        "检查文件及其权限"),
    "not_a_city": ("'{found}' is not a data package, a folder of CSV files or an .xlsx workbook",
                   "“{found}”不是数据包、CSV 文件夹或 .xlsx 工作簿", "give one of these", "请给出其中一种"),
    "no_tables": ("no table is in this folder", "文件夹中没有任何表", "put materials.csv, processes.csv, "
                  "process_flows.csv and facilities.csv there", "放入 materials.csv、processes.csv、"
                  "process_flows.csv 和 facilities.csv"),
    "state_of_another_city": ("the saved state is of other tables or another scenario", "保存的进度属于其他数据或其他情景",
                              "give another file, or delete this one", "换一个文件，或删除此文件"),
    "state_unreadable": ("is no saved state: {found}", "不是保存的进度：{found}", "give another file, or delete this one",
                         "换一个文件，或删除此文件"),
    "cluster_without_dask": ("LIANTU_DASK names a cluster ({found}), and dask is not installed here",
                             "LIANTU_DASK 指定了集群（{found}），但本机没有安装 dask",
                             "install liantu[scale], or take LIANTU_DASK away", "安装 liantu[scale]，或取消 LIANTU_DASK"),
    "cluster_unreachable": ("no scheduler answers at this address: {found}", "该地址没有调度器应答：{found}",
                            "start `dask scheduler` there, or correct LIANTU_DASK",
                            "在该处启动 dask scheduler，或改正 LIANTU_DASK"),
    "cluster_unusable": ("the cluster has no worker that can solve: {found}", "集群中没有可以求解的工作进程：{found}",
                         "start `dask worker` where liantu is installed", "在装有 liantu 的机器上启动 dask worker"),
    "cluster_differs": ("this worker holds {found}; here it is {expected}", "该工作进程装有 {found}；本机为 {expected}",
                        "install the same versions, so that the answers are the same",
                        "安装相同的版本，使结果一致"),
    "missing_table": ("the table '{expected}' is missing", "缺少表“{expected}”", "add the table {expected}",
                      "补充表 {expected}"),
    "unknown_table": ("no table is called '{found}'", "没有名为“{found}”的表",
                      "rename it{near}, or start its name with x_ to keep it aside",
                      "改名{near}，或以 x_ 开头表示不读"),
    "duplicate_table": ("the table '{found}' is given twice", "表“{found}”出现两次", "keep one of them", "保留其一"),
    "empty_table": ("the table has no rows", "表中没有数据行", "fill it in, or remove it where it is optional",
                    "填写数据；可选的表可删除"),
    "missing_file": ("the file '{found}' is not there", "文件“{found}”不存在", "add the file or correct its path{near}",
                     "补充文件或改正路径{near}"),
    "unsafe_path": ("the path '{found}' leaves the package", "路径“{found}”指向数据包之外",
                    "use a path inside the folder of datapackage.json", "使用 datapackage.json 所在文件夹内的路径"),
    "resource_path": ("the resource has no path to a file: {found}", "资源没有文件路径：{found}",
                      "give one relative path as text", "给出一个相对路径"),
    "broken_json": ("not valid JSON: {found}", "不是有效的 JSON：{found}", "correct the JSON at this line", "改正该行"),
    "no_resources": ("'resources' is not a list of resources", "resources 不是资源列表",
                     "list the tables under resources", "在 resources 中列出各表"),
    "too_large": ("the file unpacks to {found}, more than {expected}", "文件解压后为 {found}，超过 {expected}",
                  "split the data or give it as CSV", "拆分数据或改用 CSV"),
    "broken_archive": ("can't be unpacked: {found}", "无法解压：{found}", "make the ZIP archive anew", "重新打包为 ZIP"),
    "too_many_files": ("the archive holds {found} files, more than {expected}", "压缩包内有 {found} 个文件，超过 {expected} 个",
                       "pack only the tables and datapackage.json", "只打包各表和 datapackage.json"),
    # bytes
    "byte_order_mark": ("starts with a byte-order mark; read without it", "文件以字节序标记（BOM）开头，已忽略",
                        "nothing to do; save as UTF-8 without BOM to be rid of this notice",
                        "无须处理；另存为不带 BOM 的 UTF-8 可消除提示"),
    "gb18030": ("is coded in GB 18030 (GBK), not UTF-8; read as such", "编码为 GB 18030（GBK）而非 UTF-8，已按此读取",
                "check the Chinese text; save as UTF-8 to be rid of this notice", "核对中文；另存为 UTF-8 可消除提示"),
    "utf16": ("is coded in UTF-16, not UTF-8; read as such", "编码为 UTF-16 而非 UTF-8，已按此读取",
              "save as UTF-8 to be rid of this notice", "另存为 UTF-8 可消除提示"),
    "broken_utf8": ("the bytes {found} are not UTF-8, though the rest of the file is", "字节 {found} 不是有效的 UTF-8",
                    "type the damaged text again and save as UTF-8", "重新输入损坏的文字并另存为 UTF-8"),
    "encoding_unknown": ("the text is neither UTF-8 nor GB 18030 ({found})", "文字既非 UTF-8 也非 GB 18030（{found}）",
                         "save the file as UTF-8", "将文件另存为 UTF-8"),
    "excel_named_csv": ("is a workbook, not a CSV", "实为工作簿，不是 CSV", "save as CSV UTF-8, or give it as .xlsx",
                        "另存为 CSV UTF-8，或以 .xlsx 提供"),
    "not_a_table": ("is not a table but {found}", "不是表格，而是 {found}", "save the table as CSV UTF-8 or .xlsx",
                    "将表格另存为 CSV UTF-8 或 .xlsx"),
    # shape of a CSV
    "wrong_delimiter": ("columns are separated by '{found}', not by commas", "列以“{found}”分隔，而不是逗号",
                        "save with commas between the columns", "以英文逗号分隔保存"),
    "broken_quotes": ("a quotation mark is not closed or stands alone ({found})", "引号未闭合或位置有误（{found}）",
                      "close the quotation mark, double it inside a text", "补全引号；文中的引号写两个"),
    "ragged_row": ("the row has {found} cells, the header {expected}", "该行有 {found} 个单元格，表头有 {expected} 个",
                   "put text with commas in quotation marks, or add the missing cells", "含逗号的文字加引号，或补足单元格"),
    "not_a_record": ("'{found}' is a total or a remark, not a record", "“{found}”是合计或说明，不是数据行", "delete the row", "删除该行"),
    "blank_header": ("column {found} has cells but no name", "第 {found} 列有数据而没有列名", "name the column or empty it",
                     "填写列名或清空该列"),
    "duplicate_column": ("the column is there twice", "列名重复", "keep one of them", "保留其一"),
    "unknown_column": ("no column is called '{found}'", "没有名为“{found}”的列",
                       "rename it{near}, or start its name with x_ to carry it along", "改名{near}，或以 x_ 开头保留不读"),
    "missing_column": ("the column '{expected}' is missing", "缺少列“{expected}”", "add the column", "补充该列"),
    # workbooks
    "old_excel": ("is an old .xls workbook", "是旧式 .xls 工作簿", "save as .xlsx", "另存为 .xlsx"),
    "password": ("is protected by a password", "有密码保护", "save it without a password", "取消密码后保存"),
    "broken_workbook": ("is no readable workbook: {found}", "工作簿无法读取：{found}", "open it in a spreadsheet and save "
                        "as .xlsx", "用表格软件打开后另存为 .xlsx"),
    "not_xlsx": ("is {found}, not .xlsx", "是 {found}，不是 .xlsx", "save as .xlsx", "另存为 .xlsx"),
    "skipped_sheet": ("the sheet '{found}' is not a table and was not read", "工作表“{found}”不是表，未读取",
                      "nothing to do", "无须处理"),
    "formula_without_value": ("holds a formula without a value: {found}", "公式没有计算结果：{found}",
                              "open and save the workbook in a spreadsheet, or type the value",
                              "用表格软件打开并保存，或直接填写数值"),
    "error_cell": ("holds the error {found}", "单元格为错误值 {found}", "correct the formula or type the value",
                   "改正公式或直接填写"),
    "merged_cells": ("cells {found} are merged", "单元格 {found} 被合并", "unmerge and fill each cell", "取消合并并逐格填写"),
    # cells
    "missing_value": ("is blank", "为空", "fill in the cell", "填写该单元格"),
    "text_in_number": ("'{found}' is not a number", "“{found}”不是数字", "type a plain number, such as 1200.5",
                       "填写纯数字，如 1200.5"),
    "full_width": ("'{found}' has full-width characters", "“{found}”含全角字符", "type {expected}", "改为 {expected}"),
    "chinese_comma": ("'{found}' has a Chinese comma", "“{found}”含中文逗号", "type {expected}", "改为 {expected}"),
    "thousands_separator": ("'{found}' has a separator inside the number", "“{found}”含千位分隔符", "type {expected}",
                            "改为 {expected}"),
    "unit_in_number": ("'{found}' has a unit in it", "“{found}”含单位", "type {expected} only, in the column's unit",
                       "只填数字，按该列单位：{expected}"),
    "not_finite": ("'{found}' is not a finite number", "“{found}”不是有限的数", "type a number or leave the cell blank",
                   "填写数字或留空"),
    "date_for_number": ("'{found}' is a date, not a number", "“{found}”是日期，不是数字",
                        "format the cell as a number and type it again", "将单元格设为数字格式后重新填写"),
    "date_for_text": ("'{found}' is a date, not text", "“{found}”是日期，不是文字",
                      "format the cell as text and type it again", "将单元格设为文本格式后重新填写"),
    "placeholder": ("'{found}' stands for nothing", "“{found}”表示空缺", "leave the cell blank", "留空即可"),
    "stray_space": ("'{found}' has spaces around it", "“{found}”首尾有空格", "remove the spaces: {expected}",
                    "去掉空格：{expected}"),
    "bad_flag": ("'{found}' is neither 0 nor 1", "“{found}”不是 0 或 1", "type 1 for yes and 0 for no", "是填 1，否填 0"),
    "unknown_word": ("'{found}' is not one of the allowed words", "“{found}”不在允许的取值之内", "use one of: {expected}",
                     "取值：{expected}"),
    "negative_value": ("{found} is negative", "{found} 为负", "type a number of {expected} or more",
                       "填写不小于 {expected} 的数"),
    "out_of_range": ("{found} is out of range {expected}", "{found} 超出范围 {expected}", "check the number and its unit",
                     "核对数值及单位"),
    "bad_id": ("'{found}' can't be an identifier", "“{found}”不能作标识", "use letters, digits and _ - . only: no "
               "spaces, full-width letters, ; : , or !", "只用字母、数字和 _ - .，不含空格、全角字母及 ; : , !"),
    "bad_date": ("'{found}' is not a date", "“{found}”不是日期", "write 2025, 2025-06, 2025-06-26 or 2021-2025",
                 "写作 2025、2025-06、2025-06-26 或 2021-2025"),
    "control_character": ("has an invisible control character: {found}", "含不可见的控制字符：{found}", "type the text again",
                          "重新输入文字"),
    "lost_characters": ("'{found}' has characters that were lost when it was saved", "“{found}”中有保存时丢失的字符",
                        "type the text again and save as UTF-8", "重新输入文字并另存为 UTF-8"),
    "text_too_long": ("the text has {found} characters, more than {expected}", "文字有 {found} 字，超过 {expected}",
                      "shorten the text", "缩短文字"),
    "wrong_list_separator": ("'{found}' is not separated by ';'", "“{found}”未用英文分号分隔",
                             "put ; between the items: {expected}", "各项之间用英文分号：{expected}"),
    "empty_list_item": ("'{found}' has an empty item", "“{found}”含空项", "remove the extra ;", "去掉多余的分号"),
    "number_as_text": ("the text column holds numbers such as {found}; read as text, leading zeros may be lost",
                       "文本列中有数字，如 {found}；已按文本读取，前导零可能已丢失", "format the column as text", "将该列设为文本格式"),
    "text_as_number": ("the number column holds text such as '{found}'; read as numbers",
                       "数字列中有文本型数字，如“{found}”；已按数字读取", "format the column as a number", "将该列设为数字格式"),
    "formula_text": ("'{found}' would be run as a formula by a spreadsheet", "“{found}”会被表格软件当作公式执行",
                     "put a word in front of it", "在前面加上文字"),
    # keys and references
    "duplicate_id": ("'{found}' is used before, in row {expected}", "“{found}”已在第 {expected} 行使用",
                     "give each row an id of its own", "每行使用不同的标识"),
    "duplicate_row": ("repeats row {expected}: {found}", "与第 {expected} 行重复：{found}", "keep one of the rows",
                      "保留其一"),
    "clashing_id": ("'{found}' is also an id in {expected}", "“{found}”也是 {expected} 中的标识", "use another id",
                    "换一个标识"),
    "unknown_reference": ("'{found}' is not in {expected}", "“{found}”不在 {expected} 之列",
                          "correct the name or add the row it names", "改正名称，或补充所指的行"),
    "cyclic_parent": ("is above itself: {found}", "上级关系成环：{found}", "correct the parents", "改正上级"),
    "refers_to_itself": ("'{found}' names itself", "“{found}”指向自身", "name another row, or leave it blank",
                         "改为其他行或留空"),
    "does_not_travel": ("{found} does not travel: its transport_mode is none", "{found} 不运输：其 transport_mode 为 none",
                        "give the material a transport_mode, or delete the row", "为该物料填写 transport_mode，或删除此行"),
    "own_transport": ("{found} is the material's own way already", "{found} 已是该物料自身的运输方式",
                      "name another way, or change the material's own", "改为其他方式，或修改物料自身的方式"),
    # meaning
    "wrong_unit": ("the unit is '{found}', not '{expected}'", "单位为“{found}”，应为“{expected}”",
                   "convert the figure to {expected} and write {expected}", "将数值换算为 {expected} 并写明"),
    "mass_unknown": ("how many tonnes are in one {found} is not said", "未说明 1 {found} 合多少吨", "fill in t_per_unit, "
                     "0 for what has no mass", "填写 t_per_unit，无质量者填 0"),
    "price_order": ("low, mid and high prices are {found}", "低、中、高价为 {found}", "put them in rising order", "按升序填写"),
    "price_missing": ("it may be bought or sold outside but has no price", "可购可销，却没有价格",
                      "fill in price_mid_cny, 0 where it is free", "填写 price_mid_cny，免费填 0"),
    "bad_composition": ("'{found}' is not a composition", "“{found}”不是成分", "write Fe:0.36;S:0.27, mass fractions",
                        "写作 Fe:0.36;S:0.27，质量分数"),
    "unknown_element": ("'{found}' is not a chemical element", "“{found}”不是化学元素", "use element symbols{near}",
                        "使用元素符号{near}"),
    "repeated_element": ("the element {found} is given twice", "元素 {found} 出现两次", "add the two up", "合并为一项"),
    "composition_over_one": ("the mass fractions add up to {found}", "质量分数合计为 {found}",
                             "let them add up to {expected} at most", "合计不得超过 {expected}"),
    "bad_formula": ("'{found}' is not a chemical formula", "“{found}”不是化学式", "write it as NiSO4·6H2O or "
                    "Ni0.8Co0.1Mn0.1(OH)2", "写作 NiSO4·6H2O 或 Ni0.8Co0.1Mn0.1(OH)2"),
    "bad_balance_scope": ("'{found}' is not a balance scope", "“{found}”不是平衡范围",
                          "write full, 'full except Ag,Au: why' or 'exempt: why'", "写 full、full except Ag,Au: 原因 或 "
                          "exempt: 原因"),
    "process_without_flows": ("the process '{found}' has no flows", "工艺“{found}”没有流量",
                              "add its inputs and outputs to process_flows", "在 process_flows 中补充投入和产出"),
    "reference_not_made": ("the process '{found}' has no output of its reference product {expected}",
                           "工艺“{found}”没有产出其基准产品 {expected}", "add the output with amount 1", "补充产出，数量为 1"),
    "reference_amount": ("the process makes {found} of its reference product", "基准产品的净产出为 {found}",
                         "divide all its flows by this, so that it makes 1", "全部流量除以该数，使其为 1"),
    "duplicate_flow": ("{found} flows twice in the same direction, first in row {expected}",
                       "{found} 同方向出现两次，首见于第 {expected} 行", "add the two up", "合并为一行"),
    "wrong_reference_product": ("its process makes {expected}, not {found}", "其工艺的基准产品是 {expected}，不是 {found}",
                                "correct the process or the product", "改正工艺或产品"),
    "lat_lon_swapped": ("latitude {found} and longitude {expected} seem swapped", "纬度 {found} 与经度 {expected} 似乎对调",
                        "swap the two", "将两者对调"),
    "far_position": ("{found} is far from the other places (about {expected})", "{found} 与其他位置相距很远（约 {expected}）",
                     "check the position", "核对位置"),
    "title_above_header": ("the header is not in row 1 but in row {expected}", "表头不在第 1 行，而在第 {expected} 行",
                           "delete the rows above the header", "删除表头以上各行"),
    "position_incomplete": ("only one of latitude and longitude is given", "经纬度只填了一个", "give both, or neither with "
                            "a park", "两者都填；或都不填而指明园区"),
    "position_missing": ("the place is not known", "位置未知", "give lat and lon, or a park that has them",
                         "填写经纬度，或指明有经纬度的园区"),
    "scale_order": ("the least scale {found} is above the typical scale {expected}",
                    "最小规模 {found} 大于典型规模 {expected}", "correct one of the two", "改正其一"),
    "cap_without_material": ("a {found} needs a material", "{found} 须指明物料", "fill in material_id",
                             "填写 material_id"),
    "cap_with_material": ("a {found} is over all materials", "{found} 针对全部物料", "leave material_id blank",
                          "material_id 留空"),
    "duplicate_cap": ("repeats the cap of row {expected}: {found}", "与第 {expected} 行的约束重复：{found}",
                      "keep one of the rows", "保留其一"),
    "malformed_applies_to": ("'{found}' is not a scope", "“{found}”不是适用范围",
                             "write process:ID, facility:ID, chain:ID or park:ID, separated by ;, ! in front for all but",
                             "写作 process:ID、facility:ID、chain:ID 或 park:ID，用 ; 分隔，前加 ! 表示除外"),
    "unknown_parameter": ("no parameter is called '{found}'", "没有名为“{found}”的参数", "rename it{near}", "改名{near}"),
    "parameter_value": ("the parameter can't be {found}", "参数不能为 {found}", "give {expected}", "应为 {expected}"),
    # scenario files, and what shows only when a scenario is stated
    "broken_yaml": ("not valid YAML: {found}", "不是有效的 YAML：{found}",
                    "correct this line; put text with : or # in quotation marks", "改正该行；含 : 或 # 的文字加引号"),
    "wrong_shape": ("'{found}' stands where something else should", "此处不应为“{found}”", "write {expected}",
                    "写作 {expected}"),
    "unknown_key": ("no key is called '{found}'", "没有名为“{found}”的键", "use one of: {expected}", "可用：{expected}"),
    "duplicate_key": ("the key '{found}' is given twice, first in line {expected}", "键“{found}”出现两次，首见于第 {expected} 行",
                      "keep one of them", "保留其一"),
    "named_twice": ("'{found}' stands under {expected} too", "“{found}”也列在 {expected} 之下", "keep it under one of the two",
                    "只保留一处"),
    "belongs_under": ("'{found}' belongs under {expected}", "“{found}”应列在 {expected} 之下", "move it to {expected}",
                      "移到 {expected} 之下"),
    "unknown_scenario": ("there is no scenario file '{found}'", "没有情景文件“{found}”",
                         "give a file, or the name of one in the city's scenarios folder{near}",
                         "给出文件，或城市 scenarios 文件夹中的情景名{near}"),
    "no_emission_price": ("the city prices no emission", "本市没有排放价格", "add a row of kind price to resources",
                          "在 resources 中补充一行 price"),
    "free_everywhere": ("'{found}' is free wherever it is needed", "“{found}”处处免费可得",
                        "nothing to match: ask for a material that somebody makes", "无须匹配：请询问有人生产的物料"),
    "scope_on_pool": ("the cap '{found}' names places, but its material shares one balance",
                      "约束“{found}”限定了地点，但其物料共用一个平衡", "clear applies_to, or the material's pool",
                      "清空 applies_to，或清空物料的 pool"),
    "bad_room": ("{found} can't be", "不能为 {found}", "give {expected}", "填写有限的数；资金、用地和个数不得为负，节约量不得超过现有用量"),
    "room_without_material": ("no material of the city counts for this room ({found})", "本市没有计入该余量（{found}）的物料",
                              "give the formula of the material, or leave the room out", "填写物料的化学式，或不限该余量"),
    # reports whose figures are read, and what a person corrects in them
    "empty_file": ("holds no text", "文件中没有文字", "give the report itself", "请给出报告正文"),
    "not_a_document": ("is no text, web page, Word or PDF file, or is damaged", "不是文本、网页、Word 或 PDF 文件，或文件已损坏",
                       "open it and save it anew as txt, html, docx or pdf", "打开后重新另存为 txt、html、docx 或 pdf"),
    "old_word": ("is an old or locked Word file, or RTF", "是旧版或加密的 Word 文件，或 RTF 文件",
                 "save it as .docx without a password", "另存为不带密码的 .docx"),
    "picture": ("is a picture", "是图片", "recognise its characters (OCR) and give the text", "先做文字识别（OCR），再给出文字"),
    "unknown_encoding": ("is coded in none of UTF-8, UTF-16, GB 18030 and Big5, or is no text",
                         "编码不是 UTF-8、UTF-16、GB 18030 或 Big5，或不是文本", "save it as UTF-8", "另存为 UTF-8"),
    "pdf_encrypted": ("is a PDF that opens with a password only", "PDF 有打开密码", "save it without a password",
                      "另存为不带密码的 PDF"),
    "pdf_broken": ("is a damaged or truncated PDF", "PDF 已损坏或不完整", "fetch or export it again", "重新下载或导出"),
    "pdf_without_text": ("is a PDF without text: {found} pages, scanned or in fonts without meaning",
                         "PDF 没有文字层：共 {found} 页，系扫描件或字体不可识别",
                         "recognise its characters (OCR) and give the text", "先做文字识别（OCR），再给出文字"),
    "no_figure_there": ("'{found}' is no figure", "“{found}”不是数字", "mark one whole figure with its unit",
                        "请选中一个完整的数字及其单位"),
    "correction_field": ("no field of a figure is called '{found}'", "数字没有名为“{found}”的字段",
                         "one of {expected}", "可改的字段：{expected}"),
    "correction_value": ("'{found}' is no number", "“{found}”不是数值", "write a number, or the figure as the text prints it",
                         "填写数值，或照原文写数字"),
    "correction_choice": ("'{found}' is not among the choices", "“{found}”不在可选值之内", "one of {expected}",
                          "可选：{expected}"),
    "correction_period": ("'{found}' is no period", "“{found}”不是时期",
                          "write 2024, 2025-09, 2025-Q1, 2025-01/2025-09 or 2021/2025",
                          "写作 2024、2025-09、2025-Q1、2025-01/2025-09 或 2021/2025"),
    "correction_text": ("'{found}' is no text, or must not be blank", "“{found}”不是文字，或不能为空", "write a text",
                        "填写文字"),
}  # fmt: skip

_ALL = _TABLE | LEDGER
SENTENCES: dict[str, dict[Lang, str]] = {code: {"en": row[0], "zh": row[1]} for code, row in _ALL.items()}
FIXES: dict[str, dict[Lang, str]] = {code: {"en": row[2], "zh": row[3]} for code, row in _ALL.items()}


def problem(
    code: str,
    file: str,
    row: int | None = None,
    column: str | None = None,
    *,
    found: str = "",
    expected: str = "",
    fix: str = "",
) -> Problem:
    """A Problem of this code at this place; its English fix comes from the table unless one is given.

    Raises KeyError for a code that is not in the table and comes without a fix.
    """
    severity: Severity = "notice" if code in NOTICES else "error"
    text = fix or _fill(FIXES[code]["en"], found, expected, "en")
    return Problem(file, row, column, code, found, expected, text, severity)


def sentence(problem: Problem, lang: Lang) -> str:
    """The problem in one line: place, what is wrong, the fix. A code without a sentence is told by its parts."""
    return f"{place(problem, lang)}{what(problem, lang)}{'；' if lang == 'zh' else '; '}{fix(problem, lang)}"


def place(problem: Problem, lang: Lang) -> str:
    """'materials.csv, row 12, column unit: ' or 'materials.csv 第 12 行 unit 列：', as far as it is known.

    A scenario file has lines and keys: 'low.yaml, line 3, key prices.nickel: '.
    """
    keyed = problem.file.endswith((".yaml", ".yml"))
    if lang == "zh":
        row = f" 第 {problem.row} 行" if problem.row is not None else ""
        column = (f" 键 {problem.column}" if keyed else f" {problem.column} 列") if problem.column else ""
        return f"{problem.file}{row}{column}："
    row = f", {'line' if keyed else 'row'} {problem.row}" if problem.row is not None else ""
    column = f", {'key' if keyed else 'column'} {problem.column}" if problem.column else ""
    return f"{problem.file}{row}{column}: "


def what(problem: Problem, lang: Lang) -> str:
    """What is wrong, without the place and the fix."""
    if problem.code in SENTENCES:
        return _fill(SENTENCES[problem.code][lang], problem.found, problem.expected, lang)
    if lang == "zh":
        return f"{problem.code}：“{problem.found}”，应为 {problem.expected}"
    return f"{problem.code}: found '{problem.found}', expected {problem.expected}"


def fix(problem: Problem, lang: Lang) -> str:
    """What to do about it."""
    if lang == "zh" and problem.code in FIXES:
        return _fill(FIXES[problem.code]["zh"], problem.found, problem.expected, "zh")
    return problem.fix


def _fill(template: str, found: str, expected: str, lang: Lang) -> str:
    near = (f"，相近：{expected}" if lang == "zh" else f" (near: {expected})") if expected else ""
    return template.format(found=found, expected=expected, near=near)
