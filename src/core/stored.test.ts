import fc from "fast-check"
import { expect, it } from "vitest"
import { lives, passingOf, tell } from "../testing/lives.ts"
import { type Answer, judge } from "./judge.ts"
import { nextDueOf, nextOf, settle } from "./stored.ts"

const farMs = 60 * 86_400_000
/** A life with a share of the way from now to some later instant. */
const later = fc.tuple(lives, fc.double({ min: 0, max: 1, noNaN: true }))
const runs = { numRuns: 2000 }

it("nothing changes between now and the millisecond before nextAt", () => {
  let moved = 0
  fc.assert(
    fc.property(later, ([{ order, events, rules, now }, share]) => {
      const { told } = tell(events)
      const answer = judge(order, told, rules, now)
      const last = answer.nextAt === null ? now + farMs : answer.nextAt - 1
      if (answer.nextAt !== null) moved++
      for (const at of [now + Math.floor((last - now) * share), last])
        expect(judge(order, told, rules, at), `judged at +${at - now}`).toEqual(answer)
    }),
    runs,
  )
  expect(moved).toBeGreaterThan(500)
})

it("looking again at every nextAt misses no state that a clock ever has", () => {
  fc.assert(
    fc.property(later, ([{ order, events, rules, now }, share]) => {
      const { told } = tell(events)
      const at = now + Math.floor(farMs * share)
      let answer = judge(order, told, rules, now)
      for (let looks = 0; answer.nextAt !== null && answer.nextAt <= at; looks++) {
        expect(looks, "each look must come later than the one before").toBeLessThan(500)
        answer = judge(order, told, rules, answer.nextAt)
      }
      expect(judge(order, told, rules, at)).toEqual(answer)
    }),
    { numRuns: 500 },
  )
})

/** Where something may change: the instants of the clocks, the millisecond after each, and the grace's end. */
const edges = ({ clocks }: Answer, graceMs: number): number[] =>
  clocks
    .flatMap(({ dueAt, warnAt, pausedUntil }) => [dueAt, ...warnAt, pausedUntil, dueAt && dueAt + graceMs])
    .flatMap((at) => (at === null || at === Infinity ? [] : [at - 1, at, at + 1]))

it("a stored clock settled at a later instant equals judging afresh, as long as no event became known", () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(later, ([life, share]) => {
      const { order, events, rules, now } = life
      const { told } = tell(events)
      const stored = judge(order, told, rules, now)
      const last = stored.recheckAt === null ? now + farMs : stored.recheckAt - 1
      const instants = [
        ...edges(stored, passingOf(stored, life, now).graceMs),
        now + Math.floor((last - now) * share),
      ]
      for (const at of instants.filter((each) => each >= now && each <= last)) {
        const afresh = judge(order, told, rules, at)
        const passing = passingOf(stored, life, at)
        const clocks = stored.clocks.map((clock) => settle(clock, passing))
        for (const [i, { state, unconfirmed }] of clocks.entries())
          if (state !== stored.clocks[i]!.state)
            seen.add(`${stored.clocks[i]!.state} → ${state}${unconfirmed ? ", unconfirmed" : ""}`)
        expect(clocks).toEqual(afresh.clocks)
        expect(nextOf(clocks, passing)).toBe(afresh.nextAt)
        expect(nextDueOf(clocks)).toBe(nextDueOf(afresh.clocks))
      }
    }),
    runs,
  )
  for (const change of [
    "running → near",
    "running → over",
    "near → over",
    "paused → running",
    "running → over, unconfirmed",
  ])
    expect(seen).toContain(change)
})
