import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { ActInput } from "../../engine/cases/hand.ts"
import { type Done, performActs } from "../../engine/cases/perform.ts"
import { undoActs } from "../../engine/cases/undo.ts"
import { caseNumber } from "../../store/keys.ts"
import type { Ending } from "./actor.ts"
import type { Act } from "./acts.ts"
import type { Company } from "./company.ts"
import { isLegal, may } from "./handling.ts"
import { type CaseFact, changedAt, type Life } from "./life.ts"
import { actorOf, causes, departments, type Worker } from "./staff.ts"

const minute = 60_000
const hour = 60 * minute

/** What somebody asks of some cases, to be done once or, under the same id, again. */
export type Request = {
  tag: number
  actId: string | undefined
  by: Worker
  input: ActInput
  /** order → which of its cases, and the number of that */
  on: ReadonlyMap<string, { which: number; number: string; version: number | undefined }>
}
/** What was done, by the id under which it can be taken back. */
export type Taken = { tag: number; batch: string; on: Request["on"] }

/** Cases of the company, each by its order and its place among the cases of that. */
type Found = { life: Life; which: number }

/** What somebody asks of a case, or of some with one stroke: mostly what comes next and by somebody who may; null: there is none. `hot`: orders to which something happens now. */
export async function request(company: Company, hot: ReadonlySet<string>): Promise<Request | null> {
  const { chance } = company
  const found = choose(company, hot)
  if (found === null) return null
  const own = found.life.cases[found.which]!
  const input = chance.happens(0.85) ? nextStep(company, own) : anyStep(company)
  const able = company.workers.filter((each) => isLegal(input.act, own) && may(input.act, each, own))
  const by = able.length > 0 && chance.happens(0.9) ? chance.one(able) : chance.one(company.workers)
  const others = chance.happens(0.1) ? chance.shuffled(handled(company)).slice(0, chance.int(1, 4)) : []
  const on = new Map<string, { which: number; number: string; version: number | undefined }>()
  for (const { life, which } of [found, ...others]) {
    if (on.has(life.id)) continue
    const { version } = life.cases[which]!
    const seen = chance.weighted([
      [5, version],
      [4, undefined],
      [1, Math.max(1, version - 1)],
    ])
    on.set(life.id, { which, number: await numberOf(company, life, which), version: seen })
  }
  const tag = ++company.asked
  const actId = chance.happens(0.85) ? `act ${tag}` : undefined
  return { tag, actId, by, input, on }
}

const handled = ({ books }: Company): Found[] =>
  [...books.lives.values()].flatMap((life) => {
    const which = life.cases.findIndex((each) => each.archivedAt === null)
    return which < 0 ? [] : [{ life, which }]
  })

/** A case that is open, one of those to whose order something happens now where there is one; now and then one that is archived. */
function choose(company: Company, hot: ReadonlySet<string>): Found | null {
  const { chance, books } = company
  if (chance.happens(0.08)) {
    const all = [...books.lives.values()].flatMap((life) => life.cases.map((_, which) => ({ life, which })))
    const before = all.filter(({ life, which }) => which < life.cases.length - 1)
    const some = before.length > 0 && chance.happens(0.5) ? before : all
    return some.length === 0 ? null : chance.one(some)
  }
  const open = handled(company)
  const now = open.filter(({ life }) => hot.has(life.id))
  // Those that are far on are gone on with, so that many are archived.
  const far = open.filter(({ life, which }) => !["open", "planned"].includes(life.cases[which]!.state))
  const some =
    now.length > 0 && chance.happens(0.5) ? now : far.length > 0 && chance.happens(0.5) ? far : open
  return some.length === 0 ? null : chance.one(some)
}

/** The number of a case as people know it. */
export async function numberOf({ db }: Company, { id, bucket }: Life, which: number): Promise<string> {
  const { rows } = await db.pool.query<{ n: number }>(
    "select n from cases where bucket = $1 and order_id = $2 order by n offset $3 limit 1",
    [bucket, id, which],
  )
  return caseNumber(rows[0]!.n, bucket)
}

// ------------------------------------------------------------------ what they ask

const nobody = "00000000-0000-4000-8000-000000000000"

/** What usually comes next where a case stands. */
function nextStep(company: Company, { state, contested, isResolvable }: CaseFact): ActInput {
  const { chance } = company
  const input = (act: ActInput["act"]) => inputOf(company, act)
  if (isResolvable && state !== "open" && chance.happens(0.7)) return input("resolve")
  if (state === "open" || (state === "assigned" && contested)) return input("assign")
  if (state === "assigned")
    return input(
      chance.weighted([
        [4, "analyse"],
        [4, "resolve"],
        [2, "hand_on"],
        [1, "take"],
        [1, "cause"],
      ]),
    )
  if (state === "analysed")
    return input(
      chance.weighted([
        [3, "plan"],
        [3, "resolve"],
        [1, "hand_on"],
        [1, "take"],
      ]),
    )
  if (state === "planned")
    return input(
      chance.weighted([
        [2, "told"],
        [4, "resolve"],
        [1, "plan"],
        [1, "cause"],
      ]),
    )
  if (state === "resolved")
    return input(
      chance.weighted([
        [6, "report"],
        [1, "take"],
        [1, "cause"],
      ]),
    )
  if (state === "reported") return input(chance.happens(0.8) ? "archive" : "return")
  return input("reopen")
}

const acts = [
  "assign",
  "take",
  "hand_on",
  "cause",
  "analyse",
  "plan",
  "told",
  "resolve",
  "report",
  "return",
  "archive",
  "reopen",
] as const
const anyStep = (company: Company): ActInput => inputOf(company, company.chance.one(acts))

/** What an act takes; now and then something that it refuses. */
function inputOf(company: Company, act: ActInput["act"]): ActInput {
  const { chance, now, workers } = company
  const wrong = () => chance.happens(0.04)
  const text = () =>
    wrong() ? " " : `复核时发现拣错了一件，第 ${company.asked} 次重新拣了一遍，晚上发出去了`
  const cause = () => (wrong() ? "nonsense" : chance.one(Object.keys(causes)))
  const department = () => (wrong() ? "nowhere" : chance.one(departments))
  const person = () => (wrong() ? nobody : chance.one(workers).id)
  const maybe = <Value>(probability: number, key: string, value: () => Value) =>
    chance.happens(probability) ? { [key]: value() } : {}
  if (act === "assign")
    return {
      act,
      ...maybe(0.6, "department", department),
      ...maybe(0.5, "person", person),
      ...maybe(0.5, "cause", cause),
    }
  if (act === "hand_on")
    return {
      act,
      ...maybe(0.8, "department", department),
      ...maybe(0.4, "person", person),
      reason: wrong() ? " " : "needs_stock",
    }
  if (act === "cause") return { act, cause: cause() }
  if (act === "analyse") return { act, cause: cause(), text: text() }
  if (act === "plan")
    return chance.happens(0.3)
      ? { act, solved: true }
      : { act, etaAt: now + chance.int(wrong() ? -5 : 5, 60) * hour, reason: text() }
  if (act === "told") return { act, how: chance.one(["chat", "phone"] as const), text: text() }
  if (act === "resolve") return wrong() ? { act, fact: "nonsense" } : { act }
  if (act === "return") return { act, gaps: wrong() ? [] : ["course_gap"] }
  if (act === "reopen") return { act, reason: text() }
  if (act === "report") {
    const result = maybe(0.4, "result", () => chance.one(["shipped", "prepared", "date_accepted"]))
    const fields = { ...reportOf(chance.one(Object.keys(causes)), company.asked), ...result }
    return { act, form: "long", fields }
  }
  return { act } as ActInput
}

/** A report with everything that people write into one. */
export const reportOf = (cause: string, n: number): Record<string, unknown> => ({
  cause,
  causeReason: "复核以后改的，原来看错了",
  causeEvidence: [{ signal: null, text: "复核时发现拣错", agreed: true }],
  causeAgainst: "查过了，那条不成立，仓库当天有货",
  rootCause: `货架标签贴错了位置，拣货员按旧标签拣，复核才发现，第 ${n} 回`,
  customerEffect: "顾客晚收到两天，没有投诉，已经说明",
  whatHappened: `拣错了一件，复核时发现，重新拣了一遍，晚上发出去了，第 ${n} 回`,
  gaps: "这段时间在等补货，没有别的动作",
  leftOver: "没有遗留",
  repeat: "single",
  prevention: [],
  preventionNone: "偶发一次，流程本身没有问题，不另设措施",
  told: "not_told",
  notToldWhy: "顾客没有问起，发货很快就到了",
})

// ------------------------------------------------------------------ asking

/** When orders were judged last, and something was done to cases of theirs. */
const instantsBefore = ({ books }: Company, on: Request["on"]): Instant[] =>
  [...on].flatMap(([id, { which }]) => {
    const { judgedAt, cases } = books.lives.get(id)!
    return [judgedAt, changedAt(cases[which]!)]
  })

/** Asks for it, as the product's pages and keys do. `isOnly`: it is asked once, so what it answers as done was done by it and can be taken back. */
export function asking(company: Company, request: Request, isOnly = true): Act {
  const { tag, actId, by, input, on } = request
  const at = company.now
  // What has no id would be done again after an answer that got lost.
  const fault = actId === undefined ? null : company.fault(30)
  const asked = [...on.values()].map(({ number, version }) => ({ number, input, version }))
  const before = instantsBefore(company, on)
  return {
    fault,
    run: (db) => performActs(company.world(db, 0), asked, { actor: actorOf(by), actId }),
    deed: (ending) => {
      const known = "done" in ending && fault === null ? [(ending.done as { at: Instant }).at] : before
      return {
        kind: "act",
        tag,
        actId,
        by,
        input,
        on: new Map([...on].map(([id, { which, version }]) => [id, { which, version }])),
        workers: company.workers,
        at,
        ats: on.size === 1 ? null : known,
        certain: "done" in ending,
      }
    },
    answers: (done) => answersOf(on, (done as { done: Done[] }).done),
    ended: (ending) => {
      company.books.note("people acted")
      if (!("done" in ending)) return
      const { batch, done } = ending.done as { batch: string; done: Done[] }
      for (const each of done) company.books.note(each.ok ? `done: ${input.act}` : `refused: ${each.code}`)
      const ids = new Set(done.flatMap((each) => (each.ok ? [each.number] : [])))
      const kept = new Map([...on].filter(([, { number }]) => ids.has(number)))
      company.requests.push(request)
      if (isOnly && kept.size > 0 && fault?.how !== "lost") company.taken.push({ tag, batch, on: kept })
    },
  }
}

const answersOf = (on: Request["on"], done: readonly Done[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...on].map(([id, { number }]) => {
      const own = done.find((each) => each.number === number)!
      return [id, [own.ok ? "done" : own.code]]
    }),
  )

/** Somebody who asks again for what was asked before, under the same id; null: nobody did. */
export function askingAgain(company: Company): Act | null {
  const { chance, requests } = company
  const again = requests.slice(-12).filter(({ actId }) => actId !== undefined)
  if (again.length === 0) return null
  company.books.note("asked again")
  return asking(company, chance.one(again), false)
}

/** Somebody who takes back what was done lately; null: nothing was. */
export function takingBack(company: Company): Act | null {
  const { chance, taken } = company
  if (taken.length === 0) return null
  const { tag, batch, on } = chance.happens(0.7) ? taken.at(-1)! : chance.one(taken.slice(-4))
  const by = chance.happens(0.5) ? chance.one(company.workers) : company.workers[0]!
  const at = company.now
  const fault = company.fault(15)
  const before = instantsBefore(company, on)
  const deed = (ending: Ending<unknown>) => ({
    kind: "takeBack" as const,
    tag,
    by,
    on: new Map([...on].map(([id, { which }]) => [id, { which }])),
    at,
    ats: on.size === 1 ? null : before,
    certain: "done" in ending,
  })
  return {
    fault,
    run: async (db) => {
      try {
        return await undoActs(company.world(db, 0), batch, actorOf(by))
      } catch (error) {
        if (error instanceof Refusal) throw new Error(`taking back was refused: ${error.code}`)
        throw error
      }
    },
    deed,
    // What is taken back has no id of its own: after an answer that got lost it was taken back already.
    answers: (done) => (fault?.how === "lost" ? null : answersOf(on, (done as { done: Done[] }).done)),
    ended: (ending) => {
      if (!("done" in ending)) return
      for (const each of (ending.done as { done: Done[] }).done)
        company.books.note(each.ok ? "taken back" : `not taken back: ${each.code}`)
    },
  }
}
