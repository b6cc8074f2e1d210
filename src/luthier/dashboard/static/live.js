// Keeps a page up to date: when its stream says that it is not the newest version, htmx fetches <main> and morphs it.
// Without a stream (it is refused, or a proxy holds it up) the page is fetched every data-period-ms instead.
import { load } from "./loading.js";

const HTMX = "/static/vendor/htmx/htmx.min.js"; // loaded when something has changed for the first time
const QUIET_MS = 30000; // between two fetches although the stream says nothing: time passes, and a stream may be dead
const REFUSED_MS = 30000; // before a stream that was refused is asked for again

const main = () => document.getElementById("main");

let stream = null;
let place = ""; // where the stream is
let isHeard = false; // it has said something, so nothing on the way holds it up
let restUntil = 0;
let timer;

// One stream for what is seen: a browser has few connections, and a hidden page needs none.
function listen() {
  const wanted = document.hidden ? "" : (main().dataset.stream ?? "");
  const isLost = stream?.readyState === EventSource.CLOSED;
  if (wanted === place && !(isLost && performance.now() >= restUntil)) return;
  stream?.close();
  [stream, place, isHeard] = [null, wanted, false];
  if (wanted === "") return;
  stream = new EventSource(wanted);
  stream.addEventListener("version", hear);
  stream.addEventListener("error", lose);
}

function hear({ data }) {
  isHeard = true;
  if (data === main().dataset.version) tell(true);
  else renew();
  schedule();
}

function lose() {
  isHeard = false;
  if (stream.readyState === EventSource.CLOSED) restUntil = performance.now() + REFUSED_MS; // else the browser tries again
  schedule();
}

function schedule() {
  clearTimeout(timer);
  const period = main().dataset.periodMs;
  if (period !== undefined) timer = setTimeout(look, isHeard ? QUIET_MS : Number(period));
}

function look() {
  listen();
  if (!document.hidden) renew();
  schedule();
}

async function renew() {
  try {
    await load(HTMX);
  } catch {
    tell(false);
    return;
  }
  htmx.registerExtension("luthier", { htmx_before_morph_attr: mayChange, htmx_before_morph_node: mayMorph });
  htmx.process(main());
  main().dispatchEvent(new Event("changed"));
}

const tell = (isAnswered) => (document.getElementById("stale").hidden = isAnswered);

// What a reader has opened stays open, and a button that a script has shown stays shown.
const mayChange = (element, { attrName }) =>
  !(attrName === "open" && element.matches("details")) && !(attrName === "hidden" && element.matches("[data-copies]"));

const mayMorph = (element, { newNode }) => !(isLog(element) && isLog(newNode) && moveOn(element, newNode));

const isLog = (node) => node.matches?.("[data-follow]");

// A log is moved on, not written anew: what is selected in it stays selected, and what is read stays where it is.
function moveOn(log, young) {
  log.normalize();
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  const text = log.firstChild ?? log.appendChild(new Text());
  const [old, now] = [text.data, young.textContent];
  const whole = old.lastIndexOf("\n", old.length - 2) + 1; // the last line may have been written to since
  let gone = 0;
  while (gone < whole && !now.startsWith(old.slice(gone, whole))) gone = old.indexOf("\n", gone) + 1;
  const [top, height] = [log.scrollTop, log.scrollHeight];
  text.deleteData(0, gone);
  const lost = height - log.scrollHeight;
  const [last, rest] = [old.slice(whole), now.slice(whole - gone)];
  if (rest.startsWith(last)) text.appendData(rest.slice(last.length));
  else text.replaceData(whole - gone, last.length, rest);
  log.scrollTo(log.scrollLeft, isAtEnd ? log.scrollHeight : top - lost);
  return true;
}

const followed = new WeakSet();

function follow() {
  for (const log of document.querySelectorAll("[data-follow]")) {
    if (!followed.has(log)) log.scrollTo(0, log.scrollHeight);
    followed.add(log);
  }
}

document.addEventListener("htmx:after:request", ({ detail }) => tell(detail.ctx.response.status < 400));
document.addEventListener("htmx:error", () => tell(false));
document.addEventListener("htmx:after:swap", () => {
  follow();
  listen();
  schedule();
  document.dispatchEvent(new Event("luthier:shown"));
});
document.addEventListener("visibilitychange", listen);
follow();
listen();
schedule();
