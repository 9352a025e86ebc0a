// The menu of a message, the emoji picker, and the small forms they open.
import { api } from "./api.js";
import { h } from "./dom.js";
import { attempt, complain } from "./failures.js";
import { arrows, closeFloat, float } from "./float.js";
import { settle } from "./interact.js";
import { MANAGE_MESSAGES, emit, may, state } from "./state.js";

const common = ["✅", "❌", "👍", "👎", "❤️", "🎉", "😄", "👀", "🙏", "🔥", "🤔", "😢", "⏰", "📌", "✏️", "🚀"];
const names = ["yes", "no", "thumbs up", "thumbs down", "heart", "party", "laugh", "eyes", "thanks", "fire", "thinking", "sad", "clock", "pin", "pencil", "rocket"];

export function chooseEmoji(anchor, onPick, at = null) {
  const pick = emoji => { closeFloat(); onPick(emoji.trim()); };
  const free = h("input", { type: "text", "aria-label": "Any other emoji", placeholder: "Any emoji, then Enter", autocomplete: "off", onkeydown: event => { if (event.key === "Enter" && free.value.trim()) { event.preventDefault(); pick(free.value); } } });
  const panel = h("div.emojis", { role: "dialog", "aria-label": "Choose an emoji" },
    h("div.emoji-grid", null, common.map((emoji, index) => h("button.quiet", { type: "button", "aria-label": `${emoji} ${names[index]}`, onclick: () => pick(emoji) }, emoji))), free);
  arrows(panel.firstChild, 8);
  float(anchor, panel, { at });
  panel.querySelector("button").focus();
}

export function openMenu(message, anchor, at = null) {
  const plain = !(message.flags & 64);
  const act = (label, action) => h("button", { type: "button", role: "menuitem", onclick: () => { closeFloat(); action(); } }, label);
  const refocus = () => document.querySelector(`#m${message.id} .tools button[tabindex='0']`);
  const panel = h("div.menu", { role: "menu", "aria-label": "Message menu" },
    plain && act("Reply", () => emit("reply", message)),
    plain && act("Add reaction", () => chooseEmoji(refocus() ?? anchor, emoji => attempt(message, () => api.react(message.id, emoji)), at)),
    plain && !message.thread && act("Start a thread", () => startThread(message, refocus() ?? anchor, at)),
    message.author.id === state.me && act("Edit", () => emit("edit", message)),
    plain && appCommands(message).map(({ command, target }) => act(`${command.name} ↗`, () => runOn(command, target, message))),
    act("Copy text", () => navigator.clipboard?.writeText(message.content ?? "")),
    act("Copy link", () => navigator.clipboard?.writeText(`${location.origin}/#/${message.channel_id}/${message.id}`)),
    plain ? (message.author.id === state.me || may(MANAGE_MESSAGES)) && act("Delete", () => attempt(message, () => api.remove(message.id)))
      : act("Dismiss", () => attempt(message, () => api.remove(message.id))));
  arrows(panel);
  float(anchor, panel, { at });
  panel.querySelector("button").focus();
}

function appCommands(message) {
  const targets = { 2: message.author.id, 3: message.id };
  return state.commands.filter(command => command.type in targets).map(command => ({ command, target: targets[command.type] }));
}

async function runOn(command, target, message) {
  const failure = await settle(api.interact({ type: 2, data: { id: command.id, name: command.name, type: command.type, target_id: target } }));
  if (failure) complain(message.id, failure);
}

function startThread(message, anchor, at) {
  const name = h("input", { type: "text", "aria-label": "Name of the thread", placeholder: "Name of the thread", required: true, autocomplete: "off" });
  const form = h("form.small-form", { onsubmit: async event => {
    event.preventDefault();
    closeFloat();
    attempt(message, async () => { const thread = await api.thread(name.value.trim(), message.id); emit("go", { channelId: thread.id, channel: thread }); });
  } }, name, h("button.button.primary", { type: "submit" }, "Start"));
  float(anchor, form, { at });
  name.focus();
}
