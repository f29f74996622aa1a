// The API description as a page: Swagger UI over /openapi.json, everything from here.

import "./header.js";

const dark = matchMedia("(prefers-color-scheme: dark)");
function follow() {
  document.documentElement.classList.toggle("dark-mode", dark.matches);
}
dark.addEventListener("change", follow);
follow();

window.SwaggerUIBundle({
  dom_id: "#docs",
  url: "/openapi.json",
  docExpansion: "list",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null, // the default sends the description's address to another host
});
