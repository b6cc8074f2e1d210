// Loads a script or a style sheet of static/vendor, once and only when it is needed.
const loads = new Map();

export function load(url) {
  if (!loads.has(url)) loads.set(url, loaded(url));
  return loads.get(url);
}

function loaded(url) {
  return new Promise((resolve, reject) => {
    const isScript = url.endsWith(".js");
    const element = document.createElement(isScript ? "script" : "link");
    if (isScript) element.src = url;
    else Object.assign(element, { rel: "stylesheet", href: url });
    element.onload = resolve;
    element.onerror = () => {
      loads.delete(url);
      element.remove();
      reject(new Error(`${url} does not load`));
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
