// Papers over time, all and chosen: drag over bars to choose dates, or play them one after the other.
const SVG = "http://www.w3.org/2000/svg";
const shape = (tag, attributes) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};
const dated = papers.map((p) => p.date.slice(0, 7)).filter(Boolean).sort();
const yearly = dated.length > 0 && Number(dated[dated.length - 1].slice(0, 4)) - Number(dated[0].slice(0, 4)) > 5;
const BARS = { height: 74, foot: 14 };
let bins = [], playing = 0;

(() => {
  if (!dated.length) return;
  const [first, last] = [dated[0], dated[dated.length - 1]];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year += 1) {
    if (yearly) { bins.push({ from: `${year}-01`, to: `${year}-12`, name: String(year) }); continue; }
    for (let month = 1; month <= 12; month += 1) {
      const name = `${year}-${String(month).padStart(2, "0")}`;
      if (name >= first && name <= last) bins.push({ from: name, to: name, name });
    }
  }
})();
const binOf = (i) => {
  const month = papers[i].date.slice(0, 7);
  return month ? bins.findIndex((bin) => month >= bin.from && month <= bin.to) : -1;
};
const binNumbers = papers.map((_, i) => binOf(i));

function timeline() {
  by("times").hidden = bins.length < 2;
  if (bins.length < 2) return;
  const whole = new Array(bins.length).fill(0), inside = new Array(bins.length).fill(0);
  for (let i = 0; i < papers.length; i += 1) if (binNumbers[i] >= 0 && passes(i, "dates")) whole[binNumbers[i]] += 1;
  for (const i of chosen) if (binNumbers[i] >= 0) inside[binNumbers[i]] += 1;
  const plot = by("bars"), across = plot.clientWidth || 600, wide = across / bins.length, most = Math.max(1, ...whole), nodes = [];
  plot.setAttribute("viewBox", `0 0 ${across} ${BARS.height}`);
  bins.forEach((bin, k) => {
    for (const [count, kind] of [[whole[k], "whole"], [inside[k], "inside"]]) {
      const height = ((BARS.height - BARS.foot) * count) / most;
      nodes.push(shape("rect", { class: kind, x: k * wide + 0.5, y: BARS.height - BARS.foot - height, width: Math.max(1, wide - 1), height }));
    }
  });
  const apart = Math.max(1, Math.ceil((bins.length * 56) / across));
  bins.forEach((bin, k) => {
    if ((bins.length - 1 - k) % apart) return;
    const text = shape("text", { x: Math.min(Math.max((k + 0.5) * wide, 20), across - 20), y: BARS.height - 2 });
    text.textContent = bin.name;
    nodes.push(text);
  });
  plot.replaceChildren(...nodes);
  plot.setAttribute("aria-label", `Papers over time, most in ${bins[whole.indexOf(most)]?.name ?? "no period"}; choose dates with the fields beside`);
  by("from").value = state.from;
  by("to").value = state.to;
  by("play").textContent = playing ? "Stop" : "Play";
}

function between(one, other) {
  const [first, last] = one <= other ? [one, other] : [other, one];
  state.from = bins[first].from;
  state.to = bins[last].to;
  state.page = 0;
}

function stop() {
  clearInterval(playing);
  playing = 0;
}

// a window of the chosen width moves over the bars until its end
function play() {
  if (playing) { stop(); show(); return; }
  const at = (month, fallback) => { const k = bins.findIndex((bin) => month >= bin.from && month <= bin.to); return k < 0 ? fallback : k; };
  const width = state.from || state.to ? at(state.to, bins.length - 1) - at(state.from, 0) : 0;
  let first = state.from && at(state.to, 0) < bins.length - 1 ? at(state.from, 0) : 0;
  const step = () => {
    between(first, Math.min(first + width, bins.length - 1));
    if (first + width >= bins.length - 1) stop();
    first += 1;
    show();
  };
  playing = setInterval(step, 800);
  step();
}

function listenToTimes() {
  const plot = by("bars");
  let start = -1;
  const binAt = (event) => {
    const box = plot.getBoundingClientRect();
    return Math.min(bins.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * bins.length)));
  };
  plot.addEventListener("pointerdown", (event) => { start = binAt(event); plot.setPointerCapture(event.pointerId); stop(); between(start, start); show(); });
  plot.addEventListener("pointermove", (event) => { if (start >= 0) { between(start, binAt(event)); show(); } });
  for (const name of ["pointerup", "pointercancel"]) plot.addEventListener(name, () => { start = -1; });
  for (const name of ["from", "to"]) by(name).addEventListener("change", () => { stop(); state[name] = by(name).value; state.page = 0; show(); });
  by("play").addEventListener("click", play);
  by("always").addEventListener("click", () => { stop(); state.from = ""; state.to = ""; state.page = 0; show(); });
}
