// Compiles one file that needs nothing beside it: `bun scripts/build.ts [outfile]`.

/** Bun's name of a platform to compile for. */
export type Target = Bun.Build.CompileTarget

/** What git says of the present commit; null if there is no git or no repository. */
function ofCommit(format: string): string | null {
  const git = Bun.spawnSync(['git', 'show', '--no-patch', `--format=${format}`])
  return git.exitCode === 0 ? git.stdout.toString().trim() : null
}

/** Of the commit and not of today, so that the same source compiles to the same file. */
const yearOfCommit = () => Number(ofCommit('%cI')?.slice(0, 4) ?? new Date().getUTCFullYear())

/** Compiles the server into `outfile`, for this machine where no target is named; throws where it cannot. */
export async function compile(outfile: string, target?: Target): Promise<void> {
  await Bun.build({
    // The second is a thread of its own, which is found by its path.
    entrypoints: ['src/main.ts', 'src/db/slow-reads-worker.ts'],
    compile: {
      outfile,
      ...(target === undefined ? {} : { target }),
      // A council's .env or bunfig.toml in the directory it is started in is none of ours.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    // Elysia reads the source of functions: identifiers stay as they are.
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: {
      'process.env.NODE_ENV': '"production"',
      REEVE_COMMIT: JSON.stringify(ofCommit('%H')),
      REEVE_YEAR: String(yearOfCommit()),
    },
  })
}

export const megabytes = (path: string) => `${(Bun.file(path).size / 1_000_000).toFixed(0)} MB`

export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-arm64' | 'windows-x64'

const headerBytes = 4_096

/** The platform that an executable says it is for in its first bytes; null where it is none of ours. */
export async function platformOf(path: string): Promise<Platform | null> {
  return platformOfHeader(new DataView(await Bun.file(path).slice(0, headerBytes).arrayBuffer()))
}

export function platformOfHeader(header: DataView): Platform | null {
  const at = (offset: number, bytes: 2 | 4) => {
    if (offset + bytes > header.byteLength) return -1
    return bytes === 2 ? header.getUint16(offset, true) : header.getUint32(offset, true)
  }
  if (at(0, 4) === 0x464c457f) {
    const machine = at(18, 2)
    return machine === 0x3e ? 'linux-x64' : machine === 0xb7 ? 'linux-arm64' : null
  }
  if (at(0, 4) === 0xfeedfacf) return at(4, 4) === 0x0100000c ? 'darwin-arm64' : null
  if (at(0, 2) !== 0x5a4d) return null
  const pe = at(0x3c, 4)
  return pe > 0 && at(pe, 4) === 0x4550 && at(pe + 4, 2) === 0x8664 ? 'windows-x64' : null
}

if (import.meta.main) {
  const outfile = process.argv[2] ?? 'dist/reeve'
  await compile(outfile)
  console.log(`${outfile}: ${megabytes(outfile)}`)
}
