// The bot's own process: its state, kill, start and the tail of its log.
import { api } from "./api.js";
import { $, alertLine, h } from "./dom.js";
import { moment } from "./moments.js";
import { on } from "./state.js";

const box = $("bot");
const line = h("p.bot-line", { role: "status" });
const kill = h("button.button.danger", { type: "button", title: "SIGKILL: the process is gone at once, with no chance to tidy up" }, "Kill");
const start = h("button.button.success", { type: "button" }, "Start");
const log = h("pre", { tabindex: 0, "aria-label": "Last lines of the bot's log" });
const details = h("details", { ontoggle: () => refreshBot() }, h("summary", null, "Log"), log);
box.append(h("h2", { id: "bot-title" }, "The bot"), h("div.bot-row", null, line, kill, start), details);

const words = { running: "Running", starting: "Starting …", stopped: "Stopped" };
let shown = "";

function draw({ state, pid, since }) {
  kill.disabled = state === "stopped";
  start.disabled = state !== "stopped";
  if (shown === `${state} ${pid} ${since}`) return;
  shown = `${state} ${pid} ${since}`;
  box.dataset.state = state;
  line.replaceChildren(h("span.light", { "aria-hidden": "true" }), h("b", null, words[state] ?? state), h("small", null, state === "stopped" ? "" : ` process ${pid}, since `, state !== "stopped" && since && moment(new Date(since), "T")));
}

export async function refreshBot() {
  const found = await api.bot().catch(() => null);
  if (!found) return;
  draw(found);
  const text = found.log.join("\n");
  if (log.textContent === text) return;
  const stick = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.textContent = text;
  if (stick) log.scrollTop = log.scrollHeight;
}

async function act(action) {
  box.querySelector(".failure")?.remove();
  try { await action(); } catch (error) { box.append(alertLine(error.message)); }
  refreshBot();
}
kill.addEventListener("click", () => act(api.killBot));
start.addEventListener("click", () => act(api.startBot));
on("BOT", news => { draw(news); refreshBot(); });
setInterval(() => { if (details.open && !document.hidden) refreshBot(); }, 2000);
