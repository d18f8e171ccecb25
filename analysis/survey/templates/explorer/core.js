// What all parts share: the data as they came, the state that the address tells, and how text becomes nodes.
const data = JSON.parse(document.getElementById("data").textContent);
const papers = data.papers;
const by = (id) => document.getElementById(id);
const PAGE = 50;
const FILTERS = ["theme", "topic", "source", "country", "venue", "concept"];
// a paper may have several of these
const LISTED = { country: "countries", venue: "venues", concept: "concepts" };
const SORTS = ["title", "date", "topic", "membership"];
const state = { q: "", sort: "date", down: true, page: 0, from: "", to: "", mode: "lasso", open: "", starred: "" };
for (const name of FILTERS) state[name] = "";
// papers chosen on the map, or from Python; null where nothing was
let picked = null;
// papers whose abstracts are open
const opened = new Set();
let chosen = [];

// text goes into the page as text only, never as markup
const make = (tag, text, attributes = {}) => {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};
const button = (text, act, attributes = {}) => {
  const node = make("button", text, { type: "button", ...attributes });
  node.addEventListener("click", act);
  return node;
};
const counted = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
// what was not redrawn has no membership and no stability
const known = (value, digits) => (value === null ? "" : value.toFixed(digits));
const percent = (share) => (share === null ? "unknown" : `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`);
const isDark = () => document.documentElement.classList.contains("dark");
const positionOf = new Map(papers.map((p, i) => [p.id, i]));

// topics as they stand with the edits of this page; see curate.js
const view = { topicOf: papers.map((p) => p.topic), topics: data.topics.map((t) => ({ ...t })), starred: new Set(data.starred), notes: new Map(data.notes) };
const label = (topic) => (topic < 0 ? "No topic" : view.topics[topic].label);
const themeOf = (topic) => (topic < 0 ? -1 : view.topics[topic].theme);

// a theme's colour, light enough on black and dark enough on white for text
function ink(theme) {
  const colour = data.colours[theme < 0 ? data.colours.length - 1 : theme];
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const luminance = (parts) => {
    const [r, g, b] = parts.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const end = isDark() ? 255 : 0;
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = channels.map((part) => Math.round(part + share * (end - part)));
    const light = luminance(mixed);
    if ((isDark() ? (light + 0.05) / 0.06 : 1.05 / (light + 0.05)) >= 4.6) return `rgb(${mixed})`;
  }
  return isDark() ? "#ffffff" : "#000000";
}
