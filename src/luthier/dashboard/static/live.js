// Keeps a page up to date: while its <main> has data-period-ms, the page is fetched again and <main> is replaced.
"use strict";

const PATIENCE_MS = 15000;

async function refresh() {
  if (!document.hidden && window.getSelection().isCollapsed && !isFilledIn()) {
    const page = await newPage();
    document.getElementById("stale").hidden = page !== null;
    if (page !== null) show(page);
  }
  schedule();
}

// A form that somebody writes in is left alone.
function isFilledIn() {
  const fields = [...document.querySelectorAll("main :is(input, select)")];
  return fields.some((each) => each === document.activeElement || isChanged(each));
}

const isChanged = (field) =>
  field.options ? [...field.options].some((each) => each.selected !== each.defaultSelected) : field.value !== field.defaultValue;

async function newPage() {
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null; // no answer: said at the top of the page, and asked again
  }
}

function show(page) {
  const before = document.getElementById("main");
  const after = document.adoptNode(page.getElementById("main"));
  const focused = before.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const scrolled = [...before.querySelectorAll("[tabindex='0']")].map((each) => [keyOf(each), places(each)]);
  keep(before, after);
  before.replaceWith(after);
  document.title = page.title;
  const found = (key) => [...after.querySelectorAll("a:not([tabindex]), [tabindex='0']")].find((each) => keyOf(each) === key);
  for (const [key, place] of scrolled) restore(found(key), place);
  if (focused !== null) found(focused)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("luthier:shown"));
}

// What a script has drawn goes on to the new page with its new addresses; what a reader has opened stays open.
function keep(before, after) {
  for (const old of before.querySelectorAll("[data-keep]")) {
    const young = after.querySelector(`#${old.id}`);
    if (young === null) continue;
    Object.assign(old.dataset, young.dataset);
    young.replaceWith(old);
  }
  for (const old of before.querySelectorAll("details[id][open]")) {
    after.querySelector(`#${old.id}`)?.setAttribute("open", "");
  }
}

const keyOf = (each) => each.getAttribute("href") ?? each.id + each.getAttribute("aria-label");

const places = (each) => ({
  left: each.scrollLeft,
  top: each.scrollTop,
  isAtEnd: each.scrollTop > 0 && each.scrollTop + each.clientHeight >= each.scrollHeight - 4,
});

function restore(each, place) {
  each?.scrollTo(place.left, place.isAtEnd ? each.scrollHeight : place.top);
}

function schedule() {
  const period = document.getElementById("main").dataset.periodMs;
  if (period !== undefined) setTimeout(refresh, Number(period));
}

for (const log of document.querySelectorAll("[data-follow]")) log.scrollTo(0, log.scrollHeight);
schedule();
