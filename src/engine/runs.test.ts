import fc from "fast-check"
import { expect, it } from "vitest"
import { allRuns } from "../store/keys.ts"
import { runsOf, spansOf } from "./runs.ts"

it("every run belongs to one living engine", () => {
  const living = ["a", "b", "c"]
  expect(living.flatMap((id) => runsOf(id, living)).sort((one, other) => one - other)).toEqual(allRuns)
})

it("neighbours that are due are ticked together as long as one tick can take what is due in them", () => {
  const due = [
    { run: 0, n: 300 },
    { run: 1, n: 700 },
    { run: 3, n: 900 },
    { run: 6, n: 100 },
    { run: 7, n: 5_000 },
  ]
  expect(spansOf(due, allRuns, 2_000)).toEqual([
    { first: 0, last: 6, n: 2_000 },
    { first: 7, last: 7, n: 5_000 },
  ])
  expect(spansOf(due, [0, 1, 3, 4, 5, 6], 1_000)).toEqual([
    { first: 0, last: 1, n: 1_000 },
    { first: 3, last: 6, n: 1_000 },
  ])
})

it("whatever is due and owned is in one span, and nothing that others own", () => {
  const some = fc.subarray([...allRuns])
  const counts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 16, maxLength: 16 })
  fc.assert(
    fc.property(some, some, counts, (own, dueIn, n) => {
      const due = dueIn.map((run) => ({ run, n: n[run]! }))
      const taken = spansOf(due, own, 2_000).flatMap(({ first, last }) =>
        allRuns.filter((run) => run >= first && run <= last),
      )
      expect(new Set(taken).size).toBe(taken.length)
      expect(taken.every((run) => own.includes(run))).toBe(true)
      expect(dueIn.every((run) => taken.includes(run) === own.includes(run))).toBe(true)
    }),
  )
})
