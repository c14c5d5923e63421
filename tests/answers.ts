// Asks Reeve once for each thing that went wrong in use before, and prints what it answers: `npm run answers`.
// An argument names the group to ask about, by a part of its heading.

import { within } from '../src/lib/within'
import { caseSearch } from './answers/case-search'
import { commands } from './answers/commands'
import { databaseServer } from './answers/database-server'
import { disk } from './answers/disk'
import { documents } from './answers/documents'
import { files } from './answers/files'
import { forms } from './answers/forms'
import { newcomers } from './answers/newcomers'
import { onTheWay } from './answers/on-the-way'
import { operation } from './answers/operation'
import { outside } from './answers/outside'
import { pasted } from './answers/pasted'
import { phones } from './answers/phones'
import { endAll, type Row, wasTried } from './answers/place'
import { powerCuts } from './answers/power-cuts'
import { publicTexts } from './answers/public-texts'
import { manyReaders } from './answers/readers'
import { security } from './answers/security'
import { signIns } from './answers/sign-ins'
import { transfers } from './answers/transfers'
import { typedCodes } from './answers/typed-codes'
import { typedNames } from './answers/typed-names'
import { wards } from './answers/wards'

const withinMs = 180_000
const all: readonly Row[] = [
  onTheWay,
  documents,
  outside,
  security,
  signIns,
  forms,
  manyReaders,
  disk,
  databaseServer,
  powerCuts,
  commands,
  typedCodes,
  operation,
  typedNames,
  phones,
  pasted,
  publicTexts,
  wards,
  transfers,
  newcomers,
  caseSearch,
  files,
].flat()

const print = (text: string) => void process.stdout.write(`${text}\n`)
const inACell = (text: string) =>
  text.trim().replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

/** What a row answers in time; an error is an answer too. */
const answerOf = ({ answer }: Row): Promise<string> =>
  within(withinMs, answer()).catch((error) => `fails: ${error.message}`)

async function main(asked: readonly string[]): Promise<number> {
  const isAsked = ({ group }: Row) => asked.every((part) => group.toLowerCase().includes(part.toLowerCase()))
  const verdicts: string[] = []
  let heading = ''
  for (const row of all.filter(isAsked)) {
    if (row.group !== heading) {
      heading = row.group
      print(`\n## ${heading}\n\n| what somebody does | what Reeve answers | right |\n|---|---|---|`)
    }
    const answer = await answerOf(row)
    const verdict = !wasTried(answer) ? '' : row.isRight(answer) ? 'yes' : 'no'
    verdicts.push(verdict)
    print(`| ${inACell(row.does)} | ${inACell(answer)} | ${verdict} |`)
  }
  const count = (wanted: string) => verdicts.filter((verdict) => verdict === wanted).length
  print(`\n${count('yes')} right, ${count('no')} wrong`)
  return count('no') === 0 ? 0 : 1
}

const code = await main(process.argv.slice(2)).finally(endAll)
// What a failed row has left open would keep this process alive.
process.exit(code)
