// Files imported with `{ type: 'text' }` or `{ type: 'file' }`: their text, or the path they are read from.
declare module '*.sql' {
  const text: string
  export default text
}
declare module '*/start.js' {
  const text: string
  export default text
}
declare module '*/long-list.js' {
  const path: string
  export default path
}
declare module '*/many-options.js' {
  const path: string
  export default path
}
declare module '*/matching.js' {
  const path: string
  export default path
}
declare module '*/session-end.js' {
  const path: string
  export default path
}
declare module '*.min.js' {
  const path: string
  export default path
}
declare module '*.svg' {
  const path: string
  export default path
}
declare module '*.css' {
  const path: string
  export default path
}
declare module '*.png' {
  const path: string
  export default path
}
declare module 'swagger-ui-dist/swagger-ui-bundle.js' {
  const path: string
  export default path
}
declare module '*.md' {
  const text: string
  export default text
}
