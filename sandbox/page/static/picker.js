// Lists to choose from: under an input (slash picker, autocomplete) and behind a button (selects).
import { avatar, h, unique } from "./dom.js";
import { float } from "./float.js";
import { nameOf, state } from "./state.js";

// A listbox steered from an input that keeps the focus (the ARIA combobox pattern).
export class Listbox {
  constructor(input, { label, onPick, multi = false }) {
    Object.assign(this, { input, onPick, items: [], at: -1 });
    this.node = h("div.listbox", { role: "listbox", id: unique("list"), "aria-label": label, "aria-multiselectable": multi || null });
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", this.node.id], ["aria-expanded", "false"]]) input.setAttribute(name, value);
  }
  show(items, empty = "Nothing fits") {
    this.items = items;
    this.node.replaceChildren(...items.map((item, index) => this.row(item, index)));
    if (!items.length) this.node.append(h("p.empty", null, empty));
    this.input.setAttribute("aria-expanded", "true");
    this.move(items.length ? 0 : -1);
  }
  row(item, index) {
    return h("div.option", {
      role: "option", id: unique("option"), "aria-selected": item.selected ? "true" : "false", "aria-disabled": item.disabled || null,
      onpointerdown: event => event.preventDefault(), onclick: () => { this.at = index; this.pick(); },
      onpointermove: () => this.at === index || this.move(index, false),
    }, item.icon, h("span.option-text", null, h("span", null, item.label), item.description && h("small", null, item.description)), item.side && h("small.side", null, item.side));
  }
  move(index, scroll = true) {
    const rows = this.node.querySelectorAll(".option");
    rows[this.at]?.classList.remove("active");
    this.at = rows.length ? (index + rows.length) % rows.length : -1;
    const row = rows[this.at];
    row?.classList.add("active");
    if (scroll) row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
  pick() {
    const item = this.items[this.at];
    if (item && !item.disabled) this.onPick(item);
  }
  key(event) {
    const steps = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + 8, PageUp: this.at - 8 };
    if (event.key in steps) this.move(Math.abs(steps[event.key] - this.at) > 1 ? Math.max(0, Math.min(steps[event.key], this.items.length - 1)) : steps[event.key]);
    else if (event.key === "Enter" && this.at >= 0) this.pick();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
  hidden() {
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

// A button that shows what is chosen and opens the list; onDone(values) when a choice is made.
export class Select {
  constructor({ label, items, values = [], min = 1, max = 1, disabled = false, placeholder, onDone = () => {}, describedby = null }) {
    Object.assign(this, { label, items, values, min, max, placeholder: placeholder || "Make a selection", onDone });
    this.text = h("span.select-text");
    this.node = h("button.select", {
      type: "button", disabled, "aria-haspopup": "listbox", "aria-expanded": "false", "aria-describedby": describedby,
      onclick: () => this.node.getAttribute("aria-expanded") === "true" || this.open(),
      onkeydown: event => { if (["ArrowDown", "ArrowUp"].includes(event.key)) { event.preventDefault(); this.open(); } },
    }, this.text, h("span", { "aria-hidden": "true" }, "▾"));
    this.draw();
  }
  draw() {
    const chosen = this.items.filter(item => this.values.includes(item.value)).map(item => item.label);
    this.text.textContent = chosen.join(", ") || this.placeholder;
    this.text.classList.toggle("placeholder", !chosen.length);
    this.node.setAttribute("aria-label", `${this.label}: ${chosen.join(", ") || "nothing chosen"}`);
  }
  open() {
    const before = this.values.join();
    const filter = h("input.filter", { type: "text", "aria-label": `Find in ${this.label}`, placeholder: "Find", autocomplete: "off" });
    if (this.items.length <= 7) { filter.classList.add("unseen"); filter.inputMode = "none"; }
    const list = new Listbox(filter, { label: this.label, multi: this.max > 1, onPick: item => this.toggle(item, refresh, panel) });
    const refresh = () => {
      const wanted = filter.value.toLowerCase();
      const fitting = this.items.filter(item => `${item.label} ${item.description ?? ""}`.toLowerCase().includes(wanted));
      const at = list.at;
      list.show(fitting.map(item => ({ ...item, selected: this.values.includes(item.value) })));
      if (at > 0 && !wanted) list.move(Math.min(at, fitting.length - 1));
    };
    const hint = this.max > 1 && h("p.hint", null, this.min > 1 ? `Choose ${this.min} to ${this.max}` : `Choose up to ${this.max}`);
    const panel = float(this.node, h("div.as-wide", null, hint, filter, list.node), {
      onClose: () => { this.node.setAttribute("aria-expanded", "false"); if (this.values.join() !== before) this.onDone(this.values); },
    });
    filter.addEventListener("input", refresh);
    filter.addEventListener("keydown", event => { if (!list.key(event) && event.key === "Tab") panel.close(); });
    this.node.setAttribute("aria-expanded", "true");
    refresh();
    const first = this.items.findIndex(item => this.values.includes(item.value));
    if (first > 0) list.move(first);
    panel.place();
    filter.focus();
  }
  toggle(item, refresh, panel) {
    const has = this.values.includes(item.value);
    if (this.max === 1) this.values = has && this.min === 0 ? [] : [item.value];
    else if (has) this.values = this.values.filter(value => value !== item.value);
    else if (this.values.length < this.max) this.values = [...this.values, item.value];
    this.draw();
    if (this.max > 1) return refresh();
    panel.close();
    this.node.focus();
  }
}

const asPerson = person => ({ value: person.id, label: nameOf(person), description: `@${person.username}`, icon: avatar(nameOf(person), person.id, null) });
const asRole = role => ({ value: role.id, label: role.name, icon: h("span.dot", { style: role.color ? `--role:#${role.color.toString(16).padStart(6, "0")}` : null }, "●") });
const asChannel = channel => ({ value: channel.id, label: channel.name, icon: h("span.dot", null, channel.type === 11 ? "↳" : "#") });
const people = () => [...state.people.values()].map(asPerson);
const roles = () => [...state.roles.values()].filter(role => role.id !== state.guild.id).map(asRole);
const channels = types => [...state.channels.values()].filter(channel => !types?.length || types.includes(channel.type)).map(asChannel);

// The choices of an entity select, by the kind of entity.
export const entities = {
  user: people, role: roles, mentionable: () => [...roles(), ...people()], channel: channels,
};
