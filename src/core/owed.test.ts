import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lives, tell } from "../testing/lives.ts"
import { judged, on, shown } from "../testing/week.ts"
import { type Answer, judge } from "./judge.ts"
import { type Breach, effectiveWarnings, type Firing, type Owed, owed } from "./owed.ts"

type Done = { firings: Firing[]; breaches: Breach[] }
const nothing = (): Done => ({ firings: [], breaches: [] })

/** Does what is owed, as the tick does, and says what. */
function settleUp({ clocks, watched }: Pick<Answer, "clocks" | "watched">, done: Done, now: number): Owed[] {
  const all = owed({ clocks, watched, ...done }, now)
  for (const each of all) {
    if (each.what === "withdrawal") {
      each.breach.standing = false
      continue
    }
    const { kind, basis, round } = each.clock
    const is = (other: Firing | Breach) =>
      other.kind === kind && other.basis === basis && other.round === round
    if (each.what === "warning" || each.what === "unconfirmed") {
      const level = each.what === "warning" ? each.level : "unconfirmed"
      const at = each.what === "warning" ? each.at : each.dueAt
      done.firings = [
        ...done.firings.filter((other) => !is(other) || other.level !== level),
        { kind, basis, round, level, at },
      ]
    } else {
      done.breaches = done.breaches.filter((other) => !is(other))
      done.breaches.push({ kind, basis, round, dueAt: each.dueAt, standing: true, caseN: null })
    }
  }
  return all
}

const inWords = (all: readonly Owed[]): string =>
  all
    .map((each) => {
      if (each.what === "withdrawal") return `withdraw ${each.breach.kind}`
      return `${each.what} ${each.clock.kind} ${each.what === "warning" ? each.level : shown(each.dueAt)}`
    })
    .join("; ")

describe("what is owed to an order that nothing was done for yet", () => {
  it.each([
    ["paid Mon 10:00", "Mon 21:59", ""],
    ["paid Mon 10:00", "Mon 22:00", "warning prepare 50%"],
    ["paid Mon 10:00", "Tue 09:00", "warning prepare 50%; warning prepare PT2H"],
    ["paid Mon 10:00", "Tue 10:00", "warning prepare 50%; warning prepare PT2H; warning ship 50%"],
    [
      "paid Mon 10:00",
      "Tue 10:00:00.001",
      "warning prepare 50%; warning prepare PT2H; breach prepare Tue 10:00; warning ship 50%",
    ],
    ["paid Mon 10:00 · prepared Tue 09:00", "Tue 10:00:00.001", "warning ship 50%"],
    ["paid Mon 10:00 · shipped Thu 10:00", "Thu 11:00", "breach prepare Tue 10:00; breach ship Wed 10:00"],
    ["paid Mon 10:00 · cancelled Mon 12:00", "Thu 11:00", ""],
  ])("%s, seen on %s: %s", (told, at, expected) =>
    expect(inWords(settleUp(judged(told, at), nothing(), on(at)))).toBe(expected),
  )

  it("on a channel of files a breach is first only told as unconfirmed, once", () => {
    const given = { channel: { mode: "batch" as const } }
    const done = nothing()
    const at = (when: string) =>
      inWords(settleUp(judged("paid Mon 10:00 · prepared Mon 11:00", when, given), done, on(when)))
    expect(["Wed 10:01", "Wed 20:00", "Thu 10:00:00.001", "Fri 10:00"].map(at)).toEqual([
      "warning ship 50%; warning ship PT4H; unconfirmed ship Wed 10:00",
      "",
      "breach ship Wed 10:00",
      "",
    ])
  })
})

describe("what was done", () => {
  it("is withdrawn when a fact says met, moved when the due moved, and stands again", () => {
    const done = nothing()
    const at = (told: string) =>
      inWords(
        settleUp(judged(told, "Thu 10:00"), done, on("Thu 10:00")).filter(({ what }) => what !== "warning"),
      )
    expect(
      [
        "paid Mon 10:00 · prepared Mon 11:00",
        "paid Mon 10:00 · prepared Mon 11:00 · shipped Wed 09:00",
        "paid Mon 10:00 · prepared Mon 11:00",
        "paid Mon 12:00 · prepared Mon 13:00",
        "paid Tue 12:00 · prepared Tue 13:00",
      ].map(at),
    ).toEqual([
      "breach ship Wed 10:00",
      "withdraw ship",
      "breach ship Wed 10:00",
      "moved ship Wed 12:00",
      "withdraw ship",
    ])
  })

  it("is withdrawn when its clock is no longer in the answer", () => {
    const done = nothing()
    settleUp(judged("paid Mon 10:00 · prepared Mon 11:00", "Thu 10:00"), done, on("Thu 10:00"))
    expect(inWords(settleUp(judged("created Mon 10:00", "Thu 10:00"), done, on("Thu 10:00")))).toBe(
      "withdraw ship",
    )
  })

  it("stays when the channel stops telling of the step, or the order is no longer watched", () => {
    const done = nothing()
    const late = judged("paid Mon 10:00 · prepared Mon 11:00", "Thu 10:00")
    settleUp(late, done, on("Thu 10:00"))
    const unobserved = { ...late, clocks: late.clocks.map((clock) => ({ ...clock, observed: false })) }
    expect(settleUp(unobserved, done, on("Thu 10:00"))).toEqual([])
    expect(settleUp({ ...late, watched: false }, done, on("Thu 10:00"))).toEqual([])
    const shipped = judged("paid Mon 10:00 · prepared Mon 11:00 · shipped Wed 09:00", "Thu 10:00")
    expect(inWords(settleUp({ ...shipped, watched: false }, done, on("Thu 10:00")))).toBe("withdraw ship")
  })

  it("of warnings owed together only the latest of a clock has effects, and none of one that is over", () => {
    const at = (when: string) =>
      inWords(effectiveWarnings(owed({ ...judged("paid Mon 10:00", when), ...nothing() }, on(when))))
    expect(at("Tue 09:00")).toBe("warning prepare PT2H")
    expect(at("Wed 09:00")).toBe("warning ship PT4H")
  })
})

it("after everything owed was done nothing is owed, now and until nextAt", () => {
  let acted = 0
  fc.assert(
    fc.property(
      fc.tuple(lives, fc.double({ min: 0, max: 1, noNaN: true })),
      ([{ order, events, rules, now }, share]) => {
        const { told } = tell(events)
        const done = nothing()
        const answer = judge(order, told, rules, now)
        if (settleUp(answer, done, now).length > 0) acted++
        const last = answer.nextAt === null ? now + 1e10 : answer.nextAt - 1
        for (const at of [now, now + Math.floor((last - now) * share), last])
          expect(settleUp(judge(order, told, rules, at), done, at)).toEqual([])
      },
    ),
    { numRuns: 1500 },
  )
  expect(acted).toBeGreaterThan(300)
})

it("whatever is told afterwards, exactly the clocks that are over or late have a standing breach", () => {
  fc.assert(
    fc.property(lives, ({ order, events, rules, now }) => {
      const done = nothing()
      for (let n = 0; n <= events.length; n++) {
        const answer = judge(order, tell(events.slice(0, n)).told, rules, now)
        settleUp(answer, done, now)
        const late = answer.clocks.filter(
          (clock) => clock.observed && (clock.state === "over" || clock.outcome === "late"),
        )
        const name = ({ kind, basis, round }: Pick<Breach, "kind" | "basis" | "round">) =>
          `${basis} ${kind} ${round}`
        const standing = done.breaches.filter(
          (breach) =>
            breach.standing && answer.clocks.some((clock) => name(clock) === name(breach) && clock.observed),
        )
        for (const clock of late.filter((each) => !each.unconfirmed))
          expect(standing.map(name)).toContain(name(clock))
        for (const breach of standing) expect(late.map(name)).toContain(name(breach))
        for (const breach of standing)
          expect(breach.dueAt).toBe(late.find((clock) => name(clock) === name(breach))!.dueAt)
      }
    }),
    { numRuns: 500 },
  )
})
