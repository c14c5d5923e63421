// Compiles one file that needs nothing beside it: `bun scripts/build.ts [outfile]`.
const outfile = process.argv[2] ?? 'dist/reeve'
const git = Bun.spawnSync(['git', 'rev-parse', 'HEAD'])
const commit = git.exitCode === 0 ? git.stdout.toString().trim() : null

await Bun.build({
  entrypoints: ['src/main.ts'],
  compile: {
    outfile,
    // A council's .env or bunfig.toml in the directory it is started in is none of ours.
    autoloadDotenv: false,
    autoloadBunfig: false,
  },
  // Elysia reads the source of functions: identifiers stay as they are.
  minify: { whitespace: true, syntax: true, identifiers: false },
  define: { 'process.env.NODE_ENV': '"production"', REEVE_COMMIT: JSON.stringify(commit) },
})
console.log(`${outfile}: ${(Bun.file(outfile).size / 1_000_000).toFixed(0)} MB`)

export {}
