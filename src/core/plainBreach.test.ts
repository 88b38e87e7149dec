import fc from "fast-check"
import { expect, it } from "vitest"
import { countLife, countsIn, type Life, lives, passingOf, tell } from "../testing/lives.ts"
import { type Answer, judge } from "./judge.ts"
import { effectiveWarnings, type Firing, owed } from "./owed.ts"
import { type CountsAs, countPlain, plainBreach, type WarnsBeside } from "./plainBreach.ts"
import { type CountedClock, countClock, countPassing, slotMs, slotOf, Tally } from "./rollups.ts"
import type { Passing } from "./stored.ts"

const noBreach = { breachDueAt: null, caseN: null, gone: false, fired: null }
const plainOf = ({ order }: Life, answer: Answer, passing: Passing) =>
  plainBreach(
    { ...order, stage: answer.stage, watched: answer.watched, casesFrom: null, nextAt: answer.nextAt },
    answer.clocks.map((clock) => ({ ...clock, ...noBreach })),
    passing,
  )

const warningOf = ({ kind, basis, round, level, dueAfterMs }: WarnsBeside, at: number) => ({
  what: "warning",
  level,
  at,
  clock: { kind, basis, round, dueAt: at + dueAfterMs },
})

it("of an order with a plain breach ahead, nothing but that breach is owed until something else may happen, and it counts as it should", () => {
  let plain = 0
  let paired = 0
  let others = 0
  fc.assert(
    fc.property(lives, (life) => {
      const { order, events, rules } = life
      const { told } = tell(events)
      const firings: Firing[] = []
      let now = life.now
      for (let looks = 0; looks < 60; looks++) {
        const before = judge(order, told, rules, now)
        const due = owed({ clocks: before.clocks, firings, breaches: [], watched: before.watched }, now)
        if (due.some(({ what }) => what === "breach") || before.nextAt === null) return
        for (const each of due)
          if (each.what === "warning") firings.push({ ...each.clock, level: each.level, at: each.at })
          else if (each.what === "unconfirmed")
            firings.push({ ...each.clock, level: "unconfirmed", at: each.dueAt })
        const { breaksKind, breaksBasis, breaksRound, breaksAs, breaksAt, thenAt } = plainOf(
          life,
          before,
          passingOf(before, life, now),
        )
        if (breaksKind === null) others++
        const last = thenAt === null ? before.nextAt + 40 * 86_400_000 : thenAt - 1
        for (const at of breaksAt === null ? [] : [breaksAt, last]) {
          plain++
          const as = JSON.parse(breaksAs!) as CountsAs
          if (as.warns !== null) paired++
          const after = judge(order, told, rules, at)
          const now = owed({ clocks: after.clocks, firings, breaches: [], watched: after.watched }, at)
          expect(now.sort((one, other) => (one.what < other.what ? -1 : 1))).toMatchObject([
            { what: "breach", clock: { kind: breaksKind, basis: breaksBasis, round: breaksRound } },
            ...(as.warns === null ? [] : [warningOf(as.warns, breaksAt! - 1)]),
          ])
          expect(effectiveWarnings(now)).toHaveLength(now.length - 1)
          expect(after.nextAt).toBe(thenAt)
          const whole = new Tally()
          countLife(life, before, -1, whole)
          countLife(life, after, 1, whole)
          const clock = after.clocks.find(
            (each) => each.kind === breaksKind && each.basis === breaksBasis && each.round === breaksRound,
          )!
          const { kind, basis, dueAt } = clock
          const dims = [kind, basis, order.channel, order.shop]
          whole.add(1, "breach", slotOf(dueAt), dims)
          whole.add(1, "fired", slotOf(at), dims)
          if (as.warns !== null) {
            const { kind, basis, level } = as.warns
            whole.add(1, "warning", slotOf(at), [kind, basis, level, order.channel, order.shop])
          }
          const short = new Tally()
          countPlain(short, { kind, basis, dueAt, n: 1, ...as }, at)
          expect(countsIn(short)).toEqual(countsIn(whole))
        }
        now = before.nextAt
      }
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(300)
  expect(paired).toBeGreaterThan(100)
  expect(others).toBeGreaterThan(300)
})

it("a breach is not plain when something else happens at its instant", () => {
  type Known = Parameters<typeof plainBreach>[1][number]
  const due = 1_000_000
  const clock = (kind: Known["kind"], more: Partial<Known> = {}): Known => ({
    kind,
    basis: "company",
    round: 0,
    standard: kind,
    startAt: 0,
    dueAt: due,
    warnAt: [],
    warnLevels: [],
    state: "running",
    outcome: null,
    closedAt: null,
    stoppedBy: null,
    observed: true,
    unconfirmed: false,
    pausedUntil: null,
    ...noBreach,
    ...more,
  })
  const order = {
    channel: "own",
    shop: "s1",
    stage: "paid",
    watched: true,
    casesFrom: null,
    nextAt: due + 1,
  }
  const passing: Passing = { now: 0, greatestToldAt: 0, recheckAt: null, mode: "live", graceMs: 0 }
  const plain = (other: Partial<Known>, more: Partial<Passing> = {}) =>
    plainBreach(order, [clock("prepare"), clock("ship", other)], { ...passing, ...more }).breaksKind
  expect(plain({ dueAt: due + 2 })).toBe("prepare")
  expect(plain({}), "the other is over too").toBeNull()
  const later = { dueAt: due + 9 }
  expect(plain({ ...later, warnAt: [due + 1], warnLevels: ["50%"] }), "the other warns").toBeNull()
  expect(plain(later, { recheckAt: due + 1 }), "an event becomes known").toBeNull()
  const fast = (warner: Partial<Known>, more: Partial<Passing> = {}, own: Partial<Known> = {}) => {
    const ship = clock("ship", {
      dueAt: due + 900_000,
      warnAt: [due, due + 99],
      warnLevels: ["50%", "PT4H"],
      ...warner,
    })
    return plainBreach({ ...order, nextAt: due }, [clock("prepare", own), ship], { ...passing, ...more })
  }
  expect(fast({})).toMatchObject({ breaksKind: "prepare", breaksAt: due + 1, thenAt: due + 99 })
  expect(JSON.parse(fast({}).breaksAs!)).toMatchObject({
    warns: { kind: "ship", level: "50%", state: "running" },
  })
  const near = { warnAt: [due], warnLevels: ["50%"] }
  expect(JSON.parse(fast(near).breaksAs!)).toMatchObject({
    beside: "running",
    warns: { state: "near", beside: "near" },
  })
  expect(fast({ fired: [["P1D", 1, 1]] }).breaksKind, "another level has warned").toBe("prepare")
  expect(fast({ fired: [["50%", 1, 1]] }).breaksKind, "it has warned so before").toBeNull()
  expect(fast({ dueAt: due + 900_001 }).breaksKind, "dues of one slot lie in two").toBeNull()
  expect(fast({ warnAt: [due, due] }).breaksKind, "it warns twice").toBeNull()
  expect(fast({ warnAt: [due, due + 1] }).breaksKind, "it warns again at once").toBeNull()
  expect(fast({ observed: false }).breaksKind, "nobody observes it").toBeNull()
  expect(fast({}, { recheckAt: due }).breaksKind, "an event becomes known").toBeNull()
  expect(fast({}, {}, near).breaksKind, "the one that breaks warns too").toBeNull()
})

it("a breach and the last warning of another clock beside it count as both clocks do, judged", () => {
  const due = 45 * slotMs + 7
  const shared = { basis: "company" as const, outcome: null, observed: true, unconfirmed: false }
  const clocks = (prepare: "running" | "over", ship: "running" | "near"): CountedClock[] => [
    { ...shared, kind: "prepare", state: prepare, dueAt: due },
    { ...shared, kind: "ship", state: ship, dueAt: due + 4 * slotMs },
  ]
  const order = { channel: "own", shop: "s1", stage: "paid", watched: true, spokenOf: true }
  const whole = new Tally()
  for (const [n, each] of [
    [-1, clocks("running", "running")] as const,
    [1, clocks("over", "near")] as const,
  ]) {
    countPassing(whole, order, each, n)
    for (const clock of each) countClock(whole, order, clock, n)
  }
  whole.add(1, "breach", 45, ["prepare", "company", "own", "s1"])
  whole.add(1, "fired", 46, ["prepare", "company", "own", "s1"])
  whole.add(1, "warning", 46, ["ship", "company", "50%", "own", "s1"])
  const known = clocks("running", "running").map((clock) => ({
    ...clock,
    ...noBreach,
    round: 0,
    standard: clock.kind,
    startAt: 0,
    warnAt: clock.kind === "ship" ? [due] : [],
    warnLevels: clock.kind === "ship" ? ["50%"] : [],
    closedAt: null,
    stoppedBy: null,
    pausedUntil: null,
  }))
  const passing: Passing = { now: 0, greatestToldAt: 0, recheckAt: null, mode: "live", graceMs: 0 }
  const { breaksAs } = plainBreach({ ...order, casesFrom: null, nextAt: due }, known, passing)
  const short = new Tally()
  countPlain(
    short,
    { kind: "prepare", basis: "company", dueAt: due, n: 1, ...(JSON.parse(breaksAs!) as CountsAs) },
    46 * slotMs,
  )
  expect(countsIn(short)).toEqual(countsIn(whole))
})
