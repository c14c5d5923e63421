import type { UserInput } from '../resources/users/import'

/** A made-up council: its wards, categories, people and the problems that residents report. */

export const demoWards = [
  { name: 'Abbey Meads', nameCy: 'Dolydd yr Abaty', electorate: 8_912 },
  { name: 'Brookside', nameCy: 'Glan y Nant', electorate: 7_455 },
  { name: 'Castle Hill', nameCy: 'Bryn y Castell', electorate: 9_130 },
  { name: 'Fairwater', nameCy: 'Y Tyllgoed', electorate: 6_871 },
  { name: 'Harbour', nameCy: 'Yr Harbwr', electorate: 8_240 },
  { name: 'Millfields', nameCy: 'Caeau’r Felin', electorate: 7_998 },
  { name: 'Old Town', nameCy: 'Yr Hen Dref', electorate: 9_504 },
  { name: 'Priory', nameCy: 'Y Priordy', electorate: 6_320 },
  { name: 'St Brannock’s', nameCy: 'Sant Brannoc', electorate: 5_987 },
  { name: 'Westgate', nameCy: 'Porth y Gorllewin', electorate: 8_777 },
] as const

export const demoCategories = [
  { name: 'Potholes', slug: 'potholes', group: 'Roads', targetDays: 10 },
  { name: 'Street lighting', slug: 'street-lighting', group: 'Roads', targetDays: 10 },
  { name: 'Missed bin collection', slug: 'missed-bin', group: 'Waste', targetDays: 3 },
  { name: 'Fly-tipping', slug: 'fly-tipping', group: 'Waste', targetDays: 5 },
  { name: 'Housing repairs', slug: 'housing-repairs', group: 'Housing', targetDays: 20 },
  { name: 'Parking', slug: 'parking', group: 'Roads', targetDays: 10 },
  { name: 'Planning', slug: 'planning', group: 'Planning', targetDays: null },
  { name: 'Parks and trees', slug: 'parks-trees', group: 'Environment', targetDays: 15 },
] as const

export const demoUsers = [
  { name: 'Morgan Adeyemi', email: 'admin@demo.example', role: 'admin' },
  { name: 'Priya Nair', email: 'manager@demo.example', role: 'manager' },
  { name: 'Cllr Tom Fletcher', email: 'fletcher@demo.example', role: 'councillor' },
  { name: 'Cllr Ewa Nowak', email: 'nowak@demo.example', role: 'councillor' },
  { name: 'Sam Okafor', email: 'okafor@demo.example', role: 'caseworker' },
  { name: 'Bethan Rees', email: 'rees@demo.example', role: 'caseworker' },
] as const

type Profile = Required<Pick<UserInput, 'email' | 'party' | 'bio' | 'surgeries' | 'isContactPublic'>> & {
  phone?: string
  terms: readonly { ward: number; startDate: string; endDate: string | null }[]
}

/** Public profiles and terms of councillors. */
export const demoProfiles: readonly Profile[] = [
  {
    email: 'fletcher@demo.example',
    party: 'Independent',
    bio: 'Tom has lived in Abbey Meads for thirty years and taught at the school there.',
    surgeries: 'First Saturday of the month, 10 to 11.30, Brookside Library',
    phone: '01632 960147',
    isContactPublic: true,
    terms: [
      { ward: 7, startDate: '2015-05-11', endDate: '2019-05-06' },
      { ward: 0, startDate: '2019-05-07', endDate: null },
      { ward: 1, startDate: '2023-05-08', endDate: null },
    ],
  },
  {
    email: 'nowak@demo.example',
    party: 'Saltmarsh Residents',
    bio: 'Ewa looks after roads and buses on the cabinet.',
    surgeries: 'By appointment at the Castle Hill Community Centre',
    isContactPublic: false,
    terms: [
      { ward: 2, startDate: '2023-05-08', endDate: null },
      { ward: 3, startDate: '2023-05-08', endDate: null },
    ],
  },
]

/** By category slug. */
export const demoTroubles: Record<(typeof demoCategories)[number]['slug'], readonly string[]> = {
  potholes: [
    'Deep pothole outside the school',
    'Pothole at the crossing is back',
    'Road surface breaking up',
  ],
  'street-lighting': [
    'Street light out for two weeks',
    'Light flickers all night',
    'Path to the park is unlit',
  ],
  'missed-bin': ['Green bin missed again', 'Recycling not collected', 'Assisted collection missed'],
  'fly-tipping': [
    'Mattress dumped in the lane',
    'Builder’s waste by the garages',
    'Fridge left on the verge',
  ],
  'housing-repairs': ['Damp in the bedroom', 'Boiler has failed twice', 'Lift out of order'],
  parking: [
    'Cars block the dropped kerb',
    'Residents’ bays taken by commuters',
    'Faded lines at the junction',
  ],
  planning: ['Extension higher than approved', 'No site notice was put up', 'Question about a change of use'],
  'parks-trees': [
    'Broken swing in the playground',
    'Branch hangs over the footpath',
    'Hedge hides the road sign',
  ],
}

export const demoStreets = [
  'Mill Lane',
  'Station Road',
  'Church Street',
  'Quay Parade',
  'Orchard Close',
  'Castle View',
]

/** Made-up people, with telephone numbers that Ofcom keeps free for fiction. */
export const demoResidents = [
  { residentName: 'Margaret Hughes', residentEmail: 'm.hughes@example.org', residentPhone: '0117 496 0123' },
  { residentName: 'Owain ap Rhys', residentEmail: 'owain@example.org', residentPhone: null },
  { residentName: 'Farida Begum', residentEmail: null, residentPhone: '07700 900451' },
  { residentName: 'Siobhán O’Neill', residentEmail: 'siobhan@example.org', residentPhone: '028 9649 6012' },
  { residentName: 'Duncan MacLeod', residentEmail: 'd.macleod@example.org', residentPhone: '0131 496 0877' },
] as const

export const demoNotes = [
  'Rang the depot: a crew is booked for Thursday.',
  'Resident called again and asked how long it will take.',
  'Photo received; passed on to the contractor.',
] as const
