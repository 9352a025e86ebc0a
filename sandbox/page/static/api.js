// Everything the visitor does, as the person they are at the moment.
import { state } from "./state.js";

class Refused extends Error {}

async function call(method, path, body) {
  const init = { method };
  if (body instanceof FormData) init.body = body;
  else if (body !== undefined) Object.assign(init, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  let answer;
  try { answer = await fetch(path, init); } catch { throw new Refused("The sandbox does not answer. Is it still running?"); }
  const data = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
  if (!answer.ok) throw new Refused(explain(data) || `The sandbox refused this (${answer.status}).`);
  return data;
}

// Discord nests the reason of "Invalid Form Body" under the field it concerns.
function explain(data) {
  const reasons = [];
  (function walk(part) {
    for (const each of part?._errors ?? []) reasons.push(each.message);
    for (const [key, value] of Object.entries(part ?? {})) if (key !== "_errors" && value && typeof value === "object") walk(value);
  })(data?.errors);
  return [data?.message, ...reasons].filter(Boolean).join(": ");
}

function withFiles(payload, files) {
  if (!files?.length) return payload;
  const form = new FormData();
  form.append("payload_json", JSON.stringify(payload));
  files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
  return form;
}

const mine = path => `/people/${state.me}${path}`;
const inChannel = (path, channel = state.channelId) => mine(`/channels/${channel}${path}`);
const reaction = (id, emoji) => inChannel(`/messages/${id}/reactions/${encodeURIComponent(emoji)}`);

export const api = {
  people: () => call("GET", "/people"),
  channels: () => call("GET", mine("/channels")),
  commands: () => call("GET", mine("/commands")),
  messages: before => call("GET", inChannel(`/messages?limit=50${before ? `&before=${before}` : ""}`)),
  send: (payload, files) => call("POST", inChannel("/messages"), withFiles(payload, files)),
  edit: (id, content) => call("PATCH", inChannel(`/messages/${id}`), { content }),
  remove: id => call("DELETE", inChannel(`/messages/${id}`)),
  react: (id, emoji) => call("PUT", reaction(id, emoji)),
  unreact: (id, emoji) => call("DELETE", reaction(id, emoji)),
  reactors: (id, emoji) => call("GET", reaction(id, emoji)),
  thread: (name, message_id) => call("POST", inChannel("/threads"), { name, message_id }),
  interact: (payload, files) => call("POST", mine("/interactions"), withFiles({ channel_id: state.channelId, ...payload }, files)),
  bot: () => call("GET", "/bot"),
  killBot: () => call("POST", "/bot/kill"),
  startBot: () => call("POST", "/bot/start"),
  outThere: () => call("GET", "/out-there"),
  fault: (service, fault) => call("PUT", `/out-there/${service}/fault`, { fault }),
};
