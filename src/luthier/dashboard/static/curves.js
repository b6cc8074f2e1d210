// Learning curves over each other, drawn by uPlot: early-stopped ones dashed and crossed at their end, the best on top.
import { load, shown } from "./loading.js";

const VENDOR = "/static/vendor/uplot/";
const HEIGHT_PX = 320;
const NEAR_PX = 24;

export async function drawCurves(place, numbers, page) {
  await Promise.all([load(`${VENDOR}uPlot.iife.min.js`), load(`${VENDOR}uPlot.min.css`)]);
  const curves = [...numbers.curves].sort((a, b) => a.best - b.best); // the best is drawn last
  place.replaceChildren();
  page.say(summary(numbers));
  page.table(...asTable(numbers));
  page.legend(new Set(curves.map(look)));
  if (curves.length === 0) return { resize() {}, destroy() {} };
  const plot = new uPlot(options(place, curves, numbers, page), aligned(curves), place);
  return {
    resize: () => plot.setSize({ width: place.clientWidth, height: HEIGHT_PX }),
    destroy: () => plot.destroy(),
  };
}

function summary(numbers) {
  const { curves, of, metric } = numbers;
  if (curves.length === 0) return `No training job has reported ${metric} yet.`;
  const early = curves.filter((each) => each.early).length;
  const shownOf = curves.length < of ? `${curves.length} of ${of} training jobs: the best, the newest, those stopped early.` : "";
  const isBeyond = (value) => value < numbers.low || value > numbers.high;
  const beyond = curves.filter((each) => each.values.some(isBeyond)).length;
  const beyondOnes = beyond > 0 ? ` ${beyond} in part beyond the axis.` : "";
  const earlyOnes = early > 0 ? ` ${early} stopped early.` : "";
  return `${shownOf}${earlyOnes}${beyondOnes} Point at a curve for its name; press it to open the training job.`.trim();
}

function aligned(curves) {
  const steps = [...new Set(curves.flatMap((each) => each.steps))].sort((a, b) => a - b);
  const places = new Map(steps.map((step, place) => [step, place]));
  const columns = curves.map((each) => {
    const column = new Array(steps.length).fill(null);
    each.steps.forEach((step, at) => (column[places.get(step)] = each.values[at]));
    return column;
  });
  return [steps, ...columns];
}

function options(place, curves, numbers, page) {
  const colours = Object.fromEntries(["ink", "muted", "line", "accent", "run", "rest", "good", "card"].map((name) => [name, page.colour(name)]));
  const last = Math.max(2, ...curves.map((each) => each.steps.at(-1)));
  const axis = { stroke: colours.muted, grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 }, font: "12px system-ui" };
  let focused = null;
  return {
    width: place.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    focus: { alpha: 0.2 },
    cursor: { focus: { prox: NEAR_PX }, points: { show: false }, drag: { x: true, y: true, uni: 20 } },
    scales: {
      x: { time: false, range: (plot, low, high) => (low === high || low === null ? [1, last] : [low, high]) },
      y: { range: (plot, low, high) => (plot.isZoomed ? [low, high] : [numbers.low, numbers.high]) },
    },
    axes: [
      { ...axis, label: "report", labelFont: "12px system-ui", labelSize: 18, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] },
      { ...axis, size: 64, values: (plot, values) => values.map(shown) },
    ],
    series: [{}, ...curves.map((each) => series(each, colours))],
    hooks: {
      init: [(plot) => plot.over.addEventListener("click", () => focused !== null && location.assign(curves[focused].url))],
      setSelect: [(plot) => (plot.isZoomed = true)],
      setSeries: [
        (plot, index, { focus }) => {
          if (focus === undefined) return;
          focused = index === null || !focus ? null : index - 1;
          plot.over.classList.toggle("pointing", focused !== null);
          if (focused === null) page.say(summary(numbers));
          else page.say(named(curves[focused]), curves[focused].url);
        },
      ],
      draw: [(plot) => curves.forEach((each, at) => drawEnd(plot, each, at + 1, colours))],
    },
  };
}

// The class of a curve's line in the legend.
function look(curve) {
  if (curve.best) return "best-curve";
  if (curve.early) return "early-curve";
  return curve.status === "InProgress" ? "open-curve" : "curve";
}

function series(curve, colours) {
  const plain = { label: curve.name, spanGaps: true, points: { show: curve.steps.length === 1 }, alpha: 1 };
  if (curve.best) return { ...plain, stroke: colours.good, width: 2.5, dash: curve.early ? [5, 4] : undefined };
  if (curve.early) return { ...plain, stroke: colours.rest, width: 1, dash: [5, 4] };
  if (curve.status === "InProgress") return { ...plain, stroke: colours.run, width: 1.5 };
  return { ...plain, stroke: `color-mix(in srgb, ${colours.accent} 60%, transparent)`, width: 1 };
}

function drawEnd(plot, curve, index, colours) {
  if (!curve.early && !curve.best) return;
  const x = plot.valToPos(curve.steps.at(-1), "x", true);
  const y = plot.valToPos(curve.values.at(-1), "y", true);
  const { left, top, width, height } = plot.bbox;
  if (x < left - 1 || x > left + width + 1 || y < top - 1 || y > top + height + 1) return;
  const size = 4 * devicePixelRatio;
  const pen = plot.ctx;
  pen.save();
  pen.globalAlpha = plot.series[index].alpha ?? 1;
  pen.lineWidth = 1.5 * devicePixelRatio;
  pen.strokeStyle = curve.best ? colours.good : colours.ink;
  pen.fillStyle = colours.card;
  pen.beginPath();
  if (curve.early) {
    pen.moveTo(x - size, y - size);
    pen.lineTo(x + size, y + size);
    pen.moveTo(x + size, y - size);
    pen.lineTo(x - size, y + size);
  } else {
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.stroke();
  pen.restore();
}

const what = (curve) => [curve.status, curve.early ? "stopped early" : "", curve.best ? "the best" : ""].filter(Boolean).join(", ");

const named = (curve) => `${curve.ordinal}: ${curve.name} (${what(curve)}), ${shown(curve.values.at(-1))} after ${curve.reports} reports`;

function asTable({ curves, metric }) {
  const heads = ["Training job", "Status", "Reports", "First", "Lowest", "Highest", "Last"];
  const rows = () =>
    curves.map((each) => [
      { text: each.name, url: each.url },
      what(each),
      each.reports,
      shown(each.values[0]),
      shown(Math.min(...each.values)),
      shown(Math.max(...each.values)),
      shown(each.values.at(-1)),
    ]);
  return [heads, rows, `${metric} as reported, in the order in which the training jobs were created.`];
}
