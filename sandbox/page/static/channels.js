// The channels and threads the present person may see, and going from one to another.
import { api } from "./api.js";
import { $, h } from "./dom.js";
import { focusComposer, invite } from "./composer.js";
import { jump, openMessages } from "./messages.js";
import { emit, isUnread, markSeen, on, state } from "./state.js";

const nav = $("channels");
const THREAD = 11;

export async function loadChannels() {
  const me = state.me, found = await api.channels();
  if (me === state.me) state.channels = new Map(found.map(channel => [channel.id, channel]));
}

export function drawChannels() {
  const waiting = [...state.channels.values()].some(each => each.id !== state.channelId && isUnread(each));
  $("tabs").querySelector("[data-tab=channels]").toggleAttribute("data-news", waiting);
  const all = [...state.channels.values()].sort((a, b) => a.position - b.position);
  const threads = parent => all.filter(each => each.parent_id === parent.id && each.type >= 10);
  nav.replaceChildren(h("h2", null, "Channels"), h("ul", null, all.filter(each => each.type < 10).map(channel => h("li", null, row(channel),
    threads(channel).length > 0 && h("ul", null, threads(channel).map(thread => h("li", null, row(thread))))))));
}

function row(channel) {
  const unread = channel.id !== state.channelId && isUnread(channel);
  return h("button.channel", {
    type: "button", "aria-current": channel.id === state.channelId ? "page" : null, class: unread ? "channel unread" : "channel", onclick: () => { go(channel.id); emit("tab", "chat"); },
  }, h("span", { "aria-hidden": "true" }, channel.type === THREAD ? "↳" : "#"), h("span", null, channel.name), unread && h("span.unread-dot", { role: "img", "aria-label": "unread" }));
}

export async function go(channelId, messageId) {
  const channel = state.channels.get(channelId);
  if (!channel) return;
  state.channelId = channelId;
  $("chat").setAttribute("aria-busy", "true");
  history.replaceState(null, "", `#/${channelId}${messageId ? `/${messageId}` : ""}`);
  $("channel-name").textContent = `${channel.type === THREAD ? "↳" : "#"} ${channel.name}`;
  document.title = `${channel.name} · ${state.guild.name}`;
  $("topic").textContent = channel.topic ?? (channel.parent_id ? `Thread in #${state.channels.get(channel.parent_id)?.name}` : "");
  invite(channel);
  markSeen(channel);
  drawChannels();
  emit("switched");
  await openMessages();
  if (state.channelId === channelId) $("chat").removeAttribute("aria-busy");
  if (messageId) await jump(messageId);
  else focusComposer();
}

async function reload() {
  await loadChannels();
  if (!state.channels.has(state.channelId)) {
    const first = [...state.channels.keys()][0];
    if (first) return go(first);
  }
  drawChannels();
}
for (const type of ["CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE"]) on(type, reload);
on("unread", drawChannels);
on("go", async ({ channelId, messageId }) => {
  if (!state.channels.has(channelId)) await loadChannels();
  emit("tab", "chat");
  go(channelId, messageId);
});
