// The profile page: which column is open, closing panel and rows by Escape, focus on what was opened.
(() => {
  const place = document.getElementById("rows");

  function closeRows() {
    if (!place.querySelector("[data-rows]")) return false;
    place.replaceChildren();
    opener?.focus();
    return true;
  }

  let opener = null;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-opens-rows], .column-link");
    if (link) opener = link;
    if (event.target.closest("[data-close-rows]")) {
      event.preventDefault();
      closeRows();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    if (!closeRows()) document.querySelector("[data-close-panel]")?.click();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "rows") place.querySelector(".rows-scroll")?.focus({ preventScroll: true });
    if (event.detail.target.id !== "panel") return;
    const open = new URL(location.href).searchParams.get("column");
    for (const link of document.querySelectorAll(".column-link")) {
      const is = open !== null && new URL(link.href).searchParams.get("column") === open;
      link.closest("tr").classList.toggle("is-open", is);
      if (is) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  });
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const target = document.getElementById("panel");
    document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: { target } }));
  });
})();
