// Slash commands: finding them, and a form for their options.
import { api } from "./api.js";
import { h, unique } from "./dom.js";
import { float } from "./float.js";
import { settle } from "./interact.js";
import { Listbox, Select, entities } from "./picker.js";
import { state } from "./state.js";

const SUB = 1, GROUP = 2;

function flatten(command) {
  const paths = [];
  (function walk(options, path) {
    const inner = (options ?? []).filter(option => option.type === SUB || option.type === GROUP);
    if (!inner.length) paths.push({ command, path, options: options ?? [], description: command.description });
    for (const option of inner) {
      if (option.type === GROUP) walk(option.options, [...path, option]);
      else paths.push({ command, path: [...path, option], options: option.options ?? [], description: option.description });
    }
  })(command.options, []);
  return paths;
}

export function findCommands(typed) {
  const wanted = typed.toLowerCase().trim();
  return state.commands.filter(command => (command.type ?? 1) === 1).flatMap(flatten)
    .map(found => ({ found, name: [found.command.name, ...found.path.map(part => part.name)].join(" ") }))
    .filter(({ name }) => name.includes(wanted) || wanted.split(/\s+/).every(word => name.split(" ").some(part => part.startsWith(word))))
    .sort((a, b) => b.name.startsWith(wanted) - a.name.startsWith(wanted) || a.name.localeCompare(b.name))
    .map(({ found, name }) => ({ value: name, path: name, label: `/${name}`, description: found.description, command: { ...found, name } }));
}

export function commandForm(found, { onEnd }) {
  const fields = new Map();
  const place = h("div.command-fields"), extras = h("p.extras"), problem = h("p.failure", { role: "alert", hidden: true });
  const submit = h("button.button.primary", { type: "submit" }, "Run");
  const payload = (type, files, focused) => {
    let options = [...fields.values()].map(field => field.send(files, focused)).filter(Boolean);
    for (const part of [...found.path].reverse()) options = [{ type: part.type, name: part.name, options }];
    return { type, data: { id: found.command.id, name: found.command.name, type: 1, options } };
  };
  const complete = async name => (await api.interact(payload(4, [], name))).choices ?? [];
  const add = (option, focus) => {
    const field = optionField(option, { complete, onRemove: option.required ? null : () => { fields.delete(option.name); field.node.remove(); offer(); } });
    fields.set(option.name, field);
    place.append(field.node);
    if (focus) field.focus();
    offer();
  };
  const offer = () => {
    const rest = found.options.filter(option => !fields.has(option.name));
    extras.replaceChildren(...rest.map(option => h("button.button.secondary.add", { type: "button", title: option.description, "aria-label": `Add option ${option.name}: ${option.description}`, onclick: () => add(option, true) }, `+ ${option.name}`)));
  };
  const run = async event => {
    event.preventDefault();
    problem.hidden = true;
    const wrong = [...fields.values()].filter(field => field.report());
    if (wrong.length) return wrong[0].focus();
    const files = [];
    submit.disabled = true;
    submit.setAttribute("aria-busy", "true");
    const failure = await settle(api.interact(payload(2, files), files));
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
    if (!failure) return form.isConnected && onEnd();
    problem.textContent = `${failure}. Your input is kept: you can run it again.`;
    problem.hidden = false;
  };
  const form = h("form.command", { novalidate: true, "aria-label": `Command /${found.name}`, onsubmit: run, onkeydown: event => { if (event.key === "Escape") onEnd(); } },
    h("header", null, h("b", null, `/${found.name}`), h("span", null, found.description)), place, extras, problem,
    h("footer", null, h("button.button.secondary", { type: "button", onclick: onEnd }, "Cancel"), submit));
  found.options.filter(option => option.required).forEach(option => add(option, false));
  offer();
  return form;
}

const empty = value => value === "" || value === undefined || value === null;

function optionField(option, { complete, onRemove }) {
  const ids = { input: unique("option"), hint: unique("hint"), error: unique("error") };
  const control = (option.choices && !option.autocomplete ? chosen : controls[option.type] ?? typed)(option, ids, complete);
  const error = h("p.failure", { id: ids.error, hidden: true });
  const node = h("div.field", null,
    h("label.label", { for: ids.input }, option.name, option.required && h("span.required", { "aria-hidden": "true", title: "required" }, " *")),
    h("p.hint", { id: ids.hint }, option.description),
    h("div.with-remove", null, control.node, onRemove && h("button.quiet", { type: "button", "aria-label": `Remove option ${option.name}`, onclick: onRemove }, "✕")), error);
  return {
    node, focus: () => control.focus(),
    report() {
      const wrong = control.wrong?.() ?? (empty(control.value()) ? option.required ? "This is required." : "Give a value, or remove this option." : null);
      error.textContent = wrong ?? "";
      error.hidden = !wrong;
      control.input.setAttribute("aria-invalid", wrong ? "true" : "false");
      return wrong;
    },
    send(files, focused) {
      const mine = focused === option.name;
      if (empty(control.value()) && !mine) return null;
      if (files && option.type === 11) return { name: option.name, type: 11, value: String(files.push(control.value()) - 1) };
      return { name: option.name, type: option.type, value: mine ? control.raw() : control.wrong?.() ? control.raw() : control.value(), ...mine && { focused: true } };
    },
  };
}

function wrongNumber(option, text) {
  const number = Number(text);
  if (text === "") return null;
  if (Number.isNaN(number) || (option.type === 4 && !Number.isInteger(number))) return option.type === 4 ? "Give a whole number." : "Give a number.";
  if (option.min_value !== undefined && number < option.min_value) return `At least ${option.min_value}.`;
  if (option.max_value !== undefined && number > option.max_value) return `At most ${option.max_value}.`;
  return null;
}
function wrongText(option, text) {
  const length = [...text].length;
  if (length > (option.max_length ?? 6000)) return `At most ${option.max_length ?? 6000} characters; this has ${length}.`;
  return length && length < (option.min_length ?? 0) ? `At least ${option.min_length} characters; this has ${length}.` : null;
}

function typed(option, ids, complete) {
  const numeric = option.type !== 3;
  const input = h("input", { type: "text", id: ids.input, inputmode: option.type === 4 ? "numeric" : numeric ? "decimal" : null, "aria-required": option.required || null, autocomplete: "off", "aria-describedby": `${ids.hint} ${ids.error}` });
  let picked = null;
  const raw = () => picked && picked.name === input.value ? picked.value : input.value.trim();
  const value = () => raw() !== "" && numeric ? Number(raw()) : raw();
  if (option.autocomplete) suggestions(option, input, complete, choice => { picked = choice; input.value = choice.name; });
  return { node: input, input, focus: () => input.focus(), value, raw, wrong: () => (numeric ? wrongNumber : wrongText)(option, String(raw())) };
}

function suggestions(option, input, complete, onPick) {
  let panel = null, turn = 0, timer;
  const list = new Listbox(input, { label: `Suggestions for ${option.name}`, onPick: item => { onPick(item.choice); panel?.close(); } });
  const ask = () => { clearTimeout(timer); timer = setTimeout(refresh, 120); };
  const refresh = async () => {
    const mine = ++turn;
    const choices = await complete(option.name).catch(() => null);
    if (mine !== turn || document.activeElement !== input) return;
    panel ??= float(input, h("div.as-wide", null, list.node), { refocus: false, onClose: () => { panel = null; turn++; list.hidden(); } });
    list.show((choices ?? []).map(choice => ({ value: choice.value, label: choice.name, choice })), choices ? "No suggestions" : "The suggestions failed to load");
    panel.place();
  };
  input.addEventListener("input", ask);
  input.addEventListener("focus", ask);
  input.addEventListener("blur", () => { clearTimeout(timer); panel?.close(); });
  input.addEventListener("keydown", event => { if (panel) list.key(event); else if (event.key === "ArrowDown") ask(); });
}

function listed(option, ids, items, convert = value => value) {
  const chooser = new Select({ label: option.name, items, placeholder: "Choose", describedby: `${ids.hint} ${ids.error}` });
  chooser.node.id = ids.input;
  const value = () => chooser.values.length ? convert(chooser.values[0]) : null;
  return { node: chooser.node, input: chooser.node, focus: () => chooser.node.focus(), value, raw: value };
}
const chosen = (option, ids) => listed(option, ids, option.choices.map(choice => ({ value: choice.value, label: choice.name })));

function attached(option, ids) {
  const input = h("input", { type: "file", id: ids.input, "aria-describedby": `${ids.hint} ${ids.error}` });
  return { node: input, input, focus: () => input.focus(), value: () => input.files[0] ?? null, raw: () => "" };
}

const controls = {
  5: (option, ids) => listed(option, ids, [{ value: "true", label: "True" }, { value: "false", label: "False" }], value => value === "true"),
  6: (option, ids) => listed(option, ids, entities.user()), 7: (option, ids) => listed(option, ids, entities.channel(option.channel_types)),
  8: (option, ids) => listed(option, ids, entities.role()), 9: (option, ids) => listed(option, ids, entities.mentionable()), 11: attached,
};
