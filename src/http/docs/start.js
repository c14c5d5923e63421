window.SwaggerUIBundle({
  url: '/swagger/json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  persistAuthorization: false,
  showExtensions: true,
  validatorUrl: null,
})
