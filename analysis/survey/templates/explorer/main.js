// The page as a whole: what is drawn when something is chosen, and what the reader's hands do.
const isNarrowed = () => picked !== null || state.q !== "" || state.from !== "" || state.to !== "" || state.starred !== "" || FILTERS.some((name) => state[name] !== "");

function show() {
  // what is drawn anew keeps the keyboard's place
  const key = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : undefined;
  choose();
  write();
  fillFilters();
  timeline();
  tree();
  table();
  card();
  curation();
  map();
  host.tell();
  if (key && document.activeElement === document.body) document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function set(name, value) {
  state[name] = value;
  state.page = 0;
  if (name === "q") query = compile(value);
  show();
}

function pick(found) {
  picked = new Set(found);
  state.page = 0;
  show();
}

function clear() {
  stop();
  for (const name of ["q", "from", "to", "starred", ...FILTERS]) state[name] = "";
  by("q").value = "";
  by("starred").checked = false;
  query = compile("");
  picked = null;
  state.page = 0;
}

function look(dark) {
  document.documentElement.classList.toggle("dark", dark);
  by("look").setAttribute("aria-pressed", String(dark));
}

by("filters").addEventListener("submit", (event) => event.preventDefault());
by("filters").addEventListener("reset", (event) => { event.preventDefault(); clear(); show(); });
let waiting;
by("q").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => set("q", by("q").value), 150);
});
for (const name of FILTERS) by(name).addEventListener("change", () => set(name, by(name).value));
by("starred").addEventListener("change", () => set("starred", by("starred").checked ? "1" : ""));
document.querySelectorAll("th[data-by] button").forEach((head) => head.addEventListener("click", () => {
  const name = head.parentElement.dataset.by;
  state.down = state.sort === name ? !state.down : name === "date" || name === "membership";
  state.sort = name;
  state.page = 0;
  show();
}));
for (const [id, step] of [["previous", -1], ["next", 1]]) by(id).addEventListener("click", () => { state.page += step; show(); by("scroll").scrollTop = 0; });
document.querySelectorAll("[data-save]").forEach((node) => node.addEventListener("click", () => download(savers[node.dataset.save](), `papers.${node.dataset.save}`)));
document.querySelectorAll("[data-mode]").forEach((node) => node.addEventListener("click", () => {
  state.mode = node.dataset.mode;
  document.querySelectorAll("[data-mode]").forEach((other) => other.setAttribute("aria-pressed", String(other === node)));
  map();
}));
for (const [id, factor] of [["nearer", 0.6], ["farther", 1 / 0.6], ["whole", 0]]) by(id).addEventListener("click", () => zoom(factor));
by("unpick").addEventListener("click", () => { picked = null; state.page = 0; show(); });
by("look").addEventListener("click", () => { look(!isDark()); show(); });
window.addEventListener("hashchange", () => { read(); show(); });
listenToTimes();
listenToEdits();
look(window.matchMedia("(prefers-color-scheme: dark)").matches);
pending = draft.read();
// topics that drafts part off are there before the address asks for them
replay();
read();
settle();
if (data.unapplied.length) by("edited").textContent = `Of the file of edits ${counted(data.unapplied.length, "edit")} did not apply: ${data.unapplied.join("; ")}.`;
host.start();
