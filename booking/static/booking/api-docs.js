// Shows the REST description with Swagger UI; requests that change something carry the page's CSRF token.
"use strict";

const page = document.getElementById("swagger-ui").dataset;

SwaggerUIBundle({
  url: page.schema,
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null, // it would send the description to another host
  requestInterceptor: (request) => {
    if (request.method && request.method !== "GET") request.headers["X-CSRFToken"] = page.csrf;
    return request;
  },
});
