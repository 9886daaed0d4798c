// Draws every <figure class="chart" data-chart="ID"> from the JSON in the block of that id, or from data-src.
// ECharts is fetched when the first chart is there. Colours follow the page's theme, sizes its width.
(function () {
  var english = document.documentElement.lang === "en";
  var short = new Intl.NumberFormat(english ? "en" : "zh-CN", { notation: "compact", maximumSignificantDigits: 4 });
  var full = new Intl.NumberFormat(english ? "en" : "zh-CN", { maximumSignificantDigits: 6 });
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function colours() {
    var style = getComputedStyle(document.documentElement);
    function get(name) { return style.getPropertyValue(name).trim(); }
    var series = [];
    for (var i = 1; i <= 8; i += 1) { series.push(get("--chart-" + i)); }
    return {
      series: series, ink: get("--map-ink"), soft: get("--map-soft"), paper: get("--map-paper"),
      line: get("--bar-room"), area: get("--chart-area"), font: get("--tblr-font-sans-serif"),
      kinds: {
        main: get("--wire-main"), byproduct: get("--wire-byproduct"), utility: get("--wire-utility"),
        outside: get("--mark-bought"), back: get("--mark-bottleneck"), plant: get("--chart-1"),
        park: get("--chart-1"), demand: get("--mark-dumped")
      }
    };
  }
  function number(value, unit) { return value === null || value === undefined ? "–" : full.format(value) + (unit ? " " + unit : ""); }
  function note(s, p) {  // what is said of a value, in lines that fit the tooltip
    var text = p.value !== null && p.value !== undefined && s.notes && s.notes[p.dataIndex];
    return text ? text.replace(/[^\n]{1,36}(?:[ ,，：:]|$)|[^\n]{1,36}/gm, "\n    $&").replace(/\n\n/g, "\n") : "";
  }
  function words(c) { return { color: c.ink, fontFamily: c.font }; }
  function tooltip(c, more) {  // as text on the canvas: HTML would need inline styles
    return Object.assign({
      renderMode: "richText", confine: true, backgroundColor: c.paper, borderColor: c.soft,
      textStyle: { color: c.ink, fontFamily: c.font, fontSize: 13, lineHeight: 19 }
    }, more);
  }

  var kinds = {
    line: series, bar: series,
    scatter: series,
    sankey: function (spec, c, width) {
      var narrow = width < 600;
      return {
        tooltip: tooltip(c, {
          trigger: "item",
          formatter: function (p) { return (p.dataType === "edge" ? p.data.from + " → " + p.data.to + "\n" : p.data.label_text + "\n") + p.data.text; }
        }),
        series: [{
          type: "sankey", left: 8, right: narrow ? 70 : 150, top: 8, bottom: 8, nodeWidth: 12, nodeGap: 14,
          roam: true, draggable: false, layoutIterations: 64, emphasis: { focus: "adjacency" },
          label: { color: c.ink, fontFamily: c.font, fontSize: 12, width: narrow ? 90 : 150, overflow: "truncate", formatter: function (p) { return p.data.label_text; } },
          data: spec.nodes.map(function (n) {
            return { name: n.id, label_text: n.name, text: n.text, href: n.href, itemStyle: { color: c.kinds[n.kind], borderWidth: 0 } };
          }),
          links: spec.links.map(function (k) {
            var back = k.target.indexOf("back:") === 0;
            return {
              source: k.source, target: k.target, value: k.value, text: k.text, from: spec.names[k.source], to: spec.names[k.target],
              lineStyle: { color: back ? c.kinds.back : c.kinds[k.kind], opacity: back ? 0.55 : 0.4, curveness: 0.5 }
            };
          })
        }]
      };
    },
    map: function (spec, c) {
      var box = spec.bounds;
      window.echarts.registerMap("outline", spec.outline || grid(box));
      var most = spec.lines.reduce(function (m, l) { return Math.max(m, l.weight); }, 0);
      return {
        tooltip: tooltip(c, { trigger: "item", formatter: function (p) { return p.data && p.data.lines ? p.data.lines.join("\n") : p.name; } }),
        geo: {
          map: "outline", roam: true, boundingCoords: box, scaleLimit: { min: 0.5, max: 60 }, layoutSize: "98%", layoutCenter: ["50%", "50%"],
          aspectScale: Math.cos((box[0][1] + box[1][1]) / 2 * Math.PI / 180), silent: !spec.outline, tooltip: { show: Boolean(spec.outline) },
          label: { show: Boolean(spec.outline), color: c.soft, fontFamily: c.font },
          itemStyle: spec.outline ? { areaColor: c.area, borderColor: c.soft } : { areaColor: "transparent", borderColor: c.line },
          emphasis: { disabled: true }
        },
        series: [{
          type: "lines", coordinateSystem: "geo", symbol: ["none", "arrow"], symbolSize: 8,
          data: spec.lines.map(function (l) {
            return { coords: [l.from, l.to], lines: l.lines, lineStyle: { width: most > 0 ? 1 + 9 * Math.sqrt(l.weight / most) : 1 } };
          }),
          lineStyle: { color: c.kinds.main, opacity: 0.5, curveness: 0.22 },
          emphasis: { lineStyle: { opacity: 1 } }
        }, {
          type: "scatter", coordinateSystem: "geo",
          data: spec.points.map(function (p) {
            return { name: p.name, value: [p.lon, p.lat], lines: p.lines, href: p.href, symbolSize: p.size, itemStyle: { color: c.kinds[p.kind] } };
          }),
          itemStyle: { borderColor: c.paper, borderWidth: 1 },
          label: { show: true, position: "right", formatter: "{b}", color: c.ink, fontFamily: c.font, fontSize: 12, textBorderColor: c.paper, textBorderWidth: 3 },
          labelLayout: { hideOverlap: true, moveOverlap: "shiftY" }
        }]
      };
    }
  };

  function grid(box) {  // without an outline: lines of longitude and latitude, at a round step
    var w = box[0][0], n = box[0][1], e = box[1][0], s = box[1][1], span = Math.max(e - w, n - s), cells = [];
    var step = [20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01].filter(function (k) { return span / k <= 12; }).pop() || 20;
    for (var x = Math.floor(w / step); x * step < e; x += 1) {
      for (var y = Math.floor(s / step); y * step < n; y += 1) {
        var l = x * step, r = l + step, d = y * step, u = d + step;
        cells.push({ type: "Feature", properties: { name: x + " " + y }, geometry: { type: "Polygon", coordinates: [[[l, d], [r, d], [r, u], [l, u], [l, d]]] } });
      }
    }
    return { type: "FeatureCollection", features: cells };
  }

  function series(spec, c, width) {
    var points = spec.kind === "scatter";
    var names = { type: points ? "value" : "category", data: points ? undefined : spec.categories, axisLabel: words(c), axisLine: { lineStyle: { color: c.soft } }, splitLine: { show: false }, inverse: spec.flat, scale: points };
    var values = { type: "value", scale: spec.kind !== "bar", axisLabel: Object.assign(words(c), { formatter: function (v) { return short.format(v); } }), splitLine: { lineStyle: { color: c.line } } };
    var many = spec.series.length > 1;
    return {
      color: c.series,
      grid: { left: 8, right: 16, top: many ? 40 : 16, bottom: 8, containLabel: true },
      legend: many ? { type: "scroll", top: 4, textStyle: words(c), data: spec.series.map(function (s) { return s.name; }) } : undefined,
      tooltip: tooltip(c, {
        trigger: points ? "item" : "axis", axisPointer: { type: spec.kind === "bar" ? "shadow" : "line" },
        formatter: function (found) {
          var all = Array.isArray(found) ? found : [found];
          if (points) { return all[0].seriesName + "\n" + all[0].value.map(function (v) { return full.format(v); }).join(" · ") + " " + spec.unit; }
          return all[0].axisValueLabel + "\n" + all.map(function (p) { return p.seriesName + "  " + number(p.value, spec.unit) + note(spec.series[p.seriesIndex], p); }).join("\n");
        }
      }),
      xAxis: spec.flat ? values : names,
      yAxis: spec.flat ? names : values,
      series: spec.series.map(function (s) {
        return {
          type: spec.kind, name: s.name, stack: spec.stacked ? "all" : undefined, connectNulls: false, symbolSize: points ? 9 : 6, barMaxWidth: 42,
          lineStyle: { type: s.dashed ? "dashed" : "solid", width: 2 },
          data: points ? spec.categories.map(function (x, i) { return [x, s.values[i]]; }) : s.values
        };
      })
    };
  }

  function prepare(figure, spec) {
    var room = figure.querySelector(".chart-room");
    if (spec.nodes) {
      spec.names = {};
      spec.nodes.forEach(function (n) { spec.names[n.id] = n.name; });
    }
    room.style.height = spec.height + "px";
    var wide = spec.kind === "sankey" && spec.layers > 6 ? Math.min(spec.layers * 150, 2600) : 0;
    if (wide) { room.style.minWidth = Math.max(wide, 640) + "px"; figure.classList.add("chart-wide"); }
    var chart = window.echarts.init(room, null, { renderer: "canvas" });
    function draw() {
      var c = colours();
      chart.setOption(Object.assign({ animation: !still, backgroundColor: "transparent" }, kinds[spec.kind](spec, c, room.clientWidth)), true);
    }
    draw();
    chart.on("click", function (p) { if (p.data && p.data.href) { window.location.assign(p.data.href); } });
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
    new ResizeObserver(function () { chart.resize(); }).observe(room);
    var table = figure.querySelector("details.chart-table");
    if (table) { table.open = false; }
    tools(figure, spec, chart);
    figure.dataset.drawn = "1";
  }

  function tools(figure, spec, chart) {
    var save = figure.querySelector("[data-save]");
    if (save) {
      save.hidden = false;
      save.addEventListener("click", function () { download(picture(figure, chart), save.dataset.save); });
    }
    if (spec.kind !== "map") { return; }
    figure.querySelectorAll("[data-zoom]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () {
        chart.dispatchAction({ type: "geoRoam", componentType: "geo", geoIndex: 0, zoom: button.dataset.zoom === "in" ? 1.5 : 1 / 1.5, originX: chart.getWidth() / 2, originY: chart.getHeight() / 2 });
      });
    });
  }

  function picture(figure, chart) {  // the drawing with its title above, source and date below
    var c = colours(), ratio = 2, head = 48, foot = figure.dataset.note ? 34 : 12;
    var drawn = chart.renderToCanvas({ pixelRatio: ratio, backgroundColor: c.paper });
    var page = document.createElement("canvas");
    page.width = drawn.width;
    page.height = drawn.height + (head + foot) * ratio;
    var pen = page.getContext("2d");
    pen.fillStyle = c.paper;
    pen.fillRect(0, 0, page.width, page.height);
    pen.drawImage(drawn, 0, head * ratio);
    pen.scale(ratio, ratio);
    pen.fillStyle = c.ink;
    pen.font = "600 18px " + c.font;
    pen.fillText(figure.dataset.title, 14, 31);
    pen.fillStyle = c.soft;
    pen.font = "12px " + c.font;
    pen.fillText(figure.dataset.note || "", 14, page.height / ratio - 13);
    return page;
  }

  function download(canvas, name) {
    canvas.toBlob(function (blob) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    }, "image/png");
  }

  function failed(figure) {
    var said = document.createElement("p");
    said.className = "text-secondary";
    said.setAttribute("role", "status");
    said.textContent = figure.dataset.failed;
    figure.querySelector(".chart-room").replaceWith(said);
  }

  function start(figure) {
    var given = figure.dataset.src
      ? fetch(figure.dataset.src, { headers: { Accept: "application/json" } }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return answer.json();
      })
      : Promise.resolve().then(function () { return JSON.parse(document.getElementById(figure.dataset.chart).textContent); });
    Promise.all([given, library()]).then(function (both) { prepare(figure, both[0]); }).catch(function () { failed(figure); });
  }

  var address = document.querySelector("script[data-echarts]").dataset.echarts, fetched = null;
  function library() {
    fetched = fetched || new Promise(function (done, lost) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = lost;
      document.head.appendChild(script);
    });
    return fetched;
  }

  function all(root) {
    root.querySelectorAll("figure.chart:not([data-begun])").forEach(function (figure) {
      figure.dataset.begun = "1";
      start(figure);
    });
  }
  all(document);
  document.addEventListener("htmx:load", function (e) { all(e.target.parentElement || document); });
})();
