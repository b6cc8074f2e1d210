// Fields that pick lines of parallel coordinates as a brush does: for the keyboard, and for whoever does not see the lines.
import { shown } from "./loading.js";

// Make the fields of one drawing; *onPick(dim, intervals)* is told what is wanted of an axis, in the axis's own numbers.
export function makeFields(axes, title, onPick) {
  const details = document.createElement("details");
  details.append(made("summary", { textContent: title }));
  const form = details.appendChild(made("form", { className: "picking" }));
  const groups = axes.map((axis) => (axis.choices.length > 0 ? choices(axis) : numbers(axis)));
  groups.forEach(({ field, wanted }, dim) => {
    form.append(field);
    field.addEventListener("change", () => {
      settle(field);
      onPick(dim, wanted());
    });
  });
  form.append(made("button", { type: "reset", textContent: "Let all go" }));
  form.addEventListener("submit", (event) => event.preventDefault()); // Enter in a field has picked already
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    groups.forEach(({ show }, dim) => {
      show([]);
      onPick(dim, []);
    });
  });
  return { details, show: (dim, intervals) => groups[dim].show(intervals) };
}

function numbers(axis) {
  const field = group(axis.name);
  const [from, to] = ["from", "to"].map((word) => {
    const label = field.appendChild(made("label", { textContent: `${word} ` }));
    return label.appendChild(made("input", { type: "number", step: "any", placeholder: shown(word === "from" ? axis.low : axis.high) }));
  });
  const wanted = () => {
    if (from.value === "" && to.value === "") return [];
    return [[from.value === "" ? axis.low : Number(from.value), to.value === "" ? axis.high : Number(to.value)]];
  };
  const show = ([interval]) => {
    from.value = interval === undefined ? "" : shown(interval[0]);
    to.value = interval === undefined ? "" : shown(interval[1]);
    settle(field);
  };
  return { field, wanted, show };
}

function choices(axis) {
  const field = group(axis.name);
  const boxes = axis.choices.map((choice) => {
    const label = field.appendChild(made("label"));
    const box = label.appendChild(made("input", { type: "checkbox" }));
    label.append(` ${choice}`);
    return box;
  });
  const wanted = () => boxes.flatMap((box, place) => (box.checked ? [[place - 0.4, place + 0.4]] : []));
  const show = (intervals) => {
    boxes.forEach((box, place) => (box.checked = intervals.some(([low, high]) => low <= place && place <= high)));
    settle(field);
  };
  return { field, wanted, show };
}

// What is picked is no form half filled in: such a form would hold up the page's refreshing.
function settle(field) {
  for (const input of field.querySelectorAll("input")) {
    if (input.type === "checkbox") input.defaultChecked = input.checked;
    else input.defaultValue = input.value;
  }
}

function group(name) {
  const field = made("fieldset");
  field.append(made("legend", { textContent: name }));
  return field;
}

const made = (kind, properties = {}) => Object.assign(document.createElement(kind), properties);
