/** Who and what the examples are about. */
export const ids = {
  case: 'tz4a98xxat96iws9zmbrgj3a',
  ward: 'pfh0haxfpzowht3oi213cqos',
  category: 'nc6bzmkmd014706rfda898to',
  user: 'x1k3v8q0c5m2n7b4z6l9d0aa',
  councillor: 'r5t8w2y6p1s4g7j0h3f9e2bb',
  tenant: 'b7n2m5k8j1h4g6f3d9s0a1cc',
  key: 'k4d7s1a9f2g6h3j8l5q0w1dd',
  event: 'e6v1h4n9c3k8t2w5m7p0r4ff',
  news: 'n2w8s5d1f7g3h9j4k6l0q2gg',
  entry: 'a9u3d7i1t5e8n2r4y6q0z3hh',
  webhook: 'w4h8k2d6s1f9g3j7l5q0p2ii',
  webhookEvent: 'v5e1n7t3k9m2b6c8x4z0a1jj',
  delivery: 'd3l7v1r5y9u2i6o8p4a0s1kk',
}

export const made = '2026-03-13T09:30:00.000Z'
export const changed = '2026-03-13T10:05:00.000Z'
