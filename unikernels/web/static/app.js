// The page asks for the figures once a second and draws the last two minutes.
"use strict";

const KEPT = 120;
const history = { rx: [], tx: [], memory: [], open: [] };
let before = null;

function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) { count /= 1024; unit += 1; }
  return `${count.toFixed(unit && count < 100 ? 1 : 0)} ${units[unit]}`;
}

function time(seconds) {
  const days = Math.floor(seconds / 86400), rest = new Date(seconds * 1000).toISOString().slice(11, 19);
  return days ? `${days} d ${rest}` : rest;
}

function show(id, text) { document.getElementById(id).textContent = text; }

function draw(name, value) {
  const values = history[name];
  values.push(value);
  if (values.length > KEPT) values.shift();
  const most = Math.max(...values, 1);
  const points = values.map((each, index) => `${120 - (values.length - 1 - index)},${38 - 36 * each / most}`);
  document.getElementById(`${name}-chart`).innerHTML = `<polyline points="${points.join(" ")}"/>`;
}

function update(now) {
  const seconds = before ? now.uptime - before.uptime : 0;
  const rate = (name) => seconds > 0 ? Math.max(0, (now[name] - before[name]) / seconds) || 0 : 0;
  show("uptime", time(now.uptime));
  show("requests", now.requests);
  show("rx", `${bytes(rate("rx_bytes"))}/s`);
  show("tx", `${bytes(rate("tx_bytes"))}/s`);
  show("memory", now.memory_size ? bytes(now.memory_used) : "unknown");
  show("size", now.memory_size ? `, of ${bytes(now.memory_size)}` : "");
  show("open", now.TcpCurrEstab ?? "unknown");
  draw("rx", rate("rx_bytes"));
  draw("tx", rate("tx_bytes"));
  draw("memory", now.memory_used);
  draw("open", now.TcpCurrEstab ?? 0);
  const rows = Object.entries(now).map(([name, value]) => {
    const row = document.createElement("tr");
    for (const text of [name, value]) row.appendChild(document.createElement("td")).textContent = text;
    return row;
  });
  document.getElementById("all").replaceChildren(...rows);
  before = now;
}

async function poll() {
  try {
    update(await (await fetch("/api/figures", { cache: "no-store" })).json());
    show("state", "");
  } catch {
    show("state", "The machine does not answer.");
  }
  setTimeout(poll, 1000);
}

poll();
