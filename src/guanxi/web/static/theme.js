// Sets light or dark and the folded menu before the first paint, so that nothing flashes.
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
    if (localStorage.getItem("menu") === "folded") root.dataset.menu = "folded";
  } catch {
    // A browser that keeps nothing shows the menu open.
  }
})();
