// Where the page lives: a file, the server of `topictrends explore`, or a cell of a notebook. Each saves edits in its own way.
const draft = (() => {
  // frames without an origin of their own, as in notebooks, keep nothing
  let storage = null;
  try { storage = window.localStorage; } catch (refused) { storage = null; }
  const key = `topictrends ${data.key}`;
  return {
    keep: (edits) => { if (storage && edits.length) storage.setItem(key, JSON.stringify(edits)); else if (storage) storage.removeItem(key); },
    read: () => {
      const kept = storage ? JSON.parse(storage.getItem(key) || "[]") : [];
      return kept.filter((edit) => Object.hasOwn(PERFORM, edit.action) && rowsOf(edit).length === edit.papers.length);
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
  async function follow() {
    const { state: now, message } = await asked("status");
    if (now === "running") { say(message); setTimeout(follow, 1000); }
    else if (now === "failed") say(message);
    else location.reload();
  }
  async function post() {
    by("save-edits").disabled = true;
    try {
      const answer = await asked("edits", { base: data.base, edits: pending });
      say(answer.message);
      if (!answer.ok) { by("save-edits").disabled = false; return; }
      draft.keep([]);
      pending = [];
      follow();
    } catch (error) {
      by("save-edits").disabled = false;
      say("The server does not answer; your edits are kept in this browser. Start `topictrends explore` again, then save.");
    }
  }
  window.addEventListener("message", (event) => {
    if (data.host !== "notebook" || event.source !== window.parent || event.data !== "topictrends explorer" || !event.ports.length) return;
    port = event.ports[0];
    port.onmessage = ({ data: message }) => {
      if (Array.isArray(message.select)) {
        const found = message.select.map((id) => positionOf.get(String(id))).filter((i) => i !== undefined);
        picked = message.select.length ? new Set(found) : null;
        state.page = 0;
        show();
      }
      if (message.saved) { say(message.saved); }
    };
    host.tell();
  });
  return {
    // what a notebook should know: the papers chosen, and the edits made
    tell: () => { if (port) port.postMessage({ chosen: isNarrowed() ? chosen.map((i) => papers[i].id) : null, edits: pending }); },
    save: () => {
      if (data.host === "server") post();
      else if (port) port.postMessage({ chosen: isNarrowed() ? chosen.map((i) => papers[i].id) : null, edits: pending, save: true });
      else by("copy-edits").click();
    },
  };
})();
