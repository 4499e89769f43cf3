// Starts Swagger UI. validatorUrl is null because the default sends the API's address to validator.swagger.io.
SwaggerUIBundle({
  url: document.getElementById("swagger-ui").dataset.openapi,
  dom_id: "#swagger-ui",
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
});
