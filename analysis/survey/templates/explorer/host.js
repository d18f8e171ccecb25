// Where the page lives: a file, the server of `topictrends explore`, or a cell of a notebook. Each saves edits in its own way.
const draft = (() => {
  // frames without an origin of their own, as in notebooks, keep nothing
  let storage = null;
  try { storage = window.localStorage; } catch (refused) { storage = null; }
  const key = `topictrends ${data.key}`;
  return {
    keep: (edits) => { if (storage && edits.length) storage.setItem(key, JSON.stringify(edits)); else if (storage) storage.removeItem(key); },
    read: () => {
      const text = storage ? storage.getItem(key) : null;
      // what another version, or somebody, left there may be anything
      let found = [];
      try { found = JSON.parse(text || "[]"); } catch (broken) { storage.removeItem(key); }
      const sound = (edit) => edit && Object.hasOwn(PERFORM, edit.action) && Array.isArray(edit.papers) && edit.papers.length > 0
        && rowsOf(edit).length === edit.papers.length && (edit.action !== "move" || (Array.isArray(edit.to) && positionOf.has(edit.to[0])));
      return Array.isArray(found) && found.every(sound) ? found : [];
    },
  };
})();

const host = (() => {
  let port = null;
  const say = (text) => { by("edited").textContent = text; };
  const asked = async (path, body) => {
    const answer = await fetch(path, body === undefined ? { cache: "no-store" } : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return { ok: answer.ok, ...(await answer.json()) };
  };
  // nothing is edited while a run makes the page anew
  const busy = (is) => { by("edit").inert = is; };
  const unreachable = () => { busy(false); say("The server does not answer. Download your edits; then start `topictrends explore` again."); };
  async function follow() {
    try {
      const { state: now, message } = await asked("status");
      if (now === "running") { busy(true); say(message); setTimeout(follow, 1000); return; }
      if (now === "failed") { busy(false); say(message); settle(); say(message); return; }
    } catch (error) {
      unreachable();
      return;
    }
    draft.keep([]);
    location.reload();
  }
  async function post() {
    busy(true);
    try {
      const answer = await asked("edits", { base: data.base, edits: pending });
      say(answer.message);
      if (answer.ok) follow(); else busy(false);
    } catch (error) {
      unreachable();
    }
  }
  const select = (ids) => {
    const found = ids.map((id) => positionOf.get(String(id))).filter((i) => i !== undefined);
    picked = ids.length ? new Set(found) : null;
    state.page = 0;
  };
  window.addEventListener("message", (event) => {
    const greeting = event.data;
    if (data.host !== "notebook" || event.source !== window.parent || !greeting || greeting.to !== "topictrends explorer" || !event.ports.length) return;
    // what another cell shows of the same view goes on here
    pending = greeting.edits;
    if (greeting.select) select(greeting.select);
    event.ports[0].onmessage = ({ data: message }) => {
      if (Array.isArray(message.select)) { select(message.select); show(); }
      if (message.saved) {
        if (message.done) { kept.push(...pending); pending = []; undone = []; settle(); }
        say(message.saved);
      }
    };
    port = event.ports[0];
    settle();
  });
  return {
    // a page that is opened while a run is under way waits for its end
    start: async () => {
      if (data.host !== "server") return;
      try { if ((await asked("status")).state === "running") follow(); } catch (error) { unreachable(); }
    },
    // what a notebook should know: the papers chosen, and the edits made
    tell: () => { if (port) port.postMessage({ chosen: isNarrowed() ? chosen.map((i) => papers[i].id) : null, edits: pending }); },
    save: () => {
      if (data.host === "server") post();
      else if (port) port.postMessage({ chosen: isNarrowed() ? chosen.map((i) => papers[i].id) : null, edits: pending, save: true });
      else by("copy-edits").click();
    },
  };
})();
