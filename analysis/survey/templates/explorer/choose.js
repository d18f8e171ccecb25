// Which papers are chosen: by the search, the filters, the dates, the map.
let query = compile("");

const options = {
  theme: data.themes.map((name, i) => [i, name]),
  topic: view.topics.map((t, i) => [i, t.label]),
  source: data.sources.map((name, i) => [i, name]),
  country: data.countries.map((name, i) => [i, name]),
  venue: data.venues.map((name, i) => [i, name]),
  concept: data.concepts.map((name, i) => [i, name]),
};

// the values of a filter that a paper has
function valuesOf(name, i) {
  if (name === "topic") return [view.topicOf[i]];
  if (name === "theme") return [themeOf(view.topicOf[i])];
  return name in LISTED ? papers[i][LISTED[name]] : [papers[i].source];
}

// a tree of themes and topics counts papers whichever of them is chosen
const TREE = ["theme", "topic"];

function passes(i, apart = "") {
  for (const name of FILTERS) {
    if (name !== apart && !(apart === "tree" && TREE.includes(name)) && state[name] !== "" && !valuesOf(name, i).includes(Number(state[name]))) return false;
  }
  const month = papers[i].date.slice(0, 7);
  if (apart !== "dates" && (state.from || state.to) && (!month || (state.from && month < state.from) || (state.to && month > state.to))) return false;
  if (state.starred && !view.starred.has(papers[i].id)) return false;
  return (apart === "map" || picked === null || picked.has(i)) && query.test(i);
}

function choose() {
  chosen = [];
  for (let i = 0; i < papers.length; i += 1) if (passes(i)) chosen.push(i);
  const keys = {
    title: (i) => papers[i].title.toLowerCase(), date: (i) => papers[i].date, topic: (i) => label(view.topicOf[i]).toLowerCase(),
    membership: (i) => papers[i].membership,
  };
  const key = keys[state.sort], sign = state.down ? -1 : 1;
  const values = new Map(chosen.map((i) => [i, key(i)]));
  chosen.sort((a, b) => (values.get(a) < values.get(b) ? -sign : values.get(a) > values.get(b) ? sign : a - b));
  state.page = Math.min(state.page, Math.max(0, Math.ceil(chosen.length / PAGE) - 1));
}

// how many papers each value of a filter would leave
function countsOf(name, apart = name) {
  const counts = new Map();
  for (let i = 0; i < papers.length; i += 1) {
    if (passes(i, apart)) for (const value of valuesOf(name, i)) counts.set(value, (counts.get(value) || 0) + 1);
  }
  return counts;
}

function fillFilters() {
  for (const name of FILTERS) {
    const select = by(name), counts = countsOf(name);
    const nodes = [make("option", "All", { value: "" })];
    for (const [value, text] of options[name]) nodes.push(make("option", `${text} (${(counts.get(value) || 0).toLocaleString("en")})`, { value }));
    select.replaceChildren(...nodes);
    select.value = state[name];
    select.disabled = options[name].length === 0;
    select.parentElement.hidden = options[name].length === 0 && ["country", "venue", "concept"].includes(name);
  }
}

function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of ["q", "from", "to", "starred", "open", ...FILTERS]) state[name] = given.get(name) || "";
  for (const name of FILTERS) if (!options[name].some(([value]) => String(value) === state[name])) state[name] = "";
  for (const name of ["from", "to"]) if (!/^\d{4}-\d{2}$/.test(state[name])) state[name] = "";
  state.sort = SORTS.includes(given.get("sort")) ? given.get("sort") : "date";
  state.down = given.get("down") !== "0";
  state.page = Math.max(0, parseInt(given.get("page") || "0", 10) || 0);
  by("q").value = state.q;
  by("starred").checked = state.starred !== "";
  query = compile(state.q);
}

function write() {
  // a page inside a notebook has no address of its own
  if (location.protocol === "about:") return;
  const given = new URLSearchParams();
  for (const name of ["q", "from", "to", "starred", "open", ...FILTERS]) if (state[name]) given.set(name, state[name]);
  if (state.sort !== "date") given.set("sort", state.sort);
  if (!state.down) given.set("down", "0");
  if (state.page) given.set("page", state.page);
  history.replaceState(null, "", `#${given}`);
}
