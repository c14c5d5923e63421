import { parseCategories } from '../../src/resources/categories/import'
import { exportFile, importFile } from '../resources/cases/transfer-support'
import { createCouncil } from '../support/app'
import { bytes } from '../support/casework'
import { office, type Row } from './place'

const group = 'files: how they are read and made'

/** Imports cases into a council of their own and tells what has become of them, or each fault. */
async function imported(file: string | Uint8Array): Promise<string> {
  const { app } = await office()
  const council = await createCouncil(app, `file-${crypto.randomUUID().slice(0, 8)}`)
  try {
    await importFile(council, file)
  } catch (error) {
    const { message, details } = error as { message: string; details?: { rows?: object[] } }
    return JSON.stringify(details?.rows ?? message)
  }
  const { body } = await app.send('GET', '/api/cases?sort=reference', { key: council.key })
  const shown = body.cases.map(
    ({ reference, internalRef, status, createdAt, summary }: Record<string, string>) =>
      [reference, internalRef, summary, status, createdAt].filter(Boolean).join(' '),
  )
  return shown.join(', ')
}

const reads = (does: string, file: string | Uint8Array, right: RegExp): Row => ({
  group,
  does,
  answer: () => imported(file),
  isRight: (answer) => right.test(answer),
})

export const files: readonly Row[] = [
  reads(
    'imports a file whose last lines are empty rows of a spreadsheet',
    'summary,ward\nA,\n,\n,\n',
    /^\S+ A /,
  ),
  reads('imports semicolons below sep=;', 'sep=;\nsummary;status\nA;Closed\n', /A closed/),
  reads(
    'imports tabs in UTF-16',
    Buffer.from('\uFEFFsummary\tstatus\nSiân\tIn progress\n', 'utf16le'),
    /Siân in_progress/,
  ),
  reads('imports Windows-1252', Buffer.from('summary\nSiân\n', 'latin1'), /--encoding windows-1252/),
  reads('imports a workbook', Buffer.from('PK\x03\x04 xl/workbook.xml', 'latin1'), /Excel workbook/),
  reads('imports GeoJSON as cases', '{"type":"FeatureCollection","features":[]}', /is GeoJSON/),
  reads('imports a reference of another system', 'reference,summary\nFS-Case-12345,A\n', /FS-Case-12345 A/),
  reads('imports 13/07/2025 9:30pm', 'summary,createdAt\nA,13/07/2025 9:30pm\n', /2025-07-13T20:30/),
  reads('imports 03/13/2025', 'summary,createdAt\nA,03/13/2025\n', /the day before the month: 13\/03\/2025/),
  reads(
    'imports a case closed before it was received',
    'summary,status,receivedAt,closedAt\nA,closed,2026-03-10,2026-03-09\n',
    /"line":2.*closedAt: Must not lie before receivedAt/,
  ),
  reads('imports half a point', 'summary,latitude\nA,51.5\n', /longitude: Required where latitude/),
  reads('imports a quote that is never closed', 'summary,ward\nA,\n"B,\nC,\n', /"line":3.*never closed/),
  {
    group,
    does: 'imports categories with `Target Days`, `Working days` and `Public`',
    answer: async () =>
      JSON.stringify(
        parseCategories(bytes('Name,Target Days,Day-Type,VISIBILITY\nPotholes,5,Working days,Public\n')),
      ),
    isRight: (answer) => /"visibility":"public".*"targetDays":5.*"dayType":"working"/.test(answer),
  },
  {
    group,
    does: 'opens an export in a spreadsheet',
    answer: async () => {
      const { app } = await office()
      const council = await createCouncil(app, `file-${crypto.randomUUID().slice(0, 8)}`)
      await importFile(council, 'summary,createdAt\nA,2025-07-13T20:30:00Z\n')
      const text = await exportFile(council, false)
      const mark = text.startsWith('\uFEFF') ? 'a byte order mark' : 'no mark'
      return `${mark}, ${/2025-07-13[^,]*/.exec(text)?.[0]}`
    },
    isRight: (answer) => answer === 'a byte order mark, 2025-07-13 21:30',
  },
]
