// What the page knows: who the visitor is, the server, and the news as it arrives.
export const state = {
  me: null, people: new Map(), roles: new Map(), guild: { id: "", name: "" }, applicationId: "",
  channels: new Map(), channelId: null, commands: [],
};

const bus = new EventTarget();
export const on = (type, listener) => bus.addEventListener(type, event => listener(event.detail));
export const emit = (type, detail) => bus.dispatchEvent(new CustomEvent(type, { detail }));

export const nameOf = user => user.nick || user.global_name || user.username;
export const may = bit => (BigInt(state.channels.get(state.channelId)?.my_permissions ?? 0) >> BigInt(bit) & 1n) === 1n;
export const MANAGE_MESSAGES = 13;

export function roleNames(person) {
  return person.roles.map(id => state.roles.get(id)?.name).filter(name => name && name !== "@everyone");
}

// What this browser remembers for each person: the last message seen in each channel.
const seen = JSON.parse(localStorage.getItem("seen") ?? "{}");
export const isUnread = channel => channel.last_message_id
  && BigInt(channel.last_message_id) > BigInt(seen[`${state.me}/${channel.id}`] ?? 0);
export function markSeen(channel) {
  if (!channel?.last_message_id) return;
  seen[`${state.me}/${channel.id}`] = channel.last_message_id;
  localStorage.setItem("seen", JSON.stringify(seen));
}
