import { expect, it } from "vitest"
import { cloneDatabase } from "../rehearsal.ts"
import { simulate } from "./simulation.ts"

const drawn = Math.floor(Math.random() * 2 ** 31)

it.each([
  ["a fixed one", 4],
  ["another", 9],
  ["one drawn by chance", drawn],
])(
  "a week of a company agrees with the naive model at every step, under a seed: %s (%i)",
  async (_, seed) => {
    const { url, drop } = await cloneDatabase()
    try {
      const { seen } = await simulate({ url, seed, weeks: 1, ordersAWeek: 14 })
      expect(seen.orders).toBeGreaterThan(0)
      if (seed !== drawn)
        expect(seen).toMatchObject({
          "breach said": expect.any(Number),
          "inner breaches: assign": expect.any(Number),
          "incidents carried": expect.any(Number),
          "help said": expect.any(Number),
        })
    } finally {
      await drop()
    }
  },
)
