// The map: papers as dots, names of themes and topics that never overlap and grow finer as one goes nearer.
const MANY = 5000;
const NAMED_THEMES = 20;
// dots that names are kept from, and how many pixels of distance one of them is worth
const DOTS = 1500, COVERED = 12;
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const measure = document.createElement("canvas").getContext("2d");
let ready = false;

function traces() {
  const inside = new Set(chosen), dark = isDark(), many = papers.length > MANY;
  const kind = many ? "scattergl" : "scatter";
  const rest = { type: kind, mode: "markers", x: [], y: [], customdata: [], hoverinfo: "skip", showlegend: false, marker: { color: dark ? "#3a4149" : "#dfe3e8", size: many ? 2 : 5 } };
  const layers = data.colours.map((_, theme) => ({
    type: kind, mode: "markers", name: data.themes[theme] ?? "No theme", x: [], y: [], text: [], customdata: [],
    marker: { color: dark ? ink(theme < data.themes.length ? theme : -1) : data.colours[theme], size: many ? 3 : 7, opacity: 0.85 },
    hovertemplate: "%{text}<extra></extra>", unselected: { marker: { opacity: 0.85 } }, selected: { marker: { opacity: 0.85 } },
  }));
  papers.forEach((p, i) => {
    const theme = themeOf(view.topicOf[i]);
    const trace = inside.has(i) ? layers[theme < 0 ? layers.length - 1 : theme] : rest;
    trace.x.push(p.x);
    trace.y.push(p.y);
    trace.customdata.push(i);
    if (trace !== rest) trace.text.push(`${escaped(p.title.slice(0, 90))}<br>${escaped(label(view.topicOf[i]))}`);
  });
  const open = positionOf.get(state.open);
  const mark = {
    type: "scatter", mode: "markers", hoverinfo: "skip", showlegend: false, x: open === undefined ? [] : [papers[open].x],
    y: open === undefined ? [] : [papers[open].y], marker: { symbol: "circle-open", size: 16, color: dark ? "#ffffff" : "#000000", line: { width: 2.5 } },
  };
  return [rest, ...layers.filter((trace) => trace.x.length), mark];
}

// the middle of each group's papers, and its name, the largest first
function groups(ofPaper, name) {
  const found = new Map();
  papers.forEach((p, i) => {
    const group = ofPaper(i);
    if (group < 0) return;
    if (!found.has(group)) found.set(group, { x: [], y: [] });
    found.get(group).x.push(p.x);
    found.get(group).y.push(p.y);
  });
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return [...found].map(([group, { x, y }]) => ({ group, size: x.length, x: middle(x), y: middle(y), text: name(group) })).sort((a, b) => b.size - a.size);
}

function names(ranges, width, height) {
  const near = (full, shown) => (full[1] - full[0]) / Math.max(1e-9, shown[1] - shown[0]);
  const zoom = Math.max(near(bounds.x, ranges.x), near(bounds.y, ranges.y));
  const topics = groups((i) => view.topicOf[i], (topic) => label(topic)).map((g) => ({ ...g, theme: themeOf(g.group), big: false }));
  const themes = data.themes.length > 1 && view.topics.length > NAMED_THEMES && zoom < 1.6
    ? groups((i) => themeOf(view.topicOf[i]), (theme) => data.themes[theme]).map((g) => ({ ...g, theme: g.group, big: true })) : [];
  const placed = [], shown = [], dots = dotsShown(ranges, width, height);
  for (const g of [...themes, ...topics]) {
    if (g.x < ranges.x[0] || g.x > ranges.x[1] || g.y < ranges.y[0] || g.y > ranges.y[1]) continue;
    const size = g.big ? 14 : 11;
    measure.font = `${g.big ? "bold " : ""}${size}px Arial, sans-serif`;
    const text = g.text.length > 34 ? `${g.text.slice(0, 33)}…` : g.text;
    const w = measure.measureText(text).width + 6, h = size + 5;
    const x = Math.min(Math.max(((g.x - ranges.x[0]) / (ranges.x[1] - ranges.x[0])) * width, w / 2), width - w / 2);
    const y = Math.min(Math.max(((ranges.y[1] - g.y) / (ranges.y[1] - ranges.y[0])) * height, h / 2), height - h / 2);
    // a topic that is its theme's name is named once
    if (shown.some((note) => note.text === escaped(text))) continue;
    const spot = freeSpot(x, y, w, h, width, height, placed, dots);
    if (spot === null) continue;
    placed.push([...spot, w, h]);
    shown.push({
      x: spot[0] / width, y: 1 - spot[1] / height, xref: "paper", yref: "paper", xanchor: "center", yanchor: "middle", text: escaped(text), showarrow: false,
      font: { size, weight: g.big ? 700 : 400, color: ink(g.theme), shadow: isDark() ? "0 0 3px #000, 0 0 3px #000" : "0 0 3px #fff, 0 0 3px #fff" },
    });
  }
  return shown;
}

// where dots are drawn, in pixels: of many papers an even draw
function dotsShown(ranges, width, height) {
  const step = Math.max(1, Math.floor(papers.length / DOTS)), dots = [];
  for (let i = 0; i < papers.length; i += step) {
    const x = ((papers[i].x - ranges.x[0]) / (ranges.x[1] - ranges.x[0])) * width, y = ((ranges.y[1] - papers[i].y) / (ranges.y[1] - ranges.y[0])) * height;
    if (x >= 0 && x <= width && y >= 0 && y <= height) dots.push([x, y]);
  }
  return dots;
}

// the place for a name near its group's middle that covers no other name and few dots; null where there is none
function freeSpot(x, y, w, h, width, height, placed, dots) {
  let best = null, least = Infinity;
  for (const away of [0, 1, 1.7, 2.5, 3.4]) {
    for (let turn = 0; turn < (away ? 12 : 1); turn += 1) {
      const angle = (turn * Math.PI) / 6;
      const cx = Math.min(Math.max(x + away * h * Math.cos(angle), w / 2), width - w / 2), cy = y + away * h * Math.sin(angle);
      if (cy < h / 2 || cy > height - h / 2) continue;
      if (placed.some(([px, py, pw, ph]) => Math.abs(cx - px) < (w + pw) / 2 && Math.abs(cy - py) < (h + ph) / 2)) continue;
      const covered = dots.reduce((n, [dx, dy]) => n + (Math.abs(dx - cx) < w / 2 + 3 && Math.abs(dy - cy) < h / 2 + 2), 0);
      const cost = Math.hypot(cx - x, cy - y) + COVERED * covered;
      if (cost < least) { least = cost; best = [cx, cy]; }
    }
  }
  return best;
}

const spread = (axis) => {
  let low = Infinity, high = -Infinity;
  for (const p of papers) { low = Math.min(low, p[axis]); high = Math.max(high, p[axis]); }
  const pad = 0.05 * (high - low) || 1;
  return [low - pad, high + pad];
};
const bounds = { x: spread("x"), y: spread("y") };
let ranges = { x: [...bounds.x], y: [...bounds.y] };

function layout() {
  const box = by("map"), dark = isDark();
  const axis = (range) => ({ visible: false, range: [...range], fixedrange: false });
  return {
    margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: axis(ranges.x), yaxis: axis(ranges.y),
    font: { family: "Arial, sans-serif", size: 12, color: dark ? "#e6e8eb" : "#1f2328" }, showlegend: false, hovermode: "closest", dragmode: state.mode,
    annotations: names(ranges, box.clientWidth, box.clientHeight), newselection: { line: { color: dark ? "#ffffff" : "#000000", width: 1.5 } },
    selections: [], width: box.clientWidth, height: box.clientHeight,
  };
}

function map() {
  Plotly.react(by("map"), traces(), layout(), { displaylogo: false, displayModeBar: false, scrollZoom: true, doubleClick: false });
  by("map").setAttribute("aria-label", `Topic map: ${counted(chosen.length, "paper")} chosen, listed in the table below`);
  if (!ready) listen();
}

function zoom(factor) {
  for (const axis of ["x", "y"]) {
    const [low, high] = ranges[axis], middle = (low + high) / 2, half = ((high - low) / 2) * factor;
    ranges[axis] = factor === 0 ? [...bounds[axis]] : [middle - half, middle + half];
  }
  map();
}

function listen() {
  ready = true;
  const plot = by("map");
  plot.on("plotly_relayout", (change) => {
    if (change["xaxis.range[0]"] === undefined && change["xaxis.range"] === undefined) return;
    ranges = { x: [...plot.layout.xaxis.range], y: [...plot.layout.yaxis.range] };
    Plotly.relayout(plot, { annotations: names(ranges, plot.clientWidth, plot.clientHeight) });
  });
  plot.on("plotly_selected", (event) => {
    // drawn around nothing, or a plain click
    if (!event || !event.points) return;
    const found = event.points.map((point) => point.customdata).filter((i) => i !== undefined && passes(i, "map"));
    if (found.length) pick(found);
  });
  plot.on("plotly_click", (event) => {
    const i = event.points[0].customdata;
    if (i !== undefined) openPaper(i);
  });
  new ResizeObserver(() => { map(); timeline(); }).observe(plot);
}
