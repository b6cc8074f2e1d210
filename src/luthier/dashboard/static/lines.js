// Parallel coordinates, drawn by ECharts: an axis for each hyperparameter and the objective, brushed to pick lines.
import { load, shown } from "./loading.js";

const HEIGHT_PX = 360;
const NAMED = 12; // lines that are named when a brush picks few
const LISTED = 100; // rows of the table

export async function drawLines(place, numbers, page) {
  await load("/static/vendor/echarts/echarts.min.js");
  place.replaceChildren();
  page.say("Drag along an axis to pick lines; press the axis to let them go.");
  page.table(...asTable(numbers));
  const charts = numbers.definitions.filter((each) => each.lines.length > 0).map((each) => one(place, each, page));
  if (charts.length === 0) page.say("No training job is over and has reported its objective yet.");
  return {
    resize: () => charts.forEach((each) => each.resize()),
    destroy: () => charts.forEach((each) => each.dispose()),
  };
}

function one(place, drawn, page) {
  if (drawn.name) place.append(Object.assign(document.createElement("h3"), { textContent: `${drawn.name}, ${drawn.metric}` }));
  const room = place.appendChild(Object.assign(document.createElement("div"), { className: "parallel" }));
  const chart = echarts.init(room, null, { renderer: "canvas", height: HEIGHT_PX });
  chart.setOption(options(drawn, page, room.clientWidth));
  chart.on("mouseover", ({ dataIndex }) => page.say(named(drawn, drawn.lines[dataIndex]), drawn.lines[dataIndex].url));
  chart.on("click", ({ dataIndex }) => location.assign(drawn.lines[dataIndex].url));
  chart.on("axisareaselected", () => page.say(picked(chart, drawn)));
  return chart;
}

function options(drawn, page, width) {
  const [ink, muted, line, card] = ["ink", "muted", "line", "card"].map(page.colour);
  const clipped = (value) => Math.min(drawn.high, Math.max(drawn.low, value));
  const objective = { name: drawn.metric, low: drawn.low, high: drawn.high, log: false, choices: [] };
  const axes = [...drawn.axes, objective];
  const good = page.colour("good");
  const bad = page.colour("bad");
  const middle = page.colour("accent");
  return {
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: muted },
    parallel: {
      left: 48, right: 64, top: 40, bottom: 28,
      axisExpandable: axes.length > 8 && width < 100 * axes.length,
      axisExpandWidth: 90,
      axisExpandCount: 6,
    },
    parallelAxis: axes.map((each, dim) => axis(each, dim, { ink, muted, line, card, accent: middle, width: width / axes.length })),
    visualMap: {
      show: false,
      dimension: axes.length - 1,
      min: drawn.low,
      max: drawn.high,
      inRange: { color: drawn.direction === "Maximize" ? [bad, middle, good] : [good, middle, bad] },
    },
    series: {
      type: "parallel",
      smooth: false,
      lineStyle: { width: drawn.lines.length > 200 ? 1 : 1.5, opacity: drawn.lines.length > 200 ? 0.35 : 0.65 },
      inactiveOpacity: 0.04,
      activeOpacity: 0.9,
      emphasis: { lineStyle: { width: 3, opacity: 1 } },
      data: drawn.lines.map((each) => ({ value: [...each.values.map((value) => value ?? "-"), clipped(each.objective)] })),
    },
  };
}

function axis(each, dim, look) {
  const scale = each.choices.length > 0 ? { type: "category", data: each.choices } : { type: each.log ? "log" : "value", min: each.low, max: each.high };
  return {
    dim,
    ...scale,
    name: each.name,
    nameTextStyle: { color: look.ink, fontSize: 12 },
    nameTruncate: { maxWidth: Math.max(48, look.width - 8), ellipsis: "…" },
    axisLine: { lineStyle: { color: look.muted } },
    axisTick: { lineStyle: { color: look.muted } },
    z: 10,
    axisLabel: { color: look.ink, textBorderColor: look.card, textBorderWidth: 3, fontSize: 11, formatter: (value) => (typeof value === "number" ? shown(value) : short(value)) },
    areaSelectStyle: { width: 16, borderColor: look.accent, color: look.accent, opacity: 0.25 },
  };
}

const short = (text) => (text.length > 12 ? `${text.slice(0, 11)}…` : text);

function picked(chart, drawn) {
  const places = chart.getModel().getSeriesByIndex(0).getRawIndicesByActiveState("active");
  if (places.length === 0) return "Drag along an axis to pick lines; press the axis to let them go.";
  const names = places.slice(-NAMED).reverse().map((place) => drawn.lines[place].name);
  return `${places.length} of ${drawn.lines.length} picked, the best first: ${names.join(", ")}${places.length > NAMED ? " …" : ""}`;
}

const named = (drawn, line) => `${line.ordinal}: ${line.name}, ${drawn.metric} ${shown(line.objective)}`;

function asTable({ definitions }) {
  const axes = [...new Set(definitions.flatMap((each) => each.axes.map((axis) => axis.name)))];
  const rows = () => definitions.flatMap((each) => each.lines.slice(-LISTED).reverse().map((line) => row(each, line, axes)));
  return [["Training job", "Objective", ...axes], rows, `The best ${LISTED} training jobs at most, the best first.`];
}

function row(drawn, line, axes) {
  const values = new Map(drawn.axes.map((axis, place) => [axis.name, line.values[place]]));
  const texts = axes.map((name) => values.get(name) ?? "–").map((value) => (typeof value === "number" ? shown(value) : value));
  return [{ text: line.name, url: line.url }, shown(line.objective), ...texts];
}
