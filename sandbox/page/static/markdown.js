// Discord's markdown as nodes (rules: Discord's "Markdown Text 101" and its message formatting reference).
import { h, safeLink } from "./dom.js";
import { moment } from "./moments.js";
import { emit, nameOf, state } from "./state.js";

const link = (address, text) => safeLink(address)
  ? h("a", { href: safeLink(address), target: "_blank", rel: "noreferrer noopener" }, text) : text;
const mention = text => h("span.mention", null, text);

function userMention(id) {
  const person = state.people.get(id);
  return mention(`@${person ? nameOf(person) : "unknown-user"}`);
}
function channelMention(id) {
  const channel = state.channels.get(id);
  return channel ? h("button.mention", { type: "button", onclick: () => emit("go", { channelId: id }) }, `#${channel.name}`)
    : mention("#unknown");
}
function roleMention(id) {
  const role = state.roles.get(id);
  return h("span.mention", { style: role?.color ? `--role:#${role.color.toString(16).padStart(6, "0")}` : null }, `@${role?.name ?? "deleted-role"}`);
}
function commandMention(name) {
  return h("button.mention", { type: "button", onclick: () => emit("command", { name }) }, `/${name}`);
}
function spoiler(children) {
  return h("span.spoiler", {
    role: "button", tabindex: 0, "aria-label": "Spoiler, press to show", "aria-expanded": "false",
    onclick: event => reveal(event.currentTarget),
    onkeydown: event => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); reveal(event.currentTarget); } },
  }, h("span", null, children));
}
function reveal(node) {
  node.classList.add("shown");
  for (const name of ["role", "tabindex", "aria-label", "aria-expanded"]) node.removeAttribute(name);
}

const wrap = tag => found => h(tag, null, inline(found[1]));
const rules = [
  [/\\([^a-zA-Z0-9\s])/y, found => found[1]],
  [/``([\s\S]+?)``(?!`)/y, found => h("code", null, found[1].trim())],
  [/`([^`]+)`/y, found => h("code", null, found[1])],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/y, found => moment(new Date(found[1] * 1000), found[2])],
  [/<@!?(\d+)>/y, found => userMention(found[1])],
  [/<@&(\d+)>/y, found => roleMention(found[1])],
  [/<#(\d+)>/y, found => channelMention(found[1])],
  [/<\/([^:>]+):\d+>/y, found => commandMention(found[1])],
  [/<a?(:\w+:)\d+>/y, found => h("span.emoji", null, found[1])],
  [/<(https?:\/\/[^\s>]+)>/y, found => link(found[1], found[1])],
  [/\[((?:[^\]\\]|\\.)+)\]\(<?(https?:\/\/[^\s)>]+)>?(?:\s+"[^"]*")?\)/y, found => link(found[2], inline(found[1]))],
  [/https?:\/\/[^\s<>]*[^\s<>.,:;"'!?\])]/y, found => link(found[0], found[0])],
  [/@(?:everyone|here)\b/y, found => mention(found[0])],
  [/\*\*\*([\s\S]+?)\*\*\*/y, found => h("em", null, h("strong", null, inline(found[1])))],
  [/\*\*([\s\S]+?)\*\*(?!\*)/y, wrap("strong")],
  [/__([\s\S]+?)__(?!_)/y, wrap("u")],
  [/\*(?!\s)((?:\*\*[\s\S]+?\*\*|[^*])+?)\*(?!\*)/y, wrap("em")],
  [/(?<!\w)_((?:__[\s\S]+?__|[^_])+?)_(?!\w)/y, wrap("em")],
  [/~~([\s\S]+?)~~/y, wrap("s")],
  [/\|\|([\s\S]+?)\|\|/y, found => spoiler(inline(found[1]))],
  [/\n/y, () => h("br")],
];

export function inline(text) {
  const nodes = [];
  let plain = "";
  for (let at = 0; at < text.length;) {
    const hit = /[\\`<[h@*_~|\n]/.test(text[at]) && match(text, at);
    if (!hit) { plain += text[at++]; continue; }
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(hit.node);
    at = hit.end;
  }
  return plain ? [...nodes, plain] : nodes;
}

function match(text, at) {
  for (const [rule, build] of rules) {
    rule.lastIndex = at;
    const found = rule.exec(text);
    if (found) return { end: at + found[0].length, node: build(found) };
  }
  return null;
}

const heading = ["h3", "h4", "h5"];
const lineRules = [
  [/^>>> ([\s\S]*)/, (found, rest) => { const all = [found[1], ...rest.splice(0)].join("\n"); return h("blockquote", null, blocks(all)); }],
  [/^> ?(.*)/, (found, rest) => h("blockquote", null, blocks([found[1], ...take(rest, /^> ?(.*)/)].join("\n")))],
  [/^(#{1,3}) +(.+)/, found => h(heading[found[1].length - 1], null, inline(found[2]))],
  [/^-# +(.+)/, found => h("small", null, inline(found[1]))],
  [/^\s*[-*] +.+/, (found, rest) => list([found[0], ...take(rest, /^(\s*[-*] +.+|\s+\d+\. +.+)/)])],
  [/^\s*\d+\. +.+/, (found, rest) => list([found[0], ...take(rest, /^(\s*\d+\. +.+|\s+[-*] +.+)/)])],
];

function take(rest, rule) {
  const lines = [];
  while (rest.length && rule.test(rest[0])) lines.push(rest.shift().match(rule)[1]);
  return lines;
}

function list(lines) {
  const depth = line => line.match(/^\s*/)[0].length;
  const base = depth(lines[0]);
  const ordered = lines[0].match(/^\s*(\d+)\./);
  const node = h(ordered ? "ol" : "ul", { start: ordered?.[1] });
  while (lines.length) {
    const item = h("li", null, inline(lines.shift().replace(/^\s*(?:[-*]|\d+\.) +/, "")));
    const inner = [];
    while (lines.length && depth(lines[0]) > base) inner.push(lines.shift());
    if (inner.length) item.append(list(inner));
    node.append(item);
  }
  return node;
}

function blocks(text) {
  const nodes = [];
  const rest = text.split("\n");
  let plain = [];
  const flush = () => { if (plain.length) nodes.push(h("p", null, inline(plain.join("\n")))); plain = []; };
  while (rest.length) {
    const line = rest.shift();
    const rule = lineRules.find(([pattern]) => pattern.test(line));
    if (!rule) { plain.push(line); continue; }
    flush();
    nodes.push(rule[1](line.match(rule[0]), rest));
  }
  flush();
  return nodes;
}

export function markdown(text) {
  const parts = (text ?? "").split(/```(?:([\w+-]+)\n)?\n?([\s\S]+?)\n?```\n?/);
  const nodes = [];
  for (let at = 0; at < parts.length; at += 3) {
    const before = parts[at].replace(/\n$/, "");
    if (before) nodes.push(...blocks(before));
    if (at + 2 < parts.length) nodes.push(h("pre", { tabindex: 0, "aria-label": "Code" }, h("code", null, parts[at + 2])));
  }
  return h("div.markdown", null, nodes);
}
