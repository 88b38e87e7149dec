import { reach, type Windows } from "./calendars.ts"
import { amountAt, type Clock, type Closing, fixedWarnings, stateOf } from "./clocks.ts"
import { type CompiledPolicy, type InnerStandard, policyFor } from "./compiledPolicy.ts"
import type { Instant } from "./instants.ts"
import type { Rules } from "./judge.ts"
import type { InnerKind } from "./policy.ts"

/** An act of a case or a duty as its clocks hear it, in the order of the acts; `until` is the instant that it gives (an ETA), `department` who has the case from it on. */
export type InnerEvent = { type: string; at: Instant; until?: Instant; department?: string | null }

/** What ends a clock of a kind without a judgement: it is R20's `endAt` (ENGINE §8, inner clocks). */
const ends: Record<InnerKind, readonly string[]> = {
  assign: ["resolved", "withdrawn"],
  analyse: ["resolved", "withdrawn"],
  whole: ["resolved", "withdrawn"],
  eta: ["resolved", "withdrawn"],
  tell: ["resolved", "withdrawn"],
  report: ["reworked", "archived", "withdrawn"],
  archive: ["reworked", "withdrawn"],
  reply: ["withdrawn"],
  answer: ["withdrawn"],
  review: ["withdrawn"],
}

/**
 * The clocks of a case or a duty at `now`, by kind and round: R15–R21 with its acts as events and the policy's `inner` as
 * standards. Each start begins a round under the version then in force, and replaces the one before it.
 */
export function innerClocks(acts: readonly InnerEvent[], rules: Rules, now: Instant): Clock[] {
  const events = withMissed(acts, now)
  const clocks: Clock[] = []
  const rounds = new Map<InnerKind, number>()
  for (const [i, event] of events.entries()) {
    const policy = policyFor(rules.policies, event.at, null)
    const begun = new Set<InnerKind>()
    for (const standard of policy?.inner ?? []) {
      if (begun.has(standard.clock) || !standard.start.includes(event.type)) continue
      if (standard.withinMs === null && event.until === undefined) continue
      begun.add(standard.clock)
      const round = rounds.get(standard.clock) ?? 0
      rounds.set(standard.clock, round + 1)
      const windows = hoursOf(standard, event, policy!, rules)
      clocks.push(clockOf(standard, round, i, events, windows, now))
    }
  }
  return clocks
}

/** The time that counts for a clock: its calendar, else the hours of the department that owes its stop. */
function hoursOf(
  { clock: kind, calendar }: InnerStandard,
  { department = null }: InnerEvent,
  { hours }: CompiledPolicy,
  rules: Rules,
): Windows | null {
  if (calendar !== "always" || hours.size === 0) return rules.windows(calendar)
  return hours.get(owerOf({ kind }, department)) ?? null
}

/** An ETA that passed while nobody solved it or gave another one is an event of its own: the customer believes a wrong date. */
function withMissed(acts: readonly InnerEvent[], now: Instant): readonly InnerEvent[] {
  const events = [...acts]
  for (const [i, { type, until }] of acts.entries()) {
    if (type !== "eta_given" || until === undefined || now <= until) continue
    const later = acts.slice(i + 1)
    if (later.some((each) => each.at <= until && ["eta_given", "resolved", "withdrawn"].includes(each.type)))
      continue
    const place = events.findIndex((each, j) => j > events.indexOf(acts[i]!) && each.at > until)
    const missed = { type: "eta_missed", at: until, department: acts[i]!.department ?? null }
    events.splice(place < 0 ? events.length : place, 0, missed)
  }
  return events
}

function clockOf(
  standard: InnerStandard,
  round: number,
  start: number,
  events: readonly InnerEvent[],
  windows: Windows | null,
  now: Instant,
): Clock {
  const { at: startAt, until } = events[start]!
  const { closing, by } = closingOf(standard, start, events)
  const common = {
    kind: standard.clock,
    basis: "company" as const,
    round,
    standard: standard.id,
    startAt,
    observed: true,
  }
  const stop = closing?.how === "stopped" ? { at: closing.at, by } : null
  if (standard.withinMs === null)
    return stateOf(
      { ...common, dueAt: until!, ...fixedWarnings(standard.warn, startAt, until!) },
      closing,
      stop,
      { now },
      [],
    )
  const at = (amountMs: number) => reach(startAt, amountMs, windows, [])
  return stateOf(
    {
      ...common,
      dueAt: at(standard.withinMs),
      warnAt: standard.warn.map((level) => at(amountAt(level, standard.withinMs!))),
      warnLevels: standard.warn.map(({ text }) => text),
    },
    closing,
    stop,
    { now },
    [],
  )
}

/** R20: the first act after the start that stops it, ends it or begins the next round; what is all of these in that order. */
function closingOf(
  { clock, start, stop }: InnerStandard,
  from: number,
  events: readonly InnerEvent[],
): { closing: Closing; by: string } {
  for (const { type, at } of events.slice(from + 1)) {
    if (stop.includes(type)) return { closing: { at, how: "stopped" }, by: type }
    if (ends[clock].includes(type)) return { closing: { at, how: "ended" }, by: type }
    // Handed on a second time, the hour of whoever had it is over; the next begins when operations has decided.
    if (start.includes(type) || (start.includes("received") && type === "contested"))
      return { closing: { at, how: "replaced" }, by: type }
  }
  return { closing: null, by: "" }
}

// ------------------------------------------------------------------ a case

/** What happened to a case, as it is written down; `data` holds what the act took. */
export type CaseDeed = { id: string; what: string; at: Instant; data: Record<string, unknown> }

/** Deeds that say which department has the case from then on. */
const moving = new Set(["assign", "hand_on", "reopen", "reworked", "reopened"])

/** The acts of a case as its clocks hear them: what was undone is not heard. */
export function caseEvents(openedAt: Instant, deeds: readonly CaseDeed[]): InnerEvent[] {
  const undone = new Set(deeds.flatMap(({ what, data }) => (what === "undone" ? [data.of] : [])))
  const events: InnerEvent[] = [{ type: "opened", at: openedAt }]
  let isReceived = false
  let department: string | null = null
  const receive = (at: Instant) => {
    events.push({ type: "received", at, department })
    if (!isReceived) events.push({ type: "first_received", at, department })
    isReceived = true
  }
  for (const { id, what, at, data } of deeds) {
    if (undone.has(id)) continue
    if (typeof data.department === "string" && moving.has(what)) department = data.department
    const say = (...types: string[]) => events.push(...types.map((type) => ({ type, at, department })))
    if (what === "assign" || what === "reopen") receive(at)
    else if (what === "hand_on") {
      if (data.contested) say("contested")
      else if (data.newRound) receive(at)
    } else if (what === "reworked" || what === "reopened") {
      say("reworked")
      if (data.department) receive(at)
      else say("opened")
    } else if (what === "analyse") say("analysed")
    else if (what === "plan") {
      say("planned", "answered")
      if (typeof data.etaAt === "number")
        events.push({ type: "eta_given", at, until: data.etaAt, department })
    } else if (heard[what] && !isAside(what, data)) say(heard[what])
  }
  return events
}

/** What left by itself about something else tells the customer no date. */
const isAside = (what: string, { auto, etaAt }: CaseDeed["data"]): boolean =>
  what === "told" && auto === true && etaAt === null

const heard: Record<string, string> = {
  told: "told",
  resolve: "resolved",
  report: "reported",
  return: "returned",
  archive: "archived",
  withdrawn: "withdrawn",
}

/** What somebody has to do now. */
export type OwedWhat =
  | "assign"
  | "decide"
  | "analyse"
  | "plan"
  | "tell"
  | "resolve"
  | "replan"
  | "report"
  | "archive"

/** Who owes what by when; without a clock the policy sets no limit. */
export type OwedStep = {
  what: OwedWhat
  department: string | null
  person: string | null
  clock: Clock | null
}

/** All that is owed in a case, what is due first first, of equal ones in the order of its way. */
export function owedSteps(
  each: { state: string; contested: boolean; department: string | null; assignee: string | null },
  clocks: readonly Clock[],
): OwedStep[] {
  const open = (kind: InnerKind) =>
    clocks.findLast((clock) => clock.kind === kind && clock.state !== "closed") ?? null
  const step = (
    what: OwedWhat,
    kind: InnerKind,
    department: string | null,
    person: string | null,
  ): OwedStep => ({
    what,
    department,
    person,
    clock: open(kind),
  })
  const own = (what: OwedWhat, kind: InnerKind) => step(what, kind, each.department, each.assignee)
  const steps: OwedStep[] = []
  if (each.state === "open") steps.push(step("assign", "assign", "operations", each.assignee))
  else if (each.state === "assigned" && each.contested)
    steps.push(step("decide", "assign", "operations", each.assignee))
  else if (each.state === "assigned") steps.push(own("analyse", "analyse"))
  else if (each.state === "analysed") steps.push(own("plan", "analyse"))
  else if (each.state === "planned") {
    if (open("tell")) steps.push(step("tell", "tell", "service", null))
    steps.push(own(open("eta")?.state === "over" ? "replan" : "resolve", "eta"))
  } else if (each.state === "resolved") steps.push(own("report", "report"))
  else if (each.state === "reported") steps.push(step("archive", "archive", "operations", null))
  const due = ({ clock }: OwedStep) => clock?.dueAt ?? Infinity
  return steps.sort((one, other) => (due(one) === due(other) ? 0 : due(one) - due(other)))
}

/** Who owes the stop of an inner clock: where its warnings and breaches are told and counted. */
export function owerOf(clock: Pick<Clock, "kind">, department: string | null): string {
  if (clock.kind === "assign" || clock.kind === "archive") return "operations"
  if (clock.kind === "tell") return "service"
  return department ?? "operations"
}

/** When the last warning of a clock comes or came: from then on it is near. */
export const nearAtOf = ({ warnAt }: Pick<Clock, "warnAt">): Instant | null =>
  warnAt.length === 0 || warnAt.some((at) => at === null) ? null : Math.max(...(warnAt as Instant[]))
