// The messages of the present channel, kept up to date in place.
import { api } from "./api.js";
import { component } from "./components.js";
import { $, avatar, h, plural } from "./dom.js";
import { embeds } from "./embeds.js";
import { attempt, element } from "./failures.js";
import { markdown } from "./markdown.js";
import { attachments } from "./media.js";
import { chooseEmoji, openMenu } from "./menu.js";
import { stamp } from "./moments.js";
import { emit, markSeen, nameOf, on, roleNames, state } from "./state.js";

const EPHEMERAL = 64, LOADING = 128, V2 = 32768, GROUP_MS = 7 * 60 * 1000;
const box = $("messages");
let shown = [];
let earlier = false;

// The list stays at its end, whatever grows or shrinks, unless the reader has scrolled up.
let stuck = true;
const toBottom = () => { box.scrollTop = box.scrollHeight; stuck = true; };
const stay = () => { if (stuck) toBottom(); };
box.addEventListener("scroll", () => { stuck = box.scrollHeight - box.scrollTop - box.clientHeight < 60; });
box.addEventListener("load", stay, true);
new ResizeObserver(stay).observe(box);
const emojiKey = emoji => emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name;

// ---- one message
function draw(message, before) {
  const author = state.people.get(message.author.id) ?? message.author;
  const reply = message.referenced_message, used = message.interaction_metadata ?? message.interaction;
  const compact = before && before.author.id === message.author.id && !reply && !used?.name && !((message.flags | before.flags) & EPHEMERAL)
    && new Date(message.timestamp) - new Date(before.timestamp) < GROUP_MS;
  const node = h(`article.message${compact ? ".compact" : ""}${message.flags & EPHEMERAL ? ".only-you" : ""}`, {
    id: `m${message.id}`, "aria-label": `${nameOf(author)}, ${new Date(message.timestamp).toLocaleTimeString([], { timeStyle: "short" })}`,
    oncontextmenu: event => { if (event.target.closest("a, input, video")) return; event.preventDefault(); openMenu(message, node, { x: event.clientX, y: event.clientY }); },
  }, origin(message, reply, used), avatar(nameOf(author), author.id),
  h("div.message-body", null, heading(message, author), body(message), h("div.reactions", null, reactions(message)), footers(message)), tools(message));
  longPress(node, message);
  return node;
}

function origin(message, reply, used) {
  if (message.message_reference && !message.message_reference.type && message.type === 19) return h("button.origin", {
    type: "button", "aria-label": reply ? `Reply to ${nameOf(reply.author)}: go to the message` : "Reply to a deleted message", onclick: () => reply && jump(reply.id),
  }, "↱ ", reply ? [h("b", null, nameOf(state.people.get(reply.author.id) ?? reply.author)), " ", h("span", null, excerpt(reply))] : h("i", null, "The message was deleted"));
  const user = used?.user && (state.people.get(used.user.id) ?? used.user);
  return used?.name && user ? h("p.origin", null, "↱ ", h("b", null, nameOf(user)), " used ", h("code", null, used.type === 2 && message.type === 20 ? `/${used.name}` : used.name)) : null;
}
const excerpt = message => markdown(message.content || message.embeds?.[0]?.title || message.embeds?.[0]?.description || "an attachment").textContent;

function heading(message, author) {
  const roles = author.bot ? h("span.tag", null, "bot") : state.people.has(author.id) && roleNames(author)[0] && h("span.role-name", null, roleNames(author)[0]);
  return h("p.heading", null, h("b", null, nameOf(author)), roles, stamp(message.timestamp));
}

function body(message) {
  if (message.flags & LOADING) return h("p.thinking", { role: "status" }, `${nameOf(message.author)} is thinking …`);
  const parts = message.components?.map(part => component(part, message)) ?? [];
  const edited = message.edited_timestamp && h("small.edited", { title: new Date(message.edited_timestamp).toLocaleString() }, "(edited)");
  if (message.flags & V2) return h("div.v2", null, parts, edited);
  const text = message.content && markdown(message.content);
  if (text && edited) (text.lastElementChild?.matches("p") ? text.lastElementChild : text).append(" ", edited);
  return h("div", null, text, attachments(message.attachments ?? []), embeds(message.embeds ?? []), parts, !text && edited);
}

function reactions(message) {
  return (message.reactions ?? []).filter(each => each.count > 0).map(each => {
    const key = emojiKey(each.emoji);
    const node = h("button.reaction", {
      type: "button", "aria-pressed": each.me ? "true" : "false", "data-key": `r${key}`, "aria-label": `${each.emoji.name}, ${plural(each.count, "reaction")}`,
      onclick: () => attempt(message, () => each.me ? api.unreact(message.id, key) : api.react(message.id, key)),
      onpointerenter: () => nameReactors(node, message, each, key), onfocus: () => nameReactors(node, message, each, key),
    }, h("span", { "aria-hidden": "true" }, each.emoji.id ? `:${each.emoji.name}:` : each.emoji.name), h("span", { "aria-hidden": "true" }, each.count));
    return node;
  });
}

async function nameReactors(node, message, reaction, key) {
  const users = await api.reactors(message.id, key).catch(() => []);
  const names = users.map(user => nameOf(state.people.get(user.id) ?? user)).join(", ");
  node.title = `${reaction.emoji.name} ${names}`;
  node.setAttribute("aria-label", `${reaction.emoji.name}, ${plural(reaction.count, "reaction")}: ${names}`);
}

function footers(message) {
  return [
    message.thread && h("button.thread", { type: "button", onclick: () => emit("go", { channelId: message.thread.id }) }, "🧵 ", h("b", null, message.thread.name), ` · ${plural(message.thread.message_count ?? 0, "message")}`),
    message.flags & EPHEMERAL ? h("p.private", null, "👁 Only you can see this · ", h("button.textual", { type: "button", onclick: () => attempt(message, () => api.remove(message.id)) }, "Dismiss message")) : null,
  ];
}

function tools(message) {
  const act = (label, sign, action, tab) => h("button.quiet", { type: "button", tabindex: tab, "aria-label": label, title: label, "data-key": label, onclick: event => action(event.currentTarget) }, sign);
  const open = message.flags & EPHEMERAL ? [] : [
    act("Add reaction", "☺", anchor => chooseEmoji(anchor, emoji => attempt(message, () => api.react(message.id, emoji))), -1),
    act("Reply", "↩", () => emit("reply", message), -1)];
  return h("div.tools", null, open, act("Message menu", "⋯", anchor => openMenu(message, anchor), 0));
}

function longPress(node, message) {
  let timer;
  const stop = () => clearTimeout(timer);
  node.addEventListener("touchstart", event => {
    if (event.target.closest("button, a, input, video, summary")) return;
    const { clientX: x, clientY: y } = event.touches[0];
    timer = setTimeout(() => openMenu(message, node, { x, y }), 500);
  }, { passive: true });
  for (const type of ["touchend", "touchmove", "touchcancel"]) node.addEventListener(type, stop, { passive: true });
}

// ---- the list
let turns = 0, loading = 0, missed = false; // news that come while a channel is loading make it load again

export async function openMessages() {
  const channel = state.channelId, me = state.me, turn = loading = ++turns;
  let found;
  try {
    do { missed = false; found = await api.messages(); } while (missed && turn === loading);
  } finally { if (turn === loading) loading = 0; }
  if (channel !== state.channelId || me !== state.me) return;
  box.setAttribute("aria-live", "off");
  shown = found;
  earlier = found.length >= 50;
  drawAll();
  toBottom();
  setTimeout(() => box.setAttribute("aria-live", "polite"), 300);
}

function drawAll() {
  const more = earlier && h("button.button.secondary.more", { type: "button", onclick: showEarlier }, "Show earlier messages");
  box.replaceChildren(...[more, ...shown.map((message, at) => draw(message, shown[at - 1]))].filter(Boolean));
  if (!shown.length) box.append(h("p.nothing", null, "Nothing here yet."));
}

async function showEarlier() {
  const found = await api.messages(shown[0].id);
  const height = box.scrollHeight;
  earlier = found.length >= 50;
  shown = [...found, ...shown];
  drawAll();
  box.scrollTop += box.scrollHeight - height;
}

export async function jump(id) {
  for (let page = 0; page < 5 && !element(id) && earlier; page++) await showEarlier();
  const node = element(id);
  if (!node) return;
  node.scrollIntoView({ block: "center" });
  node.classList.remove("flash");
  void node.offsetWidth;
  node.classList.add("flash");
  node.querySelector(".tools button[tabindex='0']").focus({ preventScroll: true });
}

function redraw(message) {
  const at = shown.indexOf(message), old = element(message.id);
  if (at < 0 || !old) return;
  const focused = old.contains(document.activeElement) && document.activeElement.dataset.key;
  const next = draw(message, shown[at - 1]);
  old.replaceWith(next);
  if (focused) ([...next.querySelectorAll("[data-key]")].find(each => each.dataset.key === focused) ?? next.querySelector(".tools button[tabindex='0']")).focus();
  stay();
}

function add(message) {
  if (element(message.id)) return change(message);
  stuck ||= message.author.id === state.me;
  box.querySelector(".nothing")?.remove();
  shown.push(message);
  box.append(draw(message, shown.at(-2)));
  stay();
}

function change(news) {
  const message = shown.find(each => each.id === news.id);
  if (!message) return;
  Object.assign(message, { ...news, reactions: message.reactions });
  redraw(message);
}

function drop({ id }) {
  const at = shown.findIndex(each => each.id === id);
  if (at < 0) return;
  shown.splice(at, 1);
  element(id)?.remove();
  if (shown[at]) redraw(shown[at]);
}

function count({ message_id, emoji, user_id }, step) {
  const message = shown.find(each => each.id === message_id);
  if (!message) return;
  message.reactions ??= [];
  let entry = message.reactions.find(each => emojiKey(each.emoji) === emojiKey(emoji));
  if (!entry) message.reactions.push(entry = { emoji, count: 0, me: false });
  if (user_id === state.me && entry.me === step > 0) return;
  entry.count += step;
  if (user_id === state.me) entry.me = step > 0;
  message.reactions = message.reactions.filter(each => each.count > 0);
  const holder = element(message_id)?.querySelector(".reactions");
  const focused = holder?.contains(document.activeElement) && document.activeElement.dataset.key;
  holder?.replaceChildren(...reactions(message));
  if (focused) [...holder.children].find(each => each.dataset.key === focused)?.focus();
  stay();
}

const here = listener => news => {
  if (news.channel_id !== state.channelId) return;
  if (loading) missed = true;
  else listener(news);
};
const append = here(add);
on("MESSAGE_CREATE", news => {
  const channel = state.channels.get(news.channel_id);
  if (channel && !(news.flags & EPHEMERAL)) channel.last_message_id = news.id;
  append(news);
  if (news.channel_id === state.channelId) markSeen(channel);
  emit("unread");
});
on("MESSAGE_UPDATE", here(change));
on("MESSAGE_DELETE", here(drop));
on("MESSAGE_DELETE_BULK", here(news => news.ids.forEach(id => drop({ id }))));
on("MESSAGE_REACTION_ADD", here(news => count(news, 1)));
on("MESSAGE_REACTION_REMOVE", here(news => count(news, -1)));
const wipe = match => here(news => {
  const message = shown.find(each => each.id === news.message_id);
  if (!message) return;
  message.reactions = (message.reactions ?? []).filter(each => !match(each, news));
  redraw(message);
});
on("MESSAGE_REACTION_REMOVE_ALL", wipe(() => true));
on("MESSAGE_REACTION_REMOVE_EMOJI", wipe((each, news) => emojiKey(each.emoji) === emojiKey(news.emoji)));

box.addEventListener("keydown", event => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key], article = event.target.closest("article");
  if (!step || !article || event.target.closest("input, textarea, .select, video, audio")) return;
  const all = [...box.querySelectorAll("article")];
  const next = all[all.indexOf(article) + step];
  if (!next) return;
  event.preventDefault();
  next.querySelector(".tools button[tabindex='0']").focus();
});
