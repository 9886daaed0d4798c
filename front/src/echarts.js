// The part of ECharts that kit/static/kit/charts.js draws with. A new kind of chart is added here.
import { init, registerMap, registerTheme, use } from "echarts/core";
import { BarChart, LineChart, LinesChart, MapChart, SankeyChart, ScatterChart } from "echarts/charts";
import {
  DatasetComponent, GeoComponent, GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent
} from "echarts/components";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([
  BarChart, LineChart, LinesChart, MapChart, SankeyChart, ScatterChart, DatasetComponent, GeoComponent,
  GridComponent, LegendScrollComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer
]);

window.echarts = { init, registerMap, registerTheme };
