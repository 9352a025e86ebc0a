// The live socket of the present person; it comes back by itself and then says what may have been missed.
import { emit, state } from "./state.js";

let socket = null;
let timer = 0;

export function listen() {
  clearTimeout(timer);
  if (socket) { socket.onclose = null; socket.close(); }
  const here = new WebSocket(`${location.origin.replace(/^http/, "ws")}/people/${state.me}/live`);
  socket = here;
  here.onopen = () => emit("connected");
  here.onmessage = event => { const { t, d } = JSON.parse(event.data); emit(t, d); };
  here.onclose = () => { emit("disconnected"); timer = setTimeout(listen, 700); };
}
