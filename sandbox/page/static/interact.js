// What an interaction came to: nothing more to do, a modal to fill in, or the reason it failed.
import { emit } from "./state.js";

const SILENCE = "The application did not respond";

// Resolves to the reason of a failure, or null.
export async function settle(pending, { opener = null } = {}) {
  let answer;
  try { answer = await pending; } catch (error) { return error.message; }
  if (answer.outcome === "failed") return answer.reason || SILENCE;
  if (answer.outcome === "modal") emit("modal", { modal: answer.modal, id: answer.id, opener });
  return null;
}
