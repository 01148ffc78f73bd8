/* What a page does more when scripts run. Nothing here is needed to work a case: every act is a plain form or link. */
"use strict";

(() => {
  const loaded = performance.now();
  const elapsedMs = () => performance.now() - loaded;
  const two = (number) => String(number).padStart(2, "0");
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const nowMs = Number(document.body.dataset.nowMs || 0);

  /* Clocks go on from the server's time, not the computer's. */
  const head = document.querySelector("time.now");
  const start = head ? head.textContent.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) : 0;
  const length = (seconds) => {
    if (seconds >= 172800) return `${Math.floor(seconds / 86400)} d`;
    const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${rest}` : rest.replace(/^0(\d)/, "$1");
  };
  const tick = () => {
    if (head) {
      const now = (start + Math.floor(elapsedMs() / 1000)) % 86400;
      head.textContent = [Math.floor(now / 3600), Math.floor(now / 60) % 60, now % 60].map(two).join(":");
    }
    for (const clock of all("time.clock")) {
      const left = Number(clock.dataset.until) - nowMs - elapsedMs();
      const late = left <= 0;
      clock.textContent = `${late ? clock.dataset.late : clock.dataset.left} ${length(Math.floor(Math.abs(left) / 1000))}`;
      clock.className = `clock ${late ? "late" : left < 120000 ? "soon" : "calm"}`;
    }
  };
  tick();
  setInterval(tick, 1000);

  /* A warning before the session ends; what was typed stays on the page. */
  const idle = document.getElementById("idle");
  const idleS = Number(document.body.dataset.idleS || 0);
  let timer = 0;
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.showModal(), idleS * 1000);
  };
  if (idle && idleS > 0) {
    rest();
    idle.querySelector("button").addEventListener("click", async () => {
      const reply = await fetch("/console/stay", { redirect: "manual" });
      if (reply.ok) { idle.close(); rest(); } else location.reload();
    });
  }

  /* Whoever types or clicks on a case they hold keeps it. */
  const hold = document.getElementById("hold");
  let worked = false;
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { worked = true; }, { passive: true });
  if (hold) setInterval(async () => {
    if (!worked) return;
    worked = false;
    const form = new FormData(hold);
    form.delete("speaking");
    const reply = await fetch(hold.action, { method: "POST", body: new URLSearchParams(form) });
    if (reply.ok) rest();
  }, 60000);

  /* Says when what is shown no longer follows what happens. */
  const live = document.getElementById("live");
  const say = (text) => {
    if (!live) return;
    live.classList.toggle("lost", Boolean(text));
    live.querySelector(".word").textContent = text || live.dataset.word;
  };
  if (live) {
    live.dataset.word = live.querySelector(".word").textContent;
    addEventListener("offline", () => say(live.dataset.offline));
    addEventListener("online", () => say(""));
    document.addEventListener("htmx:error", () => say(live.dataset.lost));
    document.addEventListener("htmx:response:error", () => say(live.dataset.lost));
    document.addEventListener("htmx:after:swap", () => say(""));
  }
  addEventListener("submit", (event) => {
    if (!navigator.onLine) { event.preventDefault(); say(live && live.dataset.offline); }
  });

  /* Keys. One switch turns single keys off; none works while somebody types or composes Chinese. */
  const STORE = "fraudguard-single-keys";
  const on = () => localStorage.getItem(STORE) !== "off";
  for (const box of all("[data-single-keys]")) {
    box.checked = on();
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  }
  for (const button of all("[data-print]")) button.addEventListener("click", () => print());
  const rows = all("[data-row]");
  let here = -1;
  const move = (by) => {
    if (!rows.length) return;
    if (here >= 0) rows[here].classList.remove("here");
    here = Math.min(Math.max(here + by, 0), rows.length - 1);
    rows[here].classList.add("here");
    rows[here].querySelector("[data-open]").focus();
  };
  const inRow = (selector) => {
    const found = here >= 0 && rows[here].querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };
  const press = (key) => {
    const folded = document.querySelector(`[data-key-open="${key}"]`);
    if (folded) {
      folded.open = true;
      const first = folded.querySelector("input:not([type=hidden]), select, textarea");
      folded.scrollIntoView({ block: "nearest" });
      if (first) first.focus();
      return true;
    }
    const found = document.querySelector(`[data-key="${key}"]`);
    if (found) { if (found.matches("input")) found.focus(); else found.click(); }
    return Boolean(found);
  };
  for (const link of all("[data-opens]")) link.addEventListener("click", () => press(link.dataset.opens));
  addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox], [type=radio]), select, textarea");
    if (event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey && event.target.form) event.target.form.requestSubmit();
    if (event.key === "Escape" && typing) event.target.blur();
    if (event.altKey && /^[1-9]$/.test(event.key)) {
      const view = all(".views a")[Number(event.key) - 1];
      if (view) { event.preventDefault(); view.click(); }
      return;
    }
    if (typing || !on() || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = { j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1),
      x: () => inRow("input[type=checkbox]"), c: () => inRow("[data-row-key=c]") || press("c") }[event.key];
    if (done && rows.length) { event.preventDefault(); done(); } else if (press(event.key)) event.preventDefault();
  });
})();
