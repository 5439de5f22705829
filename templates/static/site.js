// Small comforts; every page works without them.

// After a failed submission the summary is read out first.
document.querySelector("#error-summary")?.focus();

// How much may still be written. The words are in the page; only the number is ours.
for (const note of document.querySelectorAll(".count[data-for]")) {
  const area = document.getElementById(note.dataset.for);
  if (!area) continue;
  const show = () => {
    const left = Number(note.dataset.limit) - [...area.value.replace(/\r\n/g, "\n")].length;
    note.classList.toggle("over", left < 0);
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace("{n}", Math.abs(left));
  };
  area.addEventListener("input", show);
  if (area.value) show();
}

// One press sends once. The server has its own key against repeats; this only keeps the page calm.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back with the browser's button, the form can be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

// A button that copies: <button data-copy="text" data-copied="word" hidden>. Shown only where copying works.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    if (button.dataset.copied) button.textContent = button.dataset.copied;
  });
}

// A form that is kept while it is written: <form data-autosave> with <p data-kept="…" data-not-kept="…">.
// It is sent as it is, after a pause and when the page is left; the server makes a draft of it.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const note = form.querySelector("[data-kept]");
  let timer = 0;
  let typed = false;
  const keep = async () => {
    clearTimeout(timer);
    if (!typed || form.dataset.sent) return;
    typed = false;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "autosave");
    let kept = false;
    try {
      const answer = await fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" });
      kept = answer.status === 204;
      const draft = answer.headers.get("Content-Location");
      // Read again, the page is the draft; the form stays the same, so its key does, too.
      if (draft && !form.dataset.sent) history.replaceState(null, "", draft);
    } catch {
      typed = true;
    }
    note.textContent = kept ? note.dataset.kept : note.dataset.notKept;
  };
  form.addEventListener("input", () => {
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 1500);
  });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
}
