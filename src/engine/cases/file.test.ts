import { expect, it } from "vitest"
import type { CaseOfOrder } from "../../store/cases.ts"
import { type CaseFile, enter, remark } from "./file.ts"

it("what is written follows what was written before, also where the clock of whoever wrote that was ahead", () => {
  const own = { bucket: 1, n: 1, version: 5, changedAt: 0 } as CaseOfOrder
  const file: CaseFile = { own, before: { ...own }, log: [], fresh: [], rows: [] }
  const deed = (what: string) => [{ what, who: null, data: {} }]
  enter(file, deed("resolve"), 2_000)
  enter(file, [...deed("breach_joined"), ...deed("reworked")], 1_000)
  remark(file, deed("resolvable"), 1_000)
  // As it is read again: by instants.
  const told = file.log.toSorted((one, other) => one.at - other.at || one.seq - other.seq)
  expect(told.map(({ what }) => what)).toEqual(["resolve", "breach_joined", "reworked", "resolvable"])
  expect(told.map(({ at }) => at)).toEqual([2_000, 2_000, 2_000, 2_000])
  expect(new Set(file.fresh.map(({ seq }) => seq)).size).toBe(4)
})
