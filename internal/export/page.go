package export

// PagePolicy is the Content-Security-Policy of everything that is exported: a
// page to print shows the pictures that are in it and runs nothing.
const PagePolicy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
