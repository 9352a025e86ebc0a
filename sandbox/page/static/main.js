// The page as a whole: who the visitor is, the tabs of a narrow screen, the theme, and keeping up with the news.
import { api } from "./api.js";
import { $, alertLine, avatar, h } from "./dom.js";
import { refreshBot } from "./bot.js";
import { drawChannels, go, loadChannels } from "./channels.js";
import { listen } from "./live.js";
import { openMessages } from "./messages.js";
import "./modal.js"; // opens whenever the bot answers with one
import { refreshOutThere, showPost } from "./outthere.js";
import { emit, nameOf, on, roleNames, state } from "./state.js";

const GUIDE = "guide"; // the author of the welcome, nobody to be

// ---- who I am
async function loadPeople() {
  const found = await api.people();
  state.people = new Map(found.people.map(person => [person.id, person]));
  state.roles = new Map(found.roles.map(role => [role.id, role]));
  Object.assign(state, { guild: found.guild, applicationId: found.application_id });
  $("server").textContent = found.guild.name;
}

const playable = () => [...state.people.values()].filter(person => !person.bot && person.username !== GUIDE);

function drawPeople() {
  const focused = $("people").contains(document.activeElement);
  $("people").replaceChildren(h("span.be", { "aria-hidden": "true" }, "Be:"), ...playable().map(person => {
    const roles = roleNames(person).join(", ") || "no role";
    const mine = person.id === state.me;
    return h("button.person", { type: "button", role: "radio", "aria-checked": mine ? "true" : "false", tabindex: mine ? 0 : -1, "aria-label": `${nameOf(person)} (${roles})`, title: `${nameOf(person)} (${roles})`, onclick: () => be(person.id) },
      avatar(nameOf(person), person.id, null), h("span.person-text", { "aria-hidden": "true" }, h("b", null, nameOf(person)), h("small", null, roles)));
  }));
  if (focused) $("people").querySelector("[aria-checked=true]").focus();
}

$("people").addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const all = playable();
  be(all.at((all.findIndex(person => person.id === state.me) + step) % all.length).id);
});

async function be(id, messageId) {
  state.me = id;
  sessionStorage.setItem("me", id);
  localStorage.setItem("me", id);
  $("chat").setAttribute("aria-busy", "true");
  drawPeople();
  listen();
  const [, commands] = await Promise.all([loadChannels(), api.commands()]);
  if (state.me !== id) return;
  state.commands = commands;
  const wanted = state.channels.has(state.channelId) ? state.channelId : [...state.channels.keys()][0];
  if (wanted) await go(wanted, messageId);
}

// ---- keeping up
let away = false;
on("disconnected", () => { away = true; $("offline").hidden = false; });
on("connected", async () => {
  $("offline").hidden = true;
  refreshBot();
  refreshOutThere();
  if (!away) return;
  away = false;
  await loadPeople();
  [, state.commands] = await Promise.all([loadChannels(), api.commands()]);
  drawPeople();
  drawChannels();
  openMessages();
});
on("COMMANDS_UPDATE", async () => { state.commands = await api.commands(); });
on("GUILD_MEMBER_UPDATE", async () => { await loadPeople(); state.commands = await api.commands(); await loadChannels(); drawPeople(); drawChannels(); });

let typing;
on("TYPING_START", news => {
  if (news.channel_id !== state.channelId || news.user_id === state.me) return;
  $("typing").textContent = `${nameOf(state.people.get(news.user_id) ?? { username: "Someone" })} is typing …`;
  clearTimeout(typing);
  typing = setTimeout(() => { $("typing").textContent = ""; }, 8000);
});
on("MESSAGE_CREATE", () => { $("typing").textContent = ""; });

// ---- tabs, theme, links into the server
function showTab(name) {
  document.body.dataset.tab = name;
  if (name === "side") $("tabs").querySelector("[data-tab=side]").removeAttribute("data-news");
  for (const button of $("tabs").children) button.setAttribute("aria-current", button.dataset.tab === name ? "page" : "false");
}
for (const button of $("tabs").children) button.addEventListener("click", () => showTab(button.dataset.tab));
on("tab", showTab);
showTab("chat");

const dark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
if (localStorage.getItem("theme")) document.documentElement.dataset.theme = localStorage.getItem("theme");
$("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});

const fromHash = () => location.hash.match(/^#\/(\d+)(?:\/(\d+))?/) ?? [];
addEventListener("hashchange", () => { const [, channelId, messageId] = fromHash(); if (channelId) emit("go", { channelId, messageId }); });
document.addEventListener("click", event => {
  const address = event.target.closest("a[href]")?.getAttribute("href");
  if (!address) return;
  if (showPost(address)) event.preventDefault();
  const found = address.match(/\/channels\/\d+\/(\d+)(?:\/(\d+))?$/);
  if (!found) return;
  event.preventDefault();
  emit("go", { channelId: found[1], messageId: found[2] });
});
document.querySelector(".skip").addEventListener("click", event => { event.preventDefault(); $("write")?.focus(); });

// ---- begin
async function begin() {
  await loadPeople();
  const [, channelId, messageId] = fromHash();
  state.channelId = channelId ?? null;
  const before = sessionStorage.getItem("me") ?? localStorage.getItem("me");
  await be(playable().some(person => person.id === before) ? before : playable()[0].id, messageId);
}
begin().catch(error => $("messages").replaceChildren(alertLine(error.message)));
