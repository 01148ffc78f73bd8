/* What a page does more when scripts run. Nothing here is needed to work a case: every act is a plain form or link. */
"use strict";

(() => {
  const body = document.body;

  /* The clock in the head goes on from the server's time, not the computer's. */
  const clock = document.querySelector("time.now");
  const loaded = performance.now();
  const elapsed = () => Math.floor((performance.now() - loaded) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  if (clock) {
    const [hours, minutes, seconds] = clock.textContent.split(":").map(Number);
    const start = hours * 3600 + minutes * 60 + seconds;
    setInterval(() => {
      const now = (start + elapsed()) % 86400;
      clock.textContent = [Math.floor(now / 3600), Math.floor(now / 60) % 60, now % 60].map(two).join(":");
    }, 1000);
  }

  /* A warning before the session ends; what was typed stays on the page. */
  const idle = document.getElementById("idle");
  const idleS = Number(body.dataset.idleS || 0);
  let timer = 0;
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => idle.showModal(), idleS * 1000);
  };
  if (idle && idleS > 0) {
    rest();
    idle.querySelector("button").addEventListener("click", async () => {
      const reply = await fetch("/console/stay", { redirect: "manual" });
      if (reply.ok) {
        idle.close();
        rest();
      } else {
        location.reload();
      }
    });
  }
})();
