// A long text among the facts shows its first lines; a click shows the rest. Only the browser knows how many lines there are.
(() => {
  // So many more lines are rather shown than folded away: a button would take as much room.
  const SPARED_LINES = 2;

  function fold(place) {
    const text = place.querySelector(".long-text");
    if (!text || place.querySelector(".fold")) return;
    text.classList.add("folded");
    const line = parseFloat(getComputedStyle(text).lineHeight) || 21;
    if (text.scrollHeight - text.clientHeight <= SPARED_LINES * line) {
      text.classList.remove("folded");
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold";
    text.id ||= `folded-${place.closest("[data-fact]").dataset.fact}`;
    button.setAttribute("aria-controls", text.id);
    const tell = () => {
      const folded = text.classList.contains("folded");
      button.textContent = folded ? place.dataset.more : place.dataset.less;
      button.setAttribute("aria-expanded", String(!folded));
    };
    button.addEventListener("click", () => {
      text.classList.toggle("folded");
      tell();
      if (text.classList.contains("folded")) place.scrollIntoView({ block: "nearest" });
    });
    tell();
    text.after(button);
  }

  const foldAll = () => document.querySelectorAll("[data-folds]").forEach(fold);
  foldAll();
  document.addEventListener("htmx:afterSettle", foldAll);

  // Where a value comes from is told below it: at the foot of a screen it is brought into sight.
  document.addEventListener("focusin", (event) => {
    if (event.target.matches(".origin-mark")) event.target.nextElementSibling?.scrollIntoView({ block: "nearest" });
  });
})();
