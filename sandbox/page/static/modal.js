// Modals, with every component discord.py 2.7 has. A failed submit keeps what was typed and may be repeated.
import { api } from "./api.js";
import { selectDefaults, selectItems } from "./choices.js";
import { $, bytes, h, plural, unique } from "./dom.js";
import { settle } from "./interact.js";
import { markdown } from "./markdown.js";
import { Select } from "./picker.js";
import { on } from "./state.js";

// A field: its node, what it would send (without id and custom_id), and what is wrong with it.
const builders = { 3: choose, 5: choose, 6: choose, 7: choose, 8: choose, 4: text, 19: upload, 21: radios, 22: checks, 23: check };

on("modal", ({ modal, id, opener }) => openModal(modal, id, opener));

function openModal(modal, interactionId, opener) {
  const fields = [];
  const parts = modal.components.map(part => layout(part, fields));
  const problem = h("p.failure", { role: "alert", hidden: true });
  const submit = h("button.button.primary", { type: "submit" }, "Submit");
  const title = h("h2", { id: unique("modal") }, modal.title);
  const dialog = h("dialog.modal", { "aria-labelledby": title.id, onclose: () => { dialog.remove(); (opener?.isConnected ? opener : $("write"))?.focus(); } },
    h("form", { novalidate: true, onsubmit: async event => {
      event.preventDefault();
      problem.hidden = true;
      const wrong = fields.filter(field => field.report());
      if (wrong.length) return wrong[0].focus();
      submit.disabled = true;
      submit.setAttribute("aria-busy", "true");
      const files = [];
      const components = parts.map(part => part.value(files));
      const failure = await settle(api.interact({ type: 5, modal_interaction_id: interactionId, data: { custom_id: modal.custom_id, components } }, files));
      submit.disabled = false;
      submit.removeAttribute("aria-busy");
      if (!failure) return dialog.close();
      problem.textContent = `${failure}. What you typed is still here: you can submit it again.`;
      problem.hidden = false;
    } },
    h("header", null, title, h("button.quiet", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
    h("div.modal-fields", null, parts.map(part => part.node)), problem,
    h("footer", null, h("button.button.secondary", { type: "button", onclick: () => dialog.close() }, "Cancel"), submit)));
  document.body.append(dialog);
  dialog.showModal();
  (fields[0] ?? { focus: () => submit.focus() }).focus();
}

function layout(part, fields) {
  if (part.type === 10) return { node: markdown(part.content), value: () => ({ type: 10, id: part.id }) };
  if (part.type === 1) {
    const rows = part.components.map(inner => labelled(inner, inner.label, null, fields));
    return { node: h("div", null, rows.map(row => row.node)), value: files => ({ type: 1, id: part.id, components: rows.map(row => row.value(files)) }) };
  }
  const inner = labelled(part.component, part.label, part.description, fields);
  return { node: inner.node, value: files => ({ type: 18, id: part.id, component: inner.value(files) }) };
}

function labelled(part, label, description, fields) {
  const required = part.type !== 23 && part.required !== false;
  const ids = { input: unique("field"), hint: unique("hint"), error: unique("error") };
  const field = builders[part.type](part, { label, required, ids });
  const error = h("p.failure", { id: ids.error, hidden: true });
  field.report = () => {
    const wrong = field.wrong();
    error.textContent = wrong ?? "";
    error.hidden = !wrong;
    field.input?.setAttribute("aria-invalid", wrong ? "true" : "false");
    return wrong;
  };
  fields.push(field);
  const caption = [label, required && h("span.required", { title: "required", "aria-hidden": "true" }, " *")];
  const group = !field.input;
  const hint = description && h("p.hint", { id: ids.hint }, description);
  const node = h("div.field", group ? { role: "group", "aria-labelledby": `${ids.input}-label`, "aria-describedby": `${ids.hint} ${ids.error}` } : null,
    part.type === 23 ? null : group ? h("p.label", { id: `${ids.input}-label` }, caption) : h("label.label", { for: ids.input, id: `${ids.input}-label` }, caption), hint, field.node, error);
  return { node, value: files => ({ type: part.type, id: part.id, custom_id: part.custom_id, ...field.value(files) }) };
}

const tooFew = (count, min) => `Choose at least ${min}; ${plural(count, "choice")} so far.`;

function text(part, { required, ids }) {
  const min = part.min_length ?? 0, max = part.max_length ?? 4000;
  const input = h(part.style === 2 ? "textarea" : "input", {
    id: ids.input, placeholder: part.placeholder, "aria-describedby": `${ids.hint} ${ids.error} ${ids.input}-count`, "aria-required": required,
    type: part.style === 2 ? null : "text", rows: part.style === 2 ? 4 : null, value: part.value ?? "", autocomplete: "off",
  });
  const counter = h("p.counter", { id: `${ids.input}-count`, hidden: part.max_length === undefined });
  const length = () => [...input.value].length;
  const count = () => { counter.textContent = `${length()} / ${max}`; counter.classList.toggle("over", length() > max); };
  input.addEventListener("input", count);
  count();
  return {
    node: h("div", null, input, counter), input, focus: () => input.focus(), value: () => ({ value: input.value }),
    wrong: () => required && !length() ? "This is required." : length() > max ? `At most ${max} characters; this has ${length()}.`
      : length() && length() < min ? `At least ${min} characters; this has ${length()}.` : null,
  };
}

function choose(part, { label, required, ids }) {
  const min = required ? part.min_values ?? 1 : 0;
  const chooser = new Select({ label, placeholder: part.placeholder, items: selectItems(part), values: selectDefaults(part), min, max: part.max_values ?? 1, describedby: `${ids.hint} ${ids.error}` });
  chooser.node.id = ids.input;
  return {
    node: chooser.node, input: chooser.node, focus: () => chooser.node.focus(), value: () => ({ values: chooser.values }),
    wrong: () => chooser.values.length < min || (chooser.values.length && chooser.values.length < (part.min_values ?? 1)) ? tooFew(chooser.values.length, part.min_values ?? 1) : null,
  };
}

function upload(part, { label, required, ids }) {
  const max = part.max_values ?? 1, min = required ? part.min_values ?? 1 : 0;
  let chosen = [];
  const tray = h("ul.tray");
  const input = h("input.unseen", { type: "file", id: ids.input, multiple: max > 1, "aria-describedby": `${ids.hint} ${ids.error}`, onchange: () => { add(input.files); input.value = ""; } });
  const add = files => { chosen = [...chosen, ...files]; draw(); };
  const draw = () => tray.replaceChildren(...chosen.map(file => fileChip(file, () => { chosen = chosen.filter(each => each !== file); draw(); input.focus(); })));
  const zone = h("div.drop", { ondragover: event => event.preventDefault(), ondrop: event => { event.preventDefault(); add(event.dataTransfer.files); } },
    input, h("span.drop-face", { "aria-hidden": "true", onclick: () => input.click() }, "+ ", max > 1 ? `Choose or drop up to ${max} files` : "Choose or drop a file"), tray);
  return {
    node: zone, input, focus: () => input.focus(),
    value: files => ({ values: chosen.map(file => String(files.push(file) - 1)) }),
    wrong: () => chosen.length > max ? `At most ${plural(max, "file")}; ${label} has ${chosen.length}.` : chosen.length < min || (chosen.length && chosen.length < (part.min_values ?? 1)) ? `At least ${plural(part.min_values ?? 1, "file")}.` : null,
  };
}

export function fileChip(file, onRemove) {
  const preview = file.type.startsWith("image/") && h("img", { src: URL.createObjectURL(file), alt: "" });
  return h("li.chip", null, preview, h("span", null, file.name), h("small", null, bytes(file.size)),
    h("button.quiet", { type: "button", "aria-label": `Remove ${file.name}`, onclick: onRemove }, "✕"));
}

function boxes(part, kind) {
  const group = unique("group");
  const inputs = part.options.map(option => h("input", { type: kind, name: group, value: option.value, checked: option.default }));
  const node = h("div.boxes", null, part.options.map((option, index) => h("label.box", null, inputs[index],
    h("span", null, h("span", null, option.label), option.description && h("small", null, option.description)))));
  return { node, picked: () => inputs.filter(input => input.checked).map(input => input.value), focus: () => (inputs.find(input => input.checked) ?? inputs[0]).focus() };
}

function radios(part, { required }) {
  const { node, picked, focus } = boxes(part, "radio");
  return { node, focus, value: () => ({ value: picked()[0] ?? null }), wrong: () => required && !picked().length ? "Choose one." : null };
}

function checks(part, { required }) {
  const { node, picked, focus } = boxes(part, "checkbox");
  const min = required ? part.min_values ?? 1 : 0, max = part.max_values ?? part.options.length;
  return {
    node, focus, value: () => ({ values: picked() }),
    wrong: () => picked().length > max ? `Choose at most ${max}; ${picked().length} are chosen.` : picked().length < min ? tooFew(picked().length, min) : null,
  };
}

function check(part, { label, ids }) {
  const input = h("input", { type: "checkbox", id: ids.input, checked: part.default });
  return { node: h("label.box", { for: ids.input }, input, h("span", null, label)), input, focus: () => input.focus(), value: () => ({ value: input.checked }), wrong: () => null };
}
