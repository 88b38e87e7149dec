import type { Instant } from "../core/instants.ts"
import type { ReportFields } from "../core/reports.ts"
import type { ActInput } from "../engine/cases/hand.ts"
import type { Done } from "../engine/cases/perform.ts"
import { dateOf, hour, minute } from "./calendar.ts"
import type { Why } from "./causes.ts"
import type { Chance } from "./chance.ts"
import type { DepartmentId } from "./people.ts"

/** Something somebody does to a case: after so long, by whom, and what it is at that instant. */
export type Step = {
  afterMs: number
  /** and not before */
  from?: Instant
  by: "operations" | "service" | "holder"
  input(at: Instant, person: string): ActInput
}

type Result = "shipped" | "refunded" | "cancelled"

const others: readonly DepartmentId[] = ["warehouse", "service", "purchasing"]

/**
 * How people take a case from opening to its archived report: most in time, some late, some handed on, a few twice. `solvedAt` is
 * when the order moves on, which nobody knows beforehand.
 */
export function* handling(
  chance: Chance,
  why: Why,
  { solvedAt, result }: { solvedAt: Instant | null; result: Result },
): Generator<Step, void, Done> {
  const { cause } = why
  const strays = chance.happens(0.09)
  const wrong = chance.pick(others)
  yield soon(chance, 9, "operations", () =>
    strays ? { act: "assign", department: wrong } : { act: "assign", cause },
  )
  if (strays) yield* handOn(chance, why, wrong)
  yield soon(chance, chance.happens(0.1) ? 80 : 11, "holder", () => ({
    act: "analyse",
    cause,
    text: why.found,
    evidence: [],
  }))
  const planned = yield soon(chance, 4, "holder", () => ({ act: "plan", solved: true }))
  if (!planned.ok) yield* promise(chance, why, solvedAt)
  if (!planned.ok) yield* solve(chance, solvedAt)
  yield* report(chance, why, { result, told: planned.ok ? "not_needed" : "before_asking" })
}

const soon = (chance: Chance, meanMinutes: number, by: Step["by"], input: Step["input"]): Step => ({
  afterMs: Math.round((1 + 0.4 * meanMinutes + chance.wait(0.6 * meanMinutes)) * minute),
  by,
  input,
})

/** The wrong department sends it on; now and then the next one does too, and operations decides. */
function* handOn(chance: Chance, { cause }: Why, from: DepartmentId): Generator<Step, void, Done> {
  const next = chance.pick(others.filter((each) => each !== from))
  yield soon(chance, 25, "holder", () => ({
    act: "hand_on",
    department: next,
    reason: "cause_elsewhere",
  }))
  if (chance.happens(0.3))
    yield soon(chance, 30, "holder", () => ({
      act: "hand_on",
      department: from,
      reason: "assigned_wrongly",
      note: "不是我们这边的问题",
    }))
  yield soon(chance, 15, "operations", () => ({ act: "assign", cause }))
}

/** Not solved yet: a date is given, operations and the customer are told; some dates turn out too early. */
function* promise(chance: Chance, why: Why, solvedAt: Instant | null): Generator<Step, void, Done> {
  const margin = chance.between(-2, 6) * hour
  yield soon(chance, 5, "holder", (at) => ({
    act: "plan",
    etaAt: Math.round(Math.max(at + 2 * hour, (solvedAt ?? at + 20 * hour) + margin)),
    reason: why.because,
    text: why.because,
  }))
  yield soon(chance, chance.happens(0.08) ? 45 : 5, "service", () => ({
    act: "told",
    how: chance.happens(0.7) ? "chat" : "phone",
    text: `已和客户说明：${why.because}，发出后马上把单号发过去。`,
  }))
}

/** Waits until a fact of the order shows that it is solved. */
function* solve(chance: Chance, solvedAt: Instant | null): Generator<Step, void, Done> {
  for (let tries = 0; tries < 40; tries++) {
    const done = yield {
      ...soon(chance, tries === 0 ? 40 : 180, "holder", () => ({ act: "resolve" })),
      ...(solvedAt === null ? {} : { from: solvedAt }),
    }
    if (done.ok) return
  }
}

/** What people write in a report. */
export const reportFields = (why: Why, at: Instant, person: string): ReportFields => ({
  cause: why.cause,
  causeEvidence: [{ text: "现场记录和截图都在，核对过。", agreed: true }],
  causeReason: "现场核对过，和系统推断的不一样。",
  result: "shipped",
  rootCause: `${why.found}到期前没有人盯这一步。`,
  whatHappened: why.went,
  gaps: "这段时间夜里没人上班，第二天一早接着办。",
  told: "before_asking",
  leftOver: "无",
  repeat: "possible",
  prevention: [
    {
      what: why.prevention,
      owner: person,
      by: dateOf(at + 14 * 24 * hour),
      measure: "两周后看同原因的超时单是不是少了一半",
    },
  ],
  customerEffect: "客户收到得比承诺晚，没有投诉。",
})

function* report(
  chance: Chance,
  why: Why,
  { result, told }: { result: Result; told: "before_asking" | "not_needed" },
): Generator<Step, void, Done> {
  const repeat = chance.weighed([
    ["single", 5],
    ["possible", 3],
    ["likely", 2],
  ] as const)
  const fieldsBy = (at: Instant, person: string): ReportFields => ({
    ...reportFields(why, at, person),
    result,
    told,
    repeat,
  })
  const later = (from: number, to: number) => Math.round(chance.between(from, to) * hour)
  const hand = {
    by: "holder" as const,
    input: (at: Instant, person: string): ActInput => ({
      act: "report",
      form: "short",
      fields: fieldsBy(at, person),
    }),
  }
  const handedIn = yield { afterMs: later(1, chance.happens(0.1) ? 40 : 16), ...hand }
  if (!handedIn.ok) {
    // Another deadline of the order broke meanwhile, and the case is back at work.
    yield* solve(chance, null)
    yield { afterMs: later(1, 6), ...hand }
  }
  if (chance.happens(0.07)) {
    yield {
      afterMs: later(1, 9),
      by: "operations",
      input: () => ({ act: "return", gaps: ["course_gap"], note: "中间那段没写清楚" }),
    }
    yield { afterMs: later(1, 10), ...hand }
  }
  yield { afterMs: later(1, 20), by: "operations", input: () => ({ act: "archive" }) }
}
