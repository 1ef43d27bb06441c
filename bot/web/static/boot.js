// Runs before the page's module: where Excalidraw finds its fonts, and the theme of the first paint.
window.EXCALIDRAW_ASSET_PATH = "/static/";
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("hotseat:theme");
  } catch {
    // Storage may be switched off; the system's choice holds.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = chosen ?? (dark ? "dark" : "light");
})();
