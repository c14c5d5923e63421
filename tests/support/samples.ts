import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { nodeTwenty } from './node'

const root = join(import.meta.dir, '..', '..')

/** A fenced block of a page: what somebody pastes, and the output that the page promises, if any. */
export type Sample = { page: string; number: number; language: string; code: string; expected: string | null }

/** Every fenced block of a page; the `text` that follows a program is what it prints. */
export function samplesOf(page: string, text: string): Sample[] {
  const fences = [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
  }))
  return fences.flatMap(({ language, code }, i) => {
    if (language === 'text') return []
    const next = fences[i + 1]
    return [{ page, number: i + 1, language, code, expected: next?.language === 'text' ? next.code : null }]
  })
}

const guideFolder = 'docs/guide'
export const guidePages = readdirSync(join(root, guideFolder)).map((file) => `${guideFolder}/${file}`)
export const topicOf = (page: string) => page.slice(guideFolder.length + 1, -'.md'.length)

export const readPage = (page: string) => Bun.file(join(root, page)).text()

/** For each language, the programs it needs and the command that runs a pasted file. */
const programs: Record<string, { extension: string; command: (file: string) => Promise<string[]> }> = {
  sh: { extension: 'sh', command: async (file) => ['sh', file] },
  js: { extension: 'mjs', command: async (file) => [await nodeTwenty(), file] },
  python: { extension: 'py', command: async (file) => ['python3', file] },
}

export const isProgram = ({ language }: Sample) => language in programs

/** Of the source itself, and no request. */
export const isCommand = ({ code }: Sample) => code.startsWith('npm ')

const pages = [...guidePages, 'docs/integrating.md', 'README.md']
/** The fenced blocks of the pages for integrators, and those that somebody can paste and run. */
export const blocks = (
  await Promise.all(pages.map(async (page) => samplesOf(page, await readPage(page))))
).flat()
export const samples = blocks.filter((block) => isProgram(block) && !isCommand(block))

// Not every machine has these; Node.js is fetched.
const needed: Record<string, string[]> = { sh: ['sh', 'curl'], python: ['python3'] }
export const isMissing = ({ language }: Sample) =>
  (needed[language] ?? []).some((name) => Bun.which(name) === null)

/** `…` matches anything within a line; as the last line it matches all further lines. */
export function patternOf(expected: string): RegExp {
  const lines = expected.trimEnd().split('\n')
  const more = lines.at(-1) === '…' && lines.length > 1
  const shown = (more ? lines.slice(0, -1) : lines).join('\n')
  const pattern = shown.split('…').map(RegExp.escape).join('[^\\n]*')
  return new RegExp(`^${pattern}${more ? '(\\n[^\\n]*)*' : ''}$`)
}

export type Printed = { exit: number; err: string; out: string }

/** Runs an unchanged sample in a directory, with only the given environment. */
export async function runSample(
  { language, code }: Sample,
  env: Record<string, string>,
  directory: string,
): Promise<Printed> {
  const program = programs[language]
  if (program === undefined) throw new Error(`Nothing runs ${language}`)
  const file = join(directory, `sample.${program.extension}`)
  await Bun.write(file, code)
  const child = Bun.spawn(await program.command(file), {
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, ...env },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, exit] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exit, err, out: out.replaceAll('\r\n', '\n').trimEnd() }
}

/** The packages that a page says to install. */
export const packages = join(root, 'node_modules')
