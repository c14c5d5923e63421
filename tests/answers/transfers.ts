import type { Export, Import } from '../../src/core/transfer'
import { categoryExport, categoryImport } from '../../src/resources/categories/transfer.service'
import { eventExport, eventImport } from '../../src/resources/events/transfer.service'
import { newsExport, newsImport } from '../../src/resources/news/transfer.service'
import { settingsExport, settingsImport } from '../../src/resources/settings/transfer.service'
import { userExport, userImport } from '../../src/resources/users/transfer.service'
import { wardExport, wardImport } from '../../src/resources/wards/transfer.service'
import { bytes } from '../support/casework'
import { office, type Row } from './place'

type Kind = { out: Export; back: Import<unknown>; file: string }

const kind = <Input>(out: Export, back: Import<Input>, file: string): Kind => ({
  out,
  back: back as unknown as Import<unknown>,
  file,
})

const kinds: readonly Kind[] = [
  kind(wardExport, wardImport as Import<unknown>, 'name,gssCode\nAshley,E05001972\n'),
  kind(categoryExport, categoryImport, 'name,targetDays\nPotholes,5\n'),
  kind(
    userExport,
    userImport,
    'email,name,role,phone,ward\nada@example.org,Ada,councillor,0117 496 0123,Ashley\n',
  ),
  kind(
    eventExport,
    eventImport,
    'title,startAt,wards,organiser\nSurgery,2030-05-11,E05001972,ada@example.org\n',
  ),
  kind(newsExport, newsImport, 'title,body,status\nOpen again,"The works are **finished**.",published\n'),
  kind(settingsExport, settingsImport, '{"publicMinCell":7}'),
]

async function textOf({ write, formats: [format = ''] }: Export, ctx: Parameters<Export['write']>[0]) {
  let text = ''
  for await (const part of write(ctx, format)) text += part
  return text
}

export const transfers: readonly Row[] = [
  {
    group: 'Everything goes out as a file and comes in again',
    does: 'exports wards, categories, users, events, news and settings, imports them again and exports them once more',
    answer: async () => {
      const { council } = await office()
      const outcomes: string[] = []
      for (const { out, back, file } of kinds) {
        const load = (text: string) =>
          back.save(council.ctx, back.parse(bytes(text), council.ctx, {}).inputs, () => {}, {})
        await load(file)
        const text = await textOf(out, council.ctx)
        const { unchanged } = await load(text)
        const isSame = (await textOf(out, council.ctx)) === text
        outcomes.push(`${out.name}: ${unchanged} unchanged, ${isSame ? 'the same' : 'another'} file`)
      }
      return outcomes.join('; ')
    },
    isRight: (answer) =>
      answer === kinds.map(({ out }) => `${out.name}: 1 unchanged, the same file`).join('; '),
  },
]
