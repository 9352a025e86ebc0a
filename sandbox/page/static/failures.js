// What went wrong with a message, said at the message itself.
import { $, h } from "./dom.js";

export const element = id => $(`m${id}`);

export async function attempt(message, action) {
  const article = element(message.id);
  article?.querySelector(".message-failure")?.remove();
  try { await action(); } catch (error) { complain(message.id, error.message); }
}
export function complain(id, text) {
  element(id)?.querySelector(".message-body").append(h("p.failure.message-failure", { role: "alert" }, text));
}
