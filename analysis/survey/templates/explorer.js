"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const papers = data.papers;
  const by = (id) => document.getElementById(id);
  const PAGE = 50;
  const FILTERS = ["theme", "topic", "period", "source", "country", "venue", "concept"];
  // a paper may have several of these
  const LISTED = { country: "countries", venue: "venues", concept: "concepts" };
  const state = { q: "", theme: "", topic: "", period: "", source: "", country: "", venue: "", concept: "", sort: "date", down: true, page: 0 };
  let chosen = [];

  // text goes into the page as text only, never as markup
  const make = (tag, text, attributes = {}) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };
  // what was not redrawn has no membership and no stability
  const known = (value, digits) => (value === null ? "" : value.toFixed(digits));
  const label = (topic) => (topic < 0 ? "No topic" : data.topics[topic].label);
  const themeOf = (topic) => (topic < 0 ? -1 : data.topics[topic].theme);
  const folded = papers.map((p) => `${p.title}\n${p.abstract || ""}`.toLowerCase());

  const options = {
    theme: data.themes.map((name, i) => [i, name]),
    topic: data.topics.map((t, i) => [i, t.label]),
    period: data.periods.map((name) => [name, name]),
    source: data.sources.map((name, i) => [i, name]),
    country: data.countries.map((name, i) => [i, name]),
    venue: data.venues.map((name, i) => [i, name]),
    concept: data.concepts.map((name, i) => [i, name]),
  };
  for (const name of FILTERS) {
    by(name).append(make("option", "All", { value: "" }));
    for (const [value, text] of options[name]) by(name).append(make("option", text, { value }));
    by(name).disabled = options[name].length === 0;
    by(name).parentElement.hidden = options[name].length === 0 && ["country", "venue"].includes(name);
  }

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const name of ["q", ...FILTERS]) state[name] = given.get(name) || "";
    for (const name of FILTERS) if (!options[name].some(([value]) => String(value) === state[name])) state[name] = "";
    state.sort = ["title", "date", "topic", "membership"].includes(given.get("sort")) ? given.get("sort") : "date";
    state.down = given.get("down") !== "0";
    state.page = Math.max(0, parseInt(given.get("page") || "0", 10) || 0);
    for (const name of ["q", ...FILTERS]) by(name).value = state[name];
  }

  function write() {
    const given = new URLSearchParams();
    for (const name of ["q", ...FILTERS]) if (state[name]) given.set(name, state[name]);
    if (state.sort !== "date") given.set("sort", state.sort);
    if (!state.down) given.set("down", "0");
    if (state.page) given.set("page", state.page);
    history.replaceState(null, "", `#${given}`);
  }

  function choose() {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const is = (name, value) => state[name] === "" || String(value) === state[name];
    chosen = [];
    papers.forEach((p, i) => {
      if (!is("topic", p.topic) || !is("theme", themeOf(p.topic)) || !is("period", p.period) || !is("source", p.source)) return;
      for (const [name, list] of Object.entries(LISTED)) if (state[name] !== "" && !p[list].includes(Number(state[name]))) return;
      if (words.every((word) => folded[i].includes(word))) chosen.push(i);
    });
    const keys = {
      title: (p) => p.title.toLowerCase(), date: (p) => p.date, topic: (p) => label(p.topic).toLowerCase(), membership: (p) => p.membership,
    };
    const key = keys[state.sort];
    const sign = state.down ? -1 : 1;
    chosen.sort((a, b) => {
      const one = key(papers[a]), other = key(papers[b]);
      return one < other ? -sign : one > other ? sign : a - b;
    });
    state.page = Math.min(state.page, Math.max(0, Math.ceil(chosen.length / PAGE) - 1));
  }

  function links(p) {
    const cell = make("td");
    const found = [["arXiv", p.arxiv && `https://arxiv.org/abs/${encodeURI(p.arxiv)}`], ["DOI", p.doi && `https://doi.org/${encodeURI(p.doi)}`]];
    if (p.url && /^https?:\/\//i.test(p.url)) found.push(["Page", p.url]);
    for (const [text, href] of found) {
      if (href) cell.append(make("a", text, { href, rel: "noopener noreferrer", target: "_blank", "aria-label": `${text}: ${p.title}` }), " ");
    }
    return cell;
  }

  function table() {
    const shown = chosen.slice(state.page * PAGE, (state.page + 1) * PAGE);
    by("rows").replaceChildren(...shown.map((i) => {
      const p = papers[i];
      const row = make("tr", undefined, { "data-paper": p.id });
      const title = make("td");
      if (p.abstract) {
        const more = make("details");
        more.append(make("summary", p.title), make("p", p.abstract));
        title.append(more);
      } else title.textContent = p.title;
      row.append(title, make("td", p.date || "undated"), make("td", label(p.topic)), make("td", known(p.membership, 2)), links(p));
      return row;
    }));
    const pages = Math.max(1, Math.ceil(chosen.length / PAGE));
    by("page").textContent = `Page ${state.page + 1} of ${pages}`;
    by("previous").disabled = state.page === 0;
    by("next").disabled = state.page + 1 >= pages;
    document.querySelectorAll("th[data-by]").forEach((head) => {
      if (head.dataset.by === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const noun = chosen.length === 1 ? "paper" : "papers";
    by("count").textContent = `${chosen.length.toLocaleString("en")} ${noun} of ${papers.length.toLocaleString("en")} chosen`;
  }

  function map() {
    const dark = document.documentElement.classList.contains("dark");
    const inside = new Set(chosen);
    const kind = papers.length > 5000 ? "scattergl" : "scatter";
    const traces = data.colours.map((colour, theme) => ({
      type: kind, mode: "markers", name: data.themes[theme] === undefined ? "No theme" : data.themes[theme], x: [], y: [], text: [],
      customdata: [], marker: { color: colour, size: papers.length > 5000 ? 3 : 7, opacity: 0.85 }, hovertemplate: "%{text}<extra></extra>",
    }));
    const rest = { type: kind, mode: "markers", x: [], y: [], hoverinfo: "skip", showlegend: false, marker: { color: dark ? "#3a4149" : "#e1e5e9", size: papers.length > 5000 ? 2 : 5 } };
    const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    papers.forEach((p, i) => {
      const theme = themeOf(p.topic);
      const trace = inside.has(i) ? traces[theme < 0 ? traces.length - 1 : theme] : rest;
      trace.x.push(p.x);
      trace.y.push(p.y);
      if (trace === rest) return;
      trace.text.push(`${escaped(p.title.slice(0, 90))}<br>${escaped(label(p.topic))}`);
      trace.customdata.push(i);
    });
    const axis = { visible: false, scaleanchor: undefined };
    Plotly.react(by("map"), [rest, ...traces.filter((trace) => trace.x.length)], {
      margin: { l: 0, r: 0, t: 4, b: 4 }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: axis, yaxis: axis,
      font: { family: "Arial, sans-serif", size: 12, color: dark ? "#e6e8eb" : "#1f2328" }, legend: { orientation: "h", y: -0.02 },
      hovermode: "closest", uirevision: "map",
    }, { displaylogo: false, responsive: true, displayModeBar: false });
  }

  function card() {
    const topic = state.topic === "" ? -1 : Number(state.topic);
    if (topic < 0) {
      const list = make("ul");
      const shown = data.topics.map((t, i) => [t, i]).filter(([t]) => state.theme === "" || t.theme === Number(state.theme));
      for (const [t, i] of shown) {
        const item = make("li"), button = make("button", t.label, { type: "button" });
        button.addEventListener("click", () => set("topic", String(i)));
        item.append(button, ` ${t.size.toLocaleString("en")} papers, ${t.verdict}`);
        list.append(item);
      }
      by("card").replaceChildren(list);
      return;
    }
    const t = data.topics[topic];
    const list = make("ul");
    for (const i of t.representatives) list.append(make("li", `${papers[i].title} (${papers[i].date.slice(0, 4) || "undated"})`));
    by("card").replaceChildren(
      make("h3", t.label), make("p", `${t.size.toLocaleString("en")} papers in the theme ${data.themes[t.theme]}.${t.stability === null ? "" : ` Stability ${known(t.stability, 2)}.`}`),
      ...(t.beside ? [make("p", "Not in the outline.")] : []),
      ...(t.sure ? [] : [make("p", "The name is unsure: of names that fit so little, half name something else. Keywords and papers tell more.")]),
      make("p", `Keywords: ${t.keywords.join(", ")}.`), make("p", t.note), make("p", "Representative papers:"), list,
    );
  }

  function show() {
    choose();
    write();
    table();
    card();
    map();
  }

  function set(name, value) {
    state[name] = value;
    state.page = 0;
    by(name).value = value;
    show();
  }

  // a cell that a spreadsheet would run as a formula is made text
  const cell = (value) => `"${String(value).replace(/^([=+\-@\t\r])/, "'$1").replace(/"/g, '""')}"`;
  // braces count in pairs in BibTeX, even behind a backslash
  const ESCAPES = {
    "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "%": "\\%", "&": "\\&", "#": "\\#", _: "\\_",
    $: "\\$", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
  };
  const latex = (text) => text.replace(/[\\{}%&#_$~^]/g, (sign) => ESCAPES[sign]);
  const entry = (p) => {
    const fields = {
      title: `{${latex(p.title)}}`, author: p.authors.map(latex).join(" and "), year: p.date.slice(0, 4),
      month: p.precision === "year" ? "" : p.date.slice(5, 7), doi: p.doi, eprint: p.arxiv, archiveprefix: p.arxiv && "arXiv", url: p.url,
    };
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
    return `@misc{${p.key},\n${lines.join(",\n")}\n}\n`;
  };
  const savers = {
    csv: () => ["title,date,topic,theme,membership,arxiv_id,doi,url", ...chosen.map((i) => {
      const p = papers[i];
      return [p.title, p.date, label(p.topic), p.topic < 0 ? "" : data.themes[themeOf(p.topic)], known(p.membership, 3), p.arxiv, p.doi, p.url].map(cell).join(",");
    })].join("\r\n") + "\r\n",
    bib: () => chosen.map((i) => entry(papers[i])).join("\n"),
    ris: () => chosen.map((i) => {
      const p = papers[i], lines = ["TY  - GEN", `TI  - ${p.title}`, ...p.authors.map((name) => `AU  - ${name}`)];
      if (p.date) lines.push(`PY  - ${p.date.slice(0, 4)}`);
      if (p.precision === "day") lines.push(`DA  - ${p.date.replace(/-/g, "/")}`);
      if (p.doi) lines.push(`DO  - ${p.doi}`);
      if (p.arxiv) lines.push(`AN  - ${p.arxiv}`, `UR  - https://arxiv.org/abs/${p.arxiv}`);
      else if (p.url) lines.push(`UR  - ${p.url}`);
      return [...lines, "ER  - "].join("\r\n");
    }).join("\r\n\r\n") + "\r\n",
  };

  by("filters").addEventListener("submit", (event) => event.preventDefault());
  by("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    for (const name of ["q", ...FILTERS]) { state[name] = ""; by(name).value = ""; }
    state.page = 0;
    show();
  });
  let waiting;
  by("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => set("q", by("q").value), 150);
  });
  for (const name of FILTERS) by(name).addEventListener("change", () => set(name, by(name).value));
  document.querySelectorAll("th[data-by] button").forEach((button) => button.addEventListener("click", () => {
    const name = button.parentElement.dataset.by;
    state.down = state.sort === name ? !state.down : name === "date" || name === "membership";
    state.sort = name;
    state.page = 0;
    show();
  }));
  for (const [id, step] of [["previous", -1], ["next", 1]]) by(id).addEventListener("click", () => { state.page += step; show(); });
  document.querySelectorAll("[data-save]").forEach((button) => button.addEventListener("click", () => {
    const kind = button.dataset.save;
    const address = URL.createObjectURL(new Blob([savers[kind]()], { type: "text/plain;charset=utf-8" }));
    const anchor = make("a", undefined, { href: address, download: `papers.${kind}` });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }));
  function look(dark) {
    document.documentElement.classList.toggle("dark", dark);
    by("look").setAttribute("aria-pressed", String(dark));
  }
  by("look").addEventListener("click", () => { look(!document.documentElement.classList.contains("dark")); map(); });
  window.addEventListener("hashchange", () => { read(); show(); });
  look(window.matchMedia("(prefers-color-scheme: dark)").matches);
  read();
  show();
  by("map").on("plotly_click", (event) => {
    const i = event.points[0].customdata;
    if (i === undefined) return;
    set("topic", papers[i].topic < 0 ? "" : String(papers[i].topic));
    const at = chosen.indexOf(i);
    state.page = Math.floor(at / PAGE);
    show();
    const row = by("rows").querySelector(`[data-paper="${CSS.escape(papers[i].id)}"]`);
    if (row) row.scrollIntoView({ block: "center" });
  });
})();
