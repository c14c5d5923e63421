type Trouble = { name: string; theme: string; said: string }

/** Each is the subject of about a tenth of the cases. */
const troubles: readonly Trouble[] = [
  {
    name: 'Pothole',
    theme: 'roads',
    said: 'A wheel was bent there last week and cyclists swerve around it.',
  },
  { name: 'Missed bin collection', theme: 'waste', said: 'The lorry passed by twice without stopping.' },
  { name: 'Broken street light', theme: 'lighting', said: 'It has been dark since the weekend.' },
  { name: 'Fly-tipping', theme: 'waste', said: 'Two mattresses and a fridge were left overnight.' },
  { name: 'Graffiti', theme: 'cleansing', said: 'The whole wall is covered, offensive words among it.' },
  { name: 'Blocked drain', theme: 'roads', said: 'Water stands up to the kerb whenever it rains.' },
  { name: 'Noise from building work', theme: 'noise', said: 'It begins before six in the morning.' },
  { name: 'Overhanging tree', theme: 'parks', said: 'A bough hangs low over the pavement.' },
  { name: 'Abandoned vehicle', theme: 'parking', said: 'It has had no tax since spring and two flat tyres.' },
  { name: 'Damp in a council flat', theme: 'housing', said: 'The bedroom wall is black and a child coughs.' },
]

const streetNames =
  'Mina Church Station Victoria Albert Park Mill School Chapel Orchard Meadow Cedar Beech Elm York Kent Bristol Castle Grange Spring'.split(
    ' ',
  )
const streetKinds =
  'Road,Street,Lane,Avenue,Close,Terrace,Crescent,Gardens,Grove,Hill,Place,Row,Square,Walk,Way'.split(',')

const endings = [
  'The neighbours have the same trouble.',
  'A photograph was sent with it.',
  'This is the third time of asking.',
  'Please ring back after five.',
]

export type CaseTexts = {
  summary: string
  description: string | null
  publicSummary: string | null
  theme: string
  address: string
}

/** Most cases have a description, and some of these mention a second problem. */
export function caseTexts(random: () => number): CaseTexts {
  const oneOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T
  const street = () => `${oneOf(streetNames)} ${oneOf(streetKinds)}`
  const [{ name, theme, said }, place] = [oneOf(troubles), street()]
  const number = 1 + Math.floor(random() * 200)
  const where = random()
  const summary =
    where < 0.5
      ? `${name} on ${place}`
      : where < 0.8
        ? `${name} outside ${number} ${place}`
        : `${name} where ${place} meets ${street()}`
  const also = random() < 0.1 ? ` There is also a ${oneOf(troubles).name.toLowerCase()} on ${street()}.` : ''
  return {
    summary,
    description: random() < 0.8 ? `${said} ${oneOf(endings)}${also}` : null,
    publicSummary: random() < 0.4 ? `${name} reported on ${place}` : null,
    theme,
    address: `${number} ${place}`,
  }
}
