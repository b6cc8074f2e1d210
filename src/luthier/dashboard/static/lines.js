// Parallel coordinates, drawn by ECharts: an axis for each hyperparameter and the objective, brushed to pick lines.
import { load, shown } from "./loading.js";
import { makeFields } from "./picking.js";

const HEIGHT_PX = 360;
const NAMED = 12; // lines that are named when a brush picks few
const LISTED = 100; // rows of the table
const NARROW = 13; // letters of a name that there is room for beside the outermost axes
const WIDE_PX = 140; // between two axes, for names that reach from one to the other

const kept = new WeakMap(); // place -> the fields and picks of each definition, which outlive a drawing

export async function drawLines(place, numbers, page) {
  await load("/static/vendor/echarts/echarts.min.js");
  place.replaceChildren();
  const drawings = numbers.definitions.filter((each) => each.lines.length > 0);
  const picks = picksOf(place, drawings);
  const tell = () => {
    page.say(told(drawings, picks));
    page.table(...asTable(drawings, picks));
  };
  const charts = drawings.map((each, at) => one(place, each, page, picks[at], tell));
  tell();
  return {
    resize: () => charts.forEach((each) => each.resize()),
    destroy: () => charts.forEach((each) => each.dispose()),
  };
}

// A pick is { wanted, fields, chart, lines }: intervals of each axis that has some, and the lines that are within all of them.
function picksOf(place, drawings) {
  const signature = JSON.stringify(drawings.map((each) => [each.name, allAxes(each).map(({ name, choices }) => [name, choices])]));
  if (kept.get(place)?.signature === signature) return kept.get(place).picks;
  const picks = drawings.map((each) => {
    const pick = { wanted: new Map(), chart: null, lines: [], isAsking: false };
    const title = `Pick by values${each.name ? `: ${each.name}` : ""}`;
    pick.fields = makeFields(allAxes(each), title, (dim, intervals) => {
      pick.isAsking = true; // the fields say already what the drawing is about to answer
      pick.chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: axisId(dim), intervals });
      pick.isAsking = false;
    });
    return pick;
  });
  place.parentElement.querySelector(".picks").replaceChildren(...picks.map((each) => each.fields.details));
  kept.set(place, { signature, picks });
  return picks;
}

const axisId = (dim) => `axis-${dim}`;

const allAxes = (drawn) => [...drawn.axes, { name: drawn.metric, low: drawn.low, high: drawn.high, log: false, choices: [] }];

function one(place, drawn, page, pick, tell) {
  if (drawn.name) place.append(Object.assign(document.createElement("h3"), { textContent: `${drawn.name}, ${drawn.metric}` }));
  const room = place.appendChild(Object.assign(document.createElement("div"), { className: "parallel" }));
  const chart = echarts.init(room, null, { renderer: "canvas", height: HEIGHT_PX });
  pick.chart = chart;
  chart.setOption(options(drawn, page, room.clientWidth));
  chart.on("mouseover", ({ dataIndex }) => page.say(named(drawn, drawn.lines[dataIndex]), drawn.lines[dataIndex].url));
  chart.on("click", ({ dataIndex }) => location.assign(drawn.lines[dataIndex].url));
  chart.on("axisareaselected", () => {
    takeIn(pick, chart, drawn);
    tell();
  });
  for (const [dim, intervals] of [...pick.wanted]) {
    chart.dispatchAction({ type: "axisAreaSelect", parallelAxisId: axisId(dim), intervals });
  }
  takeIn(pick, chart, drawn);
  return chart;
}

function takeIn(pick, chart, drawn) {
  const model = chart.getModel();
  allAxes(drawn).forEach((_, dim) => {
    const intervals = model.getComponent("parallelAxis", dim).activeIntervals;
    const before = JSON.stringify(pick.wanted.get(dim) ?? []);
    if (intervals.length > 0) pick.wanted.set(dim, intervals.map((each) => [...each]));
    else pick.wanted.delete(dim);
    if (!pick.isAsking && JSON.stringify(intervals) !== before) pick.fields.show(dim, intervals);
  });
  const within = pick.wanted.size > 0 ? model.getSeriesByIndex(0).getRawIndicesByActiveState("active") : [];
  pick.lines = within.map((at) => drawn.lines[at]);
}

function options(drawn, page, width) {
  const [ink, muted, line, card] = ["ink", "muted", "line", "card"].map(page.colour);
  const clipped = (value) => Math.min(drawn.high, Math.max(drawn.low, value));
  const axes = allAxes(drawn);
  const good = page.colour("good");
  const bad = page.colour("bad");
  const middle = page.colour("rest");
  return {
    animation: false,
    textStyle: { fontFamily: "system-ui, sans-serif", color: muted },
    parallel: {
      left: 48, right: 64, top: 40, bottom: 28,
      axisExpandable: axes.length > 8 && width < 100 * axes.length,
      axisExpandWidth: 90,
      axisExpandCount: 6,
    },
    parallelAxis: axes.map((each, dim) => axis(each, dim, { ink, muted, line, card, accent: page.colour("accent"), width: width / axes.length, last: axes.length - 1 })),
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
    id: axisId(dim),
    ...scale,
    name: each.name,
    nameTextStyle: { color: look.ink, fontSize: 12, align: nameSide(each.name, dim, look) },
    nameTruncate: { maxWidth: Math.max(48, look.width < WIDE_PX ? look.width - 8 : 0.7 * look.width), ellipsis: "…" },
    axisLine: { lineStyle: { color: look.muted } },
    axisTick: { alignWithLabel: true, lineStyle: { color: look.muted } },
    z: 10,
    axisLabel: { color: look.ink, textBorderColor: look.card, textBorderWidth: 3, fontSize: 11, formatter: (value) => (typeof value === "number" ? shown(value) : short(value)) },
    areaSelectStyle: { width: 16, borderColor: look.accent, color: look.accent, opacity: 0.25 },
  };
}

// A name in the middle over its axis; a long one over the first or the last axis goes inward, where there is room.
function nameSide(name, dim, look) {
  if (name.length <= NARROW || look.width < WIDE_PX || (dim !== 0 && dim !== look.last)) return "center";
  return dim === 0 ? "left" : "right";
}

const short = (text) => (text.length > 12 ? `${text.slice(0, 11)}…` : text);

function told(drawings, picks) {
  if (drawings.length === 0) return "No training job is over and has reported its objective yet.";
  if (picks.every((each) => each.wanted.size === 0)) return "Drag along an axis, or give values below, to pick lines; press the axis to let them go.";
  return drawings.flatMap((each, at) => (picks[at].wanted.size > 0 ? [picked(each, picks[at].lines)] : [])).join(" ");
}

function picked(drawn, lines) {
  const names = lines.slice(-NAMED).reverse().map((each) => each.name);
  const best = names.length > 0 ? `, the best first: ${names.join(", ")}` : "";
  return `${lines.length} of ${drawn.lines.length} picked${best}${lines.length > NAMED ? " …" : "."}`;
}

const named = (drawn, line) => `${line.ordinal}: ${line.name}, ${drawn.metric} ${shown(line.objective)}`;

function asTable(drawings, picks) {
  const axes = [...new Set(drawings.flatMap((each) => each.axes.map((axis) => axis.name)))];
  const isPicked = picks.some((each) => each.wanted.size > 0);
  const within = (each, at) => (isPicked ? picks[at].lines : each.lines).slice(-LISTED).reverse();
  const rows = () => drawings.flatMap((each, at) => within(each, at).map((line) => row(each, line, axes)));
  return [["Training job", "Objective", ...axes], rows, `The best ${LISTED} training jobs at most${isPicked ? " of those picked" : ""}, the best first.`];
}

function row(drawn, line, axes) {
  const values = new Map(drawn.axes.map((axis, place) => [axis.name, line.values[place]]));
  const texts = axes.map((name) => values.get(name) ?? "–").map((value) => (typeof value === "number" ? shown(value) : value));
  return [{ text: line.name, url: line.url }, shown(line.objective), ...texts];
}
