import { type InnerEvent, innerClocks, nearAtOf } from "../../core/innerClocks.ts"
import type { Instant } from "../../core/instants.ts"
import type { Clock, Rules } from "../../core/judge.ts"
import { type Effective, fallen, nameOf, type Said, standingSince } from "./life.ts"
import { owedOf } from "./owed.ts"
import { saying, warn } from "./said.ts"
import { headsOver, type Worker } from "./staff.ts"

// The naive model of a request for help, written from DESIGN §7, 7: somebody asks a department or a person, a clock runs until that is
// answered or taken back, and when nobody answers in time it goes on to the next head, and on again after as long.

/** A bell that rang: for what, and whose. */
export type Bell = readonly [kind: string, staff: string]

/** A request for help. Never changed in place. */
export type Help = Effective & {
  id: string
  version: number
  /** what it is about */
  subject: string
  at: Instant
  by: Worker
  toDepartment: string | null
  toPerson: string | null
  /** whose breach a late answer is */
  charged: string
  text: string
  state: "asked" | "answered" | "withdrawn"
  answeredAt: Instant | null
  answeredBy: string | null
  answer: string | null
  /** to whom it went on, and when that goes on */
  escalations: readonly { at: Instant; to: string }[]
  escalatesAt: Instant
  dueAt: Instant
  nearAt: Instant
  /** its clock as it was last looked at, and since when that has its due */
  clock: Clock | null
  since: Instant | null
  nextAt: Instant | null
  said: readonly Said[]
  bells: readonly Bell[]
}

/** What somebody asks, and whom. */
export type Asking = { department?: string; person?: string; text: string }

/** Why a request is refused, or null. */
export function askedWrongly(
  { text, person, department }: Asking,
  by: Worker,
  workers: readonly Worker[],
): string | null {
  if (text.trim() === "") return "text_needed"
  if (person !== undefined) {
    if (person === by.id) return "whom_to_ask"
    return workers.some(({ id }) => id === person) ? null : "unknown_person"
  }
  if (department === undefined) return "whom_to_ask"
  return workers.some((each) => each.department === department) ? null : "unknown_department"
}

/** A request that has just been made. */
export function asked(
  id: string,
  { subject, asking, by }: { subject: string; asking: Asking; by: Worker },
  workers: readonly Worker[],
  rules: Rules,
  at: Instant,
): Help {
  const { person = null, department = null, text } = asking
  const home = workers.find((each) => each.id === person)?.department
  const help: Help = {
    id,
    version: 1,
    subject,
    at,
    by,
    toDepartment: person === null ? department : null,
    toPerson: person,
    charged: home ?? department!,
    text: text.trim(),
    state: "asked",
    answeredAt: null,
    answeredBy: null,
    answer: null,
    escalations: [],
    escalatesAt: Infinity,
    dueAt: Infinity,
    nearAt: Infinity,
    clock: null,
    since: null,
    nextAt: null,
    fired: new Map(),
    breaches: new Map(),
    said: [],
    bells: [],
  }
  const now = lookedAt(help, rules, at)
  const dueAt = now.clock?.dueAt ?? Infinity
  const nearAt = (now.clock && nearAtOf(now.clock)) ?? Infinity
  return appointed({ ...now, dueAt, nearAt, escalatesAt: dueAt + 1 }, at)
}

/** Its clock at an instant, judged afresh from what was done. */
function lookedAt(help: Help, rules: Rules, at: Instant): Help {
  const events: InnerEvent[] = [{ type: "asked", at: help.at, department: help.charged }]
  if (help.state !== "asked") events.push({ type: help.state, at: help.answeredAt! })
  const clock = innerClocks(events, rules, at)[0] ?? null
  const since =
    help.clock === null ? (clock?.startAt ?? null) : help.clock.dueAt === clock?.dueAt ? help.since : at
  return { ...help, clock, since }
}

const debtsOf = (help: Help, at: Instant) => owedOf(help, help.clock === null ? [] : [help.clock], true, at)

/** A request with the instant at which something happens to it next: a warning, its due, or that it goes on. */
function appointed(help: Help, at: Instant): Help {
  const { clock, state, escalatesAt } = help
  const instants =
    clock === null || clock.state === "closed"
      ? []
      : [...clock.warnAt, clock.dueAt === null ? null : clock.dueAt + 1]
  const coming = instants.flatMap((each) => (each !== null && each > at ? [each] : []))
  const next = Math.min(...coming, state === "asked" ? escalatesAt : Infinity)
  return { ...help, nextAt: next === Infinity ? null : next }
}

/** A request after a tick: what is owed takes effect, once, and what nobody answered goes on to the next head who has not heard of it. */
export function ticked(help: Help, rules: Rules, at: Instant): Help {
  const now = lookedAt(help, rules, at)
  const debts = debtsOf(now, at)
  const next = {
    ...now,
    version: help.version + 1,
    fired: new Map(now.fired),
    breaches: new Map(now.breaches),
    said: [...now.said],
  }
  const about = { ownCase: null, department: help.charged }
  warn(next, debts, at, () => about)
  for (const debt of debts)
    if (debt.what === "breach") {
      next.breaches.set(nameOf(debt.clock), standingSince(debt.dueAt, at, null))
      next.said.push(saying("breach", debt.clock, null, at, about))
    } else if (debt.what === "withdrawal")
      next.breaches.set(debt.name, fallen(next.breaches.get(debt.name)!, "act_undone", at))
    else if (debt.what === "moved") throw new Error("the due of an answer moved")
  return appointed(help.state === "asked" && help.escalatesAt <= at ? goneOn(next, at) : next, at)
}

function goneOn(help: Help, at: Instant): Help {
  const heard = [help.by.id, help.toPerson, ...help.escalations.map(({ to }) => to)]
  const to = headsOver(help.charged).find((id) => !heard.includes(id))
  if (to === undefined) return { ...help, escalatesAt: Infinity }
  return {
    ...help,
    escalations: [...help.escalations, { at, to }],
    escalatesAt: at + Math.max(60_000, help.dueAt - help.at),
    bells: [...help.bells, ["help_escalated", to]],
  }
}

/** How an answer, or taking back (`text` null), ends for a request at an instant. */
export function settled(
  help: Help,
  { by, text }: { by: Worker; text: string | null },
  rules: Rules,
  now: Instant,
): { help: Help; answer: string } {
  const refused = (answer: string) => ({ help, answer })
  if (text?.trim() === "") return refused("text_needed")
  if (help.state !== "asked") return refused("help_settled")
  if (!(text === null ? mayTakeBack : mayAnswer)(help, by)) return refused("not_your_case")
  const at = Math.max(now, help.at)
  const state = text === null ? "withdrawn" : "answered"
  const next: Help = {
    ...help,
    version: help.version + 1,
    state,
    answeredAt: at,
    answeredBy: by.name,
    answer: text?.trim() ?? null,
    escalatesAt: Infinity,
  }
  const hears = text === null ? [help.toPerson, ...help.escalations.map(({ to }) => to)] : [help.by.id]
  const bells = hears.flatMap((staff): Bell[] =>
    staff === null || staff === by.id ? [] : [[`help_${state}`, staff]],
  )
  const looked = lookedAt({ ...next, bells: [...help.bells, ...bells] }, rules, at)
  // What is still owed is left to the next tick.
  const isOwed = debtsOf(looked, at).length > 0
  return { help: isOwed ? { ...looked, nextAt: at } : appointed(looked, at), answer: "done" }
}

function mayAnswer(help: Help, { id, role, department }: Worker): boolean {
  if (help.by.id === id) return false
  return (
    help.toPerson === id ||
    help.escalations.some(({ to }) => to === id) ||
    role === "operations" ||
    help.toDepartment === department
  )
}

const mayTakeBack = (help: Help, { id, role }: Worker): boolean => help.by.id === id || role === "operations"
