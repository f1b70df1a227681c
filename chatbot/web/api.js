// The interface for programs, as Swagger UI shows it: our document, our server, nobody else's.
import { at } from "./root.js";

window.SwaggerUIBundle({
  url: at("/openapi.json"),
  dom_id: "#api",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  validatorUrl: null,
  supportedSubmitMethods: ["get", "post"],
  syntaxHighlight: { activated: false },
});
