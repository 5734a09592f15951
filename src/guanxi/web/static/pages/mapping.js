// The mapping page: a list of fields that is searched while typing, and the dialog of a new field.
(() => {
  const list = document.getElementById("target-list");
  let open = null;

  const folded = (text) => text.toLowerCase().normalize("NFKC");

  function close(restore) {
    if (!open) return;
    const { input, box } = open;
    open = null;
    box.remove();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    if (restore) input.value = input.dataset.was;
  }

  function options() {
    return open ? [...open.box.querySelectorAll("[role=option]:not([hidden])")] : [];
  }

  function mark(option) {
    for (const each of open.box.querySelectorAll("[aria-selected=true]")) each.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    open.input.setAttribute("aria-activedescendant", option.id);
  }

  function filter() {
    const words = folded(open.input.value === open.input.dataset.was ? "" : open.input.value).split(/\s+/);
    for (const option of open.box.querySelectorAll("[role=option]")) {
      const text = folded(`${option.dataset.text} ${option.dataset.path} ${option.textContent}`);
      option.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of open.box.querySelectorAll(".combo-group")) {
      let next = group.nextElementSibling;
      while (next && next.hidden) next = next.nextElementSibling;
      group.hidden = !next || next.classList.contains("combo-group");
    }
    const found = options();
    open.box.classList.toggle("is-empty", !found.length);
    mark(found.find((each) => each.dataset.text === open.input.dataset.was) ?? found[0]);
  }

  function show(input) {
    if (open?.input === input || !list) return;
    close(true);
    const box = document.createElement("ul");
    box.className = "combo-list";
    box.id = `list-${input.closest("[id]").id}`;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", input.getAttribute("aria-label"));
    box.append(list.content.cloneNode(true));
    box.querySelectorAll("[role=option]").forEach((each, place) => (each.id = `${box.id}-${place}`));
    input.parentElement.append(box);
    input.setAttribute("aria-expanded", "true");
    input.setAttribute("aria-controls", box.id);
    open = { input, box };
    filter();
    input.select();
  }

  function take(option) {
    const { input } = open;
    input.value = option.dataset.text;
    close(false);
    if (input.value !== input.dataset.was) input.form.requestSubmit();
  }

  function prepare(place) {
    for (const input of place.querySelectorAll("[data-combo] input[list]")) {
      input.removeAttribute("list");
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-autocomplete", "list");
    }
  }

  document.addEventListener("click", (event) => {
    const input = event.target.closest("[data-combo] input");
    if (input) show(input);
    else if (open && !open.box.contains(event.target)) close(true);
    const closer = event.target.closest("[data-close-field]");
    const dialog = closer?.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  });
  document.addEventListener("mousedown", (event) => {
    const option = open && event.target.closest(".combo-list [role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });
  document.addEventListener("input", (event) => {
    const input = event.target.closest("[data-combo] input");
    if (!input) return;
    if (open?.input !== input) {
      const typed = input.value;
      show(input);
      input.value = typed;
      input.setSelectionRange(typed.length, typed.length);
    }
    filter();
  });
  document.addEventListener("keydown", (event) => {
    const input = event.target.closest?.("[data-combo] input");
    if (!input) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open?.input !== input) return show(input);
      const all = options();
      const now = all.findIndex((each) => each.getAttribute("aria-selected") === "true");
      mark(all[(now + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (event.key === "Enter" && open?.input === input) {
      const chosen = open.box.querySelector("[role=option][aria-selected=true]:not([hidden])");
      if (chosen && input.value) {
        event.preventDefault();
        take(chosen);
      } else close(false);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(true);
  });

  const place = document.getElementById("field-form");
  document.addEventListener("htmx:afterSwap", (event) => {
    prepare(document);
    const dialog = document.getElementById("field-dialog");
    if (event.detail.target === place && dialog && !dialog.open) dialog.showModal();
  });

  // The line that was changed is another element now: the focus goes where it was.
  let focused = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const line = event.target.closest?.(".map-line");
    focused = line?.contains(document.activeElement) ? line.id : "";
    line?.classList.add("is-saving");
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!focused) return;
    const line = document.getElementById(focused);
    if (line && !line.contains(document.activeElement)) line.querySelector("[data-combo] input")?.focus();
    focused = "";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.target.closest?.(".map-line")?.classList.remove("is-saving");
  });
  prepare(document);
})();
