// One floating panel at a time, above everything, beside what opened it. Escape and a press elsewhere close it.
let current = null;
export const closeFloat = () => current?.close();

export function float(anchor, panel, { at = null, onClose = null, refocus = true } = {}) {
  closeFloat();
  panel.popover = "manual";
  panel.classList.add("float");
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.showPopover();
  const place = () => position(anchor, panel, at);
  const inside = target => panel.contains(target) || (!at && anchor.contains(target));
  const press = event => { if (!inside(event.target)) close(); };
  const focus = event => { if (!inside(event.target) && event.target !== document.body) close(); };
  const escape = event => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    if (refocus) anchor.focus();
  };
  const listeners = [["pointerdown", press], ["focusin", focus], ["keydown", escape]];
  for (const [type, listener] of listeners) document.addEventListener(type, listener, true);
  addEventListener("resize", place);
  function close() {
    if (!panel.isConnected) return;
    for (const [type, listener] of listeners) document.removeEventListener(type, listener, true);
    removeEventListener("resize", place);
    if (current?.close === close) current = null;
    panel.remove();
    onClose?.();
  }
  place();
  current = { close };
  return { close, place };
}

function position(anchor, panel, at) {
  const box = at ? { left: at.x, right: at.x, top: at.y, bottom: at.y, width: 0 } : anchor.getBoundingClientRect();
  if (panel.classList.contains("as-wide")) panel.style.width = `${Math.max(box.width, 220)}px`;
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = innerHeight - box.bottom - 8;
  const top = height <= below || below > box.top ? box.bottom + 4 : box.top - height - 4;
  panel.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  panel.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
}

// Arrow keys move through the buttons of a menu or a grid.
export function arrows(panel, columns = 1) {
  const steps = { ArrowDown: columns, ArrowUp: -columns, ArrowRight: 1, ArrowLeft: -1 };
  panel.addEventListener("keydown", event => {
    if (event.target.matches("input") || !(event.key in steps)) return;
    event.preventDefault();
    const buttons = [...panel.querySelectorAll("button:not(:disabled)")];
    const next = buttons.indexOf(document.activeElement) + steps[event.key];
    buttons[(next + buttons.length) % buttons.length]?.focus();
  });
}
