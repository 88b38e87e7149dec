import { expect, it } from "vitest"
import type { CaseOfOrder } from "../../store/cases.ts"
import { type CaseFile, enter, remark } from "./file.ts"

it("what is written follows what was written before, also where the clock of whoever wrote that was ahead", () => {
  const own = { bucket: 1, n: 1, version: 5 } as CaseOfOrder
  const file: CaseFile = { own, before: { ...own }, log: [], fresh: [], rows: [] }
  const deed = (what: string) => [{ what, who: null, data: {} }]
  enter(file, deed("resolve"), 2_000)
  enter(file, [...deed("breach_joined"), ...deed("reworked")], 1_000)
  // As it is read again: by instants.
  file.log.sort((one, other) => one.at - other.at || one.seq - other.seq)
  remark(file, deed("resolvable"), 1_000)
  const told = file.fresh.filter(({ at }) => at === 1_000).sort((one, other) => one.seq - other.seq)
  expect(told.map(({ what }) => what)).toEqual(["breach_joined", "reworked", "resolvable"])
  expect(new Set(file.fresh.map(({ seq }) => seq)).size).toBe(4)
})
