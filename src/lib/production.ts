// Elysia reads this when it is imported, and the compiler fixes it at build time only for our own code: in any
// other mode it answers errors with what was sent and takes seconds over deeply nested bodies.
process.env.NODE_ENV = 'production'
