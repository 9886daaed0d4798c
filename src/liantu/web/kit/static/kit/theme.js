// Before anything is drawn: dark or light, as the person chose last, else as the system has it.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem("liantu-theme"); } catch (e) { /* storage is shut: the system decides */ }
  var dark = chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
  document.documentElement.classList.add("js");
})();
