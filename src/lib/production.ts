// Elysia reads this when it is imported, and the compiler fixes it at build time only in our own code. In any other mode
// Elysia repeats the request in error answers, and takes seconds over deeply nested bodies.
process.env.NODE_ENV = 'production'
