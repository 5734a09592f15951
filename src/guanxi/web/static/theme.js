// Sets light or dark and how wide the menu is before the first paint, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wanted = root.dataset.theme;
    root.dataset.bsTheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  };
  apply();
  dark.addEventListener("change", apply);
  try {
    // On a tablet the menu would take a third of the page: until a person opens it there, it shows icons alone.
    const tablet = window.matchMedia("(min-width: 761px) and (max-width: 1000px)").matches;
    if ((localStorage.getItem("menu") ?? (tablet ? "folded" : "open")) === "folded") root.dataset.menu = "folded";
  } catch {
    // A browser that keeps nothing shows the menu open.
  }
})();
