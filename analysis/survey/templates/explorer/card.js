// Themes and topics as a tree, and a card for the topic that is open: what it is about, how its share moved, what is near.
const OPEN_THEMES = new Set();

function tree() {
  const counts = countsOf("topic", "tree"), themes = countsOf("theme", "tree");
  const list = make("ul", undefined, { class: "tree" });
  data.themes.forEach((name, theme) => {
    const topics = view.topics.map((t, i) => [t, i]).filter(([t]) => t.theme === theme && !t.gone);
    if (!topics.length) return;
    const item = make("li"), more = make("details");
    more.open = OPEN_THEMES.has(theme) || state.theme === String(theme) || topics.some(([, i]) => state.topic === String(i)) || data.themes.length < 4;
    more.addEventListener("toggle", () => { if (more.open) OPEN_THEMES.add(theme); else OPEN_THEMES.delete(theme); });
    const head = make("summary"), dot = make("span", "●", { class: "dot", "aria-hidden": "true" });
    dot.style.color = ink(theme);
    head.append(dot, ` ${name} `, make("span", `${(themes.get(theme) || 0).toLocaleString("en")}`, { class: "n" }));
    const inner = make("ul");
    inner.append(make("li"));
    inner.firstChild.append(button("All of it", () => { state.topic = ""; set("theme", state.theme === String(theme) ? "" : String(theme)); }, { "aria-pressed": String(state.theme === String(theme)), "aria-label": `All of the theme ${name}`, "data-key": `theme ${theme}` }));
    for (const [t, i] of topics) {
      const line = make("li");
      line.append(button(t.label, () => set("topic", state.topic === String(i) ? "" : String(i)), { "aria-pressed": String(state.topic === String(i)), "data-key": `topic ${i}` }),
        ` `, make("span", (counts.get(i) || 0).toLocaleString("en"), { class: "n" }), t.verdict === "inconclusive" ? "" : ` ${t.verdict}`);
      inner.append(line);
    }
    more.append(head, inner);
    item.append(more);
    list.append(item);
  });
  by("tree").replaceChildren(list);
}

// a share over time: points, their band, the fitted course
function chart(series, theme) {
  const [width, height, left, foot] = [300, 130, 40, 18];
  const rows = series.filter((row) => row.share !== null);
  if (rows.length < 2) return make("p", "Too few dated papers for a course.");
  const top = Math.max(...rows.map((row) => Math.max(row.share, Math.min(row.high, 1.5 * Math.max(...rows.map((r) => r.share)) + 0.01))));
  const [first, last] = [rows[0].at, rows[rows.length - 1].at];
  const x = (at) => left + ((width - left - 8) * (at - first)) / (last - first || 1);
  const y = (share) => 6 + (height - foot - 6) * (1 - Math.min(share, top) / top);
  const line = (name, kept = rows) => kept.map((row) => `${x(row.at).toFixed(1)},${y(row[name]).toFixed(1)}`).join(" ");
  const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "chart", "aria-label": `Share of papers, from ${percent(rows[0].share)} in ${rows[0].period} to ${percent(rows[rows.length - 1].share)} in ${rows[rows.length - 1].period}` });
  picture.append(shape("polygon", { points: `${line("high")} ${line("low", [...rows].reverse())}`, fill: ink(theme), opacity: 0.18 }));
  const fitted = rows.filter((row) => row.fitted !== null);
  if (fitted.length > 1) picture.append(shape("polyline", { points: line("fitted", fitted), class: "fitted" }));
  picture.append(shape("polyline", { points: line("share"), fill: "none", stroke: ink(theme), "stroke-width": 1.8 }));
  for (const row of rows) {
    const dot = shape("circle", { cx: x(row.at), cy: y(row.share), r: 3, stroke: ink(theme), fill: row.partial ? "none" : ink(theme) });
    const told = shape("title", {});
    told.textContent = `${row.period}: ${row.n} of ${row.total} papers, ${percent(row.share)} (${percent(row.low)} to ${percent(row.high)})`;
    dot.append(told);
    picture.append(dot);
  }
  for (const [text, tx, ty, anchor] of [[percent(top), left - 4, 12, "end"], ["0", left - 4, height - foot, "end"], [rows[0].period, left, height - 4, "start"], [rows[rows.length - 1].period, width - 6, height - 4, "end"]]) {
    const node = shape("text", { x: tx, y: ty, "text-anchor": anchor });
    node.textContent = text;
    picture.append(node);
  }
  picture.append(shape("path", { d: `M${left},6V${height - foot}H${width - 6}`, class: "axis" }));
  return picture;
}

function card() {
  const topic = state.topic === "" ? -1 : Number(state.topic);
  if (topic < 0) {
    by("card").replaceChildren(make("p", "Choose a topic in the tree, or a paper on the map, to read what it is about."));
    by("card-head").textContent = "Topic";
    return;
  }
  const t = view.topics[topic];
  by("card-head").textContent = "Topic";
  const title = make("h3", t.label);
  title.style.color = ink(t.theme);
  const list = make("ul"), near = make("p", "Near to: ");
  for (const i of t.representatives) {
    const item = make("li");
    item.append(button(papers[i].title, () => openPaper(i), { class: "link" }), ` (${papers[i].date.slice(0, 4) || "undated"})`);
    list.append(item);
  }
  const others = t.near.filter(([other]) => movable(other));
  others.forEach(([other, share], k) => near.append(k ? ", " : "", button(view.topics[other].label, () => set("topic", String(other)), { class: "link", "data-key": `near ${other}` }), ` (${percent(share)})`));
  const size = view.topicOf.reduce((n, own) => n + (own === topic), 0);
  by("card").replaceChildren(
    title, make("p", `${counted(t.edited || papers.length < data.whole ? size : t.size, "paper")} in the theme ${data.themes[t.theme]}.${t.stability === null ? "" : ` Stability ${known(t.stability, 2)}.`}`),
    ...(t.edited ? [make("p", "Changed on this page: share and verdict are those before.")] : []),
    ...(t.beside ? [make("p", "Not in the outline.")] : []),
    ...(t.sure ? [] : [make("p", "The name is unsure: of names that fit so little, half name something else. Keywords and papers tell more.")]),
    ...(t.about.length ? [make("p", `About ${t.about.join(", ")}.`)] : []), make("p", `Keywords: ${t.keywords.join(", ")}.`), chart(t.series, t.theme), make("p", t.note),
    make("h4", "Representative papers"), list, ...(others.length ? [near] : []),
  );
}
