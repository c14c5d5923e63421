/** Who and what the API document's examples are about, so that the examples of all resources tell one story. */
export const ids = {
  case: 'tz4a98xxat96iws9zmbrgj3a',
  ward: 'pfh0haxfpzowht3oi213cqos',
  category: 'nc6bzmkmd014706rfda898to',
  user: 'x1k3v8q0c5m2n7b4z6l9d0aa',
  councillor: 'r5t8w2y6p1s4g7j0h3f9e2bb',
  key: 'k4d7s1a9f2g6h3j8l5q0w1dd',
}

export const createdAt = '2026-03-13T09:30:00.000Z'
export const changedAt = '2026-03-13T10:05:00.000Z'
