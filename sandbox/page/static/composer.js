// The composer: text and files, or a command with its options.
import { api } from "./api.js";
import { commandForm, findCommands } from "./command.js";
import { $, h } from "./dom.js";
import { closeFloat, float } from "./float.js";
import { fileChip } from "./modal.js";
import { Listbox } from "./picker.js";
import { nameOf, on, state } from "./state.js";

const holder = $("composer");
let files = [], context = null, picker = null;

const write = h("textarea", { id: "write", rows: 1, autocomplete: "off", "aria-label": "Message" });
const list = new Listbox(write, { label: "Commands", onPick: found => begin(found.command) });
write.setAttribute("aria-haspopup", "listbox");
const strip = h("p.strip", { hidden: true });
const tray = h("ul.tray");
const problem = h("p.failure", { role: "alert", hidden: true });
const choose = h("input.unseen", { type: "file", multiple: true, tabindex: -1, "aria-label": "Files to attach", onchange: () => { attach(choose.files); choose.value = ""; } });
const bar = h("form.bar", { onsubmit: event => { event.preventDefault(); send(); } },
  h("button.quiet", { type: "button", "aria-label": "Attach files", title: "Attach files", onclick: () => choose.click() }, "+"), choose,
  write, h("button.quiet.send", { type: "submit", "aria-label": "Send" }, "➤"));
const plain = h("div", null, strip, tray, problem, bar);
holder.append(plain);

export function invite(channel) {
  write.placeholder = `Message #${channel.name}, or / for commands`;
  write.setAttribute("aria-label", `Message #${channel.name}`);
}
// After a change of channel, unless the visitor is busy elsewhere, or goes through the people by keys.
export function focusComposer() {
  const busy = document.activeElement.closest("input, textarea, select, dialog, #people :focus-visible");
  if (!busy && matchMedia("(pointer: fine)").matches) write.focus();
}

function fit() {
  write.style.height = "auto";
  write.style.height = `${Math.min(write.scrollHeight, 220)}px`;
}
function attach(added) {
  files = [...files, ...added].slice(0, 10);
  tray.replaceChildren(...files.map(file => fileChip(file, () => { files = files.filter(each => each !== file); attach([]); write.focus(); })));
}
function fail(text) {
  problem.textContent = text ?? "";
  problem.hidden = !text;
}
function about(next) {
  context = next;
  strip.hidden = !next;
  strip.replaceChildren(...next ? [h("span", null, next.edit ? "Editing your message" : ["Replying to ", h("b", null, nameOf(next.message.author))]),
    h("button.quiet", { type: "button", "aria-label": next.edit ? "Stop editing" : "Do not reply", onclick: () => { if (next.edit) write.value = ""; about(null); write.focus(); } }, "✕")] : []);
}

async function send() {
  const content = write.value.trim();
  if (!content && !files.length) return;
  fail(null);
  try {
    if (context?.edit) await api.edit(context.message.id, content);
    else await api.send({ content, ...context && { message_reference: { message_id: context.message.id } } }, files);
  } catch (error) { return fail(error.message); }
  write.value = "";
  files = [];
  attach([]);
  about(null);
  fit();
}

// ---- the slash picker
function suggest() {
  fit();
  fail(null);
  const found = /^\/[^\n]*$/.test(write.value) ? findCommands(write.value.slice(1)) : null;
  if (!found || (!found.length && write.value.includes(" "))) return picker?.close();
  picker ??= float(bar, h("div.slash.as-wide", null, list.node), { refocus: false, onClose: () => { picker = null; list.hidden(); } });
  list.show(found, state.commands.length ? "No command fits" : "The bot has no commands yet: is it running?");
  picker.place();
}

function begin(command, values) {
  closeFloat();
  write.value = "";
  fit();
  const form = commandForm(command, { onEnd: () => { form.replaceWith(plain); write.focus(); } });
  (holder.querySelector(".command") ?? plain).replaceWith(form);
  (form.querySelector(".command-fields input, .command-fields button, .command-fields textarea") ?? form.querySelector("[type=submit]")).focus();
}

write.addEventListener("input", suggest);
write.addEventListener("keydown", event => {
  if (picker && (list.key(event) || (event.key === "Tab" && !event.shiftKey && list.at >= 0 && (event.preventDefault(), list.pick(), true)))) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  else if (event.key === "Escape" && context) strip.querySelector("button").click();
});
write.addEventListener("paste", event => { if (event.clipboardData.files.length) { event.preventDefault(); attach(event.clipboardData.files); } });
const chat = $("chat");
chat.addEventListener("dragover", event => { event.preventDefault(); chat.classList.add("dropping"); });
chat.addEventListener("dragleave", () => chat.classList.remove("dropping"));
chat.addEventListener("drop", event => { event.preventDefault(); chat.classList.remove("dropping"); if (!event.target.closest(".drop")) attach(event.dataTransfer.files); });

on("reply", message => { about({ message }); write.focus(); });
on("edit", message => { about({ message, edit: true }); write.value = message.content; fit(); write.focus(); });
on("command", ({ name }) => { const found = findCommands(name).find(each => each.path === name); if (found) begin(found.command); });
on("switched", () => { if (context) { if (context.edit) write.value = ""; about(null); } if (holder.querySelector(".command")) { holder.querySelector(".command").replaceWith(plain); } });
