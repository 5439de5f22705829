// The code of an enterprise is looked at as soon as it is typed; without this, when the form is sent.
const field = document.getElementById("uscc");
const note = document.getElementById("code");

async function look() {
  const typed = field.value;
  const answer = await fetch(`${note.dataset.check}?uscc=${encodeURIComponent(typed)}`);
  // Somebody who types on is told of what he typed last. The words are drawn, and escaped, by the server.
  if (answer.ok && typed === field.value) note.innerHTML = await answer.text();
}

if (field && note) field.addEventListener("change", () => look().catch(() => {}));
