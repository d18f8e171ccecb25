// The explorer's page in a frame of a notebook's cell; what is chosen and edited there goes to Python and back.
function render({ model, el }) {
  const frame = document.createElement("iframe");
  // without an origin of its own the page can reach nothing of the notebook but this channel
  frame.setAttribute("sandbox", "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox");
  frame.setAttribute("title", "Explorer");
  frame.style.cssText = `width:100%;height:${model.get("height")}px;border:1px solid #d0d7de;border-radius:6px;background:#fff`;
  const channel = new MessageChannel();
  let connected = false;
  channel.port1.onmessage = ({ data }) => {
    model.set("chosen", data.chosen === null ? null : data.chosen.slice(0, 1000000));
    model.set("edit_tables", data.edits);
    model.save_changes();
    if (data.save) model.send({ save: true });
  };
  const connect = () => {
    if (connected) return;
    connected = true;
    const greeting = { to: "topictrends explorer", edits: model.get("edit_tables"), select: model.get("chosen") };
    frame.contentWindow.postMessage(greeting, "*", [channel.port2]);
  };
  const heard = (message) => {
    if (message.page !== undefined) {
      frame.addEventListener("load", connect, { once: true });
      frame.srcdoc = message.page;
    }
    if (message.saved) channel.port1.postMessage({ saved: message.saved, done: message.done });
    if (message.select) channel.port1.postMessage({ select: message.select });
  };
  model.on("msg:custom", heard);
  el.append(frame);
  // the page is sent when it is asked for, so that no notebook stores it
  model.send({ page: true });
  return () => {
    model.off("msg:custom", heard);
    channel.port1.close();
  };
}
export default { render };
