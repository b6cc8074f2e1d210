// Draws the charts of a page: each when it first comes into view, again when its numbers have changed or the colours.
import { drawCurves } from "./curves.js";
import { drawLines } from "./lines.js";

const KINDS = { curves: drawCurves, lines: drawLines };
const PATIENCE_MS = 30000;
const PAUSE_MS = 4000; // between two looks at numbers that change all the time

const states = new WeakMap(); // element -> { version, numbers, chart, isBusy, isVisible }

const views = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      states.get(target).isVisible = isIntersecting;
      update(target);
    }
  },
  { rootMargin: "200px" },
);

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) states.get(target)?.chart?.resize();
});

function watch() {
  for (const element of document.querySelectorAll("[data-chart]")) {
    if (states.has(element)) {
      update(element);
      continue;
    }
    states.set(element, { isBusy: false, isVisible: false });
    views.observe(element);
    sizes.observe(element);
  }
}

async function update(element) {
  const state = states.get(element);
  const version = element.dataset.version;
  if (state.isBusy || !state.isVisible || state.version === version) return;
  state.isBusy = true;
  try {
    const answer = await fetch(element.dataset.url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    state.numbers = await answer.json();
    await draw(element, state);
    state.version = version;
  } catch (error) {
    say(element, `This chart cannot be drawn just now (${error.message}); it is tried again.`);
  }
  setTimeout(() => {
    state.isBusy = false;
    if (element.isConnected) update(element);
  }, PAUSE_MS);
}

async function draw(element, state) {
  const place = element.querySelector(".drawing");
  state.chart?.destroy();
  state.chart = await KINDS[element.dataset.chart](place, state.numbers, {
    say: (text, url) => say(element, text, url),
    colour: (name) => getComputedStyle(element).getPropertyValue(`--${name}`).trim(),
    legend: (looks) => element.querySelectorAll(".legend li").forEach((each) => (each.hidden = !looks.has(each.className))),
    table: (heads, rows, caption) => table(element.querySelector("details.numbers"), heads, rows, caption),
  });
}

function say(element, text, url) {
  const said = document.createElement(url ? "a" : "span");
  said.textContent = text;
  if (url) said.href = url;
  element.querySelector(".told").replaceChildren(said);
}

// The same numbers as text, made when somebody asks for them: rows hold texts, and { text, url } for a link.
function table(details, heads, rows, caption) {
  const fill = () => {
    const made = document.createElement("table");
    made.createCaption().textContent = caption;
    const head = made.createTHead().insertRow();
    for (const each of heads) head.append(cell("th", each, "col"));
    const body = made.createTBody();
    for (const [first, ...others] of rows()) {
      body.insertRow().append(cell("th", first, "row"), ...others.map((each) => cell("td", each)));
    }
    details.querySelector(".scroll").replaceChildren(made);
  };
  details.ontoggle = () => details.open && fill();
  if (details.open) fill();
}

function cell(kind, content, scope) {
  const made = document.createElement(kind);
  if (scope) made.scope = scope;
  if (content?.url) {
    const link = document.createElement("a");
    link.href = content.url;
    link.textContent = content.text;
    made.append(link);
  } else {
    made.textContent = content;
  }
  return made;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const element of document.querySelectorAll("[data-chart]")) {
    const state = states.get(element);
    if (state?.numbers) draw(element, state);
  }
});
document.addEventListener("luthier:shown", watch);
watch();
