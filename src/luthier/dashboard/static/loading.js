// Loads a script or a style sheet of static/vendor, once and only when it is needed.
const PATIENCE_MS = 30000; // after which one that does not come may be asked for again
const loads = new Map();
const failures = new Map();

export function load(url) {
  if (!loads.has(url)) loads.set(url, loaded(url));
  return loads.get(url);
}

function loaded(url) {
  return new Promise((resolve, reject) => {
    const isScript = url.endsWith(".js");
    const element = document.createElement(isScript ? "script" : "link");
    const failed = failures.get(url) ?? 0;
    const address = failed ? `${url}?again=${failed}` : url; // else a browser goes on waiting for the one that never came
    if (isScript) element.src = address;
    else Object.assign(element, { rel: "stylesheet", href: address });
    const fail = () => {
      clearTimeout(timer);
      loads.delete(url);
      failures.set(url, failed + 1);
      element.remove();
      reject(new Error(`${url} does not load`));
    };
    const timer = setTimeout(fail, PATIENCE_MS);
    element.onerror = fail;
    element.onload = () => {
      clearTimeout(timer);
      resolve();
    };
    document.head.append(element);
  });
}

// A number to six digits, as the pages write it: tiny and huge ones with an exponent of two digits.
export function shown(value) {
  const rounded = Number(value.toPrecision(6));
  const size = Math.abs(rounded);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return String(rounded);
  return rounded.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}
