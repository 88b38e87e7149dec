import fc from "fast-check"
import { expect, it } from "vitest"
import { countLife, countsIn, type Life, lives, passingOf, tell } from "../testing/lives.ts"
import { type Answer, judge } from "./judge.ts"
import { type Firing, owed } from "./owed.ts"
import { type CountsAs, countPlain, plainBreach } from "./plainBreach.ts"
import { slotOf, Tally } from "./rollups.ts"
import type { Passing } from "./stored.ts"

const noBreach = { breachDueAt: null, caseN: null, gone: false }
const plainOf = ({ order }: Life, answer: Answer, passing: Passing) =>
  plainBreach(
    { ...order, stage: answer.stage, watched: answer.watched, casesFrom: null, nextAt: answer.nextAt },
    answer.clocks.map((clock) => ({ ...clock, ...noBreach })),
    passing,
  )

it("of an order with a plain breach ahead, nothing but that breach is owed until something else may happen, and it counts as it should", () => {
  let plain = 0
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
        const { breaksKind, breaksBasis, breaksRound, breaksAs, thenAt } = plainOf(
          life,
          before,
          passingOf(before, life, now),
        )
        if (breaksKind === null) others++
        const last = thenAt === null ? before.nextAt + 40 * 86_400_000 : thenAt - 1
        for (const at of breaksKind === null || thenAt === before.nextAt ? [] : [before.nextAt, last]) {
          plain++
          const after = judge(order, told, rules, at)
          const now = owed({ clocks: after.clocks, firings, breaches: [], watched: after.watched }, at)
          expect(now).toMatchObject([
            { what: "breach", clock: { kind: breaksKind, basis: breaksBasis, round: breaksRound } },
          ])
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
          const short = new Tally()
          countPlain(short, { kind, basis, dueAt, n: 1, ...(JSON.parse(breaksAs!) as CountsAs) }, at)
          expect(countsIn(short)).toEqual(countsIn(whole))
        }
        now = before.nextAt
      }
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(300)
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
})
