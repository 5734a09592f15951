// Gaps are typed through: leaving a row keeps what was typed there, Enter keeps it and goes to the next row.
(() => {
  const rowForm = (target) => target.closest?.("form[data-fill]");
  const changed = new WeakSet();

  document.addEventListener("input", (event) => {
    const form = rowForm(event.target);
    if (form) changed.add(form);
  });

  // What is on its way is kept once only: a row that is replaced loses its focus, too.
  document.addEventListener("submit", (event) => changed.delete(event.target), true);

  function keep(form) {
    if (!changed.has(form) || !form.isConnected) return;
    changed.delete(form);
    const save = form.querySelector(".gap-save");
    if (save) form.requestSubmit(save);
  }

  document.addEventListener("focusout", (event) => {
    const form = rowForm(event.target);
    if (form && !form.contains(event.relatedTarget)) keep(form);
  });

  document.addEventListener("keydown", (event) => {
    const form = rowForm(event.target);
    if (!form || event.key !== "Enter" || event.isComposing || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    const forms = [...document.querySelectorAll("form[data-fill]")];
    const next = forms[forms.indexOf(form) + 1];
    const field = next?.querySelector("input:not([type=hidden]), select, textarea");
    if (field) field.focus();
    else keep(form);
  });

  // A chosen file is sent at once.
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (form && event.target.type === "file" && event.target.files.length) form.requestSubmit();
  });
})();
