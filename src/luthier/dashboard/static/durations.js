// Durations of what goes on: they go on by themselves, from what the server has said last.
const begun = new WeakMap(); // element -> { said, at }

// As `luthier.dashboard.wording.duration` says it.
export function worded(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number) => String(number).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

function goOn() {
  if (!document.getElementById("stale").hidden) return; // nobody knows whether it still goes on
  for (const each of document.querySelectorAll("[data-lasted-s]")) {
    const said = each.dataset.lastedS;
    if (begun.get(each)?.said !== said) begun.set(each, { said, at: performance.now() });
    const text = worded(Number(said) + (performance.now() - begun.get(each).at) / 1000);
    if (each.textContent !== text) each.textContent = text;
  }
}

goOn();
setInterval(goOn, 1000);
