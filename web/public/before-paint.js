// Sets the theme and the language before anything is painted. A file of its own, because the policy takes no inline code.
(() => {
  let theme = "auto";
  let locale = "";
  try {
    theme = localStorage.getItem("nhip-theme") ?? "auto";
    locale = localStorage.getItem("nhip-locale") ?? "";
  } catch {
    // Storage is switched off: the system decides.
  }
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = dark ? "dark" : "light";
  document.documentElement.lang = locale || (navigator.language.startsWith("vi") ? "vi" : "en");
})();
